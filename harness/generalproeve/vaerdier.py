"""How a value of the configuration is read, from the file and from a flag alike: each with its rule and a clear refusal.

Every reader takes where the value stands, for the message; errors of all: KanIkkeKoere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from generalproeve.udgang import KanIkkeKoere
from vos_contracts.koder.udgave import PrsSoap
from vos_contracts.nabo import TJENESTER
from vos_contracts.wsbstyring import Wsbtilstand

UR_FRA, UR_TIL = 2000, 2057
"""Years in which there are synthetic citizens of every age; a CPR number carries birth years up to 2057."""
LATENSER = ("epic",)
"""The models of latency that ship with the stage."""
LATENS_FRA = "off"
"""No model: the stage answers as fast as it can."""
LOOPBACK = ("127.0.0.1", "::1", "localhost")
_VAERT = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9A-Fa-f:]+")


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
        dele = urlsplit(tekst(hvor, vaerdi))
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


def systemer(hvor: str, vaerdi: object) -> Mapping[str, int]:
    """Read numbers of calling systems by name, from a table, or from texts NAME=NUMBER."""
    if isinstance(vaerdi, tuple):
        dele = [str(en).rpartition("=") for en in vaerdi]
        vaerdi = {navn: int(tal) if tal.isdecimal() else tal for navn, _, tal in dele}
    if not isinstance(vaerdi, dict):
        raise KanIkkeKoere(f"{hvor}: must be a table of NAME = NUMBER, not {vaerdi!r}")
    for navn, tal in vaerdi.items():
        if not navn or not isinstance(tal, int) or isinstance(tal, bool) or not 0 <= tal < 10**9:
            raise KanIkkeKoere(f"{hvor}: {navn}={tal}: must be a certificate's common name and a system's number")
    return vaerdi


def latens(hvor: str, vaerdi: object) -> str | Path | None:
    """Read how slowly the stage is to answer: a model by its name, a file, or None for off."""
    valg = tekst(hvor, vaerdi)
    if valg == LATENS_FRA:
        return None
    return valg if valg in LATENSER else Path(valg)


def maskeret(adresse: str) -> str:
    """Return a broker's address as it may be shown: without the password."""
    dele = urlsplit(adresse)
    if dele.password is None:
        return adresse
    return adresse.replace(dele.netloc, f"{dele.username}:***@{dele.netloc.rpartition('@')[2]}", 1)


def tekst(hvor: str, vaerdi: object) -> str:
    """Read a text that is not empty."""
    if not isinstance(vaerdi, str) or not vaerdi:
        raise KanIkkeKoere(f"{hvor}: must be a text, not {vaerdi!r}")
    return vaerdi


def fil(hvor: str, vaerdi: object) -> Path:
    """Read a path."""
    return Path(tekst(hvor, vaerdi))


def sandt(hvor: str, vaerdi: object) -> bool:
    """Read yes or no."""
    if not isinstance(vaerdi, bool):
        raise KanIkkeKoere(f"{hvor}: must be true or false")
    return vaerdi


def noeglen_foerst(brud: str) -> str:
    """Put the key in front of the rule in what msgspec says."""
    regel, _, sted = brud.partition(" - at `$.")
    return f"{sted.rstrip('`')}: {regel}" if sted else regel


Laeser = Callable[[str, object], object]
