"""The poster of a running stage: every address, and example calls that work when pasted into a shell.

The citizens of the examples are seeded through the control API. rich, Faker and the examples are imported on use, because
`up --json --people 0` needs none of them and must be ready quickly.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from generalproeve.settings.values import LATENCY_OFF
from generalproeve.stage.stage import Stage
from vos_contracts.control.stage import StatusDto
from vos_contracts.model.registration import Kind
from vos_contracts.tables.releases import PrsSoap
from vos_contracts.wire.soap.schemas import services
from vos_simulators.control import Control
from vos_simulators.transport import HttpTransport

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

    from vos_simulators.people import Citizen


def present(stage: Stage, count: int, as_json: bool) -> None:
    """Seed `count` citizens through the control API, if there is one, and print the poster, or one line of JSON."""
    if stage.control is None:
        _present_without_control(stage, as_json)
        return
    with HttpTransport(stage.control) as transport:
        control = Control(transport)
        status = control.status()
        citizens = _citizens(control, status, count) if count else []
    addresses = _addresses(stage)
    if as_json:
        line = {
            "ready": True,
            "services": stage.services,
            "control": stage.control,
            "addresses": addresses,
            "release": status.release,
            "backend": status.backend,
            "clock": status.clock.isoformat(),
            "contract": status.contract_hash,
            "overlay": status.overlay,
            "broker": stage.broker,
            "latency": status.latency or LATENCY_OFF,
            "people": [citizen.cpr for citizen in citizens],
        }
        print(json.dumps(line, ensure_ascii=False), flush=True)  # noqa: T201 - the output of the command
        return
    from rich.console import Console

    from generalproeve.stage import examples

    console = Console(soft_wrap=True, highlight=False)
    console.print(
        f"[bold]Generalprøve[/] - udgave {status.release}, SOAP-registrering: {status.backend}, ur: "
        f"{status.clock:%d-%m-%Y %H:%M}{' (frosset)' if status.clock_frozen else ''}"
    )
    if status.overlay:
        console.print(f"overlay {status.overlay}: {len(status.overlay_changes)} ændringer")
    _write_addresses(console, stage, addresses)
    if citizens:
        console.print(
            "\n[bold]Borgere[/] (syntetiske; numrene kan ikke tilhøre nogen), "
            f"jobcenter {examples.JOBCENTER.code}, a-kasse {examples.AKASSE.code}"
        )
        for citizen in citizens:
            console.print(f"  {citizen.cpr}  {citizen.name}")
    if citizens:
        console.print("\n[bold]REST[/]: opret kontaktgruppe 13 (kontaktgruppeId er svaret)")
        print(examples.rest(stage, citizens[0], status.clock))  # noqa: T201 - pasted as it is, so not wrapped by rich
    if len(citizens) > 1 and status.backend is not PrsSoap.WITHDRAWN:
        console.print("\n[bold]SOAP[/]: CreateContactGroup")
        print(examples.soap(stage, citizens[1], status.clock))  # noqa: T201 - pasted as it is, so not wrapped by rich
    console.print("\nCtrl-C lukker scenen.")
    sys.stdout.flush()


def _present_without_control(stage: Stage, as_json: bool) -> None:
    """Print the poster of a stage whose status cannot be queried; no citizens are seeded."""
    addresses = _addresses(stage)
    if as_json:
        line = {
            "ready": True,
            "services": stage.services,
            "control": None,
            "addresses": addresses,
            "release": stage.release,
            "contract": stage.contract.hash,
            "broker": stage.broker,
            "latency": stage.latency or LATENCY_OFF,
            "people": [],
        }
        print(json.dumps(line, ensure_ascii=False), flush=True)  # noqa: T201 - the output of the command
        return
    from rich.console import Console

    console = Console(soft_wrap=True, highlight=False)
    console.print(f"[bold]Generalprøve[/] - udgave {stage.release}, uden styring")
    _write_addresses(console, stage, addresses)
    console.print("\nCtrl-C lukker scenen.")
    sys.stdout.flush()


def _write_addresses(console: Console, stage: Stage, addresses: Mapping[str, str]) -> None:
    for name, address in addresses.items():
        console.print(f"  {name:<40}{address}")
    console.print(f"  {'database':<40}{stage.db}{' (forsvinder ved stop)' if stage.db_is_temporary else ''}")
    console.print(f"  {'domænehændelser':<40}{stage.broker or 'i processen'}")
    console.print(f"  {'latens':<40}{stage.latency or LATENCY_OFF}")


def _citizens(control: Control, status: StatusDto, count: int) -> list[Citizen]:
    from vos_simulators.parties import AKASSE
    from vos_simulators.people import People, on_stage  # lazy: imports Faker

    people = People(seed=status.people)
    citizens = [people.new(25 + 7 * number % 35, status.clock.date()) for number in range(count)]
    control.set_up(*(on_stage(citizen, akasse=AKASSE) for citizen in citizens))
    return citizens


def _addresses(stage: Stage) -> dict[str, str]:
    names = stage.contract.names
    control = {
        "styring": f"{stage.control}/control/status",
        "WSB-levering": f"{stage.control}/control/wsb",
    }
    if stage.control is None:
        control = {}
    rest = {f"REST {kind}": f"{stage.services}{names.path(kind.value)}" for kind in Kind}
    soap_ = {
        f"SOAP {name}": f"{stage.services}{service.path}?wsdl"
        for name, service in services(stage.contract).items()
        if name not in stage.without
    }
    return {
        **rest,
        "REST status": f"{stage.services}{names.path('visiteringOgStatusStatus')}",
        "WSB-abonnement": f"{stage.services}{names.path('subscriptionSync')}",
        "kodelister": f"{stage.services}{names.path('code_list')}",
        **soap_,
        "OpenAPI": f"{stage.services}/openapi.json",
        "Swagger": f"{stage.services}/swagger",
        **control,
    }
