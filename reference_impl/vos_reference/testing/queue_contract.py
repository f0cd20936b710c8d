"""The behavioural contract test of the WSRM queue's part of the `Store` port; `store_contract` inherits it."""

from __future__ import annotations

from datetime import timedelta

from vos_contracts.model.identity import Organisation
from vos_reference.application.ports import Owner, Store, WsrmSequence
from vos_reference.testing.base import JOBCENTER, NOW, OWNER, envelope


class QueueContract:
    """What every store's queue must do."""

    def test_koen_kommer_aeldst_foerst_og_kun_ejerens(self, store: Store) -> None:
        """A sequence takes the oldest of its own queue up to the limit."""
        other = Owner(Organisation(8, "10200"), 0)
        with store.transaction() as t:
            t.enqueue([envelope(1), envelope(2, other), envelope(3, message_type="GetPersonCategoryVersion1")])
            t.enqueue([envelope(4)])
            t.create_sequence(WsrmSequence("s", OWNER, "", NOW), 2)
            assert list(t.inventory("s")) == [("GetContactGroupVersion5", 1), ("GetPersonCategoryVersion1", 1)]
            assert list(t.messages("s", "GetContactGroupVersion5")) == [envelope(1)]
            t.create_sequence(WsrmSequence("u", other, "", NOW), 500)
            assert list(t.messages("u", "GetContactGroupVersion5")) == [envelope(2, other)]

    def test_en_aaben_sekvens_findes_igen(self, store: Store) -> None:
        """By owner and sub-queue, and by id; ended ones are gone."""
        sequence = WsrmSequence("s", OWNER, "", NOW)
        with store.transaction() as t:
            t.create_sequence(sequence, 500)
            assert t.open_sequence(OWNER, "") == sequence
            assert t.open_sequence(OWNER, "under") is None
            assert t.find_sequence("s") == sequence
            t.release("s")
            assert t.open_sequence(OWNER, "") is None
            assert t.find_sequence("s") is None

    def test_noget_venter_kun_uden_for_aabne_sekvenser(self, store: Store) -> None:
        """What an open sequence holds does not wait; each owner and sub-queue by itself."""
        with store.transaction() as t:
            assert not t.something_waiting(OWNER, "")
            t.enqueue([envelope(1)])
            assert t.something_waiting(OWNER, "")
            assert not t.something_waiting(OWNER, "under")
            t.create_sequence(WsrmSequence("s", OWNER, "", NOW), 500)
            assert not t.something_waiting(OWNER, "")
            t.enqueue([envelope(2)])
            assert t.something_waiting(OWNER, "")

    def test_frigiv_giver_tilbage_paa_plads(self, store: Store) -> None:
        """Given back, the messages come before those queued meanwhile."""
        with store.transaction() as t:
            t.enqueue([envelope(1), envelope(2)])
            t.create_sequence(WsrmSequence("s", OWNER, "", NOW), 1)
            t.enqueue([envelope(3)])
            t.release("s")
            t.create_sequence(WsrmSequence("s2", OWNER, "", NOW), 500)
            assert [message.id for message in t.messages("s2", "GetContactGroupVersion5")] == ["k1", "k2", "k3"]

    def test_slet_sekvens_toemmer_kun_den(self, store: Store) -> None:
        """Terminate deletes what was handed out and nothing else."""
        with store.transaction() as t:
            t.enqueue([envelope(1), envelope(2)])
            t.create_sequence(WsrmSequence("s", OWNER, "", NOW), 1)
            assert t.delete_sequence("s") == 1
            t.create_sequence(WsrmSequence("s2", OWNER, "", NOW), 500)
            assert [message.id for message in t.messages("s2", "GetContactGroupVersion5")] == ["k2"]

    def test_udloebne_sekvenser_frigives(self, store: Store) -> None:
        """Only those opened before the instant."""
        with store.transaction() as t:
            t.enqueue([envelope(1)])
            t.create_sequence(WsrmSequence("s", OWNER, "", NOW), 500)
            assert t.release_opened_before(NOW) == 0
            assert t.release_opened_before(NOW + timedelta(seconds=1)) == 1
            assert t.find_sequence("s") is None
            t.create_sequence(WsrmSequence("s2", OWNER, "", NOW), 500)
            assert len(t.messages("s2", "GetContactGroupVersion5")) == 1

    def test_den_aeldste_aabne_sekvens(self, store: Store) -> None:
        """Whoever owns it; none when all have ended."""
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

    def test_abonnement_paa_en_besked_er_ikke_en_koe(self, store: Store) -> None:
        """Subscribing to a message twice is once, gives no queue of one's own, and is for that message alone."""
        with store.transaction() as t:
            for system in (7, 3, 7):
                t.subscribe_message(Owner(JOBCENTER, system), "GetCprChanged")
            assert list(t.subscribers(JOBCENTER, "GetCprChanged")) == [Owner(JOBCENTER, 3), Owner(JOBCENTER, 7)]
            assert list(t.subscribers(JOBCENTER, "GetContactGroupVersion5")) == []
            assert list(t.subscribers(Organisation(8, "10200"), "GetCprChanged")) == []
            assert list(t.queue_owners(JOBCENTER)) == []
            t.reset()
            assert list(t.subscribers(JOBCENTER, "GetCprChanged")) == []

    def test_underkoeer_er_adskilte(self, store: Store) -> None:
        """A sub-queue has the messages of the types that were put in it, and its own open sequence."""
        v1, other = "GetPersonCategoryVersion1", Owner(JOBCENTER, 7)
        under, others = envelope(2, message_type=v1), envelope(3, other, v1)
        with store.transaction() as t:
            assert not t.exists_sub_queue(OWNER, "under")
            t.put_i_sub_queue(OWNER, v1, "first")
            t.put_i_sub_queue(OWNER, v1, "under")
            t.enqueue([envelope(1), under, others])
            t.create_sequence(WsrmSequence("s", OWNER, "", NOW), 500)
            t.create_sequence(WsrmSequence("su", OWNER, "under", NOW), 500)
            t.create_sequence(WsrmSequence("sa", other, "", NOW), 500)
            assert list(t.messages("su", v1)) == [under]
            assert list(t.inventory("s")) == [("GetContactGroupVersion5", 1)]
            assert list(t.messages("sa", v1)) == [others]
            t.put_i_sub_queue(OWNER, v1, "new")
            assert [t.exists_sub_queue(OWNER, item) for item in ("under", "new", "first")] == [True, True, False]
            assert not t.exists_sub_queue(other, "under")
            t.delete_sequence("su")
            assert not t.exists_sub_queue(OWNER, "under"), "nothing waits in it, and nothing is put in it"
            t.reset()
            assert not t.exists_sub_queue(OWNER, "new")

    def test_en_overtaget_koe_beholder_sin_orden(self, store: Store) -> None:
        """What waits, also in an open sequence, is the new owner's; what it had itself stays."""
        new = Owner(JOBCENTER, 7)
        with store.transaction() as t:
            t.enqueue([envelope(1), envelope(2, new), envelope(3)])
            t.create_sequence(WsrmSequence("s", OWNER, "", NOW), 1)
            t.put_i_sub_queue(OWNER, "GetPersonCategoryVersion1", "under")
            t.take_over_queue(OWNER, new)
            assert (t.exists_sub_queue(OWNER, "under"), t.exists_sub_queue(new, "under")) == (False, True)
            assert t.find_sequence("s") is None
            t.create_sequence(WsrmSequence("s2", new, "", NOW), 500)
            assert [message.id for message in t.messages("s2", "GetContactGroupVersion5")] == ["k1", "k2", "k3"]
            t.create_sequence(WsrmSequence("s3", OWNER, "", NOW), 500)
            assert list(t.inventory("s3")) == []

    def test_abonnementer(self, store: Store) -> None:
        """Subscribing twice is subscribing once; owners come by system."""
        with store.transaction() as t:
            assert list(t.queue_owners(JOBCENTER)) == []
            t.subscribe(Owner(JOBCENTER, 7))
            t.subscribe(Owner(JOBCENTER, 3))
            t.subscribe(Owner(JOBCENTER, 7))
            assert list(t.queue_owners(JOBCENTER)) == [Owner(JOBCENTER, 3), Owner(JOBCENTER, 7)]
            assert list(t.queue_owners(Organisation(8, "10200"))) == []
