"""Your own tests, with our fixtures and our Danish steps."""

from datetime import timedelta

import pytest
from pytest_bdd import parsers, scenarios, then

from vos_contracts.model.registration import Create, Kind
from vos_simulators.party import Channel

scenarios("own.feature")


@then(parsers.parse("viser vores oversigt kontaktgruppe {group:d}"))
def overview_shows_group(scenario, akasse, group):
    assert [view.type for view in akasse.read(scenario.cpr, Kind.KONTAKTGRUPPE)] == [group]


@pytest.mark.parametrize("channel", list(Channel))
def test_a_registered_group_is_read_back(kss, new_citizen, clock, channel):
    cpr = new_citizen(age=40)
    midnight = clock.now.replace(hour=0, minute=0, second=0, microsecond=0)
    id_ = kss.register(cpr, Create(Kind.KONTAKTGRUPPE, 13, midnight), channel)
    assert [(view.id, view.type) for view in kss.read(cpr, Kind.KONTAKTGRUPPE)] == [(id_, 13)]


def test_the_nightly_jobs_move_a_citizen_who_turns_thirty(kss, new_citizen, clock):
    tomorrow = clock.now.date() + timedelta(days=1)
    cpr = new_citizen(born=tomorrow.replace(year=tomorrow.year - 30), kontaktgruppe=12, personkategori=8)
    clock.advance("P1D")
    assert [view.type for view in kss.read(cpr, Kind.KONTAKTGRUPPE)] == [2]
