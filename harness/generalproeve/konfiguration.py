"""Configuration: one TOML file with `${VAR}` substitution, and the one place that reads the environment.

Flags win over the file. Every mistake is found before anything is started, and names the key and the file.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from generalproeve import graenser, udsat, vaerdier
from generalproeve.graenser import Graenser
from generalproeve.tls import Tls
from generalproeve.udgang import KanIkkeKoere
from generalproeve.vaerdier import Laeser
from vos_contracts.koder.udgave import STANDARD, PrsSoap
from vos_contracts.wsbstyring import Wsbtilstand

FILNAVN = "generalproeve.toml"
TABELLER = ("stage", "profile")
_VARIABEL = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class Sceneopsaetning:
    """The `[stage]` table: what an embedded stage is started with; `db` None is a temporary file.

    `without` are the neighbour services that are left out, so that another implementation can take their place.
    `webhook_hosts` are those beside loopback that messages may be sent to; `webhook_timeout` is in seconds.
    `broker` is the address of a RabbitMQ for the domain events; None is one in the process. `control` False leaves out the
    control API. `client_systems` are the calling systems by the common name of their certificate.
    Binding a `host` or `control_host` that is not loopback needs `allow_remote`, and then the control API asks for
    `control_token`, a new one if none is given; `control_names` are names that it may be called by.
    `limits` is what it puts up with from a caller. `latency` is the model by which it answers slowly: a name or a file.
    """

    db: Path | None = None
    host: str = "127.0.0.1"
    port: int = 8480
    control_port: int = 8481
    release: str = STANDARD
    contract: Path | None = None
    backend: PrsSoap | None = None
    clock: datetime | None = None
    allow_real_cpr: bool = False
    without: tuple[str, ...] = ()
    wsb_mode: Wsbtilstand = Wsbtilstand.OBSERVERET
    webhook_hosts: tuple[str, ...] = ()
    webhook_timeout: float = 10.0
    broker: str | None = None
    control: bool = True
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    client_ca: Path | None = None
    client_systems: Mapping[str, int] = field(default_factory=dict)
    allow_remote: bool = False
    control_host: str = "127.0.0.1"
    control_names: tuple[str, ...] = ()
    control_token: str | None = None
    limits: Graenser = Graenser()  # noqa: RUF009 - frozen
    latency: str | Path | None = None

    @property
    def tls(self) -> Tls | None:
        """How the services are served over TLS; errors: KanIkkeKoere for keys that do not go together."""
        if self.tls_certificate is None:
            for navn in ("tls_key", "client_ca", "client_systems"):
                if getattr(self, navn):
                    raise KanIkkeKoere(f"stage.{navn}: needs tls_certificate")
            return None
        if self.tls_key is None:
            raise KanIkkeKoere("stage.tls_certificate: needs tls_key")
        if self.client_systems and self.client_ca is None:
            raise KanIkkeKoere("stage.client_systems: needs client_ca, who has issued the certificates")
        return Tls(self.tls_certificate, self.tls_key, self.client_ca, self.client_systems)

    def uden_tls(self) -> Sceneopsaetning:
        """Return the same over plain HTTP: a stage that a run starts for itself is spoken to by that run."""
        return replace(self, tls_certificate=None, tls_key=None, client_ca=None, client_systems={})


LAESERE: Mapping[str, Laeser] = {
    "db": vaerdier.fil,
    "host": vaerdier.tekst,
    "port": vaerdier.port,
    "control_port": vaerdier.port,
    "release": vaerdier.tekst,
    "contract": vaerdier.fil,
    "backend": vaerdier.bagende,
    "clock": vaerdier.ur,
    "allow_real_cpr": vaerdier.sandt,
    "without": vaerdier.uden,
    "wsb_mode": vaerdier.wsb_tilstand,
    "webhook_hosts": vaerdier.vaerter,
    "webhook_timeout": vaerdier.tidsfrist,
    "broker": vaerdier.maegler,
    "control": vaerdier.sandt,
    "tls_certificate": vaerdier.fil,
    "tls_key": vaerdier.fil,
    "client_ca": vaerdier.fil,
    "client_systems": vaerdier.systemer,
    "allow_remote": vaerdier.sandt,
    "control_host": vaerdier.tekst,
    "control_names": vaerdier.vaerter,
    "control_token": udsat.laes_token,
    "limits": graenser.laes,
    "latency": vaerdier.latens,
}
"""How each key of `[stage]` is read."""


def miljoe() -> Mapping[str, str]:
    """Return the process's environment."""
    return os.environ  # noqa: TID251 - the one place


def indhold(fil: Path, omgivelser: Mapping[str, str]) -> Mapping[str, Any]:
    """Read the file's tables with every `${VAR}` put in; errors: KanIkkeKoere naming file, key and rule."""
    try:
        tabeller = tomllib.loads(fil.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as brud:
        raise KanIkkeKoere(f"{fil}: {brud}") from brud
    for noegle, vaerdi in tabeller.items():
        if noegle not in TABELLER:
            raise KanIkkeKoere(f"{fil}: {noegle}: unknown table; known are {', '.join(f'[{en}]' for en in TABELLER)}")
        if not isinstance(vaerdi, dict):
            raise KanIkkeKoere(f"{fil}: {noegle}: must be a table")
    return {noegle: _indsat(f"{fil}: {noegle}", vaerdi, omgivelser) for noegle, vaerdi in tabeller.items()}


def laes(fil: Path | None, omgivelser: Mapping[str, str]) -> Sceneopsaetning:
    """Read `[stage]`, or the defaults where there is no file; errors: KanIkkeKoere naming file, key and rule."""
    if fil is None:
        return Sceneopsaetning()
    tabel = indhold(fil, omgivelser).get("stage", {})
    vaerdier_: dict[str, Any] = {noegle: _vaerdi(fil, noegle, vaerdi) for noegle, vaerdi in tabel.items()}
    return Sceneopsaetning(**vaerdier_)


def _vaerdi(fil: Path, noegle: str, vaerdi: object) -> object:
    hvor = f"{fil}: stage.{noegle}"
    if noegle not in LAESERE:
        raise KanIkkeKoere(f"{hvor}: unknown key; known are {', '.join(LAESERE)}")
    laest = LAESERE[noegle](hvor, vaerdi)
    return (fil.parent / laest).resolve() if isinstance(laest, Path) else laest


def _indsat(hvor: str, vaerdi: Any, omgivelser: Mapping[str, str]) -> Any:
    """Put the environment's values into every text of a table."""
    match vaerdi:
        case dict():
            return {noegle: _indsat(f"{hvor}.{noegle}", en, omgivelser) for noegle, en in vaerdi.items()}
        case list():
            return [_indsat(hvor, en, omgivelser) for en in vaerdi]
        case str():
            return _VARIABEL.sub(lambda fund: _fra_miljoet(hvor, fund[1], omgivelser), vaerdi)
        case _:
            return vaerdi


def _fra_miljoet(hvor: str, navn: str, omgivelser: Mapping[str, str]) -> str:
    if navn not in omgivelser:
        raise KanIkkeKoere(f"{hvor}: the environment has no {navn}")
    return omgivelser[navn]
