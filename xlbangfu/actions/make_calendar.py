"""日程 and 周历: what each teacher does on which day, by task and by week, and as a calendar file for each."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from xlbangfu.actions.call import Call, Outcome
from xlbangfu.actions.checked_school import read_checked
from xlbangfu.actions.reporting import codes_of, outcome_of, write
from xlbangfu.actions.terms import why_nothing
from xlbangfu.book.port import Book
from xlbangfu.rules.people import teacher_label
from xlbangfu.rules.school import School
from xlbangfu.schema import PLANS, SCHEDULE, TEACHERS, WEEKLY


def calendar(book: Book, call: Call) -> Outcome:
    """日程: the sheet, and one .ics for each teacher (DOMAIN rule 7); the files take their place once the workbook is
    written."""
    from xlbangfu.documents.calendar import Edition, staged_calendars, teacher_calendars
    from xlbangfu.rules.schedule import as_sheet, tasks
    from xlbangfu.rules.week_view import week_view

    checked, out = read_checked(book, call, marks=False), call.folder(book, "calendar")

    book.progress("排日程", 0.5)
    school = checked.school
    found = tasks(school)
    edition = Edition(
        school=school.settings.school, public_name=school.settings.public_name, made=call.now, today=school.today
    )
    calendars = teacher_calendars(found, edition, teacher_label(school[TEACHERS])["显示"].drop_nulls().to_list())

    with staged_calendars(calendars, out) as staged:
        outcome = outcome_of(
            "calendar", checked, call, rows=found.height, sentence=_summary(school, found, out), files=staged.files
        )
        sheets = {**checked.sheets, SCHEDULE: as_sheet(found), WEEKLY: week_view(found, school.settings.term_start)}
        return write(book, call, outcome, checked, sheets, codes=codes_of(staged.digests), stage=staged.stage)


def _summary(school: School, found: pl.DataFrame, out: Path) -> str:
    if not found.height:
        return "没有可排的日程：" + why_nothing(school, "学期里剩下的日子都不上课，请看“校历”。")
    teachers = found["教师"].n_unique() - int(found["教师"].has_nulls())
    sentence = (
        f"日程 {found.height} 行，{teachers} 位教师的日历文件在文件夹“{out.resolve().name}”，各人导入自己的那一份。"
    )
    lonely = found.filter(pl.col("教师").is_null())["学号"].drop_nulls().n_unique()
    if lonely:
        sentence += f"有 {lonely} 名学生没有一对一教师也没有班主任，他们的日程没有人领。"
    return sentence if school[PLANS].height else sentence + "还没有计划，先点“制定计划”，日程里才有各阶段。"
