"""One scene as it is played: its citizen, the last call's answer, and what followed from it.

The citizen is put on the stage when the scene first needs it, with everything that the "Givet" steps have said.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import pytest

from vos_contracts.identitet import Organisation
from vos_contracts.operationer import Art, Registreringskommando, Visning
from vos_contracts.styring import CprskiftSvarDto, KoerselDto, PersonDto
from vos_contracts.wire.rest import Afslag
from vos_contracts.wire.tid import midnat
from vos_contracts.wire.wsrm import Sekvensinventar
from vos_features.borgere import Oenske
from vos_features.ensemble import Ensemble
from vos_features.evner import Evne
from vos_simulators.aktoerer.aktoer import Aktoer, Kanal
from vos_simulators.personer import Borger, paa_scenen

DAGE = {"i går": -1, "i dag": 0, "i morgen": 1}
_FOR_OM = re.compile(r"for (?P<siden>\d+) dage siden|om (?P<om>\d+) dage")


@dataclass
class Spil:
    """The state of one scene."""

    ensemble: Ensemble
    borger: Borger | None = None
    opsaetning: PersonDto | None = None
    paa_scenen: bool = False
    svar: str | Afslag | None = None
    over_rest: str | Afslag | None = None
    """The latest answer to a registration over REST, whose HTTP status counts."""
    ider: dict[Art, str] = field(default_factory=dict)
    foer: frozenset[str] = frozenset()
    """The registrations that the citizen has had before the scene, and that the scene knows nothing of."""
    start_er_sagt: bool = False
    """Whether the scene says since when the citizen has what it has."""
    egne: frozenset[str] = frozenset()
    """The registrations that a citizen from a pool has from before, as the scene says."""
    eget_id: str | None = None
    sygdom: tuple[str, date] | None = None
    """The citizen's illness: its id at the service that was told, and its first day."""
    sygdom_id: str | None = None
    nabo_id: str | None = None
    """Of the absence or activity that a neighbour service told of last."""
    overfoersler: list[Sekvensinventar] = field(default_factory=list)
    """The transfers that were opened from a queue, latest last."""
    cprabonnenter: set[Organisation] = field(default_factory=set)
    """Whose queues are told of CPR changes."""
    koersel: KoerselDto | None = None
    cprskift: CprskiftSvarDto | None = None
    _numre: dict[str, str] = field(default_factory=dict)
    _praecis: bool = False

    @property
    def nu(self) -> datetime:
        """The stage's time."""
        return self.ensemble.nu

    def dag(self, ord_: str) -> datetime:
        """Return midnight in Denmark of "i går", "i dag", "i morgen", "for 3 dage siden" or "om 3 dage"."""
        fund = _FOR_OM.fullmatch(ord_)
        dage = DAGE[ord_] if fund is None else -int(fund["siden"]) if fund["siden"] else int(fund["om"])
        return midnat(self.nu) + timedelta(days=dage)

    def aar_siden(self, aar: int, ekstra_dage: int = 0) -> datetime:
        """Return the instant that many years, and days, ago."""
        return self.nu.replace(year=self.nu.year - aar) - timedelta(days=ekstra_dage)

    def ny_borger(self, alder: int, *, medlem: bool) -> None:
        """Think up the scene's citizen."""
        self._ny(self.ensemble.folk.ny(alder, self.nu.date()), medlem=medlem, praecis=False)

    def ny_borger_foedt(self, dag: date, *, medlem: bool) -> None:
        """Think up the scene's citizen, born on that day."""
        self._ny(self.ensemble.folk.foedt(dag), medlem=medlem, praecis=True)

    def _ny(self, borger: Borger, *, medlem: bool, praecis: bool) -> None:
        hos = self.ensemble.besaetning.organisation
        self.borger, self._praecis = borger, praecis
        self.opsaetning = paa_scenen(
            borger,
            jobcenter=hos("jobcentret"),
            kommune=hos("kommunen"),
            akasse=self.rolle("a-kassen").identitet.aktiv if medlem else None,
        )

    def saet(self, **felter: object) -> None:
        """Say more of the citizen before it is on the stage."""
        assert self.opsaetning is not None, "scenen har ingen borger endnu"
        assert not self.paa_scenen, "borgeren er allerede på scenen"
        self.opsaetning = _med(self.opsaetning, felter)

    @property
    def cpr(self) -> str:
        """The citizen's number; puts the citizen on the stage if that has not happened."""
        assert self.borger is not None, "scenen har ingen borger endnu"
        assert self.opsaetning is not None
        if not self.paa_scenen:
            fundet = self.ensemble.borgerkilde.find(Oenske(self.borger, self.opsaetning, self._praecis), self.nu)
            self.borger, self.foer = fundet.borger, fundet.foer
            self.ider.update(fundet.ider)
            self.egne = fundet.kendte
            if not self.ensemble.kan(Evne.RESET):
                self.ensemble.scenens_borger = self.borger.cpr
            self.paa_scenen = True
        return self.borger.cpr

    def ment_start(self, en: Visning) -> datetime:
        """Return the registration's start; of one from before the scene, whose day the scene leaves open, "i går"."""
        siden_foer = en.id in self.egne and en.start < self.dag("i går")
        return self.dag("i går") if siden_foer and not self.start_er_sagt else en.start

    def skift_cpr(self, foedt: date | None = None) -> None:
        """Let CPR tell of a new number, with the same birth date if no other; the citizen has it if the pointer moves."""
        gammelt = self.cpr
        assert self.borger is not None
        foedt = foedt or self.borger.foedt
        ny = replace(self.borger, cpr=self.ensemble.folk.foedt(foedt).cpr, foedt=foedt)
        self.cprskift = self.ensemble.styring.cprskift(gammelt, ny.cpr)
        self._numre = {"gamle": gammelt, "nye": ny.cpr}
        if self.cprskift.flyttet:
            self.borger = ny

    def id_af(self, art: Art) -> str:
        """Return the id of the citizen's latest registration of that kind."""
        assert art in self.ider, f"borgeren har ingen {art}, som scenen kender: {self.svar or 'intet er registreret'}"
        return self.ider[art]

    def nummer(self, hvilket: str) -> str:
        """Return the "gamle" or "nye" number of the latest CPR change."""
        assert self._numre, "CPR har intet fortalt"
        return self._numre[hvilket]

    def rolle(self, navn: str) -> Aktoer:
        """Return who plays that role."""
        return self.ensemble.aktoer(navn)

    def registrer(self, rolle: str, kommando: Registreringskommando, kanal: str) -> None:
        """Let that role register, and remember the answer."""
        if Kanal(kanal) is Kanal.PRS:
            self.ensemble.kraev_soap_registrering()
        self.svar = self.rolle(rolle).registrer(self.cpr, kommando, Kanal(kanal))
        if Kanal(kanal) is Kanal.PVS:
            self.over_rest = self.svar
        if isinstance(self.svar, str):
            self.ider[kommando.art] = self.svar


def _med(dto: PersonDto, felter: dict[str, object]) -> PersonDto:
    vaerdier = {navn: getattr(dto, navn) for navn in dto.__struct_fields__}
    return PersonDto(**{**vaerdier, **felter})


@pytest.fixture
def spil(ensemble: Ensemble) -> Spil:
    """The scene that is played."""
    return Spil(ensemble)


__all__ = ["Spil", "spil"]
