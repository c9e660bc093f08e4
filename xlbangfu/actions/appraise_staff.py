"""Appraisal: what teachers and classes did for the tracked students in the term."""

from __future__ import annotations

import polars as pl

from xlbangfu.actions.call import Call, Outcome
from xlbangfu.actions.checked_school import read_checked
from xlbangfu.actions.reporting import outcome_of, write
from xlbangfu.book.port import Book
from xlbangfu.rules.school import School
from xlbangfu.schema import APPRAISAL, PROBLEMS


def appraise(book: Book, call: Call) -> Outcome:
    """考核: every part of each teacher's score and every class's rates and vetoes (DOMAIN rule 11)."""
    checked = read_checked(book, call)

    sheet = _appraisal(checked.school)
    outcome = outcome_of("appraise", checked, call, rows=sheet.height, sentence=_summary(sheet))

    return write(book, call, outcome, checked, {PROBLEMS: checked.sheet, APPRAISAL: sheet})


def _appraisal(school: School) -> pl.DataFrame:
    from xlbangfu.rules.appraisal import appraise as appraisal
    from xlbangfu.rules.contacts import contacts
    from xlbangfu.rules.progress import progress
    from xlbangfu.rules.ranking import rank

    return appraisal(school, contacts(school), progress(school, rank(school)))


def _summary(sheet: pl.DataFrame) -> str:
    teachers = sheet.filter(pl.col("对象") == "教师").height
    vetoed = sheet["一票否决"].drop_nulls().len()
    out = f"{vetoed} 个班一票否决，原因写在“考核”里" if vetoed else "没有班级被一票否决"
    return f"考核了 {teachers} 位教师、{sheet.height - teachers} 个班，{out}。"
