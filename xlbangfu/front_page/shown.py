"""What the formulas of 控制台 come to that only look at its own named cells: links to sheets, the numbers of the tiles."""

from __future__ import annotations

from collections.abc import Mapping

from xlbangfu.late_pattern import late_pattern

_LINK = late_pattern(r'IF\(ISNUMBER\(FIND\("([^"]+)",(\w+)\)\),"([^"]*)",HYPERLINK\("[^"]*","([^"]*)"\)\)')
_NEXT = late_pattern(r'IF\((\w+)="","",HYPERLINK\("#\'"&\1&"\'!A1","→ “"&\1&"”"\)\)')
_SUM = late_pattern(r"(?![A-Z]+\d)[^\W\d]\w*(?:\+[^\W\d]\w*)*")
_FIRST = late_pattern(r'IF\((\w+)<>"",\1,(.+)\)')
_TEXT = late_pattern(r'"([^"]*)"')
_NUMBER_OF = late_pattern(r'IF\((\w+)="",0,VALUE\(\1\)\)')


def shown(formula: str, named: Mapping[str, str | None]) -> str | None:
    """The value as text, from the texts of the named cells; None where it is another formula or a cell is not known.

    >>> shown('IF(ISNUMBER(FIND("、落实、",收起)),"过期",HYPERLINK("#a","过期 ›"))', {"收起": "、落实、"})
    '过期'
    >>> shown("甲+乙", {"甲": "1", "乙": "2"}), shown("甲+乙", {"甲": "1"})
    ('3', None)
    """
    formula = formula.removeprefix("=")
    if link := _LINK.fullmatch(formula):
        away = named.get(link[2])
        return None if away is None else link[3] if link[1] in away else link[4]
    if link := _NEXT.fullmatch(formula):
        sheet = named.get(link[1])
        return None if sheet is None else f"→ “{sheet}”" if sheet else ""
    if number := _NUMBER_OF.fullmatch(formula):
        return _sum([named.get(number[1]) or ("0" if named.get(number[1]) == "" else None)])
    if first := _FIRST.fullmatch(formula):
        held = named.get(first[1])
        return held if held or held is None else shown(first[2], named)
    if _SUM.fullmatch(formula):
        return _sum([named.get(name) for name in formula.split("+")])
    return _joined(formula.split("&"), named)


def _joined(parts: list[str], named: Mapping[str, str | None]) -> str | None:
    """Texts in quotation marks and named cells, one after the other."""
    found = [text[1] if (text := _TEXT.fullmatch(part)) else named.get(part) for part in parts]
    return None if None in found else "".join(filter(None, found))


def _sum(texts: list[str | None]) -> str | None:
    numbers = [int(text) for text in texts if text is not None and text.isdecimal()]
    return str(sum(numbers)) if len(numbers) == len(texts) else None
