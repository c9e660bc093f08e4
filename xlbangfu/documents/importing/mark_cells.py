"""What stands in a cell of marks: a number, 缺考, 免考, nothing, or a word that must be asked (DOMAIN rule 13).

Nothing is read with a guess: 7,5 may be 7.5 and is asked, never 75; 8 5 is asked. 0 is a mark. A word such as 病假 or 缓考 is asked
once a file, with what the program thinks of it.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, time
from enum import Enum
from functools import lru_cache
from typing import Any

from msgspec import Struct

from xlbangfu.book.reading.cells import UNSEEN, number_text
from xlbangfu.late_pattern import late_pattern
from xlbangfu.schema import ABSENT, EXEMPT

NOT_ENTERED = "未录"


class Holds(Enum):
    """What a cell of marks holds."""

    NUMBER = "分数"
    ABSENT = ABSENT
    EXEMPT = EXEMPT
    BLANK = NOT_ENTERED
    DASH = "横线"  # 未录, or a subject that the student has not chosen
    ASK = "要问"
    UNREADABLE = "读不出"


class MarkCell(Struct, frozen=True):
    """``word`` is the cell as the question names it, alike for alike cells; ``thought`` what the program thinks it is: a
    number, 缺考, 免考 or 未录 (empty: no idea)."""

    holds: Holds
    number: float | None = None
    word: str = ""
    thought: str = ""


_BLANK = frozenset({"", "未录", "未录入", "未登分", "未登", "null", "none", "nan", "空"})
_DASHES = late_pattern(r"[-‐‑‒–—―−－ー_/\\~～﹣]+")
_STATES = {"缺考": Holds.ABSENT, "缺": Holds.ABSENT, "免考": Holds.EXEMPT, "免": Holds.EXEMPT, "免试": Holds.EXEMPT}
_THOUGHTS = {
    ABSENT: "q 旷考 旷 缺席 缺试 未考 没考 未参加 未参考 未参加考试 没参加 未到 没来 病假 事假 请假 病 事 假 弃考 缓考 缓 补考 absent abs "
    "缺勤 因病 病缺 事缺 缺卷 缺考卷 无故缺考",
    NOT_ENTERED: "n/a na 无 / 未选 未选考 不选 不参加 不考 排除 不计 不统计 未统计 剔除 未扫描 未上传 休学 转学 转出 已转出 离校 退学 借读",
    "0": "零分 零 作弊 违纪 舞弊 取消 取消成绩 白卷 零蛋",
}
_WORDS = {word: thought for thought, words in _THOUGHTS.items() for word in words.split()}
_NUMBER = late_pattern(r"\d{1,4}(?:\.\d+)?|\.\d+")
_ODD_POINT = late_pattern(r"(\d{1,3})[,。、·;:](\d{1,2})")
_TRAILING = late_pattern(r"(\d{1,3}(?:\.\d+)?)[.,。、]")


@lru_cache(maxsize=20_000, typed=True)
def mark_cell(cell: Any) -> MarkCell:
    """What a cell of marks holds.

    >>> mark_cell("８９.５分").number, mark_cell(0.0).number, mark_cell("缺").holds.value, mark_cell("—").holds.value
    (89.5, 0.0, '缺考', '横线')
    >>> mark_cell("7,5"), mark_cell("病假").thought, mark_cell(-1.0).word
    (MarkCell(holds=<Holds.ASK: '要问'>, number=None, word='7,5', thought='7.5'), '缺考', '-1')
    """
    if cell is None:
        return MarkCell(Holds.BLANK)
    if isinstance(cell, bool | date | time):
        return MarkCell(Holds.ASK, word=str(cell))
    if isinstance(cell, int | float):
        return _number(float(cell))
    return _text(_plain(cell))


def _number(number: float) -> MarkCell:
    if number >= 0:
        return MarkCell(Holds.NUMBER, number)
    thought = ABSENT if number in (-1, -2) else ""
    return MarkCell(Holds.ASK, word=number_text(number), thought=thought)


def _plain(cell: str) -> str:
    """Half width, nothing unseen, no text sign before it; spaces within stay, for 8 5 is no 85."""
    text = re.sub(UNSEEN, "", unicodedata.normalize("NFKC", cell)).strip()
    return text.lstrip("'’`").strip()


def _text(text: str) -> MarkCell:
    bare = text.removesuffix("分").rstrip()
    if _NUMBER.fullmatch(bare):
        return MarkCell(Holds.NUMBER, float(bare))
    tight = re.sub(r"\s", "", text)
    if tight.lower() in _BLANK:
        return MarkCell(Holds.BLANK)
    if _DASHES.fullmatch(tight):
        return MarkCell(Holds.DASH, word=tight)
    if tight in _STATES:
        return MarkCell(_STATES[tight], word=tight)
    if tight.startswith("#") or tight.startswith("="):
        return MarkCell(Holds.UNREADABLE, word=tight)
    if re.fullmatch(r"-\d+(?:\.0+)?", tight):
        return _number(float(tight))
    return MarkCell(Holds.ASK, word=text, thought=_WORDS.get(tight.strip("()").lower(), _odd_number(text)))


def _odd_number(text: str) -> str:
    """The number that was most likely meant: 7,5 is 7.5, 85.5. is 85.5."""
    if found := _ODD_POINT.fullmatch(text.replace(" ", "") if re.search("[,。、·;:]", text) else text):
        return number_text(float(f"{found[1]}.{found[2]}"))
    if found := _TRAILING.fullmatch(text):
        return number_text(float(found[1]))
    return ""
