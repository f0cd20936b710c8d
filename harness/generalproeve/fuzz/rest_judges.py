"""What must hold of every answer by REST, beside what the OpenAPI document says: shape and numbers of a refusal, and what
follows from a call. Reads the stage through its control API, where it has one.

Not here: making up calls (`rest`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import jsonschema_rs
import msgspec

from generalproeve.fuzz.lines import Linjer
from vos_contracts.base.ids import ny_uuid
from vos_contracts.control.journal import Posttype
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.openapi import openapi
from vos_contracts.openapi_laesning import openapi_laesning
from vos_contracts.wire.base import Kald, RemoteWireError, Svar
from vos_contracts.wire.rest import Rest
from vos_simulators.control import Styring
from vos_simulators.stage_reader import Driftslaeser

UDEN_FOR = frozenset({400, 404, 405, 413, 415})
"""What a call that is of no operation may be answered with."""
FOER_ALT = frozenset({413, 415})
"""What any operation may answer before it reads the call."""


@dataclass(frozen=True, slots=True)
class Restoperation:
    """One operation: its name as in a finding, its error numbers, and the compiled schema of each documented answer."""

    navn: str
    koder: tuple[int, ...]
    svar: Mapping[int, jsonschema_rs.Draft202012Validator | None]


class Openapidommer:
    """The documents of one contract."""

    def __init__(self, kontrakt: Kontrakt) -> None:
        self._stier: list[tuple[re.Pattern[str], dict[str, Restoperation]]] = []
        for dokument in (openapi(kontrakt), openapi_laesning(kontrakt)):
            for sti, del_ in sorted(dokument["paths"].items(), key=lambda par: "{" in par[0]):
                moenster = re.compile(re.sub(r"\\\{.*?\\\}", "[^/]+", re.escape(sti)))
                metoder = {
                    metode.upper(): Restoperation(
                        f"{metode.upper()} {sti}",
                        tuple(en.get("x-fejlkoder", ())),
                        {int(status): _skema(svar, dokument) for status, svar in en["responses"].items()},
                    )
                    for metode, en in del_.items()
                    if metode != "parameters"
                }
                self._stier.append((moenster, metoder))

    def operation(self, kald: Kald) -> Restoperation | None:
        """Say which one a call is of; None if it is of none."""
        sti = kald.sti.partition("?")[0]
        return next((metoder.get(kald.metode) for moenster, metoder in self._stier if moenster.fullmatch(sti)), None)

    def doem(self, operation: Restoperation | None, svar: Svar) -> Iterator[str]:
        """Give each breach in words."""
        if operation is None:
            if svar.status not in UDEN_FOR:
                yield f"et kald uden for aftalen blev besvaret med {svar.status}"
        elif svar.status in operation.svar:
            skema = operation.svar[svar.status]
            if skema is not None:
                yield from _brud(skema, svar)
        elif svar.status not in FOER_ALT:
            yield f"status {svar.status} er ikke blandt operationens egne"


def _skema(svar: Mapping[str, Any], dokument: Mapping[str, Any]) -> jsonschema_rs.Draft202012Validator | None:
    indhold = svar.get("content", {}).get("application/json")
    if indhold is None:
        return None
    return jsonschema_rs.Draft202012Validator(
        {**indhold["schema"], "components": dokument["components"]}, validate_formats=True
    )


def _brud(skema: jsonschema_rs.Draft202012Validator, svar: Svar) -> Iterator[str]:
    if svar.headers.get("content-type", "").partition(";")[0] != "application/json":
        yield f"svaret er {svar.headers.get('content-type')}, ikke application/json"
        return
    try:
        indhold = msgspec.json.decode(svar.krop)
    except (msgspec.DecodeError, UnicodeDecodeError) as brud:
        yield f"svaret er ikke JSON: {brud}"
        return
    fejl = next(skema.iter_errors(indhold), None)
    if fejl is not None:
        yield f"svaret følger ikke skemaet: {fejl.message[:200]}"


IDENTITETSFEJL = frozenset({1012, 1100, 1101, 8173, 8174})
UDEN_NUMMER = frozenset({405, 412, 413, 415})
"""Statuses whose numbers belong to no operation: the call did not come that far."""
GENTAGET = 412
_BESKEDER = frozenset({Posttype.BESKED_LAGT, Posttype.WSB_LAGT})
_TRANSPORTENS = frozenset((
    "accept", "accept-encoding", "authorization", "connection", "content-length", "host", "transfer-encoding", "user-agent",
    "x-schemathesis-testcaseid",
))  # fmt: skip
HVER = 5
"""Every fifth call is made again as it was, or with an identity header wrong."""


class Efterladt:
    """What has come to a stage since last time; nothing where it cannot be asked."""

    def __init__(self, linjer: Linjer) -> None:
        self._linje = linjer.styring
        self._raekkenr = self._postnr = 0
        self.nyt()

    def nyt(self) -> tuple[int, int]:
        """Count the rows and the messages."""
        if self._linje is None:
            return 0, 0
        sider = Driftslaeser(self._linje).registreringer(self._raekkenr)
        raekker = [en.nr for side in sider for en in side.registreringer]
        self._raekkenr = raekker[-1] if raekker else self._raekkenr
        journal = Styring(self._linje).journal(self._postnr)
        self._postnr = journal.naeste
        return len(raekker), sum(post.art in _BESKEDER for post in journal.poster)


class Restdommer:
    """The judge of one stage; it remembers how far it has read."""

    def __init__(self, linjer: Linjer) -> None:
        self._tjenester = linjer.tjenester
        self._rest = Rest(linjer.kontrakt)
        navne = linjer.kontrakt.navne
        self._kald_id = navne.header("requestId").lower()
        self._identitet = [
            navne.header(navn).lower() for navn in ("organisationType", "organisationKode", "brugerNavn")
        ]
        self._efter = Efterladt(linjer)
        self._antal = 0
        self.kald = 0

    def doem(self, kald: Kald, svar: Svar, koder: Collection[int]) -> Iterator[str]:
        """Judge an answer, and make some calls again; `koder` are the operation's own numbers. Gives each breach in words."""
        self.kald += 1
        yield from self._afslag(svar, koder)
        yield from self._efterladt(svar)
        self._antal += 1
        if kald.metode != "GET" and svar.status == 200 and self._antal % HVER:
            yield from self._gentaget(kald)
        elif self._antal % HVER == 0 and IDENTITETSFEJL & {*koder}:
            yield from self._uden_identitet(kald)

    def _afslag(self, svar: Svar, koder: Collection[int]) -> Iterator[str]:
        if svar.status < 400:
            return
        if svar.status >= 500:
            yield f"{svar.status}: {svar.krop[:200].decode('utf-8', 'replace')}"
            return
        yield from afslagets_brud(self._rest, svar, koder)

    def _efterladt(self, svar: Svar) -> Iterator[str]:
        raekker, beskeder = self._efter.nyt()
        if svar.status != 200 and (raekker or beskeder):
            yield efterlod(svar.status, raekker, beskeder)

    def _gentaget(self, kald: Kald) -> Iterator[str]:
        svar = self._send(kald)
        if svar.status != GENTAGET:
            yield gentaget(svar.status)
        yield from self._efterladt(svar)

    def _uden_identitet(self, kald: Kald) -> Iterator[str]:
        """Leave out, or spoil, one header that says who calls: nothing else of the call may then have been read."""
        header = self._identitet[self._antal // HVER % len(self._identitet)]
        headers = {navn: vaerdi for navn, vaerdi in kald.headers.items() if navn != header}
        if self._kald_id in headers:
            headers[self._kald_id] = ny_uuid()
        if self._antal % (2 * HVER):
            headers[header] = ""
        svar = self._send(replace(kald, headers=headers))
        if svar.status in {404, 405, 413, 415}:
            return  # refused before it came to be read at all
        try:
            koder = {en.kode for en in self._rest.forstaa_afslag(svar).fejl}
        except RemoteWireError as brud:
            yield f"uden {header}: {brud}"
            return
        if not koder or not koder <= IDENTITETSFEJL:
            yield f"uden {header} blev der læst videre: {svar.status} {sorted(koder)}"
        yield from self._efterladt(svar)

    def _send(self, kald: Kald) -> Svar:
        self.kald += 1
        return self._tjenester.send(kald)


def efterlod(status: int, raekker: int, beskeder: int) -> str:
    """Say that a refused call left something."""
    return f"et afvist kald ({status}) efterlod {raekker} rækker og {beskeder} beskeder"


def gentaget(status: int) -> str:
    """Say that a call was answered otherwise than it must be under a request id that was used."""
    return f"samme request-id igen gav {status}, ikke {GENTAGET}"


def kald_af(metode: str, sti: str, headers: Mapping[str, str], krop: bytes) -> Kald:
    """Make a call of one that was sent, without what the transport writes itself."""
    laeselige = {navn.lower(): vaerdi for navn, vaerdi in headers.items() if navn.lower() not in _TRANSPORTENS}
    return Kald(metode, sti, laeselige, krop)


def afslagets_brud(rest: Rest, svar: Svar, koder: Collection[int]) -> Iterator[str]:
    """Say what is wrong with a refusal: its shape, that it says nothing, numbers that are not among these."""
    try:
        afslag = rest.forstaa_afslag(svar)
    except RemoteWireError as brud:
        yield f"et afslag har ikke den aftalte form: {brud}"
        return
    if not afslag.fejl:
        yield f"et afslag ({svar.status}) siger ikke hvorfor"
    ukendte = sorted({en.kode for en in afslag.fejl} - {*koder})
    if ukendte and svar.status not in UDEN_NUMMER:
        yield f"fejlnumrene {ukendte} er ikke blandt operationens egne"
