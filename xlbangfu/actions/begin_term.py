"""新学期: the next term's workbook beside this one, which stays byte for byte (DOMAIN rule 14)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
from msgspec import Struct
from msgspec.structs import replace

from xlbangfu.actions.call import Call, Outcome, first_lines
from xlbangfu.actions.checked_school import Checked, read_checked, read_whole
from xlbangfu.actions.reporting import outcome_of, write
from xlbangfu.actions.term_files import check_not_made, target_of
from xlbangfu.book.port import Book
from xlbangfu.catalog import DIVISION, NEW_BOOK, TERM_END, TERM_START
from xlbangfu.errors import BadArgument, WrongWorkbook
from xlbangfu.late_pattern import late_pattern
from xlbangfu.rules.school import School
from xlbangfu.schema import (
    AWARDS,
    COLLECTED,
    CONSOLE,
    DEFECTS,
    INPUTS,
    OUTPUTS,
    PAST,
    PROBLEMS,
    QUALITY,
    ROSTER,
    ROW,
    RUNS,
    SCHOOL_PAGE,
    SEPARATOR,
    SETTINGS,
    UNREAD,
    VIEWS,
    Table,
    View,
)

if TYPE_CHECKING:
    from xlbangfu.book.closed.closed_book import ClosedBook
    from xlbangfu.rules.new_term.carrying import Carried
    from xlbangfu.rules.new_term.division import Division
    from xlbangfu.rules.new_term.promotion import ClassMove
    from xlbangfu.rules.new_term.terms import SchoolTerm

NAME = "next_term"
_LEDGERS = (AWARDS, COLLECTED, RUNS)  # left in the old workbook
_DAY = late_pattern(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?")
_VALUES = {"项目": pl.String(), "值": pl.String()}
_SHOWN = 5  # cells that are named
_ASK_DIVISION = "这个学期重新分班了吗？有名单（学号或姓名、新班级）就点“是”（或“确定”）选文件；没有重新分班，班级照原样升级，点“否”（或“取消”）。"
_LIST_FILES = ("*.xlsx", "*.xlsm", "*.xls", "*.et", "*.ods", "*.csv", "*.txt")


class _Plan(Struct, frozen=True, kw_only=True):
    """What was decided: the next ``term`` and its ``days``, what is ``carried``, and the lines in which staff are told."""

    school: School
    counts: Mapping[Table, int]
    term: SchoolTerm
    days: tuple[date, date]
    carried: Carried
    lines: list[str]


def next_term(book: Book, call: Call) -> Outcome | None:
    """新学期: show what will happen, then make the next term's workbook; None if staff thought better of it.

    Raises BadArgument where the term is not over, the days or names cannot be, or it was done before.
    """
    from xlbangfu.book.closed.workbook_copy import copy_of, place_new

    with copy_of(book, action=NAME) as copy:
        plan = _planned(copy, call)
        target = target_of(book.path, call.option(NEW_BOOK), plan.term)
        check_not_made(book.path, target, plan.school.settings.term)
        told = [*first_lines(plan.lines, 24), "", f"新学期的总表叫“{target.name}”，旧总表一个字也不动。要做吗？"]
        if not call.agrees("\n".join(told)):
            return None

        outcome = _made(copy, call, plan, book.path, target)
        book.progress("放好新总表", 0.95)
        _mend(copy.path)
        place_new(copy, target, like=book.path)
    book.progress("完成", 1.0)
    return outcome


def _planned(copy: ClosedBook, call: Call) -> _Plan:
    from xlbangfu.rules.new_term.carrying import LEFT_BEHIND, carry
    from xlbangfu.rules.new_term.promotion import promoted, same_classes
    from xlbangfu.rules.new_term.summary import lines
    from xlbangfu.rules.new_term.term_settings import check_days, next_term_of

    _check_version(copy)
    (frames, school), ledgers = read_whole(copy, call, but=LEFT_BEHIND), copy.read(*_LEDGERS)
    term = next_term_of(school.settings, call.today)
    days = _days(call, term)
    check_days(school.settings, term, days)
    moves = (promoted if term.begins_a_year else same_classes)(school.class_names)
    division = _division(call, term, school, moves)
    carried = carry(school, frames, moves, division, start=days[0])
    read = {**frames, **ledgers}
    counted = [table for table in (*INPUTS, *_LEDGERS) if table is not SETTINGS]
    counts = {table: read[table].height if table in read else copy.records(table) for table in counted}
    said = [*lines(school, carried, term, days), *_unread(frames[DEFECTS])]
    return _Plan(school=school, counts=counts, term=term, days=days, carried=carried, lines=said)


def _check_version(copy: ClosedBook) -> None:
    if PAST.name not in copy.package.sheets:
        raise WrongWorkbook(copy.version.absence(PAST.name, PAST.since))


def _days(call: Call, term: SchoolTerm) -> tuple[date, date]:
    """The days of the term: as typed, as answered, else the usual ones."""
    usual = term.usual_days
    typed = (call.option(TERM_START), call.option(TERM_END))
    if any(typed) or not call.can_ask:
        return _day(typed[0]) or usual[0], _day(typed[1]) or usual[1]
    said = call.asks(
        f"{term.text} 从哪天到哪天？写成 {usual[0]} 至 {usual[1]} 这样；不写就用这两天，以后可以在“设置”里改。"
    )
    found = [_day(text) for text in _DAY.findall(said)]
    if said and len(found) != 2:
        raise BadArgument(f"“{said}”里看不出两个日子，没有做；请写成 {usual[0]} 至 {usual[1]} 这样，再做一次。")
    first, last = found or usual
    return first or usual[0], last or usual[1]


def _day(text: str) -> date | None:
    from xlbangfu.settings.parsers import BadValue, day

    try:
        return day(text.replace("月", "-").replace("年", "-").replace("日", "")) if text else None
    except BadValue:
        raise BadArgument(f"“{text}”不是日期，没有做；请写成 2026-09-01 这样，再做一次。") from None


def _division(call: Call, term: SchoolTerm, school: School, moves: Sequence[ClassMove]) -> Division:
    """The list of a new division of classes, where there is one."""
    from xlbangfu.rules.new_term.division import Division, divide

    path = call.option(DIVISION)
    if path is None and term.begins_a_year and call.agrees(_ASK_DIVISION):
        path = next(iter(call.chooses("分班名单：选一个文件", _LIST_FILES)), None)
    if path is None:
        return Division()
    from xlbangfu.documents.division_list import read_division  # all of the importing is behind it

    typed = read_division(path, school[ROSTER])
    return divide(typed, moves, school_year=term.year, system=school.settings.school_system)


def _unread(defects: pl.DataFrame) -> Iterator[str]:
    """The cells that cannot be read and so stay in the old workbook only."""
    lost = defects.filter(pl.col("缺陷").is_in(UNREAD), pl.col(ROW).is_not_null())
    if lost.height:
        cells = lost.head(_SHOWN).select("工作表", ROW, "列", "原值").iter_rows()
        named = SEPARATOR.join(f"{sheet}第 {row} 行{column}“{value or ''}”" for sheet, row, column, value in cells)
        yield f"有 {lost.height} 个格子读不出来，不带过去：{named}{'等' if lost.height > _SHOWN else ''}；要带就先点“校验”改好。"


def _made(copy: ClosedBook, call: Call, plan: _Plan, book: Path, target: Path) -> Outcome:
    """The copy of ``book`` turned into the next term's workbook."""
    from xlbangfu.rules.new_term.carrying import no_records
    from xlbangfu.rules.new_term.summary import past_rows

    copy.progress("写新学期的总表", 0.6)
    was_hidden = copy.hidden()
    _set(copy, plan, call)
    copy.replace(dict(plan.carried.sheets))
    empty = [table for table in (*OUTPUTS, *_LEDGERS) if table is not CONSOLE and table.name in copy.package.sheets]
    copy.replace({table: no_records(table) for table in empty})
    past = past_rows(plan.counts, plan.carried, term=plan.school.settings.term, title=book.name, now=call.now)
    copy.append(PAST, past)
    copy.apply()

    checked = read_checked(copy, call, needs=())
    copy.show(_views(copy, checked, call))
    bare = [table for table in INPUTS if table in checked.frames and not checked.frames[table].height]
    copy.hide(*was_hidden, *(table for table in empty if table is not PROBLEMS), *bare)
    students = plan.carried.sheets[ROSTER].height
    place = "和旧总表在同一个文件夹" if target.parent.resolve() == book.parent.resolve() else f"在“{target.parent}”"
    sentence = (
        f"{plan.term.text} 的总表做好了：“{target.name}”，{place}。旧总表没有动；请关闭旧总表，以后的事在新总表里做。"
    )
    outcome = outcome_of(
        NAME, checked, call, rows=students, sentence=sentence, details=tuple(plan.lines), files=(target,)
    )
    return write(copy, call, outcome, checked, {PROBLEMS: checked.sheet})


def _set(copy: ClosedBook, plan: _Plan, call: Call) -> None:
    """The rows of 设置 that the next term sets anew."""
    from xlbangfu.rules.new_term.term_settings import next_settings
    from xlbangfu.settings import sheet_rows

    wanted = next_settings(plan.school.settings, plan.term, plan.days)
    there = plan.school[SETTINGS]["项目"].drop_nulls().to_list()
    known = {name: value for name, value in wanted.items() if name in there}
    copy.amend(SETTINGS, pl.DataFrame({"项目": list(known), "值": list(known.values())}, schema=_VALUES))
    lacking = [row for row in sheet_rows(call.today) if row[0] in wanted and row[0] not in there]
    if lacking:
        rows = [(name, wanted[name], help) for name, _, help in lacking]
        copy.append(SETTINGS, pl.DataFrame(rows, schema=SETTINGS.frame_schema, orient="row"))


def _views(copy: ClosedBook, checked: Checked, call: Call) -> dict[View, bytes]:
    """The views that the workbook has, drawn anew, so that none speaks of the term that is over."""
    from xlbangfu.actions.draw_views import draw_briefing, draw_quality

    plain = replace(call, options={})
    draw = {QUALITY: lambda: draw_quality(checked, plain), SCHOOL_PAGE: lambda: draw_briefing(copy, checked, plain)}
    return {view: draw[view]().content for view in VIEWS if view.name in copy.package.sheets}


def _mend(copy: Path) -> None:
    """The buttons that LibreOffice drops from a copy of what it has open, put back; once the workbook is in its place nothing
    may fail."""
    from xlbangfu.book.upgrade.button_repair import mend

    mend(copy)
