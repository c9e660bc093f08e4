"""Numbers that are shown with more than their digits: 学号 under the format 0000000 or "2026"0000, 1班 under 0"班"."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache

from xlbangfu.documents.importing.grid import Value
from xlbangfu.documents.importing.reading.cell_values import moment
from xlbangfu.late_pattern import late_pattern

# How Excel in China shows the built-in formats for which the file has no code; openpyxl takes them for numbers.
CHINESE_DATE = "[中文日期]"
CHINESE_DATES = frozenset((*range(27, 32), 36, *range(50, 55), 57, 58))
_TOKEN = late_pattern(r'"([^"]*)"|\\(.)|\[[^\]]*\]|[_*].|(General|G/通用格式|[0#]+)|([^"])', re.IGNORECASE)
_UNITS = frozenset(
    ["分", "名", "人", "岁", "元", "次", "题", "节", "页", "天", "周", "个", "厘米", "公斤", "分钟", "小时"]
)
_EPOCHS = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}


@lru_cache(maxsize=1_000)
def _pattern(code: str) -> tuple[str, int, str] | None:
    """What stands before the digits, how many digits there are at least, what stands behind; None for a plain number."""
    before, digits, behind = "", "", ""
    for quoted, escaped, placeholder, other in _TOKEN.findall(code.partition(";")[0]):
        if placeholder and digits:
            return None
        digits = digits or placeholder
        if digits:
            behind += "" if placeholder else quoted + escaped + other
        else:
            before += quoted + escaped + other
    words = (before + behind).strip()
    says = words not in _UNITS and any(sign.isalnum() for sign in words)
    least = max(1, digits.count("0"))
    if not digits or set(words) & set(",.%/?") or not (says or least > 1):
        return None
    return before, least, behind


def changes(code: str) -> bool:
    """Whether a format shows more than the number.

    >>> [changes(code) for code in ("0000000", '"2026"0000', '0"班"', '0"分"', "0.00", "General", "0_ ", "#,##0")]
    [True, True, True, False, False, False, False, False]
    """
    return code == CHINESE_DATE or _pattern(code) is not None


def show(value: float, code: str, *, date1904: bool = False) -> Value:
    """What is seen of a number under a format that changes it; the number itself where it has a part after the point.

    >>> show(20.0, '"2026"0000'), show(3.0, '"初一"0"班"'), show(0.5, "000")
    ('20260020', '初一3班', 0.5)
    """
    if code == CHINESE_DATE:
        return moment(_EPOCHS[date1904] + timedelta(days=value)) if 0 < value < 2_958_466 else value
    pattern = _pattern(code)
    if pattern is None or value < 0 or not value.is_integer():
        return value
    before, least, behind = pattern
    return f"{before}{int(value):0{least}d}{behind}"
