"""A call that breaks is made as small as can be, and still breaks: for XML, JSON and bytes."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from generalproeve.fuzz.budget import Budget
from generalproeve.fuzz.krymp import faerrest, krympet
from vos_contracts.wire.base import Kald

HEADERE = {"a": "1", "b": "2", "c": "3", "d": "4"}
XML = b"<r><x><y>1</y><z/></x><y>2</y><w q='1'><z>ond</z></w></r>"
JSON = json.dumps({"a": [1, {"ond": "x", "god": 2}, 3], "b": {"c": None}}).encode()


def test_xml_og_headere() -> None:
    def bryder(kald: Kald) -> bool:
        try:
            rod = etree.fromstring(kald.krop)
        except etree.XMLSyntaxError:
            return False
        return "c" in kald.headers and "ond" in rod.itertext()

    lille = krympet(Kald("POST", "/x", HEADERE, XML), bryder, Budget())
    assert lille.headers == {"c": "3"}
    assert etree.tostring(etree.fromstring(lille.krop)) == b'<r><w q="1"><z>ond</z></w></r>'


def test_json() -> None:
    lille = krympet(
        Kald("POST", "/x", HEADERE, JSON), lambda kald: b'"ond"' in kald.krop and kald.krop[:1] == b"{", Budget()
    )
    assert lille.headers == {}
    assert json.loads(lille.krop) == {"a": [{"ond": "x"}]}


@pytest.mark.parametrize("krop", [b"\xff\x00<<ond>> og mere", b"{" * 50 + b"ond" + b"}" * 20])
def test_andre_byte(krop: bytes) -> None:
    assert krympet(Kald("POST", "/x", {}, krop), lambda kald: b"ond" in kald.krop, Budget()).krop == b"ond"


def test_en_krop_der_er_ligegyldig_forsvinder() -> None:
    assert krympet(Kald("POST", "/x", HEADERE, XML), lambda kald: True, Budget()) == Kald("POST", "/x", {}, b"")


@given(st.sets(st.integers(0, 200)), st.integers(0, 201))
def test_intet_af_det_der_er_tilbage_kan_undvaeres(noedvendige: set[int], antal: int) -> None:
    noedvendige = {en for en in noedvendige if en < antal}
    assert faerrest([*range(antal)], lambda dele: noedvendige <= {*dele}) == sorted(noedvendige)


def test_det_mindste_der_naaedes_er_det_der_gives() -> None:
    lille = krympet(Kald("POST", "/x", HEADERE, b"x" * 100_000), lambda kald: len(kald.krop) > 1000, Budget(kald=8))
    assert 1000 < len(lille.krop) < 100_000
