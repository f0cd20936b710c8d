"""A stage whose services several processes answer is one stage: nobody can tell which of them answered.

Two connections, one after the other, are in two processes.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from fjernscene import SYSTEMER, certifikater
from processer import Proces, scene_i_proces

from byggeklodser import I_DAG, JOBCENTER, NU, identitet, kontrakt
from generalproeve.konfiguration import Sceneopsaetning, laes
from generalproeve.scene import indlejret
from generalproeve.udgang import KanIkkeKoere
from vos_contracts.idkilde import ny_uuid
from vos_contracts.journalpost import Posttype
from vos_contracts.nabo import Tilmeld
from vos_contracts.operationer import Art, Opdater, Opret
from vos_contracts.wire import soap, soap_registrering
from vos_contracts.wire.abonnement import Abonnementer, Abonnementsoenske, Synkroniseret
from vos_contracts.wire.rest import Afslag, Rest
from vos_contracts.wire.soap_skema import tjenester
from vos_simulators.control import Styring
from vos_simulators.inboxes.webhook import WsbModtager
from vos_simulators.party import Aktoer, Kanal
from vos_simulators.people import Borger, Folk, paa_scenen
from vos_simulators.transport import HttpTransport

TO = ("--processes", "2", "--control-port", "0", "--people", "0", "--clock", NU.isoformat())
GANGE = 100
SYSTEM = "0193e6a0-0000-7000-8000-00000000000b"
FRIST_S = 5.0
"""Well within what the sender rests when nobody wakes it."""


@pytest.fixture(scope="module")
def proces(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proces]:
    with scene_i_proces(*TO, mappe=tmp_path_factory.mktemp("flere")) as en:
        yield en


@pytest.fixture
def styring(proces: Proces) -> Iterator[Styring]:
    with HttpTransport(proces.styring) as linje:
        styring = Styring(linje)
        styring.nulstil()
        yield styring
        styring.skift_udgave("2024-4")


@pytest.fixture
def kss(proces: Proces) -> Iterator[tuple[Aktoer, Aktoer]]:
    """One party on two connections."""
    with HttpTransport(proces.tjenester) as en, HttpTransport(proces.tjenester) as anden:
        yield Aktoer(identitet(), kontrakt(), en, ny_uuid), Aktoer(identitet(), kontrakt(), anden, ny_uuid)


def borgere(styring: Styring, antal: int) -> list[Borger]:
    folk = Folk(seed=31)
    alle = [folk.ny(40, NU.date()) for _ in range(antal)]
    styring.opsaet(*(paa_scenen(en) for en in alle))
    return alle


def opret(kss: Aktoer, borger: Borger, kanal: Kanal = Kanal.PVS) -> str:
    svar = kss.registrer(borger.cpr, Opret(Art.KONTAKTGRUPPE, 2, I_DAG), kanal)
    assert isinstance(svar, str), svar
    return svar


def test_hvad_den_ene_har_gjort_ved_den_anden(styring: Styring, kss: tuple[Aktoer, Aktoer]) -> None:
    for borger in borgere(styring, 20):
        id_ = opret(kss[0], borger)
        laest = kss[1].laes(borger.cpr, Art.KONTAKTGRUPPE)
        assert not isinstance(laest, Afslag)
        assert [en.id for en in laest] == [id_]
        assert kss[1].registrer(borger.cpr, Opdater(Art.KONTAKTGRUPPE, id_, NU), Kanal.PVS) == id_


def test_journalen_har_kaldet_naar_svaret_er_der_og_i_raekkefoelge(
    styring: Styring, kss: tuple[Aktoer, Aktoer]
) -> None:
    alle = borgere(styring, 1)
    fra = styring.journal().naeste
    arter = [nr % 3 % 2 for nr in range(GANGE)]
    for nr, art in enumerate(arter):
        kss[nr % 2].laes(alle[0].cpr, list(Art)[art])
        if nr % 10 == 0:
            assert styring.journal(fra).naeste == fra + nr + 1
    stier = [str(post.data["sti"]).lower() for post in styring.journal(fra).poster if post.art is Posttype.KALD]
    assert [list(Art)[art].value in sti for art, sti in zip(arter, stier, strict=True)] == [True] * GANGE


def test_en_aendrings_beskeder_staar_foer_dens_kald_og_efter_det_forrige(
    styring: Styring, kss: tuple[Aktoer, Aktoer]
) -> None:
    alle = borgere(styring, 10)
    fra = styring.journal().naeste
    for nr, borger in enumerate(alle):
        opret(kss[nr % 2], borger)
    for borger in alle:
        arter = [en.art for en in styring.journal(fra).poster if en.cpr == borger.cpr]
        assert arter[-1] is Posttype.KALD
        assert set(arter[:-1]) == {Posttype.BESKED_LAGT}
    rejst = [en.cpr for en in styring.journal(fra).poster]
    assert list(dict.fromkeys(rejst)) == [en.cpr for en in alle]


def test_udgave_og_ur_gaelder_for_dem_begge_fra_naeste_kald(styring: Styring, kss: tuple[Aktoer, Aktoer]) -> None:
    alle, fra = borgere(styring, 20), styring.journal().naeste
    for nr in range(10):
        styring.skift_udgave("2025-2")
        for en in kss:
            svar = en.registrer(alle[2 * nr].cpr, Opret(Art.KONTAKTGRUPPE, 2, I_DAG), Kanal.PRS)
            assert isinstance(svar, Afslag)
            assert "PersonRegistrationService er udgået fra 2025-2" in str(svar)
        styring.skift_udgave("2024-4")
        styring.stil_ur(NU + timedelta(minutes=nr + 1))
        for en, borger in zip(kss, alle[2 * nr :], strict=False):
            opret(en, borger, Kanal.PRS)
            poster = [post for post in styring.journal(fra).poster if post.cpr == borger.cpr]
            assert {post.tidspunkt for post in poster if post.art is Posttype.BESKED_LAGT} == {
                NU + timedelta(minutes=nr + 1)
            }, poster


def test_et_kald_hvis_krop_kommer_sent_afgoeres_paa_det_ur_der_gaelder_da(proces: Proces, styring: Styring) -> None:
    rest = Rest(kontrakt())
    dele = urlsplit(proces.tjenester)
    for nr, borger in enumerate(borgere(styring, 2)):
        fra = styring.journal().naeste
        kald = rest.kald_registrer(borger.cpr, Opret(Art.KONTAKTGRUPPE, 2, I_DAG), identitet(), ny_uuid())
        hoved = {**kald.headers, "host": "x", "expect": "100-continue", "content-length": str(len(kald.krop))}
        with socket.create_connection((dele.hostname, dele.port), timeout=60) as stik:
            stik.sendall(f"POST {kald.sti} HTTP/1.1\r\n".encode())
            stik.sendall("".join(f"{navn}: {vaerdi}\r\n" for navn, vaerdi in hoved.items()).encode() + b"\r\n")
            assert stik.recv(1000).startswith(b"HTTP/1.1 100 ")  # the service waits for the body
            styring.stil_ur(NU + timedelta(hours=nr + 1))
            stik.sendall(kald.krop)
            assert stik.recv(1000).startswith(b"HTTP/1.1 200 ")
        lagt = [post for post in styring.journal(fra).poster if post.art is Posttype.BESKED_LAGT]
        assert {post.tidspunkt for post in lagt} == {NU + timedelta(hours=nr + 1)}


def test_naboerne_virker_i_dem_begge(styring: Styring, kss: tuple[Aktoer, Aktoer]) -> None:
    fra = styring.journal().naeste
    for aktoer, borger in zip(kss, borgere(styring, 2), strict=True):
        svar = aktoer.naboer.tilmelding(borger.cpr, Tilmeld(kategori=2, ledighedsgrad=1, dato=NU.date()))
        assert not isinstance(svar, Afslag), svar
        assert Posttype.BESKED_LAGT in {en.art for en in styring.journal(fra).poster if en.cpr == borger.cpr}


def test_mange_paa_samme_tid_og_ingen_taber_noget(proces: Proces, styring: Styring) -> None:
    traade, hver = 6, 30
    alle = borgere(styring, traade * hver)
    fejl: list[object] = []

    def registrer(nr: int) -> None:
        with HttpTransport(proces.tjenester) as linje:
            kss = Aktoer(identitet(), kontrakt(), linje, ny_uuid)
            for borger in alle[nr * hver : (nr + 1) * hver]:
                svar = kss.registrer(borger.cpr, Opret(Art.KONTAKTGRUPPE, 2, I_DAG), list(Kanal)[nr % 2])
                if not isinstance(svar, str):
                    fejl.append(svar)

    fra = styring.journal().naeste
    loebende = [threading.Thread(target=registrer, args=(nr,)) for nr in range(traade)]
    for traad in loebende:
        traad.start()
    for traad in loebende:
        traad.join()
    assert fejl == []
    poster = styring.journal(fra).poster
    assert sum(en.art is Posttype.KALD for en in poster) == traade * hver
    assert {en.cpr for en in poster if en.art is Posttype.BESKED_LAGT} == {en.cpr for en in alle}


def test_de_deler_forbindelserne_lige(proces: Proces) -> None:
    med = boern(proces.popen.pid)
    assert len(med) == 2
    with contextlib.ExitStack() as oprydning:
        foer = [aabne(en) for en in med]
        for _ in range(10):
            klient = oprydning.enter_context(httpx.Client(trust_env=False))
            assert klient.get(f"{proces.tjenester}/openapi.json").status_code in {200, 404}
        assert [aabne(en) - lige for en, lige in zip(med, foer, strict=True)] == [5, 5]


def test_en_udgave_der_skiftes_mens_kroppen_kommer_gaelder_for_kaldet(proces: Proces, styring: Styring) -> None:
    dele = urlsplit(proces.tjenester)
    prs = tjenester(kontrakt())["PersonRegistrationService"]
    for borger in borgere(styring, 2):
        operation, element = soap_registrering.skriv_forespoergsel(
            borger.cpr, Opret(Art.KONTAKTGRUPPE, 2, I_DAG), kontrakt()
        )
        krop = soap.skriv_kald(identitet(), element)
        linjer = (
            f"POST {prs.sti} HTTP/1.1", "host: x", "content-type: text/xml; charset=utf-8", "expect: 100-continue",
            f"soapaction: {prs.operationer[operation].soapaction}", f"content-length: {len(krop)}", "connection: close",
        )  # fmt: skip
        with socket.create_connection((dele.hostname, dele.port), timeout=60) as stik:
            stik.sendall("\r\n".join(linjer).encode() + b"\r\n\r\n")
            assert stik.recv(1000).startswith(b"HTTP/1.1 100 ")
            styring.skift_udgave("2025-2")
            stik.sendall(krop)
            svar = b"".join(iter(lambda: stik.recv(65536), b""))
        assert "er udgået fra 2025-2" in svar.decode()
        styring.skift_udgave("2024-4")


def test_en_der_ikke_kan_aabne_flere_filer_bliver_ved_med_de_aabne(tmp_path: Path) -> None:
    with scene_i_proces(*TO, mappe=tmp_path) as en:
        dele = urlsplit(en.tjenester)
        med = boern(en.popen.pid)
        foer = [resource.prlimit(pid, resource.RLIMIT_NOFILE) for pid in med]
        for pid in med:
            brugt = max(int(fd.name) for fd in Path(f"/proc/{pid}/fd").iterdir()) + 1
            resource.prlimit(pid, resource.RLIMIT_NOFILE, (brugt, foer[0][1]))
        with contextlib.ExitStack() as oprydning:
            svar = []
            for _ in range(100):
                stik = oprydning.enter_context(socket.create_connection((dele.hostname, dele.port), timeout=60))
                stik.sendall(b"GET /openapi.json HTTP/1.1\r\nhost: x\r\n\r\n")
                try:
                    svar.append(stik.recv(8))
                except ConnectionResetError:
                    svar.append(b"")
            assert set(svar) == {b"", b"HTTP/1.1"}
        for pid, (blod, haard) in zip(med, foer, strict=True):
            resource.prlimit(pid, resource.RLIMIT_NOFILE, (blod, haard))
        assert boern(en.popen.pid) == med
        for _ in range(4):
            assert httpx.get(f"{en.tjenester}/openapi.json", trust_env=False).status_code == 200
        assert en.afbryd() == 0


def test_hvad_der_ligger_i_mappen_er_ikke_deres(tmp_path: Path) -> None:
    (tmp_path / "logging.py").write_text("raise SystemExit('somebody else')")
    with scene_i_proces(*TO, mappe=tmp_path, program=("-P", "-m", "generalproeve")) as en:
        assert httpx.get(f"{en.tjenester}/openapi.json", trust_env=False).status_code == 200


def test_hver_har_sin_del_af_de_forbindelser_der_holdes(tmp_path: Path) -> None:
    with scene_i_proces(*TO, "--limit", "connections=4", "--limit", "header_seconds=600", mappe=tmp_path) as en:
        dele = urlsplit(en.tjenester)
        with contextlib.ExitStack() as oprydning:
            stik = [
                oprydning.enter_context(socket.create_connection((dele.hostname, dele.port), timeout=60))
                for _ in range(5)
            ]
            with contextlib.suppress(ConnectionResetError):
                assert stik[0].recv(1) == b"", "the first has waited longest, and its process has two of the others"
            for et in stik[1:]:
                et.sendall(b"GET /openapi.json HTTP/1.1\r\nhost: x\r\n\r\n")
                assert et.recv(8) == b"HTTP/1.1"


def test_en_webbesked_gaar_straks_uden_at_nogen_roerer_uret(
    proces: Proces, styring: Styring, kss: tuple[Aktoer, Aktoer]
) -> None:
    with WsbModtager(kontrakt()) as modtager, HttpTransport(proces.tjenester) as linje:
        styring.subscribersystem(SYSTEM, modtager.adresse, JOBCENTER)
        wire = Abonnementer(kontrakt(), Rest(kontrakt()))
        oensker = [Abonnementsoenske(JOBCENTER, 100008, "/wsb", NU.date())]
        assert wire.forstaa(linje.send(wire.kald(SYSTEM, oensker, identitet(), ny_uuid()))) == Synkroniseret(1, 0, 0)
        for nr, (en, borger) in enumerate(zip(kss, borgere(styring, 2), strict=True)):
            opret(en, borger)
            modtager.vent_paa(nr + 1, FRIST_S)


def test_en_der_doer_tager_scenen_med_sig_og_det_siges(tmp_path: Path) -> None:
    with scene_i_proces(*TO, mappe=tmp_path) as en:
        med = boern(en.popen.pid)
        os.kill(med[0], signal.SIGKILL)
        assert en.popen.wait(timeout=30) == 2
        assert en.popen.stderr is not None
        assert "a process of the stage ended by itself (exit code -9)" in en.popen.stderr.read()
        assert_vaek(med)


@pytest.mark.parametrize("hvordan", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_naar_scenen_er_vaek_er_de_det_alle(tmp_path: Path, hvordan: signal.Signals) -> None:
    with scene_i_proces(*TO, mappe=tmp_path) as en:
        med = boern(en.popen.pid)
        en.popen.send_signal(hvordan)
        assert en.popen.wait(timeout=30) == (-9 if hvordan is signal.SIGKILL else 0)
        assert_vaek(med)


def test_ctrl_c_til_dem_alle_er_en_rolig_ende(tmp_path: Path) -> None:
    kommando = [sys.executable, "-m", "generalproeve", "up", "--json", "--port", "0", *TO, "--no-control"]
    with subprocess.Popen(
        kommando, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as popen:
        assert popen.stdout is not None
        assert popen.stderr is not None
        assert popen.stdout.readline()
        os.killpg(popen.pid, signal.SIGINT)
        assert popen.wait(timeout=30) == 0
        assert popen.stderr.read() == ""


def test_under_tls_siger_certifikatet_systemet_i_dem_begge(tmp_path: Path) -> None:
    navn = kontrakt().navne.header("system")
    with scene_i_proces(*TO, *certifikater(tmp_path), mappe=tmp_path) as en, HttpTransport(en.styring) as linje:
        with contextlib.suppress(httpx.HTTPError):
            httpx.get(en.tjenester.replace("https", "http"), trust_env=False)  # no TLS: nobody is disturbed
        for system in ("kss", "akasse"):
            tls = ssl.create_default_context(cafile=str(tmp_path / "ca.pem"))
            tls.load_cert_chain(tmp_path / f"{system}.pem", tmp_path / f"{system}.key")
            sti = f"{en.tjenester}/v1/PersonVisitering/kontaktgruppe"
            assert httpx.get(sti, headers={navn: "7"}, verify=tls, trust_env=False).status_code == 401
        systemer = [post.data["system"] for post in Styring(linje).journal().poster if post.art is Posttype.KALD]
        assert systemer == [str(SYSTEMER["kss"]), str(SYSTEMER["akasse"])]


def test_en_model_af_latens_hoerer_til_een_proces(proces: Proces) -> None:
    with (
        pytest.raises(KanIkkeKoere, match=r"stage\.processes: a latency model is kept to by one process"),
        indlejret(Sceneopsaetning(port=0, control_port=0, clock=NU, processes=2, latency="epic")),
    ):
        pass
    sti = f"{proces.styring}/styring/latens"
    svar = httpx.put(sti, json="epic", trust_env=False)
    assert svar.status_code == 400
    assert "latency: a latency model is kept to by one process, and the stage has several" in svar.text
    assert httpx.get(sti, trust_env=False).json()["latens"] is None
    assert httpx.delete(sti, trust_env=False).status_code == 200


@pytest.mark.parametrize("vaerdi", ["0", "65", "true", '"to"', "1.5"])
def test_antallet_er_et_lille_helt_tal(tmp_path: Path, vaerdi: str) -> None:
    fil = tmp_path / "generalproeve.toml"
    fil.write_text(f"[stage]\nprocesses = {vaerdi}\n")
    with pytest.raises(KanIkkeKoere, match=r"stage\.processes: must be a number of processes 1-64"):
        laes(fil, {})


def boern(pid: int) -> list[int]:
    return sorted(int(en) for en in Path(f"/proc/{pid}/task/{pid}/children").read_text().split())


def aabne(pid: int) -> int:
    """Count its sockets."""
    return sum("socket:" in os.readlink(en) for en in Path(f"/proc/{pid}/fd").iterdir())


def assert_vaek(pids: list[int]) -> None:
    for pid in pids:
        for _ in range(3000):
            if not Path(f"/proc/{pid}/exe").exists():
                break
            threading.Event().wait(0.01)
        else:
            raise AssertionError(f"{pid} is still there")
