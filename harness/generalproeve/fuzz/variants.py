"""The hunt by variants: mutated copies of recorded calls, half by REST and half by SOAP, some hundred a second.

Rules for every answer: it exists and is no internal error; it is documented for the operation; what the schema forbids is not
carried out; a request id is accepted once; a refused call leaves nothing. Each round begins on an emptied stage, so the stage
does not grow with the number of calls.
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
from generalproeve.fuzz.variant_judges import CallVerdict, VariantJudge
from vos_contracts.wire.base import Call, RemoteWireError, Response, UnreachableError
from vos_contracts.wire.messages.wsrm import CREATE
from vos_simulators.control import Control, ControlRefused
from vos_simulators.parties import JOBCENTER

RULE, SEQUENCES = "variant", "WSRM sequence"
TRIALS = 50
"""Trials of a sequence before a finding about one counts as mended."""
PIECES = 64
"""Pieces that a body other than XML or JSON is cut into for shrinking; the pieces that remain are cut again."""
MOST_PARTS = 512
"""The most elements or members that are left out one by one; a larger body is cut into pieces."""
JsonPath = tuple[str | int, ...]
_XML = etree.XMLParser(resolve_entities=False, huge_tree=True)


@dataclass
class Counts:
    """Numbers of calls by channel, by channel and status, and of calls that were carried out and may write."""

    calls: Counter[str] = field(default_factory=Counter)
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    carried_out: Counter[str] = field(default_factory=Counter)


def why_not(lines: FuzzLines) -> str:
    """Return the Danish reason why the hunt cannot be played on the stage; empty if it can."""
    return "" if lines.control is not None else f"{lines.without_control}, og den skal tømmes undervejs"


def search(lines: FuzzLines, budget: Budget) -> Iterator[CallFinding]:
    """Search until the budget is spent; yield the first finding of each operation."""
    yield from VariantHunt(lines, record(lines, budget)).play(budget)


class VariantHunt:
    """Plays blocks of mutated calls on one stage, and counts them."""

    def __init__(self, lines: FuzzLines, corpus: Corpus) -> None:
        self._lines, self._corpus = lines, corpus
        self._known = KnownIdentifiers()
        self._request_id = lines.contract.names.header("requestId").lower()
        mutator = Mutator(corpus, self._known, frozenset({SYSTEM}), self._request_id)
        self._untouched, self._mutated = mutator.blocks(untouched=True), mutator.blocks(untouched=False)
        self._judge = VariantJudge(lines.contract)
        self._told: set[str] = set()
        self._round = self._request_ids = 0
        self.counts = Counts()

    def play(self, budget: Budget) -> Iterator[CallFinding]:
        """Play rounds until the budget is spent, and yield the findings of each.

        Raises:
            UnreachableError: the stage no longer answers.
            ControlRefused: the control API refused to empty the stage.
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
        """Play one round; return the failure that ended it early, or None."""

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
            self._left.count_new()  # it may have been carried out

    def _with_request_id(self, call: Call, *, always: bool = False) -> Call:
        """Give the call a new request id if it has a complete one (`always`: if it has any)."""
        before = call.headers.get(self._request_id)
        if not before or (before != Mutator.REQUEST_ID and not always):
            return call
        self._request_ids += 1
        fresh = f"{self._lines.seed % 2**32:08x}-0000-4000-b000-{self._request_ids:012x}"
        return replace(call, headers={**call.headers, self._request_id: fresh})

    def _play_calls(self, calls: list[Call], repeated: int | None, budget: Budget) -> Iterator[CallFinding]:
        """Send calls, judge each answer, look for what they wrote, and repeat one."""
        verdicts: list[tuple[Call, CallVerdict]] = []
        for call in calls:
            answer = self._lines.services.send(call)
            verdict = self._judge_answer(call, answer, budget)
            yield from self._findings(call, verdict, answer.status)
            verdicts.append((call, verdict))
            if answer.status == 200:
                self._learn(call, answer)
        yield from self._judge_left(verdicts)
        repeatable = [(call, verdict) for call, verdict in verdicts if verdict.repeatable]
        if repeatable and repeated is not None:
            yield from self._repeat(*repeatable[repeated % len(repeatable)], budget)

    def _judge_answer(self, call: Call, answer: Response, budget: Budget) -> CallVerdict:
        verdict, channel = self._judge.judge(call, answer), channel_of(call)
        budget.spend()
        self.counts.calls[channel] += 1
        self.counts.statuses[channel, answer.status] += 1
        self.counts.carried_out[channel] += verdict.carried_out
        return verdict

    def _play_sequence(self, trial: sequences.SequenceTrial, budget: Budget) -> Iterator[CallFinding]:
        recorder = CallRecorder(self._lines.services)
        try:
            for breach in sequences.play(self._lines, recorder, trial, self._known.citizens):
                yield from self._findings(recorder.calls[-1], CallVerdict(SEQUENCES, (breach,)), 0)
        except UnansweredError:
            raise
        except RemoteWireError as error:
            breach = f"svaret kan ikke forstås: {error}"
            yield from self._findings(recorder.calls[-1], CallVerdict(SEQUENCES, (breach,)), 0)
        budget.spend(len(recorder.calls))
        self.counts.calls.update(map(channel_of, recorder.calls))
        self._left.count_new()

    def _learn(self, call: Call, answer: Response) -> None:
        kind = identifier_kind(call)
        if kind == SEQUENCE and CREATE not in call.headers.get("soapaction", ""):
            return  # messages of the queue have identifiers of every kind
        text = f"{call.path} {' '.join(call.headers.values())} {call.body.decode('utf-8', 'replace')}"
        # the reporter chooses the identifier of an illness
        self._known.learn(kind, text, text if kind == ILLNESS else answer.body.decode("utf-8", "replace"))

    def _repeat(self, call: Call, verdict: CallVerdict, budget: Budget) -> Iterator[CallFinding]:
        """Repeat the call with the same request id: the answer must be 412, and nothing may change."""
        answer = self._lines.services.send(call)
        self._judge_answer(call, answer, budget)
        if answer.status != REPEATED:
            yield from self._findings(call, replace(verdict, breaches=(repeated(answer.status),)), answer.status)
        yield from self._judge_left([(call, replace(verdict, breaches=(), carried_out=answer.status == 200))])

    def _judge_left(self, verdicts: list[tuple[Call, CallVerdict]]) -> Iterator[CallFinding]:
        """Count what was written; if no call was carried out, find the call that wrote it."""
        if not any(self._left.count_new()) or any(verdict.carried_out for _, verdict in verdicts):
            return
        self._empty_stage()
        for call, verdict in verdicts:
            answer = self._lines.services.send(self._with_request_id(call, always=True))
            rows, messages = self._left.count_new()
            if (rows or messages) and not self._judge.judge(call, answer).carried_out:
                breach = left_over(answer.status, rows, messages)
                yield from self._findings(call, replace(verdict, breaches=(breach,)), answer.status)
                return
        last, verdict = verdicts[-1]
        yield from self._findings(
            last, replace(verdict, breaches=(f"et af {len(verdicts)} afviste kald efterlod noget",)), 0
        )

    def _findings(self, call: Call, verdict: CallVerdict, status: int) -> Iterator[CallFinding]:
        if not verdict.breaches or verdict.operation in self._told:
            return
        self._told.add(verdict.operation)
        yield call_finding(self._lines, verdict.operation, RULE, verdict.breaches[0], call, status)


def _empty(lines: FuzzLines) -> list[str]:
    """Empty the stage, put citizens and a subscriber system on it, and return the CPR numbers."""
    assert lines.control is not None, "see why_not"
    numbers = citizens(lines)
    Control(lines.control).subscriber_system(SYSTEM, "http://127.0.0.1:9", JOBCENTER)
    return numbers


def replay(lines: FuzzLines, finding: CallFinding) -> CallFinding | None:
    """Make the call on an emptied stage, and again with the same request id; None if no rule is broken now.

    A call that needs what was on the stage when it was found is answered rightly where that is not.
    """
    citizens = _empty(lines)
    if finding.operation == SEQUENCES:
        tried = draw_examples(sequences.trials(), TRIALS, finding.seed)
        breaks = any(breach for trial in tried for breach in sequences.play(lines, lines.services, trial, citizens))
        return finding if breaks else None
    return finding if any(_breaches(lines, finding.call.call())) else None


def _breaches(lines: FuzzLines, call: Call) -> Iterator[tuple[str, str]]:
    """Make a call, and repeat it if it can be repeated; return the operation and each breach in Danish."""
    left, judge = LeftBehind(lines), VariantJudge(lines.contract)
    try:
        answer = lines.services.send(call)
        verdict = judge.judge(call, answer)
        yield from ((verdict.operation, breach) for breach in verdict.breaches)
        rows, messages = left.count_new()
        if (rows or messages) and not verdict.carried_out:
            yield verdict.operation, left_over(answer.status, rows, messages)
        again = lines.services.send(call).status if verdict.repeatable else REPEATED
        if again != REPEATED:
            yield verdict.operation, repeated(again)
    except UnansweredError as unanswered:
        verdict = judge.judge_unanswered(unanswered)
        yield from ((verdict.operation, breach) for breach in verdict.breaches)


def shrink(lines: FuzzLines, finding: CallFinding, budget: Budget) -> CallFinding:
    """Return the finding with the smallest call that breaks the same rule on an emptied stage, or unchanged if it does not."""
    wanted = finding.operation, _wording(finding.breach)

    def breaks(call: Call) -> bool | None:
        budget.spend()
        _empty(lines)
        return wanted in {(name, _wording(breach)) for name, breach in _breaches(lines, call)} or None

    call = finding.call.call()
    if finding.operation == SEQUENCES or not breaks(call):
        return finding
    return msgspec.structs.replace(finding, call=Sent.of(smallest_call(call, breaks, budget)))


def _wording(breach: str) -> str:
    """Return the part of a breach without numbers and details, which is equal for breaches of the same kind."""
    return re.sub(r"\d+", "#", breach.partition(":")[0])


def smallest_call(call: Call, breaks: Callable[[Call], bool | None], budget: Budget) -> Call:
    """Let Hypothesis leave out headers, elements, members or pieces as long as the call `breaks`."""
    while not budget.exhausted:
        reductions = _reductions(call, *_body_parts(call, breaks))
        limits = budget.seconds_left, budget.calls_left
        found = hunt(reductions, breaks, lambda smaller: repr(smaller).encode(), 0, budget, limits)
        if found is None or found[0] == call:
            break
        call = found[0]
    return call


def _reductions(call: Call, count: int, without: Callable[[Collection[int]], bytes]) -> st.SearchStrategy[Call]:
    """Return the strategy of calls with fewer headers and body parts; 0 leaves a part out, so shrinking leaves out parts."""
    names, kept = list(call.headers), st.integers(0, 127)

    def reduced(headers: Sequence[int], parts: Sequence[int]) -> Call:
        smaller = {name: call.headers[name] for name, keep in zip(names, headers, strict=True) if keep}
        body = without([number for number, keep in enumerate(parts) if not keep])
        return Call(call.method, call.path, smaller, body)

    return st.builds(reduced, st.tuples(*[kept] * len(names)), st.tuples(*[kept] * count))


def _body_parts(call: Call, breaks: Callable[[Call], bool | None]) -> tuple[int, Callable[[Collection[int]], bytes]]:
    """Return the number of parts of the body, and a function that writes it without some; XML and JSON are cut by structure."""
    body = call.body
    for count, without in (_xml_parts(body), _json_parts(body)):
        if 0 < count <= MOST_PARTS and breaks(replace(call, body=without(()))):
            return count, without
    size = -(-len(body) // PIECES) or 1
    runs = [body[start : start + size] for start in range(0, len(body), size)]
    return len(runs), lambda out: b"".join(run for number, run in enumerate(runs) if number not in out)


def _xml_parts(body: bytes) -> tuple[int, Callable[[Collection[int]], bytes]]:
    try:
        root = etree.fromstring(body, _XML)
    except (etree.XMLSyntaxError, ValueError):
        return 0, lambda out: body

    def without(out: Collection[int]) -> bytes:
        copy = etree.fromstring(etree.tostring(root), _XML)
        for number, element in enumerate([*copy.iter()]):
            parent = element.getparent()
            if number in out and parent is not None:
                parent.remove(element)
        return b"" if 0 in out else etree.tostring(copy)

    return sum(1 for _ in root.iter()), without


def _json_parts(body: bytes) -> tuple[int, Callable[[Collection[int]], bytes]]:
    with suppress(ValueError, RecursionError):
        content = json.loads(body)
        paths = [*_paths(content)]

        def without(out: Collection[int]) -> bytes:
            return b"" if 0 in out else _write_json(content, {paths[number] for number in out})

        return len(paths), without
    return 0, lambda out: body


def _paths(content: object, here: JsonPath = ()) -> Iterator[JsonPath]:
    yield here
    items = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for name, value in items:
        yield from _paths(value, (*here, name))


def _write_json(content: object, out: Collection[JsonPath]) -> bytes:
    def kept(value: object, here: JsonPath) -> object:
        if isinstance(value, dict):
            return {name: kept(item, (*here, name)) for name, item in value.items() if (*here, name) not in out}
        if isinstance(value, list):
            return [kept(item, (*here, number)) for number, item in enumerate(value) if (*here, number) not in out]
        return value

    return json.dumps(kept(content, ()), ensure_ascii=False).encode("utf-8", "surrogatepass")
