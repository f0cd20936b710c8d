"""The variants hunt: sends mutations of recorded calls, half by REST and half by SOAP, hundreds per second.

Every call must get an answer that the contract documents for the operation, and never an internal error. What the
schema forbids must be refused, a request id must not be accepted twice, and a refused call must leave no trace. Each
round begins by emptying the stage, so that the stage does not grow with the number of calls.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

import msgspec
from hypothesis import strategies as st
from lxml import etree

from generalproeve.fuzz import sequences
from generalproeve.fuzz.corpus import (
    ILLNESS,
    SEQUENCE,
    SYSTEM,
    CallRecorder,
    Corpus,
    channel_of,
    identifier_kind,
    record,
)
from generalproeve.fuzz.findings import CallFinding, Sent, call_finding
from generalproeve.fuzz.hunts import ROUND, Budget, draw_examples, hunt, play_each
from generalproeve.fuzz.lines import FuzzLines, UnansweredError, citizens
from generalproeve.fuzz.mutations import BLOCK, UNTOUCHED_EVERY, CallBlock, KnownIdentifiers, Mutator
from generalproeve.fuzz.rest_judges import REPEATED, LeftBehind, left_over, repeated
from generalproeve.fuzz.variant_judges import CallJudgement, VariantJudge
from vos_contracts.wire.base import Call, RemoteWireError, Response, UnreachableError
from vos_contracts.wire.messages.wsrm import CREATE
from vos_simulators.control import Control, ControlRefused
from vos_simulators.parties import JOBCENTER

RULE, SEQUENCES = "variant", "WSRM sequence"
TRIALS = 50
"""WSRM sequences that are tried before a finding about one counts as mended."""
PIECES = 64
"""Pieces that shrinking cuts a body into when it is neither XML nor JSON; what remains is cut again."""
MOST_PARTS = 512
"""The most elements or members that shrinking leaves out one by one; a body with more is cut into pieces."""
JsonPath = tuple[str | int, ...]
_XML = etree.XMLParser(resolve_entities=False, huge_tree=True)


@dataclass
class Counts:
    """The number of calls by channel, by channel and status, and of accepted writing calls by channel."""

    calls: Counter[str] = field(default_factory=Counter)
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    carried_out: Counter[str] = field(default_factory=Counter)


def why_not(lines: FuzzLines) -> str:
    """Return the reason in Danish why the hunt cannot run on this stage; empty if it can."""
    return "" if lines.control is not None else f"{lines.without_control}, og den skal tømmes undervejs"


def search(lines: FuzzLines, budget: Budget) -> Iterator[CallFinding]:
    """Hunt until the budget is spent; yield the first finding of each operation."""
    yield from VariantHunt(lines, record(lines, budget)).play(budget)


class VariantHunt:
    """Sends blocks of mutated calls to one stage, judges the answers, and counts the calls."""

    def __init__(self, lines: FuzzLines, corpus: Corpus) -> None:
        self._lines, self._corpus = lines, corpus
        self._known = KnownIdentifiers()
        self._request_id = lines.contract.names.header("requestId").lower()
        mutator = Mutator(corpus, self._known, frozenset({SYSTEM}), self._request_id)
        self._untouched, self._mutated = mutator.blocks(untouched=True), mutator.blocks(untouched=False)
        self._judge = VariantJudge(lines.contract)
        self._reported: set[str] = set()
        self._round = self._request_ids = 0
        self.counts = Counts()

    def play(self, budget: Budget) -> Iterator[CallFinding]:
        """Play rounds until the budget is spent, and yield the findings of each.

        Raises:
            UnreachableError: when the stage can no longer be reached.
            ControlRefused: when the control API refuses to empty the stage.
            RemoteWireError: when an answer of the control API cannot be understood.
        """
        for unanswered in self._corpus.unanswered:
            yield from self._findings(unanswered.call, self._judge.judge_unanswered(unanswered), 0)
        while not budget.exhausted:
            found: list[CallFinding] = []
            failure = self._play_round(found, budget)
            yield from found
            if failure is not None:
                raise failure

    def _play_round(self, found: list[CallFinding], budget: Budget) -> Exception | None:
        """Play one round, add its findings to `found`, and return the error that ended it early, if any."""

        def play(block: CallBlock) -> bool:
            found.extend(self._play_block(block, budget))
            return not budget.exhausted

        self._round += 1
        blocks, seed = min(ROUND, -(-budget.calls_left // BLOCK)), self._lines.seed + self._round
        untouched = -(-blocks // UNTOUCHED_EVERY)
        try:
            self._empty_stage()
            for strategy, count in ((self._untouched, untouched), (self._mutated, blocks - untouched)):
                if count and not budget.exhausted:
                    play_each(strategy, play, seed, count)
        except (UnreachableError, RemoteWireError, ControlRefused) as failure:
            return failure
        return None

    def _empty_stage(self) -> None:
        self._known.clear(_empty(self._lines))
        self._left = LeftBehind(self._lines)

    def _play_block(self, block: CallBlock, budget: Budget) -> Iterator[CallFinding]:
        calls = [self._with_request_id(call) for call in block.calls[: budget.calls_left]]
        try:
            yield from self._play_calls(calls, block.repeated, budget)
            if block.sequence is not None:
                yield from self._play_sequence(block.sequence, budget)
        except UnansweredError as unanswered:
            yield from self._findings(unanswered.call, self._judge.judge_unanswered(unanswered), 0)
            self._left.count_new()  # an unanswered call may have added rows: they are not the next block's

    def _with_request_id(self, call: Call, *, always: bool = False) -> Call:
        """Replace the placeholder `Mutator.REQUEST_ID` in a call by a new request id; with `always`, any request id."""
        before = call.headers.get(self._request_id)
        if not before or (before != Mutator.REQUEST_ID and not always):
            return call
        self._request_ids += 1
        fresh = f"{self._lines.seed % 2**32:08x}-0000-4000-b000-{self._request_ids:012x}"
        return replace(call, headers={**call.headers, self._request_id: fresh})

    def _play_calls(self, calls: list[Call], repeated: int | None, budget: Budget) -> Iterator[CallFinding]:
        """Send calls, judge each answer, check what they left behind, and repeat one of them."""
        judgements: list[tuple[Call, CallJudgement]] = []
        for call in calls:
            answer = self._lines.services.send(call)
            judgement = self._judge_answer(call, answer, budget)
            yield from self._findings(call, judgement, answer.status)
            judgements.append((call, judgement))
            if answer.status == 200:
                self._learn(call, answer)
        yield from self._judge_left(judgements)
        repeatable = [(call, judgement) for call, judgement in judgements if judgement.repeatable]
        if repeatable and repeated is not None:
            yield from self._repeat(*repeatable[repeated % len(repeatable)], budget)

    def _judge_answer(self, call: Call, answer: Response, budget: Budget) -> CallJudgement:
        judgement, channel = self._judge.judge(call, answer), channel_of(call)
        budget.spend()
        self.counts.calls[channel] += 1
        self.counts.statuses[channel, answer.status] += 1
        self.counts.carried_out[channel] += judgement.carried_out
        return judgement

    def _play_sequence(self, trial: sequences.SequenceTrial, budget: Budget) -> Iterator[CallFinding]:
        recorder = CallRecorder(self._lines.services)
        try:
            for breach in sequences.play(self._lines, recorder, trial, self._known.citizens):
                yield from self._findings(recorder.calls[-1], CallJudgement(SEQUENCES, (breach,)), 0)
        except UnansweredError:
            raise
        except RemoteWireError as error:
            breach = f"svaret kan ikke forstås: {error}"
            yield from self._findings(recorder.calls[-1], CallJudgement(SEQUENCES, (breach,)), 0)
        budget.spend(len(recorder.calls))
        self.counts.calls.update(map(channel_of, recorder.calls))
        self._left.count_new()

    def _learn(self, call: Call, answer: Response) -> None:
        kind = identifier_kind(call)
        if kind == SEQUENCE and CREATE not in call.headers.get("soapaction", ""):
            return  # messages of the queue hold identifiers of other kinds
        text = f"{call.path} {' '.join(call.headers.values())} {call.body.decode('utf-8', 'replace')}"
        # the id of an illness is chosen by the caller, and is not in the answer
        self._known.learn(kind, text, text if kind == ILLNESS else answer.body.decode("utf-8", "replace"))

    def _repeat(self, call: Call, judgement: CallJudgement, budget: Budget) -> Iterator[CallFinding]:
        """Send the call again with the same request id: it must be answered with 412 and leave no trace."""
        answer = self._lines.services.send(call)
        self._judge_answer(call, answer, budget)
        if answer.status != REPEATED:
            yield from self._findings(call, replace(judgement, breaches=(repeated(answer.status),)), answer.status)
        yield from self._judge_left([(call, replace(judgement, breaches=(), carried_out=answer.status == 200))])

    def _judge_left(self, judgements: list[tuple[Call, CallJudgement]]) -> Iterator[CallFinding]:
        """If all calls were refused but something was added, find the call that added it, on an emptied stage."""
        if not any(self._left.count_new()) or any(judgement.carried_out for _, judgement in judgements):
            return
        self._empty_stage()
        for call, judgement in judgements:
            answer = self._lines.services.send(self._with_request_id(call, always=True))
            rows, messages = self._left.count_new()
            if (rows or messages) and not self._judge.judge(call, answer).carried_out:
                breach = left_over(answer.status, rows, messages)
                yield from self._findings(call, replace(judgement, breaches=(breach,)), answer.status)
                return
        last, judgement = judgements[-1]
        yield from self._findings(
            last, replace(judgement, breaches=(f"et af {len(judgements)} afviste kald efterlod noget",)), 0
        )

    def _findings(self, call: Call, judgement: CallJudgement, status: int) -> Iterator[CallFinding]:
        if not judgement.breaches or judgement.operation in self._reported:
            return
        self._reported.add(judgement.operation)
        yield call_finding(self._lines, judgement.operation, RULE, judgement.breaches[0], call, status)


def _empty(lines: FuzzLines) -> list[str]:
    """Empty the stage, create citizens and a subscriber system on it, and return the CPR numbers."""
    assert lines.control is not None, "see why_not"
    numbers = citizens(lines)
    Control(lines.control).subscriber_system(SYSTEM, "http://127.0.0.1:9", JOBCENTER)
    return numbers


def replay(lines: FuzzLines, finding: CallFinding) -> CallFinding | None:
    """Send the call of a finding on an emptied stage, and repeat it; return None if no answer breaks a rule any more.

    A finding that depends on registrations made before it is therefore not reproduced.
    """
    citizens = _empty(lines)
    if finding.operation == SEQUENCES:
        trials = draw_examples(sequences.trials(), TRIALS, finding.seed)
        breaks = any(breach for trial in trials for breach in sequences.play(lines, lines.services, trial, citizens))
        return finding if breaks else None
    return finding if any(_breaches(lines, finding.call.call())) else None


def _breaches(lines: FuzzLines, call: Call) -> Iterator[tuple[str, str]]:
    """Send a call, and repeat it if it is repeatable; yield the operation and Danish text of each breach."""
    left, judge = LeftBehind(lines), VariantJudge(lines.contract)
    try:
        answer = lines.services.send(call)
        judgement = judge.judge(call, answer)
        yield from ((judgement.operation, breach) for breach in judgement.breaches)
        rows, messages = left.count_new()
        if (rows or messages) and not judgement.carried_out:
            yield judgement.operation, left_over(answer.status, rows, messages)
        again = lines.services.send(call).status if judgement.repeatable else REPEATED
        if again != REPEATED:
            yield judgement.operation, repeated(again)
    except UnansweredError as unanswered:
        judgement = judge.judge_unanswered(unanswered)
        yield from ((judgement.operation, breach) for breach in judgement.breaches)


def shrink(lines: FuzzLines, finding: CallFinding, budget: Budget) -> CallFinding:
    """Return the finding with the smallest call that breaks the same rule on an emptied stage, or unchanged."""
    expected = finding.operation, _wording(finding.breach)

    def breaks(call: Call) -> bool | None:
        budget.spend()
        _empty(lines)
        return expected in {(name, _wording(breach)) for name, breach in _breaches(lines, call)} or None

    call = finding.call.call()
    if finding.operation == SEQUENCES or not breaks(call):
        return finding
    return msgspec.structs.replace(finding, call=Sent.of(smallest_call(call, breaks, budget)))


def _wording(breach: str) -> str:
    """Return the text of a breach without numbers and details, which is equal for two breaches of the same rule."""
    return re.sub(r"\d+", "#", breach.partition(":")[0])


def smallest_call(call: Call, breaks: Callable[[Call], bool | None], budget: Budget) -> Call:
    """Return a smaller call that still `breaks`: headers, and elements, members or pieces of the body, are left out."""
    while not budget.exhausted:
        reductions = _reductions(call, *_body_parts(call, breaks))
        limits = budget.seconds_left, budget.calls_left
        smaller = hunt(reductions, breaks, lambda reduced: repr(reduced).encode(), 0, budget, limits)
        if smaller is None or smaller[0] == call:
            break
        call = smaller[0]
    return call


def _reductions(call: Call, count: int, without: Callable[[Collection[int]], bytes]) -> st.SearchStrategy[Call]:
    """Return the strategy of calls with fewer headers and parts; a draw of 0, the smallest, omits one."""
    names, kept = list(call.headers), st.integers(0, 127)

    def reduced(headers: Sequence[int], parts: Sequence[int]) -> Call:
        kept_headers = {name: call.headers[name] for name, keep in zip(names, headers, strict=True) if keep}
        body = without([number for number, keep in enumerate(parts) if not keep])
        return Call(call.method, call.path, kept_headers, body)

    return st.builds(reduced, st.tuples(*[kept] * len(names)), st.tuples(*[kept] * count))


def _body_parts(call: Call, breaks: Callable[[Call], bool | None]) -> tuple[int, Callable[[Collection[int]], bytes]]:
    """Return the number of parts of the body, and a function that writes it without the parts of given numbers.

    The parts are XML elements or JSON members if the body still `breaks` when it is written anew, else pieces of bytes.
    """
    body = call.body
    for count, without in (_xml_parts(body), _json_parts(body)):
        if 0 < count <= MOST_PARTS and breaks(replace(call, body=without(()))):
            return count, without
    size = -(-len(body) // PIECES) or 1
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    return len(pieces), lambda omitted: b"".join(piece for number, piece in enumerate(pieces) if number not in omitted)


def _xml_parts(body: bytes) -> tuple[int, Callable[[Collection[int]], bytes]]:
    try:
        root = etree.fromstring(body, _XML)
    except (etree.XMLSyntaxError, ValueError):
        return 0, lambda omitted: body

    def without(omitted: Collection[int]) -> bytes:
        copy = etree.fromstring(etree.tostring(root), _XML)
        for number, element in enumerate([*copy.iter()]):
            parent = element.getparent()
            if number in omitted and parent is not None:
                parent.remove(element)
        return b"" if 0 in omitted else etree.tostring(copy)

    return sum(1 for _ in root.iter()), without


def _json_parts(body: bytes) -> tuple[int, Callable[[Collection[int]], bytes]]:
    with suppress(ValueError, RecursionError):
        content = json.loads(body)
        paths = [*_paths(content)]

        def without(omitted: Collection[int]) -> bytes:
            return b"" if 0 in omitted else _write_json(content, {paths[number] for number in omitted})

        return len(paths), without
    return 0, lambda omitted: body


def _paths(content: object, path: JsonPath = ()) -> Iterator[JsonPath]:
    yield path
    items = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for name, value in items:
        yield from _paths(value, (*path, name))


def _write_json(content: object, omitted: Collection[JsonPath]) -> bytes:
    def kept(value: object, path: JsonPath) -> object:
        if isinstance(value, dict):
            return {name: kept(member, (*path, name)) for name, member in value.items() if (*path, name) not in omitted}
        if isinstance(value, list):
            return [
                kept(entry, (*path, number)) for number, entry in enumerate(value) if (*path, number) not in omitted
            ]
        return value

    return json.dumps(kept(content, ()), ensure_ascii=False).encode("utf-8", "surrogatepass")
