"""Hostile access to the control API: a page of another site, another machine, a caller without the token."""

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
from support.processes import stage_process

FOREIGN = "andre.example"
TOKEN = "en-noegle-til-proeven"


@pytest.fixture(scope="module")
def adversary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Adversary]:
    with stage_process(*FROZEN, folder=tmp_path_factory.mktemp("stage")) as process:
        yield Adversary(process)


def raw(adversary: Adversary, *lines: str, method: str = "GET", path: str = "/control/status", body: str = "") -> int:
    head = [f"{method} {path} HTTP/1.1", *lines, "connection: close", f"content-length: {len(body)}", "", body]
    response = adversary.raw("\r\n".join(head).encode(), control=True)
    assert without_trace(response)
    assert b"access-control-" not in response.lower()
    return status(response)


def port(adversary: Adversary) -> int:
    found = urlsplit(adversary.process.control).port
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
    """DNS rebinding: the browser takes the stage for a server of the other site."""
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
    lines = f"host: 127.0.0.1:{port(adversary)}", f"origin: {origin.format(port(adversary))}"
    before = stage_status(adversary)
    assert raw(adversary, *lines) == 403
    for type_ in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        form = (*lines, f"content-type: {type_}")
        assert raw(adversary, *form, method="POST", path="/control/reset") == 403
        assert raw(adversary, *form, method="PUT", path="/control/release", body='{"release":"2025-2"}') == 403
    assert raw(adversary, *lines, "access-control-request-method: PUT", method="OPTIONS") == 403
    assert stage_status(adversary) == before


@pytest.mark.parametrize("site", ["cross-site", "same-site", "anything"])
def test_an_image_or_link_on_another_site_is_refused(adversary: Adversary, site: str) -> None:
    """A GET from another site has no Origin header; the browser sends Sec-Fetch-Site."""
    assert raw(adversary, f"host: 127.0.0.1:{port(adversary)}", f"sec-fetch-site: {site}") == 403


def test_two_origins_are_refused_though_one_is_the_stages_own(adversary: Adversary) -> None:
    own = f"127.0.0.1:{port(adversary)}"
    assert raw(adversary, f"host: {own}", f"origin: http://{FOREIGN}", f"origin: http://{own}") == 403
    assert raw(adversary, f"host: {own}", f"origin: http://{own}", f"origin: http://{FOREIGN}") == 403


def test_the_stages_own_page_is_accepted(adversary: Adversary) -> None:
    own = f"127.0.0.1:{port(adversary)}"
    lines = f"host: {own}", f"origin: http://{own}", "sec-fetch-site: same-origin"
    assert raw(adversary, *lines, method="PUT", path="/control/release", body='{"release":"2024-4"}') == 200
    adversary.neighbour_served()


def stage_status(adversary: Adversary) -> dict[str, object]:
    response: dict[str, object] = httpx.get(f"{adversary.process.control}/control/status", trust_env=False).json()
    return response


@pytest.fixture(scope="module")
def remote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Adversary]:
    """A stage that listens on all addresses."""
    with stage_process(
        *FROZEN, "--host", "0.0.0.0", "--control-host", "0.0.0.0", "--allow-remote", "--control-token", TOKEN,
        "--host-name", "scenen.example", folder=tmp_path_factory.mktemp("stage"),
    ) as process:  # fmt: skip
        yield Adversary(process)


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
def test_without_the_token_nobody_gets_in(remote: Adversary, access: str) -> None:
    for method, path in (
        ("GET", "/control/status"), ("POST", "/control/reset"), ("POST", "/internal/command"), ("GET", "/"),
        ("GET", f"/control/status?token={TOKEN}"),
    ):  # fmt: skip
        assert raw(remote, "host: 127.0.0.1", access, method=method, path=path) == 401


@pytest.mark.parametrize(
    "access", [f"authorization: Bearer {TOKEN}", f"authorization: bearer {TOKEN}", basic(f":{TOKEN}")]
)
def test_with_the_token_a_call_is_accepted(remote: Adversary, access: str) -> None:
    assert raw(remote, "host: scenen.example", access) == 200
    assert raw(remote, f"host: {FOREIGN}", access) == 403
    assert raw(remote, "host: scenen.example", access, f"origin: http://{FOREIGN}") == 403
    remote.neighbour_served()


@pytest.mark.slow
def test_the_commands_take_the_token_from_the_address_and_do_not_show_it(remote: Adversary, tmp_path: Path) -> None:
    control = remote.process.control
    assert TOKEN in control

    def clock_show(address: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "generalproeve", "clock", "show", "--json", "--control", address],
            cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    assert clock_show(control).returncode == 0
    assert clock_show(control.replace(TOKEN, "wrong")).returncode == 2
    unreachable = clock_show(f"http://:{TOKEN}@127.0.0.1:1")
    assert unreachable.returncode == 3
    assert TOKEN not in unreachable.stderr


def test_without_a_given_token_one_is_generated(tmp_path: Path) -> None:
    with stage_process(*FROZEN, "--host", "0.0.0.0", "--allow-remote", folder=tmp_path) as process:
        parts = urlsplit(process.control)
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
