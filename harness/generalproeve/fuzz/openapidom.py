"""What the OpenAPI documents say of an answer: that its status is among the operation's own, and its body as they describe.

Cheap enough to be asked of every call: paths and schemas are compiled once. Not here: our own rules (`restdommer`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import jsonschema_rs
import msgspec

from vos_contracts.kontrakt import Kontrakt
from vos_contracts.openapi import openapi
from vos_contracts.openapi_laesning import openapi_laesning
from vos_contracts.wire.base import Kald, Svar

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
