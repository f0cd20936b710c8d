"""The clockwork: what falls due is carried out in order of time, at its own instant; the clock never goes backwards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from support.stores import empty_store

from byggeklodser import NU, kontrakt
from vos_contracts.base.ids import ny_uuid
from vos_contracts.control.journal import Post, Posttype
from vos_contracts.control.stage import Urtilstand
from vos_contracts.koder.batchjob import batchjob
from vos_contracts.tabel import Raekke, Sikkerhed
from vos_reference.application.drift import Drift
from vos_reference.application.koe import LEVETID, Sekvensudloeb
from vos_reference.application.natkoersel import Natkoersel
from vos_reference.application.ports import Ejer, Sekvens
from vos_reference.application.ur import Urvaerk
from vos_reference.clock import StageClock, TidenGaarKunFremad
from vos_reference.domain.dfdg import STAR
from vos_reference.domain.tid import DANSK_TID, kl


class Maskine:
    """A machine's clock that a test moves."""

    def __init__(self, tid: datetime) -> None:
        self.tid = tid

    def now(self) -> datetime:
        return self.tid


def test_uret_staar_ikke_foer_det_der_er_gemt() -> None:
    maskine, aar = Maskine(NU), timedelta(days=365)
    frosset, gaar = StageClock(maskine, NU), StageClock(maskine)
    for ur in (frosset, gaar):
        ur.ikke_foer(NU - aar)
        assert ur.now() == NU
        ur.ikke_foer(NU + aar)
        assert ur.now() == NU + aar
    maskine.tid += timedelta(hours=1)
    assert (frosset.now(), gaar.now()) == (NU + aar, NU + aar + timedelta(hours=1))
    assert (frosset.tilstand, gaar.tilstand) == (Urtilstand.FROSSET, Urtilstand.FORSKUDT)


class Kilde:
    """Falls due at given instants, and notes what the clock said then."""

    def __init__(self, navn: str, ur: StageClock, *tider: datetime) -> None:
        self.navn = navn
        self._ur = ur
        self._tider = list(tider)
        self.sket: list[tuple[datetime, datetime]] = []

    def naeste(self) -> datetime | None:
        return self._tider[0] if self._tider else None

    def udfoer(self, tidspunkt: datetime) -> Iterator[None]:
        self.sket.append((self._tider.pop(0), self._ur.now()))
        yield


def faerdig(forloeb: Any) -> Any:
    while True:
        try:
            next(forloeb)
        except StopIteration as slut:
            return slut.value


def til(tidspunkt: datetime) -> Any:
    return lambda nu: tidspunkt


def dansk(*dele: int, fold: int = 0) -> datetime:
    return datetime(*dele, tzinfo=DANSK_TID, fold=fold)  # type: ignore[arg-type, misc]  # the parts of a date and an hour


def test_det_forfaldne_sker_i_tidens_orden_og_paa_sit_eget_tidspunkt() -> None:
    ur = StageClock(Maskine(NU), NU)
    timer = [NU + timedelta(hours=en) for en in range(6)]
    a, b = Kilde("a", ur, timer[1], timer[4]), Kilde("b", ur, timer[1], timer[2], timer[5])
    assert faerdig(Urvaerk(ur, (a, b)).stil(til(timer[4]), Urtilstand.FROSSET)) == {"a": 2, "b": 2}
    assert a.sket == [(timer[1], timer[1]), (timer[4], timer[4])]
    assert b.sket == [(timer[1], timer[1]), (timer[2], timer[2])]
    assert ur.now() == timer[4]
    assert Urvaerk(ur, (a, b)).naeste() == timer[5]


def test_det_forsoemte_sker_uden_at_uret_gaar_tilbage() -> None:
    ur = StageClock(Maskine(NU), NU)
    kilde = Kilde("a", ur, NU - timedelta(days=2), NU + timedelta(days=1))
    faerdig(Urvaerk(ur, (kilde,)).indhent())
    assert kilde.sket == [(NU - timedelta(days=2), NU)]
    assert ur.now() == NU


def test_tilbage_afvises_foer_noget_sker() -> None:
    ur = StageClock(Maskine(NU), NU)
    kilde = Kilde("a", ur, NU - timedelta(days=2))
    with pytest.raises(TidenGaarKunFremad, match="uret står på 2024-11-18T09:00:00"):
        faerdig(Urvaerk(ur, (kilde,)).stil(til(NU - timedelta(days=1)), Urtilstand.FROSSET))
    assert kilde.sket == []


def test_en_kilde_der_aldrig_bliver_faerdig_stopper_uret_og_ikke_processen() -> None:
    class Evig(Kilde):
        def udfoer(self, tidspunkt: datetime) -> Iterator[None]:
            yield

    ur = StageClock(Maskine(NU), NU)
    with pytest.raises(AssertionError, match="forever"):
        faerdig(Urvaerk(ur, (Evig("a", ur, NU),)).stil(til(NU), Urtilstand.FROSSET))


@pytest.mark.parametrize("tilstand", [Urtilstand.FORSKUDT, Urtilstand.FROSSET])
def test_fejler_en_kilde_bliver_uret_hvor_det_var_og_gaar_hvis_det_gik(tilstand: Urtilstand) -> None:
    class Doed(Kilde):
        def udfoer(self, tidspunkt: datetime) -> Iterator[None]:
            raise ZeroDivisionError
            yield

    maskine = Maskine(NU)
    ur = StageClock(maskine)
    if tilstand is Urtilstand.FROSSET:
        ur.frys()
    time = timedelta(hours=1)
    with pytest.raises(ZeroDivisionError):
        faerdig(Urvaerk(ur, (Doed("a", ur, NU + time),)).stil(til(NU + 5 * time), tilstand))
    assert (ur.now(), ur.tilstand) == (NU + time, tilstand)
    maskine.tid += time
    assert ur.now() == NU + (2 * time if tilstand is Urtilstand.FORSKUDT else time)


def test_reel_forskudt_og_frosset() -> None:
    maskine = Maskine(NU)
    ur = StageClock(maskine)
    assert ur.tilstand is Urtilstand.REEL
    faerdig(Urvaerk(ur, ()).stil(til(NU + timedelta(days=1)), Urtilstand.FORSKUDT))
    maskine.tid = NU + timedelta(hours=2)
    assert (ur.now(), ur.tilstand) == (NU + timedelta(days=1, hours=2), Urtilstand.FORSKUDT)
    ur.frys()
    maskine.tid = NU + timedelta(hours=9)
    assert (ur.now(), ur.tilstand, ur.frosset) == (NU + timedelta(days=1, hours=2), Urtilstand.FROSSET, True)
    ur.gaa()
    assert ur.now() == NU + timedelta(days=1, hours=2)
    with pytest.raises(TidenGaarKunFremad):
        faerdig(Urvaerk(ur, ()).stil(lambda nu: ur.maskinens(), Urtilstand.REEL))
    assert ur.tilstand is Urtilstand.FORSKUDT
    ur.frys()
    maskine.tid = NU + timedelta(days=3)
    faerdig(Urvaerk(ur, ()).stil(lambda nu: ur.maskinens(), Urtilstand.REEL))
    assert (ur.now(), ur.tilstand) == (maskine.tid, Urtilstand.REEL)


def test_uret_staar_hellere_end_at_gaa_tilbage_naar_maskinens_stilles() -> None:
    maskine = Maskine(NU)
    ur = StageClock(maskine)
    assert ur.now() == NU
    maskine.tid = NU - timedelta(hours=1)
    assert ur.now() == NU


def test_nulstil_er_en_ny_forestilling_der_hvor_scenen_blev_startet() -> None:
    frosset = StageClock(Maskine(NU + timedelta(days=9)), NU)
    frosset.saet(NU + timedelta(days=400))
    frosset.nulstil()
    assert (frosset.now(), frosset.tilstand) == (NU, Urtilstand.FROSSET)
    gaar = StageClock(Maskine(NU))
    gaar.saet(NU + timedelta(days=1))
    gaar.nulstil()
    assert (gaar.now(), gaar.tilstand) == (NU, Urtilstand.REEL)


def test_den_time_der_kommer_to_gange_er_to_timer() -> None:
    """On the wall the second half past two is the same as the first; the clock knows which is later."""
    foerste, anden = dansk(2024, 10, 27, 2, 30), dansk(2024, 10, 27, 2, 10, fold=1)
    ur = StageClock(Maskine(NU), foerste)
    ur.saet(anden)
    assert ur.now().astimezone(UTC) == datetime(2024, 10, 27, 1, 10, tzinfo=UTC)
    with pytest.raises(TidenGaarKunFremad):
        ur.saet(foerste)


def scene(start: datetime) -> tuple[Drift, Urvaerk, list[Post]]:
    poster: list[Post] = []
    ur = StageClock(Maskine(start), start)
    d = Drift(empty_store(), ur, ny_uuid, kontrakt(), kontrakt().udgaver["2024-4"], None, poster.append)
    naetter = Natkoersel(d)
    naetter.begynd()
    return d, Urvaerk(ur, (naetter, Sekvensudloeb(d))), poster


def naetter(poster: list[Post]) -> list[datetime]:
    return [en.tidspunkt for en in poster if en.art is Posttype.KOERSEL]


@pytest.mark.parametrize(
    ("fra", "til_", "utc"),
    [
        # summer time ends: the night has 25 hours, and the jobs run once
        (dansk(2024, 10, 26, 9), dansk(2024, 10, 28, 9), [(2024, 10, 26, 23), (2024, 10, 28, 0)]),
        # summer time begins: the night has 23 hours, and the jobs run
        (dansk(2025, 3, 29, 9), dansk(2025, 3, 31, 9), [(2025, 3, 30, 0), (2025, 3, 30, 23)]),
        # the turn of the year
        (dansk(2024, 12, 31, 9), dansk(2025, 1, 2, 0, 59), [(2025, 1, 1, 0)]),
        # just before and just at one o'clock
        (dansk(2024, 11, 18, 0, 59), dansk(2024, 11, 18, 0, 59, 59), []),
        (dansk(2024, 11, 18, 0, 59), dansk(2024, 11, 18, 1), [(2024, 11, 18, 0)]),
        (dansk(2024, 11, 18, 1), dansk(2024, 11, 18, 23, 59, 59), []),
        # midnight alone is not the night's hour
        (dansk(2024, 11, 18, 23, 59), dansk(2024, 11, 19, 0, 30), []),
        # a leap day
        (dansk(2024, 2, 28, 9), dansk(2024, 3, 1, 9), [(2024, 2, 29, 0), (2024, 3, 1, 0)]),
    ],
)
def test_hver_dansk_nat_koerer_en_gang_og_kun_en(
    fra: datetime, til_: datetime, utc: list[tuple[int, int, int, int]]
) -> None:
    d, urvaerk, poster = scene(fra)
    faerdig(urvaerk.stil(til(til_), Urtilstand.FROSSET))
    assert [en.astimezone(UTC) for en in naetter(poster)] == [datetime(*dele, tzinfo=UTC) for dele in utc]
    faerdig(urvaerk.indhent())
    assert len(naetter(poster)) == len(utc)
    assert d.ur.now() == til_


def test_et_aar_er_lige_saa_mange_naetter_som_dage_i_et_spring_eller_mange() -> None:
    start = dansk(2024, 3, 1, 9)
    _, i_et, poster = scene(start)
    faerdig(i_et.stil(til(dansk(2025, 3, 1, 9)), Urtilstand.FROSSET))
    assert len(naetter(poster)) == 365
    _, i_mange, andre = scene(start)
    for nummer in range(1, 366 * 3):
        tid = (start.astimezone(UTC) + timedelta(hours=8 * nummer)).astimezone(DANSK_TID)
        if tid <= dansk(2025, 3, 1, 9):
            faerdig(i_mange.stil(til(tid), Urtilstand.FROSSET))
    assert naetter(andre) == naetter(poster)


@pytest.mark.parametrize("sommertid", [True, False])
def test_en_sekvens_lever_tres_rigtige_minutter_ogsaa_naar_uret_stilles(sommertid: bool) -> None:
    aabnet = dansk(2024, 10, 27, 2, 30) if sommertid else dansk(2025, 3, 30, 1, 30)
    d, urvaerk, _ = scene(aabnet)
    with d.store.transaktion() as t:
        t.opret_sekvens(Sekvens("s", Ejer(STAR, 0), "", aabnet), 500)
    time = aabnet.astimezone(UTC) + LEVETID
    assert faerdig(urvaerk.stil(til(time), Urtilstand.FROSSET)) == {}
    assert faerdig(urvaerk.stil(til(time + timedelta(seconds=1)), Urtilstand.FROSSET)) == {"sekvensudloeb": 1}
    with d.store.laesning() as t:
        assert t.find_sekvens("s") is None


@pytest.mark.parametrize(
    ("celler", "regel"),
    [
        ([("a", "1", "02:30")], "the clock is changed"),
        ([("a", "1", "02:00")], "the clock is changed"),
        ([("a", "1", "01:00"), ("b", "2", "03:00")], "the same for all"),
        ([("a", "1", "01:00"), ("b", "1", "01:00")], "the same place"),
        ([("a", "1", "25:00")], "hour must be in"),
    ],
)
def test_nattens_time_findes_en_gang_hver_nat(celler: list[tuple[str, str, str]], regel: str) -> None:
    tabel = {
        (kode,): Raekke({"kode": kode, "navn": kode, "orden": orden, "klokken": kl_}, "k", Sikkerhed.ASSUMED)
        for kode, orden, kl_ in celler
    }
    with pytest.raises(ValueError, match=regel):
        batchjob(tabel)


def test_den_afsendte_time_findes_en_gang_i_hver_nat_i_hundrede_aar() -> None:
    klokken = kontrakt().batchjob[0].klokken
    for nummer in range(36525):
        dag = date(2000, 1, 1) + timedelta(days=nummer)
        foerste, anden = kl(dag, klokken), kl(dag, klokken).replace(fold=1)
        assert foerste.utcoffset() == anden.utcoffset()
        assert foerste.astimezone(UTC).astimezone(DANSK_TID).time() == klokken
