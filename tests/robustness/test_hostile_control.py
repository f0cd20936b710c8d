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
from support.adversary import FROZEN, Adversary, status, without_trace
from support.processes import stage_i_proces

FOREIGN = "andre.example"
TOKEN = "en-noegle-til-proeven"


@pytest.fixture(scope="module")
def adversary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Adversary]:
    with stage_i_proces(*FROZEN, folder=tmp_path_factory.mktemp("stage")) as proces:
        yield Adversary(proces)


def raw(adversary: Adversary, *linjer: str, method: str = "GET", path: str = "/control/status", body: str = "") -> int:
    everyone = [f"{method} {path} HTTP/1.1", *linjer, "connection: close", f"content-length: {len(body)}", "", body]
    response = adversary.raw("\r\n".join(everyone).encode(), control=True)
    assert without_trace(response)
    assert b"access-control-" not in response.lower()
    return status(response)


def port(adversary: Adversary) -> int:
    found = urlsplit(adversary.proces.control).port
    assert found
    return found


@pytest.mark.parametrize(
    "host",
    [
        FOREIGN, f"{FOREIGN}:8481", f"127.0.0.1.{FOREIGN}", f"localhost.{FOREIGN}", f"127.0.0.1@{FOREIGN}", "", ":8481",
        f"{FOREIGN}#127.0.0.1", f"{FOREIGN}/127.0.0.1", "127.0.0.1:x", "[::1", "2130706433", "0x7f.1", "localhost.",
        f"{FOREIGN}?localhost", f"{FOREIGN}\\@127.0.0.1", "127.0.0.1:99999", "\u202elocalhost",
    ],
)  # fmt: skip
def test_a_host_name_rebound_to_this_machine_is_refused(adversary: Adversary, host: str) -> None:
    """DNS rebinding: the browser believes that it speaks to its own site."""
    for method, path in (("GET", "/control/status"), ("POST", "/control/reset"), ("GET", "/")):
        assert raw(adversary, f"host: {host}", method=method, path=path) in (400, 403)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:{}", "localhost:{}", "LOCALHOST:{}", "[::1]:{}"])
def test_the_stages_own_host_names_are_accepted(adversary: Adversary, host: str) -> None:
    assert raw(adversary, f"host: {host.format(port(adversary))}") == 200


@pytest.mark.parametrize(
    "origin",
    [
        f"http://{FOREIGN}", f"https://{FOREIGN}", "null", "", "http://127.0.0.1", "http://127.0.0.1:8480", "file://",
        "https://127.0.0.1:{}", "http://127.0.0.1:{}/", "http://127.0.0.1:{}.andre.example", "http://localhost:{}",
        "http://127.0.0.1:{}, http://andre.example",
    ],
)  # fmt: skip
def test_another_origin_is_refused(adversary: Adversary, origin: str) -> None:
    linjer = f"host: 127.0.0.1:{port(adversary)}", f"origin: {origin.format(port(adversary))}"
    before = status_on(adversary)
    assert raw(adversary, *linjer) == 403
    for type_ in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        form = (*linjer, f"content-type: {type_}")
        assert raw(adversary, *form, method="POST", path="/control/reset") == 403
        assert raw(adversary, *form, method="PUT", path="/control/release", body='{"release":"2025-2"}') == 403
    assert raw(adversary, *linjer, "access-control-request-method: PUT", method="OPTIONS") == 403
    assert status_on(adversary) == before


@pytest.mark.parametrize("from_where", ["cross-site", "same-site", "hvad som helst"])
def test_an_image_or_link_on_another_site_is_refused(adversary: Adversary, from_where: str) -> None:
    """A GET from another site carries no Origin; a browser says it in Sec-Fetch-Site."""
    assert raw(adversary, f"host: 127.0.0.1:{port(adversary)}", f"sec-fetch-site: {from_where}") == 403


def test_two_origins_of_which_one_is_ours_are_refused(adversary: Adversary) -> None:
    own = f"127.0.0.1:{port(adversary)}"
    assert raw(adversary, f"host: {own}", f"origin: http://{FOREIGN}", f"origin: http://{own}") == 403
    assert raw(adversary, f"host: {own}", f"origin: http://{own}", f"origin: http://{FOREIGN}") == 403


def test_the_stages_own_page_is_accepted(adversary: Adversary) -> None:
    own = f"127.0.0.1:{port(adversary)}"
    linjer = f"host: {own}", f"origin: http://{own}", "sec-fetch-site: same-origin"
    assert raw(adversary, *linjer, method="PUT", path="/control/release", body='{"release":"2024-4"}') == 200
    adversary.neighbour_served()


def status_on(adversary: Adversary) -> dict[str, object]:
    response: dict[str, object] = httpx.get(f"{adversary.proces.control}/control/status", trust_env=False).json()
    return response


@pytest.fixture(scope="module")
def is_open(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Adversary]:
    """A stage that other machines may reach."""
    with stage_i_proces(
        *FROZEN, "--host", "0.0.0.0", "--control-host", "0.0.0.0", "--allow-remote", "--control-token", TOKEN,
        "--control-name", "scenen.example", folder=tmp_path_factory.mktemp("stage"),
    ) as proces:  # fmt: skip
        yield Adversary(proces)


def basic(user: str) -> str:
    return f"authorization: Basic {b64encode(user.encode()).decode()}"


@pytest.mark.parametrize(
    "access",
    [
        "x-a: b", "authorization:", "authorization: Bearer", "authorization: Bearer forkert", f"authorization: {TOKEN}",
        f"authorization: Bearer {TOKEN}x", f"authorization: Bearer {TOKEN[:-1]}", f"authorization: Digest {TOKEN}",
        "authorization: Basic ???", basic(TOKEN), basic(f"{TOKEN}:"), basic(":"), "authorization: Bearer æøå",
        f"x-forwarded-for: 127.0.0.1\r\nforwarded: for=127.0.0.1\r\ncookie: token={TOKEN}",
    ],
)  # fmt: skip
def test_without_the_token_nobody_gets_in(is_open: Adversary, access: str) -> None:
    for method, path in (
        ("GET", "/control/status"), ("POST", "/control/reset"), ("POST", "/internal/command"), ("GET", "/"),
        ("GET", f"/control/status?token={TOKEN}"),
    ):  # fmt: skip
        assert raw(is_open, "host: 127.0.0.1", access, method=method, path=path) == 401


@pytest.mark.parametrize(
    "access", [f"authorization: Bearer {TOKEN}", f"authorization: bearer {TOKEN}", basic(f":{TOKEN}")]
)
def test_with_the_token_a_call_is_accepted(is_open: Adversary, access: str) -> None:
    assert raw(is_open, "host: scenen.example", access) == 200
    assert raw(is_open, f"host: {FOREIGN}", access) == 403
    assert raw(is_open, "host: scenen.example", access, f"origin: http://{FOREIGN}") == 403
    is_open.neighbour_served()


def test_the_commands_take_the_token_from_the_address_and_do_not_show_it(is_open: Adversary, tmp_path: Path) -> None:
    control = is_open.proces.control
    assert TOKEN in control

    def verb(address: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "generalproeve", "clock", "show", "--json", "--control", address],
            cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    assert verb(control).returncode == 0
    assert verb(control.replace(TOKEN, "wrong")).returncode == 2
    none = verb(f"http://:{TOKEN}@127.0.0.1:1")
    assert none.returncode == 3
    assert TOKEN not in none.stderr


def test_without_a_given_token_one_is_generated(tmp_path: Path) -> None:
    with stage_i_proces(*FROZEN, "--host", "0.0.0.0", "--allow-remote", folder=tmp_path) as proces:
        parts = urlsplit(proces.control)
        assert parts.hostname == "127.0.0.1"
        assert len(parts.password or "") >= 32
        assert httpx.get(f"http://127.0.0.1:{parts.port}/control/status", trust_env=False).status_code == 401


@pytest.mark.parametrize(
    ("flag", "text"),
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
def test_unintended_settings_do_not_start_a_stage(tmp_path: Path, flag: list[str], text: str) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "generalproeve", "up", "--port", "0", *flag],
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert result.returncode == 2, result.stderr
    assert text in " ".join(result.stderr.split())
    assert "kort" not in result.stderr
