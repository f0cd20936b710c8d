"""`generalproeve up` as a newcomer meets it: it says where everything is, and what it shows works when pasted."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from processer import Proces, scene_i_proces

from generalproeve.scene import Scene, spil_til_signal
from generalproeve.settings.stage import StageSettings
from vos_contracts.wire import soap


def test_en_linje_naar_den_er_klar_og_alle_adresser_svarer(tmp_path: Path) -> None:
    with scene_i_proces(mappe=tmp_path) as proces:
        assert proces.klar["ready"] is True
        assert proces.klar["release"] == "2024-4"
        assert len(proces.klar["people"]) == 4
        for navn, adresse in proces.klar["addresses"].items():
            svar = httpx.get(adresse)
            if navn.startswith("REST"):
                assert (svar.status_code, svar.json()["fejl"][0]["fejlkode"]) == (401, 1100), navn
            else:
                assert svar.status_code == (405 if navn == "WSB-abonnement" else 200), navn
        assert proces.afbryd() == 0
        assert proces.popen.stdout is not None
        assert proces.popen.stdout.read() == ""


def test_eksemplerne_virker_naar_de_saettes_ind(tmp_path: Path) -> None:
    kommando = [sys.executable, "-m", "generalproeve", "up", "--port", "0"]
    with subprocess.Popen(kommando, cwd=tmp_path, stdout=subprocess.PIPE, text=True, encoding="utf-8") as popen:
        try:
            assert popen.stdout is not None
            linjer: list[str] = []
            while not linjer or "Ctrl-C" not in linjer[-1]:
                linje = popen.stdout.readline()
                assert linje, "the stage ended before it was ready"
                linjer.append(linje)
            rest, soap_ = re.findall(r"^curl .*?^EOF$", "".join(linjer), re.MULTILINE | re.DOTALL)
            svar = [
                subprocess.run(["bash", "-c", en], capture_output=True, text=True, check=True).stdout
                for en in (rest, soap_)
            ]
            assert re.fullmatch(r'"[0-9a-f-]{36}"', svar[0])
            kvittering = soap.laes_svar(svar[1].encode())
            assert not isinstance(kvittering, soap.Fault), svar[1]
            assert str(kvittering.tag).endswith("CreateContactGroupResponse")
        finally:
            popen.terminate()
            popen.wait(timeout=30)


def test_i_en_udgave_uden_soap_er_der_intet_soap_eksempel(tmp_path: Path) -> None:
    kommando = [sys.executable, "-m", "generalproeve", "up", "--port", "0", "--release", "2025-2", "--people", "1"]
    with subprocess.Popen(kommando, cwd=tmp_path, stdout=subprocess.PIPE, text=True, encoding="utf-8") as popen:
        try:
            assert popen.stdout is not None
            linjer: list[str] = []
            while not linjer or "Ctrl-C" not in linjer[-1]:
                linje = popen.stdout.readline()
                assert linje, "the stage ended before it was ready"
                linjer.append(linje)
        finally:
            popen.terminate()
            popen.wait(timeout=30)
    (rest,) = re.findall(r"^curl .*?^EOF$", "".join(linjer), re.MULTILINE | re.DOTALL)
    assert "kontaktgruppeType" in rest


def test_en_scene_hvis_praesentation_bryder_ned_lukker_og_siger_det() -> None:
    def bryder_ned(scene: Scene) -> None:
        raise ZeroDivisionError(scene.tjenester)

    foer = [signal.getsignal(nummer) for nummer in (signal.SIGINT, signal.SIGTERM)]
    try:
        with pytest.raises(ZeroDivisionError, match="http://127"):
            spil_til_signal(StageSettings(port=0, control_port=0), bryder_ned)
    finally:
        for nummer, gammel in zip((signal.SIGINT, signal.SIGTERM), foer, strict=True):
            signal.signal(nummer, gammel)


def test_et_halvt_kald_ved_stop_giver_ingen_stoej(tmp_path: Path) -> None:
    kommando = [sys.executable, "-m", "generalproeve", "up", "--port", "0", "--json"]
    with subprocess.Popen(kommando, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as popen:
        assert popen.stdout is not None
        klar = json.loads(popen.stdout.readline())
        vaert, _, port = klar["services"].removeprefix("http://").partition(":")
        with socket.create_connection((vaert, int(port))) as stik:
            stik.sendall(b"POST /v1/PersonVisitering/kontaktgruppe HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{")
            assert httpx.get(f"{klar['control']}/styring/status").status_code == 200
            popen.terminate()
            _, stderr = popen.communicate(timeout=30)
    assert (popen.returncode, stderr) == (0, "")


def test_data_og_folk_overlever_en_genstart(tmp_path: Path) -> None:
    fil = tmp_path / "scene.db"
    with scene_i_proces("--db", str(fil), mappe=tmp_path) as proces:
        foerste = set(proces.klar["people"])
    with scene_i_proces("--db", str(fil), mappe=tmp_path) as proces:
        assert httpx.get(f"{proces.styring}/styring/status").json()["personer"] == 8
        assert not foerste & set(proces.klar["people"])


@pytest.mark.parametrize("ur", [(), ("--clock", "2024-11-18T09:00:00+01:00")], ids=["real", "frozen"])
def test_uret_gaar_ikke_tilbage_ved_en_genstart(ur: tuple[str, ...], tmp_path: Path) -> None:
    def tid(proces: Proces) -> datetime:
        return datetime.fromisoformat(httpx.get(f"{proces.styring}/styring/status").json()["ur"])

    with scene_i_proces("--db", str(tmp_path / "scene.db"), *ur, mappe=tmp_path) as proces:
        httpx.put(f"{proces.styring}/styring/ur", json={"frem": "P40D"}, timeout=60).raise_for_status()
        naaet = tid(proces)
    with scene_i_proces("--db", str(tmp_path / "scene.db"), *ur, mappe=tmp_path) as proces:
        assert tid(proces).date() >= naaet.date()


@pytest.mark.parametrize(
    ("toml", "flag", "kode", "tekst"),
    [
        ("[stage]\nport = 99999\n", [], 2, "generalproeve.toml: stage.port: must be a port number 0-65535"),
        ("[stage]\nprot = 1\n", [], 2, "generalproeve.toml: stage.prot: unknown key; known are db"),
        ("[scene]\n", [], 2, "generalproeve.toml: unknown table [scene]; known are stage, profile"),
        ("[stage\n", [], 2, "generalproeve.toml: "),
        ("[stage]\ndb = '${FINDES_IKKE_HER}'\n", [], 2, "stage.db: the environment has no FINDES_IKKE_HER"),
        ("[stage]\nclock = '2024-11-18T09:00:00'\n", [], 2, "stage.clock: must have an offset"),
        ("[stage]\nallow_real_cpr = 'ja'\n", [], 2, "stage.allow_real_cpr: must be true or false"),
        ("[stage]\nrelease = '2030-1'\n", [], 2, "udgave '2030-1' findes ikke; kendte er 2024-3"),
        (
            "[stage]\nhost = '0.0.0.0'\n",
            [],
            2,
            "host 0.0.0.0: is not on this machine; --allow-remote says that it is meant",
        ),
        ("", ["--contract", "findes-ikke"], 2, "findes-ikke: the overlay is not a folder"),
        ("", ["--clock", "i morgen"], 2, "--clock: must be a date-time"),
        ("", ["--clock", "1890-01-01T00:00:00+01:00"], 2, "--clock: must lie in the years 2000-2057, not 1890"),
        ("", ["--port", "48480", "--control-port", "48480"], 2, "port and control_port are both 48480"),
        ("", ["--db", "findes/ikke.db"], 2, "ikke.db: unable to open database file"),
        ("[stage]\n", ["--db", "generalproeve.toml"], 2, "generalproeve.toml: file is not a database"),
        ("", ["--release", "2030-1"], 2, "udgave '2030-1' findes ikke"),
        ("", ["--backend", "udgaaet"], 4, "--backend"),
        ("[stage]\nbroker = 'http://localhost/'\n", [], 2, "generalproeve.toml: stage.broker: must begin with amqp://"),
        ("[stage]\nbroker = 5672\n", [], 2, "stage.broker: must be a text"),
        ("", ["--broker", "amqps://u:hemmelig@localhost"], 2, "--broker: must begin with amqp://"),
        ("", ["--broker", "amqp://u:hemmelig@star.example:5672/"], 2, "--broker: the broker must be on loopback"),
        ("", ["--broker", "amqp://u:hemmelig@localhost:99999/"], 2, "--broker: must be an address such as amqp://"),
        ("", ["--broker", "amqp://u:hemmelig@localhost/a/b"], 2, "--broker: nothing may follow the virtual host"),
        ("", ["--ukendt"], 4, "No such option"),
    ],
)
def test_fejl_i_opsaetningen_navngiver_noegle_og_fil(
    tmp_path: Path, toml: str, flag: list[str], kode: int, tekst: str
) -> None:
    (tmp_path / "generalproeve.toml").write_text(toml, "utf-8")
    resultat = subprocess.run(
        [sys.executable, "-m", "generalproeve", "up", "--port", "0", *flag],
        cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip
    assert resultat.returncode == kode, resultat.stderr
    assert tekst in " ".join(resultat.stderr.split())
    assert "Traceback" not in resultat.stderr


def test_en_optaget_port_navngives(tmp_path: Path) -> None:
    with scene_i_proces(mappe=tmp_path) as proces:
        port = proces.tjenester.rpartition(":")[2]
        resultat = subprocess.run(
            [sys.executable, "-m", "generalproeve", "up", "--port", port, "--control-port", "0"],
            cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False,
        )  # fmt: skip
    assert resultat.returncode == 2
    assert f"port {port} on 127.0.0.1" in resultat.stderr


def test_flag_vinder_over_filen(tmp_path: Path) -> None:
    (tmp_path / "generalproeve.toml").write_text("[stage]\nrelease = '2025-1'\nbackend = 'classic'\n", "utf-8")
    with scene_i_proces(mappe=tmp_path) as proces:
        assert (proces.klar["release"], proces.klar["backend"]) == ("2025-1", "classic")
    with scene_i_proces("--release", "2024-3", mappe=tmp_path) as proces:
        assert proces.klar["release"] == "2024-3"
