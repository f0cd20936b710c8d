"""An enemy at the control API: another site's page in the tester's browser, another machine, somebody without the token."""

from __future__ import annotations

import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from fjende import FROSSET, Fjende, status, uden_spor
from processer import scene_i_proces

FREMMED = "andre.example"
TOKEN = "en-noegle-til-proeven"


@pytest.fixture(scope="module")
def fjende(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fjende]:
    with scene_i_proces(*FROSSET, mappe=tmp_path_factory.mktemp("scene")) as proces:
        yield Fjende(proces)


def raat(fjende: Fjende, *linjer: str, metode: str = "GET", sti: str = "/styring/status", krop: str = "") -> int:
    alle = [f"{metode} {sti} HTTP/1.1", *linjer, "connection: close", f"content-length: {len(krop)}", "", krop]
    svar = fjende.raat("\r\n".join(alle).encode(), styring=True)
    assert uden_spor(svar)
    assert b"access-control-" not in svar.lower()
    return status(svar)


def port(fjende: Fjende) -> int:
    fundet = urlsplit(fjende.proces.styring).port
    assert fundet
    return fundet


@pytest.mark.parametrize(
    "host",
    [
        FREMMED, f"{FREMMED}:8481", f"127.0.0.1.{FREMMED}", f"localhost.{FREMMED}", f"127.0.0.1@{FREMMED}", "", ":8481",
        f"{FREMMED}#127.0.0.1", f"{FREMMED}/127.0.0.1", "127.0.0.1:x", "[::1", "2130706433", "0x7f.1", "localhost.",
        f"{FREMMED}?localhost", f"{FREMMED}\\@127.0.0.1", "127.0.0.1:99999", "\u202elocalhost",
    ],
)  # fmt: skip
def test_et_navn_der_er_bragt_til_at_pege_hertil(fjende: Fjende, host: str) -> None:
    """DNS rebinding: the browser believes that it speaks to its own site."""
    for metode, sti in (("GET", "/styring/status"), ("POST", "/styring/nulstil"), ("GET", "/")):
        assert raat(fjende, f"host: {host}", metode=metode, sti=sti) in (400, 403)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:{}", "localhost:{}", "LOCALHOST:{}", "[::1]:{}"])
def test_scenens_egne_navne(fjende: Fjende, host: str) -> None:
    assert raat(fjende, f"host: {host.format(port(fjende))}") == 200


@pytest.mark.parametrize(
    "origin",
    [
        f"http://{FREMMED}", f"https://{FREMMED}", "null", "", "http://127.0.0.1", "http://127.0.0.1:8480", "file://",
        "https://127.0.0.1:{}", "http://127.0.0.1:{}/", "http://127.0.0.1:{}.andre.example", "http://localhost:{}",
        "http://127.0.0.1:{}, http://andre.example",
    ],
)  # fmt: skip
def test_en_anden_side_kommer_ikke_ind(fjende: Fjende, origin: str) -> None:
    linjer = f"host: 127.0.0.1:{port(fjende)}", f"origin: {origin.format(port(fjende))}"
    foer = status_paa(fjende)
    assert raat(fjende, *linjer) == 403
    for type_ in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        form = (*linjer, f"content-type: {type_}")
        assert raat(fjende, *form, metode="POST", sti="/styring/nulstil") == 403
        assert raat(fjende, *form, metode="PUT", sti="/styring/udgave", krop='{"udgave":"2025-2"}') == 403
    assert raat(fjende, *linjer, "access-control-request-method: PUT", metode="OPTIONS") == 403
    assert status_paa(fjende) == foer


@pytest.mark.parametrize("hvorfra", ["cross-site", "same-site", "hvad som helst"])
def test_et_billede_eller_et_link_paa_en_anden_side(fjende: Fjende, hvorfra: str) -> None:
    """A GET from another site carries no Origin; a browser says it in Sec-Fetch-Site."""
    assert raat(fjende, f"host: 127.0.0.1:{port(fjende)}", f"sec-fetch-site: {hvorfra}") == 403


def test_to_origin_hvoraf_den_ene_er_vores(fjende: Fjende) -> None:
    egen = f"127.0.0.1:{port(fjende)}"
    assert raat(fjende, f"host: {egen}", f"origin: http://{FREMMED}", f"origin: http://{egen}") == 403
    assert raat(fjende, f"host: {egen}", f"origin: http://{egen}", f"origin: http://{FREMMED}") == 403


def test_scenens_egen_side_kommer_ind(fjende: Fjende) -> None:
    egen = f"127.0.0.1:{port(fjende)}"
    linjer = f"host: {egen}", f"origin: http://{egen}", "sec-fetch-site: same-origin"
    assert raat(fjende, *linjer, metode="PUT", sti="/styring/udgave", krop='{"udgave":"2024-4"}') == 200
    fjende.naboen_betjenes()


def status_paa(fjende: Fjende) -> dict[str, object]:
    svar: dict[str, object] = httpx.get(f"{fjende.proces.styring}/styring/status", trust_env=False).json()
    return svar


@pytest.fixture(scope="module")
def aaben(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fjende]:
    """A stage that other machines may reach."""
    with scene_i_proces(
        *FROSSET, "--host", "0.0.0.0", "--control-host", "0.0.0.0", "--allow-remote", "--control-token", TOKEN,
        "--control-name", "scenen.example", mappe=tmp_path_factory.mktemp("scene"),
    ) as proces:  # fmt: skip
        yield Fjende(proces)


def basic(bruger: str) -> str:
    return f"authorization: Basic {b64encode(bruger.encode()).decode()}"


@pytest.mark.parametrize(
    "adgang",
    [
        "x-a: b", "authorization:", "authorization: Bearer", "authorization: Bearer forkert", f"authorization: {TOKEN}",
        f"authorization: Bearer {TOKEN}x", f"authorization: Bearer {TOKEN[:-1]}", f"authorization: Digest {TOKEN}",
        "authorization: Basic ???", basic(TOKEN), basic(f"{TOKEN}:"), basic(":"), "authorization: Bearer æøå",
        f"x-forwarded-for: 127.0.0.1\r\nforwarded: for=127.0.0.1\r\ncookie: token={TOKEN}",
    ],
)  # fmt: skip
def test_uden_tokenet_kommer_ingen_ind(aaben: Fjende, adgang: str) -> None:
    for metode, sti in (
        ("GET", "/styring/status"), ("POST", "/styring/nulstil"), ("POST", "/intern/kommando"), ("GET", "/"),
        ("GET", f"/styring/status?token={TOKEN}"),
    ):  # fmt: skip
        assert raat(aaben, "host: 127.0.0.1", adgang, metode=metode, sti=sti) == 401


@pytest.mark.parametrize(
    "adgang", [f"authorization: Bearer {TOKEN}", f"authorization: bearer {TOKEN}", basic(f":{TOKEN}")]
)
def test_med_tokenet(aaben: Fjende, adgang: str) -> None:
    assert raat(aaben, "host: scenen.example", adgang) == 200
    assert raat(aaben, f"host: {FREMMED}", adgang) == 403
    assert raat(aaben, "host: scenen.example", adgang, f"origin: http://{FREMMED}") == 403
    aaben.naboen_betjenes()


def test_verberne_tager_tokenet_i_adressen_og_viser_det_ikke(aaben: Fjende, tmp_path: Path) -> None:
    control = aaben.proces.styring
    assert TOKEN in control

    def verb(adresse: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "generalproeve", "clock", "show", "--json", "--control", adresse],
            cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    assert verb(control).returncode == 0
    assert verb(control.replace(TOKEN, "forkert")).returncode == 2
    ingen = verb(f"http://:{TOKEN}@127.0.0.1:1")
    assert ingen.returncode == 3
    assert TOKEN not in ingen.stderr


def test_uden_et_givet_token_laves_et(tmp_path: Path) -> None:
    with scene_i_proces(*FROSSET, "--host", "0.0.0.0", "--allow-remote", mappe=tmp_path) as proces:
        dele = urlsplit(proces.styring)
        assert dele.hostname == "127.0.0.1"
        assert len(dele.password or "") >= 32
        assert httpx.get(f"http://127.0.0.1:{dele.port}/styring/status", trust_env=False).status_code == 401


@pytest.mark.parametrize(
    ("flag", "tekst"),
    [
        (["--host", "0.0.0.0"], "host 0.0.0.0: is not on this machine"),
        (["--control-host", "::"], "control_host ::: is not on this machine"),
        (["--control-token", "kort"], "--control-token: must be at least 16 letters, digits, - and _"),
        (["--limit", "body=0"], "--limit.body: must be a whole number, more than 0 and at most"),
        (["--limit", "ukendt=1"], "--limit.ukendt: unknown key; known are body"),
        (["--limit", "header_seconds=nan"], "--limit.header_seconds: must be seconds, more than 0"),
        (["--limit", "body"], "--limit: must be NAME=NUMBER"),
    ],
)
def test_hvad_der_ikke_er_ment_startes_ikke(tmp_path: Path, flag: list[str], tekst: str) -> None:
    resultat = subprocess.run(
        [sys.executable, "-m", "generalproeve", "up", "--port", "0", *flag],
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert resultat.returncode == 2, resultat.stderr
    assert tekst in " ".join(resultat.stderr.split())
    assert "kort" not in resultat.stderr
