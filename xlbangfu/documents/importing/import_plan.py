"""What an import would do, with what it asks."""

from __future__ import annotations

from typing import Any

import polars as pl
from msgspec import Struct, field

from xlbangfu.documents.importing.contents import counted
from xlbangfu.documents.importing.draft import Fault
from xlbangfu.documents.importing.questions import Answers, Question
from xlbangfu.rules.problems import errors
from xlbangfu.schema import Table


class ImportPlan(Struct, frozen=True, kw_only=True):
    """What an import would do.

    ``appends`` are rows for ``Book.append``, ``amends`` cells for ``Book.amend`` (未录 cells that a file fills, the 日期 of an
    exam), ``fills`` more of them, a frame for each set of columns. ``lines`` tell staff, sheet by sheet, what was recognised, used, left out, matched and not. ``problems`` (the frame
    of rules.problems; 工作表 is "file·sheet", 行 the row there) are what could not be used, or differs from the master.
    ``answers`` hold the questions that are open, the answers that were used, and those that memory gave.
    """

    appends: dict[Table, pl.DataFrame]
    amends: dict[Table, pl.DataFrame]
    new_subjects: list[str]
    lines: list[str]
    problems: pl.DataFrame
    faults: tuple[Fault, ...] = ()
    answers: Answers = field(default_factory=Answers)
    without_marks: tuple[str, ...] = ()
    has_review: bool = True  # whether the workbook has 导入核对: one made by an older version does not yet
    fills: tuple[tuple[Table, pl.DataFrame], ...] = ()

    @property
    def questions(self) -> list[Question]:
        """What is asked."""
        return self.answers.open

    @property
    def rows(self) -> int:
        """How many rows would be written."""
        return sum(
            frame.height for frame in (*self.appends.values(), *self.amends.values(), *(f for _, f in self.fills))
        )

    @property
    def contents(self) -> str:
        """What would be written, as staff count it; "" for nothing."""
        return counted(self.appends, (*self.amends.items(), *self.fills))

    @property
    def exit_code(self) -> int:
        """1 while something is asked, refused, or a file that looks like marks gave none."""
        return 1 if self.questions or self.without_marks or errors(self.problems).height else 0

    def problem_lines(self) -> list[str]:
        """The problems as staff read them before anything is written: level, place, what, remedy."""
        return [_line(row) for row in self.problems.to_dicts()]


def _line(row: dict[str, Any]) -> str:
    place = " ".join(str(part) for part in (row["工作表"], row["行"] and f"第 {row['行']} 行", row["列"]) if part)
    return f"{row['级别']} {place}：{row['问题']}。{row['怎么改']}"
