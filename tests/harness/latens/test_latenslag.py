"""The layer on a clock of its own: the described time is the whole of it, to the tick, whatever the work took."""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from byggeklodser import kontrakt
from generalproeve.protokol import AFBRYD
from generalproeve.server import ny_server
from generalproeve.settings.limits import Limits
from generalproeve.stage.latency import layer as lagmodul
from generalproeve.stage.latency.control import Latensvaelger
from generalproeve.stage.latency.layer import Lag
from generalproeve.stage.latency.lookup import Opslag
from generalproeve.stage.latency.model import laes
from vos_contracts.koder.udgave import PrsSoap
from vos_contracts.wire.asgi import ASGIApp, Message, Receive, Scope, Send

PRS = "/PjakTassWCFtService/9/PersonRegistrationService.svc"
KG = "/v1/PersonVisitering/kontaktgruppe"


TIK = 0.00001


@dataclass
class Ur:
    """A clock that goes only when somebody waits or works, and a timer that fires a little early."""

    nu: float = 100.0
    ventet: list[float] = field(default_factory=list)

    async def sov(self, sekunder: float) -> None:
        self.ventet.append(sekunder)
        self.nu += max(sekunder * 0.9, TIK)


class Straks:
    """A deadline that runs out at once: this clock goes only when it is asked to."""

    async def __aenter__(self) -> None:
        raise TimeoutError

    async def __aexit__(self, *andet: object) -> None: ...


@dataclass
class Stand:
    """What the layer asks of the stage, and tells it."""

    prs_soap: PrsSoap = PrsSoap.CONVERTER
    laese_soap: PrsSoap = PrsSoap.CONVERTER
    latens: str | None = None
    noteret: list[Mapping[str, str | int]] = field(default_factory=list)


@pytest.fixture
def ur(monkeypatch: pytest.MonkeyPatch) -> Ur:
    """The layer's clock, and nobody else's: a stage that runs beside it would otherwise wait by it, and never stop."""
    et = Ur()
    monkeypatch.setattr(lagmodul, "stopwatch", SimpleNamespace(seconds=lambda: et.nu))
    monkeypatch.setattr(lagmodul, "asyncio", SimpleNamespace(sleep=et.sov, timeout=asyncio.timeout))
    return et


@dataclass
class Linje:
    """One call's way to the layer; `bidder` are the body's pieces, with how long after the one before they come."""

    ur: Ur
    bidder: list[float] = field(default_factory=lambda: [0.0])
    sendt: list[tuple[float, Message]] = field(default_factory=list)
    afbrudt: list[bool] = field(default_factory=list)

    async def modtag(self) -> Message:
        if self.afbrudt or not self.bidder:
            return {"type": "http.disconnect"}
        self.ur.nu += self.bidder.pop(0)
        return {"type": "http.request", "body": b"x", "more_body": bool(self.bidder)}

    async def send(self, besked: Message) -> None:
        self.sendt.append((self.ur.nu, besked))

    def afbryd(self, *, nulstil: bool) -> None:
        self.afbrudt.append(nulstil)

    def scope(self, metode: str = "POST", sti: str = KG) -> Scope:
        return {
            "type": "http", "method": metode, "path": sti, "query_string": b"", "scheme": "http",
            "headers": [(b"content-length", b"1")], "extensions": {AFBRYD: self.afbryd},
        }  # fmt: skip

    @property
    def statusser(self) -> list[int]:
        return [besked["status"] for _, besked in self.sendt if "status" in besked]


def tjeneste(ur: Ur, arbejde: float = 0.0, hoert: list[str] | None = None) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive())["more_body"]:
            pass
        ur.nu += arbejde
        if hoert is not None:
            hoert.append(scope["path"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    return app


def lag(app: ASGIApp, toml: str, stand: Stand | None = None, fejlende: ASGIApp | None = None) -> Lag:
    stand = stand or Stand()
    model = laes("x", tomllib.loads(toml), "x")
    return Lag(app, model, Opslag(kontrakt()), dict.fromkeys(("rest", "soap"), fejlende), stand, stand.noteret.append)  # type: ignore[arg-type] # only asked where a call fails


def koer(noget: Awaitable[None]) -> None:
    async def alt() -> None:
        await noget

    asyncio.run(alt())


def test_svaret_kommer_til_tiden_og_arbejdet_er_en_del_af_den(ur: Ur) -> None:
    linje = Linje(ur)
    hele = lag(tjeneste(ur, arbejde=0.01), "[[rule]]\nfixed_ms = 30\n")
    koer(hele(linje.scope(), linje.modtag, linje.send))
    assert linje.sendt[0][0] == pytest.approx(100.03, abs=TIK)
    dto = hele.regler[0].maaling.som_dto()
    assert dto.trukket is not None
    assert dto.holdt is not None
    assert (dto.kald, dto.overskredet, dto.trukket.median, dto.holdt.median) == (
        1,
        0,
        30.0,
        pytest.approx(30.0, abs=1000 * TIK),
    )
    assert len(ur.ventet) > 1, "the timer fires early, and the rest is waited for as well"


def test_den_der_har_arbejdet_laengere_svarer_straks(ur: Ur) -> None:
    linje = Linje(ur)
    hele = lag(tjeneste(ur, arbejde=0.05), "[[rule]]\nfixed_ms = 30\n")
    koer(hele(linje.scope(), linje.modtag, linje.send))
    assert (linje.sendt[0][0], ur.ventet) == (pytest.approx(100.05, abs=TIK), [])
    dto = hele.regler[0].maaling.som_dto()
    assert dto.holdt is not None
    assert (dto.overskredet, dto.holdt.median) == (1, 50.0)


def test_tiden_gaar_fra_kaldets_sidste_byte(ur: Ur) -> None:
    linje = Linje(ur, bidder=[0.0, 2.0, 3.0])
    koer(lag(tjeneste(ur), "[[rule]]\nfixed_ms = 30\n")(linje.scope(), linje.modtag, linje.send))
    assert linje.sendt[0][0] == pytest.approx(105.03, abs=TIK)


@pytest.mark.parametrize(
    ("metode", "sti", "tid"),
    [("POST", PRS, 100.03), ("GET", PRS, 100.0), ("POST", KG, 100.0), ("GET", "/openapi.json", 100.0)],
    ids=["soap", "wsdl", "rest", "openapi"],
)
def test_kun_de_kald_som_en_regel_er_om(ur: Ur, metode: str, sti: str, tid: float) -> None:
    linje = Linje(ur)
    hele = lag(tjeneste(ur), "[[rule]]\nchannel = 'soap'\nfixed_ms = 30\n")
    koer(hele(linje.scope(metode, sti), linje.modtag, linje.send))
    assert linje.sendt[0][0] == pytest.approx(tid, abs=TIK)


def test_bagenden_er_den_der_staar_der_nu(ur: Ur) -> None:
    stand = Stand(prs_soap=PrsSoap.KLASSISK)
    hele = lag(tjeneste(ur), "[[rule]]\nbackend = 'converter'\nfixed_ms = 30\n", stand)
    tider = []
    for bagende in (PrsSoap.KLASSISK, PrsSoap.CONVERTER, PrsSoap.UDGAAET):
        stand.prs_soap, linje = bagende, Linje(Ur())
        ur.nu = 100.0
        linje.ur = ur
        koer(hele(linje.scope("POST", PRS), linje.modtag, linje.send))
        tider.append(linje.sendt[0][0])
    assert tider == pytest.approx([100.0, 100.03, 100.0], abs=TIK)


FEJL = "[[rule]]\nfixed_ms = 30\n[rule.faults]\n"


def test_et_kald_der_fejler_har_ingen_hoert_men_det_tager_sin_tid(ur: Ur) -> None:
    async def fejler(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 503, "headers": []})

    linje, stand = Linje(ur), Stand()
    hoert: list[str] = []
    koer(
        lag(tjeneste(ur, hoert=hoert), FEJL + "error_share = 1\n", stand, fejler)(
            linje.scope(), linje.modtag, linje.send
        )
    )
    assert (hoert, linje.statusser, linje.sendt[0][0]) == ([], [503], pytest.approx(100.03, abs=TIK))
    assert stand.noteret == [
        {
            "udgang": "fejl", "udfoeres": "nej", "regel": 0, "metode": "POST", "sti": KG,
            "tjeneste": "PersonVisiteringService", "operation": "CreateKontaktgruppe",
        }
    ]  # fmt: skip


@pytest.mark.parametrize("efter", [False, True], ids=["before the work", "after it"])
@pytest.mark.parametrize(("fejl", "nulstil", "tid"), [("reset", True, 100.03), ("timeout", False, 102.0)])
def test_intet_svar_foer_eller_efter_arbejdet(
    ur: Ur,
    fejl: str,
    nulstil: bool,
    tid: float,
    efter: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("generalproeve.stage.latency.layer.asyncio.timeout", lambda sekunder: Straks())
    linje, stand = Linje(ur), Stand()
    hoert: list[str] = []
    toml = FEJL + f"{fejl}_share = 1\ntimeout_s = 2\n" + (f"{fejl}_after = true\n" if efter else "")
    koer(lag(tjeneste(ur, hoert=hoert), toml, stand)(linje.scope(), linje.modtag, linje.send))
    assert (hoert, linje.sendt, linje.afbrudt) == ([KG] if efter else [], [], [nulstil])
    assert ur.nu == pytest.approx(tid, abs=TIK)
    assert stand.noteret[0]["udfoeres"] == ("ja" if efter else "nej")


def test_den_der_selv_gaar_ventes_der_ikke_paa(ur: Ur) -> None:
    linje = Linje(ur, bidder=[])
    koer(lag(tjeneste(ur), FEJL + "timeout_share = 1\ntimeout_s = 900\n")(linje.scope(), linje.modtag, linje.send))
    assert (ur.nu, linje.sendt) == (100.0, [])


# off


def test_slukket_er_der_intet_lag_om_tjenesterne(ur: Ur) -> None:
    class Drift(Stand):
        kontrakt = kontrakt()
        journal: Callable[[Any], None] = staticmethod(lambda post: None)
        ur = None

    app, drift = tjeneste(ur), Drift()
    server = ny_server(app)
    vaelger = Latensvaelger(server, app, drift, Limits())
    assert server.config.app is app
    vaelger.vaelg(laes("x", {"rule": [{"fixed_ms": 30}]}, "x"))
    assert (type(server.config.app), drift.latens) == (Lag, "x")
    vaelger.vaelg(None)
    assert (server.config.app, server.config.loaded_app, drift.latens) == (app, app, None)
