"""What follows the rows of a sheet: conditional formats and drop-downs, taken apart and put together.

The program's own are known by what they say: a mark looks into 问题定位 (in 设置 the look of headings stands with the
marks), a drop-down has its column's heading for a title. All others are the staff's and stay, byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from xlbangfu.late_pattern import late_pattern
from xlbangfu.ooxml.addresses import column_index
from xlbangfu.ooxml.package import Element, elements
from xlbangfu.settings import HEADING

MARK_OF_OURS = "问题定位".encode()
_HEADING = late_pattern(rb'LEFT\(\$[A-Z]+2,1\)=(?:"|&quot;)%b' % HEADING.encode())
_AFTER_LINKS = (
    rb"<(?:printOptions|pageMargins|pageSetup|headerFooter|rowBreaks|colBreaks|customProperties|cellWatches|"
    rb"ignoredErrors|smartTags|drawing|legacyDrawing|legacyDrawingHF|drawingHF|picture|oleObjects|controls|"
    rb"webPublishItems|tableParts|extLst)\b|</worksheet>|<mc:"
)
_AFTER_VALIDATIONS = rb"<hyperlinks\b|" + _AFTER_LINKS
_AFTER_MARKS = rb"<(?:conditionalFormatting|dataValidations)\b|" + _AFTER_VALIDATIONS
_MARKS = late_pattern(rb"<conditionalFormatting\b.*?</conditionalFormatting>", re.DOTALL)
_VALIDATION = late_pattern(rb"<dataValidation\s(?:[^>]*/>|.*?</dataValidation>)", re.DOTALL)
_VALIDATIONS = late_pattern(rb"<dataValidations\b[^>]*>(.*?)</dataValidations>", re.DOTALL)
_PRIORITY = late_pattern(rb'(\spriority=")(\d+)(")')
_RANGE = late_pattern(r"([A-Z]+)(\d+)(?::([A-Z]+)(\d+))?")
_USUAL = {"type": "none", "errorStyle": "stop", "operator": "between", "imeMode": "noControl"}
_ONE_CELL = late_pattern(rb'\ssqref="[A-Z]+[0-9]+"')
_TRUTH = {"true": "1", "false": "0"}
_FORMULAS = {"none": 0, "list": 1, "custom": 1}  # how many of a kind mean something; LibreOffice writes two for each
_PLACE_ONLY = {"sqref", "uid", "allowBlank", "showDropDown"}


class Validation(Struct, frozen=True):
    """One drop-down or check of typed values: its XML, its columns (from 0) with the last row of each, what it says."""

    xml: bytes
    reach: dict[int, int]
    meaning: tuple[object, ...]
    titles: frozenset[str]
    choices: frozenset[str]  # that it lists itself

    @classmethod
    def of(cls, xml: bytes) -> Validation:
        first, *rest = _elements(xml)
        attributes = dict(first.attributes)
        texts = tuple("".join(element.text) for element in rest)
        kind = attributes.get("type", "none")
        facts = {name: _TRUTH.get(value, value) for name, value in attributes.items() if name not in _PLACE_ONLY}
        facts = {name: value for name, value in facts.items() if value != "0" and _USUAL.get(name) != value}
        listed = texts[0] if attributes.get("type") == "list" and texts and texts[0].startswith('"') else ""
        return cls(
            xml,
            dict(_reach(attributes.get("sqref", ""))),
            (tuple(sorted(facts.items())), texts[: _FORMULAS.get(kind, 2)]),
            frozenset(attributes.get(name, "") for name in ("promptTitle", "errorTitle")) - {""},
            frozenset(listed.strip('"').split(",")) - {""},
        )

    @property
    def of_one_cell(self) -> bool:
        return bool(_ONE_CELL.search(self.xml))


def _reach(ranges: str) -> Iterator[tuple[int, int]]:
    last: dict[int, int] = {}
    for found in _RANGE.finditer(ranges):
        for column in range(column_index(found[1]), column_index(found[3] or found[1]) + 1):
            last[column] = max(last.get(column, 0), int(found[4] or found[2]))
    yield from last.items()


def validations(tail: bytes) -> list[Validation]:
    section = _VALIDATIONS.search(tail)
    return [Validation.of(xml) for xml in _VALIDATION.findall(section[1])] if section else []


def with_validations(tail: bytes, additions: list[bytes], replacements: dict[bytes, bytes]) -> bytes:
    """The tail with drop-downs put in the place of others, and further ones."""
    if not additions and not replacements:
        return tail
    section = _VALIDATIONS.search(tail)
    there = _VALIDATION.findall(section[1]) if section else []
    every = [replacements.get(xml, xml) for xml in there] + additions
    if section is None:
        made = b'<dataValidations count="%d">%b</dataValidations>' % (len(every), b"".join(every))
        tail = re.sub(rb"<dataValidations\b[^>]*?/>", b"", tail)
        return _inserted(tail, _AFTER_VALIDATIONS, made)
    opening = tail[section.start() : section.start(1)]
    opening = re.sub(rb'(\scount=")\d+', rb"\g<1>%d" % len(every), opening)
    return tail[: section.start()] + opening + b"".join(every) + b"</dataValidations>" + tail[section.end() :]


def marks(tail: bytes) -> list[bytes]:
    """The program's conditional formats."""
    return [xml for xml in _MARKS.findall(tail) if _all_ours(xml)]


def has_own_marks(tail: bytes) -> bool:
    """Whether there are conditional formats of the staff's."""
    return any(not _all_ours(xml) for xml in _MARKS.findall(tail))


def with_link(tail: bytes, link: bytes) -> bytes:
    """The tail with a link on a cell, unless that cell has one."""
    where = re.search(rb'\sref="([A-Z]+\d+)"', link)
    if where is None or re.search(rb"""<hyperlink\s[^>]*?ref=["']%b["']""" % where[1], tail):
        return tail
    if b"</hyperlinks>" in tail:
        return tail.replace(b"</hyperlinks>", link + b"</hyperlinks>", 1)
    plain = re.sub(rb"<hyperlinks\b[^>]*?/>", b"", tail)
    return _inserted(plain, _AFTER_LINKS, b"<hyperlinks>" + link + b"</hyperlinks>")


def links(tail: bytes) -> list[bytes]:
    """The links of a sheet."""
    return re.findall(rb"<hyperlink\s[^>]*?/>", tail)


def same_marks(one: list[bytes], other: list[bytes]) -> bool:
    """Whether two sets of marks look at the same cells in the same way, whoever wrote them down."""
    return _meaning(one) == _meaning(other)


def with_marks(tail: bytes, new: list[bytes]) -> bytes:
    """The tail with other marks in the place of the program's; they come in the order in which those came."""
    old = marks(tail)
    priorities = sorted({int(found[2]) for xml in old for found in _PRIORITY.finditer(xml)})
    for xml in old:
        tail = tail.replace(xml, b"", 1)
    others = [int(found[2]) for found in _PRIORITY.finditer(tail)]
    wanted = sorted({int(found[2]) for xml in new for found in _PRIORITY.finditer(xml)})
    if len(priorities) < len(wanted):
        first = max(others, default=0) + 1
        priorities = list(range(first, first + len(wanted)))
    places = dict(zip(wanted, priorities, strict=False))
    made = [_PRIORITY.sub(lambda found: found[1] + b"%d" % places[int(found[2])] + found[3], xml) for xml in new]
    return _inserted(tail, _AFTER_MARKS, b"".join(made))


def _all_ours(xml: bytes) -> bool:
    rules = re.findall(rb"<cfRule\b(?:[^>]*/>|.*?</cfRule>)", xml, re.DOTALL)
    return MARK_OF_OURS in xml and all(MARK_OF_OURS in rule or _HEADING.search(rule) for rule in rules)


def _meaning(marks: list[bytes]) -> set[tuple[str, str]]:
    found = set()
    for xml in marks:
        every = _elements(xml)
        where = " ".join(sorted(every[0].attributes.get("sqref", "").split()))
        found |= {(where, _plain("".join(element.text))) for element in every if element.name == "formula"}
    return found


def _plain(formula: str) -> str:
    """A formula as it is compared: LibreOffice writes 1 and 0 for what is true and false."""
    return re.sub(r"\bFALSE\b", "0", re.sub(r"\bTRUE\b", "1", formula.replace(" ", "")))


def _elements(xml: bytes) -> list[Element]:
    """The elements of a fragment, whose prefixes are explained where it was cut out of."""
    prefixes = set(re.findall(rb"[\s<]([A-Za-z][\w.-]*):[A-Za-z]", xml))
    explained = b"".join(b' xmlns:%b="%b"' % (prefix, prefix) for prefix in sorted(prefixes - {b"xml"}))
    return elements(b"<x" + explained + b">" + xml + b"</x>")[1:]


def _inserted(tail: bytes, before: bytes, addition: bytes) -> bytes:
    """The tail with something put before the first of these elements, custom views passed over."""
    views = tail.find(b"</customSheetViews>")
    following = re.compile(before).search(tail, max(views, 0))
    assert following is not None  # the end of the root element at the latest
    return tail[: following.start()] + addition + tail[following.start() :]
