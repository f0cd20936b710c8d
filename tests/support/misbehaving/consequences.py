"""Who does not let follow what follows: of groups, sickness, birthdays, jobs, and of a change of CPR number."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from support.misbehaving.bending import bender, bender_table, sets

from vos_contracts.contract import Contract
from vos_contracts.model.identity import Identity, Organisation
from vos_reference.domain import (
    aktivitetstillaeg,
    batch_jobs,
    cpr_change,
    dfdg,
    fravaer,
    illness,
    kontaktgruppe,
    personkategori,
    views,
)
from vos_reference.domain.decision import Accepted


@bender((personkategori, "follow_group"))
def forgets_default_category(real: Any, accepted: Accepted, context: Any) -> Accepted:
    return accepted


@bender((illness, "_right_group"))
def forgets_den_remembered_group(real: Any, *arguments: Any) -> int:
    return 8


@bender((kontaktgruppe, "close"))
def closes_not_ved_recovery(real: Any, *arguments: Any) -> tuple[()]:
    return ()


@bender((illness, "begin"))
def cancels_not_ved_illness(real: Any, planned: Accepted, context: Any) -> Accepted:
    begun: Accepted = real(planned, context)
    return replace(begun, person=replace(begun.person, tilmelding=planned.person.tilmelding))


@sets(batch_jobs, "OVERGANGSALDER", 29, (batch_jobs, "_day"), (batch_jobs, "_fill_thirty"))
def moves_de_29_year_old() -> None: ...


@bender_table()
def moves_28_to_2(contract: Contract) -> Contract:
    rules = {**contract.group_rules, 28: replace(contract.group_rules[28], transfers_ved_30=2)}
    return replace(contract, group_rules=rules)


@bender_table((batch_jobs, "_fleksjob_day"))
def forgets_fleksjob_end(contract: Contract) -> Contract:
    rules = {group: replace(rule, fleksjob_end=None) for group, rule in contract.group_rules.items()}
    return replace(contract, group_rules=rules)


@bender((batch_jobs, "_day"))
def carries_out_all_one_day_for_sent(real: Any, *arguments: Any) -> Any:
    day = real(*arguments)
    return None if day is None else day + timedelta(days=1)


@bender((batch_jobs, "reporter"))
def forgets_who_that_reported(real: Any, *arguments: Any) -> None:
    return None


@bender((dfdg, "identity"))
def caller_nightly_run_one_caseworker(real: Any, *arguments: Any) -> Identity:
    identity: Identity = real(*arguments)
    return replace(identity, user=replace(identity.user, type=2))


@bender((batch_jobs, "_expiry_day"))
def forgets_de_expired(real: Any, *arguments: Any) -> None:
    return None


@bender((aktivitetstillaeg, "follow_group"))
def keeps_aktivitetstillaeg(real: Any, before: Any, accepted: Accepted, context: Any) -> Accepted:
    return accepted


@bender_table((aktivitetstillaeg, "follow_group"))
def keeps_aktivitetstillaeg_ved_new_category(contract: Contract) -> Contract:
    releases = {
        name: replace(release, aktivitetstillaeg_ends_on_category_change=False)
        for name, release in contract.releases.items()
    }
    return replace(contract, releases=releases)


@bender((fravaer, "follow_group"))
def lets_fravaer_stand(real: Any, accepted: Accepted, context: Any) -> Accepted:
    return accepted


@bender((kontaktgruppe, "fravaer_conflict"))
def forgets_4645(real: Any, *arguments: Any) -> tuple[()]:
    return ()


@bender((cpr_change, "move"))
def says_at_pointer_is_moved(real: Any, person: Any, *other: Any) -> Any:
    moved = real(person, *other)
    return moved and replace(moved, person=replace(moved.person, cpr=person.cpr))


@bender((cpr_change, "recipients"))
def tells_andre_about_cpr_change(real: Any, *arguments: Any) -> Any:
    yield from real(*arguments)
    yield Organisation(8, "10200")


@bender_table((cpr_change, "move"))
def moves_pointer_i_all_releases(contract: Contract) -> Contract:
    releases = {name: replace(release, cpr_change_moves_pointer=True) for name, release in contract.releases.items()}
    return replace(contract, releases=releases)


@bender((cpr_change, "move"), (views, "history"))
def loses_history_ved_cpr_change(real: Any, person: Any, *other: Any) -> Any:
    """Whoever was moved has no history any more."""
    response = real(person, *other)
    if isinstance(response, cpr_change.Moved):
        _MOVED.add(person.id)
    return response if not isinstance(response, tuple) or person.id not in _MOVED else ()


_MOVED: set[str] = set()
