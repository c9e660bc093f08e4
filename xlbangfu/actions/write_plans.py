"""制定计划: four phases for every student who has no plan in this term, and the rest of a plan that ends before it."""

from __future__ import annotations

import polars as pl
from msgspec.structs import replace

from xlbangfu.actions.call import Call, Outcome
from xlbangfu.actions.checked_school import read_checked
from xlbangfu.actions.reporting import outcome_of, write
from xlbangfu.actions.terms import why_nothing
from xlbangfu.book.port import Book
from xlbangfu.rules.people import with_student
from xlbangfu.schema import PLANS, ROSTER


def plan(book: Book, call: Call) -> Outcome | None:
    """Append the plans that are missing (DOMAIN rule 7), after asking; None if staff thought better of it.

    Done again, it adds nothing.
    """
    from xlbangfu.rules.plans import plan_rows

    checked = read_checked(book, call, marks=False)

    school = checked.school
    rows = plan_rows(school, with_student(checked.frames[PLANS], school[ROSTER]))
    students = rows["学号"].n_unique()
    if rows.height and not call.agrees(
        f"给 {students} 名还没有计划、或计划没有排到期末的学生写 {rows.height} 行计划，写进“计划”表吗？"
    ):
        return None
    after = replace(checked, frames={**checked.frames, PLANS: pl.concat([checked.frames[PLANS], rows], how="diagonal")})
    nothing = "没有要写的计划：" + why_nothing(school, "每名帮扶学生本学期都有计划了。")
    summary = f"给 {students} 名学生写好 {rows.height} 行计划，在“计划”表里，可以改。" if students else nothing
    outcome = outcome_of("plan", after, call, rows=rows.height, sentence=summary)

    if rows.height:
        book.append(PLANS, rows)
    return write(book, call, outcome, after, after.sheets)
