from __future__ import annotations

from collections import Counter
from itertools import islice

import pytest

from support.builders import NOW, contract
from vos_contracts.model.registration import Kind
from vos_contracts.tables.access import ClientSystem
from vos_contracts.wire.rest.registration import Refusal
from vos_simulators import datakanon, parties
from vos_simulators.bulk_registration import Count, bulk_create
from vos_simulators.control import Control
from vos_simulators.inboxes.domains import domain_views
from vos_simulators.monitor import monitor
from vos_simulators.party import Channel, Party
from vos_simulators.stage_reader import OperationsReader
from vos_simulators.transport import HttpTransport

DAY = NOW.date()


def people(seed: int, count: int = 2000) -> list[datakanon.TestCitizen]:
    return list(islice(datakanon.test_citizens(seed, DAY, contract()), count))


def test_the_same_seed_gives_the_same_citizens() -> None:
    assert people(5, 50) == people(5, 50)
    assert {person.citizen.cpr for person in people(5, 50)}.isdisjoint(person.citizen.cpr for person in people(6, 50))


def test_groups_follow_the_distribution_table() -> None:
    count = Counter(person.kontaktgruppe for person in people(5))
    shares = {share.kontaktgruppe: share.share for share in datakanon.distribution()}
    assert set(count) == set(shares)
    for group, share in shares.items():
        assert abs(count[group] / 2000 - share / sum(shares.values())) < 0.03


def test_age_and_category_fit_the_group() -> None:
    ages = {share.kontaktgruppe: (share.age_from, share.age_to) for share in datakanon.distribution()}
    for person in people(5):
        born, rules = person.citizen.born, contract().group_rules[person.kontaktgruppe]
        age = DAY.year - born.year - ((DAY.month, DAY.day) < (born.month, born.day))
        assert ages[person.kontaktgruppe][0] <= age <= ages[person.kontaktgruppe][1]
        assert rules.age_below is None or age < rules.age_below
        assert (
            person.personkategori is None
            or person.personkategori in rules.categories - rules.category_requires_enrolment
        )


@pytest.mark.parametrize("channel", list(Channel))
def test_two_hundred_citizens_pass_through_the_public_services(
    control: Control, transport: HttpTransport, stage: object, channel: Channel
) -> None:
    progress: list[int] = []
    tally = bulk_create(
        control, transport, contract(), count=200, seed=3, channel=channel,
        progress=lambda reached: progress.append(reached.people),
    )  # fmt: skip
    assert (tally.people, tally.refusal, progress) == (200, Counter(), [200])
    assert tally.registrations["CreateKontaktgruppe"] == 200
    assert tally.registrations["CreatePersonkategori"] == sum(
        person.personkategori is not None for person in people(3, 200)
    )
    assert control.status().people == 200


def test_recorded_citizens_are_skipped(control: Control, transport: HttpTransport) -> None:
    first = {person.citizen.cpr for person in people(3, 5)}
    bulk_create(control, transport, contract(), count=5, seed=3)
    bulk_create(control, transport, contract(), count=5, seed=3, recorded=first)
    assert control.status().people == 10
    party = Party(parties.ROLES["Datakanon"].identity(NOW), contract(), transport, lambda: "x")
    assert isinstance(party.read(people(3, 10)[-1].citizen.cpr, Kind.KONTAKTGRUPPE), tuple)


def test_refusals_are_counted_by_error_code(control: Control, transport: HttpTransport) -> None:
    """Registering the same open group again is refused with 4644, which is counted and not raised."""
    tally = Count()
    bulk_create(control, transport, contract(), count=3, seed=3)
    party = Party(
        parties.ROLES["Datakanon"].identity(NOW), contract(), transport, iter(f"x{n}" for n in range(99)).__next__
    )
    without_category = [person for person in people(3, 3) if person.personkategori is None]
    for person in without_category:
        response = datakanon.register(party, person, NOW, Channel.PVS)
        assert isinstance(response["CreateKontaktgruppe"], Refusal)
        tally.note(response)
    assert tally.refusal == Counter({4644: len(without_category)})
    assert tally.people == len(without_category) > 0
    assert tally.registrations == Counter()


def test_datakanon_calls_from_its_own_system(control: Control, transport: HttpTransport, stage: object) -> None:
    assert parties.ROLES["Datakanon"].identity(NOW).system == ClientSystem.DATAKANON == 3003
    assert "3003" in {code for (code,) in contract().tables["client_system"]}


def test_a_filled_stage_has_no_divergence(
    control: Control, transport: HttpTransport, control_line: HttpTransport
) -> None:
    bulk_create(control, transport, contract(), count=40, seed=4)
    reader = OperationsReader(control_line, page=7)
    report = monitor(reader, domain_views(contract().event_recipients, reader), {})
    assert (report.citizens, report.count) == (40, 0)
