"""The variants hunt: planted faults are found, a finding is shrunk and replayed, and the reference has no finding."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from lxml import etree

from generalproeve.fuzz.corpus import Corpus, identifier_kind
from generalproeve.fuzz.hunts import Budget, draw_examples
from generalproeve.fuzz.mutations import CallBlock, KnownIdentifiers, Mutator
from generalproeve.fuzz.variants import SEQUENCES, smallest_call
from support.fuzz_command import FAULTS, findings, fuzz
from vos_contracts.wire.base import Call

PLANTED = {
    f"{FAULTS}:gives_anybody_a_sequence": "af en fremmed ejer blev udført",
}
PLANTED_SLOW = {
    f"{FAULTS}:reads_any_size": "en krop ud over grænsen",
    "support.misbehaving:carries_out_repeated_calls": "samme request-id igen gav",
    f"{FAULTS}:stores_what_is_refused": "efterlod 1 rækker og 3 beskeder",
    f"{FAULTS}:writes_names_unescaped": "kan ikke forstås",
    f"{FAULTS}:reads_any_depth": "et kald, der skal afvises, blev udført",
}
FLAGS = ("--variants", "--seed", "1", "--max-calls", "2500")
HEADERS = {"a": "1", "b": "2", "c": "3", "d": "4"}
XML = b"<r><x><y>1</y><z/></x><y>2</y><w q='1'><z>bad</z></w></r>"
JSON = json.dumps({"a": [1, {"bad": "x", "good": 2}, 3], "b": {"c": None}}).encode()


@pytest.mark.parametrize(
    ("builder", "breach"),
    [*PLANTED.items(), *(pytest.param(*fault, marks=pytest.mark.slow) for fault in PLANTED_SLOW.items())],
)
def test_a_planted_fault_is_found(builder: str, breach: str, tmp_path: Path) -> None:
    found = [finding["what"] for finding in findings(*FLAGS, folder=tmp_path, builder=builder)]
    assert any(breach in what for what in found), found


@pytest.mark.slow
def test_a_finding_is_replayed_and_removed_when_it_is_fixed(tmp_path: Path) -> None:
    builder = f"{FAULTS}:echoes_unescaped"
    found = findings(*FLAGS[:-1], "600", folder=tmp_path, builder=builder)
    assert all("kan ikke forstås" in finding["what"] or SEQUENCES in finding["what"] for finding in found)
    file = next(finding["file"] for finding in found if SEQUENCES not in finding["what"])
    assert "fund: " in fuzz("--replay", file, folder=tmp_path, code=1, builder=builder).stdout
    assert "bryder ikke mere og er slettet" in fuzz("--replay", file, folder=tmp_path, code=0).stdout


@pytest.mark.slow
def test_a_finding_is_shrunk(tmp_path: Path) -> None:
    """The stage drops the connection for the method alone, so that shrinking leaves neither headers nor a body."""
    found = findings(*FLAGS, folder=tmp_path, builder=f"{FAULTS}:hangs_up_mid_answer")
    assert all("ubesvaret: " in finding["what"] for finding in found)
    files = [json.loads((tmp_path / finding["file"]).read_text("utf-8")) for finding in found]
    call = next(file["call"] for file in files if file["operation"].startswith("DELETE"))
    assert call["method"] == "DELETE"
    assert call.get("headers", {}) == {}
    assert call.get("body", "") == ""


@pytest.mark.parametrize("backend", ["converter", pytest.param("classic", marks=pytest.mark.slow)])
def test_the_reference_has_no_finding(backend: str, tmp_path: Path) -> None:
    calls = ("--variants", "--seed", "1", "--max-calls", "600" if backend == "converter" else "2500")
    assert "0 fund, seed 1" in fuzz(f"embedded:backend={backend}", *calls, folder=tmp_path, code=0).stdout


def drawn(seed: int, *, untouched: bool) -> list[CallBlock]:
    corpus, known, recorded = Corpus(), KnownIdentifiers(), "11111111-1111-4111-a111-111111111111"
    corpus.add(
        Call("PUT", f"/v1/PersonVisitering/kontaktgruppe/{recorded}", {"x-cpr": "0101010101", "id": recorded}, JSON)
    )
    corpus.add(
        Call("POST", "/PjakTassWCFtService/5/IllnessCompositeService.svc", {"soapaction": '"x#CreateIllness"'}, XML)
    )
    known.clear(["0203840000"])
    return draw_examples(Mutator(corpus, known, frozenset(), "id").blocks(untouched=untouched), 10, seed)


def test_the_same_seed_draws_the_same_calls() -> None:
    assert drawn(7, untouched=False) == drawn(7, untouched=False) != drawn(8, untouched=False)


def test_untouched_calls_are_the_recorded_ones_for_a_citizen_on_the_stage() -> None:
    rest, soap = (
        {repr(call) for block in drawn(7, untouched=True) for call in block.calls[offset::2]} for offset in (0, 1)
    )
    assert soap == {
        repr(
            Call("POST", "/PjakTassWCFtService/5/IllnessCompositeService.svc", {"soapaction": '"x#CreateIllness"'}, XML)
        )
    }
    assert all(JSON.decode() in call and Mutator.REQUEST_ID in call for call in rest)
    assert any("0203840000" in call for call in rest)


@dataclass
class Breaks:
    """A predicate for shrinking: whether a call has the bad bytes and the header; it records the calls it was given."""

    bad: bytes
    start: bytes = b""
    header: str = ""
    calls: list[Call] = field(default_factory=list)

    def __call__(self, call: Call) -> bool | None:
        self.calls.append(call)
        has_header = not self.header or self.header in call.headers
        return (has_header and self.bad in call.body and call.body.startswith(self.start)) or None


def test_shrinking_leaves_out_elements_and_headers() -> None:
    small = smallest_call(Call("POST", "/x", HEADERS, XML), Breaks(b"bad", b"<r", "c"), Budget(30))
    assert small.headers == {"c": "3"}
    assert etree.tostring(etree.fromstring(small.body)) == b'<r><w q="1"><z>bad</z></w></r>'


def test_shrinking_leaves_out_members() -> None:
    small = smallest_call(Call("POST", "/x", HEADERS, JSON), Breaks(b'"bad"', b"{"), Budget(30))
    assert small.headers == {}
    assert json.loads(small.body) == {"a": [{"bad": "x"}]}


@pytest.mark.parametrize("body", [b"\xff\x00<<bad>> and more", b"{" * 50 + b"bad" + b"}" * 20])
def test_shrinking_leaves_out_bytes(body: bytes) -> None:
    assert smallest_call(Call("POST", "/x", {}, body), Breaks(b"bad"), Budget(30)).body == b"bad"


def test_shrinking_drops_a_body_that_does_not_matter() -> None:
    assert smallest_call(Call("POST", "/x", HEADERS, XML), Breaks(b""), Budget(30)) == Call("POST", "/x", {}, b"")


def test_shrinking_stops_at_its_budget_with_the_smallest_so_far() -> None:
    breaks, budget = Breaks(b"x" * 1000), Budget(calls=30)

    def counted(call: Call) -> bool | None:
        budget.spend()
        return breaks(call)

    small = smallest_call(Call("POST", "/x", HEADERS, b"x" * 100_000), counted, budget)
    assert 1000 <= len(small.body) < 100_000
    assert len(breaks.calls) < 60, "the calls until the first failing one, and those of shrinking it"


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        (Call("GET", "/v1/PersonVisitering/kontaktgruppe/00000000-0000-4000-a000-000000000000"), "kontaktgruppe"),
        (Call("POST", "/v1/PersonVisitering/kontaktgruppe/00000000-0000-4000-a000-000000000000"), ""),
        (Call("POST", "/PjakTassWCFtService/3/WsrmService.svc", {"soapaction": '"x#CreateSequence"'}), "sequence"),
        (Call("POST", "/x/IllnessCompositeService.svc", {"soapaction": '"x#CreateIllness"'}), "illness"),
        (Call("GET", "/v1/Kodeliste"), ""),
    ],
)
def test_the_kind_of_identifier_is_read_from_the_call(call: Call, kind: str) -> None:
    assert identifier_kind(call) == kind


def test_a_round_may_have_a_single_block(tmp_path: Path) -> None:
    output = fuzz("--variants", "--seed", "1", "--max-calls", "15", "--json", folder=tmp_path, code=0).stdout
    assert json.loads(output)["calls"]["variants"] >= 15
