"""The behavioural contract test of webservice messages in the `Store` port; `store_contract` inherits it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from vos_contracts.model.identity import Organisation
from vos_reference.application.ports import (
    RecipientState,
    Store,
    SubscriberSystem,
    Subscription,
    Transaction,
    WebhookRecipient,
    WsbEnvelope,
)
from vos_reference.testing.base import JOBCENTER, NOW

SECOND = timedelta(seconds=1)
AKASSE = Organisation(7, "1")
SYSTEM = SubscriberSystem("s1", "http://127.0.0.1:1/base/", (JOBCENTER, AKASSE))
M, A = WebhookRecipient("s1", JOBCENTER), WebhookRecipient("s1", AKASSE)
KG, PC = 100008, 100009


def envelope(number: int, citizen: str = "b1", recipient: WebhookRecipient = M, entity_id: int = KG) -> WsbEnvelope:
    """Make a message to that recipient about that citizen."""
    return WsbEnvelope(f"w{number}", recipient, entity_id, citizen, b'{"nr":%d}' % number, NOW)


def subscription(recipient: WebhookRecipient = M, entity_id: int = KG, until: date | None = None) -> Subscription:
    """Make a subscription from the day of `NOW`."""
    return Subscription(recipient, entity_id, "/kg", NOW.date(), until)


def numbers(t: Transaction, now: datetime = NOW, recipient: WebhookRecipient = M, count: int = 99) -> dict[str, int]:
    """Return the due messages: message id to number."""
    return {dispatch.envelope.id: dispatch.nr for dispatch in t.due_dispatches(recipient, now, count)}


class WebhookContract:
    """The promises of the `Store` port about webservice messages."""

    def test_a_subscription_applies_on_its_days_to_its_authority_and_entity(self, store: Store) -> None:
        """Saving again updates; first and last day are included."""
        with store.transaction() as t:
            assert t.find_subscriber_system("s1") is None
            t.save_subscriber_system(SubscriberSystem("s1", "http://127.0.0.1:2", ()))
            t.save_subscriber_system(SYSTEM)
            assert t.find_subscriber_system("s1") == SYSTEM
            t.save_subscription(subscription(until=NOW.date() + timedelta(days=1)))
            t.save_subscription(subscription(A))
            assert list(t.subscriptions("s1")) == [subscription(A), subscription(until=NOW.date() + timedelta(days=1))]
            days = [NOW.date() + timedelta(days=offset) for offset in (-1, 0, 1, 2)]
            assert [len(t.subscriptions_in_force(JOBCENTER, KG, day)) for day in days] == [0, 1, 1, 0]
            assert list(t.subscriptions_in_force(JOBCENTER, PC, NOW.date())) == []
            assert list(t.subscriptions_in_force(AKASSE, KG, NOW.date())) == [subscription(A)]
            t.save_subscription(subscription())
            assert list(t.subscriptions_in_force(JOBCENTER, KG, NOW.date() + timedelta(days=2))) == [subscription()]

    def test_only_the_oldest_message_of_each_line_is_due(self, store: Store) -> None:
        """One message per recipient and citizen, oldest first, with its address; at most the requested number."""
        with store.transaction() as t:
            self._begin(t)
            t.enqueue_wsb([envelope(1), envelope(2), envelope(3, "b2"), envelope(4, "b1", A)])
            t.enqueue_wsb([envelope(5, "b2", M, PC)])
            assert list(numbers(t)) == ["w1", "w3"]
            assert list(numbers(t, count=1)) == ["w1"]
            assert list(numbers(t, recipient=A)) == ["w4"]
            assert list(t.due_recipients(NOW)) == [A, M]
            assert list(t.due_recipients(NOW - SECOND)) == []
            first = t.due_dispatches(M, NOW, 1)[0]
            assert (first.url, first.attempt, first.envelope) == ("http://127.0.0.1:1/base/kg", 0, envelope(1))

    def test_a_delivered_message_makes_the_next_one_due(self, store: Store) -> None:
        """Reporting a delivery twice has no further effect."""
        with store.transaction() as t:
            self._begin(t)
            t.enqueue_wsb([envelope(1), envelope(2), envelope(3)])
            nr = numbers(t)["w1"]
            t.delivered(nr, NOW + SECOND)
            assert numbers(t) == {}
            assert list(numbers(t, NOW + SECOND)) == ["w2"]
            t.delivered(nr, NOW)
            assert list(numbers(t, NOW + SECOND)) == ["w2"]

    def test_a_postponed_message_holds_up_its_own_line_only(self, store: Store) -> None:
        """Attempts are counted; later messages of the line wait behind it."""
        with store.transaction() as t:
            self._begin(t)
            t.enqueue_wsb([envelope(1), envelope(2, "b2")])
            nr = numbers(t)["w1"]
            t.postpone(nr, NOW + 3 * SECOND, "status 500")
            t.enqueue_wsb([envelope(3)])
            assert list(numbers(t)) == ["w2"]
            assert t.next_attempt() == NOW
            assert [
                (dispatch.envelope.id, dispatch.attempt) for dispatch in t.due_dispatches(M, NOW + 3 * SECOND, 9)
            ] == [
                ("w2", 0),
                ("w1", 1),
            ]
            t.delivered(numbers(t)["w2"], NOW)
            assert t.next_attempt() == NOW + 3 * SECOND
            t.give_up(nr, NOW, "status 404")
            t.delivered(numbers(t)["w3"], NOW)
            assert t.next_attempt() is None

    def test_a_dead_letter_waits_in_no_line_and_can_be_replayed(self, store: Store) -> None:
        """A replayed dead letter is the last of its line, with no attempts."""
        with store.transaction() as t:
            self._begin(t)
            t.enqueue_wsb([envelope(1), envelope(2)])
            nr = numbers(t)["w1"]
            t.give_up(nr, NOW, "status 404")
            assert list(numbers(t)) == ["w2"]
            assert [(letter.envelope, letter.attempt, letter.reason) for letter in t.dead(9)] == [
                (envelope(1), 1, "status 404")
            ]
            assert list(t.recipient_states()) == [RecipientState(A, 0, 0, None), RecipientState(M, 1, 1, NOW)]
            t.delivered(nr, NOW)
            t.postpone(nr, NOW, "late answer")
            assert len(t.dead(9)) == 1
            assert t.replay(["w9"]) == 0
            assert t.replay([]) == 0
            assert t.replay(["w1"]) == 1
            assert list(numbers(t)) == ["w2"]
            t.delivered(numbers(t)["w2"], NOW)
            assert [(dispatch.envelope.id, dispatch.attempt) for dispatch in t.due_dispatches(M, NOW, 9)] == [("w1", 0)]
            t.give_up(numbers(t)["w1"], NOW, "again")
            assert t.replay(None) == 1

    def test_a_deleted_subscription_takes_its_messages_along(self, store: Store) -> None:
        """Dead letters too; messages of another entity behind them become due."""
        with store.transaction() as t:
            self._begin(t)
            t.enqueue_wsb([envelope(1), envelope(2, entity_id=PC), envelope(3), envelope(4, recipient=A)])
            t.enqueue_wsb([envelope(5, "b2")])
            t.give_up(numbers(t)["w5"], NOW, "status 404")
            t.delete_subscription(subscription())
            assert list(t.dead(9)) == []
            assert list(numbers(t)) == ["w2"]
            assert list(numbers(t, recipient=A)) == ["w4"]
            assert list(t.subscriptions_in_force(JOBCENTER, KG, NOW.date())) == []
            t.delivered(numbers(t)["w2"], NOW)
            assert list(numbers(t)) == []

    def test_a_changed_subscription_keeps_its_messages(self, store: Store) -> None:
        """The messages go to the new address."""
        with store.transaction() as t:
            self._begin(t)
            t.enqueue_wsb([envelope(1)])
            t.save_subscription(Subscription(M, KG, "new", NOW.date(), None))
            assert [dispatch.url for dispatch in t.due_dispatches(M, NOW, 9)] == ["http://127.0.0.1:1/base/new"]

    def test_reset_deletes_messages_and_reuses_no_numbers(self, store: Store) -> None:
        """The answer of an old attempt cannot affect a new message."""
        with store.transaction() as t:
            self._begin(t)
            t.enqueue_wsb([envelope(1)])
            before = numbers(t)["w1"]
            t.reset()
            assert t.find_subscriber_system("s1") is None
            assert list(t.recipient_states()) == []
            self._begin(t)
            t.enqueue_wsb([envelope(1)])
            assert numbers(t)["w1"] > before

    def _begin(self, t: Transaction) -> None:
        t.save_subscriber_system(SYSTEM)
        for wanted in (subscription(), subscription(entity_id=PC), subscription(A)):
            t.save_subscription(wanted)
