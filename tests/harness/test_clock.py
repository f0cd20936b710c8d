"""`generalproeve clock` and `generalproeve batch` against a running stage: what they say, and their exit codes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from processer import Proces, scene_i_proces

from byggeklodser import NU
from vos_contracts.control.stage import ForloebDto, RegistreringDto
from vos_simulators.control import Styring
from vos_simulators.people import Folk, paa_scenen
from vos_simulators.transport import HttpTransport


@pytest.fixture(scope="module")
def proces(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proces]:
    mappe = tmp_path_factory.mktemp("scene")
    with scene_i_proces("--people", "0", "--clock", NU.isoformat(), mappe=mappe) as proces:
        yield proces


@pytest.fixture
def styring(proces: Proces) -> Iterator[Styring]:
    with HttpTransport(proces.styring) as linje:
        styring = Styring(linje)
        styring.nulstil()
        yield styring


def kommando(proces: Proces | str, *ord_: str, kode: int = 0) -> tuple[str, str]:
    adresse = proces if isinstance(proces, str) else proces.styring
    resultat = subprocess.run(
        [sys.executable, "-m", "generalproeve", *ord_, "--control", adresse],
        cwd=Path(__file__).parents[1], capture_output=True, text=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip
    assert resultat.returncode == kode, resultat.stderr
    assert "Traceback" not in resultat.stderr
    return resultat.stdout, resultat.stderr


def test_vis_stil_frem_frys_og_loeb(proces: Proces, styring: Styring) -> None:
    assert kommando(proces, "clock", "show")[0] == "18-11-2024 09:00:00 (står stille)\n"
    ud, _ = kommando(proces, "clock", "set", "2024-11-20T09:00:00+01:00")
    assert ud == "20-11-2024 09:00:00 (står stille)\nundervejs: 2 natkørsler\n"
    ud, _ = kommando(proces, "clock", "advance", "P1D")
    assert ud == "21-11-2024 09:00:00 (står stille)\nundervejs: 1 natkørsel\n"
    assert kommando(proces, "clock", "advance", "90")[0].startswith("21-11-2024 09:01:30")
    ud, _ = kommando(proces, "clock", "run")
    assert re.fullmatch(r"21-11-2024 09:01:3\d \(går, forskudt fra maskinens ur\)\n", ud)
    assert "står stille" in kommando(proces, "clock", "freeze")[0]
    ud, _ = kommando(proces, "clock", "set", "2024-11-22T09:00:00+01:00", "--run", "--json")
    assert json.loads(ud)["state"] == "forskudt"
    ud, _ = kommando(proces, "clock", "run", "--real", "--json")
    assert json.loads(ud)["state"] == "reel"


def test_json_er_et_objekt_og_intet_andet(proces: Proces, styring: Styring) -> None:
    ud, _ = kommando(proces, "clock", "advance", "P2D", "--json")
    assert json.loads(ud) == {
        "clock": "2024-11-20T09:00:00+01:00", "state": "frosset", "fell_due": {"natkoersel": 2},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("ord_", "kode", "tekst"),
    [
        (
            ["clock", "set", "2024-01-01T09:00:00+01:00"],
            2,
            "uret står på 2024-11-18T09:00:00+01:00 og kan ikke stilles",
        ),
        (["clock", "set", "2024-11-19T09:00:00"], 2, "INSTANT: must have an offset"),
        (["clock", "advance", "soon"], 2, "frem: skal være et antal sekunder eller en ISO 8601-varighed"),
        (["clock", "advance", "nan"], 2, "frem"),
        (["clock", "wind"], 4, "No such command"),
        (["batch", "--half"], 4, "No such option"),
    ],
)
def test_fejl_siger_reglen(proces: Proces, styring: Styring, ord_: list[str], kode: int, tekst: str) -> None:
    assert tekst in " ".join(kommando(proces, *ord_, kode=kode)[1].split())
    assert styring.status().ur == NU


@pytest.mark.parametrize("ord_", [["clock", "show"], ["batch"]])
def test_ingen_scene_paa_adressen(ord_: list[str]) -> None:
    assert "no stage answers at http://127.0.0.1:1" in kommando("http://127.0.0.1:1", *ord_, kode=3)[1]
    assert "must be an address such as" in kommando("8481", *ord_, kode=2)[1]


def test_batch_viser_en_rapport(proces: Proces, styring: Styring) -> None:
    dto = paa_scenen(Folk(seed=3).ny(40, NU.date()))
    dto.kontaktgrupper, dto.fleksjob = (RegistreringDto(type=7),), (ForloebDto(fra=NU.date()),)
    styring.opsaet(dto)
    ud, _ = kommando(proces, "batch")
    assert re.search(r"Start og slut på fleksjob +1 +1\n", ud)
    assert re.search(r"delta 18-11-2024: 1 set på, 1 ændringer på \d+\.\d\d s\n", ud)
    rapport = json.loads(kommando(proces, "batch", "--full", "--json")[0])
    assert (rapport["art"], rapport["sete"], rapport["aendrede"], rapport["faerdig"]) == ("fuld", 1, 0, True)


def test_paa_en_terminal_er_der_en_bjaelke(proces: Proces, styring: Styring) -> None:
    import os
    import pty

    leder, foelger = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "generalproeve", "batch", "--full", "--control", proces.styring],
        stdout=foelger, stderr=foelger, env={**os.environ, "TERM": "xterm", "COLUMNS": "120"},  # noqa: TID251 - a child's
    ) as popen:  # fmt: skip
        os.close(foelger)
        sagt = b""
        while True:
            try:
                del_ = os.read(leder, 4096)
            except OSError:  # the terminal has closed
                break
            if not del_:
                break
            sagt += del_
        assert popen.wait(timeout=60) == 0
    os.close(leder)
    assert "borgere" in sagt.decode("utf-8", "replace")
    assert "fuld 18-11-2024" in sagt.decode("utf-8", "replace")


def test_uret_gaar_ikke_tilbage_naar_scenen_startes_igen(tmp_path: Path) -> None:
    flag = ("--db", str(tmp_path / "scene.db"), "--people", "0", "--clock", "2024-11-18T09:00:00+01:00")
    with scene_i_proces(*flag, mappe=tmp_path) as proces:
        svar = httpx.put(f"{proces.styring}/styring/ur", json={"frem": "PT4H"}, trust_env=False).json()
        proces.draeb()
    with scene_i_proces(*flag, mappe=tmp_path) as proces:
        assert httpx.get(f"{proces.styring}/styring/ur", trust_env=False).json()["ur"] == svar["ur"]
        httpx.post(f"{proces.styring}/styring/nulstil", trust_env=False)
    with scene_i_proces(*flag, mappe=tmp_path) as proces:
        status = httpx.get(f"{proces.styring}/styring/ur", trust_env=False).json()
        assert status["ur"] == "2024-11-18T09:00:00+01:00", "a new performance begins where the stage was started"
