"""The parties around the services, in one table: the identity of each in a call, and its name in the scenarios.

A party is a system and its user (`PARTIES`); a role is a party at one authority, under its Danish name in the scenarios
(`ROLES`). Not here: the calls of a party (`vos_simulators.party`), and access rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from vos_contracts.model.identity import Identity, Organisation, User
from vos_contracts.tables.access import OrganisationType, UserType
from vos_contracts.tables.table import TABLE_FORMS, load

STAR = Organisation(OrganisationType.STAR, "1")
JOBCENTER = Organisation(OrganisationType.JOBCENTER, "10100")
KOMMUNE = Organisation(OrganisationType.KOMMUNE, "101")
AKASSE = Organisation(OrganisationType.AKASSE, "81")
OTHER_KOMMUNE = Organisation(OrganisationType.KOMMUNE, "102")
OTHER_JOBCENTER = Organisation(OrganisationType.JOBCENTER, "10200")
OTHER_AKASSE = Organisation(OrganisationType.AKASSE, "82")
OPERATOR = Organisation(OrganisationType.OTHER_PARTY, "12345678")
OTHER_OPERATOR = Organisation(OrganisationType.OTHER_PARTY, "87654321")
AUB, UDK, SET = (Organisation(type_, "1") for type_ in (31, 30, 32))
"""Organisation types without any access in the epic's matrix; the numbers are assumed."""

_CASEWORKER, _SYSTEM, _STAR_USER = UserType.CASEWORKER, UserType.SYSTEM, 4


@cache
def calling_system(name: str) -> int:
    """Return the number of a calling system in the shipped contract's table.

    Raises:
        KeyError: the table `client_system` has no system of that name.
    """
    numbers = {row["name"]: int(code) for (code,), row in load(TABLE_FORMS["client_system"]).items()}
    return numbers[name]


@dataclass(frozen=True, slots=True)
class PartyKind:
    """One kind of party: its key on the command line, the name of its calling system in the contract, and its user."""

    key: str
    system_name: str
    user: User

    @property
    def system(self) -> int:
        """The number of its calling system."""
        return calling_system(self.system_name)

    def identity(
        self, organisation: Organisation, now: datetime, user_organisation: Organisation | None = None
    ) -> Identity:
        """Return the identity of a call for that authority; `user_organisation` defaults to the authority."""
        return Identity(organisation, self.user, user_organisation or organisation, now, self.system)


KSS = PartyKind("kss", "KSS", User("Sofie Sagsbehandler", _CASEWORKER, "CVR:12345678-UUID:sofie"))
KOMMUNENS_KSS = PartyKind("kommune", "KSS", User("Karen Kommune", _CASEWORKER, "karen"))
OTHER_PARTY = PartyKind("anden-aktoer", "KSS", User("Anders Aktør", _CASEWORKER, "anders"))
PLANNER = PartyKind("planner", "Planner", User("Pia Planlægger", _CASEWORKER, "pia"))
KSD = PartyKind("ksd", "KSD", User("KSD sygedagpenge", _SYSTEM, "CVR:12345678-UUID:ksd"))
AKASSESYSTEM = PartyKind("akasse", "A-kassesystem", User("Aksel Akasse", _CASEWORKER, "aksel"))
STYRELSEN = PartyKind("star", "STAR", User("Stella Styrelse", _STAR_USER, "stella"))
LSS = PartyKind("lss", "LSS", User("Lis Landssupport", _STAR_USER, "lis"))
DATAKANON = PartyKind("datakanon", "Datakanon", User("Datakanon", _SYSTEM, "datakanon"))
JOBNET = PartyKind("jobnet", "Jobnet", User("Jonna Jobnet", _CASEWORKER, "jonna"))
VITAS = PartyKind("vitas", "Vitas", User("Viggo Vitas", _CASEWORKER, "viggo"))


@dataclass(frozen=True, slots=True)
class Role:
    """A party at one authority under its name in the scenarios.

    `external` is the key on the command line if a real system may play the role.
    """

    name: str
    party: PartyKind
    organisation: Organisation
    user_organisation: Organisation | None = None
    external: str | None = None

    def identity(self, now: datetime) -> Identity:
        """Return the identity of a call in this role."""
        return self.party.identity(self.organisation, now, self.user_organisation)


ROLES: Mapping[str, Role] = {
    role.name: role
    for role in (
        Role("Landssupporten", LSS, STAR, external="lss"),
        Role("anden aktør", OTHER_PARTY, JOBCENTER, OPERATOR),
        Role("en fremmed aktør", OTHER_PARTY, JOBCENTER, OTHER_OPERATOR),
        Role("a-kassens sagsbehandler på Jobnet", JOBNET, AKASSE),
        Role("jobcentrets sagsbehandler på Jobnet", JOBNET, JOBCENTER),
        Role("et andet jobcenters sagsbehandler på Jobnet", JOBNET, OTHER_JOBCENTER),
        Role("planneren", PLANNER, JOBCENTER, external="planner"),
        Role("Jobnet", JOBNET, JOBCENTER),
        Role("VITAS", VITAS, JOBCENTER),
        Role("jobcentret", KSS, JOBCENTER, external="kss"),
        Role("et andet jobcenter", KSS, OTHER_JOBCENTER, external="kss"),
        Role("KSD", KSD, KOMMUNE, external="ksd"),
        Role("kommunen", KOMMUNENS_KSS, KOMMUNE, external="kss"),
        Role("en anden kommune", KOMMUNENS_KSS, OTHER_KOMMUNE, external="kss"),
        Role("a-kassen", AKASSESYSTEM, AKASSE, external="akasse"),
        Role("en anden a-kasse", AKASSESYSTEM, OTHER_AKASSE, external="akasse"),
        Role("Datakanon", DATAKANON, STAR),
        Role("STAR", STYRELSEN, STAR),
        Role("AUB", KSS, AUB),
        Role("UDK", KSS, UDK),
        Role("STIL", KSS, SET),
    )
}
"""Every role of the scenarios. If several roles act as one authority, the last names the authority in messages."""

QUEUE_OWNERS = ("jobcentret", "et andet jobcenter", "a-kassen", "en anden a-kasse")
"""The roles whose WSRM queues get messages."""


def external_roles(key: str) -> tuple[str, ...]:
    """List the roles that a real system plays if `--cast` gives it that key."""
    return tuple(role.name for role in ROLES.values() if role.external == key)
