"""Webservice messages over real sockets: from a registration on either channel to a webhook, whatever habits it has."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from byggeklodser import AKASSE, I_DAG, JOBCENTER, identitet, kontrakt
from vos_contracts.base.ids import ny_uuid
from vos_contracts.koder.wsb import Wsbtilstand
from vos_contracts.model.identity import Organisation
from vos_contracts.model.registration import Art, Opdater, Opret
from vos_contracts.wire.abonnement import Abonnementer, Abonnementsoenske, Synkroniseret
from vos_contracts.wire.rest import Rest
from vos_simulators import habits
from vos_simulators.control import Styring
from vos_simulators.habits import WEBHOOK_HABITS
from vos_simulators.inboxes.webhook import WsbModtager
from vos_simulators.party import Aktoer, Kanal
from vos_simulators.people import Borger
from vos_simulators.transport import HttpTransport

KG, PC = 100008, 100009
TIMER_S = 4 * 3600


@pytest.fixture
def modtager() -> Iterator[WsbModtager]:
    with WsbModtager(kontrakt()) as en:
        yield en


@pytest.fixture
def kss(transport: HttpTransport) -> Aktoer:
    return Aktoer(identitet(JOBCENTER), kontrakt(), transport, ny_uuid)


@pytest.fixture
def abonner(styring: Styring, transport: HttpTransport, modtager: WsbModtager) -> Callable[..., str]:
    wire = Abonnementer(kontrakt(), Rest(kontrakt()))

    def abonner(
        *entiteter: int, organisation: Organisation = JOBCENTER, hvor: WsbModtager = modtager, sti: str = "/wsb"
    ) -> str:
        system = ny_uuid()
        styring.subscribersystem(system, hvor.adresse, organisation)
        oensker = [Abonnementsoenske(organisation, en, sti, I_DAG.date()) for en in entiteter]
        svar = wire.forstaa(transport.send(wire.kald(system, oensker, identitet(organisation), ny_uuid())))
        assert svar == Synkroniseret(len(entiteter), 0, 0)
        return system

    return abonner


def gruppe(aktoer: Aktoer, borger: Borger, type_: int, kanal: Kanal = Kanal.PVS) -> str:
    svar = aktoer.registrer(borger.cpr, Opret(Art.KONTAKTGRUPPE, type_, I_DAG), kanal)
    assert isinstance(svar, str), svar
    return svar


@pytest.mark.parametrize("kanal", Kanal)
def test_fra_registrering_til_webhook(
    kss: Aktoer, modtager: WsbModtager, abonner: Callable[..., str], ny_borger: Callable[..., Borger], kanal: Kanal
) -> None:
    abonner(KG, PC, sti="/modtag/wsb")
    abonner(KG, organisation=AKASSE, sti="/akasse")
    borger = ny_borger()
    id_ = gruppe(kss, borger, 13, kanal)
    modtager.vent_paa(2)
    assert sorted(en.sti for en in modtager.ankomster) == ["/akasse", "/modtag/wsb"]
    for en in modtager.ankomster:
        assert en.headers["content-type"] == "application/json; charset=utf-8"
        assert en.besked is not None
        assert (en.besked.id, en.besked.cpr, en.besked.entitet_id, en.besked.aendringstype) == (id_, borger.cpr, KG, 1)
    visninger = kss.laes(borger.cpr, Art.KONTAKTGRUPPE)
    assert isinstance(visninger, tuple)
    assert [en.id for en in visninger] == [id_], "the message says what to read"


@pytest.mark.parametrize("uvane", WEBHOOK_HABITS)
def test_enhver_uvane_ender_med_at_alt_er_leveret_i_orden(
    kss: Aktoer,
    styring: Styring,
    modtager: WsbModtager,
    abonner: Callable[..., str],
    ny_borger: Callable[..., Borger],
    uvane: str,
) -> None:
    modtager.habit = WEBHOOK_HABITS[uvane]()
    abonner(KG)
    borgere = [ny_borger() for _ in range(3)]
    ventet = {}
    for borger in borgere:
        foerste = gruppe(kss, borger, 13)
        ventet[borger.cpr] = [(foerste, 1), (foerste, 2), (gruppe(kss, borger, 4), 1)]
    styring.flyt_ur(frem=TIMER_S)
    stand = styring.wsb()
    assert [(en.venter, en.doede) for en in stand.modtagere] == [(0, 0)]
    enkelte = {en.besked_id: en for en in modtager.beskeder}  # the first of each id stands where it came first
    for cpr, skulle in ventet.items():
        assert [(en.id, en.aendringstype) for en in enkelte.values() if en.cpr == cpr] == skulle
    gentagelser = len(modtager.beskeder) - len(enkelte)
    assert gentagelser == (9 if uvane in ("resets", "answers_nothing", "answers_garbage") else 0)


def test_en_omdirigering_foelges_ikke(
    kss: Aktoer, styring: Styring, modtager: WsbModtager, abonner: Callable[..., str], ny_borger: Callable[..., Borger]
) -> None:
    with WsbModtager(kontrakt()) as andetsteds:
        modtager.habit = habits.redirects(f"{andetsteds.adresse}/x")
        abonner(KG)
        styring.wsb(Wsbtilstand.DESIGNET)
        gruppe(kss, ny_borger(), 13)
        styring.flyt_ur(frem=TIMER_S)
        (doed,) = styring.wsb().doede
        assert (doed.grund, doed.forsoeg) == ("status 307", 1)
        assert andetsteds.ankomster == ()
        modtager.habit = habits.takes_in()
        assert styring.genspil(doed.besked_id) == 1
        assert [en.besked_id for en in modtager.vent_paa(1)] == [doed.besked_id]
    styring.wsb(Wsbtilstand.OBSERVERET)


def test_en_modtager_der_er_nede_faar_alt_naar_den_kommer_igen(
    kss: Aktoer, styring: Styring, modtager: WsbModtager, abonner: Callable[..., str], ny_borger: Callable[..., Borger]
) -> None:
    abonner(KG)
    borger = ny_borger()
    modtager.luk()
    id_ = gruppe(kss, borger, 13)
    kss.registrer(borger.cpr, Opdater(Art.KONTAKTGRUPPE, id_, I_DAG), Kanal.PVS)
    styring.flyt_ur(frem=100)
    (stand,) = styring.wsb().modtagere
    assert (stand.venter, stand.doede) == (2, 0)
    modtager.aabn()
    styring.flyt_ur(frem=100)
    assert [en.aendringstype for en in modtager.beskeder] == [1, 2]


def test_en_langsom_modtager_sinker_ingen_anden(
    kss: Aktoer, styring: Styring, modtager: WsbModtager, abonner: Callable[..., str], ny_borger: Callable[..., Borger]
) -> None:
    modtager.habit = habits.is_slow(300)
    with WsbModtager(kontrakt()) as hurtig:
        abonner(KG)
        abonner(KG, hvor=hurtig)
        for _ in range(20):
            gruppe(kss, ny_borger(), 13)
        hurtig.vent_paa(20)
        assert len(modtager.beskeder) <= 8, "the slow one has as many under way as one receiver may have"
    styring.nulstil()
