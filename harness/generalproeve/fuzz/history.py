"""Histories: commands about a citizen, in order, each with its caller, as values that can be written as JSON.

A registration is named by its number in the order in which the citizen got it, because its id differs between the twins.
Not here: playing a history (`twins`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec
from hypothesis import strategies as st

from vos_contracts.contract import Contract
from vos_contracts.model.identity import Identity, Organisation
from vos_contracts.model.neighbours import IllnessSource
from vos_contracts.model.registration import Kind
from vos_contracts.wire.instants import DANISH_TIME, midnight
from vos_simulators import parties
from vos_simulators.parties import AKASSE, JOBCENTER, KOMMUNE

FOREIGN_JOBCENTER = Organisation(8, "20200")


class HistoryCaller(StrEnum):
    """The caller of a step."""

    JOBCENTER = "jobcenter"
    FOREIGN_JOBCENTER = "foreign_jobcenter"
    KOMMUNE = "kommune"
    AKASSE = "akasse"
    FOREIGN_AKASSE = "foreign_akasse"
    OTHER_OPERATOR = "other_operator"
    JOBNET = "jobnet"
    STAR = "star"
    UNKNOWN_ORGANISATION_TYPE = "unknown_organisation_type"
    UNKNOWN_USER_TYPE = "unknown_user_type"


CALLERS: Mapping[HistoryCaller, Callable[[datetime], Identity]] = {
    HistoryCaller.JOBCENTER: lambda now: parties.KSS.identity(JOBCENTER, now),
    HistoryCaller.FOREIGN_JOBCENTER: lambda now: parties.KSS.identity(FOREIGN_JOBCENTER, now),
    HistoryCaller.KOMMUNE: lambda now: parties.KOMMUNENS_KSS.identity(KOMMUNE, now),
    HistoryCaller.AKASSE: lambda now: parties.AKASSESYSTEM.identity(AKASSE, now),
    HistoryCaller.FOREIGN_AKASSE: lambda now: parties.AKASSESYSTEM.identity(parties.OTHER_AKASSE, now),
    HistoryCaller.OTHER_OPERATOR: parties.ROLES["anden aktør"].identity,
    HistoryCaller.JOBNET: parties.ROLES["Jobnet"].identity,
    HistoryCaller.STAR: parties.ROLES["STAR"].identity,
    HistoryCaller.UNKNOWN_ORGANISATION_TYPE: lambda now: parties.KSS.identity(Organisation(99, "1"), now),
    HistoryCaller.UNKNOWN_USER_TYPE: lambda now: _with_user_type(parties.KSS.identity(JOBCENTER, now), 77),
}


def _with_user_type(identity: Identity, type_: int) -> Identity:
    return replace(identity, user=replace(identity.user, type=type_))


class OtherId(StrEnum):
    """An id that is not one of the citizen's own registrations."""

    UNKNOWN = "unknown"
    ANOTHER_CITIZENS = "another_citizens"
    NEW = "new"
    NEW_UPPERCASE = "new_uppercase"


Id = int | OtherId
"""A registration: the citizen's n-th, modulo the number that it has, or an id that is not its own."""


class HistoryCitizen(StrEnum):
    """Which CPR number a call names."""

    TWIN = "twin"
    UNKNOWN = "unknown"
    INVALID = "invalid"


class RelativeTime(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An instant: days and seconds after the midnight that began the stage's day, or 1 January of `year`."""

    days: int = 0
    seconds: float = 0
    year: int | None = None

    def __call__(self, now: datetime) -> datetime:
        """Return the instant, for that time of the stage."""
        if self.year is not None:
            return datetime(self.year, 1, 1, tzinfo=DANISH_TIME)
        return midnight(now) + timedelta(days=self.days, seconds=self.seconds)


class _AnyStep(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="step"):
    """The base of all steps."""


class _Call(_AnyStep, frozen=True, kw_only=True):
    who: HistoryCaller = HistoryCaller.JOBCENTER


class RegisterStep(_Call, frozen=True, kw_only=True, tag="register"):
    """Register a contact group or a category."""

    kind: Kind
    type: int
    start: RelativeTime = RelativeTime()
    event: RelativeTime | None = None
    end: RelativeTime | None = None
    id: Id | None = None
    citizen: HistoryCitizen = HistoryCitizen.TWIN


class EndStep(_Call, frozen=True, kw_only=True, tag="end"):
    """Set the end of a registration."""

    kind: Kind
    id: Id
    end: RelativeTime | None = None
    citizen: HistoryCitizen = HistoryCitizen.TWIN


class DeleteStep(_Call, frozen=True, kw_only=True, tag="delete"):
    """Delete a registration, by REST for both: SOAP has no deletion."""

    kind: Kind
    id: Id


class EnrolStep(_Call, frozen=True, kw_only=True, tag="enrol"):
    """Enrol the citizen as a job-seeker."""

    category: int
    days: int = 0


class EndEnrolmentStep(_Call, frozen=True, kw_only=True, tag="cancel_enrolment"):
    """End the enrolment."""

    days: int = 0


class IllnessStep(_Call, frozen=True, kw_only=True, tag="report_illness"):
    """Report illness."""

    source: IllnessSource
    since: int = 0


class RecoveryStep(_Call, frozen=True, kw_only=True, tag="report_recovery"):
    """Report recovery from the latest illness that was accepted."""

    days: int = 0
    group: int | None = None


class DaysStep(_AnyStep, frozen=True, kw_only=True, tag="days"):
    """Let days pass, with their nightly jobs."""

    count: int = 1


Step = RegisterStep | EndStep | DeleteStep | EnrolStep | EndEnrolmentStep | IllnessStep | RecoveryStep | DaysStep


class History(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Twins of an age, and what happens to them."""

    age: int = 40
    enrolled: int | None = None
    steps: tuple[Step, ...] = ()


encode = msgspec.json.Encoder(order="deterministic").encode


def describe(step: Step) -> str:
    """Return the step in one line, without the fields that have their usual value."""
    fields = {
        name: getattr(step, name)
        for name, standard in zip(step.__struct_fields__, _defaults(type(step)), strict=True)
        if getattr(step, name) != standard or standard is msgspec.NODEFAULT
    }
    name = str(step.__struct_config__.tag)
    return " ".join([name, *(f"{field}={_short(value)}" for field, value in fields.items())])


def _defaults(type_: type[msgspec.Struct]) -> tuple[object, ...]:
    return tuple(field.default for field in msgspec.structs.fields(type_))


def _short(value: object) -> str:
    match value:
        case RelativeTime(year=int(year)):
            return f"year {year}"
        case RelativeTime(days=days, seconds=seconds):
            return f"{days:+d} days" + (f" {seconds:g} s" if seconds else "")
        case _:
            return str(value)


LONGEST = 8
"""The largest number of steps in one history."""
_WHO = st.sampled_from([HistoryCaller.JOBCENTER] * 60 + list(HistoryCaller))
"""Callers; 60 in 60 + n are allowed, because a history of refusals tests little."""
_TIMES = st.sampled_from(
    [RelativeTime()] * 32
    + [
        RelativeTime(seconds=32400),
        RelativeTime(days=-1),
        RelativeTime(days=1),
        RelativeTime(days=-40),
        RelativeTime(days=400),
    ]
    + [
        RelativeTime(seconds=32400.000001),
        RelativeTime(seconds=32399),
        RelativeTime(year=1901),
        RelativeTime(year=1900),
        RelativeTime(year=9997),
        RelativeTime(year=9998),
    ]
)
_MAYBE = st.sampled_from([None, None, None]) | _TIMES
_IDS = st.sampled_from([*range(5), *range(5), *range(5), *OtherId])
_DAYS = st.sampled_from([0, 0, 0, 0, -1, -9, 1, 5])
_CITIZEN = st.sampled_from([HistoryCitizen.TWIN] * 40 + list(HistoryCitizen))
_IMPOSSIBLE = [0, 9, 99, 10000, -1]
"""Impossible codes. Larger ones are valid in SOAP's schema and not in REST's, as both are documented."""


def histories(contract: Contract) -> st.SearchStrategy[History]:
    """Return the strategy that generates histories for a contract."""
    return st.builds(
        History,
        age=st.sampled_from([40, 18, 29, 30, 65]),
        enrolled=st.sampled_from([None] * 20 + sorted(contract.tilmeldekategorier)),
        steps=st.lists(_step(contract), min_size=1, max_size=LONGEST).map(tuple),
    )


def _step(contract: Contract) -> st.SearchStrategy[Step]:
    groups, categories = sorted(contract.kontaktgrupper), sorted(contract.personkategorier)
    group = _register(Kind.KONTAKTGRUPPE, [2, 13, 23, 12], groups)
    end = st.builds(EndStep, who=_WHO, kind=st.sampled_from(Kind), id=_IDS, end=_TIMES | _MAYBE, citizen=_CITIZEN)
    category = st.sampled_from(sorted(contract.tilmeldekategorier))
    return st.one_of(
        *[group] * 6,
        _register(Kind.PERSONKATEGORI, [5, 8, 4], categories),
        end,
        end,
        st.builds(DeleteStep, who=_WHO, kind=st.sampled_from(Kind), id=_IDS),
        st.builds(EnrolStep, who=_WHO, category=category, days=_DAYS),
        st.builds(EndEnrolmentStep, who=_WHO, days=_DAYS),
        st.builds(IllnessStep, who=_WHO, source=st.just(IllnessSource.FRAVAER), since=_DAYS),
        st.builds(IllnessStep, who=st.just(HistoryCaller.KOMMUNE), source=st.sampled_from(IllnessSource), since=_DAYS),
        st.builds(RecoveryStep, who=_WHO, days=_DAYS, group=st.sampled_from([None, None, *groups])),
        st.builds(DaysStep, count=st.sampled_from([1, 1, 8])),
    )


def _register(kind: Kind, often: list[int], others: list[int]) -> st.SearchStrategy[Step]:
    """Prefer the codes with most rules, so that a history meets the same code several times."""
    return st.builds(
        RegisterStep,
        who=_WHO,
        kind=st.just(kind),
        type=st.sampled_from(often * 20 + others + _IMPOSSIBLE),
        start=_TIMES,
        event=_MAYBE,
        end=st.sampled_from([None] * 5) | _MAYBE,
        id=st.sampled_from([None] * 5) | _IDS,
        citizen=_CITIZEN,
    )
