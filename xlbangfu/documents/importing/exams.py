"""Which exam a sheet, a title or a heading means; a new one if the school does not have it yet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from xlbangfu.documents.importing import words
from xlbangfu.documents.importing.classes import grade_number
from xlbangfu.documents.importing.draft import Draft
from xlbangfu.rules.people import split
from xlbangfu.schema import EXAMS, SEPARATOR
from xlbangfu.settings import Settings

_KINDS = (
    (re.compile(r"期中"), "期中"),
    (re.compile(r"期末"), "期末"),
    (re.compile(r"模拟|[一二三四]模"), "模拟"),
    (re.compile(r"月考"), "月考"),
    (re.compile(r"单元"), "单元"),
    (re.compile(r"竞赛"), "竞赛"),
    (re.compile(r"摸底|入学|开学"), "摸底"),
)
_YEAR = re.compile(r"(20\d\d)\s*(?:[-—–~至到/]+|学年)\s*(?:20)?(\d\d)?\s*(?:学年)?")
_TERM = re.compile(
    r"第?([一二12])学期|([上下])学期|([上下])(?=期[中末]|模拟|摸底|月考|$)|(秋|春)(?:季|期)|学年度?([上下])"
)
_DAY = re.compile(r"(20\d\d)[-./年](\d{1,2})[-./月](\d{1,2})日?")
_YEAR_MONTH = re.compile(r"(20\d\d)[-./年](\d{1,2})(?!\d)")
_MONTH = re.compile(r"(?:(20\d\d)年)?(1[0-2]|\d|十[一二]?|[一二三四五六七八九])月(?!考\d)")
_WHICH = re.compile(r"第([一二三四五1-5])次|([一二三四])模|模拟([一二三四])|摸底([一二三四])")
_GRADE = re.compile(r"初[一二三四]|高[一二三]|[一二三四五六七八九]年级")
_SCORES = re.compile(r"(学生)?(各科)?成绩(汇总|统计|登记|一览|明细|总|册)?(表|单|册|册表)?$|(汇总|统计)表$")
_ASIDE = re.compile(r"[(（\[].*?[)）\]]|(考试)?(日期|时间)[:：].*$")
_FIRST, _SECOND = {"一", "1", "上", "秋"}, "上下"
_TERM_NAMES = {"上": "第一学期", "下": "第二学期"}
_MONTHS = {sign: value for value, sign in enumerate("一二三四五六七八九十", 1)} | {"十一": 11, "十二": 12}


@dataclass(frozen=True, kw_only=True)
class Guess:
    """What a text says of an exam; empty where it says nothing."""

    year: int | None = None
    term: str = ""
    kind: str = ""
    which: str = ""
    day: date | None = None
    grade: str = ""

    @classmethod
    def of(cls, text: str) -> Guess:
        """What is said in one text.

        >>> guess = Guess.of("2025—2026学年度第一学期期中考试成绩表")
        >>> guess.year, guess.term, guess.kind
        (2025, '上', '期中')
        """
        text = words.text(text)
        day = _day(text)
        year, term = _year(text)
        kind = next((kind for pattern, kind in _KINDS if pattern.search(text)), "")
        grade = _GRADE.search(text)
        return cls(year=year, term=term, kind=kind, which=_which(text, kind), day=day, grade=grade[0] if grade else "")

    def filled(self, other: Guess) -> Guess:
        """This, with what it leaves open taken from another."""
        return Guess(
            year=self.year or other.year,
            term=self.term or other.term,
            kind=self.kind or other.kind,
            which=self.which if self.kind else other.which,
            day=self.day or other.day,
            grade=self.grade or other.grade,
        )


def _day(text: str) -> date | None:
    found = _DAY.search(text)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def _year(text: str) -> tuple[int | None, str]:
    """The year in which the school year began, and 上 or 下."""
    years, terms = _YEAR.search(text), _TERM.search(text)
    term = next((part for part in terms.groups() if part), "") if terms else ""
    term = ("上" if term in _FIRST else "下") if term else ""
    if years:
        return int(years[1]), term
    if plain := re.match(r"(20\d\d)年?([上下秋春])", text):
        return int(plain[1]) - (plain[2] == "春"), "上" if plain[2] in _FIRST else "下"
    month = _YEAR_MONTH.search(text)
    if month and 1 <= int(month[2]) <= 12:
        when = int(month[2])
        return int(month[1]) - (when < 8), term or ("下" if 2 <= when < 8 else "上")
    return None, term


def _which(text: str, kind: str) -> str:
    """What tells two exams of one kind and term apart."""
    found = _WHICH.search(text)
    if found:
        sign = next(part for part in found.groups() if part)
        sign = "一二三四五"[int(sign) - 1] if sign.isdigit() else sign
        return "" if sign == "一" else sign
    month = _MONTH.search(text) if kind == "月考" else None
    return f"{_MONTHS.get(month[2]) or month[2]}月" if month else ""


def find_exam(draft: Draft, labels: Sequence[str], forced: str | None, *, where: str) -> str | None:
    """The 考试编号 that the labels mean, the nearest label first; a new exam is appended to the draft.

    None, with a problem noted, where the labels name no exam or more than one fits.
    """
    exams = draft.rows(EXAMS)
    by_name = _by_name(exams)
    for label in (forced,) if forced else labels:
        if label and _bare(label) in by_name:
            return by_name[_bare(label)]
    guess = _guess(labels, draft.school.settings)
    if forced:
        return _new(draft, guess, labels, number=forced, where=where)
    if not guess.kind:
        remedy = "在文件名、工作表名或标题里写明是哪次考试，或导入时用 --exam 指定考试编号"
        draft.refuse(where, None, "", "看不出是哪次考试，这张表没有导入", remedy)
        return None
    fits = _fitting(exams, guess)
    if len(fits) > 1:
        said = f"“考试”表里有 {SEPARATOR.join(fits)} 都像这次考试，分不清，这张表没有导入"
        draft.refuse(where, None, "", said, "导入时用 --exam 指定考试编号")
        return None
    return fits[0] if fits else _new(draft, guess, labels, number=None, where=where)


def _bare(text: str) -> str:
    """An exam's name as it is compared: dates, brackets and what says that it is a table of marks taken off."""
    return _without_scores(text).removesuffix("考试")


def _without_scores(text: str) -> str:
    return _SCORES.sub("", _ASIDE.sub("", words.text(text)))


def _by_name(exams: pl.DataFrame) -> dict[str, str]:
    """考试编号 by itself and by 名称, where it is the only one."""
    names: dict[str, str] = {}
    doubled: set[str] = set()
    for number, name in exams.select("考试编号", "名称").drop_nulls("考试编号").iter_rows():
        bare = _bare(name or "")
        if bare in names:
            doubled.add(bare)
        names[bare] = number
    numbers = {_bare(number): number for number in exams["考试编号"].drop_nulls()}
    return {name: number for name, number in names.items() if name and name not in doubled} | numbers


def _guess(labels: Iterable[str], settings: Settings) -> Guess:
    guess = Guess()
    for label in labels:
        guess = guess.filled(Guess.of(label))
    now = Guess.of(settings.term)
    return replace(guess, year=guess.year or now.year, term=guess.term or _term(settings.term))


def _term(term: str) -> str:
    return term[-1] if term[-1:] in _SECOND else Guess.of(term).term or "上"


def _fitting(exams: pl.DataFrame, guess: Guess) -> list[str]:
    """The exams of that term and kind, for that 年级 where the labels name one."""
    fits = []
    rows = exams.drop_nulls("考试编号").with_columns(split(pl.col("年级")).alias("年级"))
    for row in rows.iter_rows(named=True):
        term = Guess.of(row["学期"] or "")
        own = Guess.of(row["名称"] or "").which or Guess.of(row["考试编号"]).which
        same_term = (term.year, _term(row["学期"] or "上")) == (guess.year, guess.term)
        grades = {grade_number(grade) for grade in row["年级"] or ()}
        for_grade = not grades or not guess.grade or grade_number(guess.grade) in grades
        if same_term and row["类型"] == guess.kind and own == guess.which and for_grade:
            fits.append(row["考试编号"])
    return fits


def _new(draft: Draft, guess: Guess, labels: Sequence[str], *, number: str | None, where: str) -> str:
    year, term = guess.year or draft.school.today.year, guess.term
    number = number or f"{year}{term}{guess.kind}{guess.which}"
    row = {
        "考试编号": number,
        "名称": _title(labels, guess, year),
        "日期": guess.day or draft.school.today,
        "学期": f"{year}-{year + 1}{term}",
        "类型": guess.kind or None,
    }
    draft.append(EXAMS, pl.DataFrame([{name: row.get(name) for name in EXAMS.names}], schema=EXAMS.frame_schema))
    dated = f"日期 {guess.day}" if guess.day else f"文件里没有日期，先写今天 {draft.school.today}，请改成考试那天"
    draft.lines.append(f"{where}：在“考试”表新增 {number}（{row['名称']}），{dated}。")
    if not guess.day:
        what = f"文件里没有 {number} 的考试日期，先写了今天 {draft.school.today}；日期不对，进退就比错"
        draft.warn(where, None, "日期", what, "在“考试”表里改成考试那天")
    if not guess.kind:
        draft.warn(where, None, "类型", f"看不出考试 {number} 的类型", "在“考试”表里选上它的类型")
    return number


def _title(labels: Sequence[str], guess: Guess, year: int) -> str:
    """The longest label that names the kind of exam, without what says that it is a table of marks."""
    titles = [_without_scores(label) for label in labels if guess.kind and Guess.of(label).kind == guess.kind]
    best = max(titles, key=len, default="")
    if len(best) > len(guess.kind) + 2:
        return best
    which = f"第{guess.which}次" if guess.which and "月" not in guess.which else guess.which
    return f"{year}—{year + 1}学年{_TERM_NAMES[guess.term]}{which}{guess.kind}考试"
