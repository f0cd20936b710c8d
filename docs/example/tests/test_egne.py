"""Tests of one's own: with our fixtures, and with our Danish steps."""

from datetime import timedelta

import pytest
from pytest_bdd import parsers, scenarios, then

from vos_contracts.model.registration import Art, Opret
from vos_simulators.party import Kanal

scenarios("egne.feature")


@then(parsers.parse("viser vores oversigt kontaktgruppe {gruppe:d}"))
def vores_oversigt(scenario, akasse, gruppe):
    assert [en.type for en in akasse.laes(scenario.cpr, Art.KONTAKTGRUPPE)] == [gruppe]


@pytest.mark.parametrize("kanal", list(Kanal))
def test_a_group_that_a_case_system_registers_is_read_back(kss, new_citizen, clock, kanal):
    cpr = new_citizen(age=40)
    midnat = clock.now.replace(hour=0, minute=0, second=0, microsecond=0)
    id_ = kss.registrer(cpr, Opret(Art.KONTAKTGRUPPE, 13, midnat), kanal)
    assert [(en.id, en.type) for en in kss.laes(cpr, Art.KONTAKTGRUPPE)] == [(id_, 13)]


def test_the_night_moves_whoever_turns_thirty(kss, new_citizen, clock):
    i_morgen = clock.now.date() + timedelta(days=1)
    cpr = new_citizen(born=i_morgen.replace(year=i_morgen.year - 30), kontaktgruppe=12, personkategori=8)
    clock.advance("P1D")
    assert [en.type for en in kss.laes(cpr, Art.KONTAKTGRUPPE)] == [2]
