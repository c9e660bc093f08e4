"""A school into which files are imported, and the files, each written in three formats."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from tests.documents import sheet_writers
from tests.documents.sheet_writers import Sheet
from xlbangfu.actions.foresight import amended, appended
from xlbangfu.documents.importing import Answers, ImportPlan, plan_import
from xlbangfu.rules.school import School
from xlbangfu.schema import CLASSES, EXAMS, KEY, ROSTER, ROW, SCORES, SETTINGS, SUBJECTS, Table, state_of

TODAY = date(2026, 11, 28)
TITLE = "2026-2027学年第一学期期中考试成绩（2026年11月10日）"
FORMATS = {"xlsx": sheet_writers.xlsx, "xls": sheet_writers.xls, "csv": sheet_writers.separated(",", "gb18030")}
STUDENTS = [
    ("260101", "程一", "初一1班"),
    ("260102", "杜二", "初一1班"),
    ("260103", "范三", "初一1班"),
    ("260104", "郭四", "初一1班"),
    ("260105", "何五", "初一1班"),
    ("260106", "江六", "初一1班"),
    ("260201", "李一", "初一2班"),
    ("260202", "倪二", "初一2班"),
    ("250101", "白露", "初二1班"),
    ("250102", "曹阳", "初二1班"),
    ("250103", "程一", "初二1班"),
]
FULL = {"语文": 120.0, "数学": 120.0, "英语": 120.0, "道德与法治": 100.0, "历史": 100.0}


def _frame(table: Table, rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    frame = pl.DataFrame([{name: row.get(name) for name in table.names} for row in rows], schema=table.frame_schema)
    key = pl.concat_str(
        pl.lit(table.name), *(pl.col(n).cast(pl.String).fill_null("") for n in table.keys), separator="|"
    )
    return frame.with_columns(pl.int_range(2, pl.len() + 2).alias(ROW), key.alias(KEY))


def empty_school() -> School:
    """A new workbook."""
    settings = [{"项目": "学年", "值": "2026-2027"}, {"项目": "学期", "值": "2026-2027上"}]
    return School.of({SETTINGS: _frame(SETTINGS, settings)}, today=TODAY)


def school(*, exams: Sequence[Mapping[str, Any]] = ()) -> School:
    """Three classes of two 年级, five subjects with their full marks."""
    subjects = [
        {"科目": s, "满分": f, "优秀线": f * 0.85, "及格线": f * 0.6, "低分线": f * 0.4, "计入总分": "是"}
        for s, f in FULL.items()
    ]
    rooms = [("初一1班", "初一"), ("初一2班", "初一"), ("初二1班", "初二")]
    marks = {
        column: pl.Series([], dtype=kind) for s in FULL for column, kind in ((s, pl.Float64), (state_of(s), pl.String))
    }
    frames = {
        **empty_school().frames,
        CLASSES: _frame(CLASSES, [{"班级": name, "年级": grade} for name, grade in rooms]),
        ROSTER: _frame(
            ROSTER, [{"学号": n, "姓名": name, "班级": room, "在籍状态": "在读"} for n, name, room in STUDENTS]
        ),
        SUBJECTS: _frame(SUBJECTS, subjects),
        EXAMS: _frame(EXAMS, exams),
        SCORES: _frame(SCORES, []).with_columns(**marks),
    }
    return School.of(frames, today=TODAY)


def after(before: School, plan: ImportPlan) -> School:
    """The school once the plan is written."""
    frames = dict(before.frames)
    for table, frame in plan.appends.items():
        frames[table] = appended(table, before[table].drop("_student", strict=False), frame)
    for table, frame in (*plan.amends.items(), *plan.fills):
        frames[table] = amended(table, frames[table].drop("_student", strict=False), frame)
    return School.of(frames, today=TODAY)


def marks(plan: ImportPlan, *subjects: str) -> dict[str, tuple[float | str | None, ...]]:
    """学号 and the marks, or states, that are appended."""
    if SCORES not in plan.appends:
        return {}
    cells = [pl.coalesce(state_of(s), pl.col(s).cast(pl.String).str.strip_suffix(".0")).alias(s) for s in subjects]
    return {row[0]: row[1:] for row in plan.appends[SCORES].select("学号", *cells).rows()}


def ask_kinds(plan: ImportPlan) -> list[str]:
    """The kinds of what is asked."""
    return [question.ask.name for question in plan.questions]


def answered(plan: ImportPlan, *answers: str) -> Answers:
    """The answers, to the open questions in their order."""
    return Answers(by_id=dict(zip((question.id for question in plan.questions), answers, strict=True)))


def remembered(plan: ImportPlan) -> Answers:
    """What a later import remembers of this one."""
    return Answers(remembered={(q.ask.name, q.shape, q.about): answer for q, answer in plan.answers.learned()})


class Files:
    """Writes files into a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, name: str, *sheets: Sheet, form: str = "xlsx") -> Path:
        """A file of sheets; of text formats the first sheet only."""
        path = self.folder / f"{name}.{form}"
        path.write_bytes(FORMATS[form](sheets))
        return path

    def plan(
        self, *rows: Sequence[Any], name: str = "成绩", sheet: str = "Sheet1", form: str = "xlsx", **more: Any
    ) -> ImportPlan:
        """The plan of a file of one sheet."""
        to, answers = more.pop("to", None) or school(), more.pop("answers", None)
        path = self.write(name, Sheet(name=sheet, rows=[_blank(row) for row in rows], **more), form=form)
        return plan_import([path], to, answers=answers)


def _blank(row: Iterable[Any]) -> list[Any]:
    return [None if cell == "" else cell for cell in row]
