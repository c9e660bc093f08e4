"""Import: what staff's own files hold, shown first, then appended."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from xlbangfu.actions.call import Call, Outcome, first_lines
from xlbangfu.actions.checked_school import Checked, read_checked
from xlbangfu.actions.reporting import outcome_of, write
from xlbangfu.book.port import Book
from xlbangfu.rules import problems as trouble
from xlbangfu.rules.school import School
from xlbangfu.schema import INPUTS, PROBLEMS

if TYPE_CHECKING:
    from xlbangfu.documents.importing import ImportPlan


def plan_import(book: Book, call: Call, files: Sequence[Path], *, exam: str | None = None) -> ImportPlan:
    """What an import would write, without writing it (DOMAIN rule 13)."""
    from xlbangfu.documents.importing import plan_import as plan

    frames = book.read(*INPUTS)
    return plan(files, School.of(frames, today=call.today), exam=exam)


def import_(book: Book, call: Call) -> Outcome | None:
    """导入: show what the files hold, ask, write; None if staff thought better of it."""
    plan = plan_import(book, call, call.files)

    if not call.agrees("\n".join([*first_lines(plan.lines), "", "要写进总表吗？"])):
        return None
    return import_files(book, call, plan)


def import_files(book: Book, call: Call, plan: ImportPlan) -> Outcome:
    """导入: append what the plan holds, then validate the workbook as it now is.

    Two writes: what was imported stands even if the check after it could not be written.
    """
    for table, frame in plan.appends.items():
        book.append(table, frame)
    for table, frame in plan.amends.items():
        book.amend(table, frame)
    book.save()
    checked = read_checked(book, call, needs=())

    refused = plan.problems
    rows = sum(frame.height for frame in (*plan.appends.values(), *plan.amends.values()))
    carried = checked.carried.filter(pl.col("编号") != trouble.IMPORTED)
    merged = Checked(checked.frames, checked.school, trouble.collect(refused, checked.problems), carried)
    sentence = f"导入 {rows} 行" + (
        f"，另有 {refused.height} 处没有写入或要核对，列在“校验”最前面" if refused.height else ""
    )
    outcome = outcome_of("import", merged, call, rows=rows, sentence=sentence + "。", details=tuple(plan.lines))

    return write(book, call, outcome, merged, {PROBLEMS: merged.sheet})
