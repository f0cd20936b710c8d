"""A scenario's citizen: described first, put on the stage by an explicit call, and only then known by number."""

from __future__ import annotations

from datetime import date, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from support.builders import contract
from vos_contracts.wire.instants import DANISH_TIME
from vos_features.capabilities import Capability
from vos_features.citizens import Found, Wish
from vos_features.run import SuiteRun
from vos_features.scenario import Scenario
from vos_simulators.people import Citizen, People

NOW = datetime(2024, 11, 18, 9, tzinfo=DANISH_TIME)
FROM_POOL = Citizen("", "0203840000", date(1984, 3, 2))


class Pool:
    def __init__(self) -> None:
        self.wishes: list[Wish] = []

    def find(self, wish: Wish, now: datetime) -> Found:
        self.wishes.append(wish)
        return Found(FROM_POOL, {})


def scenario(pool: Pool, *, can_reset: bool = True) -> Scenario:
    stage: Any = SimpleNamespace(
        contract=contract(),
        reader=None,
        clock=SimpleNamespace(now=NOW),
        gate=SimpleNamespace(can=lambda capability: can_reset and capability is Capability.RESET),
    )
    parties = SimpleNamespace(authority_of=lambda role: None)
    return Scenario(cast(SuiteRun, SimpleNamespace(stage=stage, cast=parties, people=People(1), citizens=pool)))


def test_the_number_is_not_read_before_the_citizen_is_on_the_stage() -> None:
    pool = Pool()
    played = scenario(pool)
    played.think_up_citizen(40, is_member=False)
    with pytest.raises(RuntimeError, match="put_citizen_on_stage"):
        _ = played.cpr
    assert pool.wishes == []


def test_the_citizen_is_put_on_the_stage_once_with_all_that_was_said() -> None:
    pool = Pool()
    played = scenario(pool)
    played.think_up_citizen(40, is_member=False)
    played.describe_citizen(tilmeldekategori=1)
    played.put_citizen_on_stage()
    played.put_citizen_on_stage()
    assert [wish.setup.tilmeldekategori for wish in pool.wishes] == [1]
    assert played.cpr == FROM_POOL.cpr
    with pytest.raises(AssertionError, match="allerede i miljøet"):
        played.describe_citizen(tilmeldekategori=2)


@pytest.mark.parametrize(("can_reset", "watched"), [(True, None), (False, FROM_POOL.cpr)])
def test_one_citizen_is_watched_where_others_play_too(can_reset: bool, watched: str | None) -> None:
    played = scenario(Pool(), can_reset=can_reset)
    played.think_up_citizen(40, is_member=False)
    played.put_citizen_on_stage()
    assert played.watched_cpr == watched
