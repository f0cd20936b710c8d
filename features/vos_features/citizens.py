"""Where a scene's citizen comes from: thought up and put on the stage, or taken from the pool of a stage that has its own.

A citizen from the pool is left as it was found: what the scene registered is deleted again by whoever registered it, and what
then stands is read and compared. One that cannot be left so is not used again in the run. Not here: what a scene says of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol

from vos_contracts.control.stage import PersonDto, RegistreringDto
from vos_contracts.model.cpr import foedselsdato
from vos_contracts.model.registration import Art, Slet, Visning
from vos_contracts.wire.tid import DANSK_TID
from vos_features.omission import udelad
from vos_simulators.control import Styring
from vos_simulators.parties import STAR
from vos_simulators.party import Aktoer, Kanal
from vos_simulators.people import Borger

TREDIVE = 30
"""The one age that the epic's rules know; of a citizen whose age a scene only mentions, the side of it must be right."""


@dataclass(frozen=True, slots=True)
class Oenske:
    """What a scene says of its citizen; `praecis` when the birth date itself matters."""

    borger: Borger
    opsaetning: PersonDto
    praecis: bool = False


@dataclass(frozen=True, slots=True)
class Fundet:
    """The citizen as it stands on the stage: the latest registration of each kind.

    Of one from a pool also the registrations of which the scene knows, and those of which it knows nothing.
    """

    borger: Borger
    ider: Mapping[Art, str]
    kendte: frozenset[str] = frozenset()
    foer: frozenset[str] = frozenset()


class Borgerkilde(Protocol):
    """Finds a scene its citizen, and takes it back."""

    def find(self, oenske: Oenske, nu: datetime) -> Fundet:
        """Return a citizen of whom all that is true; leaves the scene out where there is none."""
        ...

    def aflever(self, *, uopretteligt: bool) -> None:
        """Take back the scene's citizen; `uopretteligt` if it was told something that cannot be undone."""
        ...


class Opsaetning:
    """Puts on the stage whom the scene thought up."""

    def __init__(self, styring: Styring) -> None:
        self._styring = styring

    def find(self, oenske: Oenske, nu: datetime) -> Fundet:
        """Seed the citizen."""
        (ider,) = self._styring.opsaet(oenske.opsaetning)
        return Fundet(oenske.borger, _seneste(oenske.opsaetning, ider))

    def aflever(self, *, uopretteligt: bool) -> None:
        """The stage is emptied, or the citizen is nobody else's."""


@dataclass(slots=True)
class _Plads:
    opsaetning: PersonDto
    brugt: bool = False
    opbrugt: bool = False


@dataclass
class Pulje:
    """The citizens of a stage that cannot be given others.

    `roller` gives those who may read, register and delete; `toem` lets everybody read and forget what they have been told.
    """

    personer: Sequence[PersonDto]
    toem: Callable[[], None]
    roller: Callable[[], Mapping[str, Aktoer]] = dict
    _pladser: list[_Plads] = field(default_factory=list)
    _i_brug: tuple[_Plads, Fundet] | None = None

    def __post_init__(self) -> None:
        self._pladser = [_Plads(en) for en in self.personer]

    def find(self, oenske: Oenske, nu: datetime) -> Fundet:
        """Take the citizen who fits best; one that no scene has had goes before one that was put back."""
        passende = [en for en in self._pladser if _passer(en.opsaetning, oenske, nu)]
        ledige = [en for en in passende if not en.opbrugt]
        if not ledige:
            hvorfor = "er brugt op" if passende else "mangler"
            udelad(f"puljen {hvorfor}: {beskriv(oenske, nu)}")
        plads = min(ledige, key=lambda en: (en.brugt, _aldersafstand(en.opsaetning, oenske)))
        fundet = self._foer(plads.opsaetning)
        if plads.brugt:
            self.toem()
        self._i_brug = plads, fundet
        return fundet

    def aflever(self, *, uopretteligt: bool) -> None:
        """Delete what the scene registered, and see that what stood before stands now."""
        if self._i_brug is None:
            return
        (plads, fundet), self._i_brug = self._i_brug, None
        plads.brugt = True
        if uopretteligt:
            plads.opbrugt = True
            return
        for art in Art:  # the group first: a category that is deleted under an open group is given again
            for en in self._nye(fundet, art):
                self._den(en).registrer(fundet.borger.cpr, Slet(art, en.id), Kanal.PVS)
        tilbage = any(
            self._nye(fundet, art) for art in Art
        )  # a closed one is not current, and still counts for the next
        plads.opbrugt = tilbage or self._aktuelle(fundet.borger.cpr) != fundet.ider

    def _foer(self, person: PersonDto) -> Fundet:
        rows = [en for art in Art for en in self._historik(person.cpr, art)]
        ider = self._aktuelle(person.cpr)
        foedt = foedselsdato(person.cpr)
        assert foedt is not None, "the pool's numbers were checked when the profile was read"
        borger = Borger("", person.cpr, foedt)
        kendte = frozenset(ider.values())
        return Fundet(borger, ider, kendte, frozenset(en.id for en in rows) - kendte)

    def _aktuelle(self, cpr: str) -> Mapping[Art, str]:
        return {art: en.id for art in Art for en in self._laes(cpr, art)}

    def _nye(self, fundet: Fundet, art: Art) -> list[Visning]:
        """Return the latest row of each that came with the scene and still stands."""
        seneste: dict[str, Visning] = {}
        for en in self._historik(fundet.borger.cpr, art):
            seneste.setdefault(en.id, en)
        kendte = fundet.foer | fundet.kendte
        return [en for en in seneste.values() if en.id not in kendte and not en.er_slettet]

    def _den(self, en: Visning) -> Aktoer:
        """Return who may delete it: whoever registered it, else STAR, else the first who reads."""
        egne = [aktoer for aktoer in self.roller().values() if aktoer.identitet.aktiv == en.myndighed]
        return (egne or self._laesere())[0]

    def _laesere(self) -> list[Aktoer]:
        """Return who reads, STAR first: it sees every citizen."""
        return sorted(self.roller().values(), key=lambda aktoer: aktoer.identitet.aktiv != STAR)

    def _laes(self, cpr: str, art: Art) -> tuple[Visning, ...]:
        svar = self._laesere()[0].laes(cpr, art)
        return svar if isinstance(svar, tuple) else ()

    def _historik(self, cpr: str, art: Art) -> tuple[Visning, ...]:
        svar = self._laesere()[0].historik(cpr, art)
        return svar if isinstance(svar, tuple) else ()


def beskriv(oenske: Oenske, nu: datetime) -> str:
    """Say in Danish what the scene asks of its citizen."""
    en = oenske.opsaetning
    dele = [f"født {oenske.borger.foedt}" if oenske.praecis else _side(oenske.borger.foedt, nu.date())]
    dele += [f"hos {hos.organisation_type}/{hos.organisation_kode}" for hos in en.tilknytninger if hos.til is None]
    dele += [f"kontaktgruppe {en_.type}" for en_ in en.kontaktgrupper]
    dele += [f"personkategori {en_.type}" for en_ in en.personkategorier]
    dele += [] if en.tilmeldekategori is None else [f"tilmeldt i {en.tilmeldekategori}"]
    dele += [f"fravær {fravaer.type}" for fravaer in en.fravaer]
    dele += ["fleksjob"] * bool(en.fleksjob) + ["aktivitetstillæg"] * bool(en.aktivitetstillaeg)
    dele += ["gæsteadgang"] * bool(en.gaester) + ["død"] * bool(en.doed)
    return "borger, " + ", ".join(dele)


def _passer(person: PersonDto, oenske: Oenske, nu: datetime) -> bool:
    foedt, dag = foedselsdato(person.cpr), nu.astimezone(DANSK_TID).date()
    if foedt is None:
        return False
    alder = foedt == oenske.borger.foedt if oenske.praecis else _side(foedt, dag) == _side(oenske.borger.foedt, dag)
    oensket = oenske.opsaetning
    return (
        alder
        and _hos(person) == _hos(oensket)
        and all(
            _ens(getattr(person, art), getattr(oensket, art), dag) for art in ("kontaktgrupper", "personkategorier")
        )
        and person.tilmeldekategori == oensket.tilmeldekategori
        and {(en.type, en.til) for en in person.fravaer} == {(en.type, en.til) for en in oensket.fravaer}
        and {en.til for en in person.aktivitetstillaeg} == {en.til for en in oensket.aktivitetstillaeg}
        and not (oensket.fleksjob or oensket.gaester or person.fleksjob or person.gaester)
        and (person.doed is None) == (oensket.doed is None)
    )


def _ens(har: Sequence[RegistreringDto], oensket: Sequence[RegistreringDto], dag: date) -> bool:
    """Registrations fit where they are the same and open. A scene that says nothing of the start means "before today"."""
    return (
        [en.type for en in har] == [en.type for en in oensket]
        and all(en.slut is None for en in (*har, *oensket))
        and all(_begyndt(en, oensket_, dag) for en, oensket_ in zip(har, oensket, strict=True))
    )


def _begyndt(har: RegistreringDto, oensket: RegistreringDto, dag: date) -> bool:
    fra = None if har.start is None else har.start.astimezone(DANSK_TID).date()
    ment = None if oensket.start is None else oensket.start.astimezone(DANSK_TID).date()
    if ment is None or ment == dag - timedelta(days=1):
        return fra is None or fra < dag
    return fra == ment


def _hos(person: PersonDto) -> set[tuple[int, str, date | None]]:
    return {(en.organisation_type, en.organisation_kode, en.til) for en in person.tilknytninger}


def _seneste(person: PersonDto, ider: Sequence[str]) -> dict[Art, str]:
    antal = len(person.kontaktgrupper)
    egne = {Art.KONTAKTGRUPPE: ider[:antal], Art.PERSONKATEGORI: ider[antal:]}
    return {art: en[-1] for art, en in egne.items() if en}


def _alder(foedt: date, dag: date) -> int:
    return dag.year - foedt.year - ((dag.month, dag.day) < (foedt.month, foedt.day))


def _side(foedt: date, dag: date) -> str:
    return f"under {TREDIVE} år" if _alder(foedt, dag) < TREDIVE else f"fyldt {TREDIVE} år"


def _aldersafstand(person: PersonDto, oenske: Oenske) -> int:
    foedt = foedselsdato(person.cpr)
    return abs((foedt - oenske.borger.foedt).days) if foedt else 0
