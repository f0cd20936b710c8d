"""The control API's clock and nightly jobs: what is refused with which rule, and what an answer says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from byggeklodser import JOBCENTER, NU, identitet
from generalproeve.scene import Scene, indlejret
from generalproeve.settings.stage import StageSettings
from vos_contracts.base import stopwatch
from vos_contracts.control.stage import ForloebDto, Koerselsart, RegistreringDto, Urtilstand
from vos_contracts.kontrakt import indlaes
from vos_reference.domain.tid import DANSK_TID
from vos_reference.edge.varighed import UgyldigVarighed, frem
from vos_simulators.control import Styring
from vos_simulators.inboxes.wsrm_poller import WsrmAfvist, WsrmPoller
from vos_simulators.people import Borger, Folk, paa_scenen
from vos_simulators.transport import HttpTransport

MORGEN = (NU + timedelta(days=1)).date()


def dansk(*dele: int) -> datetime:
    return datetime(*dele, tzinfo=DANSK_TID)  # type: ignore[arg-type, misc]  # the parts of a date and an hour


@pytest.mark.parametrize(
    ("krop", "regel"),
    [
        ({}, "angiv tidspunkt, frem eller tilstand"),
        ({"tidspunkt": "2024-11-18T08:59:59+01:00"}, "tidspunkt: uret står på 2024-11-18T09:00:00+01:00 og kan ikke"),
        ({"tidspunkt": "2024-11-19T09:00:00"}, "tidspunkt: skal være en date-time med offset"),
        ({"tidspunkt": "i morgen"}, "$.tidspunkt"),
        (
            {"frem": -1},
            "frem: skal være et antal sekunder eller en ISO 8601-varighed som P1D eller PT2H, og ikke negativ",
        ),
        ({"frem": "en dag"}, "frem: skal være et antal sekunder"),
        ({"frem": "P20000Y"}, "frem: skal være et antal sekunder"),
        ({"frem": True}, "$.frem"),
        ({"tilstand": "hurtigt"}, "$.tilstand"),
        ({"tilstand": "reel", "frem": 1}, "tilstand: reel følger maskinens ur; angiv hverken tidspunkt eller frem"),
        ({"tidpunkt": "2024-11-19T09:00:00+01:00"}, "tidpunkt"),
    ],
)
def test_et_ur_der_ikke_kan_stilles_staar_hvor_det_stod(scene: Scene, krop: dict[str, object], regel: str) -> None:
    svar = httpx.put(f"{scene.styring}/styring/ur", json=krop)
    assert svar.status_code == 400
    assert regel in svar.json()["fejl"][0]["fejltekst"]
    status = httpx.get(f"{scene.styring}/styring/ur").json()
    assert (status["ur"], status["urTilstand"], status["urFrosset"]) == ("2024-11-18T09:00:00+01:00", "frosset", True)


@pytest.mark.parametrize(
    ("fra", "varighed", "til"),
    [
        (dansk(2024, 11, 18, 9), 90, dansk(2024, 11, 18, 9, 1, 30)),
        (dansk(2024, 11, 18, 9), 0.5, dansk(2024, 11, 18, 9, 0, 0, 500_000)),
        (dansk(2024, 11, 18, 9), "PT2H30M", dansk(2024, 11, 18, 11, 30)),
        (dansk(2024, 11, 18, 9), "P1Y2M3DT4H", dansk(2026, 1, 21, 13)),
        (dansk(2024, 11, 18, 9), "P2W", dansk(2024, 12, 2, 9)),
        (dansk(2024, 2, 29, 9), "P1Y", dansk(2025, 2, 28, 9)),
        (dansk(2024, 12, 31, 23, 59), "PT1M", dansk(2025, 1, 1)),
        # a day is the same hour, and twenty-four hours are twenty-four hours, over both nights when the clock is changed
        (dansk(2024, 10, 26, 12), "P1D", dansk(2024, 10, 27, 12)),
        (dansk(2024, 10, 26, 12), "PT24H", dansk(2024, 10, 27, 11)),
        (dansk(2025, 3, 29, 12), "P1D", dansk(2025, 3, 30, 12)),
        (dansk(2025, 3, 29, 12), "PT24H", dansk(2025, 3, 30, 13)),
        # an hour that does not exist becomes the one after
        (dansk(2025, 3, 29, 2, 30), "P1D", dansk(2025, 3, 30, 3, 30)),
    ],
)
def test_frem_gaar_efter_kalender_og_rigtig_tid(fra: datetime, varighed: float | str, til: datetime) -> None:
    assert frem(fra, varighed).astimezone(UTC) == til.astimezone(UTC)


@pytest.mark.parametrize(
    "varighed", ["", "P", "PT", "P1DT", "1D", "-P1D", "PT-1H", "P1X", float("nan"), float("inf"), -0.1]
)
def test_det_der_ikke_er_en_varighed(varighed: float | str) -> None:
    with pytest.raises(UgyldigVarighed):
        frem(NU, varighed)


def test_at_stille_uret_fryser_det_og_siger_hvad_der_forfaldt(styring: Styring) -> None:
    status = styring.flyt_ur(NU + timedelta(days=3))
    assert (status.ur, status.ur_tilstand) == (NU + timedelta(days=3), Urtilstand.FROSSET)
    assert status.forfaldt == {"natkoersel": 3}
    status = styring.flyt_ur(NU + timedelta(days=3), frem="P1DT2H")
    assert (status.ur, status.forfaldt) == (NU + timedelta(days=4, hours=2), {"natkoersel": 1})
    assert styring.status().forfaldt == {}


def test_frem_bevarer_tilstanden_og_nulstil_begynder_forfra(styring: Styring) -> None:
    assert styring.flyt_ur(tilstand=Urtilstand.FORSKUDT).ur_tilstand is Urtilstand.FORSKUDT
    status = styring.flyt_ur(frem="P1D")
    assert status.ur_tilstand is Urtilstand.FORSKUDT
    assert timedelta(days=1) <= status.ur - NU < timedelta(days=1, minutes=5)
    assert styring.flyt_ur(tilstand=Urtilstand.FROSSET).ur >= status.ur
    styring.nulstil()
    assert (styring.status().ur, styring.status().ur_tilstand) == (NU, Urtilstand.FROSSET)
    assert styring.flyt_ur(frem="P1D").forfaldt == {"natkoersel": 1}


def test_uret_kan_foelge_maskinens(styring: Styring) -> None:
    foer = datetime.now(UTC)  # noqa: TID251 - the machine's own time is what it must follow
    status = styring.flyt_ur(tilstand=Urtilstand.REEL)
    assert status.ur_tilstand is Urtilstand.REEL
    assert foer <= status.ur <= datetime.now(UTC)  # noqa: TID251 - as above
    sidste_nat = (status.ur - timedelta(hours=1)).date()
    assert status.forfaldt["natkoersel"] == (sidste_nat - NU.date()).days


def test_en_aaben_sekvens_lukkes_paa_vejen(
    styring: Styring, transport: HttpTransport, ny_borger: Callable[..., Borger]
) -> None:
    poller = WsrmPoller(identitet(JOBCENTER), indlaes(), transport)
    ny_borger()
    sekvens = poller.opret()
    assert styring.flyt_ur(frem=3600).forfaldt == {}
    assert styring.flyt_ur(frem=1).forfaldt == {"sekvensudloeb": 1}
    with pytest.raises(WsrmAfvist):
        poller.luk(sekvens.id)


def test_batch_nu_og_rapporten(styring: Styring, ny_borger: Callable[..., Borger], scene: Scene) -> None:
    for gruppe in (7, 13):
        ny_borger(kontaktgrupper=(RegistreringDto(type=gruppe),), fleksjob=(ForloebDto(fra=NU.date()),))
    assert styring.seneste_batch() is None
    rapport = styring.batch()
    assert (rapport.dag, rapport.art, rapport.faerdig, rapport.natlig) == (NU.date(), Koerselsart.DELTA, True, False)
    assert (rapport.i_alt, rapport.sete, rapport.aendrede) == (1, 1, 1)
    assert rapport.sekunder > 0
    assert [(en.job, en.sete, en.aendrede) for en in rapport.job if en.sete] == [("fleksjob", 1, 1)]
    assert [en.navn for en in rapport.job] == [en.navn for en in indlaes().batchjob]
    assert styring.seneste_batch() == rapport
    fuld = styring.batch(Koerselsart.FULD)
    assert (fuld.sete, fuld.aendrede, {en.sete for en in fuld.job}) == (2, 0, {2})
    assert httpx.post(f"{scene.styring}/styring/batch").json()["art"] == "delta"


@pytest.mark.parametrize(
    ("krop", "regel"),
    [
        ({"dag": "2024-11-19"}, "dag: scenen er på 2024-11-18; stil uret frem"),
        ({"dag": "2024-11-17"}, "dag: scenen er på 2024-11-18"),
        ({"dag": "i dag"}, "$.dag"),
        ({"art": "halv"}, "$.art"),
        ({"kind": "fuld"}, "kind"),
    ],
)
def test_batch_der_ikke_kan_koeres(scene: Scene, krop: dict[str, object], regel: str) -> None:
    svar = httpx.post(f"{scene.styring}/styring/batch", json=krop)
    assert svar.status_code == 400
    assert regel in svar.json()["fejl"][0]["fejltekst"]
    assert httpx.get(f"{scene.styring}/styring/batch").json() is None


@pytest.fixture
def gaaende() -> Iterator[Scene]:
    with indlejret(StageSettings(port=0, control_port=0)) as scene:
        yield scene


def test_med_et_gaaende_ur_sker_det_forfaldne_af_sig_selv(gaaende: Scene) -> None:
    """A second before the night's hour the clock is let go; nobody asks, and the jobs run."""
    with HttpTransport(gaaende.styring) as linje:
        styring = Styring(linje)
        nu = styring.status().ur
        borger = Folk(seed=12).ny(40, nu.date())
        nat = (nu + timedelta(days=1)).replace(hour=1, minute=0, second=0, microsecond=0)
        dto = paa_scenen(borger)
        dto.kontaktgrupper, dto.fleksjob = (RegistreringDto(type=7),), (ForloebDto(fra=nat.date()),)
        styring.opsaet(dto)
        status = styring.flyt_ur(nat - timedelta(seconds=1), tilstand=Urtilstand.FORSKUDT)
        assert (
            status.forfaldt.get("natkoersel", 0) <= 1
        )  # before one o'clock by the machine's clock, today's is still to come
        slut = stopwatch.seconds() + 30
        while (koersel := styring.seneste_batch()) is None or koersel.dag != nat.date() or not koersel.faerdig:
            assert stopwatch.seconds() < slut, "the night came and nothing ran"
        assert (koersel.natlig, koersel.aendrede, koersel.tidspunkt) == (True, 1, nat)
