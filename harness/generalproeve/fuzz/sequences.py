"""Trials of one WSRM sequence: it works for its owner only, under its exact identifier, and not after it was ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from generalproeve.fuzz import history as h
from generalproeve.fuzz.lines import FuzzLines
from vos_contracts.base.ids import new_uuid
from vos_contracts.model.registration import Create, Kind
from vos_contracts.wire.base import RemoteWireError, Transport
from vos_contracts.wire.instants import midnight
from vos_simulators.inboxes.wsrm_poller import WsrmPoller, WsrmRefused
from vos_simulators.party import Channel, Party

UNKNOWN_SEQUENCE, INVALID_CALL = 4589, 1014
_OWNERS = (h.HistoryCaller.JOBCENTER, h.HistoryCaller.AKASSE)
_NEAR_MISSES: tuple[Callable[[str, int], str], ...] = (
    lambda identifier, place: identifier[:place] + identifier[place + 1 :],
    lambda identifier, place: (
        f"{identifier[:place]}{(int(identifier[place], 16) + 1) % 16:x}{identifier[place + 1 :]}"
        if identifier[place] != "-"
        else identifier.replace("-", "")
    ),
    lambda identifier, place: f"{identifier[:place]} {identifier[place:]}" if place else f"{{{identifier}}}",
    lambda identifier, place: identifier * (2 + place),
    lambda identifier, place: identifier[:place],
    lambda identifier, place: f"urn:uuid:{identifier}",
    lambda identifier, place: ("0", "null", "' OR 1=1 --", "%", "<b>x", "00000000-0000-0000-0000-000000000000")[
        place % 6
    ],
)


@dataclass(frozen=True, slots=True)
class SequenceTrial:
    """The random choices of one trial.

    `near_miss` and `place` select a wrong form of the identifier. Each of the four attempts to end the sequence has an
    element in `commits`: True for the call `end`, False for `close`.
    """

    owner: int
    citizen: int
    group: int
    message: str
    near_miss: int
    place: int
    commits: tuple[bool, bool, bool, bool]


def trials() -> st.SearchStrategy[SequenceTrial]:
    """Return the strategy of trials."""
    return st.builds(
        SequenceTrial,
        owner=st.integers(0, len(_OWNERS) - 1),
        citizen=st.integers(0, 2),
        group=st.sampled_from((2, 13, 23)),
        message=st.sampled_from(
            ("GetContactGroupVersion4", "GetContactGroupVersion5", "GetPersonCategoryVersion1", "GetCprChanged")
        ),
        near_miss=st.integers(0, len(_NEAR_MISSES) - 1),
        place=st.integers(0, 35),
        commits=st.tuples(*[st.booleans()] * 4),
    )


def play(lines: FuzzLines, services: Transport, trial: SequenceTrial, citizens: Sequence[str]) -> Iterator[str]:
    """Open a sequence, try it and end it; yield each breach as a Danish text, none if the release has no WSRM queue.

    Raises:
        RemoteWireError: when a call gets no answer, or one that cannot be understood.
    """
    if not lines.contract.releases[lines.release].wsrm:
        return
    owner, stranger = (_actor(lines, services, _OWNERS[number]).inbox for number in (trial.owner, 1 - trial.owner))
    caseworker = _actor(lines, services, h.HistoryCaller.JOBCENTER)
    registration = Create(Kind.KONTAKTGRUPPE, trial.group, midnight(lines.clock))
    caseworker.register(citizens[trial.citizen % len(citizens)], registration, Channel.PVS)
    sequence, type_ = owner.create().id, trial.message
    first, again = _fetched(owner, sequence, type_), _fetched(owner, sequence, type_)
    if first != again:
        yield f"{type_}: den samme sekvens gav {first} og så {again}"
    for number, (attempt, poller, identifier) in enumerate(
        (
            ("en fremmed ejer", stranger, sequence),
            ("et andet id", owner, _NEAR_MISSES[trial.near_miss](sequence, trial.place)),
            ("et nyt id", owner, new_uuid()),
        )
    ):
        yield from _must_be_refused(f"{type_} af {attempt}", _outcome(poller.fetch, identifier, type_))
        yield from _must_be_refused(
            f"afslutning af {attempt}", _outcome(_end(poller, trial.commits[number]), identifier)
        )
    if _fetched(owner, sequence, type_) != first:
        yield f"{type_}: sekvensen gav noget andet, efter at andre havde prøvet"
    if _outcome(_end(owner, trial.commits[3]), sequence) is not None:
        yield "en åben sekvens kunne ikke afsluttes"
    for ending, end in (("close", owner.close), ("end", owner.end)):
        yield from _must_be_refused(f"{ending} af en sekvens, der er afsluttet", _outcome(end, sequence))
    yield from _must_be_refused(f"{type_} af en sekvens, der er afsluttet", _outcome(owner.fetch, sequence, type_))


def _actor(lines: FuzzLines, services: Transport, caller: h.HistoryCaller) -> Party:
    return Party(h.CALLERS[caller](lines.clock), lines.contract, services, new_uuid)


def _end(poller: WsrmPoller, commits: bool) -> Callable[[str], object]:
    return poller.end if commits else poller.close


def _fetched(poller: WsrmPoller, sequence: str, type_: str) -> object:
    try:
        return [message.message_id for message in poller.fetch(sequence, type_)]
    except (WsrmRefused, RemoteWireError) as error:
        return str(error)


def _outcome(act: Callable[..., object], *arguments: str) -> set[int] | str | None:
    """Return the error numbers of a refusal, the error in an unreadable answer, or None if the call was carried out."""
    try:
        act(*arguments)
    except WsrmRefused as refusal:
        return {error.code for error in refusal.fault.errors}
    except RemoteWireError as error:
        return str(error)
    return None


def _must_be_refused(what: str, outcome: set[int] | str | None) -> Iterator[str]:
    if outcome is None:
        yield f"{what} blev udført"
    elif isinstance(outcome, str) or not outcome & {UNKNOWN_SEQUENCE, INVALID_CALL}:
        yield f"{what} blev besvaret med {outcome}"
