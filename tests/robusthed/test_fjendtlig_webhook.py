"""An enemy as the receiver of messages: an address that points elsewhere, a redirect, an answer that unfolds."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from fjende import FROSSET, MIB, Fjende, status
from processer import scene_i_proces

from byggeklodser import I_DAG, JOBCENTER, identitet
from vos_contracts.base.ids import ny_uuid
from vos_contracts.kontrakt import indlaes
from vos_contracts.wire.abonnement import Abonnementer, Abonnementsoenske
from vos_contracts.wire.rest import Rest

SYSTEM = "0193e6a0-0000-7000-8000-0000000000bb"
FRIST_S = 30


@pytest.fixture(scope="module")
def fjende(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fjende]:
    with scene_i_proces(*FROSSET, "--wsb-mode", "designed", mappe=tmp_path_factory.mktemp("scene")) as proces:
        yield Fjende(proces)
        Fjende(proces).naboen_betjenes()


def opret(fjende: Fjende, base_url: str) -> tuple[int, str]:
    system = {"systemIdentifier": SYSTEM, "baseUrl": base_url,
              "organisationer": [{"organisationType": 8, "organisationKode": "10100"}]}  # fmt: skip
    svar = fjende.kald("PUT", "/styring/subscribersystemer", krop=json.dumps(system).encode(), styring=True)
    return status(svar), svar.decode()


def abonner(fjende: Fjende) -> None:
    rest = Rest(indlaes())
    oenske = Abonnementsoenske(JOBCENTER, 100008, "/hook", I_DAG.date())
    kald = Abonnementer(indlaes(), rest).kald(SYSTEM, [oenske], identitet(), ny_uuid())
    headers = [f"{navn}: {vaerdi}" for navn, vaerdi in kald.headers.items()]
    assert status(fjende.kald("POST", kald.sti, *headers, krop=kald.krop)) == 200


def staar(fjende: Fjende) -> dict[str, list[dict[str, object]]]:
    krop = fjende.kald("GET", "/styring/wsb", styring=True).partition(b"\r\n\r\n")[2]
    indhold: dict[str, list[dict[str, object]]] = json.loads(krop)
    return indhold


@contextmanager
def modtager(svar: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[tuple[str, threading.Semaphore]]:
    """Serve on loopback; the semaphore is released for every call that was answered."""
    kaldt = threading.Semaphore(0)

    class Svarer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            svar(self)
            kaldt.release()

        do_GET = do_POST

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Svarer)
    traad = threading.Thread(target=server.serve_forever, daemon=True)
    traad.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", kaldt
    finally:
        server.shutdown()
        traad.join()
        server.server_close()


@pytest.mark.parametrize(
    "base_url",
    [
        "http://169.254.169.254/latest", "http://10.0.0.1", "http://andre.example", "http://0.0.0.0", "http://[::]",
        "http://2130706433", "http://0x7f000001", "http://017700000001", "http://127.1", "http://0177.0.0.1",
        "http://[::ffff:10.0.0.1]", "http://[::ffff:7f00:1]", "http://[fe80::1%25lo]", "http://[fd00::1]", "http://[::127.0.0.1]",
        "http://127.0.0.1@andre.example", "http://127.0.0.1:80@andre.example", "http://andre.example@127.0.0.1",
        "http://@127.0.0.1", "http://:@127.0.0.1", "http://127.0.0.1\\@andre.example", "http://andre.example\\.127.0.0.1",
        "http://127.0.0.1.andre.example", "http://localhost.andre.example", "http://localhost.", "http://localhost\t.andre.example",
        "http://andre.example#127.0.0.1", "http://andre.example?127.0.0.1", "http://127.0.0.1#@andre.example",
        "http://127.0.0.1%2eandre.example", "http://127.0.0.1%00.andre.example", "http://127。0。0。1", "http://①②⑦.0.0.1",
        "http://ⓛocalhost", "http://127.0.0.1:80:80", "http://127.0.0.1:99999", "http://", "http:///x", "//127.0.0.1",
        "127.0.0.1", "file:///etc/hostname", "gopher://127.0.0.1", "ftp://127.0.0.1", "http+unix://127.0.0.1", "javascript:x",
        "http://127.0.0.1/\r\nhost: andre", "http://127.0.0.1/ x", "http://127.0.0.1/?a=b", "http://[127.0.0.1]", "http://[::1",
    ],
)  # fmt: skip
def test_en_adresse_der_ikke_er_denne_maskines(fjende: Fjende, base_url: str) -> None:
    fundet, svar = opret(fjende, base_url)
    assert fundet == 400, svar
    assert "baseUrl" in svar


@pytest.mark.parametrize(
    "base_url", ["http://127.0.0.1:9", "https://127.0.0.2/x", "http://[::1]:9", "http://LOCALHOST:9/a"]
)
def test_denne_maskines_adresser(fjende: Fjende, base_url: str) -> None:
    assert opret(fjende, base_url)[0] == 204


def test_en_omstilling_foelges_ikke(fjende: Fjende) -> None:
    """A receiver here may not send the stage on to somewhere else."""
    with modtager(lambda en: svar_med(en, 200)) as (mod, naaet):

        def stil_om(en: BaseHTTPRequestHandler) -> None:
            svar_med(en, 307, ("location", f"{mod}/andet"))

        with modtager(stil_om) as (base_url, kaldt):
            assert opret(fjende, base_url)[0] == 204
            abonner(fjende)
            fjende.naboen_betjenes()
            assert kaldt.acquire(timeout=FRIST_S)
            fjende.naboen_betjenes()
            assert kaldt.acquire(timeout=FRIST_S)  # the first has been dealt with: one after the other is not held up
        assert not naaet.acquire(blocking=False)


def svar_med(en: BaseHTTPRequestHandler, kode: int, *headers: tuple[str, str], krop: bytes = b"") -> None:
    en.send_response(kode)
    for navn, vaerdi in (*headers, ("content-length", str(len(krop)))):
        en.send_header(navn, vaerdi)
    en.end_headers()
    en.wfile.write(krop)


def test_et_pakket_svar_pakkes_ikke_ud(fjende: Fjende) -> None:
    bombe = gzip.compress(b"\0" * 60 * MIB)
    assert len(bombe) < 65_536
    with modtager(lambda en: svar_med(en, 200, ("content-encoding", "gzip"), krop=bombe)) as (base_url, kaldt):
        assert opret(fjende, base_url)[0] == 204
        abonner(fjende)
        fjende.naboen_betjenes()
        assert kaldt.acquire(timeout=FRIST_S)
        foer = fjende.hukommelse("VmHWM")
        for _ in range(3):
            fjende.naboen_betjenes()
            assert kaldt.acquire(timeout=FRIST_S)
        assert fjende.hukommelse("VmHWM") - foer < 40 * MIB


def test_et_system_fra_en_tidligere_koersel_naas_ikke_naar_det_ikke_laengere_er_tilladt(tmp_path: Path) -> None:
    """The address stands in the database; what the stage is started with now is what counts."""
    db = ("--db", "scene.db", "--wsb-mode", "designed")
    with scene_i_proces(*FROSSET, *db, "--webhook-host", "andre.invalid", mappe=tmp_path) as proces:
        fjende = Fjende(proces)
        assert opret(fjende, "http://andre.invalid")[0] == 204
        abonner(fjende)
        assert proces.afbryd() == 0
    with scene_i_proces(*FROSSET, *db, mappe=tmp_path) as proces:
        fjende = Fjende(proces)
        fjende.naboen_betjenes()
        frist = threading.Event()
        for _ in range(FRIST_S * 10):
            doede = staar(fjende)["doede"]
            if doede or frist.wait(0.1):
                break
        assert [en["grund"] for en in doede] == ["der sendes ikke til andre.invalid"]
