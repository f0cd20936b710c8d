"""What only the stage clock can show of the queue, at the application's door."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

from support.stores import empty_store

from byggeklodser import JOBCENTER, NU, identitet, kontrakt
from vos_contracts.control.journal import Post
from vos_reference.application import koe
from vos_reference.application.drift import Drift
from vos_reference.application.ports import Ejer, Konvolut
from vos_reference.clock import StageClock, SystemClock
from vos_reference.domain.decision import Afvist


class Ider:
    def __init__(self) -> None:
        self._numre = count(1)

    def __call__(self) -> str:
        return f"id-{next(self._numre)}"


def drift(poster: list[Post]) -> Drift:
    kontrakten = kontrakt()
    return Drift(
        empty_store(),
        StageClock(SystemClock(), NU),
        Ider(),
        kontrakten,
        kontrakten.udgaver["2024-4"],
        None,
        poster.append,
    )


def test_en_sekvens_lukker_sig_selv_efter_tres_minutter() -> None:
    poster: list[Post] = []
    d = drift(poster)
    ejer = Ejer(JOBCENTER, 0)
    with d.store.transaktion() as t:
        t.laeg_i_koe([Konvolut("k", "GetContactGroupVersion5", ejer, b"{}", NU)])
    foerste = koe.opret_sekvens(d, identitet(), "")
    assert isinstance(foerste, koe.Inventar)
    d.ur.saet(NU + timedelta(minutes=60))
    igen = koe.opret_sekvens(d, identitet(), "")
    assert isinstance(igen, koe.Inventar)
    assert igen.sekvens.id == foerste.sekvens.id
    d.ur.saet(NU + timedelta(minutes=60, seconds=1))
    udloebet = koe.hent(d, identitet(), foerste.sekvens.id, "GetContactGroupVersion5")
    assert isinstance(udloebet, Afvist)
    assert [fejl.kode for fejl in udloebet.fejl] == [4589]
    ny = koe.opret_sekvens(d, identitet(), "")
    assert isinstance(ny, koe.Inventar)
    assert ny.sekvens.id != foerste.sekvens.id
    assert ny.antal == (("GetContactGroupVersion5", 1),)
    assert [post.data["operation"] for post in poster] == ["CreateSequence", "CreateSequence", "CreateSequence"]
