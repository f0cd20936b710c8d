"""The behavioural contract test of the webservice messages' part of the `Store` port; `store_contract` inherits it."""

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
    """Make a message."""
    return WsbEnvelope(f"w{number}", recipient, entity_id, citizen, b'{"nr":%d}' % number, NOW)


def subscription(recipient: WebhookRecipient = M, entity_id: int = KG, until: date | None = None) -> Subscription:
    """Make a subscription from the stage's day on."""
    return Subscription(recipient, entity_id, "/kg", NOW.date(), until)


def numbers(t: Transaction, now: datetime = NOW, recipient: WebhookRecipient = M, count: int = 99) -> dict[str, int]:
    """List what is due: message id to number."""
    return {dispatch.envelope.id: dispatch.nr for dispatch in t.due_dispatches(recipient, now, count)}


class WsbContract:
    """What every store's webservice messages must do."""

    def test_system_og_abonnementer(self, store: Store) -> None:
        """Stored again is changed; a subscription counts on its days, both included, for its authority and entity."""
        with store.transaction() as t:
            assert t.find_subscriber_system("s1") is None
            t.save_subscriber_system(SubscriberSystem("s1", "http://127.0.0.1:2", ()))
            t.save_subscriber_system(SYSTEM)
            assert t.find_subscriber_system("s1") == SYSTEM
            t.save_subscription(subscription(until=NOW.date() + timedelta(days=1)))
            t.save_subscription(subscription(A))
            assert list(t.subscriptions("s1")) == [subscription(A), subscription(until=NOW.date() + timedelta(days=1))]
            days = [NOW.date() + timedelta(days=item) for item in (-1, 0, 1, 2)]
            assert [len(t.in_force_subscriptions(JOBCENTER, KG, day)) for day in days] == [0, 1, 1, 0]
            assert list(t.in_force_subscriptions(JOBCENTER, PC, NOW.date())) == []
            assert list(t.in_force_subscriptions(AKASSE, KG, NOW.date())) == [subscription(A)]
            t.save_subscription(subscription())
            assert list(t.in_force_subscriptions(JOBCENTER, KG, NOW.date() + timedelta(days=2))) == [subscription()]

    def test_kun_den_forreste_i_hver_linje_forfalder(self, store: Store) -> None:
        """One message per receiver and citizen, oldest first, with its address; up to the number asked for."""
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

    def test_leveret_lader_den_naeste_komme(self, store: Store) -> None:
        """Delivered twice is delivered once."""
        with store.transaction() as t:
            self._begin(t)
            t.enqueue_wsb([envelope(1), envelope(2), envelope(3)])
            nr = numbers(t)["w1"]
            t.delivered(nr, NOW + SECOND)
            assert numbers(t) == {}
            assert list(numbers(t, NOW + SECOND)) == ["w2"]
            t.delivered(nr, NOW)
            assert list(numbers(t, NOW + SECOND)) == ["w2"]

    def test_udskudt_holder_sin_linje_og_ingen_anden(self, store: Store) -> None:
        """The attempts are counted; what comes meanwhile waits behind."""
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

    def test_opgivet_er_set_til_side_og_kan_spilles_igen(self, store: Store) -> None:
        """A dead letter waits in no line; replayed it comes last in it, untried."""
        with store.transaction() as t:
            self._begin(t)
            t.enqueue_wsb([envelope(1), envelope(2)])
            nr = numbers(t)["w1"]
            t.give_up(nr, NOW, "status 404")
            assert list(numbers(t)) == ["w2"]
            assert [(item.envelope, item.attempt, item.reason) for item in t.dead(9)] == [
                (envelope(1), 1, "status 404")
            ]
            assert list(t.recipient_states()) == [RecipientState(A, 0, 0, None), RecipientState(M, 1, 1, NOW)]
            t.delivered(nr, NOW)
            t.postpone(nr, NOW, "sent svar")
            assert len(t.dead(9)) == 1
            assert t.replay(["w9"]) == 0
            assert t.replay([]) == 0
            assert t.replay(["w1"]) == 1
            assert list(numbers(t)) == ["w2"]
            t.delivered(numbers(t)["w2"], NOW)
            assert [(dispatch.envelope.id, dispatch.attempt) for dispatch in t.due_dispatches(M, NOW, 9)] == [("w1", 0)]
            t.give_up(numbers(t)["w1"], NOW, "again")
            assert t.replay(None) == 1

    def test_slettet_abonnement_tager_sine_beskeder_med(self, store: Store) -> None:
        """Also the dead ones; what waited behind them, of another entity, is due."""
        with store.transaction() as t:
            self._begin(t)
            t.enqueue_wsb([envelope(1), envelope(2, entity_id=PC), envelope(3), envelope(4, recipient=A)])
            t.enqueue_wsb([envelope(5, "b2")])
            t.give_up(numbers(t)["w5"], NOW, "status 404")
            t.delete_subscription(subscription())
            assert list(t.dead(9)) == []
            assert list(numbers(t)) == ["w2"]
            assert list(numbers(t, recipient=A)) == ["w4"]
            assert list(t.in_force_subscriptions(JOBCENTER, KG, NOW.date())) == []
            t.delivered(numbers(t)["w2"], NOW)
            assert list(numbers(t)) == []

    def test_et_aendret_abonnement_beholder_sine_beskeder(self, store: Store) -> None:
        """They go to the new address."""
        with store.transaction() as t:
            self._begin(t)
            t.enqueue_wsb([envelope(1)])
            t.save_subscription(Subscription(M, KG, "new", NOW.date(), None))
            assert [dispatch.url for dispatch in t.due_dispatches(M, NOW, 9)] == ["http://127.0.0.1:1/base/new"]

    def test_nulstil_glemmer_og_genbruger_ingen_numre(self, store: Store) -> None:
        """An attempt that was under way cannot hit a new message."""
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
        for item in (subscription(), subscription(entity_id=PC), subscription(A)):
            t.save_subscription(item)
