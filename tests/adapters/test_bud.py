"""What the processes of a stage tell the one that keeps it: all of it, in order, and nothing waits for it to be heard."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from byggeklodser import NU
from vos_contracts.journalpost import Post, Posttype
from vos_reference.adapters.bud import HAENDELSER, STYKKE, WSB, Budbringer, Budmodtager

Ender = tuple[socket.socket, socket.socket]
LAGT = Post(art=Posttype.BESKED_LAGT, tidspunkt=NU, cpr="0101010000", data={"id": "1"})


@pytest.fixture
def ender() -> Iterator[Ender]:
    hoerer, taler = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with hoerer, taler:
        yield hoerer, taler


def modtager(hoerer: socket.socket) -> tuple[Budmodtager, list[object]]:
    hoert: list[object] = []
    vaek = {navn: lambda navn=navn: hoert.append(navn) for navn in (WSB, HAENDELSER)}
    return Budmodtager(hoerer, hoert.append, vaek), hoert


def test_et_kald_tager_det_med_som_det_foerte_til(ender: Ender) -> None:
    en, hoert = modtager(ender[0])
    bringer = Budbringer(ender[1], afsender=1)
    bringer(LAGT)
    bringer.haendelser()
    bringer.wsb()
    en.hent()
    assert hoert == []
    bringer((NU, "POST"))
    en.hent()
    assert hoert == [LAGT, HAENDELSER, WSB, (NU, "POST")]


def test_det_siges_straks_hvis_der_bedes_om_det_og_een_gang(ender: Ender) -> None:
    en, hoert = modtager(ender[0])
    bringer = Budbringer(ender[1], afsender=1)
    bringer.wsb()
    for _ in range(2):
        bringer.send()
    en.hent()
    assert hoert == [WSB]


def test_et_langt_gaar_i_stykker_og_samles_selv_om_en_anden_taler_imens(ender: Ender) -> None:
    en, hoert = modtager(ender[0])
    lange = [("a" * STYKKE,), ("b" * (STYKKE * 2),)]
    anden = Budbringer(ender[1], afsender=2)

    class Afbrudt:
        """Lets the other speak after the first piece."""

        def __init__(self) -> None:
            self.stykker = 0

        def send(self, stykke: bytes) -> None:
            ender[1].send(stykke)
            self.stykker += 1
            if self.stykker == 1:
                anden(lange[1])

    linje = Afbrudt()
    Budbringer(linje, afsender=1)(lange[0])
    en.hent()
    assert linje.stykker == 2
    assert hoert == [lange[1], lange[0]]


def test_der_ventes_ikke_naar_intet_er_sagt_eller_alle_er_gaaet(ender: Ender) -> None:
    en, hoert = modtager(ender[0])
    en.hent()
    ender[1].close()
    en.hent()
    assert hoert == []
