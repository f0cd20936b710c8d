"""Compare the received messages with the expected ones; every deviation names its cause."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from vos_simulators.oracle.expected import Expected, MessageChannel, Recipient
from vos_simulators.oracle.received import Got

T = TypeVar("T", Expected, Got)


class DeviationKind(StrEnum):
    """What is wrong with a message. A `repetition` has the same message id and is allowed by at-least-once delivery."""

    MISSING = "missing"
    EXTRA = "extra"
    WRONG = "wrong"
    DUPLICATE = "duplicate"
    OUT_OF_ORDER = "out_of_order"
    REPETITION = "repetition"

    @property
    def danish(self) -> str:
        """What the message does, as a verdict says it: "mangler", "er ekstra" ..."""
        return _DANISH_KIND[self]


_DANISH_KIND = {
    DeviationKind.MISSING: "mangler",
    DeviationKind.EXTRA: "er ekstra",
    DeviationKind.WRONG: "er forkert",
    DeviationKind.DUPLICATE: "er en dublet",
    DeviationKind.OUT_OF_ORDER: "er ude af orden",
    DeviationKind.REPETITION: "er en gentagelse",
}


_FIELDS = {
    "event": "hændelse",
    "end": "slut",
    "authority": "myndighed",
    "user": "bruger",
    "change": "ændring",
    "registered": "registreret",
    "citizen": "borger",
    "old": "gammelt",
    "new": "nyt",
}
"""The Danish names of a content's fields; `cpr`, `type`, `start` and `system` are the same in Danish."""
_VALUES = {
    "change": {"created": "oprettet", "changed": "ændret", "deleted": "slettet"},
}
"""The Danish words for the values of those fields; a value of another field is shown as it is."""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One deviation; `id` is the registration, `fields` holds (name, expected value, received value)."""

    kind: DeviationKind
    recipient: Recipient
    message: str
    id: str
    cause: str
    fields: tuple[tuple[str, str, str], ...] = ()

    @property
    def breach(self) -> bool:
        """Whether the deviation violates the delivery guarantee."""
        return self.kind is not DeviationKind.REPETITION

    def __str__(self) -> str:
        fields = "".join(f"; {_difference(*field)}" for field in self.fields)
        return f"{self.recipient}: {self.message} om {self.id} {self.kind.danish}{fields} - efter {self.cause}"


def _difference(field: str, should: str, is_: str) -> str:
    words = _VALUES.get(field, {})
    return f"{_FIELDS.get(field, field)}: skulle være {words.get(should, should)}, er {words.get(is_, is_)}"


UNKNOWN = "intet, der er sket"


def assess(expected: Iterable[Expected], got: Iterable[Got]) -> list[Mismatch]:
    """Compare both sides recipient by recipient; both must be in their order. A repeated message id is a repetition."""
    required = tuple(expected)
    causes = _by_id(required)  # over all recipients: names the cause of an extra message too
    wanted, received = _by_recipient(required), _by_recipient(got)
    deviations: list[Mismatch] = []
    for recipient in sorted({*wanted, *received}):
        deviations += _assess_one(recipient, wanted.get(recipient, []), received.get(recipient, []), causes)
    return deviations


def _assess_one(
    recipient: Recipient, expected: Sequence[Expected], got: Sequence[Got], causes: Mapping[str, Sequence[Expected]]
) -> Iterator[Mismatch]:
    unique: list[Got] = []
    seen: set[str] = set()
    for item in got:
        if item.message_id in seen:
            kind = DeviationKind.REPETITION if recipient.channel is not MessageChannel.WSRM else DeviationKind.DUPLICATE
            yield Mismatch(kind, recipient, item.message, item.id, _cause(item, causes))
        else:
            seen.add(item.message_id)
            unique.append(item)
    pairs, missing, extra = _pair(expected, unique)
    yield from _out_of_order(recipient, pairs)
    known = {(item.message, item.id, item.content) for item in expected}
    for should, is_ in _most_similar(missing, extra):
        fields = tuple((field, a, b) for (field, a), (_, b) in zip(should.content, is_.content, strict=True) if a != b)
        yield Mismatch(DeviationKind.WRONG, recipient, should.message, should.id, should.cause, fields)
    for should in missing:
        yield Mismatch(DeviationKind.MISSING, recipient, should.message, should.id, should.cause)
    for is_ in extra:
        again = (is_.message, is_.id, is_.content) in known
        kind = DeviationKind.DUPLICATE if again else DeviationKind.EXTRA
        yield Mismatch(kind, recipient, is_.message, is_.id, _cause(is_, causes))


def _pair(
    expected: Sequence[Expected], got: Sequence[Got]
) -> tuple[list[tuple[int, Expected]], list[Expected], list[Got]]:
    """Pair each expected message with the first equal one; return the pairs and the rest of both sides."""
    free: dict[object, list[int]] = {}
    for index, item in enumerate(got):
        free.setdefault((item.message, item.id, item.content), []).append(index)
    pairs: list[tuple[int, Expected]] = []
    missing: list[Expected] = []
    for should in expected:
        slots = free.get((should.message, should.id, should.content))
        if slots:
            pairs.append((slots.pop(0), should))
        else:
            missing.append(should)
    used = {index for index, _ in pairs}
    return pairs, missing, [item for index, item in enumerate(got) if index not in used]


def _most_similar(missing: list[Expected], extra: list[Got]) -> Iterator[tuple[Expected, Got]]:
    """Pair the rest by variant and registration, most similar pairs first, and remove the pairs from both lists."""
    possible = [
        (should, is_) for should in missing for is_ in extra if (is_.message, is_.id) == (should.message, should.id)
    ]
    for should, is_ in sorted(possible, key=lambda pair: -_similarity(*pair)):
        if any(item is should for item in missing) and any(item is is_ for item in extra):
            missing[:] = [item for item in missing if item is not should]
            extra[:] = [item for item in extra if item is not is_]
            yield should, is_


def _similarity(should: Expected, is_: Got) -> int:
    """Count the equal fields."""
    return len({*should.content} & {*is_.content})


def _cause(is_: Got, causes: Mapping[str, Sequence[Expected]]) -> str:
    """Name the cause of the most similar expected message; a registration is opened by one call and closed by another."""
    same_id = causes.get(is_.id)
    return max(same_id, key=lambda item: _similarity(item, is_)).cause if same_id else UNKNOWN


def _out_of_order(recipient: Recipient, pairs: Sequence[tuple[int, Expected]]) -> Iterator[Mismatch]:
    """Yield, within each line, the smallest set of messages that would have to move."""
    lines: dict[str, list[tuple[int, Expected]]] = {}
    for index, should in pairs:
        lines.setdefault(should.line, []).append((index, should))
    for line in lines.values():
        in_order = _longest_increasing([index for index, _ in line])
        for index, should in line:
            if index not in in_order:
                yield Mismatch(DeviationKind.OUT_OF_ORDER, recipient, should.message, should.id, should.cause)


def _longest_increasing(numbers: Sequence[int]) -> set[int]:
    """Return the members of a longest increasing subsequence of distinct numbers."""
    ends: list[int] = []
    previous: dict[int, int | None] = {}
    for item in numbers:
        place = bisect_left(ends, item)
        previous[item] = ends[place - 1] if place else None
        ends[place : place + 1] = [item]
    members: set[int] = set()
    member = ends[-1] if ends else None
    while member is not None:
        members.add(member)
        member = previous[member]
    return members


def _by_id(messages: Iterable[Expected]) -> Mapping[str, list[Expected]]:
    groups: dict[str, list[Expected]] = {}
    for item in messages:
        groups.setdefault(item.id, []).append(item)
    return groups


def _by_recipient(messages: Iterable[T]) -> Mapping[Recipient, list[T]]:
    groups: dict[Recipient, list[T]] = {}
    for item in messages:
        groups.setdefault(item.recipient, []).append(item)
    return groups
