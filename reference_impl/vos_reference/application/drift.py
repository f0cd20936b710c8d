"""What may change while the services run: the release, the forced back end and how WSB fails, besides what never does.

One object, made in `bootstrap`, handed to everyone; only the control API writes to it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from vos_contracts.journalpost import Post
from vos_contracts.koder.udgave import PrsSoap, Udgave
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.wire.wsb import Wsb
from vos_contracts.wsbstyring import Wsbtilstand
from vos_reference.application.ports import IdSource, Store
from vos_reference.clock import StageClock, Urstand

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class Stilling:
    """How the switches that decide an answer stand: the release, the forced back end, the clock."""

    udgave: str
    bagende: PrsSoap | None
    ur: Urstand


@dataclass(slots=True)
class Drift:
    """The running services' collaborators and their switches.

    `latens` is what whoever serves them says of how slowly they are to answer, `processer` in how many processes; here both are
    only shown.
    `noget_at_sende` is called after a commit that queued WSB, `haendelser_rejst` after one that may have raised events.
    """

    store: Store
    ur: StageClock
    ider: IdSource
    kontrakt: Kontrakt
    udgave: Udgave
    bagende: PrsSoap | None
    journal: Callable[[Post], None]
    wsb_tilstand: Wsbtilstand = Wsbtilstand.OBSERVERET
    webhook_vaerter: frozenset[str] = LOOPBACK
    latens: str | None = None
    processer: int = 1
    noget_at_sende: Callable[[], None] = lambda: None
    haendelser_rejst: Callable[[], None] = lambda: None
    wsb: Wsb = field(init=False)
    _stillet: Callable[[Stilling], None] = field(init=False, default=lambda stilling: None)

    def __post_init__(self) -> None:
        self.wsb = Wsb(self.kontrakt)

    def fortael(self, til: Callable[[Stilling], None]) -> None:
        """Tell how the switches stand, now and each time that one is moved, before anything else is done."""
        self._stillet = til
        self.ur.stillet = self._fortael
        self._fortael()

    def overtag(self, stilling: Stilling) -> None:
        """Stand as another process of the same stage says."""
        self.udgave, self.bagende = self.kontrakt.udgaver[stilling.udgave], stilling.bagende
        self.ur.staa(stilling.ur)

    def skift_udgave(self, udgave: Udgave) -> None:
        """Play in that release from now on."""
        self.udgave = udgave
        self._fortael()

    def tving_bagende(self, bagende: PrsSoap | None) -> None:
        """Force what stands behind SOAP registration, or let the release choose."""
        self.bagende = bagende
        self._fortael()

    def _fortael(self) -> None:
        self._stillet(Stilling(self.udgave.navn, self.bagende, self.ur.stand))

    @property
    def prs_soap(self) -> PrsSoap:
        """What stands behind PersonRegistrationService now: forced, else by release."""
        if self.udgave.prs_soap is PrsSoap.UDGAAET:
            return PrsSoap.UDGAAET
        return self.bagende or self.udgave.prs_soap

    @property
    def laese_soap(self) -> PrsSoap:
        """What stands behind the SOAP reads now: as for registration, and the converter where that is retired."""
        return PrsSoap.CONVERTER if self.prs_soap is PrsSoap.UDGAAET else self.prs_soap
