"""A profile is read whole, and what is wrong in it is named by file, key and rule."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from generalproeve.base.exit_codes import KanIkkeKoere
from generalproeve.settings.configuration import read
from generalproeve.settings.profiles import read_profile, stage_at
from vos_contracts.model.identity import Organisation
from vos_features.capabilities import AF_STYRING, Evne
from vos_features.cast import identities
from vos_features.stage import Scenen
from vos_simulators.people import Folk

CPR = Folk(3).ny(40, date(2026, 1, 2)).cpr


def read_file(tmp_path: Path, toml: str, name: str = "p", release: str | None = None) -> Scenen:
    file = tmp_path / "generalproeve.toml"
    file.write_text(toml, "utf-8")
    return read_profile(file, name, read(file, {"VAERT": "vaert.example"}).profiles[name], release)


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
    scenen = read_file(tmp_path, HEL)
    assert scenen.tjenester == "https://vaert.example:8443"
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


def test_an_address_is_a_remote_stage_of_which_nothing_else_is_known() -> None:
    bare = stage_at("https://vaert.example")
    assert (bare.tjenester, bare.evner) == ("https://vaert.example", {Evne.FETCH_WSRM})
    controlled = stage_at("http://127.0.0.1:8480", "http://127.0.0.1:8481", "2025-2")
    assert controlled.evner == frozenset(Evne) - {Evne.RESET}
    assert controlled.udgave == "2025-2"


def test_evner_siges_ved_navn(tmp_path: Path) -> None:
    med = '[profile.p]\nservices = "http://a"\ncontrol = "http://b"\n'
    assert read_file(tmp_path, med).evner == frozenset(Evne) - {Evne.RESET}
    valgt = read_file(tmp_path, med + 'capabilities = ["seed-citizens"]').evner
    assert valgt == {Evne.SEED_CITIZENS, Evne.STATUS}
    assert {Evne.SEED_CITIZENS} < AF_STYRING


@pytest.mark.parametrize(
    ("linjer", "sagt"),
    [
        ("", "services"),
        ('services = "x"', "services: must be an address"),
        ('services = "http://a"\nnoget = 1', "noget: unknown key; known are services"),
        ('services = "http://a"\ntimeout = "x"', "timeout: must be seconds, more than 0 and at most 3600, not 'x'"),
        ('services = "http://a"\ncapabilities = ["flyv"]', "capabilities: unknown capability; known are"),
        ('services = "http://a"\ncapabilities = ["reset"]', "reset needs a control API"),
        ('services = "http://a"\nclock = 2024-11-18T09:00:00', "clock: must have an offset"),
        ('services = "http://a"\nca = "findes-ikke.pem"', "certificate, key or ca"),
        ('services = "http://a"\n[profile.p.addresses]\nX = "http://b"', r"addresses\.X: unknown key; known are"),
        (
            'services = "http://a"\n[profile.p.roles.hvem]\norganisation = "8/1"',
            r"roles\.hvem: unknown key; known are",
        ),
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
        read_file(tmp_path, f"[profile.p]\n{linjer}")


def test_et_rigtigt_nummer_kan_tillades_og_vises_ikke(tmp_path: Path) -> None:
    toml = '[profile.p]\nservices = "http://a"\n{}\n[[profile.p.citizens]]\ncpr = "0101900000"'
    with pytest.raises(KanIkkeKoere) as brud:
        read_file(tmp_path, toml.format(""))
    assert "0101900000" not in str(brud.value)
    assert read_file(tmp_path, toml.format("allow_real_cpr = true")).pulje[0].cpr == "0101900000"


@pytest.mark.parametrize(
    ("tabel", "sagt"),
    [
        ({"timeout": -1}, "timeout: "),
        ({"quiet": -5}, "quiet: "),
        (
            {"webhooks": {"jobcentret": {"system": "x", "port": 99999}}},
            "webhooks.jobcentret.port: must be a port number 0-65535",
        ),
        ({"key": "x.pem"}, "p.key: needs certificate"),
        ({"roles": {"jobcentret": {"organisation": "8/1", "key": "x.pem"}}}, "jobcentret.key: needs certificate"),
        ({"citizens": [{"cpr": "0203840021"}] * 2}, "citizens[1].cpr: 020384xxxx is there already"),
    ],
)
def test_vaerdier_der_ikke_kan_bruges_naevner_fil_og_noegle(tabel: dict[str, object], sagt: str) -> None:
    with pytest.raises(KanIkkeKoere) as brud:
        read_profile(Path("x.toml"), "p", {"services": "https://vaert.example", **tabel})
    assert str(brud.value).startswith("x.toml: profile.p")
    assert sagt in str(brud.value)
