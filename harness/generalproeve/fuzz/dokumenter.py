"""The OpenAPI documents that calls are made up from: the stage's own where it serves them, else the contract's.

Each is of some services; where those have addresses of their own, it is read once for each. Not here: the calls (`rest`).
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.core.errors import LoaderError, LoaderErrorKind

from generalproeve.base.exit_codes import KanIkkeKoere
from generalproeve.fuzz.lines import Linjer
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.openapi import openapi
from vos_contracts.openapi_laesning import openapi_laesning
from vos_contracts.wire.calls import REST_SERVICES
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
