"""Example calls on a running stage, as `curl` commands that work when pasted."""

from __future__ import annotations

from datetime import datetime

from generalproeve.stage.stage import Stage
from vos_contracts.model.identity import Identity, User
from vos_contracts.model.registration import Create, Kind
from vos_contracts.wire.base import Call
from vos_contracts.wire.rest.registration import Rest
from vos_contracts.wire.soap import envelope, registration
from vos_contracts.wire.soap.schemas import services
from vos_simulators.parties import AKASSE, JOBCENTER
from vos_simulators.people import Citizen

CURL_TLS = ' --cacert "$CA" --cert "$CERT" --key "$KEY"'
"""The curl options of a call over TLS: the trusted CA and the client certificate."""
__all__ = ["AKASSE", "JOBCENTER", "rest", "soap"]


def _caseworker(now: datetime) -> Identity:
    return Identity(JOBCENTER, User("Eksempel Sagsbehandler", 2, "eksempel"), JOBCENTER, now)


def _create(now: datetime) -> Create:
    return Create(Kind.KONTAKTGRUPPE, 13, now.replace(hour=0, minute=0, second=0, microsecond=0))


def _curl(url: str, call: Call) -> str:
    headers = "".join(f" \\\n  -H '{name}: {value}'" for name, value in call.headers.items())
    tls = CURL_TLS if url.startswith("https:") else ""
    data = f"--data-binary @- <<'EOF'\n{call.body.decode()}\nEOF"
    return f"curl -sS{tls} -X {call.method} '{url}{call.path}'{headers} \\\n  {data}"


def rest(stage: Stage, citizen: Citizen, now: datetime) -> str:
    """Return a `curl` command that registers over REST; sent again, its request id is answered with 412."""
    call_id = f"eksempel-{citizen.cpr[-4:]}-{now:%Y%m%d%H%M%S}"
    return _curl(
        stage.services, Rest(stage.contract).call_register(citizen.cpr, _create(now), _caseworker(now), call_id)
    )


def soap(stage: Stage, citizen: Citizen, now: datetime) -> str:
    """Return a `curl` command that registers over SOAP."""
    service = services(stage.contract)["PersonRegistrationService"]
    operation, element = registration.write_query(citizen.cpr, _create(now), stage.contract)
    body = envelope.write_call(_caseworker(now), element)
    headers = {"content-type": "text/xml; charset=utf-8", "soapaction": service.operations[operation].soapaction}
    return _curl(stage.services, Call("POST", service.path, headers, body))
