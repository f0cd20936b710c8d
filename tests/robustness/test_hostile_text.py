"""Hostile texts: control characters and markup in names and paths do not act on a terminal, a log or a report."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from generalproeve.base.masking import visible
from generalproeve.stage.stage import mask_log_records
from support.adversary import FROZEN, PATH, Adversary, status, without_trace
from support.processes import stage_process
from vos_contracts.wire.soap import envelope

CPR = "0806842578"
CONTROL_CHARACTERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture(scope="module")
def _adversary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Adversary]:
    with stage_process(*FROZEN, folder=tmp_path_factory.mktemp("stage")) as process:
        yield Adversary(process)


@pytest.fixture
def adversary(_adversary: Adversary) -> Iterator[Adversary]:
    yield _adversary
    _adversary.neighbour_served()


@pytest.mark.parametrize(
    "name",
    ["\x01", "a\x1b[31mrød", "\x7f", "\x0b", "\u0085", "\u009b2J", "\ufffe", "a\u0080b", "x" * 300, "\t\t"],
)
def test_a_name_with_control_characters_is_refused(adversary: Adversary, name: str) -> None:
    for header in ("x_userFullName", "x_userIdentifier", "x_organisationCode", "x_userEmail"):
        path, headers, body = adversary.registration(**{header.lower(): name})
        response = adversary.call("POST", path, *headers, body=body)
        assert status(response) in (400, 401), header
        assert not CONTROL_CHARACTERS.search(response.decode().replace("\r\n", ""))
        assert without_trace(response)


def test_a_header_inside_a_name_does_not_become_a_header(adversary: Adversary) -> None:
    """A line break ends the header; the rest is a header that the call already has, and is refused as repeated."""
    path, headers, body = adversary.registration(x_userfullname="a\r\nx-organisationcode: 10200")
    response = adversary.call("POST", path, *headers, body=body)
    assert b"\r\nset-cookie" not in adversary.call("GET", f"{PATH}?x=%0d%0aset-cookie:%20a", *headers).lower()
    assert status(response) == 401


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        "</UserFullName><a/>",
        "]]>",
        "\u202egro\u202c",
        "Ø'\"&<>",
        "{{7*7}}${7*7}%s%n",
        "[red]x[/]",
    ],
)
def test_a_name_is_kept_as_plain_text(adversary: Adversary, name: str) -> None:
    path, headers, body = adversary.registration(x_userfullname=name)
    assert status(adversary.call("POST", path, *headers, body=body)) == 200
    cpr = next(header.partition(": ")[2] for header in headers if header.lower().startswith("x-civil"))
    response = adversary.call("GET", "/control/state?count=1000", control=True)
    assert cpr.encode() in response
    json.loads(response.partition(b"\r\n\r\n")[2])


@pytest.mark.parametrize("character", ["\ufffe", "\u0085", "\uffff"])
@pytest.mark.parametrize("header", ["soapaction", "content-type", "content-encoding", "x-clientsystemidentifier"])
def test_a_fault_that_repeats_invalid_characters_is_well_formed(
    adversary: Adversary, header: str, character: str
) -> None:
    """The invalid characters are not allowed in XML; the fault must be well-formed and have an error code."""
    path = "/PjakTassWCFtService/9/PersonRegistrationService.svc"
    headers = {"content-type": "text/xml", header: f"x{character}"}
    response = adversary.call("POST", path, *(f"{name}: {value}" for name, value in headers.items()), body=b"<x/>")
    assert status(response) == 500
    fault = envelope.read_response(response.partition(b"\r\n\r\n")[2])
    assert isinstance(fault, envelope.Fault)
    assert [error.code for error in fault.errors] == [1014]


def test_the_output_has_no_cpr_and_no_control_characters(tmp_path: Path) -> None:
    """Paths and raw bytes with CPR numbers and control characters are not printed."""
    with stage_process(*FROZEN, folder=tmp_path) as process:
        adversary = Adversary(process)
        for path in (
            f"{PATH}/{CPR}", f"/{CPR}", f"{PATH}?cpr={CPR}", f"/v1/Kodeliste/{CPR}", f"{PATH}/%e2%80%ae{CPR}", "/%c2%9b2J",
        ):  # fmt: skip
            adversary.call("GET", path)
        for raw in (f"GET /{CPR}\x1b[2J HTTP/1.1\r\n\r\n", f"{CPR}\r\n\r\n", f"GET / HTTP/1.1\r\n{CPR}\r\n\r\n"):
            adversary.raw(raw.encode())
            adversary.raw(raw.encode(), control=True)
        adversary.call("GET", "/openapi.json", "upgrade: websocket", "connection: upgrade")
        adversary.neighbour_served()
        assert process.interrupt() == 0
        assert process.popen.stdout is not None
        assert process.popen.stderr is not None
        output = process.popen.stdout.read() + process.popen.stderr.read()
    assert CPR not in output
    assert CPR[:6] not in output
    assert not CONTROL_CHARACTERS.search(output)


def test_a_logged_error_shows_no_cpr_and_no_control_characters() -> None:
    out = io.StringIO()
    log = logging.getLogger("hostile")
    log.propagate, log.handlers = False, []
    assert isinstance(logging.lastResort, logging.Handler)
    mask_log_records()
    with contextlib.redirect_stderr(out):
        try:
            raise ValueError(f"borgeren {CPR}")
        except ValueError:
            log.exception("GET /%s\x1b[2J\u202e", CPR)
    assert "Traceback" in out.getvalue()
    assert "080684xxxx" in out.getvalue()
    assert CPR not in out.getvalue()
    assert not CONTROL_CHARACTERS.search(out.getvalue()), sys.stderr


def test_control_characters_are_made_visible() -> None:
    assert visible("a\x1b[31m\u202eb\r\n\tæ") == "a\\u001b[31m\\u202eb\\u000d\n\tæ"
