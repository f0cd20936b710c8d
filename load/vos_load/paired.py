"""The comparison: the same operations on each channel in turn, one call at a time, so that whatever else the machine does
affects all channels alike.

A round goes through the channels in a drawn order, and each channel's block of calls has citizens of its own with the same
history as the other channels'. Not here: what the times mean (`ratios`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from vos_contracts.tables.releases import PrsSoap
from vos_contracts.wire import split_times
from vos_contracts.wire.base import Call
from vos_load.load_profile import ENDS, Column, LoadChannel, LoadOperation
from vos_load.recording import LINE
from vos_load.run import asked_citizens

if TYPE_CHECKING:
    from vos_load.session import LoadSession

ForceBackend = Callable[[PrsSoap | None], None]
"""Force what stands behind SOAP; None lets the release decide again."""
TIMING_CALLS = 5
"""Calls a round that ask the target where its time goes."""
BACKENDS = {Column.CONVERTER: PrsSoap.CONVERTER, Column.CLASSIC: PrsSoap.CLASSIC}


class PairedComparison:
    """Plays one comparison."""

    def __init__(self, session: LoadSession, force: ForceBackend) -> None:
        run = session.run
        assert run.profile.pairs is not None, "a comparison has pairs"
        self._session = session
        self._pairs = run.profile.pairs
        self._force = force
        asked = asked_citizens(run)
        self._asked: Sequence[str] = run.citizens[:asked]
        self._citizens = {
            column: run.citizens[asked:][number :: len(run.columns)] for number, column in enumerate(run.columns)
        }
        self._groups_created: Counter[str] = Counter()

    def play(self) -> None:
        """Play until the rounds are done or the time is up. Round -1 warms up and is not counted."""
        session = self._session
        columns = session.run.columns
        for round_ in range(-1, self._pairs.rounds):
            if round_ >= 0 and session.t() > session.run.seconds:
                return
            for number in session.rng.permutation(len(columns)):
                column = columns[int(number)]
                if column in BACKENDS:
                    self._force(BACKENDS[column])
                self._time_line(round_)
                self._play_block(round_, column, self._block(column, round_ + 1))
                if column is Column.CONVERTER and round_ >= 0:
                    self._ask_timing(round_)
            if round_ < 0:
                session.warmed_up()
            session.rounds_played = round_ + 1

    def _time_line(self, round_: int) -> None:
        """Time calls that do no work before a block; services with addresses of their own have no common line."""
        session = self._session
        if session.run.addresses:
            return
        exchanges = [session.clients.exchange(Call("GET", "/"), None) for _ in range(max(self._pairs.block // 2, 2))]
        times = [exchange.ms for exchange in exchanges if exchange.answer is not None]
        if times and round_ >= 0:
            session.recorder.block(round_, LINE, LINE, times)

    def _ask_timing(self, round_: int) -> None:
        """Ask where the converter's time goes, about citizens of whom nothing else is measured."""
        session = self._session
        for number in range(TIMING_CALLS if self._asked else 0):
            cpr = self._asked[(round_ * TIMING_CALLS + number) % len(self._asked)]
            now = session.now()
            call = session.calls.write(
                LoadOperation.CREATE_KONTAKTGRUPPE, LoadChannel.SOAP, cpr, session.run.identity(now), now,
                number=self._groups_created[cpr],
            )  # fmt: skip
            self._groups_created[cpr] += 1
            asking = Call(call.method, call.path, {**call.headers, split_times.QUESTION: "1"}, call.body)
            answer = session.clients.exchange(asking, session.calls.service(call)).answer
            parts = {} if answer is None else split_times.read(answer.headers.get(split_times.RESPONSE, ""))
            if not parts:
                self._asked = ()  # the target does not know the header: it is not asked again
                return
            session.recorder.server_timing(parts)

    def _block(self, column: Column, number: int) -> Sequence[str]:
        """Return a round's citizens; they come again when all have had their turn."""
        citizens, size = self._citizens[column], self._pairs.block
        return [citizens[(number * size + place) % len(citizens)] for place in range(size)]

    def _play_block(self, round_: int, column: Column, citizens: Sequence[str]) -> None:
        ids: dict[tuple[LoadOperation, str], str] = {}
        channel = LoadChannel.REST if column is Column.REST else LoadChannel.SOAP
        for operation in self._pairs.operations:
            times: list[float] = []
            for cpr in citizens:
                id_ = ids.get((ENDS[operation], cpr), "") if operation in ENDS else ""
                if operation in ENDS and not id_:
                    continue  # it could not be created, which has been reported
                number = self._groups_created[cpr]
                made = self._session.call(operation, channel, column, cpr, id_=id_, number=number)
                if made is not None:
                    ids[operation, cpr] = made[0]
                    times.append(made[1])
                    self._groups_created[cpr] += operation is LoadOperation.CREATE_KONTAKTGRUPPE
            if times and round_ >= 0:
                self._session.recorder.block(round_, operation, column, times)
