"""Når: BI is delivered registrations and citizens as files. Så: what stands in them, and what must not."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from vos_contracts.cpr import foedselsdato, kan_tilhoere_nogen, maskeret
from vos_features.evner import Evne
from vos_features.forventning import lig
from vos_features.spil import Spil
from vos_features.steps.ordforraad import naar, saa
from vos_simulators.bi.leverance import Bestilling, Leveranceart, Manifest, lever

_ART = {"fuld leverance": Leveranceart.FULD, "deltaleverance": Leveranceart.DELTA}
_NOEGLER = {"nøglen": b"generalproeve: en noegle til proever", "en anden nøgle": b"generalproeve: noget ganske andet"}

Raekker = list[dict[str, str]]


@dataclass
class Leverancer:
    """The deliveries of one scene: folder by folder, the latest last."""

    rod: Path
    manifester: list[tuple[Path, Manifest]] = field(default_factory=list)

    def bestil(self, spil: Spil, art: str, noegle: str | None = None, mappe: str = "bi") -> None:
        """Make a delivery into that folder."""
        spil.ensemble.kraev(Evne.RESET)  # a delivery is of everybody
        assert spil.cpr
        bestilling = Bestilling(self.rod / mappe, _ART[art], noegle=None if noegle is None else _NOEGLER[noegle])
        manifest = lever(spil.ensemble.laeser, spil.ensemble.styring.status(), bestilling)
        self.manifester.append((bestilling.mappe / manifest.mappe, manifest))

    def raekker(self, fil: str, nummer: int = -1) -> Raekker:
        """Read a file of a delivery, the latest unless another is asked for."""
        with (self.manifester[nummer][0] / f"{fil}.csv").open(encoding="utf-8", newline="") as aaben:
            return list(csv.DictReader(aaben))

    def alt(self) -> Iterator[tuple[str, str]]:
        """Return every file of every delivery as text."""
        for fil in sorted(self.rod.rglob("*.*")):
            if fil.is_file():
                yield fil.name, fil.read_text("utf-8")


@pytest.fixture
def leverancer(tmp_path: Path) -> Leverancer:
    """The scene's deliveries in a temporary folder."""
    return Leverancer(tmp_path)


@naar("BI får en (?P<leverance>fuld leverance|deltaleverance)")
def leverance(spil: Spil, leverance: str, leverancer: Leverancer) -> None:
    """Deliver without pseudonyms."""
    leverancer.bestil(spil, leverance)


@naar(
    "testmiljøet får en pseudonymiseret (?P<leverance>fuld leverance|deltaleverance) med (?P<noegle>nøglen|en anden nøgle)"
)
def pseudonymiseret(spil: Spil, leverance: str, noegle: str, leverancer: Leverancer) -> None:
    """Deliver with pseudonyms; every key has a folder of its own."""
    leverancer.bestil(spil, leverance, noegle, noegle)


@saa("indeholder leverancen præcis disse registreringer:")
def praecis(spil: Spil, leverancer: Leverancer, datatable: list[list[str]]) -> None:
    """The file of registrations holds exactly these rows, in the order in which they came to be."""
    hoved, *forventet = datatable
    fundet = [_raekke(spil, en, hoved) for en in leverancer.raekker("registreringer")]
    lig("leverancen har", fundet, forventet, "have haft")


@saa(r"indeholder leverancen {tal} registreringer og (?P<borgere>\d+) borgere")
def antal(leverancer: Leverancer, tal: int, borgere: str) -> None:
    """So many rows, and the manifest says the same."""
    fundet = {fil: len(leverancer.raekker(fil)) for fil in ("registreringer", "borgere")}
    assert fundet == {"registreringer": tal, "borgere": int(borgere)}
    _, manifest = leverancer.manifester[-1]
    assert {en.navn: en.raekker for en in manifest.filer} == {f"{navn}.csv": tal_ for navn, tal_ in fundet.items()}


@saa("passer manifestet til filerne")
def manifest(spil: Spil, leverancer: Leverancer) -> None:
    """Checksums are those of the files; the contract is the stage's."""
    mappe, et = leverancer.manifester[-1]
    for fil in et.filer:
        lig(f"{fil.navn}: sha256 er", hashlib.sha256((mappe / fil.navn).read_bytes()).hexdigest(), fil.sha256)
    status = spil.ensemble.styring.status()
    lig("manifestets kontrakt og tidspunkt er", (et.kontrakt, et.tidspunkt), (status.kontrakt_hash, status.ur))


@saa("giver leverancerne tilsammen det samme som en ny fuld leverance")
def tilsammen(spil: Spil, leverancer: Leverancer) -> None:
    """All rows of the deliveries laid end to end, and each citizen's latest row, equal everything delivered anew."""
    antal_ = len(leverancer.manifester)
    registreringer = [en for nummer in range(antal_) for en in leverancer.raekker("registreringer", nummer)]
    borgere = {en["borger_id"]: en for nummer in range(antal_) for en in leverancer.raekker("borgere", nummer)}
    leverancer.bestil(spil, "fuld leverance", mappe="ny")
    nye = {en["borger_id"]: en for en in leverancer.raekker("borgere")}
    lig("leverancernes registreringer er tilsammen", registreringer, leverancer.raekker("registreringer"))
    lig("leverancernes borgere er tilsammen", borgere, nye)


@saa("står borgerens CPR-nummer kun maskeret i leverancen")
def kun_maskeret(spil: Spil, leverancer: Leverancer) -> None:
    """The whole number stands in no file."""
    lig("filer med hele CPR-nummeret:", [fil for fil, tekst in leverancer.alt() if spil.cpr in tekst], [])
    lig("borgernes CPR-numre er", [en["cpr"] for en in leverancer.raekker("borgere")], [maskeret(spil.cpr)])


@saa("står intet af dette i testmiljøets filer: CPR-nummeret, id'er, navne og brugere")
def intet(spil: Spil, leverancer: Leverancer) -> None:
    """No original value of anyone stands in any file."""
    assert spil.borger is not None
    hemmelige = {spil.cpr, spil.borger.navn, *spil.ider.values()}
    for aktoer in spil.ensemble.besaetning.roller.values():
        hemmelige |= {aktoer.identitet.bruger.navn, aktoer.identitet.bruger.id}
    for side in spil.ensemble.laeser.borgere(0):
        hemmelige |= {felt for en in side.borgere for felt in (en.cpr, en.borger_id)}
    fundet = [(fil, hemmelig) for fil, tekst in leverancer.alt() for hemmelig in hemmelige if hemmelig in tekst]
    assert fundet == [], f"filerne røber {fundet}"


@saa("har borgeren et CPR-nummer, der ikke kan tilhøre nogen")
def kan_ikke_tilhoere(spil: Spil, leverancer: Leverancer) -> None:
    """The pseudonym is a number with a date, of nobody, and the date of birth in the file is its own."""
    (borger,) = leverancer.raekker("borgere")
    assert borger["cpr"] != spil.cpr, "borgeren har sit eget CPR-nummer i leverancen"
    assert not kan_tilhoere_nogen(borger["cpr"]), "CPR-nummeret i leverancen kan tilhøre nogen"
    lig("CPR-nummerets fødselsdato er", foedselsdato(borger["cpr"]), date.fromisoformat(borger["foedt"]))


@saa("er borgeren stadig (?P<side>under 30 år|fyldt 30 år)")
def samme_side(spil: Spil, leverancer: Leverancer, side: str) -> None:
    """The pseudonym is on the same side of 30 on the day of the delivery."""
    (borger,) = leverancer.raekker("borgere")
    foedt, dag = date.fromisoformat(borger["foedt"]), spil.nu.date()
    alder = dag.year - foedt.year - ((dag.month, dag.day) < (foedt.month, foedt.day))
    assert (alder >= 30) is (side == "fyldt 30 år"), f"borgeren er {alder} år"


@saa("hører alle leverancernes registreringer til den samme borger og den samme registrering")
def den_samme(leverancer: Leverancer) -> None:
    """Identifiers are exchanged consistently from delivery to delivery, and rows still belong to a delivered citizen."""
    antal_ = range(len(leverancer.manifester))
    raekker = [en for nummer in antal_ for en in leverancer.raekker("registreringer", nummer)]
    borgere = {en["borger_id"] for nummer in antal_ for en in leverancer.raekker("borgere", nummer)}
    assert len(raekker) > 1, "der er ikke flere registreringer at sammenligne"
    lig("registreringernes borgere er", {en["borger_id"] for en in raekker}, borgere)
    lig("antallet af borgere og af registreringer er", (len(borgere), len({en["id"] for en in raekker})), (1, 1))


@saa("har borgeren forskellige CPR-numre i leverancerne")
def forskellige(leverancer: Leverancer) -> None:
    """Another key gives another pseudonym."""
    numre = [en["cpr"] for nummer in range(len(leverancer.manifester)) for en in leverancer.raekker("borgere", nummer)]
    assert len(numre) > 1, "der er kun én leverance"
    lig("antallet af forskellige CPR-numre er", len(set(numre)), len(numre))


def _registrant(spil: Spil, en: Mapping[str, str]) -> str:
    """Name the role whose authority, system and user stand in the row."""
    raekkens = (f"{en['organisation_type']}/{en['organisation_kode']}", en["system"], en["bruger_id"])
    for rolle, aktoer in spil.ensemble.besaetning.roller.items():
        if raekkens in {(str(hvem.aktiv), str(hvem.system), hvem.bruger.id) for hvem in aktoer.identiteter}:
            return rolle
    return f"en anden: {raekkens}"


def _raekke(spil: Spil, en: Mapping[str, str], hoved: Sequence[str]) -> list[str]:
    celler = {
        "art": en["art"],
        "type": en["type"],
        "slut": "ja" if en["slut"] else "",
        "slettet": "ja" if en["er_slettet"] == "ja" else "",
        "registreret fra": _registrant(spil, en),
    }
    return [celler[kolonne] for kolonne in hoved]
