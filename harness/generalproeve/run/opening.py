"""Open a target for a run: start the embedded reference or check that a remote stage answers, and describe it.

Not here: parsing the target (`settings.target`), playing the scenarios (`player`).
"""

from __future__ import annotations

import contextlib
import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version

import msgspec

from generalproeve import __version__
from generalproeve.base.exit_codes import CannotRun, Unreachable
from generalproeve.run.results import RunDescription
from generalproeve.run.touched.facts import FactsReader, assumed_names
from generalproeve.settings.stage import StageSettings
from generalproeve.settings.target import Embedded, Remote, Target
from generalproeve.settings.values import LATENCY_OFF
from generalproeve.stage.stage import embedded
from vos_contracts.contract import Contract, load
from vos_contracts.tables.table import TableError
from vos_contracts.wire.base import Call, UnreachableError
from vos_contracts.wire.soap.schemas import endpoint
from vos_features.stage import StageAccess
from vos_simulators.access import without_token
from vos_simulators.control import Control, ControlRefused
from vos_simulators.transport import HttpTransport

UNKNOWN = "unknown"
"""The backend and latency of a stage without a control API."""
LIBRARIES = ("pytest", "pytest-bdd", "httpx", "lxml", "msgspec")


@dataclass(frozen=True, slots=True)
class OpenStage:
    """An open stage, and its description in reports."""

    stage: StageAccess
    description: RunDescription


@contextlib.contextmanager
def open_target(target: Target, settings: StageSettings) -> Iterator[OpenStage]:
    """Open the target for as long as the block lasts; the settings apply to an embedded stage only.

    Raises:
        CannotRun: the stage cannot be started, or its contract differs from ours.
        Unreachable: no server answers at an address of a remote stage.
    """
    match target:
        case Embedded():
            with embedded(settings.without_tls()) as stage:
                yield OpenStage(stage.stage, _describe_by_status(target.identity, stage.stage, stage.contract))
        case Remote():
            contract = _contract(target.stage)
            _require_answer(target)
            _require_services(target, contract)
            if target.stage.control is None:
                yield OpenStage(target.stage, _describe_by_profile(target, contract))
            else:
                yield OpenStage(target.stage, _describe_by_status(target.identity, target.stage, contract))


def versions() -> Mapping[str, str]:
    """Return the versions of Python and of the libraries that a run uses."""
    return {"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}}


def _require_answer(target: Remote) -> None:
    """Require any response from every address, called with the access of the default caller."""
    stage = target.stage
    access = stage.access_of(stage.caller)
    addresses = [stage.services, *stage.addresses.values(), *([stage.control] if stage.control else [])]
    for address in dict.fromkeys(addresses):
        try:
            with HttpTransport(address, timeout=stage.deadline, access=access) as transport:
                transport.send(Call("GET", "/"))
        except UnreachableError as error:
            raise Unreachable(f"target {target.identity}: {error}") from error


def _require_services(target: Remote, contract: Contract) -> None:
    """Require that the address knows one of the services; a server that answers 404 to all of them is another one.

    A stage whose services have addresses of their own is not asked at the common one.
    """
    stage = target.stage
    if stage.addresses:
        return
    asked = (contract.names.path("kontaktgruppe"), f"{endpoint('PersonRegistrationService')}?wsdl")
    with HttpTransport(stage.services, timeout=stage.deadline, access=stage.access_of(stage.caller)) as transport:
        if all(transport.send(Call("GET", path)).status == 404 for path in asked):
            raise Unreachable(
                f"target {target.identity}: none of the services is there (404 for {' and '.join(asked)})"
            )


def _contract(stage: StageAccess) -> Contract:
    try:
        contract = load(stage.contract)
    except TableError as error:
        raise CannotRun(str(error)) from error
    if stage.release is not None and stage.release not in contract.releases:
        raise CannotRun(f"release {stage.release}: unknown; known are {', '.join(contract.releases)}")
    return contract


def _describe_by_status(identity: str, stage: StageAccess, contract: Contract) -> RunDescription:
    assert stage.control is not None, "only a stage with a control API can be asked"
    with HttpTransport(stage.control, timeout=stage.deadline, access=stage.access) as transport:
        try:
            status = Control(transport).status()
        except (ControlRefused, msgspec.DecodeError) as error:
            raise CannotRun(
                f"control {without_token(stage.control)}: is not the control API of a stage: {error}"
            ) from error
    if status.contract_hash != contract.hash:
        raise CannotRun(
            f"target {identity}: its contract is {status.contract_hash[:12]} ({status.overlay or 'no overlay'}), "
            f"and ours is {contract.hash[:12]}; give the same --contract"
        )
    return RunDescription(
        target=identity,
        release=status.release,
        backend=status.backend,
        clock=status.clock,
        version=__version__,
        contract_hash=status.contract_hash,
        overlay=status.overlay,
        overlay_changes=status.overlay_changes,
        assumptions=assumed_names(contract),
        rules=FactsReader(contract).named(),
        versions=versions(),
        latency=status.latency or LATENCY_OFF,
    )


def _describe_by_profile(target: Remote, contract: Contract) -> RunDescription:
    """Describe a stage without a control API by its profile."""
    stage = target.stage
    assert stage.release is not None, "a remote stage has the release that was given for it"
    assert stage.clock is not None, "a remote stage has the clock that was given for it"
    return RunDescription(
        target=target.identity,
        release=stage.release,
        backend=UNKNOWN,
        clock=stage.clock(),
        version=__version__,
        contract_hash=contract.hash,
        overlay=None if contract.overlay is None else contract.overlay.name,
        overlay_changes=() if contract.overlay is None else contract.overlay.changes,
        assumptions=assumed_names(contract),
        rules=FactsReader(contract).named(),
        versions=versions(),
        latency=UNKNOWN,
    )
