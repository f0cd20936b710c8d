"""Hold what everybody has against what they must have, and name every difference with the request that caused it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from vos_simulators.oracle.expected import Channel, Expected, Recipient, field_in_danish
from vos_simulators.oracle.received import Got

T = TypeVar("T", Expected, Got)


class DeviationKind(StrEnum):
    """What is wrong with a message; a `repetition` is identified and is no breach where delivery is at least once."""

    MISSING = "missing"
    EXTRA = "extra"
    WRONG = "wrong"
    DUPLICATE = "duplicate"
    OUT_OF_ORDER = "out_of_order"
    REPETITION = "repetition"

    @property
    def danish(self) -> str:
        """The word in a report."""
        return _DANISH_KIND[self]


_DANISH_KIND = {
    DeviationKind.MISSING: "mangler",
    DeviationKind.EXTRA: "ekstra",
    DeviationKind.WRONG: "forkert",
    DeviationKind.DUPLICATE: "dublet",
    DeviationKind.OUT_OF_ORDER: "ude af orden",
    DeviationKind.REPETITION: "gentagelse",
}


@dataclass(frozen=True, slots=True)
class Deviation:
    """One difference: whose, in which message about which registration, in which fields, and what caused it."""

    kind: DeviationKind
    recipient: Recipient
    variant: str
    id: str
    cause: str
    fields: tuple[tuple[str, str, str], ...] = ()

    @property
    def breach(self) -> bool:
        """Whether it breaks what was promised."""
        return self.kind is not DeviationKind.REPETITION

    def __str__(self) -> str:
        fields = "".join(f"; {field_in_danish(field)}: skulle være {should}, er {is_}" for field, should, is_ in self.fields)
        return f"{self.recipient}: {self.variant} om {self.id} er {self.kind.danish}{fields} - efter {self.cause}"


UNKNOWN = "intet, der er sket"


def assess(expected: Iterable[Expected], got: Iterable[Got]) -> list[Deviation]:
    """Compare, recipient by recipient; both sides in their order. The same message id again is a repeat."""
    everyone = tuple(expected)
    causes = _after_id(everyone)  # also of what its recipient should not have heard of
    should, is_ = _after_recipient(everyone), _after_recipient(got)
    deviations: list[Deviation] = []
    for recipient in sorted({*should, *is_}):
        deviations += _assess_one(recipient, should.get(recipient, []), is_.get(recipient, []), causes)
    return deviations


def _assess_one(
    recipient: Recipient, expected: Sequence[Expected], got: Sequence[Got], causes: Mapping[str, Sequence[Expected]]
) -> Iterator[Deviation]:
    single: list[Got] = []
    seen: set[str] = set()
    for item in got:
        if item.message_id in seen:
            kind = DeviationKind.REPETITION if recipient.channel is not Channel.WSRM else DeviationKind.DUPLICATE
            yield Deviation(kind, recipient, item.variant, item.id, _cause(item, causes))
        else:
            seen.add(item.message_id)
            single.append(item)
    pair, without_message, without_reason = _pair(expected, single)
    yield from _out_of_order(recipient, pair)
    known = {(item.variant, item.id, item.content) for item in expected}
    for should, is_ in _almost(without_message, without_reason):
        fields = tuple((field, a, b) for (field, a), (_, b) in zip(should.content, is_.content, strict=True) if a != b)
        yield Deviation(DeviationKind.WRONG, recipient, should.variant, should.id, should.cause, fields)
    for should in without_message:
        yield Deviation(DeviationKind.MISSING, recipient, should.variant, should.id, should.cause)
    for is_ in without_reason:
        again = (is_.variant, is_.id, is_.content) in known
        kind = DeviationKind.DUPLICATE if again else DeviationKind.EXTRA
        yield Deviation(kind, recipient, is_.variant, is_.id, _cause(is_, causes))


def _pair(
    expected: Sequence[Expected], got: Sequence[Got]
) -> tuple[list[tuple[int, Expected]], list[Expected], list[Got]]:
    """Pair each message that must be there with the first that is exactly that; return the pairs and what is left of both."""
    free: dict[object, list[int]] = {}
    for room, item in enumerate(got):
        free.setdefault((item.variant, item.id, item.content), []).append(room)
    pair: list[tuple[int, Expected]] = []
    without_message: list[Expected] = []
    for should in expected:
        slots = free.get((should.variant, should.id, should.content))
        if slots:
            pair.append((slots.pop(0), should))
        else:
            without_message.append(should)
    used = {room for room, _ in pair}
    return pair, without_message, [item for room, item in enumerate(got) if room not in used]


def _almost(without_message: list[Expected], without_reason: list[Got]) -> Iterator[tuple[Expected, Got]]:
    """Pair what is left by kind and registration, those that are most alike first, and take it out of both lists."""
    possible = [
        (should, is_)
        for should in without_message
        for is_ in without_reason
        if (is_.variant, is_.id) == (should.variant, should.id)
    ]
    for should, is_ in sorted(possible, key=lambda pair: -_equality(*pair)):
        if any(item is should for item in without_message) and any(item is is_ for item in without_reason):
            without_message[:] = [item for item in without_message if item is not should]
            without_reason[:] = [item for item in without_reason if item is not is_]
            yield should, is_


def _equality(should: Expected, is_: Got) -> int:
    """Count the fields that say the same."""
    return len({*should.content} & {*is_.content})


def _cause(is_: Got, causes: Mapping[str, Sequence[Expected]]) -> str:
    """Name the cause of what is most like it: a registration is opened by one request and closed by another."""
    about_den = causes.get(is_.id)
    return max(about_den, key=lambda item: _equality(item, is_)).cause if about_den else UNKNOWN


def _out_of_order(recipient: Recipient, pair: Sequence[tuple[int, Expected]]) -> Iterator[Deviation]:
    """Within each line, name the fewest messages that would have to move."""
    linjer: dict[str, list[tuple[int, Expected]]] = {}
    for room, should in pair:
        linjer.setdefault(should.line, []).append((room, should))
    for line in linjer.values():
        on_room = _longest_rising([room for room, _ in line])
        for room, should in line:
            if room not in on_room:
                yield Deviation(DeviationKind.OUT_OF_ORDER, recipient, should.variant, should.id, should.cause)


def _longest_rising(number: Sequence[int]) -> set[int]:
    """Return the members of a longest increasing subsequence of different numbers."""
    ends: list[int] = []
    previous: dict[int, int | None] = {}
    for item in number:
        room = bisect_left(ends, item)
        previous[item] = ends[room - 1] if room else None
        ends[room : room + 1] = [item]
    members: set[int] = set()
    next_item = ends[-1] if ends else None
    while next_item is not None:
        members.add(next_item)
        next_item = previous[next_item]
    return members


def _after_id(listing: Iterable[Expected]) -> Mapping[str, list[Expected]]:
    after: dict[str, list[Expected]] = {}
    for item in listing:
        after.setdefault(item.id, []).append(item)
    return after


def _after_recipient(listing: Iterable[T]) -> Mapping[Recipient, list[T]]:
    after: dict[Recipient, list[T]] = {}
    for item in listing:
        after.setdefault(item.recipient, []).append(item)
    return after
