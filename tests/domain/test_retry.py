"""What becomes of a webhook message after an attempt."""

from __future__ import annotations

from datetime import timedelta

import pytest

from vos_contracts.koder.wsb import Wsbtilstand
from vos_reference.domain.retry import Brast, Forsoegssvar, Leveret, Opgivet, Svarede, Udskudt, afgoer, ventetid_efter


def test_ventetiden_vokser_til_tre_timer() -> None:
    sekunder = [ventetid_efter(forsoeg).total_seconds() for forsoeg in range(1, 16)]
    assert sekunder == [1, 3, 7, 15, 31, 63, 127, 255, 511, 1023, 2047, 4095, 8191, 10800, 10800]
    assert ventetid_efter(1_000_000) == timedelta(hours=3)


@pytest.mark.parametrize(
    ("svar", "designet", "observeret"),
    [
        (Svarede(200), Leveret(), Leveret()),
        (Svarede(204), Leveret(), Leveret()),
        (Svarede(500), Udskudt(timedelta(seconds=3), "status 500"), Udskudt(timedelta(seconds=3), "status 500")),
        (Svarede(503), Udskudt(timedelta(seconds=3), "status 503"), Udskudt(timedelta(seconds=3), "status 503")),
        (Svarede(404), Opgivet("status 404"), Udskudt(timedelta(seconds=3), "status 404")),
        (Svarede(403), Opgivet("status 403"), Udskudt(timedelta(seconds=3), "status 403")),
        (Svarede(307), Opgivet("status 307"), Udskudt(timedelta(seconds=3), "status 307")),
        (Svarede(199), Opgivet("status 199"), Udskudt(timedelta(seconds=3), "status 199")),
        (Brast("nulstillet"), Opgivet("nulstillet"), Udskudt(timedelta(seconds=3), "nulstillet")),
    ],
)
def test_hvad_der_bliver_af_beskeden(svar: Forsoegssvar, designet: object, observeret: object) -> None:
    assert afgoer(svar, 2, Wsbtilstand.DESIGNET) == designet
    assert afgoer(svar, 2, Wsbtilstand.OBSERVERET) == observeret


@pytest.mark.parametrize(
    ("oensket", "ventetid"),
    [(timedelta(seconds=1), 3), (timedelta(minutes=2), 120), (timedelta(days=9), 10_800)],
)
def test_retry_after_kan_kun_forlaenge_og_hoejst_til_tre_timer(oensket: timedelta, ventetid: int) -> None:
    udfald = afgoer(Svarede(503, oensket), 2, Wsbtilstand.DESIGNET)
    assert udfald == Udskudt(timedelta(seconds=ventetid), "status 503")
    assert afgoer(Svarede(404, oensket), 2, Wsbtilstand.DESIGNET) == Opgivet("status 404")
