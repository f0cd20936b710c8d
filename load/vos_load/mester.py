"""The traffic shared out to several processes, on this machine or others, over Locust's own line: a master and its workers.

The master makes no calls. A worker is told its task by its master, without the control API's address, which it has no use for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gevent
import gevent.event
import msgspec
from locust.env import Environment
from locust.runners import MasterRunner, WorkerRunner

from vos_contracts.base import stopwatch
from vos_load.brugere import Ankomst, Miljoe, Sagsbehandler
from vos_load.loeb import Loeb, Mislykket, antal_brugere, klasse, nat, sig
from vos_load.opgave import Opgave
from vos_load.optagelse import Optagelse, Optaget, pak, pak_ud, samlet

VENT_S = 60.0
"""How long a master waits for its workers, and a worker for its master."""


def mester(opgave: Opgave, vaert: str, port: int, antal: int) -> Optaget:
    """Let workers make the calls, and add up what they measured; errors: Mislykket."""
    opgave.andele = antal
    miljoe = Miljoe([klasse(opgave)])
    loeb = Loeb(miljoe)
    runner: MasterRunner = miljoe.create_master_runner(vaert, port)
    hel = Optaget(bredde=Optagelse(opgave.sekunder).bredde)
    bedende: list[str] = []
    klar: set[str] = set()
    faerdige: set[str] = set()

    def laeg_til(indhold: object) -> None:
        nonlocal hel
        hel = samlet(hel.bredde, [hel, pak_ud(indhold)])

    def sluttet(environment: Environment, msg: Any) -> None:
        laeg_til(msg.data)
        faerdige.add(msg.node_id)

    miljoe.events.worker_report.add_listener(
        lambda client_id, data: laeg_til(data["optaget"]) if "optaget" in data else None
    )
    runner.register_message("beder", lambda environment, msg: bedende.append(msg.node_id))
    runner.register_message("klar", lambda environment, msg: klar.add(msg.node_id))
    runner.register_message("faerdig", sluttet)
    sig(mester=f"{vaert}:{port}")
    _vent(lambda: len(bedende) >= antal, f"{antal} workers", loeb.stop)
    til_dem = msgspec.json.encode(msgspec.structs.replace(opgave, styring=None)).decode()
    for nummer, arbejder_ in enumerate(bedende[:antal]):
        runner.send_message("opgave", {"opgave": til_dem, "nummer": nummer}, client_id=arbejder_)
    _vent(lambda: len(klar) >= antal, "the workers' readiness", loeb.stop)
    begyndt = stopwatch.seconds()
    runner.start(antal_brugere(opgave), spawn_rate=1000)
    natten = gevent.spawn(nat, opgave) if opgave.profil.nightly is not None else None
    while not loeb.stop.is_set() and len(faerdige) < antal and runner.worker_count >= antal - len(faerdige):
        loeb.stop.wait(1.0)
        talt = miljoe.stats.total
        sig(t=round(stopwatch.seconds() - begyndt, 1), kald=talt.num_requests, fejl=talt.num_failures)
    if natten is not None and not loeb.stop.is_set():
        natten.join(opgave.tidsfrist)
    tabte = antal - len(faerdige)
    runner.quit()
    if tabte and not loeb.stop.is_set():
        raise Mislykket(f"{tabte} of {antal} workers were lost")
    hel.sekunder = stopwatch.seconds() - begyndt
    hel.afbrudt = bool(tabte)
    return hel


def arbejder(vaert: str, port: int) -> None:
    """Make the calls that a master asks for; errors: Mislykket."""
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
    runner.send_message("beder")  # now, when we can hear the answer
    _vent(klar.is_set, "a task", loeb.stop)
    gevent.wait([loeb.faerdig, loeb.stop], count=1)
    if loeb.kalder.opgave.profil.users is not None:
        runner.user_greenlets.join(timeout=loeb.kalder.opgave.tidsfrist)
    runner.send_message("faerdig", pak(loeb.til_ende()))
    runner.greenlet.join(timeout=VENT_S)


def _vent(paa: Callable[[], bool], hvad: str, stop: gevent.event.Event) -> None:
    frist = stopwatch.seconds() + VENT_S
    while not paa():
        if stopwatch.seconds() > frist or stop.is_set():
            raise Mislykket(f"{hvad} did not come within {VENT_S:.0f} seconds")
        gevent.sleep(0.02)
