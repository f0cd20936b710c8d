"""The simulated business domains and their bad habits, and monitoring of a stage in motion."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import pytest

from byggeklodser import I_DAG, I_MORGEN, JOBCENTER, NU
from vos_contracts.control.operations import Borgerstand, LagtHaendelse, Stand, Tilstandsside
from vos_contracts.model.registration import Aendringstype, Art
from vos_contracts.wire.haendelser import Domaenehaendelse
from vos_simulators import habits
from vos_simulators.divergence import Slags
from vos_simulators.inboxes.domains import Domaene
from vos_simulators.monitor import Filsyn, overvaag
from vos_simulators.stage_reader import Driftslaeser


def haendelse(
    nr: int, id_: str, type_: int, aendring: int = 1, slut: datetime | None = None, borger: str = "p"
) -> LagtHaendelse:
    en = Domaenehaendelse(
        haendelse_id=f"h{nr}",
        entitet=Art.KONTAKTGRUPPE,
        aendringstype=Aendringstype(aendring),
        borger_id=borger,
        cpr=f"020384000{borger[-1:]}",
        id=id_,
        type=type_,
        haendelse=None,
        start=I_DAG,
        slut=slut,
        myndighed=JOBCENTER,
        indtraffet=NU,
    )
    return LagtHaendelse(nr=nr, haendelse=en)


class Bog(Driftslaeser):
    """A stage as a book: events, and pages of the truth."""

    def __init__(self, *haendelser: LagtHaendelse, sider: Sequence[Tilstandsside] = ()) -> None:
        self.bog = list(haendelser)
        self._sandhed = sider

    def haendelser(self, domaene: str, efter: int) -> Iterator[LagtHaendelse]:
        return (en for en in self.bog if en.nr > efter)

    def tilstand(self) -> Iterator[Tilstandsside]:
        return iter(self._sandhed)


def domaene(laeser: Driftslaeser) -> Domaene:
    return Domaene("JobSearch", [Art.KONTAKTGRUPPE], laeser)


def grupper(en: Domaene, now: datetime = NU) -> list[int]:
    return [stand.type for stand in en.om(Borgerstand(borger_id="p"), now).kontaktgrupper]


def test_et_billede_foelger_haendelserne() -> None:
    bog = Bog(haendelse(1, "a", 4))
    en = domaene(bog)
    assert [ankommet.nr for ankommet in en.lyt()] == [1]
    assert grupper(en) == [4]
    bog.bog += [haendelse(2, "a", 4, 2, NU), haendelse(3, "b", 13)]
    assert [ankommet.nr for ankommet in en.lyt()] == [2, 3]
    assert grupper(en) == [13]
    bog.bog.append(haendelse(4, "b", 13, 3))
    en.lyt()
    assert grupper(en) == []
    assert [sendt.nr for sendt in en.fortalt("p")] == [1, 2, 3, 4]
    assert en.lyt() == ()


def test_en_fremtidig_slutdato_slutter_paa_dagen_efter_dansk_tid() -> None:
    en = domaene(Bog(haendelse(1, "a", 4, 2, I_MORGEN)))
    en.lyt()
    assert grupper(en, I_MORGEN - timedelta(seconds=1)) == [4]
    assert grupper(en, I_MORGEN) == []


def test_der_lyttes_kun_saa_langt_som_der_spoerges() -> None:
    en = domaene(Bog(haendelse(1, "a", 4), haendelse(2, "a", 4, 2, NU), haendelse(3, "b", 13)))
    assert [ankommet.nr for ankommet in en.lyt(til=1)] == [1]
    assert grupper(en) == [4]
    assert [ankommet.nr for ankommet in en.lyt(til=2)] == [2]
    assert grupper(en) == []
    assert [ankommet.nr for ankommet in en.lyt()] == [3]
    assert grupper(en) == [13]


@pytest.mark.parametrize(
    ("vane", "numre"),
    [
        ("takes_everything", [1, 2, 3, 4, 5]),
        ("loses_every_second", [1, 3, 5]),
        ("applies_out_of_order", [3, 2, 1, 5, 4]),
        ("stops_listening", []),
        ("hears_everything_twice", [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]),
    ],
)
def test_hver_uvane_over_to_portioner(vane: str, numre: list[int]) -> None:
    tag = getattr(habits, vane)()
    assert [*tag([1, 2, 3]), *tag([4, 5])] == numre


def side(nr: int, naeste: str | None, *borgere: Borgerstand) -> Tilstandsside:
    return Tilstandsside(ur=NU, haendelse_nr=nr, naeste=naeste, borgere=borgere)


def stand(borger: str, *grupper_: Stand) -> Borgerstand:
    return Borgerstand(borger_id=borger, cpr=f"020384000{borger[-1:]}", kontaktgrupper=grupper_)


A, B = Stand(type=4, id="a", start=I_DAG), Stand(type=13, id="b", start=I_DAG)


def test_en_scene_i_bevaegelse_giver_ingen_falsk_alarm() -> None:
    """The first citizen is registered on after the first page was read: the event comes later than the page."""
    senere = haendelse(2, "c", 7, borger="q1")
    bog = Bog(
        haendelse(1, "b", 13, borger="q2"), senere, sider=[side(1, "q1", stand("q1")), side(2, None, stand("q2", B))]
    )
    rapport = overvaag(bog, [domaene(bog)], {})
    assert (rapport.borgere, rapport.antal) == (2, 0)


def test_en_borger_som_kun_domaenet_kender() -> None:
    bog = Bog(haendelse(1, "a", 4, borger="q9"), sider=[side(1, None, stand("q1"))])
    (en,) = overvaag(bog, [domaene(bog)], {}).afvigelser["JobSearch"]
    assert (en.slags, en.borger, en.deres, en.haendelse_nr) == (Slags.EKSTRA, "020384xxxx", 4, 1)


def test_et_billede_fra_en_fil() -> None:
    bog = Bog(haendelse(1, "a", 4, borger="q1"), sider=[side(1, None, stand("q1", A), stand("q2"))])
    med_cpr = Filsyn([Borgerstand(cpr="0203840001", kontaktgrupper=(Stand(type=4),))])
    assert overvaag(bog, [domaene(bog)], {"JobSearch": med_cpr}).antal == 0
    med_id = Filsyn(
        [Borgerstand(borger_id="q1", kontaktgrupper=(A,)), Borgerstand(cpr="0203840009", kontaktgrupper=(B,))]
    )
    (en,) = overvaag(bog, [domaene(bog)], {"JobSearch": med_id}).afvigelser["JobSearch"]
    assert (en.slags, en.borger, en.haendelse_nr) == (Slags.EKSTRA, "020384xxxx", None)
    (mangler,) = overvaag(bog, [domaene(bog)], {"JobSearch": Filsyn([])}).afvigelser["JobSearch"]
    assert (mangler.slags, mangler.haendelse_nr) == (Slags.MANGLER, 1)
