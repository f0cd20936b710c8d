"""A slow stage over real sockets: it is as slow as it was told to be, goes wrong as often, and says so everywhere."""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt
from pathlib import Path
from statistics import NormalDist
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import trustme
from processer import scene_i_proces

from byggeklodser import I_DAG, JOBCENTER, NU, kontrakt
from generalproeve.cli.fuzz import resolved_target
from generalproeve.forloeb import Forloeb, Ramme, Sceneforloeb
from generalproeve.journal import Journalskriver
from generalproeve.konsol import som_json
from generalproeve.latens import draws
from generalproeve.rapport import forskel, laesning, skriv_html, skriv_junit
from generalproeve.scene import Scene, indlejret
from generalproeve.settings.options import Given
from generalproeve.settings.stage import StageSettings
from generalproeve.stage.latency.distribution import Jaevn, Lognormal
from generalproeve.stage.latency.layer import Regel
from generalproeve.stage.latency.measurement import Kaldsudgang
from generalproeve.stage.latency.model import Fejlpost
from vos_contracts.base import stopwatch
from vos_contracts.base.ids import ny_uuid
from vos_contracts.control.journal import Post, Posttype
from vos_contracts.model.registration import Art, Opret
from vos_contracts.wire.base import UnreachableError
from vos_contracts.wire.rest import Afslag
from vos_simulators import parties
from vos_simulators.control import Styring
from vos_simulators.parties import AKASSE
from vos_simulators.party import Aktoer, Kanal
from vos_simulators.people import Folk, paa_scenen
from vos_simulators.transport import Adgang, HttpTransport

KODELISTE = "/v1/Kodeliste"
ANTAL = 200
SEED = 17
TOML = f"""
seed = {SEED}

[[rule]]
channel = "soap"
fixed_ms = 30

[[rule]]
service = "KodelisteService"
median_ms = 5
sigma = 0.3
"""
_folk = Folk(seed=1728)


@dataclass
class Langsom:
    """A stage that is slow, and its lines."""

    scene: Scene
    tjenester: HttpTransport
    styring: HttpTransport

    @property
    def adresse(self) -> str:
        return f"{self.scene.styring}/styring/latens"

    def saet(self, model: object) -> Mapping[str, Any]:
        svar = httpx.put(self.adresse, json=model, trust_env=False)
        assert svar.status_code == 200, svar.text
        return dict(svar.json())

    def stand(self) -> Mapping[str, Any]:
        return dict(httpx.get(self.adresse, trust_env=False).json())

    def status(self) -> str | None:
        return Styring(self.styring).status().latens

    def noteret(self) -> list[Mapping[str, str | int]]:
        return [post.data for post in self.poster() if post.art is Posttype.LATENS]

    def poster(self) -> Sequence[Post]:
        """Return what has happened since the stage was emptied."""
        alle = Styring(self.styring).journal().poster
        return alle[max(nr for nr, post in enumerate(alle) if post.art is Posttype.NULSTILLET) :]

    def kss(self) -> Aktoer:
        return Aktoer(parties.KSS.identity(JOBCENTER, NU), kontrakt(), self.tjenester, ny_uuid)

    def borger(self) -> str:
        borger = _folk.ny(40, NU.date())
        Styring(self.styring).opsaet(paa_scenen(borger, akasse=AKASSE))
        return borger.cpr

    def grupper(self, cpr: str) -> int:
        """Count the citizen's contact groups, with nothing in the way."""
        httpx.delete(self.adresse, trust_env=False).raise_for_status()
        laest = self.kss().laes(cpr, Art.KONTAKTGRUPPE)
        assert not isinstance(laest, Afslag)
        return len(laest)


@pytest.fixture(scope="module")
def _langsom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Langsom]:
    fil = tmp_path_factory.mktemp("model") / "langsom.toml"
    fil.write_text(TOML, "utf-8")
    with (
        indlejret(StageSettings(port=0, control_port=0, clock=NU, latency=fil)) as scene,
        HttpTransport(scene.tjenester) as tjenester,
        HttpTransport(str(scene.styring)) as styring,
    ):
        yield Langsom(scene, tjenester, styring)


@pytest.fixture
def langsom(_langsom: Langsom) -> Langsom:
    """The stage, empty, with the file's model as begun anew."""
    Styring(_langsom.styring).nulstil()
    _langsom.saet({"seed": SEED, "rule": [{"channel": "soap", "fixed_ms": 30}, KODELISTER]})
    return _langsom


KODELISTER = {"service": "KodelisteService", "median_ms": 5, "sigma": 0.3}


def udgangen(adresse: str, sti: str = KODELISTE) -> str:
    """Call on a connection of its own, and say how it came out: a status, or how the connection ended."""
    dele = urlsplit(adresse)
    with socket.create_connection((dele.hostname, dele.port), timeout=60) as stik:
        stik.sendall(f"GET {sti} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".encode())
        try:
            svar = stik.recv(65536)
            while bid := stik.recv(65536):
                svar += bid
        except ConnectionResetError:
            return "nulstillet"
    return svar.split(b" ", 2)[1].decode() if svar else "lukket"


def tider(tjenester: HttpTransport, antal: int) -> list[float]:
    sekunder = []
    with httpx.Client(base_url=tjenester._base_url, trust_env=False) as klient:
        for _ in range(antal):
            begyndt = stopwatch.seconds()
            assert klient.get(KODELISTE).status_code == 200
            sekunder.append(stopwatch.seconds() - begyndt)
    return sekunder


# the measured distribution is the described one


def test_hvert_kald_tager_mindst_den_tid_der_blev_trukket_og_de_er_fordelt_som_beskrevet(langsom: Langsom) -> None:
    maalt = tider(langsom.tjenester, ANTAL)
    lod = Regel(1, Lognormal(0.005, 0.3), Fejlpost(), draws.ny(f"{SEED}/1"))
    trukket = [lod.traek()[1] for _ in range(ANTAL)]
    assert [nr for nr, (et, andet) in enumerate(zip(maalt, trukket, strict=True)) if et < andet] == []
    fordelt, orden = NormalDist(log(0.005), 0.3), sorted(trukket)
    assert max(abs(fordelt.cdf(log(en)) - (nr + 0.5) / ANTAL) for nr, en in enumerate(orden)) < 1.63 / sqrt(ANTAL)
    regel = langsom.stand()["regler"][1]
    assert (regel["kald"], regel["udgange"]["besvaret"]) == (ANTAL, ANTAL)
    for navn, andel in (("p05", 0.05), ("median", 0.5), ("p95", 0.95), ("p99", 0.99)):
        assert regel["trukket"][navn] == pytest.approx(orden[int(andel * (ANTAL - 1))] * 1000, abs=0.001)
        assert regel["holdt"][navn] >= regel["trukket"][navn]


def test_soap_tager_sin_egen_tid_og_rest_ingen(langsom: Langsom) -> None:
    cpr = langsom.borger()
    begyndt = stopwatch.seconds()
    assert not isinstance(langsom.kss().registrer(cpr, Opret(Art.KONTAKTGRUPPE, 13, I_DAG), Kanal.PRS), Afslag)
    assert stopwatch.seconds() - begyndt >= 0.03
    assert not isinstance(langsom.kss().laes(cpr, Art.KONTAKTGRUPPE), Afslag)
    soap, rest = langsom.stand()["regler"]
    assert (soap["kald"], soap["holdt"]["median"] >= 30, rest["kald"]) == (1, True, 0)


def test_den_der_venter_staar_ingen_i_vejen(langsom: Langsom) -> None:
    langsom.saet({"rule": [{"service": "KodelisteService", "fixed_ms": 3_600_000}]})
    dele = urlsplit(langsom.scene.tjenester)
    with socket.create_connection((dele.hostname, dele.port), timeout=60) as stik:
        stik.sendall(f"GET {KODELISTE} HTTP/1.1\r\nhost: x\r\n\r\n".encode())
        while not langsom.stand()["regler"][0]["kald"]:
            pass
        assert udgangen(langsom.scene.tjenester, "/openapi.json") == "200"
        assert not isinstance(langsom.kss().laes(langsom.borger(), Art.KONTAKTGRUPPE), Afslag)


# faults


def test_fejlene_kommer_i_deres_andel_og_ses_som_det_de_er(langsom: Langsom) -> None:
    faults = {"error_share": 0.2, "reset_share": 0.2, "timeout_share": 0.1, "timeout_s": 0.05}
    langsom.saet({"seed": SEED, "rule": [{"service": "KodelisteService", "fixed_ms": 1, "faults": faults}]})
    set_ = [udgangen(langsom.scene.tjenester) for _ in range(ANTAL)]
    ser = {
        Kaldsudgang.BESVARET: "200", Kaldsudgang.FEJL: "503", Kaldsudgang.NULSTILLET: "nulstillet",
        Kaldsudgang.TAVS: "lukket",
    }  # fmt: skip
    fejl = Fejlpost(error_share=0.2, reset_share=0.2, timeout_share=0.1)
    lod = Regel(0, Jaevn(0, 0), fejl, draws.ny(f"{SEED}/0"))
    assert set_ == [ser[lod.traek()[0]] for _ in range(ANTAL)]
    for udgang, andel in (("200", 0.5), ("503", 0.2), ("nulstillet", 0.2), ("lukket", 0.1)):
        assert abs(set_.count(udgang) / ANTAL - andel) < 2.6 * sqrt(andel * (1 - andel) / ANTAL), udgang
    udgange = langsom.stand()["regler"][0]["udgange"]
    assert udgange == {en.value: set_.count(ser[en]) for en in Kaldsudgang}
    noteret = [en["udgang"] for en in langsom.noteret() if "udgang" in en]
    assert len(noteret) == ANTAL - set_.count("200")


@pytest.mark.parametrize(("kanal", "status"), [(Kanal.PVS, 503), (Kanal.PRS, 500)])
def test_en_fejl_har_kanalens_egen_form_og_intet_er_sket(langsom: Langsom, kanal: Kanal, status: int) -> None:
    cpr = langsom.borger()
    langsom.saet({"rule": [{"faults": {"error_share": 1}}]})
    hoert: list[Mapping[str, str]] = []
    with HttpTransport(langsom.scene.tjenester, lambda kald, svar, tid: hoert.append(svar.headers)) as linje:
        party = Aktoer(parties.KSS.identity(JOBCENTER, NU), kontrakt(), linje, ny_uuid)
        afslag = party.registrer(cpr, Opret(Art.KONTAKTGRUPPE, 13, I_DAG), kanal)
    assert isinstance(afslag, Afslag)
    assert (afslag.status, [en.kode for en in afslag.fejl], hoert[0]["retry-after"]) == (status, [1011], "1")
    assert langsom.grupper(cpr) == 0
    arter = [post.art for post in langsom.poster()]
    assert (arter.count(Posttype.LATENS), {Posttype.BESKED_LAGT, Posttype.WSB_LAGT} & set(arter)) == (4, set())


@pytest.mark.parametrize("kanal", Kanal)
@pytest.mark.parametrize("efter", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("fejl", ["reset", "timeout"])
def test_et_kald_uden_svar_er_eller_er_ikke_udfoert(langsom: Langsom, fejl: str, efter: bool, kanal: Kanal) -> None:
    cpr = langsom.borger()
    faults = {f"{fejl}_share": 1, f"{fejl}_after": efter, "timeout_s": 0.05}
    langsom.saet({"rule": [{"faults": faults}]})
    with pytest.raises(UnreachableError, match="reset by peer" if fejl == "reset" else "without sending a response"):
        langsom.kss().registrer(cpr, Opret(Art.KONTAKTGRUPPE, 13, I_DAG), kanal)
    assert langsom.grupper(cpr) == int(efter)


def test_den_der_ikke_svarer_tier_til_fristen_og_den_der_giver_op_er_glemt(langsom: Langsom) -> None:
    langsom.saet({"rule": [{"service": "KodelisteService", "faults": {"timeout_share": 1, "timeout_s": 0.3}}]})
    begyndt = stopwatch.seconds()
    assert udgangen(langsom.scene.tjenester) == "lukket"
    assert stopwatch.seconds() - begyndt >= 0.3
    langsom.saet({"rule": [{"service": "KodelisteService", "faults": {"timeout_share": 1, "timeout_s": 3600}}]})
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(f"{langsom.scene.tjenester}{KODELISTE}", timeout=0.2, trust_env=False)
    assert udgangen(langsom.scene.tjenester, "/openapi.json") == "200"


def test_en_nulstilling_under_tls(tmp_path: Path) -> None:
    ca = trustme.CA()
    server = ca.issue_cert("127.0.0.1")
    ca.cert_pem.write_to_path(tmp_path / "ca.pem")
    server.private_key_pem.write_to_path(tmp_path / "server.key")
    server.cert_chain_pems[0].write_to_path(tmp_path / "server.pem")
    (tmp_path / "brudt.toml").write_text("[[rule]]\n[rule.faults]\nreset_share = 1\n", "utf-8")
    opsaetning = StageSettings(
        port=0,
        control_port=0,
        latency=tmp_path / "brudt.toml",
        tls_certificate=tmp_path / "server.pem",
        tls_key=tmp_path / "server.key",
    )
    with indlejret(opsaetning) as scene, pytest.raises(ConnectionResetError):
        dele = urlsplit(scene.tjenester)
        ind, ud = ssl.MemoryBIO(), ssl.MemoryBIO()  # a socket of Python's own ssl takes a reset for an end
        tls = Adgang(ca=tmp_path / "ca.pem").tls().wrap_bio(ind, ud, server_hostname="127.0.0.1")
        with socket.create_connection((dele.hostname, dele.port), timeout=60) as stik:
            while True:
                try:
                    tls.do_handshake()
                    break
                except ssl.SSLWantReadError:
                    stik.sendall(ud.read())
                    ind.write(stik.recv(65536))
            tls.write(f"GET {KODELISTE} HTTP/1.1\r\nhost: x\r\n\r\n".encode())
            stik.sendall(ud.read())
            while stik.recv(65536):
                pass


# the control API


def test_latensen_kan_skiftes_mens_scenen_koerer_ogsaa_paa_en_aaben_forbindelse(langsom: Langsom) -> None:
    with httpx.Client(base_url=langsom.scene.tjenester, trust_env=False) as klient:

        def kald() -> int:
            return klient.get(KODELISTE).status_code

        assert kald() == 200
        assert (
            langsom.saet({"rule": [{"faults": {"error_share": 1}}]})["model"]["rule"][0]["faults"]["error_share"] == 1
        )
        assert (kald(), str(langsom.status()).startswith("styring (")) == (503, True)
        httpx.delete(langsom.adresse, trust_env=False).raise_for_status()
        assert (kald(), langsom.status()) == (200, None)
        assert langsom.stand() == {"latens": None, "model": None, "regler": []}
        assert langsom.saet("epic")["latens"] == "epic"
        assert (kald(), langsom.status(), langsom.stand()["regler"][1]["kald"]) == (200, "epic", 1)
    skift = [en["model"] for en in langsom.noteret() if "model" in en]
    assert [en.partition(" ")[0] for en in map(str, skift)] == ["styring", "styring", "off", "epic"]


@pytest.mark.parametrize(
    ("krop", "tekst"),
    [
        (b"{", "body: is not JSON"),
        (b"[]", "body: must be a model, or the name of one (epic)"),
        (b'"epci"', "body: must be a model, or the name of one (epic)"),
        (b'{"rule":[{"fixed_ms":-1}]}', "body: rule[0].fixed_ms: Expected `float` >= 0.0"),
        (b'{"rule":[{"fixed_ms":1},{"fixed_ms":2}]}', "body: rule[1]: is never used"),
    ],
)
def test_en_model_der_ikke_holder_afvises_og_intet_aendres(langsom: Langsom, krop: bytes, tekst: str) -> None:
    foer = langsom.status()
    svar = httpx.put(langsom.adresse, content=krop, trust_env=False)
    assert svar.status_code == 400
    assert svar.json()["fejl"][0]["fejlkode"] == 1014
    assert svar.json()["fejl"][0]["fejltekst"].startswith(tekst)
    assert langsom.status() == foer


# everywhere


def test_up_siger_det(tmp_path: Path) -> None:
    (tmp_path / "langsom.toml").write_text(TOML, "utf-8")
    (tmp_path / "generalproeve.toml").write_text('[stage]\nlatency = "langsom.toml"\n', "utf-8")
    with scene_i_proces("--people", "0", mappe=tmp_path) as proces:
        navn = proces.klar["latency"]
        assert navn.startswith("langsom.toml (")
        assert httpx.get(f"{proces.styring}/styring/status", trust_env=False).json()["latens"] == navn
    with scene_i_proces("--people", "0", "--latency", "epic", "--no-control", mappe=tmp_path) as proces:
        assert proces.klar["latency"] == "epic"
    with scene_i_proces("--people", "0", "--latency", "off", mappe=tmp_path) as proces:
        assert proces.klar["latency"] == "off"
        assert httpx.get(f"{proces.styring}/styring/status", trust_env=False).json()["latens"] is None


@pytest.mark.parametrize(
    ("flag", "tekst"),
    [
        (["--latency", "epci"], "latency epci: there is no such file; the models with a name are epic"),
        (["--latency", "forkert.toml"], "forkert.toml: rule[0].service: 'PRS' is unknown; known are PersonVisitering"),
    ],
)
def test_en_forkert_model_afvises_naar_scenen_startes(tmp_path: Path, flag: list[str], tekst: str) -> None:
    (tmp_path / "forkert.toml").write_text("[[rule]]\nservice = 'PRS'\nfixed_ms = 1\n", "utf-8")
    resultat = subprocess.run(
        [sys.executable, "-m", "generalproeve", "up", "--port", "0", *flag],
        cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip
    assert (resultat.returncode, "Traceback" in resultat.stderr) == (2, False), resultat.stderr
    assert tekst in " ".join(resultat.stderr.split())


def test_rapporterne_siger_det(tmp_path: Path) -> None:
    def spil(*flag: str) -> str:
        flag = (*flag, "-k", "De to kodelister er udstillet", "--json", "--out", "ud")
        resultat = subprocess.run(
            [sys.executable, "-m", "generalproeve", "test", *flag],
            cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False,
        )  # fmt: skip
        assert resultat.returncode == 0, resultat.stdout + resultat.stderr
        return str(json.loads(resultat.stdout)["latency"])

    (tmp_path / "langsom.toml").write_text("[[rule]]\nfixed_ms = 1\n", "utf-8")
    assert spil("embedded:", "--latency", "epic") == "epic"
    assert sagt(tmp_path / "ud") == ({"epic"}, "epic", True)
    navn = spil("embedded:latency=langsom.toml")
    assert navn.startswith("langsom.toml (")
    assert sagt(tmp_path / "ud") == ({navn}, navn, True)


def test_en_rapport_fra_en_hurtig_scene_siger_off(tmp_path: Path) -> None:
    ramme = Ramme("reference 2024-4", "2024-4", "converter", NU, "0.1.0", "abc", None, ())
    forloeb = Forloeb(ramme, [Sceneforloeb("e", "s", (), {}, [])], 1)
    skriv_junit(forloeb, tmp_path / "junit.xml")
    skriv_html(forloeb, tmp_path / "report.html")
    skriver = Journalskriver(tmp_path / "journal.ndjson")
    skriver.begyndt(forloeb)
    skriver.sluttet(forloeb)
    assert sagt(tmp_path) == ({"off"}, "off", True)
    assert json.loads(som_json(forloeb, {}))["latency"] == "off"


def test_to_koersler_holdes_sammen_ogsaa_med_en_fra_foer_der_var_latens(tmp_path: Path) -> None:
    koersler = []
    for latens in ("off", "epic"):
        ramme = Ramme("reference 2024-4", "2024-4", "converter", NU, "0.1.0", "abc", None, (), latens=latens)
        fil = tmp_path / f"{latens}.ndjson"
        skriver = Journalskriver(fil)
        skriver.begyndt(Forloeb(ramme))
        skriver.sluttet(Forloeb(ramme))
        koersler.append(laesning.laes(fil))
    gammel = tmp_path / "gammel.ndjson"
    gammel.write_text((tmp_path / "off.ndjson").read_text("utf-8").replace('"latens": "off", ', ""), "utf-8")
    assert "latens" not in gammel.read_text("utf-8")
    assert forskel.rammeforskelle(*koersler) == [("latens", "off", "epic")]
    assert forskel.rammeforskelle(koersler[0], laesning.laes(gammel)) == []


def test_fuzz_lader_filens_latens_ligge(tmp_path: Path) -> None:
    fil = tmp_path / "generalproeve.toml"
    fil.write_text('[stage]\nlatency = "epic"\n', "utf-8")
    given = Given(fil)
    assert given.settings().latency == "epic"
    assert resolved_target("embedded:", given, None, allow_remote=False).settings.latency is None
    assert resolved_target("embedded:latency=epic", given, None, allow_remote=False).settings.latency == "epic"


def test_en_scene_hvor_nogen_venter_lukker_uden_stoej(tmp_path: Path) -> None:
    (tmp_path / "tavs.toml").write_text("[[rule]]\n[rule.faults]\ntimeout_share = 1\ntimeout_s = 3600\n", "utf-8")
    kommando = [sys.executable, "-m", "generalproeve", "up", "--port", "0", "--json", "--latency", "tavs.toml"]
    with subprocess.Popen(kommando, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as popen:
        assert popen.stdout is not None
        klar = json.loads(popen.stdout.readline())
        dele = urlsplit(klar["services"])
        with socket.create_connection((dele.hostname, dele.port), timeout=60) as stik:
            stik.sendall(f"GET {KODELISTE} HTTP/1.1\r\nhost: x\r\n\r\n".encode())
            while not httpx.get(f"{klar['control']}/styring/latens", trust_env=False).json()["regler"][0]["kald"]:
                pass
            popen.terminate()
            _, stderr = popen.communicate(timeout=30)
    assert (popen.returncode, stderr) == (0, "")


def sagt(mappe: Path) -> tuple[set[str | None], str, bool]:
    """Return what the three reports in that folder say of the latency."""
    junit = ET.parse(mappe / "junit.xml").getroot()
    egenskaber = {en.get("value") for en in junit.iter("property") if en.get("name") == "latency"}
    linje = (mappe / "journal.ndjson").read_text("utf-8").splitlines()[0]
    navn = str(json.loads(linje)["latens"])
    return egenskaber, navn, f"latens {navn} ·" in (mappe / "report.html").read_text("utf-8")
