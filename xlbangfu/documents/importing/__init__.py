"""Import of the files that a school has already: rosters, teachers, classes, marks (DOMAIN rule 13).

Nothing is written here: the plan says what would be appended, and staff may look at it first. Reading the same file
twice changes nothing; what stands in the master is never overwritten, a difference is reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from xlbangfu.documents.importing import people, scores, subjects
from xlbangfu.documents.importing.body import Sheet, records
from xlbangfu.documents.importing.draft import Draft
from xlbangfu.documents.importing.files import read_grids
from xlbangfu.documents.importing.headings import Content, find_header
from xlbangfu.documents.importing.ledger import Ledger
from xlbangfu.errors import UnreadableFile
from xlbangfu.rules.school import School
from xlbangfu.schema import DEFECTS, SCORES, Table

__all__ = ["ImportPlan", "plan_import"]

_BEFORE_MARKS = (Content.TEACHERS, Content.CLASSES, Content.ROSTER)


@dataclass(frozen=True, kw_only=True)
class ImportPlan:
    """What an import would do.

    ``appends`` are rows for ``Book.append``, ``amends`` marks for ``Book.amend`` (未录 cells that a file fills).
    ``lines`` tell staff, sheet by sheet, what was recognised, used, left out, matched and not. ``problems`` (the frame of
    rules.problems; 工作表 is "file·sheet", 行 the row there) are what could not be used, or differs from the master.
    """

    appends: dict[Table, pl.DataFrame]
    amends: dict[Table, pl.DataFrame]
    new_subjects: list[str]
    lines: list[str]
    problems: pl.DataFrame

    def problem_lines(self) -> list[str]:
        """The problems as staff read them before anything is written: level, place, what, remedy."""
        return [_said(row) for row in self.problems.to_dicts()]


def _said(row: dict[str, Any]) -> str:
    place = " ".join(str(part) for part in (row["工作表"], row["行"] and f"第 {row['行']} 行", row["列"]) if part)
    return f"{row['级别']} {place}：{row['问题']}。{row['怎么改']}"


def plan_import(paths: Sequence[Path], school: School, *, exam: str | None = None) -> ImportPlan:
    """Plan the import of files into a school; ``exam`` is the 考试编号 of all marks in them, existing or new.

    The files may come in any order: teachers, classes and rosters are looked at before marks. Raises UnreadableFile for
    what is no table, and BadArgument where ``exam`` is given for a sheet with several exams.
    """
    draft = Draft(school)
    ledger = Ledger(school[SCORES], school[DEFECTS])
    sheets = [sheet for path in paths for sheet in _recognise(draft, path)]
    marks = [sheet for sheet in sheets if sheet.header.content is Content.SCORES]
    for content in _BEFORE_MARKS:
        for sheet in sheets:
            if sheet.header.content is content:
                people.plan(draft, sheet)
    subjects.learn(draft, marks)
    for sheet in marks:
        scores.plan(draft, ledger, sheet, exam)
    return _plan(draft, ledger)


def _recognise(draft: Draft, path: Path) -> list[Sheet]:
    """The sheets of a file that are something known."""
    found, others = [], []
    for grid in read_grids(path):
        header = find_header(grid, draft.subjects)
        if header:
            found.append(Sheet(grid, header, records(grid, header)))
        else:
            others.append(grid.sheet)
    if not found:
        raise UnreadableFile(
            f"“{path.name}”里没有认出名册、教师、班级或成绩表，这次什么都没有写入；请让表头一行写着："
            "名册 学号、姓名、班级；成绩 再加各科名称；班级 班级、班主任；教师 工号、姓名。"
        )
    draft.lines.extend(f"{path.name}·{sheet}：没有认出表头，这张表没有导入。" for sheet in others)
    return found


def _plan(draft: Draft, ledger: Ledger) -> ImportPlan:
    appends = {table: pl.concat(frames) for table, frames in draft.added.items()}
    if ledger.appended.height:
        appends[SCORES] = ledger.appended
    amended, unsafe = ledger.amended()
    scores.note_unsafe(draft, unsafe)
    return ImportPlan(
        appends=appends,
        amends={SCORES: amended} if amended.height else {},
        new_subjects=ledger.new_subjects,
        lines=draft.lines,
        problems=draft.problems,
    )
