"""The behavioural contract test of the WSRM queue in the `Store` port; `store_contract` inherits it."""

from __future__ import annotations

from datetime import timedelta

from vos_contracts.model.identity import Organisation
from vos_reference.application.ports import Owner, Store, WsrmSequence
from vos_reference.testing.base import JOBCENTER, NOW, OWNER, envelope


class QueueContract:
    """The promises of the `Store` port about the WSRM queue."""

    def test_a_queue_gives_the_oldest_first_and_only_its_owners_messages(self, store: Store) -> None:
        """A sequence takes the oldest messages of its own queue, up to the limit."""
        other = Owner(Organisation(8, "10200"), 0)
        with store.transaction() as t:
            t.enqueue([envelope(1), envelope(2, other), envelope(3, message_type="GetPersonCategoryVersion1")])
            t.enqueue([envelope(4)])
            t.create_sequence(WsrmSequence("s", OWNER, "", NOW), 2)
            assert list(t.inventory("s")) == [("GetContactGroupVersion5", 1), ("GetPersonCategoryVersion1", 1)]
            assert list(t.messages("s", "GetContactGroupVersion5")) == [envelope(1)]
            t.create_sequence(WsrmSequence("u", other, "", NOW), 500)
            assert list(t.messages("u", "GetContactGroupVersion5")) == [envelope(2, other)]

    def test_an_open_sequence_is_found_again(self, store: Store) -> None:
        """It is found by owner and sub-queue and by id, until it ends."""
        sequence = WsrmSequence("s", OWNER, "", NOW)
        with store.transaction() as t:
            t.create_sequence(sequence, 500)
            assert t.open_sequence(OWNER, "") == sequence
            assert t.open_sequence(OWNER, "under") is None
            assert t.find_sequence("s") == sequence
            t.release("s")
            assert t.open_sequence(OWNER, "") is None
            assert t.find_sequence("s") is None

    def test_messages_in_an_open_sequence_do_not_wait(self, store: Store) -> None:
        """Owners and sub-queues are independent of each other."""
        with store.transaction() as t:
            assert not t.has_waiting(OWNER, "")
            t.enqueue([envelope(1)])
            assert t.has_waiting(OWNER, "")
            assert not t.has_waiting(OWNER, "under")
            t.create_sequence(WsrmSequence("s", OWNER, "", NOW), 500)
            assert not t.has_waiting(OWNER, "")
            t.enqueue([envelope(2)])
            assert t.has_waiting(OWNER, "")

    def test_released_messages_return_to_their_place(self, store: Store) -> None:
        """Released messages precede those queued meanwhile."""
        with store.transaction() as t:
            t.enqueue([envelope(1), envelope(2)])
            t.create_sequence(WsrmSequence("s", OWNER, "", NOW), 1)
            t.enqueue([envelope(3)])
            t.release("s")
            t.create_sequence(WsrmSequence("s2", OWNER, "", NOW), 500)
            assert [message.id for message in t.messages("s2", "GetContactGroupVersion5")] == ["k1", "k2", "k3"]

    def test_deleting_a_sequence_deletes_only_its_messages(self, store: Store) -> None:
        """Messages outside the sequence are kept."""
        with store.transaction() as t:
            t.enqueue([envelope(1), envelope(2)])
            t.create_sequence(WsrmSequence("s", OWNER, "", NOW), 1)
            assert t.delete_sequence("s") == 1
            t.create_sequence(WsrmSequence("s2", OWNER, "", NOW), 500)
            assert [message.id for message in t.messages("s2", "GetContactGroupVersion5")] == ["k2"]

    def test_expired_sequences_are_released(self, store: Store) -> None:
        """Only sequences opened before the instant are released."""
        with store.transaction() as t:
            t.enqueue([envelope(1)])
            t.create_sequence(WsrmSequence("s", OWNER, "", NOW), 500)
            assert t.release_opened_before(NOW) == 0
            assert t.release_opened_before(NOW + timedelta(seconds=1)) == 1
            assert t.find_sequence("s") is None
            t.create_sequence(WsrmSequence("s2", OWNER, "", NOW), 500)
            assert len(t.messages("s2", "GetContactGroupVersion5")) == 1

    def test_the_oldest_open_sequence_is_found(self, store: Store) -> None:
        """The owner does not matter; None when all sequences have ended."""
        other = Owner(Organisation(8, "10200"), 0)
        with store.transaction() as t:
            assert t.oldest_sequence() is None
            t.create_sequence(WsrmSequence("s", OWNER, "", NOW), 500)
            t.create_sequence(WsrmSequence("u", other, "", NOW - timedelta(minutes=5)), 500)
            assert t.oldest_sequence() == NOW - timedelta(minutes=5)
            t.delete_sequence("u")
            assert t.oldest_sequence() == NOW
            t.release("s")
            assert t.oldest_sequence() is None

    def test_a_message_subscription_creates_no_queue(self, store: Store) -> None:
        """It is idempotent and covers that message type only."""
        with store.transaction() as t:
            for system in (7, 3, 7):
                t.subscribe_message(Owner(JOBCENTER, system), "GetCprChanged")
            assert list(t.subscribers(JOBCENTER, "GetCprChanged")) == [Owner(JOBCENTER, 3), Owner(JOBCENTER, 7)]
            assert list(t.subscribers(JOBCENTER, "GetContactGroupVersion5")) == []
            assert list(t.subscribers(Organisation(8, "10200"), "GetCprChanged")) == []
            assert list(t.queue_owners(JOBCENTER)) == []
            t.reset()
            assert list(t.subscribers(JOBCENTER, "GetCprChanged")) == []

    def test_sub_queues_are_separate(self, store: Store) -> None:
        """A sub-queue has the messages of its types, and its own open sequence."""
        v1, other = "GetPersonCategoryVersion1", Owner(JOBCENTER, 7)
        under, others = envelope(2, message_type=v1), envelope(3, other, v1)
        with store.transaction() as t:
            assert not t.sub_queue_exists(OWNER, "under")
            t.route_to_sub_queue(OWNER, v1, "first")
            t.route_to_sub_queue(OWNER, v1, "under")
            t.enqueue([envelope(1), under, others])
            t.create_sequence(WsrmSequence("s", OWNER, "", NOW), 500)
            t.create_sequence(WsrmSequence("su", OWNER, "under", NOW), 500)
            t.create_sequence(WsrmSequence("sa", other, "", NOW), 500)
            assert list(t.messages("su", v1)) == [under]
            assert list(t.inventory("s")) == [("GetContactGroupVersion5", 1)]
            assert list(t.messages("sa", v1)) == [others]
            t.route_to_sub_queue(OWNER, v1, "new")
            assert [t.sub_queue_exists(OWNER, name) for name in ("under", "new", "first")] == [True, True, False]
            assert not t.sub_queue_exists(other, "under")
            t.delete_sequence("su")
            assert not t.sub_queue_exists(OWNER, "under"), "no message waits in it, and no type goes to it"
            t.reset()
            assert not t.sub_queue_exists(OWNER, "new")

    def test_a_queue_that_is_taken_over_keeps_its_order(self, store: Store) -> None:
        """Waiting messages, also of an open sequence, go to the new owner, which keeps its own."""
        new = Owner(JOBCENTER, 7)
        with store.transaction() as t:
            t.enqueue([envelope(1), envelope(2, new), envelope(3)])
            t.create_sequence(WsrmSequence("s", OWNER, "", NOW), 1)
            t.route_to_sub_queue(OWNER, "GetPersonCategoryVersion1", "under")
            t.take_over_queue(OWNER, new)
            assert (t.sub_queue_exists(OWNER, "under"), t.sub_queue_exists(new, "under")) == (False, True)
            assert t.find_sequence("s") is None
            t.create_sequence(WsrmSequence("s2", new, "", NOW), 500)
            assert [message.id for message in t.messages("s2", "GetContactGroupVersion5")] == ["k1", "k2", "k3"]
            t.create_sequence(WsrmSequence("s3", OWNER, "", NOW), 500)
            assert list(t.inventory("s3")) == []

    def test_queue_subscriptions_are_idempotent_and_sorted_by_system(self, store: Store) -> None:
        """Other organisations have no owners."""
        with store.transaction() as t:
            assert list(t.queue_owners(JOBCENTER)) == []
            t.subscribe(Owner(JOBCENTER, 7))
            t.subscribe(Owner(JOBCENTER, 3))
            t.subscribe(Owner(JOBCENTER, 7))
            assert list(t.queue_owners(JOBCENTER)) == [Owner(JOBCENTER, 3), Owner(JOBCENTER, 7)]
            assert list(t.queue_owners(Organisation(8, "10200"))) == []
