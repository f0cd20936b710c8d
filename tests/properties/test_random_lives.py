"""Random sequences of events for a few citizens, with invariants that are checked after every event.

A Hypothesis state machine registers on both channels, calls the neighbour services, moves the clock over nights and
changes CPR numbers. After each event it checks the history, the open registrations and the messages, the latter against
the oracle.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
)

from support.builders import NOW, contract
from support.direct import Direct
from support.stores import empty_store
from vos_contracts.base.ids import new_uuid
from vos_contracts.control import neighbours as control
from vos_contracts.control.stage import PeriodDto, RegistrationDto, RunKind
from vos_contracts.model import neighbours
from vos_contracts.model.identity import Identity
from vos_contracts.model.registration import Create, Delete, Kind, Update
from vos_contracts.tables.releases import PrsSoap
from vos_contracts.wire.base import Call
from vos_contracts.wire.messages.webhook import WebhookCodec
from vos_contracts.wire.messages.wsrm import WsrmMessage
from vos_contracts.wire.rest.registration import Refusal, Rest
from vos_contracts.wire.rest.subscriptions import Subscriptions, SubscriptionWish, Synchronised
from vos_reference.application import delivery
from vos_reference.bootstrap import build
from vos_reference.config import Configuration
from vos_reference.domain.danish_time import midnight
from vos_reference.domain.person import Person, Registration
from vos_reference.domain.retry import Answered
from vos_simulators import parties
from vos_simulators.control import Control
from vos_simulators.oracle.expected import DOMAINS, Expected, WsbSubscriber, expected
from vos_simulators.oracle.happened import Happened, occurred, registrant
from vos_simulators.oracle.received import Got, from_event, from_wsb, from_wsrm
from vos_simulators.oracle.verdict import assess
from vos_simulators.parties import AKASSE, JOBCENTER, KOMMUNE
from vos_simulators.party import Channel, Party
from vos_simulators.people import People, on_stage
from vos_simulators.stage_reader import OperationsReader

WSB = WebhookCodec(contract())
GROUPS = [
    *sorted(contract().kontaktgrupper),
    *[2, 3, 12, 13, 23] * 4,
]  # groups with the most rules are drawn more often
CATEGORIES = [*sorted(contract().personkategorier), *[5] * 6]
PARTIES: dict[str, Callable[[datetime], Identity]] = {
    "jobcentret": lambda now: replace(
        parties.KSS.identity(JOBCENTER, now), user_organisation=KOMMUNE
    ),  # a user who is employed by the kommune acts for the jobcenter
    "kommunen": lambda now: parties.KOMMUNENS_KSS.identity(KOMMUNE, now),
    "a-kassen": lambda now: parties.AKASSESYSTEM.identity(AKASSE, now),
    "STAR": parties.ROLES["STAR"].identity,
}
callers = st.sampled_from(["jobcentret"] * 4 + sorted(PARTIES))  # a caller with access is drawn more often
channels = st.sampled_from(list(Channel))
days = st.integers(-3, 3)
SUBSCRIBERS = tuple(
    WsbSubscriber(f"0193e6a0-0000-7000-8000-00000000000{number}", organisation, kinds)
    for number, (organisation, kinds) in enumerate(
        [
            (JOBCENTER, frozenset(Kind)),
            (JOBCENTER, frozenset({Kind.PERSONKATEGORI})),
            (AKASSE, frozenset({Kind.KONTAKTGRUPPE})),
        ]
    )
)
ACTIONS = (
    ["new_group"] * 5
    + ["new_category"] * 3
    + ["ends"] * 3
    + ["time_goes"] * 3
    + ["deletes", "changes_backend", "fravaer", "fleksjob", "changes_cpr"]
    + [
        "enrols",
        "cancels",
        "reports_illness",
        "reports_illness",
        "reports_recovery",
        "reports_recovery",
        "aktivitetstillaeg",
        "aktivitetstillaeg",
    ]
    + ["ill_and_recovery"] * 3
)


class Lives(RuleBasedStateMachine):
    """A few citizens on one stage, to whom random actions happen."""

    citizens = Bundle("citizens")

    def __init__(self) -> None:
        super().__init__()
        self.application = build(Configuration(db=None, clock=NOW), contract(), empty_store())  # type: ignore[arg-type]  # the store is given
        self.services, self.control_app = Direct(self.application.services), Direct(self.application.control)
        self.control, self.runtime = Control(self.control_app), OperationsReader(self.control_app)
        self.people = People(seed=1)
        self.history: dict[str, tuple[Registration, ...]] = {}
        self.happened: list[Happened] = []
        self.expected: list[Expected] = []
        self.received: list[Got] = []
        self.read_until = 0
        self.heard_until = dict.fromkeys(DOMAINS, 0)
        self.delivered: list[Got] = []
        self.application.delivery.until_quiet = self.until_quiet  # type: ignore[method-assign]  # there is no event loop
        for subscriber in SUBSCRIBERS:
            self.subscribe(subscriber)

    def subscribe(self, subscriber: WsbSubscriber) -> None:
        self.control.subscriber_system(subscriber.system, "http://127.0.0.1:9", subscriber.organisation)
        entities = [contract().wsb_entities[kind].id for kind in sorted(subscriber.kinds)]
        wishes = [SubscriptionWish(subscriber.organisation, entity, "/wsb", self.now.date()) for entity in entities]
        wire = Subscriptions(contract(), Rest(contract()))
        response = self.services.send(
            wire.call(subscriber.system, wishes, parties.ROLES["STAR"].identity(self.now), new_uuid())
        )
        assert wire.understand(response) == Synchronised(len(wishes), 0, 0)

    async def until_quiet(self) -> None:
        self.deliver()

    def deliver(self) -> None:
        """Deliver the due webhook messages to receivers that accept them; `application/test_delivery.py` has others."""
        while dispatches := delivery.fetch(self.application.runtime, 8, ()):
            delivery.end(
                self.application.runtime, [delivery.Attempted(dispatch, Answered(200)) for dispatch in dispatches]
            )
            for dispatch in dispatches:
                self.delivered.append(from_wsb(dispatch.envelope.recipient.system, WSB.read(dispatch.envelope.body)))

    @property
    def now(self) -> datetime:
        return self.application.runtime.clock.now()

    def party(self, party: str) -> Party:
        return Party(PARTIES[party](self.now), contract(), self.services, new_uuid)

    def person(self, citizen: str) -> Person:
        with self.application.runtime.store.reading() as t:
            return next(person for person in t.people_after("", 999) if person.id == citizen)

    def record_history(self) -> None:
        """Check that the history is append-only, and record new rows for the oracle with the current CPR numbers."""
        with self.application.runtime.store.reading() as t:
            for person in t.people_after("", 999):
                before = self.history.get(person.id, ())
                assert person.history[: len(before)] == before, "rows of the history were changed or removed"
                self.history[person.id] = person.history
        rows = [row for page in self.runtime.registrations(self.read_until) for row in page.registrations]
        if rows:
            citizens = {citizen.citizen_id: citizen for page in self.runtime.citizens(0) for citizen in page.citizens}
            for row in rows:
                citizen = citizens[row.citizen_id]
                self.happened.append(occurred(row, citizen, registrant(row, citizen)))
            self.read_until = rows[-1].nr
        assert len(self.happened) == sum(map(len, self.history.values())), (
            "the control API listed a row twice, or not at all"
        )

    def register(self, party: str, citizen: str, command: Create | Update | Delete, channel: Channel) -> None:
        before = self.person(citizen)
        caller = self.party(party)
        response = caller.register(before.cpr, command, Channel.PVS if isinstance(command, Delete) else channel)
        after = self.person(citizen)
        if isinstance(response, Refusal):
            assert after == before, "a refused call changed the citizen"
        else:
            new = after.history[len(before.history) :]
            assert new, "an accepted call added no row"
            assert {item.registrant for item in new} == {caller.identity}, (
                "a row has another registrant than the caller"
            )
        self.record_history()

    def call_neighbour(self, party: str, citizen: str, service: str, command: neighbours.NeighbourCommand) -> None:
        before = self.person(citizen)
        identity = PARTIES[party](self.now)
        message = neighbours.NeighbourCall(service=service, cpr=before.cpr, identity=identity, command=command)
        response = control.decode_answer(
            self.control_app.send(Call("POST", control.PATH, {}, control.encode_call(message))).body
        )
        after = self.person(citizen)
        if response.errors:
            assert after == before, "a refused command changed the citizen"
        else:
            assert {row.registrant for row in after.history[len(before.history) :]} <= {identity}
        self.record_history()

    # actions

    @initialize(target=citizens, young=st.integers(18, 29), older=st.integers(30, 70))
    def first_citizens(self, young: int, older: int) -> MultipleResults[str]:
        with_aktivitetstillaeg = self.add_citizen(young, member=False, with_aktivitetstillaeg=True)
        return multiple(
            self.add_citizen(young, member=True), self.add_citizen(older, member=True), with_aktivitetstillaeg
        )

    def add_citizen(self, age: int, *, member: bool, with_aktivitetstillaeg: bool = False) -> str:
        citizen = self.people.new(age, self.now.date())
        dto = on_stage(citizen, akasse=AKASSE if member else None)
        if with_aktivitetstillaeg:
            dto.kontaktgrupper, dto.personkategorier = (RegistrationDto(type=12),), (RegistrationDto(type=5),)
            dto.aktivitetstillaeg = (PeriodDto(),)
        self.control.set_up(dto)
        with self.application.runtime.store.reading() as t:
            found = t.find_person(citizen.cpr)
        assert isinstance(found, Person)
        self.record_history()
        return found.id

    @rule(citizen=citizens, party=callers, action=st.sampled_from(ACTIONS), data=st.data())
    def perform(self, citizen: str, party: str, action: str, data: st.DataObject) -> None:
        """Perform one action; there is one rule for all, since Hypothesis may leave out rules in a run."""
        getattr(self, action)(citizen, party, data)

    def new_group(self, citizen: str, party: str, data: st.DataObject) -> None:
        today = midnight(self.now.date())
        end = data.draw(st.sampled_from([None] * 6 + [0, 1]))
        until = None if end is None else today + timedelta(days=end)
        command = Create(Kind.KONTAKTGRUPPE, data.draw(st.sampled_from(GROUPS)), today, end=until)
        self.register(party, citizen, command, data.draw(channels))

    def new_category(self, citizen: str, party: str, data: st.DataObject) -> None:
        command = Create(Kind.PERSONKATEGORI, data.draw(st.sampled_from(CATEGORIES)), midnight(self.now.date()))
        self.register(party, citizen, command, data.draw(channels))

    def ends(self, citizen: str, party: str, data: st.DataObject) -> None:
        kind = data.draw(st.sampled_from(Kind))
        ids = sorted({row.id for row in self.person(citizen).history if row.kind is kind})
        if ids:
            end = self.now + timedelta(days=data.draw(st.sampled_from([0, 0, 0, -1, 1])))
            self.register(party, citizen, Update(kind, data.draw(st.sampled_from(ids)), end), data.draw(channels))

    def deletes(self, citizen: str, party: str, data: st.DataObject) -> None:
        kind = data.draw(st.sampled_from(Kind))
        ids = sorted({row.id for row in self.person(citizen).history if row.kind is kind})
        if ids:
            self.register(party, citizen, Delete(kind, data.draw(st.sampled_from(ids))), Channel.PVS)

    def changes_backend(self, citizen: str, party: str, data: st.DataObject) -> None:
        self.control.force_backend(data.draw(st.sampled_from([None, PrsSoap.CLASSIC, PrsSoap.CONVERTER])))

    def fravaer(self, citizen: str, party: str, data: st.DataObject) -> None:
        type_ = data.draw(st.sampled_from(sorted(contract().fravaer_types)))
        command = neighbours.RegisterFravaer(id=new_uuid(), type=type_, since=self.now.date())
        self.call_neighbour(party, citizen, "FravaerService.CreateFravaer", command)

    def fleksjob(self, citizen: str, party: str, data: st.DataObject) -> None:
        begin = self.now.date() + timedelta(days=data.draw(days))
        length = data.draw(st.none() | st.integers(0, 9))
        until = None if length is None else begin + timedelta(days=length)
        command = neighbours.RegisterFleksjob(id=new_uuid(), since=begin, until=until)
        self.call_neighbour(party, citizen, "FlexjobService.CreateFlexjob", command)

    def enrols(self, citizen: str, party: str, data: st.DataObject) -> None:
        category = data.draw(st.sampled_from(sorted(contract().tilmeldekategorier)))
        on_date = self.now.date() - timedelta(days=data.draw(st.sampled_from([0, 0, 1, 9])))
        command = neighbours.CreateTilmelding(category=category, unemployment_degree=1, on_date=on_date)
        self.call_neighbour(party, citizen, "UnemploymentEnrollmentService.UnemploymentEnrollment", command)

    def cancels(self, citizen: str, party: str, data: st.DataObject) -> None:
        command = neighbours.EndTilmelding(
            on_date=self.now.date() + timedelta(days=data.draw(st.integers(0, 9))), cause=1
        )
        self.call_neighbour(party, citizen, "UnemploymentEnrollmentService.CancelUnemploymentEnrollment", command)

    def reports_illness(self, citizen: str, party: str, data: st.DataObject) -> None:
        since = self.now.date() + timedelta(days=data.draw(st.integers(-9, 3)))
        length = data.draw(st.none() | st.integers(0, 20))
        until = None if length is None else since + timedelta(days=length)
        source = data.draw(st.sampled_from(neighbours.IllnessSource))
        service = "IllnessComposite" if source is neighbours.IllnessSource.FRAVAER else "IllnessRecoveryInformation"
        caller = party if source is neighbours.IllnessSource.FRAVAER else "kommunen"
        command = neighbours.ReportIllness(id=new_uuid(), source=source, since=since, until=until)
        self.call_neighbour(caller, citizen, f"{service}Service.CreateIllness", command)

    def ill_and_recovery(self, citizen: str, party: str, data: st.DataObject) -> None:
        """Report illness from unemployment and recovery on one day, since random actions seldom end a group 25."""
        today = self.now.date()
        group = Create(Kind.KONTAKTGRUPPE, data.draw(st.sampled_from(GROUPS)), midnight(today))
        self.register("jobcentret", citizen, group, data.draw(channels))
        ill = neighbours.ReportIllness(id=new_uuid(), source=neighbours.IllnessSource.UNEMPLOYMENT, since=today)
        self.call_neighbour("kommunen", citizen, "IllnessRecoveryInformationService.CreateIllness", ill)
        illness = self.person(citizen).illness
        if illness is not None:
            change = data.draw(
                st.sampled_from([None, neighbours.GroupChange(type=None), neighbours.GroupChange(type=2)])
            )
            recovery = neighbours.ReportRecovery(id=illness.id, on_date=today, group=change)
            self.call_neighbour("jobcentret", citizen, "IllnessCompositeService.CreateRecovery", recovery)

    def reports_recovery(self, citizen: str, party: str, data: st.DataObject) -> None:
        illness = self.person(citizen).illness
        if illness is None:
            return
        group = data.draw(st.sampled_from([None, None, neighbours.GroupChange(type=None)]) | st.builds(
            lambda type_: neighbours.GroupChange(type=type_), st.sampled_from(GROUPS)
        ))  # fmt: skip
        categories = sorted(contract().tilmeldekategorier)
        tilmelding = data.draw(st.none() | st.builds(
            lambda category: neighbours.ReEnrolment(category=category, unemployment_degree=1), st.sampled_from(categories)
        ))  # fmt: skip
        on_date = self.now.date() + timedelta(days=data.draw(st.integers(-4, 4)))
        command = neighbours.ReportRecovery(id=illness.id, on_date=on_date, group=group, tilmelding=tilmelding)
        self.call_neighbour(party, citizen, "IllnessCompositeService.CreateRecovery", command)

    def time_goes(self, citizen: str, party: str, data: st.DataObject) -> None:
        """Move the clock over nights, then run both kinds of nightly job; the second must change nothing."""
        nights = data.draw(st.sampled_from([0, 1, 1, 1, 2, 5, 40, 150]))
        until = midnight(self.now.date() + timedelta(days=nights)) + timedelta(hours=data.draw(st.integers(0, 23)))
        if until.astimezone(UTC) > self.now.astimezone(UTC):
            self.control.move_clock(until)
            self.record_history()
            first, second = data.draw(st.sampled_from([tuple(RunKind), tuple(reversed(RunKind))]))
            self.control.batch(first)  # reports with an earlier date that were made since the night are due
            self.record_history()
            assert self.control.batch(second).changed == 0, "the second kind of run changed something"

    def changes_cpr(self, citizen: str, party: str, data: st.DataObject) -> None:
        before = self.person(citizen)
        new_cpr = self.people.born(before.born).cpr
        assert self.control.cpr_change(before.cpr, new_cpr).moved
        assert self.person(citizen) == replace(before, cpr=new_cpr)
        assert isinstance(self.party("STAR").read(before.cpr, Kind.KONTAKTGRUPPE), Refusal)
        self.record_history()

    def aktivitetstillaeg(self, citizen: str, party: str, data: st.DataObject) -> None:
        command = neighbours.RegisterAktivitetstillaeg(id=new_uuid(), since=self.now.date())
        self.call_neighbour(party, citizen, "AktivitetstillaegService.CreateAktivitetstillaeg", command)

    # invariants

    @invariant()
    def at_most_one_open_of_each_kind_and_they_match(self) -> None:
        with self.application.runtime.store.reading() as t:
            for person in t.people_after("", 999):
                open_rows = [row for row in person.registrations.values() if row.is_open(self.now)]
                groups = [item.type for item in open_rows if item.kind is Kind.KONTAKTGRUPPE]
                categories = [item.type for item in open_rows if item.kind is Kind.PERSONKATEGORI]
                assert len(groups) <= 1, f"two open groups: {groups}"
                assert len(categories) <= 1, f"two open categories: {categories}"
                aktivitetstillaeg = [
                    allowance for allowance in person.aktivitetstillaeg if allowance.is_valid(self.now.date())
                ]
                assert len(aktivitetstillaeg) <= 1, "two open allowances"
                if aktivitetstillaeg:
                    assert groups, "an allowance without an open group"
                    assert categories == [5], "an allowance without personkategori 5"
                if person.illness is not None and person.illness.begun:
                    assert person.tilmelding is None, "ill and enrolled"
                    assert person.illness.kontaktgruppe in (None, *groups), "an illness case whose group is not open"
                if categories:
                    assert groups, "an open category without an open group"
                    rules = contract().group_rules[groups[0]]
                    enrolled = person.tilmelding is not None
                    against = rules.category_requires_no_enrolment if enrolled else rules.category_requires_enrolment
                    assert categories[0] in rules.categories - against

    @invariant()
    def current_rows_follow_from_history(self) -> None:
        with self.application.runtime.store.reading() as t:
            people = list(t.people_after("", 999))
        for person in people:
            for kind in Kind:
                reader = self.party("STAR")
                current, history = reader.read(person.cpr, kind), reader.history(person.cpr, kind)
                assert isinstance(current, tuple)
                assert isinstance(history, tuple)
                latest = {item.id: item for item in reversed(history)}
                today = self.now.date()
                open_ids = {
                    item.id
                    for item in latest.values()
                    if not item.is_deleted and (item.end is None or item.end.astimezone(self.now.tzinfo).date() > today)
                }
                assert {item.id for item in current} == open_ids

    @invariant()
    def every_recipient_has_exactly_its_messages(self) -> None:
        """Check that the messages since the last check are those that the oracle expects, in the same order."""
        expected_now = expected(self.happened, SUBSCRIBERS)[len(self.expected) :]
        received_now = list(self.new_messages())
        assert [str(deviation) for deviation in assess(expected_now, received_now)] == []
        self.expected += expected_now
        self.received += received_now

    def new_messages(self) -> Iterator[Got]:
        for owner, party in ((JOBCENTER, "jobcentret"), (AKASSE, "a-kassen")):
            for message in self.party(party).inbox.drain():
                assert isinstance(message, WsrmMessage)
                yield from_wsrm(owner, message)
        for domain, until in self.heard_until.items():
            for queued in self.runtime.events(domain, until):
                self.heard_until[domain] = queued.nr
                yield from_event(domain, queued)
        self.deliver()
        yield from self.delivered
        self.delivered = []

    def teardown(self) -> None:
        """Check all messages of the run together, so that a repetition in a later check is found."""
        try:
            assert [str(deviation) for deviation in assess(self.expected, self.received)] == []
        finally:
            self.application.close()


class TestLives(Lives.TestCase):
    """A few short runs, for the quick tests."""

    settings = settings(max_examples=4, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.slow  # about 4 minutes
class TestManyLives(Lives.TestCase):
    """Many long runs."""

    settings = settings(max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck))
