"""A profile: a remote stage as `[profile.NAME]` of generalproeve.toml describes it, read into what the suite is told.

Addresses per service, certificates, who one may be, which citizens there are, how messages reach us, and what its control API,
if it has one, may be used for. Errors of all: KanIkkeKoere naming file, key and rule. Not here: the rules of single citizens.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import msgspec

from generalproeve import maskinur
from generalproeve.puljefil import Borgerpost, person
from generalproeve.udgang import KanIkkeKoere
from generalproeve.vaerdier import noeglen_foerst
from vos_contracts.cpr import maskeret
from vos_contracts.identitet import Bruger, Organisation
from vos_contracts.koder.udgave import STANDARD
from vos_contracts.wire.soap_skema import SERVICE_VERSIONER
from vos_features.capabilities import AF_STYRING, Evne
from vos_features.lines import TJENESTER as REST
from vos_features.stage import Rolle, Scenen, Webhookplads
from vos_simulators.access import TIDSFRIST_S, Adgang, uden_token
from vos_simulators.parties import ROLES

SAGSBEHANDLER = 2


class Rollepost(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """One of `roles`: who one may be in a role of the scenes; an organisation is written TYPE/CODE."""

    organisation: str
    system: int = 0
    certificate: str | None = None
    key: str | None = None
    user_name: str | None = None
    user_id: str | None = None
    user_type: int = SAGSBEHANDLER
    user_organisation: str | None = None


class Webhookpost(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """One of `webhooks`: the subscriber system whose messages STAR sends to a port on loopback here."""

    system: str
    port: Annotated[int, msgspec.Meta(ge=0, le=65535)]


class Profilpost(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The keys of a profile; `timeout` and `quiet` in seconds."""

    services: str
    control: str | None = None
    capabilities: tuple[str, ...] | None = None
    release: str | None = None
    contract: str | None = None
    clock: datetime | None = None
    timeout: Annotated[float, msgspec.Meta(gt=0, le=3600)] = TIDSFRIST_S
    quiet: Annotated[float, msgspec.Meta(ge=0, le=3600)] = 1.0
    ca: str | None = None
    certificate: str | None = None
    key: str | None = None
    allow_real_cpr: bool = False
    addresses: dict[str, str] = {}
    roles: dict[str, Rollepost] = {}
    webhooks: dict[str, Webhookpost] = {}
    citizens: tuple[Borgerpost, ...] = ()


@dataclass(frozen=True, slots=True)
class Fast:
    """A clock that stands still: a remote stage that says it does."""

    tidspunkt: datetime

    def __call__(self) -> datetime:
        """Return the instant."""
        return self.tidspunkt


def fjern(adresse: str, styring: str | None = None, udgave: str | None = None) -> Scenen:
    """Return a stage of which nothing is known but its address, and perhaps its control API's."""
    return _scenen(Profilpost(services=adresse, control=styring, release=udgave), "target", Path())


def laes(fil: Path, navn: str, tabel: object, udgave: str | None = None) -> Scenen:
    """Read one profile; `udgave`, if given, goes before the file's."""
    hvor = f"{fil}: profile.{navn}"
    try:
        post = msgspec.convert(tabel, Profilpost)
    except msgspec.ValidationError as brud:
        raise KanIkkeKoere(f"{hvor}: {noeglen_foerst(str(brud))}") from None
    if udgave is not None:
        post.release = udgave
    return _scenen(post, hvor, fil.parent)


def _scenen(post: Profilpost, hvor: str, mappe: Path) -> Scenen:
    kendte = (*REST, *SERVICE_VERSIONER)
    _kun_kendte(f"{hvor}.addresses", post.addresses, kendte)
    _kun_kendte(f"{hvor}.roles", post.roles, ROLES)
    _kun_kendte(f"{hvor}.webhooks", post.webhooks, ROLES)
    for nummer, en in enumerate(post.citizens):
        if en.cpr in {to.cpr for to in post.citizens[:nummer]}:
            raise KanIkkeKoere(f"{hvor}.citizens[{nummer}].cpr: {maskeret(en.cpr)} is there already")
    faelles = _adgang(hvor, mappe, post, post.ca)
    roller = {navn: _rolle(f"{hvor}.roles.{navn}", mappe, en, post.ca) for navn, en in post.roles.items()}
    ur: Callable[[], datetime] = maskinur.nu
    if post.clock is not None:
        if post.clock.tzinfo is None:
            raise KanIkkeKoere(f"{hvor}.clock: must have an offset, such as 2024-11-18T09:00:00+01:00")
        ur = Fast(post.clock)
    return Scenen(
        tjenester=_adresse(f"{hvor}.services", post.services),
        styring=None if post.control is None else _adresse(f"{hvor}.control", post.control),
        kontrakt=None if post.contract is None else (mappe / post.contract).resolve(),
        evner=_evner(hvor, post),
        udgave=post.release or STANDARD,
        ur=ur,
        adresser={navn: _adresse(f"{hvor}.addresses.{navn}", en) for navn, en in post.addresses.items()},
        adgang=faelles,
        roller=roller,
        pulje=tuple(
            person(f"{hvor}.citizens[{nummer}]", en, roller, tillad_rigtige=post.allow_real_cpr)
            for nummer, en in enumerate(post.citizens)
        ),
        webhooks={navn: Webhookplads(en.system, en.port) for navn, en in post.webhooks.items()},
        frist=post.timeout,
        ro=post.quiet,
    )


def _evner(hvor: str, post: Profilpost) -> frozenset[Evne]:
    """Return what the stage can do: all of its control API but to be emptied, unless the profile says what."""
    beskeder = {Evne.FETCH_WSRM}
    if post.control is not None or post.webhooks:
        beskeder.add(Evne.RECEIVE_WSB)
    if post.capabilities is None:
        return frozenset(beskeder | (AF_STYRING - {Evne.RESET} if post.control is not None else set()))
    _kun_kendte(f"{hvor}.capabilities", post.capabilities, tuple(Evne))
    sagte = frozenset(Evne(en) for en in post.capabilities)
    if post.control is None and sagte & AF_STYRING:
        raise KanIkkeKoere(f"{hvor}.capabilities: {min(sagte & AF_STYRING)} needs a control API; give control")
    if post.control is not None:
        sagte |= {Evne.STATUS}
    return sagte


def _rolle(hvor: str, mappe: Path, post: Rollepost, ca: str | None) -> Rolle:
    if (post.user_name is None) != (post.user_id is None):
        raise KanIkkeKoere(f"{hvor}: user_name and user_id go together")
    bruger = None
    if post.user_name is not None and post.user_id is not None:
        bruger = Bruger(post.user_name, post.user_type, post.user_id)
    egen = post.user_organisation
    return Rolle(
        organisation=organisation(f"{hvor}.organisation", post.organisation),
        system=post.system,
        adgang=None if post.certificate is post.key is None else _adgang(hvor, mappe, post, ca),
        bruger=bruger,
        bruger_organisation=None if egen is None else organisation(f"{hvor}.user_organisation", egen),
    )


def organisation(hvor: str, tekst: str) -> Organisation:
    """Read TYPE/CODE, such as 8/10100."""
    type_, skraa, kode = tekst.partition("/")
    if not skraa or not kode or not type_.isdecimal():
        raise KanIkkeKoere(f"{hvor}: must be TYPE/CODE, such as 8/10100, not {tekst!r}")
    return Organisation(int(type_), kode)


def _adgang(hvor: str, mappe: Path, post: Profilpost | Rollepost, ca: str | None) -> Adgang:
    def fil(navn: str | None) -> Path | None:
        return None if navn is None else (mappe / navn).resolve()

    if post.key is not None and post.certificate is None:
        raise KanIkkeKoere(f"{hvor}.key: needs certificate")
    adgang = Adgang(fil(post.certificate), fil(post.key), fil(ca))
    try:
        adgang.tls()
    except (OSError, ssl.SSLError) as brud:
        navne = ", ".join(str(en) for en in (adgang.certifikat, adgang.noegle, adgang.ca) if en is not None)
        raise KanIkkeKoere(f"{hvor}: certificate, key or ca ({navne}): {brud}") from brud
    return adgang


def _adresse(hvor: str, tekst: str) -> str:
    try:
        dele = urlsplit(tekst)
        rigtig = dele.scheme in {"http", "https"} and dele.hostname and (dele.port or True) and not dele.query
    except ValueError:
        rigtig = False
    if not rigtig:
        raise KanIkkeKoere(f"{hvor}: must be an address such as https://host:443, not {uden_token(tekst)!r}")
    return tekst.rstrip("/")


def _kun_kendte(hvor: str, navne: Iterable[str], kendte: Iterable[str]) -> None:
    for navn in navne:
        if navn not in kendte:
            raise KanIkkeKoere(f"{hvor}: {navn!r} is unknown; known are {', '.join(kendte)}")


Profiler = Mapping[str, Any]
