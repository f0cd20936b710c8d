"""The hunt by REST: schemathesis makes up calls from the served OpenAPI documents, in all its phases; we judge as well.

Most calls whose headers are good are made as a caseworker's about a citizen who is on the stage, so that they come past the
door. Not here: what we judge (`restdommer`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.core.parameters import ParameterLocation
from schemathesis.engine import events, from_schema
from schemathesis.engine.core import EventStream

from generalproeve.fuzz.budget import Budget
from generalproeve.fuzz.fund import Kaldsfund, Sendt
from generalproeve.fuzz.linjer import Linjer
from generalproeve.fuzz.restdommer import HVER, IDENTITETSFEJL, Restdommer, kald_af
from vos_contracts.idkilde import ny_uuid
from vos_contracts.openapi import openapi
from vos_contracts.openapi_laesning import openapi_laesning
from vos_contracts.wire.base import Kald, Svar
from vos_contracts.wire.rest_headers import Headers
from vos_simulators.aktoerer import kss
from vos_simulators.personer import AKASSE, JOBCENTER, Borger, Folk, paa_scenen
from vos_simulators.styring import Styring

DOKUMENTER = ("/openapi.json", "/openapi/VisiteringOgStatus.json")
FORRETNINGSREGLER = "positive_data_acceptance"
"""A check of theirs that is left out: a call may be of the right form, and still be refused by a rule."""
EKSEMPLER = 100
"""Calls of one operation in one phase at most, before the phase is played anew."""
HVER_FJERDE = 4
_BORGERE = 3


class _Jagt:
    """What the hooks of the present hunt do: schemathesis has one register of them for the process."""

    def __init__(self, linjer: Linjer, budget: Budget) -> None:
        self._gode = gode_headers(linjer)
        self._dommer = Restdommer(linjer)
        self._budget = budget
        self._nummer = 0
        self.stroem: EventStream | None = None

    def klargoer(self, case: Any) -> None:
        """Let most calls whose headers are good be a caseworker's about a citizen who is there."""
        self._nummer += 1
        del_ = case.meta.components.get(ParameterLocation.HEADER) if case.meta else None
        if not IDENTITETSFEJL & {*_koder_af(case)}:
            return  # anybody may read it
        if self._nummer % HVER_FJERDE and case.headers is not None and (del_ is None or del_.mode.is_positive):
            case.headers.update(self._gode(self._nummer, case.method != "GET"))

    def doem(self, svar: Any, case: Any) -> None:
        """Judge an answer; errors: AssertionError with what was broken."""
        foer = self._dommer.kald
        brud = list(self._dommer.doem(_kald(svar.request), Svar(svar.status_code, {}, svar.content), _koder_af(case)))
        self._budget.brug(self._dommer.kald - foer)
        if self._budget.opbrugt and self.stroem is not None:
            self.stroem.stop()
        if brud:
            raise AssertionError("; ".join(brud))


_jagter: list[_Jagt] = []


def aftalen(ctx: Any, response: Any, case: Any) -> None:
    """Judge an answer, as one of the checks; the name is what a finding is told by."""
    _jagter[-1].doem(response, case)


def before_call(context: Any, case: Any, kwargs: Any) -> None:
    """Make a call ready; the name is the hook's."""
    _jagter[-1].klargoer(case)


def hvorfor_ikke(linjer: Linjer) -> str:
    """Say why it cannot be played on the stage; it always can."""
    return ""


def jag(linjer: Linjer, budget: Budget) -> Iterator[Kaldsfund]:
    """Hunt until the budget is spent; give one finding for each operation and rule, the first and, where it is ours, all."""
    givne: set[tuple[str, str]] = set()
    for nummer, dokument in enumerate(DOKUMENTER):
        andel = Budget(None if budget.sekunder is None else budget.rest() / (len(DOKUMENTER) - nummer))
        if budget.opbrugt:
            return
        for fund in _jag(linjer, dokument, andel, budget):
            if (fund.operation, fund.regel) not in givne:
                givne.add((fund.operation, fund.regel))
                yield fund


def _jag(linjer: Linjer, dokument: str, andel: Budget, budget: Budget) -> Iterator[Kaldsfund]:
    if not _jagter:
        schemathesis.check(aftalen)
        schemathesis.hook(before_call)
    _jagter[:] = [_Jagt(linjer, budget)]
    skema = schemathesis.openapi.from_url(linjer.adresse + dokument, config=SchemathesisConfig(seed=linjer.seed))
    skema.config.generation.update(max_examples=EKSEMPLER, database="none")
    skema.config.checks.positive_data_acceptance.enabled = False
    skema.config.continue_on_failure = True
    if andel.sekunder is not None:
        skema.config.max_time = max(int(andel.sekunder), 1)
    stroem = _jagter[-1].stroem = from_schema(skema).execute()
    for haendelse in stroem:
        if isinstance(haendelse, events.FatalError):
            raise haendelse.exception
        if isinstance(haendelse, events.ScenarioFinished):
            yield from _fundne(linjer, haendelse.recorder)


def _fundne(linjer: Linjer, optaget: Any) -> Iterator[Kaldsfund]:
    for id_, domme in optaget.checks.items():
        for dom in domme:
            sendt = optaget.interactions.get(id_)
            if dom.failure_info is None or sendt is None or sendt.response is None:
                continue
            fejl, anmodning = dom.failure_info.failure, sendt.request
            headers = {navn: en[0] for navn, en in anmodning.headers.items()}
            kald = kald_af(anmodning.method, _sti(anmodning.uri), headers, anmodning.body or b"")
            yield Kaldsfund(
                seed=linjer.seed,
                udgave=linjer.udgave,
                bagende=linjer.bagende,
                operation=optaget.cases[id_].value.operation.label,
                regel=dom.name,
                brud=str(fejl.message or fejl.title),
                kald=Sendt.af(kald),
                status=sendt.response.status_code,
            )


def genspil(linjer: Linjer, fund: Kaldsfund) -> Kaldsfund | None:
    """Make the call again, with a request id of its own; None if it is answered otherwise, and rightly as far as we judge."""
    gode_headers(linjer)
    dommer, kald, kald_id = Restdommer(linjer), fund.kald.kald(), linjer.kontrakt.navne.header("requestId").lower()
    if kald.headers.get(kald_id):
        kald = replace(kald, headers={**kald.headers, kald_id: ny_uuid()})
    svar = linjer.tjenester.send(kald)
    brud = [brud for _ in range(6 * HVER) for brud in dommer.doem(kald, svar, _koder(linjer, fund.operation))]
    uaendret = fund.regel != aftalen.__name__ and svar.status == fund.status
    return fund if brud or uaendret else None


def _koder_af(case: Any) -> list[int]:
    return list(case.operation.definition.raw.get("x-fejlkoder", ()))


def _koder(linjer: Linjer, operation: str) -> list[int]:
    metode, _, sti = operation.partition(" ")
    for dokument in (openapi(linjer.kontrakt), openapi_laesning(linjer.kontrakt)):
        fundet = dokument["paths"].get(sti, {}).get(metode.lower())
        if fundet is not None:
            return list(fundet.get("x-fejlkoder", ()))
    return []


def borgere(linjer: Linjer) -> list[Borger]:
    """Return citizens, the same each time; where the stage has a control API it is emptied, and they are put on it."""
    folk = Folk(seed=6)
    alle = [folk.ny(40, linjer.ur.date()) for _ in range(_BORGERE)]
    if linjer.styring is not None:
        styring = Styring(linjer.styring)
        styring.nulstil()
        styring.opsaet(*(paa_scenen(en, akasse=AKASSE) for en in alle))
    return alle


def gode_headers(linjer: Linjer) -> Callable[[int, bool], dict[str, str]]:
    """Return what makes a caseworker's headers about one of the citizens."""
    paa_scenen_nu = borgere(linjer)
    headers = Headers(linjer.kontrakt)
    identitet = kss.identitet(JOBCENTER, linjer.ur)
    return lambda nummer, skrivende: headers.skriv(
        identitet, paa_scenen_nu[nummer % _BORGERE].cpr, ny_uuid() if skrivende else ""
    )


def _kald(anmodning: Any) -> Kald:
    krop = anmodning.body or b""
    headers = {
        navn: vaerdi.decode("latin-1") if isinstance(vaerdi, bytes) else vaerdi
        for navn, vaerdi in anmodning.headers.items()
    }
    return kald_af(anmodning.method, _sti(anmodning.url), headers, krop.encode() if isinstance(krop, str) else krop)


def _sti(adresse: str) -> str:
    dele = urlsplit(adresse)
    return dele.path + (f"?{dele.query}" if dele.query else "")
