"""Does a business domain believe what we know? Every divergence, pure: our truth against its view (epic AC 1005.17.28.14/.15).

Here: the comparison of one citizen at one instant. Not here: where the two come from (`vos_simulators.monitor`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from enum import StrEnum

import msgspec

from vos_contracts.control.operations import CitizenState, QueuedEvent, State
from vos_contracts.model.cpr import masked
from vos_contracts.model.registration import Kind


class DivergenceKind(StrEnum):
    """The four ways to diverge."""

    MISSING = "missing"
    EXTRA = "extra"
    OTHER = "different"
    STALE = "stale"

    @property
    def danish(self) -> str:
        """The word in a report."""
        return {"missing": "mangler", "extra": "ekstra", "different": "anden", "stale": "forældet"}[self.value]


class Deviation(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One divergence: the citizen masked, the registration, both types, and the event that should have told, if any did."""

    domain: str
    kind: Kind
    variant: DivergenceKind
    citizen: str
    registration: str
    ours: int | None
    their: int | None
    event_nr: int | None
    event_id: str | None


def compare(
    domain: str, kinds: Collection[Kind], ours: CitizenState, their: CitizenState, told: Sequence[QueuedEvent]
) -> Iterator[Deviation]:
    """Say each divergence for one citizen; `told` is every event about the citizen that the domain was sent, in order.

    *missing*: we have one, it has none. *extra*: it has one more than we. *stale*: it has what an earlier event said.
    *different*: it has what no event ever said.
    """
    for kind in Kind:
        if kind not in kinds:
            continue
        true = next(iter(ours.states(kind)), None)
        known = their.states(kind)
        answers_until = _answers_until(true, known)
        if true is not None and answers_until is None:
            yield _deviation(domain, kind, DivergenceKind.MISSING, ours, true, None, told)
        for is_known in known:
            if is_known is not answers_until:
                yield _deviation(domain, kind, DivergenceKind.EXTRA, ours, None, is_known, told)
            elif true is not None and not _same(true, is_known):
                variant = DivergenceKind.STALE if _is_said(is_known, kind, told) else DivergenceKind.OTHER
                yield _deviation(domain, kind, variant, ours, true, is_known, told)


def _answers_until(true: State | None, known: Sequence[State]) -> State | None:
    """Find what the domain has in place of ours: the same registration, else the same type, else what it heard last."""
    if true is None or not known:
        return None
    same_id = (item for item in known if item.id == true.id)
    same_type = (item for item in known if item.type == true.type)
    return next(same_id, None) or next(same_type, None) or known[-1]


def _same(true: State, is_known: State) -> bool:
    """Hold what the domain knows against ours; what it does not know cannot diverge."""
    return (
        is_known.type == true.type
        and is_known.id in {"", true.id}
        and is_known.start in {None, true.start}
        and (is_known.end == true.end or (is_known.end is None and not is_known.id))
    )


def _is_said(is_known: State, kind: Kind, told: Sequence[QueuedEvent]) -> bool:
    said = (item.event for item in told if item.event.entity is kind)
    return any(_same(State(type=item.type, id=item.id, start=item.start, end=item.end), is_known) for item in said)


def _deviation(
    domain: str,
    kind: Kind,
    variant: DivergenceKind,
    citizen: CitizenState,
    true: State | None,
    is_known: State | None,
    told: Sequence[QueuedEvent],
) -> Deviation:
    """Name the event that should have told: the last about our registration, or the last about the one that is not ours."""
    about = true or is_known
    assert about is not None, "there is nothing to diverge about"
    matches = [
        item
        for item in told
        if item.event.entity is kind and (item.event.id == about.id if about.id else item.event.type == about.type)
    ]
    last = matches[-1] if matches else None
    return Deviation(
        domain=domain,
        kind=kind,
        variant=variant,
        citizen=masked(citizen.cpr),
        registration=about.id,
        ours=None if true is None else true.type,
        their=None if is_known is None else is_known.type,
        event_nr=None if last is None else last.nr,
        event_id=None if last is None else last.event.event_id,
    )
