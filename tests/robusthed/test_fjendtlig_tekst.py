"""An enemy in the texts: what a caller calls itself must not steer a terminal, a log, a report or a message."""

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
from fjende import FROSSET, STI, Fjende, status, uden_spor
from processer import scene_i_proces

from generalproeve.base.masking import synlig
from generalproeve.loglinje import hold_loggen_ren
from vos_contracts.wire import soap

CPR = "0806842578"
STYRETEGN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture(scope="module")
def _fjende(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fjende]:
    with scene_i_proces(*FROSSET, mappe=tmp_path_factory.mktemp("scene")) as proces:
        yield Fjende(proces)


@pytest.fixture
def fjende(_fjende: Fjende) -> Iterator[Fjende]:
    yield _fjende
    _fjende.naboen_betjenes()


@pytest.mark.parametrize(
    "navn",
    ["\x01", "a\x1b[31mrød", "\x7f", "\x0b", "\u0085", "\u009b2J", "\ufffe", "a\u0080b", "x" * 300, "\t\t"],
)
def test_et_navn_med_styretegn_afvises(fjende: Fjende, navn: str) -> None:
    for header in ("x_userFullName", "x_userIdentifier", "x_organisationCode", "x_userEmail"):
        sti, headers, krop = fjende.registrering(**{header.lower(): navn})
        svar = fjende.kald("POST", sti, *headers, krop=krop)
        assert status(svar) in (400, 401), header
        assert not STYRETEGN.search(svar.decode().replace("\r\n", ""))
        assert uden_spor(svar)


def test_en_header_i_navnet_bliver_ikke_til_en_header(fjende: Fjende) -> None:
    """A line break ends the header, so what comes after it is the caller's own header and nobody else's."""
    sti, headers, krop = fjende.registrering(x_userfullname="a\r\nx-organisationcode: 10200")
    svar = fjende.kald("POST", sti, *headers, krop=krop)
    assert b"\r\nset-cookie" not in fjende.kald("GET", f"{STI}?x=%0d%0aset-cookie:%20a", *headers).lower()
    assert status(svar) in (200, 400, 403)


@pytest.mark.parametrize(
    "navn",
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
def test_et_navn_er_tekst_og_staar_som_det_blev_sagt(fjende: Fjende, navn: str) -> None:
    sti, headers, krop = fjende.registrering(x_userfullname=navn)
    assert status(fjende.kald("POST", sti, *headers, krop=krop)) == 200
    cpr = next(en.partition(": ")[2] for en in headers if en.lower().startswith("x-civil"))
    svar = fjende.kald("GET", "/styring/tilstand?antal=1000", styring=True)
    assert cpr.encode() in svar
    json.loads(svar.partition(b"\r\n\r\n")[2])


@pytest.mark.parametrize("tegn", ["\ufffe", "\u0085", "\uffff"])
@pytest.mark.parametrize("header", ["soapaction", "content-type", "content-encoding", "x-clientsystemidentifier"])
def test_en_fault_baerer_hvad_der_blev_sagt_saa_godt_xml_kan(fjende: Fjende, header: str, tegn: str) -> None:
    """A fault that repeats what no XML can hold must still be one; and what REST alone says, no fault does."""
    sti = "/PjakTassWCFtService/9/PersonRegistrationService.svc"
    headers = {"content-type": "text/xml", header: f"x{tegn}"}
    svar = fjende.kald("POST", sti, *(f"{navn}: {vaerdi}" for navn, vaerdi in headers.items()), krop=b"<x/>")
    assert status(svar) == 500
    fault = soap.laes_svar(svar.partition(b"\r\n\r\n")[2])
    assert isinstance(fault, soap.Fault)
    assert [en.kode for en in fault.fejl] == [1014]


def test_loggen_og_det_der_siges_er_uden_cpr_og_styretegn(tmp_path: Path) -> None:
    """Whatever is called with numbers and control characters, nothing of it is printed."""
    with scene_i_proces(*FROSSET, mappe=tmp_path) as proces:
        fjende = Fjende(proces)
        for sti in (
            f"{STI}/{CPR}", f"/{CPR}", f"{STI}?cpr={CPR}", f"/v1/Kodeliste/{CPR}", f"{STI}/%e2%80%ae{CPR}", "/%c2%9b2J",
        ):  # fmt: skip
            fjende.kald("GET", sti)
        for raa in (f"GET /{CPR}\x1b[2J HTTP/1.1\r\n\r\n", f"{CPR}\r\n\r\n", f"GET / HTTP/1.1\r\n{CPR}\r\n\r\n"):
            fjende.raat(raa.encode())
            fjende.raat(raa.encode(), styring=True)
        fjende.kald("GET", "/openapi.json", "upgrade: websocket", "connection: upgrade")
        fjende.naboen_betjenes()
        assert proces.afbryd() == 0
        assert proces.popen.stdout is not None
        assert proces.popen.stderr is not None
        sagt = proces.popen.stdout.read() + proces.popen.stderr.read()
    assert CPR not in sagt
    assert CPR[:6] not in sagt
    assert not STYRETEGN.search(sagt)


def test_en_fejl_i_loggen_viser_hverken_nummer_eller_styretegn() -> None:
    ud = io.StringIO()
    log = logging.getLogger("fjendtlig")
    log.propagate, log.handlers = False, []
    assert isinstance(logging.lastResort, logging.Handler)
    hold_loggen_ren()
    with contextlib.redirect_stderr(ud):
        try:
            raise ValueError(f"borgeren {CPR}")
        except ValueError:
            log.exception("GET /%s\x1b[2J\u202e", CPR)
    assert "Traceback" in ud.getvalue()
    assert "080684xxxx" in ud.getvalue()
    assert CPR not in ud.getvalue()
    assert not STYRETEGN.search(ud.getvalue()), sys.stderr


def test_hvad_der_vises_paa_en_skaerm() -> None:
    assert synlig("a\x1b[31m\u202eb\r\n\tæ") == "a\\u001b[31m\\u202eb\\u000d\n\tæ"
