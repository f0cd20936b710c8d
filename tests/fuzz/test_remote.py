"""Calls made up for a stage that a profile describes: its addresses, its certificates, its roles and its citizens."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from fjernscene import dag, fjernscene
from processer import scene_i_proces
from support.fuzz_command import BENT, FAULTS, fuzz

from vos_contracts.control.journal import Posttype
from vos_contracts.wire.calls import REST_SERVICES
from vos_contracts.wire.soap_skema import SERVICE_VERSIONER
from vos_simulators.control import Styring
from vos_simulators.people import Folk
from vos_simulators.transport import HttpTransport


def borgere() -> list[dict[str, object]]:
    folk = Folk(seed=4714)
    return [{"cpr": folk.ny(40, dag()).cpr, "akasse": "81"} for _ in range(2)]


@pytest.mark.parametrize("jagt", ["--rest", "--soap"])
def test_hver_tjeneste_kaldes_paa_sin_egen_adresse_med_rollens_certifikat(jagt: str, tmp_path: Path) -> None:
    """What the profile calls `services` is another stage, of which only is asked that it is there; only roles have one."""
    with scene_i_proces("--control-port", "0", mappe=tmp_path) as anden, fjernscene(tmp_path, borgere()) as proces:
        fil = tmp_path / "generalproeve.toml"
        adresser = ", ".join(f'{navn} = "{proces.tjenester}"' for navn in (*REST_SERVICES, *SERVICE_VERSIONER))
        egne = f'services = "{anden.tjenester}"\naddresses = {{ {adresser} }}\n'
        tekst = fil.read_text("utf-8").replace(f'services = "{proces.tjenester}"\n', egne)
        fil.write_text(tekst.replace('certificate = "kss.pem"\nkey = "kss.key"\n', "", 1), "utf-8")
        flag = ("fjern", jagt, "--seed", "1", "--max-calls", "300", "--json")
        svar = json.loads(fuzz(*flag, folder=tmp_path, code=0).stdout)
        assert sum(svar["calls"].values()) >= 300
        with HttpTransport(anden.styring) as linje:
            kom = [post.data["sti"] for post in Styring(linje).journal().poster if post.art is Posttype.KALD]
        assert kom == ["/"]


def test_puljens_borgere_kaldes_der_om_og_et_fund_afspilles(tmp_path: Path) -> None:
    """A defect is planted on the remote stage; the file of the finding holds neither address nor certificate."""
    flag = ("fjern", "--rest", "--seed", "1", "--max-calls", "800", "--json")
    bygger = (str(BENT), f"{FAULTS}:crashes_on_a_group")
    with fjernscene(tmp_path, borgere(), program=bygger) as proces:
        svar = json.loads(fuzz(*flag, folder=tmp_path, code=1).stdout)
        fund = next(en for en in svar["findings"] if "aftalen: 500" in en["what"])
        tekst = (tmp_path / fund["file"]).read_text("utf-8")
        assert proces.tjenester not in tekst
        assert "(borger 0 i puljen)" in tekst or "(borger 1 i puljen)" in tekst
        assert not any(str(en["cpr"]) in tekst for en in borgere())
        assert "BEGIN" not in tekst
        fuzz("fjern", "--replay", fund["file"], folder=tmp_path, code=1)
    (ret := tmp_path / "ret").mkdir()
    with fjernscene(ret, borgere()):
        fuzz("fjern", "--replay", str(tmp_path / fund["file"]), folder=ret, code=0)
    with sqlite3.connect(tmp_path / "scene.db") as db:
        registrerede = {en for (en,) in db.execute("select distinct person_id from registrering")}
        pulje = {en for (en,) in db.execute("select person_id from cpr")}
    assert registrerede
    assert registrerede <= pulje


def test_en_profil_der_ikke_tillader_reset_toemmes_ikke(tmp_path: Path) -> None:
    with scene_i_proces("--control-port", "0", "--people", "5", mappe=tmp_path) as proces:
        profil = f'[profile.delt]\nservices = "{proces.tjenester}"\ncontrol = "{proces.styring}"\n'
        (tmp_path / "generalproeve.toml").write_text(profil, "utf-8")
        svar = json.loads(fuzz("delt", "--parity", "--max-calls", "10", "--json", folder=tmp_path, code=5).stdout)
        assert svar["left_out"] == {"paritet": "profilen tillader ikke reset, og tvillinger skal sættes på den"}
        fuzz("delt", "--soap", "--seed", "1", "--max-calls", "20", folder=tmp_path, code=0)
        with HttpTransport(proces.styring) as linje:
            assert Styring(linje).status().personer >= 5
