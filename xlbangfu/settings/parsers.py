"""How the values of 设置 are read: one parser for each form, which answers with the value or raises ``BadValue``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from string import Formatter
from typing import Any

from xlbangfu.late_pattern import late_pattern


class BadValue(ValueError):
    """Why a value of 设置 cannot be used, in Chinese."""


Parser = Callable[[str], Any]
STAGES = ("义务教育", "高中")
SYSTEMS = ("六三", "五四", "五四预初")
BY_FIRST_CHOICE, WHOLE_GRADE = CHOICE_RANKS = ("按首选", "全年级")
SEASONS = ("自动", "期中", "期末")
STAR_PROGRESS, ACTIVITY_MEASURE = "进展", "活动:"
STAR_MEASURES = ("学习态度", "作业", "纪律", "品德", "参与", STAR_PROGRESS)
MAIL_FILES, MAIL_SMTP, MAIL_OUTLOOK = "文件", "SMTP", "Outlook"
MAIL_FIELDS = ("班级", "学期", "教师", "学校", "期限", "人数")
BY_PLACE, BY_LEVEL = MASTER_RANKS = ("名次", "等级")
SHOWN_RANKS = ("等级与进退", "名次", "不显示")
TRACKED_ONLY, EVERYBODY = SLIP_STUDENTS = ("帮扶学生", "全体学生")
SLIPS_A_PAGE = ("1", "2")
NOT_FOR_PARENTS = late_pattern(
    "学困|后进|差生|边缘生|问题学生|问题生|帮扶|名次|排名|倒数|[第前]\\s*[0-9０-９一二三四五六七八九十百]+\\s*名"
)

_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))  # signs that take no room
_DAY = (
    r"(\d{4})(?:-(\d\d?)-(\d\d?)(?:\s+(?:[01]?\d|2[0-3])(?::[0-5]?\d){2})?|/(\d\d?)/(\d\d?)|\.(\d\d?)\.(\d\d?)"
    r"|年(\d\d?)月(\d\d?)日|(1[0-2]|0?[1-9])(3[01]|[12]\d|0?[1-9]))"
)


def number(low: float, high: float, *, whole: bool = False, unit: str = "") -> Parser:
    def parse(text: str) -> float | int:
        try:
            number = float(text.rstrip("%％ " + unit))
        except ValueError:
            raise BadValue(f"应当是 {low:g} 到 {high:g} 之间的数字") from None
        if not low <= number <= high or (whole and number != int(number)):
            raise BadValue(f"应当是 {low:g} 到 {high:g} 之间的{'整数' if whole else '数字'}")
        return int(number) if whole else number

    return parse


def share(text: str) -> float:
    """A percentage: 8, 8% and 0.08 (a cell with the percent format) are the same."""
    percent: float = number(0, 100)(text)
    if "%" not in text and 0 < percent < 1:
        percent *= 100
    return percent / 100


def choice(*options: str) -> Parser:
    def parse(text: str) -> str:
        if text not in options:
            raise BadValue(f"应当是 {'、'.join(options)} 之一")
        return text

    return parse


def any_text(text: str) -> str:
    return text


def school_code(text: str) -> str:
    """The code by which the bureau knows a school.

    >>> school_code("３１３７０００１２３")
    '3137000123'
    """
    plain = unicodedata.normalize("NFKC", text).replace(" ", "").upper()
    if not re.fullmatch(r"[0-9A-Z-]{1,20}", plain):
        raise BadValue("只能有数字、字母和 -，最多 20 个，如 3137000123")
    return plain


def public_name(text: str) -> str:
    """The word that goes out in place of 学困, which may not be hidden in it either."""
    if "学困" in "".join(text.split()).translate(_UNSEEN):
        raise BadValue("发出去的文件不写学困，请换一个中性的词，如 重点关爱")
    return text


def mail_text(text: str) -> str:
    """A template of a mail: neutral, and with no other fields than MAIL_FIELDS."""
    public_name(text)
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        raise BadValue("花括号没有成对") from None
    for _, name, form, conversion in parts:
        if name is not None and (name not in MAIL_FIELDS or form or conversion):
            raise BadValue(f"不认识 {{{name}}}；能写的是 {''.join(f'{{{known}}}' for known in MAIL_FIELDS)}")
    return text


def address(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", text):
        raise BadValue("应当是一个邮箱地址，如 school@qq.com")
    return text


def server(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9.-]+(:\d{1,5})?(\s+(SSL|STARTTLS))?", text, re.IGNORECASE):
        raise BadValue("应当像 smtp.qq.com 或 mail.school.cn:587")
    return text


def for_parents(most: int, *, fields: tuple[str, ...] = ("{姓名}",)) -> Parser:
    """A text of 家长信: short enough for its place, with nothing that brands a child, and no other fields than these."""

    def parse(text: str) -> str:
        if found := NOT_FOR_PARENTS.search(text):
            raise BadValue(f"给家长的话里不能有“{found[0]}”")
        if len(text) > most:
            raise BadValue(f"太长了，最多 {most} 个字")
        if re.search(r"[{}]", re.sub("|".join(fields), "", text)):
            raise BadValue(f"花括号里只能写 {'、'.join(fields)}")
        return text

    return parse


def ways(parse: Parser) -> Parser:
    """Several texts, apart by ｜ or a line break."""

    def parse_each(text: str) -> tuple[str, ...]:
        return tuple(parse(part) for part in _parts("|｜\n", text))

    return parse_each


def pieces(parse: Parser) -> Parser:
    """A text as its sentences, apart by ；, without the full stop; as a whole it is what ``parse`` takes."""

    def parse_pieces(text: str) -> tuple[str, ...]:
        parse(text)
        return tuple(part.rstrip("。") for part in _parts(";；\n", text))

    return parse_pieces


def by_name(parse: Parser, example: str) -> Parser:
    """A text for each of several names, as in 数学=…；英语=…, of which the refusal gives an example."""

    def parse_pairs(text: str) -> tuple[tuple[str, str], ...]:
        pairs = [part.replace("＝", "=").partition("=") for part in _parts(";；\n", text)]
        if any(not name.strip() or not said.strip() for name, _, said in pairs):
            raise BadValue(f"应当像 {example}")
        return tuple((name.strip(), str(parse(said.strip().rstrip("。")))) for name, _, said in pairs)

    return parse_pairs


def _parts(signs: str, text: str) -> list[str]:
    parts = [part.strip() for part in _apart(signs, text) if part.strip()]
    if not parts:
        raise BadValue("没有写字")
    return parts


def _apart(signs: str, text: str) -> list[str]:
    """The text cut at each of the signs."""
    for sign in signs[1:]:
        text = text.replace(sign, signs[0])
    return text.split(signs[0])


def optional(parse: Parser) -> Parser:
    def parse_or_none(text: str) -> Any:
        return None if text in ("", "无", "不设") else parse(text)

    return parse_or_none


def day(text: str) -> date:
    with suppress(ValueError):
        if found := re.fullmatch(_DAY, text, re.ASCII):
            return date(*(int(part) for part in found.groups() if part))
    raise BadValue("应当是日期，如 2025-09-01")


def words(text: str) -> tuple[str, ...]:
    parts = [part.strip() for part in text.replace("，", "、").replace(",", "、").replace(" ", "、").split("、")]
    return tuple(part for part in parts if part)


def hundred(*, like: str, what: str) -> Parser:
    """As many numbers as ``like`` has, apart by :, none negative, that make 100; ``what`` names them when they do not."""

    def parse(text: str) -> tuple[float, ...]:
        try:
            numbers = tuple(float(part) for part in text.replace("：", ":").split(":"))
        except ValueError:
            raise BadValue(f"应当像 {like}") from None
        if len(numbers) != like.count(":") + 1 or min(numbers) < 0 or abs(sum(numbers) - 100) > 1e-9:
            raise BadValue(f"应当是{what}，加起来等于 100，如 {like}")
        return numbers

    return parse


def lines(text: str) -> tuple[float, ...]:
    try:
        numbers = tuple(float(part.rstrip("%％ ")) for part in text.replace("，", "/").split("/"))
    except ValueError:
        raise BadValue("应当像 85/70/60/40") from None
    if (
        len(numbers) != 4
        or list(numbers) != sorted(set(numbers), reverse=True)
        or not 0 < numbers[-1] < numbers[0] <= 100
    ):
        raise BadValue("应当是四个从大到小的百分数，如 85/70/60/40")
    return tuple(number / 100 for number in numbers)


def falling(*, like: str, low: float, high: float) -> Parser:
    """As many numbers as ``like`` has, from the largest to the smallest, apart by /."""

    def parse(text: str) -> tuple[float, ...]:
        try:
            numbers = tuple(float(part) for part in text.replace("／", "/").replace("−", "-").split("/"))
        except ValueError:
            raise BadValue(f"应当像 {like}") from None
        falling = list(numbers) == sorted(numbers, reverse=True)
        if len(numbers) != like.count("/") + 1 or not falling or not low <= numbers[-1] <= numbers[0] <= high:
            raise BadValue(f"应当是 {like.count('/') + 1} 个从大到小、{low:g} 到 {high:g} 之间的数，如 {like}")
        return numbers

    return parse


def measures(text: str) -> tuple[tuple[str, str], ...]:
    """Which star is judged by what: 守纪之星=纪律、劳动之星=活动:劳动/值日."""
    pairs = [part.replace("＝", "=").split("=") for part in words(text.replace("：", ":"))]
    if any(len(pair) != 2 or not pair[0] or not pair[1] for pair in pairs):
        raise BadValue("应当像 守纪之星=纪律、进步之星=进展、劳动之星=活动:劳动/值日")
    for name, measure in pairs:
        kinds = measure.split("+")
        if not measure.startswith(ACTIVITY_MEASURE) and not set(kinds) <= set(STAR_MEASURES):
            raise BadValue(f"“{name}”的依据应当是 {'、'.join(STAR_MEASURES)}，或 {ACTIVITY_MEASURE}某个词")
        if STAR_PROGRESS in kinds and len(kinds) > 1:
            raise BadValue(f"“{name}”的依据里，{STAR_PROGRESS}不能和别的相加")
    return tuple((name, measure) for name, measure in pairs)


def prices(text: str) -> tuple[int, ...]:
    """Six whole numbers apart by /."""
    parts = [part.strip() for part in _apart("/，,、：:", text)]
    if len(parts) != 6 or not all(re.fullmatch(r"[0-9]{1,2}", part) for part in parts):
        raise BadValue("应当是六个 0 到 99 的整数，如 0/1/2/4/6/0")
    return tuple(int(part) for part in parts)


def explained_by_error(parse: Parser) -> Parser:
    """A parser that raises ValueError with a Chinese sentence."""

    def parse_or_say(text: str) -> Any:
        try:
            return parse(text)
        except ValueError as problem:
            raise BadValue(str(problem)) from None

    return parse_or_say


PLAN_FIELDS = ("姓名", "班级", "学科", "教师")


def plan_text(text: str) -> str:
    """A text of a plan, with fields in braces that ``PLAN_FIELDS`` names."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        raise BadValue("花括号没有成对，应当像 {姓名}") from None
    known = {*PLAN_FIELDS, None}
    if any(name not in known or form or conversion for _, name, form, conversion in parts):
        raise BadValue(f"花括号里只能写 {'、'.join(PLAN_FIELDS)}，如 {{姓名}}")
    return text
