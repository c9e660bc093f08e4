"""How 设置 writes times: when in the week (「辅导时间」), how often (「谈心次数」), how long (「阶段时长」).

A text that does not fit raises ValueError with a Chinese sentence that shows the right form.
"""

from __future__ import annotations

import re
from datetime import time
from unicodedata import normalize

from msgspec import Struct

from xlbangfu.late_pattern import late_pattern

WEEKDAYS = "一二三四五六日"
WEEK, FORTNIGHT, MONTH, TERM = UNITS = ("每周", "每两周", "每月", "每学期")
MOST = 20  # contacts in one unit

_DAYS = rf"(?:(?:周|星期|礼拜)?[{WEEKDAYS}天][、,\s]*)+"
_CLOCK = r"(\d{1,2}):(\d{2})"
_HOURS = late_pattern(rf"((?:周|星期|礼拜){_DAYS}){_CLOCK}\s*[-~—–―至到]+\s*{_CLOCK}[、,;\s]*")
_PACE = late_pattern(r"(?:(每周|每两周|每月|每学期)\s*)?(\d{1,3})\s*次?")
_LENGTH = late_pattern(r"(\d{1,3})\s*(?:个)?(天|周|月)")


class Hours(Struct, frozen=True, order=True):
    """A time of the week; ``weekday`` counts from 1, Monday."""

    weekday: int
    start: time
    end: time

    @property
    def text(self) -> str:
        """As the sheet shows it.

        >>> Hours(5, time(13), time(15)).text
        '13:00-15:00'
        """
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


class Pace(Struct, frozen=True):
    """So many times in each unit, one of ``UNITS``."""

    unit: str
    times: int


class Paces(Struct, frozen=True):
    """How often for a student, and for a key student."""

    usual: Pace
    key: Pace


class Length(Struct, frozen=True):
    """A span of 天, 周 or 月."""

    number: int
    unit: str

    @property
    def offset(self) -> str:
        """As polars adds it to a date.

        >>> Length(2, "周").offset
        '2w'
        """
        return f"{self.number}{ {'天': 'd', '周': 'w', '月': 'mo'}[self.unit] }"


def hours(text: str) -> tuple[Hours, ...]:
    """The times of the week that a text names, in order.

    >>> [one.weekday for one in hours("周二、周四 16:30-17:30；周五13：00～15：00")]
    [2, 4, 5]
    """
    left, found = normalize("NFKC", text).replace(";", "、").strip(), set[Hours]()
    while left:
        match = _HOURS.match(left)
        if match is None:
            raise ValueError("应当像 周五 13:00-15:00，几个时间用、隔开")
        start, end = _clock(match[2], match[3]), _clock(match[4], match[5])
        if start >= end:
            raise ValueError("开始的时间应当早于结束的时间，如 周五 13:00-15:00")
        days = re.sub("周|星期|礼拜", "", match[1]).replace("天", "日")
        found |= {Hours(WEEKDAYS.index(day) + 1, start, end) for day in days if day in WEEKDAYS}
        left = left[match.end() :]
    return tuple(sorted(found))


def paces(text: str) -> Paces:
    """How often, and after "/" how often for a key student, in the same unit unless another is named.

    >>> paces("每两周1/每周1").key
    Pace(unit='每周', times=1)
    >>> paces("每周1/2").key
    Pace(unit='每周', times=2)
    """
    parts = normalize("NFKC", text).strip().split("/")
    matches = [_PACE.fullmatch(part.strip()) for part in parts]
    first = matches[0]
    if len(parts) > 2 or first is None or first[1] is None or None in matches:
        raise ValueError("应当像 每周1/2：每周、每两周、每月或每学期几次，斜线后面是重点学生的次数")
    found = [Pace(match[1] or first[1], int(match[2])) for match in matches if match]
    if max(pace.times for pace in found) > MOST:
        raise ValueError(f"次数应当是 0 到 {MOST}")
    return Paces(found[0], found[-1])


def lengths(text: str) -> tuple[Length, ...]:
    """The four lengths of a plan's phases.

    >>> [one.offset for one in lengths("1周、2周、1个月、30天")]
    ['1w', '2w', '1mo', '30d']
    """
    parts = normalize("NFKC", text).replace(",", "、").replace("/", "、").split("、")
    matches = [_LENGTH.fullmatch(part.strip()) for part in parts]
    found = [Length(int(match[1]), match[2]) for match in matches if match]
    if len(matches) != 4 or len(found) != 4 or not all(1 <= one.number <= 366 for one in found):
        raise ValueError("应当是四个阶段的长短，如 1周、2周、1月、1月")
    return tuple(found)


def _clock(hour: str, minute: str) -> time:
    try:
        return time(int(hour), int(minute))
    except ValueError:
        raise ValueError("时间应当在 0:00 到 23:59 之间，如 周五 13:00-15:00") from None
