"""What the screening rule is worth: real students screened on two exams, compared with who failed the third.

    python -m tests.benchmarks.screening

The 395 students of student-mat.csv have one subject, so 「排查不及格科数」 is 3 in the first row (the default, which one
subject can never reach) and 1 in the second; a wider 「排查百分位」 stands for a school with places for more. The baseline needs
no exam: whoever has failed a class before. Two more rows leave the second mark of every fifth student out: who is proposed
for sure (新增), and who is 待定 as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl
import pytest

from tests.support.real_students import FULL, GRADE, PASS, SUBJECT, find_csv, read_students
from xlbangfu.rules.ranking import rank
from xlbangfu.rules.school import School
from xlbangfu.rules.screening import screen
from xlbangfu.rules.screening_words import PENDING
from xlbangfu.schema import CLASSES, EXAMS, NEW, ROSTER, ROW, SCORES, SETTINGS, SUBJECTS, TRACKED, Table, state_of

TODAY = date(2026, 3, 1)
_EXAMS = (("G1", date(2025, 11, 6), "期中"), ("G2", date(2026, 1, 15), "期末"))


@dataclass(frozen=True)
class Worth:
    """A way to choose students, against those who failed: shares from 0 to 1."""

    name: str
    chosen: int
    right: int
    failed: int

    @property
    def precision(self) -> float:
        return self.right / self.chosen if self.chosen else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.failed

    @property
    def line(self) -> str:
        return f"| {self.name} | {self.chosen} | {self.right} | {self.precision:.1%} | {self.recall:.1%} |"


def measured(students: Sequence[dict[str, str]]) -> list[Worth]:
    """The rule by default, the rule for one subject, and the baseline."""
    failed = {one["学号"] for one in students if int(one["G3"]) < PASS}

    def worth(name: str, chosen: Iterable[str]) -> Worth:
        those = set(chosen)
        return Worth(name, len(those), len(those & failed), len(failed))

    return [
        worth("the rule, by default (8 %, 3 subjects)", proposed(students)),
        worth("the rule for one subject (8 %, 1 subject)", proposed(students, 排查不及格科数="1")),
        worth("the rule with a wider line (20 %, 3 subjects)", proposed(students, 排查百分位="20%")),
        worth(
            "a fifth without G2, 1 subject: 新增", proposed(students, fifth=True, changes=(NEW,), 排查不及格科数="1")
        ),
        worth("a fifth without G2, 1 subject: and 待定", proposed(students, fifth=True, 排查不及格科数="1")),
        worth("baseline: failures > 0", (one["学号"] for one in students if int(one["failures"]) > 0)),
    ]


def proposed(
    students: Sequence[dict[str, str]], *, fifth: bool = False, changes: Sequence[str] = (NEW, PENDING), **settings: str
) -> list[str]:
    """The 学号 that 排查 proposes to track after G2; of every ``fifth`` student G2 is not there."""
    school = _school(students, settings, fifth)
    found = screen(school, rank(school))
    return found.filter(pl.col("建议类别") == TRACKED, pl.col("变化").is_in(list(changes)))["学号"].to_list()


def _school(students: Sequence[dict[str, str]], settings: dict[str, str], fifth: bool) -> School:
    rooms = sorted({one["班级"] for one in students})
    subject = {"科目": SUBJECT, "满分": FULL, "优秀线": 16, "及格线": PASS, "低分线": 1, "计入总分": "是"}
    frames = {
        SETTINGS: _sheet(SETTINGS, [{"项目": name, "值": value} for name, value in settings.items()]),
        SUBJECTS: _sheet(SUBJECTS, [subject]),
        CLASSES: _sheet(CLASSES, [{"班级": room, "年级": GRADE} for room in rooms]),
        ROSTER: _sheet(ROSTER, [{name: one[name] for name in ("学号", "姓名", "班级")} | {"在籍状态": "在读"} for one in students]),
        EXAMS: _sheet(EXAMS, [{"考试编号": name, "日期": day, "类型": kind} for name, day, kind in _EXAMS]),
    }  # fmt: skip
    rows = [
        (name, one["学号"], float(one[name]))
        for name, *_ in _EXAMS
        for at, one in enumerate(students)
        if not (fifth and at % 5 == 0 and name == "G2")
    ]
    marks = _sheet(SCORES, [{"考试编号": exam, "学号": number} for exam, number, _ in rows])
    frames[SCORES] = marks.with_columns(
        pl.Series(SUBJECT, [mark for *_, mark in rows]), pl.lit(None, dtype=pl.String).alias(state_of(SUBJECT))
    )
    return School.of(frames, today=TODAY)


def _sheet(table: Table, rows: Sequence[dict[str, object]]) -> pl.DataFrame:
    full = [{name: row.get(name) for name in table.names} for row in rows]
    frame = pl.DataFrame(full, schema=table.frame_schema, strict=False)
    return frame.with_row_index(ROW, offset=2).cast({ROW: pl.Int64})


def main() -> None:
    """Print the table."""
    try:
        students = read_students(find_csv())
    except pytest.skip.Exception as missing:
        raise SystemExit(str(missing)) from None
    found = measured(students)
    print(f"{len(students)} students, {found[0].failed} failed G3 (G3 < {PASS})\n")
    print("| chosen by | chosen | of them failed | precision | recall |\n| --- | --- | --- | --- | --- |")
    print("\n".join(one.line for one in found))


if __name__ == "__main__":
    main()
