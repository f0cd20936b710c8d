"""What is unusual on the line but right: calls in a row, in pieces, of an older version, without a body in the answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fjende import FROSSET, Fjende, flag, laes, status, statusser
from processer import scene_i_proces

KALD = b"GET /v1/Kodeliste HTTP/1.1\r\nhost: x\r\n\r\n"
SIDSTE = KALD.replace(b"host: x", b"host: x\r\nconnection: close")


@pytest.fixture(scope="module")
def fjende(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fjende]:
    with scene_i_proces(
        *FROSSET, *flag(("headers=8192", "idle_seconds=0.5")), mappe=tmp_path_factory.mktemp("scene")
    ) as proces:
        yield Fjende(proces)


def test_kald_i_raekke_besvares_i_raekkefoelge(fjende: Fjende) -> None:
    findes_ikke = KALD.replace(b"/v1/Kodeliste", b"/findes/ikke")
    assert statusser(fjende.raat(KALD + findes_ikke + KALD + findes_ikke + SIDSTE)) == [200, 404, 200, 404, 200]


def test_et_kald_i_stykker_er_det_samme_kald(fjende: Fjende) -> None:
    helt = fjende.raat(SIDSTE)
    for snit in range(1, len(SIDSTE)):
        assert fjende.raat(SIDSTE[:snit], SIDSTE[snit:]) == helt


def test_slutningen_af_et_kald_sammen_med_begyndelsen_af_det_naeste(fjende: Fjende) -> None:
    assert statusser(fjende.raat(KALD + SIDSTE[:20], SIDSTE[20:])) == [200, 200]


def test_en_stor_krop_taeller_ikke_med_i_hovedet_efter_den(fjende: Fjende) -> None:
    krop = b" " * 20_000
    post = b"POST /findes/ikke HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n" % len(krop) + krop
    assert statusser(fjende.raat(post + SIDSTE)) == [404, 200]
    assert statusser(fjende.raat(post + SIDSTE[:20], SIDSTE[20:])) == [404, 200]


def test_den_aeldre_version_faar_svaret_og_ingen_forbindelse(fjende: Fjende) -> None:
    svar = fjende.raat(b"GET /v1/Kodeliste HTTP/1.0\r\n\r\n")
    assert status(svar) == 200
    assert b"connection: close" in svar


def test_head_faar_et_hoved_og_ingen_krop(fjende: Fjende) -> None:
    for kald in (SIDSTE, KALD):
        hoved, _, resten = fjende.raat(kald.replace(b"GET", b"HEAD") + SIDSTE).partition(b"\r\n\r\n")
        assert status(hoved) == 405
        assert b"content-length: " in hoved
        assert status(resten) == (200 if kald is KALD else 0)


def test_den_der_venter_paa_at_maatte_faar_lov(fjende: Fjende) -> None:
    sti, headers, krop = fjende.registrering()
    linjer = [f"POST {sti} HTTP/1.1", "host: x", f"content-length: {len(krop)}", "expect: 100-continue", *headers]
    with fjende.forbind() as stik:
        stik.sendall("\r\n".join(linjer).encode() + b"\r\n\r\n")
        assert stik.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        stik.sendall(krop)
        assert statusser(laes(stik)) == [200]


def test_en_krop_i_bidder_laeses_og_det_efter_den_bruges_ikke(fjende: Fjende) -> None:
    sti, headers, krop = fjende.registrering()
    linjer = [f"POST {sti} HTTP/1.1", "host: x", "connection: close", "transfer-encoding: chunked", *headers]
    bidder = b"".join(b"1\r\n%c\r\n" % en for en in krop)
    hoved = "\r\n".join(linjer).encode() + b"\r\n\r\n"
    assert statusser(fjende.raat(hoved, bidder, b"0\r\nx-requestId: en anden\r\n\r\n")) == [200]


def test_det_efter_en_krop_i_bidder_har_samme_graense_som_hovedet(fjende: Fjende) -> None:
    post = b"POST /v1/PersonVisitering/kontaktgruppe HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n0\r\n"
    assert 431 in statusser(fjende.raat(post + b"a: b\r\n" * 2000 + b"\r\n"))


def test_den_ledige_forbindelse_lukkes_og_den_der_bruges_bliver(fjende: Fjende) -> None:
    with fjende.forbind() as stik:
        for _ in range(3):
            stik.sendall(KALD)
            svar = b""
            while not svar.endswith(b"}]"):
                svar += stik.recv(65536)
            assert statusser(svar) == [200]
        rest = laes(stik)
    assert statusser(rest) == []
