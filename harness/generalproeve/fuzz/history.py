"""Histories: sequences of steps (registrations, enrolment, illness, passing days) that both twins go through.

A history can be written as JSON and drawn by Hypothesis. A step refers to a registration by its number among the
citizen's registrations, because the ids of the twins differ. Histories are played in `twins`.
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
    """The caller of a step; the last two have an unknown organisation type or user type."""

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
    """An id of none of the citizen's own registrations."""

    UNKNOWN = "unknown"
    ANOTHER_CITIZENS = "another_citizens"
    NEW = "new"
    NEW_UPPERCASE = "new_uppercase"


Id = int | OtherId
"""A registration: its number among the citizen's registrations (modulo their count), or an id of none of them."""


class HistoryCitizen(StrEnum):
    """The citizen a call is about: the twin, an unknown CPR number or an invalid one."""

    TWIN = "twin"
    UNKNOWN = "unknown"
    INVALID = "invalid"


class RelativeTime(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An instant: days and seconds from midnight of the stage's current day, or 1 January of a year."""

    days: int = 0
    seconds: float = 0
    year: int | None = None

    def __call__(self, now: datetime) -> datetime:
        """Return the instant, given the time on the clock of the stage."""
        if self.year is not None:
            return datetime(self.year, 1, 1, tzinfo=DANISH_TIME)
        return midnight(now) + timedelta(days=self.days, seconds=self.seconds)


class _AnyStep(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="step"):
    """Base of all steps."""


class _Call(_AnyStep, frozen=True, kw_only=True):
    who: HistoryCaller = HistoryCaller.JOBCENTER


class RegisterStep(_Call, frozen=True, kw_only=True, tag="register"):
    """Register a kontaktgruppe or a personkategori."""

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
    """Delete a registration, by REST for both twins: SOAP has no deletion."""

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
    """Report recovery from the latest accepted illness."""

    days: int = 0
    group: int | None = None


class DaysStep(_AnyStep, frozen=True, kw_only=True, tag="days"):
    """Move the clock forward by days; the nightly jobs of each day run."""

    count: int = 1


Step = RegisterStep | EndStep | DeleteStep | EnrolStep | EndEnrolmentStep | IllnessStep | RecoveryStep | DaysStep


class History(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The age in years and the initial tilmeldekategori of the twins, and the steps they go through."""

    age: int = 40
    enrolled: int | None = None
    steps: tuple[Step, ...] = ()


encode = msgspec.json.Encoder(order="deterministic").encode


def describe(step: Step) -> str:
    """Return one line with the tag of a step and those of its fields that differ from their defaults."""
    fields = {
        name: getattr(step, name)
        for name, default in zip(step.__struct_fields__, _defaults(type(step)), strict=True)
        if getattr(step, name) != default or default is msgspec.NODEFAULT
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
"""The most steps in one history."""
_CALLERS = st.sampled_from([HistoryCaller.JOBCENTER] * 60 + list(HistoryCaller))
"""Mostly a permitted caller, because a history of refusals tests little."""
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
_OPTIONAL_TIMES = st.sampled_from([None, None, None]) | _TIMES
_IDS = st.sampled_from([*range(5), *range(5), *range(5), *OtherId])
_DAYS = st.sampled_from([0, 0, 0, 0, -1, -9, 1, 5])
_CITIZEN = st.sampled_from([HistoryCitizen.TWIN] * 40 + list(HistoryCitizen))
_UNKNOWN_TYPES = [0, 9, 99, 10000, -1]
"""No larger numbers: the SOAP schema permits them and the REST schema does not, which is a documented difference."""


def histories(contract: Contract) -> st.SearchStrategy[History]:
    """Return the strategy of histories with the codes of the contract."""
    return st.builds(
        History,
        age=st.sampled_from([40, 18, 29, 30, 65]),
        enrolled=st.sampled_from([None] * 20 + sorted(contract.tilmeldekategorier)),
        steps=st.lists(_step(contract), min_size=1, max_size=LONGEST).map(tuple),
    )


def _step(contract: Contract) -> st.SearchStrategy[Step]:
    groups, categories = sorted(contract.kontaktgrupper), sorted(contract.personkategorier)
    group = _register(Kind.KONTAKTGRUPPE, [2, 13, 23, 12], groups)
    end = st.builds(
        EndStep, who=_CALLERS, kind=st.sampled_from(Kind), id=_IDS, end=_TIMES | _OPTIONAL_TIMES, citizen=_CITIZEN
    )
    category = st.sampled_from(sorted(contract.tilmeldekategorier))
    return st.one_of(
        *[group] * 6,
        _register(Kind.PERSONKATEGORI, [5, 8, 4], categories),
        end,
        end,
        st.builds(DeleteStep, who=_CALLERS, kind=st.sampled_from(Kind), id=_IDS),
        st.builds(EnrolStep, who=_CALLERS, category=category, days=_DAYS),
        st.builds(EndEnrolmentStep, who=_CALLERS, days=_DAYS),
        st.builds(IllnessStep, who=_CALLERS, source=st.just(IllnessSource.FRAVAER), since=_DAYS),
        st.builds(IllnessStep, who=st.just(HistoryCaller.KOMMUNE), source=st.sampled_from(IllnessSource), since=_DAYS),
        st.builds(RecoveryStep, who=_CALLERS, days=_DAYS, group=st.sampled_from([None, None, *groups])),
        st.builds(DaysStep, count=st.sampled_from([1, 1, 8])),
    )


def _register(kind: Kind, often: list[int], others: list[int]) -> st.SearchStrategy[Step]:
    """Return the strategy of registrations; the types in `often` have most rules, and a history repeats them."""
    return st.builds(
        RegisterStep,
        who=_CALLERS,
        kind=st.just(kind),
        type=st.sampled_from(often * 20 + others + _UNKNOWN_TYPES),
        start=_TIMES,
        event=_OPTIONAL_TIMES,
        end=st.sampled_from([None] * 5) | _OPTIONAL_TIMES,
        id=st.sampled_from([None] * 5) | _IDS,
        citizen=_CITIZEN,
    )
