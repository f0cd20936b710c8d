"""Sources of a scenario's citizen: generated and seeded, or taken from the pool of a stage that cannot be seeded.

A citizen from the pool is restored after the scenario: each registration is deleted by its latest registrant, then the current
state is read and compared. A citizen that cannot be restored is not used again in the run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol

from vos_contracts.control.stage import PersonDto, RegistrationDto
from vos_contracts.model.cpr import birth_date
from vos_contracts.model.registration import Delete, Kind, RegistrationView
from vos_contracts.wire.instants import DANISH_TIME
from vos_features.capabilities import omit
from vos_simulators.control import Control
from vos_simulators.parties import STAR
from vos_simulators.party import Channel, Party
from vos_simulators.people import Citizen

THIRTY = 30
"""The age limit in the epic's rules; a citizen of the pool must be on the same side of it as the scenario's citizen."""


@dataclass(frozen=True, slots=True)
class Wish:
    """The scenario's description of its citizen; `exact` if the birth date must be equal."""

    citizen: Citizen
    setup: PersonDto
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A citizen on the stage, with the id of its latest registration of each kind.

    For a citizen of a pool, `known` holds the registrations that the scenario describes and `before` all earlier ones.
    """

    citizen: Citizen
    ids: Mapping[Kind, str]
    known: frozenset[str] = frozenset()
    before: frozenset[str] = frozenset()


class CitizenSource(Protocol):
    """Provides the citizen of a scenario and takes it back."""

    def find(self, wish: Wish, now: datetime) -> Found:
        """Return a citizen that matches the wish; omits the scenario if there is none."""
        ...

    def deliver(self, *, irreparable: bool) -> None:
        """Take back the scenario's citizen; `irreparable` if a change of it cannot be undone."""
        ...


class SeedingSource:
    """Seeds a new citizen for every scenario."""

    def __init__(self, control: Control) -> None:
        self._control = control

    def find(self, wish: Wish, now: datetime) -> Found:
        """Seed the citizen of the wish."""
        (ids,) = self._control.set_up(wish.setup)
        return Found(wish.citizen, _latest(wish.setup, ids))

    def deliver(self, *, irreparable: bool) -> None:
        """Do nothing: the stage is reset, or no other scenario uses the citizen."""


@dataclass(slots=True)
class _Slot:
    setup: PersonDto
    used: bool = False
    used_up: bool = False


@dataclass
class Pool:
    """The citizens of a stage that cannot be seeded.

    `parties` returns the parties by role; `drain` empties all inboxes before a citizen is used.
    """

    people: Sequence[PersonDto]
    drain: Callable[[], None]
    parties: Callable[[], Mapping[str, Party]] = dict
    _slots: list[_Slot] = field(default_factory=list)
    _in_use: tuple[_Slot, Found] | None = None

    def __post_init__(self) -> None:
        self._slots = [_Slot(person) for person in self.people]

    def find(self, wish: Wish, now: datetime) -> Found:
        """Take the best match; an unused citizen is preferred to a restored one, then the closest age."""
        fitting = [slot for slot in self._slots if _matches(slot.setup, wish, now)]
        free = [slot for slot in fitting if not slot.used_up]
        if not free:
            why = "er brugt op" if fitting else "mangler"
            omit(f"puljen {why}: {describe(wish, now)}")
        slot = min(free, key=lambda slot: (slot.used, _age_distance(slot.setup, wish)))
        found = self._before(slot.setup)
        self.drain()  # also messages about others: the oldest one decides in which order a queue lists the types
        self._in_use = slot, found
        return found

    def deliver(self, *, irreparable: bool) -> None:
        """Delete the registrations of the scenario, and check that the current state is the original one."""
        if self._in_use is None:
            return
        (slot, found), self._in_use = self._in_use, None
        slot.used = True
        if irreparable:
            slot.used_up = True
            return
        for kind in Kind:  # groups first: a category deleted under an open group is created again by default
            for view in self._new(found, kind):
                self._owner(view).register(found.citizen.cpr, Delete(kind, view.id), Channel.PVS)
        # closed registrations are not current, but still count in the rules
        back = any(self._new(found, kind) for kind in Kind)
        slot.used_up = back or self._current(found.citizen.cpr) != found.ids

    def _before(self, person: PersonDto) -> Found:
        rows = [view for kind in Kind for view in self._history(person.cpr, kind)]
        ids = self._current(person.cpr)
        born = birth_date(person.cpr)
        assert born is not None, "the pool's numbers were checked when the profile was read"
        citizen = Citizen("", person.cpr, born)
        known = frozenset(ids.values())
        return Found(citizen, ids, known, frozenset(row.id for row in rows) - known)

    def _current(self, cpr: str) -> Mapping[Kind, str]:
        return {kind: view.id for kind in Kind for view in self._read(cpr, kind)}

    def _new(self, found: Found, kind: Kind) -> list[RegistrationView]:
        """Return the latest row of each registration that the scenario made and that is not deleted."""
        latest: dict[str, RegistrationView] = {}
        for view in self._history(found.citizen.cpr, kind):
            latest.setdefault(view.id, view)
        known = found.before | found.known
        return [view for view in latest.values() if view.id not in known and not view.is_deleted]

    def _owner(self, view: RegistrationView) -> Party:
        """Return a party that may delete the registration: its latest registrant, else the first reader."""
        own = [party for party in self.parties().values() if party.identity.active == view.authority]
        return (own or self._readers())[0]

    def _readers(self) -> list[Party]:
        """Return the parties with STAR first, because STAR may read every citizen."""
        return sorted(self.parties().values(), key=lambda party: party.identity.active != STAR)

    def _read(self, cpr: str, kind: Kind) -> tuple[RegistrationView, ...]:
        response = self._readers()[0].read(cpr, kind)
        return response if isinstance(response, tuple) else ()

    def _history(self, cpr: str, kind: Kind) -> tuple[RegistrationView, ...]:
        response = self._readers()[0].history(cpr, kind)
        return response if isinstance(response, tuple) else ()


def describe(wish: Wish, now: datetime) -> str:
    """Describe in Danish what the scenario requires of its citizen."""
    setup = wish.setup
    parts = [f"født {wish.citizen.born}" if wish.exact else _age_group(wish.citizen.born, now.date())]
    parts += [
        f"hos {member.organisation_type}/{member.organisation_code}"
        for member in setup.memberships
        if member.until is None
    ]
    parts += [f"kontaktgruppe {registration.type}" for registration in setup.kontaktgrupper]
    parts += [f"personkategori {registration.type}" for registration in setup.personkategorier]
    parts += [] if setup.tilmeldekategori is None else [f"tilmeldt i {setup.tilmeldekategori}"]
    parts += [f"fravær {fravaer.type}" for fravaer in setup.fravaer]
    parts += ["fleksjob"] * bool(setup.fleksjob) + ["aktivitetstillæg"] * bool(setup.aktivitetstillaeg)
    parts += ["helbredsbegrænsning"] * bool(setup.helbredsbegraensninger)
    parts += ["gæsteadgang"] * bool(setup.guests) + ["død"] * bool(setup.dead)
    return "borger, " + ", ".join(parts)


def _matches(person: PersonDto, wish: Wish, now: datetime) -> bool:
    born, day = birth_date(person.cpr), now.astimezone(DANISH_TIME).date()
    if born is None:
        return False
    age = born == wish.citizen.born if wish.exact else _age_group(born, day) == _age_group(wish.citizen.born, day)
    wanted = wish.setup
    return (
        age
        and _memberships(person) == _memberships(wanted)
        and all(
            _same(getattr(person, kind), getattr(wanted, kind), day) for kind in ("kontaktgrupper", "personkategorier")
        )
        and person.tilmeldekategori == wanted.tilmeldekategori
        and {(item.type, item.until) for item in person.fravaer} == {(item.type, item.until) for item in wanted.fravaer}
        and {item.until for item in person.aktivitetstillaeg} == {item.until for item in wanted.aktivitetstillaeg}
        and _ends(person) == _ends(wanted)
        and not (wanted.fleksjob or wanted.guests or person.fleksjob or person.guests)
        and (person.dead is None) == (wanted.dead is None)
    )


def _ends(person: PersonDto) -> list[datetime | None]:
    return [limitation.end for limitation in person.helbredsbegraensninger]


def _same(has: Sequence[RegistrationDto], wanted: Sequence[RegistrationDto], day: date) -> bool:
    """Whether both have the same open registrations; a scenario that does not state the start means "before today"."""
    return (
        [registration.type for registration in has] == [registration.type for registration in wanted]
        and all(registration.end is None for registration in (*has, *wanted))
        and all(_same_start(there, asked, day) for there, asked in zip(has, wanted, strict=True))
    )


def _same_start(has: RegistrationDto, wanted: RegistrationDto, day: date) -> bool:
    since = None if has.start is None else has.start.astimezone(DANISH_TIME).date()
    meant = None if wanted.start is None else wanted.start.astimezone(DANISH_TIME).date()
    if meant is None or meant == day - timedelta(days=1):
        return since is None or since < day
    return since == meant


def _memberships(person: PersonDto) -> set[tuple[int, str, date | None]]:
    return {
        (membership.organisation_type, membership.organisation_code, membership.until)
        for membership in person.memberships
    }


def _latest(person: PersonDto, ids: Sequence[str]) -> dict[Kind, str]:
    count = len(person.kontaktgrupper)
    own = {Kind.KONTAKTGRUPPE: ids[:count], Kind.PERSONKATEGORI: ids[count:]}
    return {kind: kind_ids[-1] for kind, kind_ids in own.items() if kind_ids}


def _age(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _age_group(born: date, day: date) -> str:
    return f"under {THIRTY} år" if _age(born, day) < THIRTY else f"fyldt {THIRTY} år"


def _age_distance(person: PersonDto, wish: Wish) -> int:
    born = birth_date(person.cpr)
    return abs((born - wish.citizen.born).days) if born else 0
