"""The hunt by REST: schemathesis makes up calls from the served OpenAPI documents, in all its phases; we judge as well.

Most calls whose headers are good are made as the caller's about a citizen who is on the stage, so that they come past the
door. Not here: what we judge (`restdommer`).
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import requests
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.core.errors import LoaderError, LoaderErrorKind
from schemathesis.core.parameters import ParameterLocation
from schemathesis.engine import events, from_schema
from schemathesis.engine.core import EventStream

from generalproeve.base.exit_codes import KanIkkeKoere
from generalproeve.fuzz.findings import Kaldsfund, call_finding
from generalproeve.fuzz.hunts import Budget
from generalproeve.fuzz.lines import UBESVARET, Linjer, UbesvaretError, borgere, findes, gode_headers
from generalproeve.fuzz.rest_judges import HVER, IDENTITETSFEJL, Restdommer, kald_af
from vos_contracts.base.ids import ny_uuid
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.openapi import openapi
from vos_contracts.openapi_laesning import openapi_laesning
from vos_contracts.wire.base import Kald, Svar
from vos_contracts.wire.calls import REST_SERVICES
from vos_contracts.wire.tid import midnat
from vos_simulators.access import uden_token

_FINDES_IKKE = frozenset(
    {LoaderErrorKind.HTTP_CLIENT_ERROR, LoaderErrorKind.HTTP_NOT_FOUND, LoaderErrorKind.HTTP_FORBIDDEN}
)


@dataclass(frozen=True, slots=True)
class Dokument:
    """Where a stage of ours serves it, how the contract has it, and which services it is of."""

    sti: str
    af: Callable[[Kontrakt], dict[str, Any]]
    tjenester: tuple[str, ...]


DOKUMENTER = (
    Dokument("/openapi.json", openapi, ("PersonVisiteringService",)),
    Dokument(
        "/openapi/VisiteringOgStatus.json", openapi_laesning, ("VisiteringOgStatusStatusService", "KodelisteService")
    ),
)


def skemaer(linjer: Linjer, eksempler: int) -> list[Any]:
    """Read them, to be called at the services' addresses with the caller's certificate; errors: KanIkkeKoere."""
    scenen, alle = linjer.scenen, []
    for dokument in DOKUMENTER:
        steder = {en: scenen.adresser.get(en, scenen.tjenester) for en in dokument.tjenester}
        for adresse in dict.fromkeys(steder.values()):
            skema = _laes(linjer, dokument, adresse)
            if len(set(steder.values())) > 1:
                skema = skema.include(path_regex="|".join(_stier(linjer.kontrakt, steder, adresse)))
            skema.config.generation.update(max_examples=eksempler, database="none")
            alle.append(skema)
    return alle


def _laes(linjer: Linjer, dokument: Dokument, adresse: str) -> Any:
    tls, ordning = linjer.adgang, SchemathesisConfig(seed=linjer.seed)
    tiltro: str | bool = str(tls.ca) if tls.ca is not None else ssl.get_default_verify_paths().cafile or True
    certifikat = None if tls.certifikat is None else (str(tls.certifikat), str(tls.noegle or tls.certifikat))
    try:
        skema = schemathesis.openapi.from_url(
            adresse + dokument.sti, config=ordning, verify=tiltro, cert=certifikat, timeout=linjer.scenen.frist
        )
    except LoaderError as fejl:
        if fejl.kind not in _FINDES_IKKE:
            raise KanIkkeKoere(f"{uden_token(adresse)}{dokument.sti}: {fejl}") from fejl
        skema = schemathesis.openapi.from_dict(dokument.af(linjer.kontrakt), config=ordning)
    # never where a document says: a test environment's may name another
    skema.config.update(base_url=adresse, tls_verify=tiltro, request_timeout=linjer.scenen.frist)
    if certifikat is not None:
        skema.config.update(request_cert=certifikat[0], request_cert_key=certifikat[1])
    return skema


def _stier(kontrakt: Kontrakt, steder: dict[str, str], adresse: str) -> Iterator[str]:
    for tjeneste, sted in steder.items():
        if sted == adresse:
            yield from (f"^{re.escape(kontrakt.navne.sti(navn))}(/|$)" for navn in REST_SERVICES[tjeneste])


def sti(url: str, linjer: Linjer) -> str:
    """Return the path and query of a call without what the service's address begins with."""
    dele = urlsplit(url)
    hele = dele.path + (f"?{dele.query}" if dele.query else "")
    alle = [urlsplit(adresse) for adresse in (linjer.scenen.tjenester, *linjer.scenen.adresser.values())]
    her = [rod.path for rod in alle if (rod.hostname, rod.port) == (dele.hostname, dele.port)]
    return hele.removeprefix(max((rod for rod in her if hele.startswith(f"{rod}/")), key=len, default=""))


EKSEMPLER = 100
"""Calls of one operation in one phase at most, before the phase is played anew."""
HVER_FJERDE = 4
BRUDTE = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)


class _Jagt:
    """What the hooks of the present hunt do: schemathesis has one register of them for the process."""

    def __init__(self, linjer: Linjer, budget: Budget) -> None:
        self._linjer = linjer
        self._gode = gode_headers(linjer)
        self._dommer = Restdommer(linjer)
        self._start, self._midnat = linjer.kontrakt.navne.json("starttidspunkt"), midnat(linjer.ur).isoformat()
        self._budget = budget
        self._nummer = 0
        self.stroem: EventStream | None = None
        self.fejl: Exception | None = None
        """What ended it, and is no answer to a call that was made up."""
        self._under_vejs: Any = None
        self._uden_svar: list[Any] = []

    def klargoer(self, case: Any) -> None:
        """Let most calls whose headers are good be the caller's, about a citizen who is there and from today."""
        if self._under_vejs is not None:
            self._uden_svar.append(self._under_vejs)
        self._under_vejs = case
        self._nummer += 1
        if not IDENTITETSFEJL & {*self._koder(case)}:
            return  # anybody may read it
        if not self._nummer % HVER_FJERDE:
            return
        if case.headers is not None and _god(case, ParameterLocation.HEADER):
            case.headers.update(self._gode(self._nummer, case.method != "GET"))
        if isinstance(case.body, dict) and self._start in case.body and _god(case, ParameterLocation.BODY):
            case.body[self._start] = self._midnat

    def doem(self, svar: Any, case: Any) -> None:
        """Judge an answer; errors: AssertionError with what was broken."""
        self._under_vejs = None
        foer, kald = self._dommer.kald, _kald(svar.request, self._linjer)
        try:
            brud = list(self._dommer.doem(kald, Svar(svar.status_code, {}, svar.content), self._koder(case)))
        except UbesvaretError as ubesvaret:
            brud = [str(ubesvaret)]
        except Exception as fejl:  # schemathesis would go on without us
            self.fejl = fejl
            raise
        finally:
            self._budget.spend(self._dommer.kald - foer)
            if (self._budget.exhausted or self.fejl is not None) and self.stroem is not None:
                self.stroem.stop()
        if brud:
            raise AssertionError("; ".join(brud))

    def ubesvaret(self, operation: str) -> tuple[str, Kald] | None:
        """Say which call it was that got no answer: the operation's last one, or the last of all in a chain of calls."""
        self._budget.spend()
        alle = [en for en in (*self._uden_svar, self._under_vejs) if en is not None]
        egne = [en for en in alle if en.operation.label == operation]
        if not alle:
            return None
        case = (egne or alle)[-1]
        anmodning = requests.Request(**case.as_transport_kwargs(self._linjer.scenen.tjenester)).prepare()
        return case.operation.label, _kald(anmodning, self._linjer)

    def _koder(self, case: Any) -> list[int]:
        """Return the operation's own numbers; a document that does not say them is not the contract's, which does."""
        egne = case.operation.definition.raw.get("x-fejlkoder")
        return _koder(self._linjer, case.operation.label) if egne is None else list(egne)


def _god(case: Any, sted: ParameterLocation) -> bool:
    """Say whether a part of a call is as the document has it."""
    del_ = case.meta.components.get(sted) if case.meta else None
    return del_ is None or bool(del_.mode.is_positive)


_jagter: list[_Jagt] = []


def aftalen(ctx: Any, response: Any, case: Any) -> None:
    """Judge an answer, as one of the checks; the name is what a finding is told by."""
    _jagter[-1].doem(response, case)


def before_call(context: Any, case: Any, kwargs: Any) -> None:
    """Make a call ready; the name is the hook's."""
    _jagter[-1].klargoer(case)


def jag(linjer: Linjer, budget: Budget) -> Iterator[Kaldsfund]:
    """Hunt until the budget is spent; give one finding for each operation and rule, the first and, where it is ours, all."""
    givne: set[tuple[str, str]] = set()
    alle = skemaer(linjer, EKSEMPLER)
    for nummer, skema in enumerate(alle):
        andel = Budget(None if budget.seconds is None else budget.seconds_left / (len(alle) - nummer))
        if budget.exhausted:
            return
        for fund in _jag(linjer, skema, andel, budget):
            if (fund.operation, fund.regel) not in givne:
                givne.add((fund.operation, fund.regel))
                yield fund


def _jag(linjer: Linjer, skema: Any, andel: Budget, budget: Budget) -> Iterator[Kaldsfund]:
    if not _jagter:
        schemathesis.check(aftalen)
        schemathesis.hook(before_call)
    jagt = _Jagt(linjer, budget)
    _jagter[:] = [jagt]
    # a call may be of the right form, and still be refused by a rule
    skema.config.checks.positive_data_acceptance.enabled = False
    skema.config.continue_on_failure = True
    if andel.seconds is not None:
        skema.config.max_time = max(int(andel.seconds), 1)
    stroem = jagt.stroem = from_schema(skema).execute()
    try:
        yield from _af(stroem, jagt, linjer)
    finally:
        stroem.stop()


def _af(stroem: EventStream, jagt: _Jagt, linjer: Linjer) -> Iterator[Kaldsfund]:
    """Give what the events tell of; errors: whatever kept us from judging."""
    for haendelse in stroem:
        if jagt.fejl is not None:
            break
        if isinstance(haendelse, events.FatalError):
            raise haendelse.exception
        if isinstance(haendelse, events.ScenarioFinished):
            yield from _fundne(linjer, haendelse.recorder)
        if isinstance(haendelse, events.NonFatalError) and isinstance(haendelse.value, BRUDTE):
            findes(linjer.scenen)
            ubesvaret = jagt.ubesvaret(haendelse.label)
            if ubesvaret is not None:
                yield call_finding(
                    linjer, ubesvaret[0], UBESVARET, f"kaldet blev ikke besvaret: {haendelse.value}", ubesvaret[1], 0
                )
    if jagt.fejl is not None:
        raise jagt.fejl


def _fundne(linjer: Linjer, optaget: Any) -> Iterator[Kaldsfund]:
    for id_, domme in optaget.checks.items():
        for dom in domme:
            sendt = optaget.interactions.get(id_)
            if dom.failure_info is None or sendt is None or sendt.response is None:
                continue
            fejl, anmodning = dom.failure_info.failure, sendt.request
            headers = {navn: en[0] for navn, en in anmodning.headers.items()}
            kald = kald_af(anmodning.method, sti(anmodning.uri, linjer), headers, anmodning.body or b"")
            operation, brud = optaget.cases[id_].value.operation.label, str(fejl.message or fejl.title)
            yield call_finding(linjer, operation, dom.name, brud, kald, sendt.response.status_code)


def genspil(linjer: Linjer, fund: Kaldsfund) -> Kaldsfund | None:
    """Make the call again, with a request id of its own; None if it is answered otherwise, and rightly as far as we judge."""
    borgere(linjer)
    dommer, kald, kald_id = Restdommer(linjer), fund.kald.kald(), linjer.kontrakt.navne.header("requestId").lower()
    if kald.headers.get(kald_id):
        kald = replace(kald, headers={**kald.headers, kald_id: ny_uuid()})
    try:
        svar = linjer.tjenester.send(kald)
        brud = [brud for _ in range(6 * HVER) for brud in dommer.doem(kald, svar, _koder(linjer, fund.operation))]
    except UbesvaretError:
        return fund
    uaendret = fund.regel != aftalen.__name__ and svar.status == fund.status  # a check of theirs, which we do not have
    return fund if brud or uaendret else None


def _koder(linjer: Linjer, operation: str) -> list[int]:
    metode, _, sti = operation.partition(" ")
    for dokument in (openapi(linjer.kontrakt), openapi_laesning(linjer.kontrakt)):
        fundet = dokument["paths"].get(sti, {}).get(metode.lower())
        if fundet is not None:
            return list(fundet.get("x-fejlkoder", ()))
    return []


def _kald(anmodning: Any, linjer: Linjer) -> Kald:
    krop = anmodning.body or b""
    headers = {
        navn: vaerdi.decode("latin-1") if isinstance(vaerdi, bytes) else vaerdi
        for navn, vaerdi in anmodning.headers.items()
    }
    return kald_af(
        anmodning.method, sti(anmodning.url, linjer), headers, krop.encode() if isinstance(krop, str) else krop
    )
