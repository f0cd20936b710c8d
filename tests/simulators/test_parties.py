"""The table of parties: who each is, and that its calling system is the contract's."""

from __future__ import annotations

import pytest

from support.builders import NOW, contract
from vos_contracts.tables.access import ClientSystem
from vos_simulators import parties
from vos_simulators.parties import JOBCENTER, QUEUE_OWNERS, ROLES, external_roles

SYSTEMS = {1001, 1002, 1003, 2001, 3001, ClientSystem.LSS, ClientSystem.DATAKANON, ClientSystem.JOBNET, 3005}


def test_every_calling_system_is_in_the_contract() -> None:
    assert {role.party.system for role in ROLES.values()} == SYSTEMS
    assert {(str(number),) for number in SYSTEMS} <= set(contract().tables["client_system"])


def test_an_unknown_calling_system_is_refused() -> None:
    with pytest.raises(KeyError, match="Ukendt system"):
        parties.calling_system("Ukendt system")


@pytest.mark.parametrize("name", ROLES)
def test_a_role_calls_as_its_authority_and_its_user(name: str) -> None:
    role, identity = ROLES[name], ROLES[name].identity(NOW)
    assert (identity.active, identity.user, identity.system) == (role.organisation, role.party.user, role.party.system)
    assert identity.user_organisation == (role.user_organisation or role.organisation)


def test_an_operator_acts_for_the_jobcentre_with_its_own_organisation() -> None:
    identity = ROLES["anden aktør"].identity(NOW)
    assert (identity.active, identity.user_organisation) == (JOBCENTER, parties.OPERATOR)


def test_the_roles_that_a_real_system_may_play() -> None:
    assert external_roles("kss") == ("jobcentret", "et andet jobcenter", "kommunen", "en anden kommune")
    assert external_roles("akasse") == ("a-kassen", "en anden a-kasse")
    assert set(QUEUE_OWNERS) < set(ROLES)
