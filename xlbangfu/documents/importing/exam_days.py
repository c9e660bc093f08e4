"""The day of an exam, in every way that titles write it; of several days the first."""

from __future__ import annotations

import re
from datetime import date

from msgspec import Struct

from xlbangfu.documents.importing.school_terms import TermWords
from xlbangfu.late_pattern import late_pattern
from xlbangfu.rules.numerals import half_width, whole_number

_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_TO = r"(?:[-至到、,/](?:20\d\d[-./年])?(?:\d{1,2}[-./月])?\d{1,2}[日号]?(?!\d))?"
_WEEKDAY = r"(?:[(]?(?:星期|周)[一二三四五六日天][)]?)?"
_FULL = late_pattern(
    rf"(?<!\d)(?P<year>20\d\d|\d\d)(?P<sign>[-./年])(?P<month>\d{{1,2}})(?:(?P=sign)|月)(?P<day>\d{{1,2}})(?!\d)[日号]?{_WEEKDAY}{_TO}"
)
_RUN = late_pattern(r"(?<!\d)(?P<year>20\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>[0-3]\d)(?!\d)")
_OPEN = late_pattern(rf"(?<!\d)(?P<month>\d{{1,2}})月(?P<day>\d{{1,2}})[日号]{_WEEKDAY}{_TO}")
_MONTH = late_pattern(
    r"(?<!\d)(?P<year>20\d\d)(?:年(?P<month>\d{1,2})月份?|[-./](?P<other>0?[1-9]|1[0-2])(?![\d]))(?!\d)"
)
_CHINESE = late_pattern("[二][〇零][〇零一二三四五六七八九]{2}(?=年)")
_CHINESE_PART = late_pattern("(?<![初高第一二三四五六七八九十])[一二三四五六七八九十]{1,3}(?=[月日号])")
_LABEL = late_pattern("(?:考试)?(?:日期|时间):?")


class DayWords(Struct, frozen=True, kw_only=True):
    """What a text says of a day: the whole of it, month and day without the year, or year and month.

    ``wrong`` is a text in the form of a day that does not exist.
    """

    day: date | None = None
    open_day: tuple[int, int] | None = None
    month: tuple[int, int] | None = None
    wrong: str = ""

    def within(self, words: TermWords) -> date | None:
        """The day, its year taken from the school year where only that is missing."""
        if self.day or not self.open_day or words.year is None:
            return self.day
        month, day = self.open_day
        return _date(words.year + (month < 8), month, day)


def day_words(text: object) -> tuple[DayWords, str]:
    """What a text says of a day, and the text without it.

    >>> day_words("期末（2026.7.2-7.3）")[0].day, day_words("考试日期：2026-07-02")[0].day, day_words("7月2日期末")[0].open_day
    (datetime.date(2026, 7, 2), datetime.date(2026, 7, 2), (7, 2))
    """
    plain = _in_digits(half_width(text))
    for form in (_FULL, _RUN):
        for written in form.finditer(plain):
            day = _date(_year(written["year"]), int(written["month"]), int(written["day"]))
            if day or len(written["year"]) == 4:
                return DayWords(day=day, wrong="" if day else written[0]), _without(plain, written)
    if found := _OPEN.search(plain):
        month, number = int(found["month"]), int(found["day"])
        exists = _date(2024, month, number) is not None
        return DayWords(open_day=(month, number) if exists else None, wrong="" if exists else found[0]), _without(
            plain, found
        )
    if (found := _MONTH.search(plain)) and 1 <= int(found["month"] or found["other"]) <= 12:
        return DayWords(month=(int(found["year"]), int(found["month"] or found["other"]))), _without(plain, found)
    return DayWords(), plain


def _in_digits(plain: str) -> str:
    """二〇二六年七月二日 in digits."""
    plain = _CHINESE.sub(lambda found: found[0].translate(_DIGITS), plain)
    return _CHINESE_PART.sub(lambda found: str(whole_number(found[0]) or found[0]), plain)


def _without(plain: str, found: re.Match[str]) -> str:
    return _LABEL.sub("", plain[: found.start()] + plain[found.end() :]).replace("()", "")


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
