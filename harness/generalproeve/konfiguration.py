"""Configuration: one TOML file with `${VAR}` substitution, and the one place that reads the environment.

Flags win over the file. Every mistake is found before anything is started, and names the key and the file.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from generalproeve.udgang import KanIkkeKoere
from vos_contracts.koder.udgave import STANDARD, PrsSoap
from vos_contracts.nabo import TJENESTER
from vos_contracts.wsbstyring import Wsbtilstand

FILNAVN = "generalproeve.toml"
UR_FRA, UR_TIL = 2000, 2057
"""Years in which there are synthetic citizens of every age; a CPR number carries birth years up to 2057."""
LOOPBACK = ("127.0.0.1", "::1", "localhost")
_VAERT = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9A-Fa-f:]+")
_VARIABEL = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class Sceneopsaetning:
    """The `[stage]` table: what an embedded stage is started with; `db` None is a temporary file.

    `without` are the neighbour services that are left out, so that another implementation can take their place.
    `webhook_hosts` are those beside loopback that messages may be sent to; `webhook_timeout` is in seconds.
    `broker` is the address of a RabbitMQ for the domain events; None is one in the process.
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


def miljoe() -> Mapping[str, str]:
    """Return the process's environment."""
    return os.environ  # noqa: TID251 - the one place


def laes(fil: Path | None, omgivelser: Mapping[str, str]) -> Sceneopsaetning:
    """Read the file, or the defaults where there is none; errors: KanIkkeKoere naming file, key and rule."""
    if fil is None:
        return Sceneopsaetning()
    try:
        indhold = tomllib.loads(fil.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as brud:
        raise KanIkkeKoere(f"{fil}: {brud}") from brud
    for noegle in indhold:
        if noegle != "stage":
            raise KanIkkeKoere(f"{fil}: {noegle}: unknown table; known is [stage]")
    tabel = indhold.get("stage", {})
    if not isinstance(tabel, dict):
        raise KanIkkeKoere(f"{fil}: stage: must be a table")
    vaerdier: dict[str, Any] = {noegle: _vaerdi(fil, noegle, vaerdi, omgivelser) for noegle, vaerdi in tabel.items()}
    return Sceneopsaetning(**vaerdier)


def _vaerdi(fil: Path, noegle: str, vaerdi: object, omgivelser: Mapping[str, str]) -> object:
    hvor = f"{fil}: stage.{noegle}"
    if noegle not in {felt.name for felt in fields(Sceneopsaetning)}:
        kendte = ", ".join(felt.name for felt in fields(Sceneopsaetning))
        raise KanIkkeKoere(f"{hvor}: unknown key; known are {kendte}")
    if isinstance(vaerdi, str):
        vaerdi = _indsat(hvor, vaerdi, omgivelser)
    match noegle:
        case "port" | "control_port":
            return port(hvor, vaerdi)
        case "db" | "contract":
            return (fil.parent / _tekst(hvor, vaerdi)).resolve()
        case "host" | "release":
            return _tekst(hvor, vaerdi)
        case "backend":
            return bagende(hvor, vaerdi)
        case "clock":
            return ur(hvor, vaerdi)
        case "without":
            return uden(hvor, vaerdi)
        case "wsb_mode":
            return wsb_tilstand(hvor, vaerdi)
        case "webhook_hosts":
            return vaerter(hvor, vaerdi)
        case "webhook_timeout":
            return tidsfrist(hvor, vaerdi)
        case "broker":
            return maegler(hvor, vaerdi)
        case _:
            if not isinstance(vaerdi, bool):
                raise KanIkkeKoere(f"{hvor}: must be true or false")
            return vaerdi


def port(hvor: str, vaerdi: object) -> int:
    """Read a port number; 0 is a free one."""
    if isinstance(vaerdi, str) and vaerdi.isdigit():
        vaerdi = int(vaerdi)
    if not isinstance(vaerdi, int) or isinstance(vaerdi, bool) or not 0 <= vaerdi <= 65535:
        raise KanIkkeKoere(f"{hvor}: must be a port number 0-65535, not {vaerdi!r}")
    return vaerdi


def bagende(hvor: str, vaerdi: object) -> PrsSoap:
    """Read a back end's name."""
    if vaerdi not in {PrsSoap.KLASSISK.value, PrsSoap.CONVERTER.value}:
        raise KanIkkeKoere(f"{hvor}: must be klassisk or converter, not {vaerdi!r}")
    return PrsSoap(str(vaerdi))


def ur(hvor: str, vaerdi: object) -> datetime:
    """Read an instant with offset."""
    try:
        tidspunkt = vaerdi if isinstance(vaerdi, datetime) else datetime.fromisoformat(str(vaerdi))
    except ValueError:
        raise KanIkkeKoere(f"{hvor}: must be a date-time such as 2024-11-18T09:00:00+01:00, not {vaerdi!r}") from None
    if tidspunkt.tzinfo is None:
        raise KanIkkeKoere(f"{hvor}: must have an offset, such as 2024-11-18T09:00:00+01:00")
    if not UR_FRA <= tidspunkt.year <= UR_TIL:
        raise KanIkkeKoere(f"{hvor}: must lie in the years {UR_FRA}-{UR_TIL}, not {tidspunkt.year}")
    return tidspunkt


def uden(hvor: str, vaerdi: object) -> tuple[str, ...]:
    """Read the names of neighbour services."""
    if not isinstance(vaerdi, list | tuple):
        raise KanIkkeKoere(f"{hvor}: must be a list of neighbour services, not {vaerdi!r}")
    for navn in vaerdi:
        if navn not in TJENESTER:
            raise KanIkkeKoere(f"{hvor}: {navn!r} is no neighbour service; they are {', '.join(TJENESTER)}")
    return tuple(vaerdi)


def wsb_tilstand(hvor: str, vaerdi: object) -> Wsbtilstand:
    """Read how webservice messages fail."""
    if vaerdi not in set(Wsbtilstand):
        raise KanIkkeKoere(f"{hvor}: must be {' or '.join(Wsbtilstand)}, not {vaerdi!r}")
    return Wsbtilstand(str(vaerdi))


def vaerter(hvor: str, vaerdi: object) -> tuple[str, ...]:
    """Read the names of hosts."""
    if not isinstance(vaerdi, list | tuple):
        raise KanIkkeKoere(f"{hvor}: must be a list of host names, not {vaerdi!r}")
    for navn in vaerdi:
        if not isinstance(navn, str) or not _VAERT.fullmatch(navn):
            raise KanIkkeKoere(f"{hvor}: {navn!r} is no host name or address; give it without scheme and port")
    return tuple(navn.lower() for navn in vaerdi)


def tidsfrist(hvor: str, vaerdi: object) -> float:
    """Read a number of seconds."""
    if not isinstance(vaerdi, int | float) or isinstance(vaerdi, bool) or not 0 < vaerdi <= 300:
        raise KanIkkeKoere(f"{hvor}: must be seconds, more than 0 and at most 300, not {vaerdi!r}")
    return float(vaerdi)


def maegler(hvor: str, vaerdi: object) -> str:
    """Read a RabbitMQ's address; what is refused is not repeated, for it holds a password."""
    form = "amqp://user:password@127.0.0.1:5672/vhost"
    try:
        dele = urlsplit(_tekst(hvor, vaerdi))
        vaert, _ = dele.hostname, dele.port
    except ValueError:
        raise KanIkkeKoere(f"{hvor}: must be an address such as {form}") from None
    if dele.scheme != "amqp":
        raise KanIkkeKoere(f"{hvor}: must begin with amqp://, as in {form}; TLS is not needed on loopback")
    if vaert not in LOOPBACK:
        raise KanIkkeKoere(
            f"{hvor}: the broker must be on loopback ({', '.join(LOOPBACK)}), not on {vaert}: events hold CPR numbers"
        )
    if dele.query or dele.fragment or "/" in dele.path[1:]:
        raise KanIkkeKoere(f"{hvor}: nothing may follow the virtual host, as in {form}")
    return str(vaerdi)


def maskeret(adresse: str) -> str:
    """Return a broker's address as it may be shown: without the password."""
    dele = urlsplit(adresse)
    if dele.password is None:
        return adresse
    return adresse.replace(dele.netloc, f"{dele.username}:***@{dele.netloc.rpartition('@')[2]}", 1)


def _tekst(hvor: str, vaerdi: object) -> str:
    if not isinstance(vaerdi, str) or not vaerdi:
        raise KanIkkeKoere(f"{hvor}: must be a text, not {vaerdi!r}")
    return vaerdi


def _indsat(hvor: str, tekst: str, omgivelser: Mapping[str, str]) -> str:
    def vaerdi(fund: re.Match[str]) -> str:
        if fund[1] not in omgivelser:
            raise KanIkkeKoere(f"{hvor}: the environment has no {fund[1]}")
        return omgivelser[fund[1]]

    return _VARIABEL.sub(vaerdi, tekst)
