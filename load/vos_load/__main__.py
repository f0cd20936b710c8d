"""The process that Locust runs in: it reads a task, makes the calls, tells how far it has come, and writes what it measured.

    python -m vos_load TASK.json RESULT.json [--master PORT --workers N | --ui PORT]
    python -m vos_load --worker HOST:PORT

One line of JSON a second on standard output. Started by the command line, which may not import Locust; a worker gets its
task from its master over Locust's own line.
"""

from __future__ import annotations

import argparse
import json
import logging
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gevent
import gevent.event
import msgspec
from locust.env import Environment
from locust.runners import MasterRunner, WorkerRunner

from vos_contracts import stopur
from vos_load.brugere import Ankomst, Miljoe, Sagsbehandler, meld_til
from vos_load.kalder import Kalder
from vos_load.opgave import Opgave
from vos_load.optagelse import Optagelse, Optaget, pak, pak_ud, samlet
from vos_load.par import Parspil
from vos_simulators.styring import Styring
from vos_simulators.transport import HttpTransport

VENT_S = 60.0
"""How long a master waits for its workers, and a worker for its master."""


class Loeb:
    """One process's run in a Locust environment."""

    def __init__(self, miljoe: Miljoe) -> None:
        self.miljoe = miljoe
        self.faerdig = miljoe.faerdig

    def giv(self, opgave: Opgave, nummer: int = 0) -> Kalder:
        """Take the task on."""
        self.optagelse = Optagelse(opgave.sekunder)
        self.kalder = Kalder(opgave, self.optagelse, meld_til(self.miljoe), nummer)
        self.miljoe.kalder = self.kalder
        self.miljoe.nummer = nummer
        self.miljoe.events.test_start.add_listener(self._begynd)
        return self.kalder

    def _begynd(self, **_: object) -> None:
        self.kalder.begyndt = stopur.nu()


def _sig(**hvad: object) -> None:
    print(json.dumps(hvad), flush=True)  # noqa: T201 - the line to who started us


def _natten(opgave: Opgave, kalder: Kalder) -> None:
    """Run the nightly jobs beside the traffic."""
    assert opgave.profil.nightly is not None, "asked for"
    assert opgave.styring is not None, "refused before it began"
    gevent.sleep(opgave.profil.nightly.at * opgave.sekunder)
    from vos_contracts.styring import Koerselsart

    begyndt = kalder.t()
    with HttpTransport(opgave.styring, tidsfrist=None) as linje:
        rapport = Styring(linje).batch(Koerselsart.FULD)
    _sig(nat={"fra": begyndt, "til": kalder.t(), "sete": rapport.sete, "aendrede": rapport.aendrede})


def _alene(opgave: Opgave, ui: int | None) -> Optaget:
    """Make the calls in this process."""
    miljoe = Miljoe([_klasse(opgave)])
    loeb = Loeb(miljoe)
    kalder = loeb.giv(opgave)
    runner = miljoe.create_local_runner()
    if ui is not None:
        miljoe.create_web_ui("127.0.0.1", ui)
        _sig(ui=f"http://127.0.0.1:{ui}")
    stop = gevent.event.Event()
    gevent.signal_handler(signal.SIGTERM, stop.set)
    gevent.signal_handler(signal.SIGINT, stop.set)
    if opgave.profil.pairs is not None:
        _begynd_par(loeb, opgave)
    elif ui is None:
        runner.start(opgave.profil.users.count if opgave.profil.users else 1, spawn_rate=1000)
    if opgave.profil.nightly is not None:
        gevent.spawn(_natten, opgave, kalder)
    while not stop.is_set() and not (loeb.faerdig.is_set() and (ui is None)):
        gevent.wait([stop, loeb.faerdig], timeout=1.0, count=1)
        _sig(t=round(kalder.t(), 1), kald=loeb.optagelse.kald, fejl=loeb.optagelse.fejlede)
    if opgave.profil.users is not None:
        runner.user_greenlets.join(timeout=opgave.tidsfrist)
    kalder.linjer.luk()
    taget = loeb.optagelse.tag()
    taget.sekunder = kalder.t()
    runner.quit()
    return taget


def _begynd_par(loeb: Loeb, opgave: Opgave) -> None:
    """Play the comparison beside the reporting."""
    kalder, par = loeb.kalder, opgave.profil.pairs
    assert par is not None, "asked for"
    kalder.begyndt = stopur.nu()

    def spil() -> None:
        if opgave.styring is None:
            Parspil(kalder, par, lambda bagende: None, lambda naaet: _sig(runde=naaet)).spil()
        else:
            with HttpTransport(opgave.styring) as linje:
                Parspil(kalder, par, Styring(linje).tving_bagende, lambda naaet: _sig(runde=naaet)).spil()
        loeb.faerdig.set()

    gevent.spawn(spil).link_exception(lambda _: loeb.faerdig.set())


def _klasse(opgave: Opgave) -> type[Ankomst] | type[Sagsbehandler]:
    return Sagsbehandler if opgave.profil.users is not None else Ankomst


def _vent(paa: Callable[[], bool], hvad: str) -> None:
    frist = stopur.nu() + VENT_S
    while not paa():
        if stopur.nu() > frist:
            raise SystemExit(f"vos_load: {hvad} did not come within {VENT_S:.0f} seconds")
        gevent.sleep(0.02)


def _mester(opgave: Opgave, vaert: str, port: int, antal: int) -> Optaget:
    """Let workers make the calls, and add up what they measured."""
    opgave.andele = antal
    klasse = _klasse(opgave)
    miljoe = Miljoe([klasse])
    runner: MasterRunner = miljoe.create_master_runner(vaert, port)
    dele: list[Optaget] = []
    klar: set[str] = set()
    faerdige: set[str] = set()
    miljoe.events.worker_report.add_listener(
        lambda client_id, data: dele.append(pak_ud(data["optaget"])) if "optaget" in data else None
    )
    runner.register_message("klar", lambda environment, msg: klar.add(msg.node_id))

    def sluttet(environment: Environment, msg: Any) -> None:
        dele.append(pak_ud(msg.data))
        faerdige.add(msg.node_id)

    runner.register_message("faerdig", sluttet)
    _sig(mester=f"{vaert}:{port}")
    _vent(lambda: runner.worker_count >= antal, f"{antal} workers")
    for nummer, arbejder in enumerate(list(runner.clients)[:antal]):
        runner.send_message(
            "opgave", {"opgave": msgspec.json.encode(opgave).decode(), "nummer": nummer}, client_id=arbejder
        )
    _vent(lambda: len(klar) >= antal, "the workers' readiness")
    begyndt = stopur.nu()
    runner.start(opgave.profil.users.count if opgave.profil.users else antal, spawn_rate=1000)
    stop = gevent.event.Event()
    gevent.signal_handler(signal.SIGTERM, stop.set)
    gevent.signal_handler(signal.SIGINT, stop.set)
    frist = opgave.sekunder + opgave.tidsfrist + VENT_S
    while not stop.is_set() and len(faerdige) < antal and stopur.nu() - begyndt < frist and runner.worker_count:
        stop.wait(1.0)
        _sig(
            t=round(stopur.nu() - begyndt, 1),
            kald=miljoe.stats.total.num_requests,
            fejl=miljoe.stats.total.num_failures,
        )
    tabte = antal - len(faerdige)
    runner.quit()
    if not dele or (tabte and not stop.is_set()):
        raise SystemExit(f"vos_load: {tabte} of {antal} workers were lost")
    hel = samlet(dele[0].bredde, dele)
    hel.sekunder = stopur.nu() - begyndt
    return hel


def _arbejder(vaert: str, port: int) -> None:
    """Make the calls that a master asks for."""
    miljoe = Miljoe([Ankomst, Sagsbehandler])
    loeb = Loeb(miljoe)
    runner: WorkerRunner = miljoe.create_worker_runner(vaert, port)
    klar = gevent.event.Event()

    def opgave(environment: Environment, msg: Any) -> None:
        loeb.giv(msgspec.json.decode(msg.data["opgave"], type=Opgave), int(msg.data["nummer"]))
        runner.send_message("klar")
        klar.set()

    runner.register_message("opgave", opgave)
    miljoe.events.report_to_master.add_listener(
        lambda client_id, data: data.update(optaget=pak(loeb.optagelse.tag())) if klar.is_set() else None
    )
    _vent(klar.is_set, "a task")
    loeb.faerdig.wait()
    if loeb.kalder.opgave.profil.users is not None:
        runner.user_greenlets.join(timeout=loeb.kalder.opgave.tidsfrist)
    sidste = loeb.optagelse.tag()
    sidste.sekunder = loeb.kalder.t()
    runner.send_message("faerdig", pak(sidste))
    runner.greenlet.join(timeout=VENT_S)


def main() -> None:
    """Do what the command line says."""
    valg = argparse.ArgumentParser(description=__doc__)
    valg.add_argument("task", nargs="?", type=Path)
    valg.add_argument("result", nargs="?", type=Path)
    valg.add_argument("--master", metavar="HOST:PORT")
    valg.add_argument("--workers", type=int, default=1)
    valg.add_argument("--worker", metavar="HOST:PORT")
    valg.add_argument("--ui", type=int)
    valgt = valg.parse_args()
    del sys.argv[1:]  # Locust's page reads them too, as Locust's own
    logging.getLogger("locust").setLevel(logging.ERROR)
    if valgt.worker:
        vaert, _, port = valgt.worker.rpartition(":")
        _arbejder(vaert, int(port))
        return
    opgave = msgspec.json.decode(valgt.task.read_bytes(), type=Opgave)
    if valgt.master:
        vaert, _, port = valgt.master.rpartition(":")
        taget = _mester(opgave, vaert, int(port), valgt.workers)
    else:
        taget = _alene(opgave, valgt.ui)
    valgt.result.write_bytes(msgspec.json.encode(taget))


if __name__ == "__main__":
    main()
    sys.exit(0)
