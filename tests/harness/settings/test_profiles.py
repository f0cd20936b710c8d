"""A target and a profile are read whole, and what is wrong in one is named by file, key and rule."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from generalproeve.base.exit_codes import KanIkkeKoere
from generalproeve.settings import configuration as konfiguration
from generalproeve.settings import target as maal
from generalproeve.settings.target import Embedded, Remote
from vos_contracts.koder.udgave import PrsSoap
from vos_contracts.model.identity import Organisation
from vos_features.capabilities import AF_STYRING, Evne
from vos_features.cast import identities
from vos_simulators.people import Folk

CPR = Folk(3).ny(40, date(2026, 1, 2)).cpr


def laes(tmp_path: Path, toml: str, navn: str = "p", **andet: Any) -> Remote:
    fil = tmp_path / "generalproeve.toml"
    fil.write_text(toml, "utf-8")
    fundet = maal.laes(navn, konfiguration.indhold(fil, {"VAERT": "vaert.example"})["profile"], fil, **andet)
    assert isinstance(fundet, Remote)
    return fundet


HEL = """
[profile.p]
services = "https://${VAERT}:8443/"
release = "2025-1"
timeout = 20
clock = 2024-11-18T09:00:00+01:00
[profile.p.addresses]
WsrmService = "https://koe.example"
PersonVisiteringService = "https://pvs.example"
[profile.p.roles.jobcentret]
organisation = "8/10300"
system = 4711
user_name = "Jo"
user_id = "jo"
[profile.p.roles."anden aktør"]
organisation = "8/10300"
[profile.p.webhooks.jobcentret]
system = "s1"
port = 9000
[[profile.p.citizens]]
cpr = "CPR"
akasse = "81"
kontaktgruppe = 13
""".replace("CPR", CPR)


def test_en_hel_profil(tmp_path: Path) -> None:
    fundet = laes(tmp_path, HEL)
    scenen = fundet.scenen
    assert fundet.identitet == "p (https://vaert.example:8443)"
    assert (scenen.styring, scenen.udgave, scenen.frist) == (None, "2025-1", 20)
    assert scenen.ur is not None
    assert scenen.ur().isoformat() == "2024-11-18T09:00:00+01:00"
    assert scenen.adresser["WsrmService"] == "https://koe.example"
    assert scenen.evner == {Evne.FETCH_WSRM, Evne.RECEIVE_WSB}
    assert scenen.webhooks["jobcentret"].port == 9000
    (borger,) = scenen.pulje
    hos = {(en.organisation_type, en.organisation_kode) for en in borger.tilknytninger}
    assert hos == {(8, "10300"), (2, "81")}
    assert [en.type for en in borger.kontaktgrupper] == [13]
    roller = identities(scenen.ur(), scenen.roller)
    assert (roller["jobcentret"].bruger.navn, roller["jobcentret"].system) == ("Jo", 4711)
    assert roller["anden aktør"].bruger_organisation == Organisation(4, "12345678")
    assert set(roller) == {"jobcentret", "anden aktør"}


def test_en_adresse_er_en_fjern_scene_som_intet_andet_vides_om() -> None:
    fundet = maal.laes("https://vaert.example")
    assert isinstance(fundet, Remote)
    assert (fundet.identitet, fundet.scenen.evner) == ("https://vaert.example", {Evne.FETCH_WSRM})
    med = maal.laes("http://127.0.0.1:8480", styring="http://127.0.0.1:8481", udgave="2025-2")
    assert isinstance(med, Remote)
    assert med.scenen.evner == frozenset(Evne) - {Evne.RESET}
    assert med.scenen.udgave == "2025-2"


def test_det_indlejrede_maal() -> None:
    assert maal.laes("embedded:") == Embedded()
    assert maal.laes("embedded:release=2024-3,backend=klassisk") == Embedded("2024-3", PrsSoap.KLASSISK)


@pytest.mark.parametrize(
    "maal_", ["", "noget", "embedded", "embedded:x=1", "embedded:backend=x", "ftp://x", "https://"]
)
def test_et_maal_der_ikke_forstaas(maal_: str) -> None:
    with pytest.raises(KanIkkeKoere, match=r"target|services"):
        maal.laes(maal_)


def test_evner_siges_ved_navn(tmp_path: Path) -> None:
    med = '[profile.p]\nservices = "http://a"\ncontrol = "http://b"\n'
    assert laes(tmp_path, med).scenen.evner == frozenset(Evne) - {Evne.RESET}
    valgt = laes(tmp_path, med + 'capabilities = ["seed-citizens"]').scenen.evner
    assert valgt == {Evne.SEED_CITIZENS, Evne.STATUS}
    assert {Evne.SEED_CITIZENS} < AF_STYRING


@pytest.mark.parametrize(
    ("linjer", "sagt"),
    [
        ("", "services"),
        ('services = "x"', "services: must be an address"),
        ('services = "http://a"\nnoget = 1', "unknown field `noget`"),
        ('services = "http://a"\ntimeout = "x"', "timeout: Expected `float`"),
        ('services = "http://a"\ncapabilities = ["flyv"]', "capabilities: 'flyv' is unknown; known are"),
        ('services = "http://a"\ncapabilities = ["reset"]', "reset needs a control API"),
        ('services = "http://a"\nclock = 2024-11-18T09:00:00', "clock: must have an offset"),
        ('services = "http://a"\nca = "findes-ikke.pem"', "certificate, key or ca"),
        ('services = "http://a"\n[profile.p.addresses]\nX = "http://b"', "addresses: 'X' is unknown"),
        ('services = "http://a"\n[profile.p.roles.hvem]\norganisation = "8/1"', "roles: 'hvem' is unknown"),
        (
            'services = "http://a"\n[profile.p.roles.STAR]\norganisation = "8"',
            "roles.STAR.organisation: must be TYPE/CODE",
        ),
        ('services = "http://a"\n[profile.p.roles.STAR]\norganisation = "8/1"\nuser_id = "x"', "go together"),
        ('services = "http://a"\n[[profile.p.citizens]]\ncpr = "1"', r"citizens\[0\].cpr: must be ten digits"),
        ('services = "http://a"\n[[profile.p.citizens]]\ncpr = "0101900000"', "could be a human being's"),
    ],
)
def test_det_der_er_galt_naevnes_ved_noegle_og_regel(linjer: str, sagt: str, tmp_path: Path) -> None:
    with pytest.raises(KanIkkeKoere, match=rf"generalproeve\.toml: profile\.p.*{sagt}"):
        laes(tmp_path, f"[profile.p]\n{linjer}")


def test_et_rigtigt_nummer_kan_tillades_og_vises_ikke(tmp_path: Path) -> None:
    toml = '[profile.p]\nservices = "http://a"\n{}\n[[profile.p.citizens]]\ncpr = "0101900000"'
    with pytest.raises(KanIkkeKoere) as brud:
        laes(tmp_path, toml.format(""))
    assert "0101900000" not in str(brud.value)
    assert laes(tmp_path, toml.format("allow_real_cpr = true")).scenen.pulje[0].cpr == "0101900000"


@pytest.mark.parametrize(
    ("tabel", "sagt"),
    [
        ({"timeout": -1}, "timeout: "),
        ({"quiet": -5}, "quiet: "),
        ({"webhooks": {"jobcentret": {"system": "x", "port": 99999}}}, "webhooks[...].port: "),
        ({"key": "x.pem"}, "p.key: needs certificate"),
        ({"roles": {"jobcentret": {"organisation": "8/1", "key": "x.pem"}}}, "jobcentret.key: needs certificate"),
        ({"citizens": [{"cpr": "0203840021"}] * 2}, "citizens[1].cpr: 020384xxxx is there already"),
    ],
)
def test_vaerdier_der_ikke_kan_bruges_naevner_fil_og_noegle(tabel: dict[str, object], sagt: str) -> None:
    with pytest.raises(KanIkkeKoere) as brud:
        maal.laes("p", {"p": {"services": "https://vaert.example", **tabel}}, Path("x.toml"))
    assert str(brud.value).startswith("x.toml: profile.p")
    assert sagt in str(brud.value)
