"""Cells of files from outside as the values of a column of the master."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

from xlbangfu.book.reading import cells
from xlbangfu.documents.importing import words
from xlbangfu.schema import ABSENT, EXEMPT, NO, SEPARATOR, YES, Column, Type

Value = Any  # str, float, int, date or None

_BETWEEN_SIGNS = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")
_YES_NO = {"1": YES, "0": NO, "有": YES, "无": NO, "y": YES, "n": NO, "yes": YES, "no": NO, "true": YES, "false": NO}
_SAME = {
    "性别": {"男生": "男", "女生": "女", "m": "男", "f": "女"},
    "在籍状态": {"在校": "在读", "正常": "在读", "在籍": "在读", "转学": "转出", "已转出": "转出"},
}
_STATES = {"缺考": ABSENT, "缺": ABSENT, "免考": EXEMPT, "免": EXEMPT}
_NOT_ENTERED = frozenset({"", "/", "\\", "-", "--", "—", "——", "–", "一", "无", "未录", "null", "none", "nan"})


def value(column: Column, cell: Any) -> tuple[Value, str]:
    """The value of a cell, and why there is none if it cannot be read ("" if it is empty or fine)."""
    text = words.text(cell)
    if not text:
        return None, ""
    if column.type is Type.DATE:
        day, _ = cells.as_date(cell if not isinstance(cell, str) else cell.strip())
        return day, "" if day else "不是日期"
    if column.type is Type.YESNO:
        answer, _ = cells.as_yes_no(cell)
        return _YES_NO.get(answer.lower(), answer), ""
    if column.type in (Type.NUMBER, Type.INTEGER):
        number, _ = cells.as_number(cell) if column.type is Type.NUMBER else cells.as_integer(cell)
        return number, "" if number is not None else "不是数字"
    if column.many:
        return SEPARATOR.join(_parts(text)), ""
    return _SAME.get(column.name, {}).get(text.lower(), _plain(cell)), ""


def _plain(cell: Any) -> str:
    """Text in half width, without the spaces that are put between the signs of a name.

    >>> _plain(" 王　小 明 "), _plain("0002 马老师")
    ('王小明', '0002 马老师')
    """
    text = unicodedata.normalize("NFKC", cell).strip() if isinstance(cell, str) else words.text(cell)
    return _BETWEEN_SIGNS.sub("", text)


def _parts(text: str) -> list[str]:
    for sign in ",，;；/|":
        text = text.replace(sign, SEPARATOR)
    return [part for part in text.split(SEPARATOR) if part]


@lru_cache(maxsize=10_000, typed=True)
def mark(cell: Any) -> tuple[float | None, str | None, str]:
    """A mark: its number, its state (缺考 or 免考), and the text of a cell that is neither nor empty.

    0 is a mark. 缺 and 免 are states; / and — and empty cells are 未录.

    >>> mark(0.0), mark("８９.５分"), mark("缺"), mark("/"), mark("作弊")
    ((0.0, None, ''), (89.5, None, ''), (None, '缺考', ''), (None, None, ''), (None, None, '作弊'))
    """
    if isinstance(cell, float):
        return cell, None, ""
    text = words.text(cell)
    if text.lower() in _NOT_ENTERED:
        return None, None, ""
    if text in _STATES:
        return None, _STATES[text], ""
    number, _ = cells.as_number(text.removesuffix("分")) if "%" not in text else (None, None)
    return (number, None, "") if number is not None else (None, None, text)
