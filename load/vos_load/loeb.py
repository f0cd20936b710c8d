"""One process's run in a Locust environment: traffic or a comparison, the nightly jobs beside it, and what it measured.

What fails in the run itself, and not in a call, fails the run: nothing that was not measured may look measured. Not here: the
work shared out to several processes (`mester`).
"""

from __future__ import annotations

import json
import signal

import gevent
import gevent.event
from gevent.greenlet import Greenlet

from vos_contracts.base import stopwatch
from vos_contracts.control.stage import Koerselsart
from vos_contracts.koder.udgave import PrsSoap
from vos_load.brugere import Ankomst, Miljoe, Sagsbehandler, meld_til
from vos_load.kalder import Kalder
from vos_load.opgave import Opgave
from vos_load.optagelse import Optagelse, Optaget
from vos_load.par import Parspil
from vos_simulators.control import Styring
from vos_simulators.transport import HttpTransport


class Mislykket(Exception):
    """The run could not be made to the end; the message says why."""


class Loeb:
    """What a process has taken on."""

    def __init__(self, miljoe: Miljoe) -> None:
        self.miljoe = miljoe
        self.faerdig = miljoe.faerdig
        self.stop = gevent.event.Event()
        gevent.signal_handler(signal.SIGTERM, self.stop.set)
        gevent.signal_handler(signal.SIGINT, self.stop.set)

    def giv(self, opgave: Opgave, nummer: int = 0) -> Kalder:
        """Take the task on."""
        self.optagelse = Optagelse(opgave.sekunder)
        self.kalder = Kalder(opgave, self.optagelse, meld_til(self.miljoe), nummer)
        self.miljoe.kalder = self.kalder
        self.miljoe.nummer = nummer
        self.miljoe.events.test_start.add_listener(self._begynd)
        return self.kalder

    def _begynd(self, **_: object) -> None:
        self.optagelse.tag()  # what an earlier start on Locust's page measured
        self.kalder.begyndt = stopwatch.seconds()

    def til_ende(self) -> Optaget:
        """Hand over what has been measured; errors: Mislykket for what broke the run."""
        if self.miljoe.brud is not None:
            raise Mislykket(f"{type(self.miljoe.brud).__name__}: {self.miljoe.brud}") from self.miljoe.brud
        taget = self.optagelse.tag()
        taget.sekunder = self.kalder.t()
        taget.afbrudt = self.stop.is_set() and not self.faerdig.is_set()
        return taget


def sig(**hvad: object) -> None:
    """Tell whoever started us, in a line of JSON."""
    print(json.dumps(hvad), flush=True)  # noqa: T201 - the line to who started us


def klasse(opgave: Opgave) -> type[Ankomst] | type[Sagsbehandler]:
    """Return the kind of user that the task's traffic is made by."""
    return Sagsbehandler if opgave.profil.users is not None else Ankomst


def antal_brugere(opgave: Opgave) -> int:
    """Return how many users there are in all: open traffic has one in each process."""
    return opgave.profil.users.count if opgave.profil.users is not None else opgave.andele


def alene(opgave: Opgave, ui: int | None) -> Optaget:
    """Make the calls in this process; errors: Mislykket."""
    brugeren = klasse(opgave)
    if brugeren is Ankomst:
        brugeren.fixed_count = 1  # whatever number Locust's page is given: a second one would make all calls once more
    miljoe = Miljoe([brugeren])
    loeb = Loeb(miljoe)
    kalder = loeb.giv(opgave)
    runner = miljoe.create_local_runner()
    if ui is not None:
        miljoe.create_web_ui("127.0.0.1", ui)
        sig(ui=f"http://127.0.0.1:{ui}")
    elif opgave.profil.pairs is None:
        runner.start(antal_brugere(opgave), spawn_rate=1000)
    arbejde: Greenlet | None = None
    if opgave.profil.pairs is not None:
        kalder.begyndt = stopwatch.seconds()
        arbejde = gevent.spawn(_par, loeb, opgave)
        arbejde.link(lambda _: loeb.faerdig.set())
    natten = gevent.spawn(nat, opgave) if opgave.profil.nightly is not None else None
    while not loeb.stop.is_set() and not (loeb.faerdig.is_set() and ui is None):
        gevent.wait([loeb.stop, *([loeb.faerdig] if ui is None else [])], timeout=1.0, count=1)
        sig(t=round(kalder.t(), 1), kald=loeb.optagelse.kald, fejl=loeb.optagelse.fejlede)
    if opgave.profil.users is not None:
        runner.user_greenlets.join(timeout=opgave.tidsfrist)
    if natten is not None and not loeb.stop.is_set():
        natten.join(opgave.tidsfrist)
    if arbejde is not None and not loeb.stop.is_set():
        arbejde.get()
    elif arbejde is not None:
        arbejde.kill()  # lets it put the target back as it was
    taget = loeb.til_ende()
    kalder.linjer.luk()
    runner.quit()
    return taget


def nat(opgave: Opgave) -> None:
    """Run the nightly jobs beside the traffic, when their time in the run has come."""
    assert opgave.profil.nightly is not None, "asked for"
    assert opgave.styring is not None, "refused before it began"
    begyndt = stopwatch.seconds()
    gevent.sleep(opgave.profil.nightly.at * opgave.sekunder)
    fra = stopwatch.seconds() - begyndt
    with HttpTransport(opgave.styring, tidsfrist=None, adgang=opgave.styringstls.adgang()) as linje:
        rapport = Styring(linje).batch(Koerselsart.FULD)
    sig(nat={"fra": fra, "til": stopwatch.seconds() - begyndt, "sete": rapport.sete, "aendrede": rapport.aendrede})


def _par(loeb: Loeb, opgave: Opgave) -> None:
    """Play the comparison, and leave what stands behind SOAP as it was."""
    par = opgave.profil.pairs
    assert par is not None, "asked for"

    def naaet(runde: int) -> None:
        sig(runde=runde)

    if opgave.styring is None:
        Parspil(loeb.kalder, par, lambda bagende: None, naaet).spil()
        return
    with HttpTransport(opgave.styring, adgang=opgave.styringstls.adgang()) as linje:
        styring = Styring(linje)
        foer = styring.status().bagende
        try:
            Parspil(loeb.kalder, par, styring.tving_bagende, naaet).spil()
        finally:
            styring.tving_bagende(None)
            if styring.status().bagende is not foer and foer is not PrsSoap.UDGAAET:
                styring.tving_bagende(foer)  # it was forced before we came
