"""Open the addresses of the real systems that play roles, and give the roles to the suite."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from generalproeve.cast.casting import Part
from generalproeve.rolle.ekstern import Ekstern, Rolleliste, Tolk
from generalproeve.rolle.handling import Handlingslaeser
from generalproeve.rolle.iagttagelser import Iagttagelser
from generalproeve.rolle.mellemled import Mellemled, aabne, base
from generalproeve.rolle.sammenligning import Sammenligning
from vos_contracts.kontrakt import indlaes
from vos_contracts.wire.base import Kald, Svar
from vos_features.lines import Linjer
from vos_features.stage import Scenen
from vos_simulators.party import Medvirkende


@dataclass(frozen=True, slots=True)
class Rollebesaetning:
    """Which parties are real, how long they have for each step (seconds), and who tells them what to do."""

    parter: tuple[Part, ...]
    frist: float
    tolk: Tolk


def _intet(kald: Kald, svar: Svar, sekunder: float) -> None:
    """A call that passes by is evidence only when a step has waited for it."""


@contextlib.contextmanager
def aabn(
    besaetning: Rollebesaetning,
    scenen: Scenen,
    trin: Callable[[], str],
    lyt: Callable[[Kald, Svar, float], None],
) -> Iterator[Mapping[str, Medvirkende]]:
    """Open them for as long as the block lasts; errors: KanIkkeKoere for an occupied port."""
    kontrakt = indlaes(scenen.kontrakt)
    faelles = Rolleliste(
        iagttagelser=Iagttagelser(),
        laeser=Handlingslaeser(kontrakt),
        sammenligning=Sammenligning(kontrakt.navne),
        tolk=besaetning.tolk,
        frist=besaetning.frist,
        trin=trin,
        lyt=lyt,
    )
    scenens = [base(en) for en in (scenen.tjenester, *scenen.adresser.values())]
    with Linjer(scenen, kontrakt, _intet) as linjer:
        mellemled = {
            part.navn: Mellemled(
                part.navn,
                linjer.tjenester(part.roller[0]),
                faelles.laeser,
                faelles.iagttagelser,
                scenens=scenens,
                systemheader=kontrakt.navne.header("system"),
                system=part.system,
            )
            for part in besaetning.parter
        }
        with aabne([(mellemled[part.navn], part.port) for part in besaetning.parter]):
            yield {
                rolle: Ekstern(faelles, part.navn, rolle, part.system, mellemled[part.navn])
                for part in besaetning.parter
                for rolle in part.roller
            }
