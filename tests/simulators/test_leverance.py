"""Deliveries to BI from a real stage: full and delta add up, nothing leaks, nothing half is left behind."""

from __future__ import annotations

import csv
import hashlib
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from byggeklodser import NU, kontrakt
from generalproeve.scene import Scene
from vos_contracts.model.registration import Art, Opdater, Opret
from vos_simulators import parties
from vos_simulators.bi import delivery
from vos_simulators.bi.delivery import Bestilling, Leveranceart, Leverancefejl, Manifest, lever
from vos_simulators.bi.files import BORGERE, REGISTRERINGER, Form, Format, ManglerPyarrow, Slags
from vos_simulators.bi.pseudonyms import Pseudonymer
from vos_simulators.bulk_registration import masseopret
from vos_simulators.control import Styring
from vos_simulators.party import Aktoer, Kanal
from vos_simulators.people import Borger
from vos_simulators.stage_reader import Driftslaeser
from vos_simulators.transport import HttpTransport

NOEGLE = b"proeve: en noegle paa mindst 16 bytes"
Raekker = list[dict[str, object]]
Lever = Callable[..., Manifest]


@pytest.fixture
def bestil(styring: Styring, styringslinje: HttpTransport, tmp_path: Path) -> Lever:
    """Deliver into a folder below the test's own, three rows to a page."""

    def en(mappe: str = "bi", **andet: object) -> Manifest:
        bestilling = Bestilling(tmp_path / mappe, **andet)  # type: ignore[arg-type]  # named by the tests
        return lever(Driftslaeser(styringslinje, side=3), styring.status(), bestilling)

    return en


def fyld(styring: Styring, transport: HttpTransport, antal: int, seed: int = 1) -> None:
    masseopret(styring, transport, kontrakt(), antal=antal, seed=seed)


def laes(mappe: Path, form: Form, format_: Format = Format.CSV) -> Raekker:
    fil = mappe / f"{form.navn}.{format_}"
    if format_ is Format.PARQUET:
        raekker: Raekker = pq.read_table(fil).to_pylist()
        return raekker
    with fil.open(encoding="utf-8", newline="") as aaben:
        return [dict(raekke) for raekke in csv.DictReader(aaben)]


@pytest.mark.parametrize("format_", list(Format))
@pytest.mark.parametrize("noegle", [None, NOEGLE])
def test_fuld_og_deltaer_er_det_samme_som_en_ny_fuld(
    styring: Styring, transport: HttpTransport, bestil: Lever, tmp_path: Path, format_: Format, noegle: bytes | None
) -> None:
    manifester = []
    for seed in (1, 2, 3):
        fyld(styring, transport, 7, seed)
        manifester.append(bestil(format=format_, noegle=noegle))
    manifester.append(bestil(format=format_, noegle=noegle))
    ny = bestil("ny", format=format_, noegle=noegle)
    assert [en.mappe for en in manifester] == ["0001-full", "0002-delta", "0003-delta", "0004-delta"]
    assert [en.raekker for en in manifester[-1].filer] == [0, 0]
    assert manifester[-1].til == ny.til
    for form in (REGISTRERINGER, BORGERE):
        dele = [laes(tmp_path / "bi" / en.mappe, form, format_) for en in manifester]
        assert [*dele[0], *dele[1], *dele[2], *dele[3]] == laes(tmp_path / "ny" / ny.mappe, form, format_)
        assert all(dele[:3])


def test_manifestet_passer_til_filerne(
    styring: Styring, transport: HttpTransport, bestil: Lever, tmp_path: Path
) -> None:
    fyld(styring, transport, 5)
    manifest = bestil(noegle=NOEGLE)
    mappe = tmp_path / "bi" / manifest.mappe
    assert manifest.kontrakt == kontrakt().hash
    assert (manifest.tidspunkt, manifest.udgave, manifest.borgere) == (NU, "2024-4", "pseudonyms")
    assert (manifest.referencedag, manifest.noegle) == (NU.date(), Pseudonymer(NOEGLE, NU.date()).fingeraftryk)
    for fil in manifest.filer:
        indhold = (mappe / fil.navn).read_bytes()
        assert (len(indhold), hashlib.sha256(indhold).hexdigest()) == (fil.bytes, fil.sha256)
        assert indhold.count(b"\n") == fil.raekker + 1
    assert delivery.seneste(tmp_path / "bi") == manifest
    assert (mappe / "manifest.json").read_bytes() == (tmp_path / "bi" / "leverance.json").read_bytes()


def test_cpr_numre_er_maskeret_med_mindre_der_bedes_om_dem(
    styring: Styring, transport: HttpTransport, ny_borger: Callable[..., Borger], bestil: Lever, tmp_path: Path
) -> None:
    borger = ny_borger()
    maskeret, hele = bestil("a"), bestil("b", hele_cpr=True)
    assert [en["cpr"] for en in laes(tmp_path / "a" / maskeret.mappe, BORGERE)] == [f"{borger.cpr[:6]}xxxx"]
    assert [en["cpr"] for en in laes(tmp_path / "b" / hele.mappe, BORGERE)] == [borger.cpr]
    assert borger.cpr.encode() not in b"".join(fil.read_bytes() for fil in (tmp_path / "a").rglob("*.*"))


@pytest.mark.parametrize("format_", list(Format))
def test_intet_oprindeligt_staar_i_en_pseudonymiseret_leverance(
    styring: Styring,
    styringslinje: HttpTransport,
    transport: HttpTransport,
    bestil: Lever,
    tmp_path: Path,
    format_: Format,
) -> None:
    fyld(styring, transport, 40)
    bestil(noegle=NOEGLE, format=format_)
    laeser = Driftslaeser(styringslinje)
    borgere = [en for side in laeser.borgere(0) for en in side.borgere]
    raekker = [en for side in laeser.registreringer(0) for en in side.registreringer]
    hemmelige = {en.cpr for en in borgere} | {en.borger_id for en in borgere} | {en.id for en in raekker}
    hemmelige |= {en.bruger_id for en in raekker} | {en.bruger_navn for en in raekker} | {NOEGLE.decode()}
    assert len(hemmelige) > 100
    tekster = [fil.read_bytes() for fil in (tmp_path / "bi").rglob("*.*") if fil.is_file()]
    if format_ is Format.PARQUET:  # compressed: look at the values too
        tekster += [repr(laes(tmp_path / "bi" / "0001-full", en, format_)).encode() for en in (BORGERE, REGISTRERINGER)]
    assert [en for en in hemmelige if any(en.encode() in tekst for tekst in tekster)] == []


def test_reglerne_holder_for_pseudonymerne(
    styring: Styring, transport: HttpTransport, bestil: Lever, tmp_path: Path
) -> None:
    """A group for those under 30 still has only those under 30, and every row has its citizen."""
    fyld(styring, transport, 80)
    mappe = tmp_path / "bi" / bestil(noegle=NOEGLE).mappe
    foedt = {en["borger_id"]: str(en["foedt"]) for en in laes(mappe, BORGERE)}
    raekker = laes(mappe, REGISTRERINGER)
    assert {en["borger_id"] for en in raekker} == set(foedt)
    graense = NU.date().replace(year=NU.year - 30).isoformat()
    unge = [foedt[en["borger_id"]] for en in raekker if en["type"] in {"12", "28"}]
    assert unge
    assert all(en > graense for en in unge)


def test_en_aendret_borger_kommer_igen_i_deltaet(
    styring: Styring,
    transport: HttpTransport,
    ny_borger: Callable[..., Borger],
    bestil: Lever,
    tmp_path: Path,
) -> None:
    """A registration moves nobody; only a row of it is new."""
    borger = ny_borger()
    bestil()
    aktoer = Aktoer(parties.ROLES["STAR"].identity(NU), kontrakt(), transport, iter(f"l{n}" for n in range(9)).__next__)
    id_ = aktoer.registrer(borger.cpr, Opret(Art.KONTAKTGRUPPE, 13, NU.replace(hour=0)), Kanal.PVS)
    assert isinstance(id_, str)
    aktoer.registrer(borger.cpr, Opdater(Art.KONTAKTGRUPPE, id_, NU), Kanal.PVS)
    delta = bestil()
    assert [fil.raekker for fil in delta.filer] == [2, 0]
    assert [(en["id"], en["slut"] != "") for en in laes(tmp_path / "bi" / delta.mappe, REGISTRERINGER)] == [
        (id_, False), (id_, True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("foerste", "anden", "siger"),
    [
        (None, {"art": Leveranceart.DELTA}, "a delta follows a delivery and there is none; begin with --full"),
        ({}, {"hele_cpr": True}, "names citizens as masked, this delta as whole"),
        ({"noegle": NOEGLE}, {}, "names citizens as pseudonyms, this delta as masked"),
        ({"noegle": NOEGLE}, {"noegle": NOEGLE + b"!"}, "was made with another key"),
    ],
)
def test_et_delta_der_ikke_passer_til_det_foerste(
    bestil: Lever, foerste: dict[str, object] | None, anden: dict[str, object], siger: str
) -> None:
    if foerste is not None:
        bestil(**foerste)
    with pytest.raises(Leverancefejl, match=siger):
        bestil(**anden)


def test_en_toemt_scene_kraever_en_ny_fuld(styring: Styring, transport: HttpTransport, bestil: Lever) -> None:
    fyld(styring, transport, 2)
    bestil()
    styring.nulstil()
    fyld(styring, transport, 2)
    with pytest.raises(Leverancefejl, match="the stage was emptied, or is another one"):
        bestil()
    assert [en.raekker for en in bestil(art=Leveranceart.FULD).filer][1] == 2


def test_en_afbrudt_leverance_efterlader_intet_halvt(
    styring: Styring, transport: HttpTransport, bestil: Lever, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fyld(styring, transport, 4)
    bestil()
    fyld(styring, transport, 4, seed=2)

    def afbryd(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as brist, pytest.raises(KeyboardInterrupt):
        brist.setattr(delivery, "_borgere", afbryd)
        bestil()
    assert [en.name for en in sorted((tmp_path / "bi").glob("0*"))] == ["0001-full"]
    delta = bestil()
    assert (delta.mappe, delta.filer[1].raekker) == ("0002-delta", 4)
    assert [en.name for en in sorted((tmp_path / "bi").iterdir())] == ["0001-full", "0002-delta", "leverance.json"]


def test_en_leverance_der_kom_paa_plads_men_ikke_blev_noteret(
    styring: Styring, transport: HttpTransport, bestil: Lever, tmp_path: Path
) -> None:
    fyld(styring, transport, 4)
    bestil()
    noteret = (tmp_path / "bi" / "leverance.json").read_bytes()
    fyld(styring, transport, 4, seed=2)
    bestil()
    (tmp_path / "bi" / "leverance.json").write_bytes(noteret)
    naeste = bestil()
    assert (naeste.nummer, [en.raekker for en in naeste.filer]) == (3, [0, 0])


def test_en_oedelagt_leverance_json_navngives(bestil: Lever, tmp_path: Path) -> None:
    bestil()
    (tmp_path / "bi" / "leverance.json").write_text("{}")
    with pytest.raises(Leverancefejl, match=r"leverance\.json: .*nummer"):
        bestil()


def test_fremmede_numre_der_moedes_opdages(
    scene: Scene, styring: Styring, ny_borger: Callable[..., Borger], bestil: Lever, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A number that is not of our making draws its pseudonym; two alike stop the delivery."""
    ny_borger()
    ny_borger()

    def ens(self: Pseudonymer, cpr: str) -> str:
        self.moedte_fremmede = True
        return "0203840023"

    monkeypatch.setattr(Pseudonymer, "cpr", ens)
    with pytest.raises(Leverancefejl, match="two citizens would get the same pseudonym"):
        bestil(noegle=NOEGLE)


def test_parquet_uden_pyarrow(bestil: Lever, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ManglerPyarrow, match=r"install generalproeve\[bi\], or choose --format csv"):
        bestil(format=Format.PARQUET)


def test_parquet_har_rigtige_typer(styring: Styring, transport: HttpTransport, bestil: Lever, tmp_path: Path) -> None:
    fyld(styring, transport, 3)
    tabel = pq.read_table(tmp_path / "bi" / bestil(format=Format.PARQUET).mappe / "registreringer.parquet")
    typer = {felt.name: str(felt.type) for felt in tabel.schema}
    navne = {
        Slags.TAL: "int64", Slags.TEKST: "string", Slags.JANEJ: "bool", Slags.DAG: "date32[day]",
        Slags.TID: "timestamp[us, tz=UTC]",
    }  # fmt: skip
    assert typer == {navn: navne[slags] for navn, slags in REGISTRERINGER.kolonner.items()}
    assert tabel["registreret"].to_pylist()[0] == NU
