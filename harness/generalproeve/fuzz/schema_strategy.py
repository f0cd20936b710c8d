"""Messages made up from an XML schema: valid ones, and ones that are wrong at one place.

A walker of its own, because no kept library makes examples of an XSD; it knows what the contract's schemas use. Whether what it
makes is valid is the compiled schema's to say. Not here: envelopes (`soap`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from hypothesis import strategies as st
from lxml import etree

from vos_contracts.wire.soap_skema import XS, Tjeneste

_TEGN = st.characters(exclude_categories=["Cc", "Cs", "Cn"], exclude_characters="\ufffe\uffff")
_TEKST = st.text(_TEGN, max_size=30) | st.sampled_from(["", "<script>", "x" * 300, "Ærø ✓"])
_INDBYGGEDE: dict[str, st.SearchStrategy[str]] = {
    "string": _TEKST,
    "boolean": st.sampled_from(["true", "false", "1", "0"]),
    "int": st.integers(0, 30).map(str) | st.integers(-(2**31), 2**31 - 1).map(str),
}
_TIDER = (
    "1900-01-01T00:00:00", "9998-01-01T00:00:00Z", "2024-02-29T00:00:00.123456789+14:00", "-0001-01-01T00:00:00",
    "12024-01-01T00:00:00Z",
)  # fmt: skip
CPR = "PersonCivilRegistrationIdentifierType"


class Skemastrategi:
    """What a service's messages may be; `cpr` are citizens that are on the stage, `midnat` is the beginning of its day."""

    def __init__(self, tjeneste: Tjeneste, cpr: list[str], midnat: datetime) -> None:
        self._cpr = cpr
        dag = midnat.date()
        self._indbyggede = {
            **_INDBYGGEDE,
            "dateTime": st.sampled_from([
                *[midnat.isoformat()] * 4, f"{dag}T00:00:00", midnat.astimezone(UTC).isoformat(), f"{dag}T24:00:00", *_TIDER,
            ]),
        }  # fmt: skip
        self._navngivne: dict[tuple[str, str], etree._Element] = {}
        for navn in sorted(tjeneste.xsd_navne):
            rod = etree.fromstring(tjeneste.filer[navn])
            for et in rod:
                if isinstance(et.tag, str) and et.get("name"):
                    rum = f"{{{rod.get('targetNamespace', '')}}}{et.get('name')}"
                    self._navngivne[etree.QName(et).localname, rum] = et

    def element(self, navn: str) -> st.SearchStrategy[etree._Element]:
        """Return the strategy of valid elements of that name, in Clark notation."""
        return st.composite(lambda draw: self._element(draw, self._navngivne["element", navn]))()

    def _element(self, draw: st.DrawFn, erklaering: etree._Element) -> etree._Element:
        if erklaering.get("ref"):
            return self._element(draw, self._navngivne["element", _navn(erklaering, "ref")])
        rum = erklaering.getroottree().getroot().get("targetNamespace", "")
        element = etree.Element(f"{{{rum}}}{erklaering.get('name')}")
        type_ = erklaering if len(erklaering) else None
        if type_ is None:
            navn = _navn(erklaering, "type")
            if navn.startswith(f"{{{XS}}}"):
                element.text = draw(self._indbyggede.get(navn.partition("}")[2], st.just("")))
                return element
            type_ = self._type(navn)
        self._fyld(draw, element, type_)
        return element

    def _type(self, navn: str) -> etree._Element:
        return next(en for art in ("complexType", "simpleType") if (en := self._navngivne.get((art, navn))) is not None)

    def _fyld(self, draw: st.DrawFn, element: etree._Element, type_: etree._Element) -> None:
        """Put into an element what its type, or a group within it, says."""
        if type_.get("name") == CPR and draw(st.integers(0, 4)):
            element.text = draw(st.sampled_from(self._cpr))
            return
        for del_ in type_:
            match etree.QName(del_).localname if isinstance(del_.tag, str) else "":
                case "element":
                    for _ in range(draw(_antal(del_))):
                        element.append(self._element(draw, del_))
                case "choice":
                    valgt = draw(st.sampled_from(list(del_)))
                    element.append(self._element(draw, valgt))
                case "restriction":
                    element.text = draw(_begraenset(del_))
                case "extension":
                    self._fyld(draw, element, self._type(_navn(del_, "base")))
                    self._fyld(draw, element, del_)
                case "complexType" | "simpleType" | "sequence" | "complexContent":
                    self._fyld(draw, element, del_)
                case _:
                    pass


def _navn(et: etree._Element, attribut: str) -> str:
    praefiks, kolon, lokalt = et.get(attribut, "").rpartition(":")
    return f"{{{et.nsmap.get(praefiks if kolon else None, '')}}}{lokalt}"


def _antal(erklaering: etree._Element) -> st.SearchStrategy[int]:
    mindst, hoejst = erklaering.get("minOccurs", "1"), erklaering.get("maxOccurs", "1")
    return st.integers(int(mindst), 2 if hoejst == "unbounded" else int(hoejst))


def _begraenset(restriktion: etree._Element) -> st.SearchStrategy[str]:
    facetter = {etree.QName(et).localname: et.get("value", "") for et in restriktion if isinstance(et.tag, str)}
    if "pattern" in facetter:
        return st.from_regex(
            facetter["pattern"], fullmatch=True, alphabet=st.characters(max_codepoint=126, min_codepoint=32)
        )
    if restriktion.get("base") == "xs:int":
        mindst, hoejst = int(facetter.get("minInclusive", -9)), int(facetter.get("maxInclusive", 999))
        return st.integers(mindst, min(hoejst, 30)).map(str) | st.sampled_from([str(mindst), str(hoejst)])
    mindst = int(facetter.get("length", facetter.get("minLength", 0)))
    hoejst = int(facetter.get("length", facetter.get("maxLength", 40)))
    return st.text(st.characters(categories=["Lu", "Ll", "Nd"]), min_size=mindst, max_size=hoejst)


Forvanskning = Callable[[etree._Element], None]
FORVANSKNINGER: dict[str, Forvanskning] = {
    "mangler": lambda et: _forael(et).remove(et),
    "står to gange": lambda et: et.addnext(etree.fromstring(etree.tostring(et))),
    "har et fremmed barn": lambda et: et.append(etree.Element("{urn:fremmed}x")),
    "hedder noget andet": lambda et: setattr(et, "tag", f"{et.tag}x"),
    "er i et andet namespace": lambda et: setattr(et, "tag", f"{{urn:fremmed}}{etree.QName(et).localname}"),
    "er tomt": lambda et: et.clear(),
    "er meget langt": lambda et: setattr(et, "text", "9" * 5000),
    "er ikke et tal": lambda et: setattr(et, "text", "NaN"),
    "har en fremmed attribut": lambda et: et.set("x", "1"),
    "er nil": lambda et: et.set("{http://www.w3.org/2001/XMLSchema-instance}nil", "true"),
}


def _forael(et: etree._Element) -> etree._Element:
    forael = et.getparent()
    assert forael is not None, "only what lies within a message is spoiled"
    return forael


def forvansk(element: etree._Element, hvordan: str, nummer: int) -> str:
    """Spoil the element at one place, counted round; return which, in words; empty where there is nothing within it."""
    steder: list[etree._Element] = list(_indeni(element))
    if not steder:
        return ""
    sted = steder[nummer % len(steder)]
    navn = etree.QName(sted).localname
    FORVANSKNINGER[hvordan](sted)
    return f"{navn} {hvordan}"


def _indeni(element: etree._Element) -> Iterator[etree._Element]:
    yield from (et for et in element.iterdescendants() if isinstance(et.tag, str))
