"""The hunt for a history that parts twin citizens: what it needs of a stage, and playing a finding again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

import msgspec

from generalproeve.fuzz import history, hunts
from generalproeve.fuzz.diff import Forskel
from generalproeve.fuzz.findings import Paritetsfund
from generalproeve.fuzz.history import historier
from generalproeve.fuzz.hunts import Budget
from generalproeve.fuzz.lines import Linjer
from generalproeve.fuzz.twins import Tvillingscene
from vos_contracts.koder.udgave import PrsSoap
from vos_simulators.control import Styring
from vos_simulators.inboxes.webhook import WsbModtager

_HER = frozenset({"127.0.0.1", "localhost", "::1"})


def hvorfor_ikke(linjer: Linjer) -> str:
    """Say why it cannot be played on the stage; empty if it can."""
    if linjer.styring is None:
        return f"{linjer.uden_styring}, og tvillinger skal sættes på den"
    if linjer.kontrakt.udgaver[linjer.udgave].prs_soap is PrsSoap.UDGAAET:
        return f"i {linjer.udgave} findes PersonRegistrationService ikke mere"
    return ""


def jag(linjer: Linjer, budget: Budget) -> Iterator[Paritetsfund]:
    """Hunt until the budget is spent or a history parts the twins, then give the shortest that does."""
    with _scene(linjer) as scene:

        def doem(en: history.Historie) -> Forskel | None:
            foer = scene.kald
            try:
                return scene.spil(en)
            finally:
                budget.spend(scene.kald - foer)

        fundet = hunts.hunt(historier(linjer.kontrakt), doem, history.kod, linjer.seed, budget)
        if fundet is not None:
            yield _fund(linjer, *_uden_overfloedige(scene, *fundet))


def _uden_overfloedige(
    scene: Tvillingscene, historien: history.Historie, forskel: Forskel
) -> tuple[history.Historie, Forskel]:
    """Leave out every step without which the twins part as well: general shrinking does not try them all."""
    nummer = 0
    while nummer < len(historien.trin):
        kortere = msgspec.structs.replace(historien, trin=(*historien.trin[:nummer], *historien.trin[nummer + 1 :]))
        skilles = scene.spil(kortere)
        if skilles is None:
            nummer += 1
        else:
            historien, forskel = kortere, skilles
    return historien, scene.spil(historien) or forskel


def genspil(linjer: Linjer, fund: Paritetsfund) -> Paritetsfund | None:
    """Play it again; None if the twins go together now."""
    with _scene(linjer) as scene:
        forskel = scene.spil(fund.historie)
    return None if forskel is None else _fund(linjer, fund.historie, forskel)


@contextmanager
def _scene(linjer: Linjer) -> Iterator[Tvillingscene]:
    """Open it, with a receiver of webservice messages where the stage can reach one here; it is left empty."""
    assert linjer.styring is not None, "see hvorfor_ikke"
    with ExitStack() as stak:
        her = urlsplit(linjer.scenen.tjenester).hostname in _HER
        modtager = stak.enter_context(WsbModtager(linjer.kontrakt)) if her else None
        yield Tvillingscene(linjer.tjenester, linjer.styring, linjer.kontrakt, modtager=modtager)
        Styring(linjer.styring).nulstil()


def _fund(linjer: Linjer, historien: history.Historie, forskel: Forskel) -> Paritetsfund:
    return Paritetsfund(
        seed=linjer.seed, udgave=linjer.udgave, bagende=linjer.bagende, historie=historien, forskel=forskel
    )
