"""The parties around the services, in one table: who each is when it calls, and what the scenarios call it.

A party is a system and its user (`PARTIES`); a role is a party at one authority, under its Danish name in the scenarios
(`ROLES`). Not here: what a party can do (`vos_simulators.party`), or whether it may.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from vos_contracts.koder.aktoerer import Brugertype, Organisationstype
from vos_contracts.model.identity import Bruger, Identitet, Organisation
from vos_contracts.tabel import FORMER, indlaes

STAR = Organisation(Organisationstype.STAR, "1")
JOBCENTER = Organisation(Organisationstype.JOBCENTER, "10100")
KOMMUNE = Organisation(Organisationstype.KOMMUNE, "101")
AKASSE = Organisation(Organisationstype.AKASSE, "81")
OTHER_JOBCENTER = Organisation(Organisationstype.JOBCENTER, "10200")
OTHER_AKASSE = Organisation(Organisationstype.AKASSE, "82")
OPERATOR = Organisation(Organisationstype.ANDEN_AKTOER, "12345678")
OTHER_OPERATOR = Organisation(Organisationstype.ANDEN_AKTOER, "87654321")
AUB, UDK, STIL = (Organisation(type_, "1") for type_ in (31, 30, 32))
"""Organisation types that the epic's matrix lists without a cross, by their (assumed) numbers."""

_SAGSBEHANDLER, _SYSTEM, _STAR_USER = Brugertype.SAGSBEHANDLER, Brugertype.SYSTEM, 4


@cache
def calling_system(name: str) -> int:
    """Return the number of a calling system in the shipped contract's table.

    Raises:
        KeyError: the table `klientsystem` has no system of that name.
    """
    numbers = {row["navn"]: int(code) for (code,), row in indlaes(FORMER["klientsystem"]).items()}
    return numbers[name]


@dataclass(frozen=True, slots=True)
class PartyKind:
    """One kind of party: its key on the command line, the calling system by its name in the contract, and its user."""

    key: str
    system_name: str
    user: Bruger

    @property
    def system(self) -> int:
        """The number of its calling system."""
        return calling_system(self.system_name)

    def identity(
        self, organisation: Organisation, now: datetime, user_organisation: Organisation | None = None
    ) -> Identitet:
        """Say who calls, acting for that authority; the user's own is the same where no other is given."""
        return Identitet(organisation, self.user, user_organisation or organisation, now, self.system)


KSS = PartyKind("kss", "KSS", Bruger("Sofie Sagsbehandler", _SAGSBEHANDLER, "CVR:12345678-UUID:sofie"))
KOMMUNENS_KSS = PartyKind("kommune", "KSS", Bruger("Karen Kommune", _SAGSBEHANDLER, "karen"))
ANDEN_AKTOER = PartyKind("anden-aktoer", "KSS", Bruger("Anders Aktør", _SAGSBEHANDLER, "anders"))
PLANNER = PartyKind("planner", "Planner", Bruger("Pia Planlægger", _SAGSBEHANDLER, "pia"))
KSD = PartyKind("ksd", "KSD", Bruger("KSD sygedagpenge", _SYSTEM, "CVR:12345678-UUID:ksd"))
AKASSESYSTEM = PartyKind("akasse", "A-kassesystem", Bruger("Aksel Akasse", _SAGSBEHANDLER, "aksel"))
STYRELSEN = PartyKind("star", "STAR", Bruger("Stella Styrelse", _STAR_USER, "stella"))
LSS = PartyKind("lss", "LSS", Bruger("Lis Landssupport", _STAR_USER, "lis"))
DATAKANON = PartyKind("datakanon", "Datakanon", Bruger("Datakanon", _SYSTEM, "datakanon"))
JOBNET = PartyKind("jobnet", "Jobnet", Bruger("Jonna Jobnet", _SAGSBEHANDLER, "jonna"))
VITAS = PartyKind("vitas", "Vitas", Bruger("Viggo Vitas", _SAGSBEHANDLER, "viggo"))


@dataclass(frozen=True, slots=True)
class Role:
    """A party at one authority, as the scenarios name it; `external` where a real system may play it."""

    name: str
    party: PartyKind
    organisation: Organisation
    user_organisation: Organisation | None = None
    external: str | None = None

    def identity(self, now: datetime) -> Identitet:
        """Say who calls in this role."""
        return self.party.identity(self.organisation, now, self.user_organisation)


ROLES: Mapping[str, Role] = {
    role.name: role
    for role in (
        Role("Landssupporten", LSS, STAR, external="lss"),
        Role("anden aktør", ANDEN_AKTOER, JOBCENTER, OPERATOR),
        Role("en fremmed aktør", ANDEN_AKTOER, JOBCENTER, OTHER_OPERATOR),
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
        Role("a-kassen", AKASSESYSTEM, AKASSE, external="akasse"),
        Role("en anden a-kasse", AKASSESYSTEM, OTHER_AKASSE, external="akasse"),
        Role("Datakanon", DATAKANON, STAR),
        Role("STAR", STYRELSEN, STAR),
        Role("AUB", KSS, AUB),
        Role("UDK", KSS, UDK),
        Role("STIL", KSS, STIL),
    )
}
"""Every role that a scenario can name. Of several that act as one authority, the last bears its name in messages."""

QUEUE_OWNERS = ("jobcentret", "et andet jobcenter", "a-kassen", "en anden a-kasse")
"""The roles that are told anything in a WSRM queue."""


def external_roles(key: str) -> tuple[str, ...]:
    """List the roles that a real system plays when it plays that party on the command line."""
    return tuple(role.name for role in ROLES.values() if role.external == key)
