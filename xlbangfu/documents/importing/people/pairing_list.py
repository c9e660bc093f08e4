"""A 结对表 that the school has kept so far: proposed for 结对; a pairing that runs already is left as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from xlbangfu.book.reading import cells as readers
from xlbangfu.documents.importing import words
from xlbangfu.documents.importing.columns import Block
from xlbangfu.documents.importing.draft import Draft
from xlbangfu.documents.importing.people import account
from xlbangfu.documents.importing.people.list_kinds import People
from xlbangfu.documents.importing.people.listed_students import Listed, listed_students
from xlbangfu.documents.importing.people.people_headings import PAIRING, STUDENT, columns_of
from xlbangfu.documents.importing.people.people_values import Values, person_name
from xlbangfu.documents.importing.people.teacher_cells import Teachers
from xlbangfu.documents.importing.questions import LEAVE_OUT, Ask, Question
from xlbangfu.rules.people import STUDENT as WHO
from xlbangfu.schema import ONE_TO_ONE, PAIRINGS, PEER, ROSTER, RUNNING

WRITE = "写进“结对”"
_TAKEN = ("类型", "帮扶学科", "转化目标", "开始日期", "结束日期")
_SHOWN = 3


def plan(draft: Draft, block: Block) -> None:
    """Propose the pairings of a list."""
    _Pairings(draft, block).plan()


class _Pairings:
    def __init__(self, draft: Draft, block: Block) -> None:
        self.draft, self.block = draft, block
        self.columns = columns_of(block, PAIRING)
        self.student_columns = columns_of(block, STUDENT)
        self.teachers = Teachers(draft, block)
        self.values = {
            name: Values(draft, block).column(PAIRINGS[name], block.cells(column))
            for name, column in self.columns.items()
            if name in _TAKEN
        }
        self.running = _running(draft, self.teachers)
        self.added: list[dict[str, Any]] = []

    def plan(self) -> None:
        listed = listed_students(self.draft, self.block, self.student_columns)
        rows = [(one, self._row(one)) for one in listed]
        new = [row for one, row in rows if row and self._key(one, row) not in self.running]
        begin = self._begin(new) if new and self._agreed(new) else None
        fates = [self._take(one, row, begin) for one, row in rows]
        self.draft.append(
            PAIRINGS, pl.DataFrame(self.added, schema=PAIRINGS.frame_schema) if self.added else PAIRINGS.empty()
        )
        used = {
            n: c for n, c in self.student_columns.items() if n in (words.NUMBER, words.NAME, words.CLASS, words.GRADE)
        }
        line = account.sheet_line(self.block, People.PAIRINGS.value, used | self.columns, account.counted(fates))
        self.draft.lines.append(line)

    def _row(self, one: Listed) -> dict[str, Any] | None:
        """The pairing of a record; None, and told, where it names no student or nobody who helps."""
        if one.student is None:
            return None
        said = {name: column[one.index] for name, column in self.values.items()}
        kind = said.get("类型") or (PEER if "教师" not in self.columns else ONE_TO_ONE)
        row = {**said, "类型": kind, **{name: one.student[name] for name in ("学号", "姓名", "班级")}}
        if kind == PEER:
            row["学习帮手"] = self._helper(one)
        elif "教师" in self.columns:
            row["教师"] = self.teachers.label(self.block.cells(self.columns["教师"])[one.index], one.row)
        return row if row.get("学习帮手") or row.get("教师") else None

    def _helper(self, one: Listed) -> str | None:
        column = self.columns.get("学习帮手")
        name = person_name(self.block.cells(column)[one.index]) if column else None
        if name is None or one.student is None:
            return None
        mates = self.draft.rows(ROSTER).filter(pl.col("班级") == one.student["班级"])
        fits = [
            number for number, other in mates.select("学号", "姓名").iter_rows() if name in (number, person_name(other))
        ]
        if len(fits) == 1:
            return str(fits[0])
        what = f"{one.student['班级']} 没有 {name}，或不止一个，学习帮手认不出，这一行没有导入"
        self.draft.refuse(self.block.title, one.row, "学习帮手", what, "写帮手的学号再导入", 姓名=one.student["姓名"])
        return None

    def _key(self, one: Listed, row: Mapping[str, Any]) -> tuple[Any, ...]:
        helper = row.get("学习帮手") or self.teachers.number(row.get("教师"))
        return (one.student["学号"] if one.student else None, row["类型"], helper)

    def _agreed(self, new: Sequence[Mapping[str, Any]]) -> bool:
        sample = tuple(f"{row['姓名']} – {row.get('教师') or row.get('学习帮手')}" for row in new[:_SHOWN])
        return (
            self._asked(Ask.PROPOSAL, f"{len(new)} 行结对", sample, "学校已在执行的结对", (WRITE, LEAVE_OUT)) == WRITE
        )

    def _begin(self, new: Sequence[Mapping[str, Any]]) -> date | None:
        """The day on which those begin that do not say; None where it is open."""
        lacking = [row for row in new if row.get("开始日期") is None]
        if not lacking:
            return self.draft.school.today
        start = self.draft.school.settings.term_start.isoformat()
        sample = tuple(str(row["姓名"]) for row in lacking[:_SHOWN])
        answer = self._asked(
            Ask.DAY,
            f"{len(lacking)} 行结对从哪天开始",
            sample,
            f"没有开始日期，学期从 {start} 开始",
            (start,),
            free=True,
        )
        day, _ = readers.as_date(answer) if answer else (None, None)
        return day if isinstance(day, date) else None

    def _asked(
        self,
        ask: Ask,
        about: str,
        sample: tuple[str, ...],
        thought: str,
        choices: tuple[str, ...],
        *,
        free: bool = False,
    ) -> str | None:
        file, sheet = self.block.grid.file, self.block.grid.sheet
        return self.draft.answers.ask(
            Question(
                ask=ask, file=file, sheet=sheet, about=about, sample=sample, thought=thought, choices=choices, free=free
            )
        )

    def _take(self, one: Listed, row: dict[str, Any] | None, begin: date | None) -> str:
        if row is None:
            return account.REFUSED
        key = self._key(one, row)
        if key in self.running:
            return account.THERE
        if begin is None:
            return account.HELD
        self.running.add(key)
        row["开始日期"] = row.get("开始日期") or begin
        made = {"状态": RUNNING} | row
        self.added.append({name: made.get(name) for name in PAIRINGS.names})
        return account.NEW


def _running(draft: Draft, teachers: Teachers) -> set[tuple[Any, ...]]:
    """学号, 类型 and who helps of the pairings that run."""
    rows = draft.school[PAIRINGS].filter(pl.col("状态") == RUNNING)
    return {
        (row[WHO], row["类型"], row["学习帮手"] or teachers.number(row["教师"])) for row in rows.iter_rows(named=True)
    }
