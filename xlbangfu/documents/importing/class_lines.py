"""The class that is written once for the records below it: a line of its own between them (1班, 班级：七年级1班), or the first
cell of a column of classes that is blank under it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlbangfu.documents.importing import words
from xlbangfu.documents.importing.grid import Value
from xlbangfu.late_pattern import late_pattern
from xlbangfu.rules.class_texts import class_texts

_NAMED = late_pattern(r"(?:班级|班别|行政班)[:：]?")
_COUNT = late_pattern(r"[(（]?(?:共|人数[:：]?)?\d+人[)）]?$")
_NOTE = late_pattern(r"[(（]?(?:班主任|人数|实考|应考|参考)[:：].*$")
_MOST_CELLS = 4  # 班级, what it is, 班主任 and 人数


def line_class(cells: Mapping[int, Value]) -> str:
    """The class that a row says and nothing else; empty for any other row.

    >>> line_class({0: "1班"}), line_class({0: "班级：七年级1班"}), line_class({1: "班级", 2: "初一(1)班"})
    ('1班', '七年级1班', '初一(1)班')
    >>> line_class({0: "初一2班 班主任：程一"}), line_class({0: "1班", 1: "班主任：程一", 3: "人数：45"})
    ('初一2班', '1班')
    >>> line_class({0: "程一"}), line_class({0: "王班"}), line_class({0: "1班", 1: 93.0})
    ('', '', '')
    """
    if len(cells) > _MOST_CELLS or not all(isinstance(cell, str) for cell in cells.values()):
        return ""
    texts = [text for cell in cells.values() if (text := _NOTE.sub("", words.text(cell)))]
    said = "".join(texts)
    named = _NAMED.match(said)
    if len(texts) > (2 if named else 1):
        return ""
    text = _COUNT.sub("", said[named.end() :] if named else said)
    return text if text.endswith("班") and any(way.grade or way.label.isdigit() for way in class_texts(text)) else ""


def names_class(cells: Mapping[int, Value]) -> str:
    """The class that the first cell of a row is, whatever else stands in the row."""
    first = next(iter(cells.items()))
    return line_class(dict([first]))


def classes_below(texts: Sequence[str | None]) -> list[str | None]:
    """A column of classes with each class going on below it, where each is written once and every other cell is blank.

    >>> classes_below(["1班", None, "2班", None, None]), classes_below(["1班", None, "1班", "2班"])
    (['1班', '1班', '2班', '2班', '2班'], ['1班', None, '1班', '2班'])
    """
    said = [text for text in texts if text]
    if len(said) < 2 or len(set(said)) < len(said) or not texts[0] or len(texts) < 2 * len(said):
        return list(texts)
    found: list[str | None] = []
    for text in texts:
        found.append(text or found[-1])
    return found
