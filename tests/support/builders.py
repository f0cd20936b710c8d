"""Builders of domain values for tests, all at one frozen instant."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache

from vos_contracts.contract import Contract, load
from vos_contracts.model.identity import Identity, Organisation, User
from vos_contracts.model.registration import Kind, RegistrationCommand
from vos_reference.application.registration import RegistrationCall, Result, register_combined
from vos_reference.application.runtime import Runtime
from vos_reference.domain.danish_time import DANISH_TIME
from vos_reference.domain.decision import Caller, DecisionContext
from vos_reference.domain.person import Membership, Person, Registration

NOW = datetime(2024, 11, 18, 9, 0, tzinfo=DANISH_TIME)
TODAY = NOW.replace(hour=0)
TOMORROW = TODAY + timedelta(days=1)
YESTERDAY = TODAY - timedelta(days=1)
JOBCENTER = Organisation(8, "10100")
KOMMUNE = Organisation(7, "101")
AKASSE = Organisation(2, "81")
STAR = Organisation(1, "1")
OPERATOR = Organisation(4, "12345678")


@cache
def contract() -> Contract:
    return load()


def identity(active: Organisation = JOBCENTER, own: Organisation | None = None) -> Identity:
    return Identity(active, User("Test Testesen", 2, "tt"), own or active, NOW, 1001)


def context(
    active: Organisation = JOBCENTER, release: str = "2024-4", *, classic: bool = False, now: datetime = NOW
) -> DecisionContext:
    return DecisionContext(now, contract().releases[release], contract(), Caller(identity(active), classic))


def row(
    type_: int,
    id_: str = "old",
    kind: Kind = Kind.KONTAKTGRUPPE,
    *,
    start: datetime = YESTERDAY,
    end: datetime | None = None,
) -> Registration:
    return Registration(id_, kind, type_, None, start, end, False, identity(), start)


def category(type_: int, id_: str = "category") -> Registration:
    return row(type_, id_, Kind.PERSONKATEGORI)


def citizen(*history: Registration, age: int = 40) -> Person:
    return Person(
        id="p",
        cpr="0203840000",
        born=date(NOW.year - age, 3, 2),
        memberships=tuple(Membership(item, date(2000, 1, 1)) for item in (JOBCENTER, KOMMUNE, AKASSE)),
        history=history,
    )


def register(runtime: Runtime, cpr: str, command: RegistrationCommand, caller: Caller, call_id: str) -> Result:
    """Execute one registration command in its own transaction."""
    (result,) = register_combined(runtime, (RegistrationCall(cpr, command, caller, call_id),))
    if isinstance(result, Exception):
        raise result
    return result


__all__ = [
    "AKASSE",
    "JOBCENTER",
    "KOMMUNE",
    "NOW",
    "OPERATOR",
    "STAR",
    "TODAY",
    "TOMORROW",
    "YESTERDAY",
    "category",
    "citizen",
    "context",
    "contract",
    "identity",
    "register",
    "replace",
    "row",
]
