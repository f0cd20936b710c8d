"""Get a target ready to be played on: start the embedded reference, or see that a remote stage answers; say what it is.

Errors: KanIkkeKoere, Uopnaaelig. Not here: how a target is written (`maal`), or what is played (`koersel`).
"""

from __future__ import annotations

import contextlib
import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version

import msgspec

from generalproeve import __version__
from generalproeve.base.exit_codes import KanIkkeKoere, Uopnaaelig
from generalproeve.forloeb import Ramme
from generalproeve.run.touched.assumptions import assumed_names
from generalproeve.run.touched.facts import Faktalaeser
from generalproeve.scene import indlejret
from generalproeve.settings.stage import StageSettings
from generalproeve.settings.target import Embedded, Remote, Target
from generalproeve.settings.values import LATENS_FRA
from vos_contracts.kontrakt import Kontrakt, indlaes
from vos_contracts.tabel import TabelFejl
from vos_contracts.wire.base import Kald, UnreachableError
from vos_features.stage import Scenen
from vos_simulators.access import uden_token
from vos_simulators.control import Styring, StyringAfvist
from vos_simulators.transport import HttpTransport

UKENDT = "ukendt"
BIBLIOTEKER = ("pytest", "pytest-bdd", "httpx", "lxml", "msgspec")


@dataclass(frozen=True, slots=True)
class Opstillet:
    """A stage that is ready, and what reports say of it."""

    scenen: Scenen
    ramme: Ramme


@contextlib.contextmanager
def opstil(maal: Target, opsaetning: StageSettings) -> Iterator[Opstillet]:
    """Open the target for as long as the block lasts; the settings are the embedded stage's, but for the contract."""
    match maal:
        case Embedded():
            with indlejret(opsaetning.without_tls()) as scene:
                yield Opstillet(scene.scenen, _spoerg(maal.identity, scene.scenen, scene.kontrakt))
        case Remote():
            kontrakt = _kontrakt(maal.scenen)
            _proev(maal)
            if maal.scenen.styring is None:
                yield Opstillet(maal.scenen, _fortalt(maal, kontrakt))
            else:
                yield Opstillet(maal.scenen, _spoerg(maal.identity, maal.scenen, kontrakt))


def versioner() -> Mapping[str, str]:
    """Say what runs are made with."""
    return {"python": platform.python_version(), **{navn: version(navn) for navn in BIBLIOTEKER}}


def _proev(maal: Remote) -> None:
    """See that every address answers, whatever it answers, to whoever calls where no scene says who does."""
    scenen = maal.scenen
    adgang = scenen.adgang_som(scenen.kalder)
    adresser = [scenen.tjenester, *scenen.adresser.values(), *([scenen.styring] if scenen.styring else [])]
    for adresse in dict.fromkeys(adresser):
        try:
            with HttpTransport(adresse, tidsfrist=scenen.frist, adgang=adgang) as linje:
                linje.send(Kald("GET", "/"))
        except UnreachableError as brud:
            raise Uopnaaelig(f"target {maal.identity}: {brud}") from brud


def _kontrakt(scenen: Scenen) -> Kontrakt:
    try:
        kontrakt = indlaes(scenen.kontrakt)
    except TabelFejl as fejl:
        raise KanIkkeKoere(str(fejl)) from fejl
    if scenen.udgave is not None and scenen.udgave not in kontrakt.udgaver:
        raise KanIkkeKoere(f"release {scenen.udgave}: unknown; known are {', '.join(kontrakt.udgaver)}")
    return kontrakt


def _spoerg(identitet: str, scenen: Scenen, kontrakt: Kontrakt) -> Ramme:
    assert scenen.styring is not None, "only a stage with a control API can be asked"
    with HttpTransport(scenen.styring, tidsfrist=scenen.frist, adgang=scenen.adgang) as transport:
        try:
            status = Styring(transport).status()
        except (StyringAfvist, msgspec.DecodeError) as fejl:
            raise KanIkkeKoere(f"control {uden_token(scenen.styring)}: is no control API of ours: {fejl}") from fejl
    if status.kontrakt_hash != kontrakt.hash:
        raise KanIkkeKoere(
            f"target {identitet}: it speaks contract {status.kontrakt_hash[:12]} ({status.overlay or 'no overlay'}), "
            f"and we speak {kontrakt.hash[:12]}; give the same --contract"
        )
    return Ramme(
        maal=identitet,
        udgave=status.udgave,
        bagende=status.bagende,
        ur=status.ur,
        version=__version__,
        kontrakt_hash=status.kontrakt_hash,
        overlay=status.overlay,
        overlay_aendringer=status.overlay_aendringer,
        antagelser=assumed_names(kontrakt),
        regler=Faktalaeser(kontrakt).navngivne(),
        versioner=versioner(),
        latens=status.latens or LATENS_FRA,
    )


def _fortalt(maal: Remote, kontrakt: Kontrakt) -> Ramme:
    """Say of a stage that cannot be asked what its profile says."""
    scenen = maal.scenen
    assert scenen.udgave is not None, "a remote stage has the release that was given for it"
    assert scenen.ur is not None, "a remote stage has the clock that was given for it"
    return Ramme(
        maal=maal.identity,
        udgave=scenen.udgave,
        bagende=UKENDT,
        ur=scenen.ur(),
        version=__version__,
        kontrakt_hash=kontrakt.hash,
        overlay=None if kontrakt.overlay is None else kontrakt.overlay.navn,
        overlay_aendringer=() if kontrakt.overlay is None else kontrakt.overlay.aendringer,
        antagelser=assumed_names(kontrakt),
        regler=Faktalaeser(kontrakt).navngivne(),
        versioner=versioner(),
        latens=UKENDT,
    )
