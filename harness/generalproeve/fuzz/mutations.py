"""Mutate recorded calls by draws of Hypothesis: the method, path, headers, fields, elements, bytes or size.

The smallest draw is the recorded call unchanged. The answers to mutated calls are judged in `variant_judges`.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar
from urllib.parse import quote

from hypothesis import strategies as st
from lxml import etree

from generalproeve.fuzz.corpus import REST, UUID, Corpus, channel_of, identifier_kind
from generalproeve.fuzz.schema_strategy import DISTORTIONS, distort
from generalproeve.fuzz.sequences import SequenceTrial, trials
from vos_contracts.wire.asgi.body import STANDARD
from vos_contracts.wire.base import Call

Item = TypeVar("Item")
ODD_TEXTS: tuple[str, ...] = (
    "", " ", "0", "-1", "1e400", "NaN", "null", "true", "[]", "{}", "0000000000", "9" * 40, "x" * 5000, "%00",
    "../../etc/passwd",
    "<script>alert(1)</script>", "]]>", "&amp;&lt;", "&#x0;", "' OR 1=1 --", "${jndi:ldap://x}", 'x"y\\z', "<b>x",
    "\U0001f600", "Ærø ✓", "\u202eabc", "\ufeff", "\ufffe", "İı", "ﬀ", "\u0301" * 20, "\u2028",
    "00000000-0000-0000-0000-000000000000", "http://127.0.0.1:9/x", "//x", "javascript:1", "file:///x", "urn:uuid:0",
    "2024-11-18T00:00:00+01:00", "2024-11-18",
    "2024-11-18T00:00:00", "2024-02-30T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z",
    "2024-11-18T24:00:00+14:00", "2024-11-18T00:00:60Z", "-0001-01-01T00:00:00",
)  # fmt: skip
FORBIDDEN_IN_HEADERS = ("x\r\nx-evil: 1", "x\ny", "\x00", "\x7f", "\x01\x02")
ODD_NUMBERS = (0, 1, -1, 2, 13, 23, 99, 10000, 10001, 2**31, 2**63, -(2**64), 10**400, 1.5, 1e308, -0.0)
ODD_VALUES: tuple[object, ...] = (None, True, False, [], {}, [[]], {"a": {}}, "", "0", *ODD_NUMBERS)
METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS")
MEDIA_TYPES = (
    "text/plain", "application/json; charset=latin-1", "application/xml", "application/json; charset=UTF-8", "APPLICATION/JSON",
    "application/json, text/plain", "", "multipart/form-data; boundary=x",
)  # fmt: skip
DEEP_JSON, DEEP_XML, LONG_LIST = 2000, 300, 12_000
_CPR = re.compile(r"(?<![\w-])\d{10}(?![\w-])")
_PARSER = etree.XMLParser(
    resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
)
_DISTORTIONS = sorted(DISTORTIONS)
_INSERTS = (
    b"<!-- x -->", b"<?x y?>", b"<![CDATA[x]]>", b"&x;", b"&#x41;", b"&#0;", b"<x/>", b"</x>", b"\x00", b"\xff",
    b"\xef\xbb\xbf", b"<a>" * DEEP_XML + b"</a>" * DEEP_XML,
)  # fmt: skip
_DOCTYPE = b'<!DOCTYPE x [<!ENTITY x "y"><!ENTITY z SYSTEM "file:///x">]>'

BLOCK = 20
"""Calls in one example; after them, rows and messages on the stage are counted."""
UNTOUCHED_EVERY = 6
"""One of six blocks has unmutated calls, which put registrations on the stage. These blocks come first in a round: the
calls of most other blocks are all refused, so that nothing at all may be added after them."""
OVER_LIMIT_EVERY, TOO_LARGE_EVERY = 60, 3
"""One of 60 calls exceeds a limit and is otherwise unchanged: a third of those are too large, the others too deep."""
REPEATED_EVERY, SEQUENCE_EVERY = 4, 10
"""One of four blocks repeats a call, and one of ten ends with a trial of a WSRM sequence."""
REMEMBERED, NEWEST = 64, 2
"""How many identifiers of each kind are kept. Half of the draws use the newest two: those are probably still open."""
UNKNOWN_EVERY = 4
"""One of four drawn identifiers is unknown to the stage."""


class KnownIdentifiers:
    """The CPR numbers of the citizens on the stage, and the identifiers in its answers by kind.

    The contents change during a hunt. The number and ranges of draws do not depend on them, because all identifiers
    have 36 characters, so that a seed is repeatable.
    """

    def __init__(self) -> None:
        self.citizens: Sequence[str] = ()
        self._identifiers: dict[str, deque[tuple[str, str]]] = {}

    def clear(self, citizens: Sequence[str]) -> None:
        """Forget all identifiers, because the stage was emptied; `citizens` are the CPR numbers now on it."""
        self.citizens = citizens
        self._identifiers.clear()

    def learn(self, kind: str, call: str, answer: str) -> None:
        """Keep the last four identifiers in an answer, with the CPR number in the call."""
        citizen = _CPR.search(call)
        known = self._identifiers.setdefault(kind, deque(maxlen=REMEMBERED))
        known.extend((identifier, citizen[0] if citizen else "") for identifier in UUID.findall(answer[-4000:])[-4:])

    def draw(self, choose: Chooser, kind: str) -> tuple[str, str]:
        """Draw a known identifier of the kind and its citizen, or sometimes an unknown identifier and any citizen."""
        unknown = choose.one_in(UNKNOWN_EVERY)
        place = choose.below(NEWEST) if choose.one_in(2) else choose.below(REMEMBERED)
        citizen, fresh = choose.pick(self.citizens), choose.identifier()
        known = self._identifiers.get(kind)
        if unknown or not known:
            return fresh, citizen
        identifier, owner = known[-1 - place % len(known)]
        return identifier, owner if owner in self.citizens else citizen


@dataclass(frozen=True, slots=True)
class Chooser:
    """The basic draws of mutations; each shrinks towards its first alternative."""

    draw: st.DrawFn

    def below(self, count: int) -> int:
        """Draw an integer from 0 to `count - 1`."""
        return self.draw(st.integers(0, count - 1))

    def one_in(self, count: int) -> bool:
        """Draw True once in `count` draws, else False."""
        return self.below(count) == count - 1

    def pick(self, items: Sequence[Item]) -> Item:
        """Draw one of the items."""
        return items[self.below(len(items))]

    def identifier(self) -> str:
        """Draw a UUID."""
        return f"{self.below(2**32):08x}-0000-4000-a000-{self.below(2**32):012x}"

    def text(self, before: str) -> str:
        """Draw a replacement for a text: an unusual text, or the old one with a small change."""
        if not before or self.one_in(2):
            return self.pick(ODD_TEXTS)
        place = self.below(len(before))
        match self.below(5):
            case 0:
                return before.swapcase()
            case 1:
                return before[:place] + before[place + 1 :]
            case 2:
                return before[:place] + self.pick(ODD_TEXTS)[:40] + before[place:]
            case 3:
                return before[:place] + chr(33 + self.below(94)) + before[place + 1 :]
            case _:
                return before * (2 + self.below(30))

    def header_text(self, before: str) -> str:
        """Draw a replacement for a text, without line breaks and NUL, which a header cannot hold."""
        return re.sub(r"[\r\n\0]", "", self.text(before))

    def data(self, before: bytes) -> bytes:
        """Draw a replacement for some bytes: a part of them changed, left out, repeated, or with text inserted."""
        if not before:
            return self.pick(ODD_TEXTS).encode("utf-8", "replace")
        place, length = self.below(len(before)), 1 + self.below(8)
        match self.below(5):
            case 0:
                return before[:place]
            case 1:
                return before[:place] + before[place + length :]
            case 2:
                return before[:place] + before[place : place + length] * 2 + before[place + length :]
            case 3:
                return before[:place] + bytes([self.below(256)]) + before[place + 1 :]
            case _:
                return before[:place] + self.pick(ODD_TEXTS).encode("utf-8", "replace") + before[place:]


@dataclass(frozen=True, slots=True)
class CallBlock:
    """One example: calls, and what happens after them.

    `repeated` is the index of the call to repeat, modulo the count of repeatable calls.
    """

    calls: tuple[Call, ...]
    repeated: int | None
    sequence: SequenceTrial | None


class Mutator:
    """Draws blocks of calls from a corpus; identifiers in `fixed` are left as they were recorded.

    Each recorded request id is replaced by the placeholder `REQUEST_ID`, for which the sender inserts a new one.
    """

    REQUEST_ID = "00000000-0000-4000-b000-000000000000"

    def __init__(self, corpus: Corpus, known: KnownIdentifiers, fixed: frozenset[str], request_id_header: str) -> None:
        self._known, self._fixed, self._request_id_header = known, fixed, request_id_header
        self._recorded = {
            channel: [st.sampled_from(calls) for calls in operations.values()]
            for channel, operations in corpus.calls.items()
        }

    def blocks(self, *, untouched: bool) -> st.SearchStrategy[CallBlock]:
        """Return the strategy of blocks of calls, by REST and SOAP in turn, either unmutated or mutated."""
        channels, sequence_trials = list(self._recorded), trials()

        @st.composite
        def block(draw: st.DrawFn) -> CallBlock:
            choose = Chooser(draw)
            calls = tuple(
                self._call(choose, channels[number % len(channels)], number, untouched) for number in range(BLOCK)
            )
            repeated = choose.below(BLOCK) if choose.one_in(REPEATED_EVERY) else None
            return CallBlock(calls, repeated, draw(sequence_trials) if choose.one_in(SEQUENCE_EVERY) else None)

        return block()

    def _call(self, choose: Chooser, channel: str, number: int, untouched: bool) -> Call:
        operations = self._recorded[channel]
        recorded = choose.draw(operations[(choose.below(len(operations)) + number) % len(operations)])
        call = self._onto_stage(choose, recorded)
        if untouched:
            return call
        return _mutated_rest(choose, call) if channel_of(call) == REST else _mutated_soap(choose, call)

    def _onto_stage(self, choose: Chooser, recorded: Call) -> Call:
        """Replace the recorded CPR number and identifier by ones on the stage; now and then one occurrence is kept."""
        identifier, citizen = self._known.draw(choose, identifier_kind(recorded))
        kept, occurrence = choose.below(40), 0

        def replaced(pattern: re.Pattern[str], replacement: str, text: str) -> str:
            def replace_match(match: re.Match[str]) -> str:
                nonlocal occurrence
                occurrence += 1
                return match[0] if match[0] in self._fixed or occurrence == kept else replacement

            return pattern.sub(replace_match, text)

        def on_stage(text: str) -> str:
            return replaced(UUID, identifier, replaced(_CPR, citizen, text))

        headers = {name: on_stage(value) for name, value in recorded.headers.items()}
        if self._request_id_header in headers:
            headers[self._request_id_header] = self.REQUEST_ID
        body = on_stage(recorded.body.decode("utf-8", "replace")).encode()
        return Call(recorded.method, on_stage(recorded.path), headers, body)


def _mutated_rest(choose: Chooser, call: Call) -> Call:
    if choose.one_in(OVER_LIMIT_EVERY):
        if choose.one_in(TOO_LARGE_EVERY):
            return replace(call, body=(call.body or b"{}") + b" " * STANDARD.body)
        return replace(call, body=b"[" * (STANDARD.depth + 1) + b"]" * (STANDARD.depth + 1))
    for _ in range(1 + choose.below(2)):
        match choose.below(16):
            case 0:
                call = replace(call, method=choose.pick(METHODS))
            case 1 | 2:
                call = replace(call, path=_mutated_path(choose, call.path))
            case 3 | 4:
                call = replace(call, body=choose.data(call.body))
            case 5 | 6 | 7 | 8 | 9 | 10 | 11 if call.body:
                call = replace(call, body=_mutated_json(choose, call.body))
            case _:
                call = replace(call, headers=_mutated_headers(choose, dict(call.headers)))
    return call


def _mutated_path(choose: Chooser, path: str) -> str:
    if choose.one_in(4):
        return f"{path}?{quote(choose.text('efter=1'), safe='=&')}"
    parts = path.split("/")
    number = 1 + choose.below(len(parts) - 1)
    parts[number] = quote(choose.text(parts[number])[:2000], safe="")
    return "/".join(parts)


def _mutated_headers(choose: Chooser, headers: dict[str, str]) -> dict[str, str]:
    if not headers or choose.one_in(12):
        headers["content-encoding"] = choose.pick(("gzip", "identity", "br", "x"))
        return headers
    name = choose.pick(list(headers))
    match choose.below(6):
        case 0:
            del headers[name]
        case 1 if name == "content-type":
            headers[name] = choose.pick(MEDIA_TYPES)
        case 2:
            headers[name] = choose.pick(FORBIDDEN_IN_HEADERS) if choose.one_in(8) else f" {headers[name]}\t"
        case 3:
            headers[name] = headers[choose.pick(list(headers))]
        case _:
            headers[name] = choose.header_text(headers[name])
    return headers


def _mutated_json(choose: Chooser, body: bytes) -> bytes:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return choose.data(body)
    match choose.below(24):
        case 0:
            return b"[" * DEEP_JSON + b"]" * DEEP_JSON
        case 1:
            return json.dumps(content, separators=(",", ":")).replace("{", '{"x":1,', 1).encode()
        case 2 if isinstance(content, dict) and content:
            name = choose.pick(list(content))
            duplicate = json.dumps({name: choose.pick(ODD_VALUES)})[1:-1]
            return json.dumps(content).replace("{", f"{{{duplicate}, ", 1).encode()
        case _:
            ascii_only = choose.one_in(2)
            try:
                return json.dumps(_mutated_value(choose, content), ensure_ascii=ascii_only).encode(
                    "utf-8", "surrogatepass"
                )
            except (ValueError, RecursionError):
                return choose.data(body)


def _mutated_value(choose: Chooser, value: Any) -> Any:
    if isinstance(value, dict) and value and not choose.one_in(10):
        name = choose.pick(list(value))
        if choose.one_in(5):
            return {key: content for key, content in value.items() if key != name}
        if choose.one_in(8):
            return {key if key != name else choose.text(key): content for key, content in value.items()}
        return {**value, name: _mutated_value(choose, value[name])}
    if isinstance(value, list) and value and not choose.one_in(8):
        if choose.one_in(6):
            return value + [choose.pick(value)] * (LONG_LIST if choose.one_in(20) else 1)
        number = choose.below(len(value))
        return [*value[:number], _mutated_value(choose, value[number]), *value[number + 1 :]]
    if isinstance(value, str) and not choose.one_in(4):
        return choose.text(value)
    if isinstance(value, int) and not isinstance(value, bool) and choose.one_in(2):
        return choose.below(30)
    return choose.pick(ODD_VALUES)


def _mutated_soap(choose: Chooser, call: Call) -> Call:
    if choose.one_in(OVER_LIMIT_EVERY):
        return replace(call, body=_over_xml_limit(choose, call.body))
    match choose.below(12):
        case 0 | 1:
            return replace(call, body=choose.data(call.body))
        case 2:
            return replace(call, body=_with_insert(choose, call.body))
        case 3:
            headers = dict(call.headers)
            name = choose.pick(sorted({*headers, "soapaction", "content-type", "content-encoding"}))
            text = choose.header_text(headers.pop(name, ""))
            return replace(call, headers=headers if choose.one_in(3) else {**headers, name: text})
        case _:
            return replace(call, body=_mutated_xml(choose, call.body))


def _over_xml_limit(choose: Chooser, body: bytes) -> bytes:
    """Return the body padded beyond the size limit, or with an unknown SOAP header nested beyond the depth limit."""
    tag_end = b":Header>"
    if choose.one_in(TOO_LARGE_EVERY) or tag_end not in body:
        return body + b" " * STANDARD.body
    deep = b'<x xmlns="urn:fremmed">' + b"<a>" * STANDARD.depth + b"</a>" * STANDARD.depth + b"</x>"
    return body.replace(tag_end, tag_end + deep, 1)


def _with_insert(choose: Chooser, body: bytes) -> bytes:
    if choose.one_in(6):
        return _DOCTYPE + body[body.find(b"?>") + 2 if body.startswith(b"<?xml") else 0 :]
    places = [number for number, byte in enumerate(body, 1) if byte == ord(">")]
    if not places:
        return body
    place = choose.pick(places)
    return body[:place] + choose.pick(_INSERTS) + body[place:]


def _mutated_xml(choose: Chooser, body: bytes) -> bytes:
    """Return the body with one or two elements changed, mostly in the message rather than in the SOAP headers."""
    try:
        root = etree.fromstring(body, _PARSER)
    except (etree.XMLSyntaxError, ValueError):
        return choose.data(body)
    part = root[-1] if len(root) and not choose.one_in(6) else root
    for _ in range(1 + choose.one_in(3)):
        elements = [element for element in part.iterdescendants() if isinstance(element.tag, str)]
        if not elements:
            break
        if choose.one_in(2):
            element = choose.pick(elements)
            replacement = (
                choose.text(element.text or "") if choose.one_in(2) else choose.pick((*ODD_TEXTS, "1", "2", "13", "8"))
            )
            try:
                element.text = replacement
            except ValueError:  # characters that XML cannot hold
                element.text = "?"
        else:
            distort(part, choose.pick(_DISTORTIONS), choose.below(60))
    return etree.tostring(root, encoding="utf-8")
