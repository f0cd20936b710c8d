"""Generate messages from an XML schema (XSD), and distort a message at one place.

No maintained library draws examples from an XSD, so this module walks the schema itself; it supports the constructs
that the contract's schemas use. Some messages are invalid by chance: validate each with `Service.breach`. Envelopes are
in `soap`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from hypothesis import strategies as st
from lxml import etree

from vos_contracts.wire.soap.schemas import XS, Service

_CHARACTER = st.characters(exclude_categories=["Cc", "Cs", "Cn"], exclude_characters="\ufffe\uffff")
_TEXT = st.text(_CHARACTER, max_size=30) | st.sampled_from(["", "<script>", "x" * 300, "Ærø ✓"])
_BUILTIN: dict[str, st.SearchStrategy[str]] = {
    "string": _TEXT,
    "boolean": st.sampled_from(["true", "false", "1", "0"]),
    "int": st.integers(0, 30).map(str) | st.integers(-(2**31), 2**31 - 1).map(str),
}
_TIMES = (
    "1900-01-01T00:00:00", "9998-01-01T00:00:00Z", "2024-02-29T00:00:00.123456789+14:00", "-0001-01-01T00:00:00",
    "12024-01-01T00:00:00Z",
)  # fmt: skip
CPR = "PersonCivilRegistrationIdentifierType"


class SchemaStrategy:
    """The messages of a SOAP service; `cpr` are citizens on the stage, `midnight` is the start of its current day."""

    def __init__(self, service: Service, cpr: list[str], midnight: datetime) -> None:
        self._cpr = cpr
        day = midnight.date()
        self._builtin = {
            **_BUILTIN,
            "dateTime": st.sampled_from([
                *[midnight.isoformat()] * 4, f"{day}T00:00:00", midnight.astimezone(UTC).isoformat(), f"{day}T24:00:00",
                *_TIMES,
            ]),
        }  # fmt: skip
        self._named: dict[tuple[str, str], etree._Element] = {}
        for name in sorted(service.xsd_names):
            root = etree.fromstring(service.files[name])
            for declaration in root:
                if isinstance(declaration.tag, str) and declaration.get("name"):
                    clark_name = f"{{{root.get('targetNamespace', '')}}}{declaration.get('name')}"
                    self._named[etree.QName(declaration).localname, clark_name] = declaration

    def element(self, name: str) -> st.SearchStrategy[etree._Element]:
        """Return the strategy of elements with this name, which is in Clark notation: `{namespace}name`."""
        return st.composite(lambda draw: self._element(draw, self._named["element", name]))()

    def _element(self, draw: st.DrawFn, declaration: etree._Element) -> etree._Element:
        if declaration.get("ref"):
            return self._element(draw, self._named["element", _name(declaration, "ref")])
        namespace = declaration.getroottree().getroot().get("targetNamespace", "")
        element = etree.Element(f"{{{namespace}}}{declaration.get('name')}")
        type_ = declaration if len(declaration) else None
        if type_ is None:
            name = _name(declaration, "type")
            if name.startswith(f"{{{XS}}}"):
                element.text = draw(self._builtin.get(name.partition("}")[2], st.just("")))
                return element
            type_ = self._type(name)
        self._fill(draw, element, type_)
        return element

    def _type(self, name: str) -> etree._Element:
        return next(
            type_ for kind in ("complexType", "simpleType") if (type_ := self._named.get((kind, name))) is not None
        )

    def _fill(self, draw: st.DrawFn, element: etree._Element, type_: etree._Element) -> None:
        """Give an element the text and children that its type, or a part of the type, declares."""
        if type_.get("name") == CPR and draw(st.integers(0, 4)):
            element.text = draw(st.sampled_from(self._cpr))
            return
        for part in type_:
            match etree.QName(part).localname if isinstance(part.tag, str) else "":
                case "element":
                    for _ in range(draw(_count(part))):
                        element.append(self._element(draw, part))
                case "choice":
                    chosen = draw(st.sampled_from(list(part)))
                    element.append(self._element(draw, chosen))
                case "restriction":
                    element.text = draw(_limited(part))
                case "extension":
                    self._fill(draw, element, self._type(_name(part, "base")))
                    self._fill(draw, element, part)
                case "complexType" | "simpleType" | "sequence" | "complexContent":
                    self._fill(draw, element, part)
                case _:
                    pass


def _name(element: etree._Element, attribute: str) -> str:
    prefix, colon, local = element.get(attribute, "").rpartition(":")
    return f"{{{element.nsmap.get(prefix if colon else None, '')}}}{local}"


def _count(declaration: etree._Element) -> st.SearchStrategy[int]:
    at_least, at_most = declaration.get("minOccurs", "1"), declaration.get("maxOccurs", "1")
    return st.integers(int(at_least), 2 if at_most == "unbounded" else int(at_most))


def _limited(restriction: etree._Element) -> st.SearchStrategy[str]:
    facets = {
        etree.QName(facet).localname: facet.get("value", "") for facet in restriction if isinstance(facet.tag, str)
    }
    if "pattern" in facets:
        return st.from_regex(
            facets["pattern"], fullmatch=True, alphabet=st.characters(max_codepoint=126, min_codepoint=32)
        )
    if restriction.get("base") == "xs:int":
        at_least, at_most = int(facets.get("minInclusive", -9)), int(facets.get("maxInclusive", 999))
        return st.integers(at_least, min(at_most, 30)).map(str) | st.sampled_from([str(at_least), str(at_most)])
    at_least = int(facets.get("length", facets.get("minLength", 0)))
    at_most = int(facets.get("length", facets.get("maxLength", 40)))
    return st.text(st.characters(categories=["Lu", "Ll", "Nd"]), min_size=at_least, max_size=at_most)


Distortion = Callable[[etree._Element], None]
DISTORTIONS: dict[str, Distortion] = {
    "mangler": lambda place: _parent(place).remove(place),
    "står to gange": lambda place: place.addnext(etree.fromstring(etree.tostring(place))),
    "har et fremmed barn": lambda place: place.append(etree.Element("{urn:fremmed}x")),
    "hedder noget andet": lambda place: setattr(place, "tag", f"{place.tag}x"),
    "er i et andet namespace": lambda place: setattr(place, "tag", f"{{urn:fremmed}}{etree.QName(place).localname}"),
    "er tomt": lambda place: place.clear(),
    "er meget langt": lambda place: setattr(place, "text", "9" * 5000),
    "er ikke et tal": lambda place: setattr(place, "text", "NaN"),
    "har en fremmed attribut": lambda place: place.set("x", "1"),
    "er nil": lambda place: place.set("{http://www.w3.org/2001/XMLSchema-instance}nil", "true"),
}


def _parent(element: etree._Element) -> etree._Element:
    parent = element.getparent()
    assert parent is not None, "only elements within a message are distorted"
    return parent


def distort(element: etree._Element, how: str, number: int) -> str:
    """Distort one descendant of an element; return a Danish text that says which and how, empty if it has none.

    `how` is a key of `DISTORTIONS`; `number` selects the descendant, modulo their count.
    """
    places: list[etree._Element] = list(_descendants(element))
    if not places:
        return ""
    place = places[number % len(places)]
    name = etree.QName(place).localname
    DISTORTIONS[how](place)
    return f"{name} {how}"


def _descendants(element: etree._Element) -> Iterator[etree._Element]:
    yield from (child for child in element.iterdescendants() if isinstance(child.tag, str))
