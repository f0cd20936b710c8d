"""An enemy on the line: slow, idle, endless, ambiguous. The stage hangs up, and its neighbour is served all the same."""

from __future__ import annotations

import contextlib
import resource
import socket
from collections.abc import Iterator

import pytest
from fjende import FROSSET, MIB, STI, Fjende, flag, laes, status, statusser, uden_spor
from processer import scene_i_proces

GRAENSER = ("header_seconds=0.5", "body_seconds=0.5", "idle_seconds=0.5", "headers=8192", "connections=100")
MEST = 64 * MIB


@pytest.fixture(scope="module")
def _fjende(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fjende]:
    with scene_i_proces(*FROSSET, *flag(GRAENSER), mappe=tmp_path_factory.mktemp("scene")) as proces:
        yield Fjende(proces)


@pytest.fixture
def fjende(_fjende: Fjende) -> Iterator[Fjende]:
    with _fjende.uskadt(MEST):
        yield _fjende


def begynd(krop: int = 0) -> bytes:
    return (
        f"POST {STI} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {krop}\r\n\r\n".encode()
    )


def dryp(stik: socket.socket, bidder: Iterator[bytes]) -> bytes:
    """Send piece by piece until the stage answers or hangs up: what is waited for is its answer, never the clock."""
    stik.settimeout(0.1)
    for bid in bidder:
        try:
            stik.sendall(bid)
            if svar := stik.recv(65536):
                return svar + laes(stik)
            return b""
        except TimeoutError:
            continue
        except ConnectionError:
            return b""
    raise AssertionError("the stage put up with everything")


def test_headere_en_byte_ad_gangen(fjende: Fjende) -> None:
    with fjende.forbind() as stik:
        svar = dryp(stik, (bytes([en]) for en in begynd() * 5))
    assert status(svar) == 408
    assert "for længe" in svar.decode()


def test_en_krop_der_aldrig_bliver_faerdig(fjende: Fjende) -> None:
    with fjende.forbind() as stik:
        stik.sendall(begynd(1000))
        assert status(dryp(stik, (b" " for _ in range(500)))) == 408


def test_en_krop_der_aldrig_begynder(fjende: Fjende) -> None:
    with fjende.forbind() as stik:
        stik.sendall(begynd(1000))
        assert status(laes(stik)) == 408


def test_den_der_intet_siger_mister_forbindelsen(fjende: Fjende) -> None:
    with fjende.forbind() as stik:
        assert laes(stik) == b""
    with fjende.forbind() as stik:
        stik.sendall(b"GET /openapi.json HTTP/1.1\r\nhost: x\r\n\r\n")
        assert statusser(laes(stik)) == [200]


@pytest.mark.parametrize(
    "hoved",
    [
        b"x-a: " + b"a" * MIB + b"\r\n",
        b"a: b\r\n" * 100_000,
        b"cookie: " + b"a" * 8192 + b"\r\n",
    ],
    ids=["én lang", "mange", "lige over"],
)
def test_for_mange_headere(fjende: Fjende, hoved: bytes) -> None:
    svar = fjende.raat(b"GET /openapi.json HTTP/1.1\r\nhost: x\r\n" + hoved + b"\r\n")
    assert status(svar) in (431, 0)  # a reset may overtake the answer when much was still on its way


def test_en_header_uden_ende(fjende: Fjende) -> None:
    svar = fjende.raat(b"GET / HTTP/1.1\r\nhost: x\r\nx-a: ", *[b"a" * MIB] * 200)
    assert status(svar) in (431, 0)


def test_en_sti_uden_ende(fjende: Fjende) -> None:
    assert status(fjende.raat(b"GET /", *[b"a" * 16_000] * 200)) in (431, 0)


def test_headere_under_graensen_gaar_igennem(fjende: Fjende) -> None:
    assert status(fjende.kald("GET", "/openapi.json", f"x-a: {'a' * 7000}")) == 200


SMUGLER = b"GET /openapi.json HTTP/1.1\r\nhost: x\r\n\r\n"
POST = f"POST {STI} HTTP/1.1\r\nhost: x\r\n".encode()


@pytest.mark.parametrize(
    "kald",
    [
        POST + b"content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        POST + b"transfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n",
        POST + b"content-length: 0\r\ncontent-length: 41\r\n\r\n",
        POST + b"content-length: 0, 41\r\n\r\n",
        POST + b"content-length: +0\r\n\r\n",
        POST + b"content-length: 99999999999999999999999\r\n\r\n",
        POST + b"transfer-encoding : chunked\r\n\r\n0\r\n\r\n",
        POST + b"transfer-encoding: xchunked\r\n\r\n0\r\n\r\n",
        POST + b"transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        POST + b"transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        POST + b"transfer-encoding: identity\r\n\r\n",
        POST + b"x-a: 1\r\n content-length: 5\r\n\r\n",
        POST + b"x-a: 1\ncontent-length: 5\r\n\r\n",
        POST + b"x-a: 1\rcontent-length: 5\r\n\r\n",
        POST + b"x-a: 1\0\r\n\r\n",
        POST.replace(b"\r\n", b"\n") + b"\n",
        POST + b"transfer-encoding: chunked\r\n\r\n1;a\nX\r\n0\r\n\r\n",
        POST + b"transfer-encoding: chunked\r\n\r\n-1\r\n\r\n",
        POST + b"transfer-encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
        POST + b"host: y\r\n\r\n",
        POST.replace(b"host: x\r\n", b"") + b"\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"CONNECT andre.example:443 HTTP/1.1\r\nhost: x\r\n\r\n",
        b"GET / HTTP/9.9\r\nhost: x\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"a" * 200,
    ],
)  # fmt: skip
def test_det_tvetydige_afvises_og_intet_smugles_ind_bag_det(fjende: Fjende, kald: bytes) -> None:
    """Two readers could read each of these differently, so nothing after it on the connection is heard."""
    svar = fjende.raat(kald + SMUGLER)
    assert statusser(svar) in ([400], [501]), svar
    assert b'"fejlkode":1014' in svar
    assert uden_spor(svar)


@pytest.mark.parametrize(
    ("sti", "ventet"),
    [
        ("/v1/PersonVisitering%2fkontaktgruppe", 400), ("/v1/PersonVisitering%5Ckontaktgruppe", 400),
        (f"{STI}%00", 404), (f"{STI}%0aloglinje", 404), ("/%1b[31m", 404), ("/%7f", 404),
        ("/v1/../v1/PersonVisitering/kontaktgruppe", 404), ("/v1/%2e%2e/v1/PersonVisitering/kontaktgruppe", 404),
        (f"/{STI}", 404), (f"{STI}/", 404), ("/v1//PersonVisitering/kontaktgruppe", 404), ("/..", 404), ("/%ff%fe", 404),
        ("/%e2%80%ae", 404), (f"{STI};a=b", 404), (f"{STI}%252f", 404), ("/openapi.json/%2e%2e", 404),
        ("/v1/Kodeliste/..%2f..%2fudgave", 400), ("/v1/Kodeliste/%2e%2e", 400), ("/swagger/%2e%2e/openapi.json", 404),
        ("/PjakTassWCFtService/9/%2e%2e/9/PersonRegistrationService.svc?wsdl", 404),
    ],
)  # fmt: skip
def test_en_sti_er_hvad_den_er(fjende: Fjende, sti: str, ventet: int) -> None:
    svar = fjende.kald("GET", sti)
    assert status(svar) == ventet, svar
    assert uden_spor(svar)


def test_et_opgraderingsoenske_er_som_ikke_sagt(fjende: Fjende) -> None:
    for hvad in ("websocket", "h2c"):
        assert status(fjende.kald("GET", "/openapi.json", f"upgrade: {hvad}", "connection: upgrade")) == 200


def test_tusinder_af_ledige_forbindelser(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The stage has fewer files than there are connections: those that have waited longest give way to the neighbour."""
    egne, haardt = resource.getrlimit(resource.RLIMIT_NOFILE)
    antal = min(5000, haardt - 200)
    resource.setrlimit(resource.RLIMIT_NOFILE, (antal // 2, haardt))  # what the stage inherits
    try:
        with scene_i_proces(*FROSSET, *flag(["header_seconds=600", "connections=5000"]),
                            mappe=tmp_path_factory.mktemp("scene")) as proces, contextlib.ExitStack() as aabne:  # fmt: skip
            resource.setrlimit(resource.RLIMIT_NOFILE, (max(egne, antal + 200), haardt))
            fjende = Fjende(proces)
            for nummer in range(antal):
                stik = aabne.enter_context(fjende.forbind())
                if nummer % 2:
                    with contextlib.suppress(ConnectionError):
                        stik.sendall(b"GET / HTTP/1.1\r\nhost: x\r\n")  # half a call is no call
            fjende.naboen_betjenes()
            fjende.naboen_betjenes()
            assert fjende.hukommelse() < 400 * MIB
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (egne, haardt))
