"""Tests of one's own: with our fixtures, and with our Danish steps."""

from datetime import timedelta

import pytest
from pytest_bdd import parsers, scenarios, then

from vos_contracts.model.registration import Create, Kind
from vos_simulators.party import Channel

scenarios("egne.feature")


@then(parsers.parse("viser vores oversigt kontaktgruppe {group:d}"))
def ours_overview(scenario, akasse, group):
    assert [item.type for item in akasse.read(scenario.cpr, Kind.KONTAKTGRUPPE)] == [group]


@pytest.mark.parametrize("channel", list(Channel))
def test_a_group_that_a_case_system_registers_is_read_back(kss, new_citizen, clock, channel):
    cpr = new_citizen(age=40)
    midnight = clock.now.replace(hour=0, minute=0, second=0, microsecond=0)
    id_ = kss.register(cpr, Create(Kind.KONTAKTGRUPPE, 13, midnight), channel)
    assert [(item.id, item.type) for item in kss.read(cpr, Kind.KONTAKTGRUPPE)] == [(id_, 13)]


def test_the_night_moves_whoever_turns_thirty(kss, new_citizen, clock):
    i_tomorrow = clock.now.date() + timedelta(days=1)
    cpr = new_citizen(born=i_tomorrow.replace(year=i_tomorrow.year - 30), kontaktgruppe=12, personkategori=8)
    clock.advance("P1D")
    assert [item.type for item in kss.read(cpr, Kind.KONTAKTGRUPPE)] == [2]
