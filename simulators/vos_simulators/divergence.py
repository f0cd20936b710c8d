"""Compare a business domain's view of one citizen with the stage's state, at one instant (epic AC 1005.17.28.14/.15).

Pure. Not here: fetching the state and the views (`vos_simulators.monitor`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from enum import StrEnum

import msgspec

from vos_contracts.control.operations import CitizenState, QueuedEvent, RegistrationState
from vos_contracts.model.cpr import masked
from vos_contracts.model.registration import Kind


class DivergenceKind(StrEnum):
    """How a view diverges from the state."""

    MISSING = "missing"
    EXTRA = "extra"
    OTHER = "different"
    STALE = "stale"

    @property
    def danish(self) -> str:
        """The word in a report."""
        return {"missing": "mangler", "extra": "ekstra", "different": "anden", "stale": "forældet"}[self.value]


class Deviation(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One divergence: masked CPR number, registration, the type on each side, and the latest event about it, if any."""

    domain: str
    kind: Kind
    divergence: DivergenceKind
    citizen: str
    registration: str
    recorded: int | None
    reported: int | None
    event_nr: int | None
    event_id: str | None


def compare(
    domain: str, kinds: Collection[Kind], recorded: CitizenState, reported: CitizenState, told: Sequence[QueuedEvent]
) -> Iterator[Deviation]:
    """Yield each divergence of one citizen; `told` holds all events about the citizen sent to the domain, in order.

    *missing*: only the state has a registration. *extra*: the view has a further registration. *stale*: the view agrees with
    an earlier event. *different*: the view agrees with no event.
    """
    for kind in Kind:
        if kind not in kinds:
            continue
        true = next(iter(recorded.states(kind)), None)
        known = reported.states(kind)
        counterpart = _counterpart(true, known)
        if true is not None and counterpart is None:
            yield _deviation(domain, kind, DivergenceKind.MISSING, recorded, true, None, told)
        for seen in known:
            if seen is not counterpart:
                yield _deviation(domain, kind, DivergenceKind.EXTRA, recorded, None, seen, told)
            elif true is not None and not _same(true, seen):
                divergence = DivergenceKind.STALE if _matches_event(seen, kind, told) else DivergenceKind.OTHER
                yield _deviation(domain, kind, divergence, recorded, true, seen, told)


def _counterpart(true: RegistrationState | None, known: Sequence[RegistrationState]) -> RegistrationState | None:
    """Find the view's counterpart of our registration: by id, else by type, else the one it received last."""
    if true is None or not known:
        return None
    same_id = (item for item in known if item.id == true.id)
    same_type = (item for item in known if item.type == true.type)
    return next(same_id, None) or next(same_type, None) or known[-1]


def _same(true: RegistrationState, view: RegistrationState) -> bool:
    """Compare the fields that the view has; a missing field cannot diverge."""
    return (
        view.type == true.type
        and view.id in {"", true.id}
        and view.start in {None, true.start}
        and (view.end == true.end or (view.end is None and not view.id))
    )


def _matches_event(view: RegistrationState, kind: Kind, told: Sequence[QueuedEvent]) -> bool:
    said = (item.event for item in told if item.event.entity is kind)
    return any(
        _same(RegistrationState(type=item.type, id=item.id, start=item.start, end=item.end), view) for item in said
    )


def _deviation(
    domain: str,
    kind: Kind,
    divergence: DivergenceKind,
    citizen: CitizenState,
    true: RegistrationState | None,
    view: RegistrationState | None,
    told: Sequence[QueuedEvent],
) -> Deviation:
    """Build the divergence with the latest event about our registration, or about the view's if we have none."""
    about = true or view
    assert about is not None, "a divergence needs a registration"
    matches = [
        item
        for item in told
        if item.event.entity is kind and (item.event.id == about.id if about.id else item.event.type == about.type)
    ]
    last = matches[-1] if matches else None
    return Deviation(
        domain=domain,
        kind=kind,
        divergence=divergence,
        citizen=masked(citizen.cpr),
        registration=about.id,
        recorded=None if true is None else true.type,
        reported=None if view is None else view.type,
        event_nr=None if last is None else last.nr,
        event_id=None if last is None else last.event.event_id,
    )
