"""Where a scene's citizen comes from: thought up and put on the stage, or taken from the pool of a stage that has its own.

A citizen from the pool is left as it was found: what the scene registered is deleted again by whoever registered it, and what
then stands is read and compared. One that cannot be left so is not used again in the run. Not here: what a scene says of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol

from vos_contracts.control.stage import PersonDto, RegistrationDto
from vos_contracts.model.cpr import birth_date
from vos_contracts.model.registration import Delete, Kind, View
from vos_contracts.wire.instants import DANISH_TIME
from vos_features.omission import omit
from vos_simulators.control import Control
from vos_simulators.parties import STAR
from vos_simulators.party import Channel, Party
from vos_simulators.people import Citizen

THIRTY = 30
"""The one age that the epic's rules know; of a citizen whose age a scene only mentions, the side of it must be right."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a scene says of its citizen; `exact` when the birth date itself matters."""

    citizen: Citizen
    setup: PersonDto
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """The citizen as it stands on the stage: the latest registration of each kind.

    Of one from a pool also the registrations of which the scene knows, and those of which it knows nothing.
    """

    citizen: Citizen
    ids: Mapping[Kind, str]
    known: frozenset[str] = frozenset()
    before: frozenset[str] = frozenset()


class CitizenSource(Protocol):
    """Finds a scene its citizen, and takes it back."""

    def find(self, wish: Wish, now: datetime) -> Found:
        """Return a citizen of whom all that is true; leaves the scene out where there is none."""
        ...

    def deliver(self, *, irreparable: bool) -> None:
        """Take back the scene's citizen; `irreparable` if it was told something that cannot be undone."""
        ...


class Setup:
    """Puts on the stage whom the scene thought up."""

    def __init__(self, control: Control) -> None:
        self._control = control

    def find(self, wish: Wish, now: datetime) -> Found:
        """Seed the citizen."""
        (ids,) = self._control.set_up(wish.setup)
        return Found(wish.citizen, _latest(wish.setup, ids))

    def deliver(self, *, irreparable: bool) -> None:
        """The stage is emptied, or the citizen is nobody else's."""


@dataclass(slots=True)
class _Room:
    setup: PersonDto
    used: bool = False
    used_up: bool = False


@dataclass
class Pool:
    """The citizens of a stage that cannot be given others.

    `parties` gives those who may read, register and delete; `drain` lets everybody read and forget what they have been told.
    """

    people: Sequence[PersonDto]
    drain: Callable[[], None]
    parties: Callable[[], Mapping[str, Party]] = dict
    _slots: list[_Room] = field(default_factory=list)
    _i_use: tuple[_Room, Found] | None = None

    def __post_init__(self) -> None:
        self._slots = [_Room(item) for item in self.people]

    def find(self, wish: Wish, now: datetime) -> Found:
        """Take the citizen who fits best; one that no scene has had goes before one that was put back."""
        fitting = [slot for slot in self._slots if _matches(slot.setup, wish, now)]
        free = [item for item in fitting if not item.used_up]
        if not free:
            why = "er brugt op" if fitting else "mangler"
            omit(f"puljen {why}: {describe(wish, now)}")
        room = min(free, key=lambda item: (item.used, _age_distance(item.setup, wish)))
        found = self._before(room.setup)
        if room.used:
            self.drain()
        self._i_use = room, found
        return found

    def deliver(self, *, irreparable: bool) -> None:
        """Delete what the scene registered, and see that what stood before stands now."""
        if self._i_use is None:
            return
        (room, found), self._i_use = self._i_use, None
        room.used = True
        if irreparable:
            room.used_up = True
            return
        for kind in Kind:  # the group first: a category that is deleted under an open group is given again
            for item in self._new(found, kind):
                self._den(item).register(found.citizen.cpr, Delete(kind, item.id), Channel.PVS)
        back = any(
            self._new(found, kind) for kind in Kind
        )  # a closed one is not current, and still counts for the next
        room.used_up = back or self._current(found.citizen.cpr) != found.ids

    def _before(self, person: PersonDto) -> Found:
        rows = [item for kind in Kind for item in self._history(person.cpr, kind)]
        ids = self._current(person.cpr)
        born = birth_date(person.cpr)
        assert born is not None, "the pool's numbers were checked when the profile was read"
        citizen = Citizen("", person.cpr, born)
        known = frozenset(ids.values())
        return Found(citizen, ids, known, frozenset(row.id for row in rows) - known)

    def _current(self, cpr: str) -> Mapping[Kind, str]:
        return {kind: item.id for kind in Kind for item in self._read(cpr, kind)}

    def _new(self, found: Found, kind: Kind) -> list[View]:
        """Return the latest row of each that came with the scene and still stands."""
        latest: dict[str, View] = {}
        for item in self._history(found.citizen.cpr, kind):
            latest.setdefault(item.id, item)
        known = found.before | found.known
        return [item for item in latest.values() if item.id not in known and not item.is_deleted]

    def _den(self, view: View) -> Party:
        """Return who may delete it: whoever registered it, else STAR, else the first who reads."""
        own = [party for party in self.parties().values() if party.identity.active == view.authority]
        return (own or self._readers())[0]

    def _readers(self) -> list[Party]:
        """Return who reads, STAR first: it sees every citizen."""
        return sorted(self.parties().values(), key=lambda party: party.identity.active != STAR)

    def _read(self, cpr: str, kind: Kind) -> tuple[View, ...]:
        response = self._readers()[0].read(cpr, kind)
        return response if isinstance(response, tuple) else ()

    def _history(self, cpr: str, kind: Kind) -> tuple[View, ...]:
        response = self._readers()[0].history(cpr, kind)
        return response if isinstance(response, tuple) else ()


def describe(wish: Wish, now: datetime) -> str:
    """Say in Danish what the scene asks of its citizen."""
    item = wish.setup
    parts = [f"født {wish.citizen.born}" if wish.exact else _page(wish.citizen.born, now.date())]
    parts += [f"hos {hos.organisation_type}/{hos.organisation_code}" for hos in item.memberships if hos.until is None]
    parts += [f"kontaktgruppe {en_.type}" for en_ in item.kontaktgrupper]
    parts += [f"personkategori {en_.type}" for en_ in item.personkategorier]
    parts += [] if item.tilmeldekategori is None else [f"tilmeldt i {item.tilmeldekategori}"]
    parts += [f"fravær {fravaer.type}" for fravaer in item.fravaer]
    parts += ["fleksjob"] * bool(item.fleksjob) + ["aktivitetstillæg"] * bool(item.aktivitetstillaeg)
    parts += ["gæsteadgang"] * bool(item.guests) + ["død"] * bool(item.dead)
    return "borger, " + ", ".join(parts)


def _matches(person: PersonDto, wish: Wish, now: datetime) -> bool:
    born, day = birth_date(person.cpr), now.astimezone(DANISH_TIME).date()
    if born is None:
        return False
    age = born == wish.citizen.born if wish.exact else _page(born, day) == _page(wish.citizen.born, day)
    wanted = wish.setup
    return (
        age
        and _hos(person) == _hos(wanted)
        and all(
            _same(getattr(person, kind), getattr(wanted, kind), day) for kind in ("kontaktgrupper", "personkategorier")
        )
        and person.tilmeldekategori == wanted.tilmeldekategori
        and {(item.type, item.until) for item in person.fravaer} == {(item.type, item.until) for item in wanted.fravaer}
        and {item.until for item in person.aktivitetstillaeg} == {item.until for item in wanted.aktivitetstillaeg}
        and not (wanted.fleksjob or wanted.guests or person.fleksjob or person.guests)
        and (person.dead is None) == (wanted.dead is None)
    )


def _same(has: Sequence[RegistrationDto], wanted: Sequence[RegistrationDto], day: date) -> bool:
    """Registrations fit where they are the same and open. A scene that says nothing of the start means "before today"."""
    return (
        [ha.type for ha in has] == [item.type for item in wanted]
        and all(item.end is None for item in (*has, *wanted))
        and all(_begun(ha, wanted_, day) for ha, wanted_ in zip(has, wanted, strict=True))
    )


def _begun(has: RegistrationDto, wanted: RegistrationDto, day: date) -> bool:
    since = None if has.start is None else has.start.astimezone(DANISH_TIME).date()
    meant = None if wanted.start is None else wanted.start.astimezone(DANISH_TIME).date()
    if meant is None or meant == day - timedelta(days=1):
        return since is None or since < day
    return since == meant


def _hos(person: PersonDto) -> set[tuple[int, str, date | None]]:
    return {
        (membership.organisation_type, membership.organisation_code, membership.until)
        for membership in person.memberships
    }


def _latest(person: PersonDto, ids: Sequence[str]) -> dict[Kind, str]:
    count = len(person.kontaktgrupper)
    own = {Kind.KONTAKTGRUPPE: ids[:count], Kind.PERSONKATEGORI: ids[count:]}
    return {kind: item[-1] for kind, item in own.items() if item}


def _age(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _page(born: date, day: date) -> str:
    return f"under {THIRTY} år" if _age(born, day) < THIRTY else f"fyldt {THIRTY} år"


def _age_distance(person: PersonDto, wish: Wish) -> int:
    born = birth_date(person.cpr)
    return abs((born - wish.citizen.born).days) if born else 0
