"""An import while it is being planned: what will be written, what staff should read, what could not be used, what is
asked."""

from __future__ import annotations

from datetime import date
from functools import cached_property

import polars as pl
from msgspec import Struct, field

from xlbangfu.documents.importing.questions import Answers
from xlbangfu.rules import problems
from xlbangfu.rules.class_names import ClassNames, FoundGrade
from xlbangfu.rules.class_spelling import first_year, school_classes
from xlbangfu.rules.problems import ERROR, WARNING
from xlbangfu.rules.row_numbers import with_numbers
from xlbangfu.rules.school import School
from xlbangfu.schema import CLASSES, EXAMS, KEY, ROSTER, SUBJECTS, Table

NUMBER = problems.IMPORTED
Key = tuple[str | None, ...]


class Fault(Struct, frozen=True, kw_only=True):
    """What could not be used, or should be looked at. ``where`` is file·sheet, ``row`` counts from 1 and ``cell`` is the
    address in the file; ``kind`` groups faults that are told together where there are many."""

    level: str
    where: str
    row: int | None
    column: str
    what: str
    remedy: str
    cell: str = ""
    kind: str = ""
    number: str | None = None
    name: str | None = None


class Draft(Struct, dict=True):
    """The school as it is, and what the files add to it."""

    school: School
    answers: Answers = field(default_factory=Answers)
    lines: list[str] = field(default_factory=list)
    added: dict[Table, list[pl.DataFrame]] = field(default_factory=dict)
    amended: dict[Table, list[pl.DataFrame]] = field(default_factory=dict)
    filled: dict[Table, dict[Key, dict[str, object]]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    new_subjects: list[str] = field(default_factory=list)
    without_marks: list[str] = field(default_factory=list)  # files that look like marks and gave none

    def append(self, table: Table, frame: pl.DataFrame) -> None:
        if frame.height:
            used = self.rows(table)[table.numbered.name] if table.numbered else pl.Series(dtype=pl.String)
            self.added.setdefault(table, []).append(with_numbers(table, frame, used))
            self.__dict__.pop("classes", None)
            self.__dict__.pop("subjects", None)

    def amend(self, table: Table, frame: pl.DataFrame) -> None:
        if frame.height:
            self.amended.setdefault(table, []).append(frame)

    def fill(self, table: Table, key: Key, cells: dict[str, object]) -> None:
        """Put values into empty cells of a row, named by its key columns: one of the sheet, or one that this import adds."""
        if not cells:
            return
        mine = pl.all_horizontal(
            pl.col(name).eq_missing(pl.lit(part)) for name, part in zip(table.keys, key, strict=True)
        )
        for place, frame in enumerate(self.added.get(table, [])):
            if frame.select(mine.any()).item():
                values = (
                    pl.when(mine).then(pl.lit(value, dtype=table[name].type.dtype)).otherwise(pl.col(name)).alias(name)
                    for name, value in cells.items()
                )
                self.added[table][place] = frame.with_columns(values)
                return
        self.filled.setdefault(table, {}).setdefault(key, {}).update(cells)

    def fills(self) -> list[tuple[Table, pl.DataFrame]]:
        """What ``fill`` puts into the sheets, as frames for ``Book.amend``: one for each set of columns."""
        found = ((table, frame) for table, rows in self.filled.items() for frame in _by_columns(table, rows))
        return [(table, self.named_as_typed(table, frame)) for table, frame in found]

    def named_as_typed(self, table: Table, frame: pl.DataFrame) -> pl.DataFrame:
        """A frame for ``Book.amend`` with its rows named as the sheet does: 科目 may spell a 年级 otherwise than 班级."""
        there = self.school[table]
        if table != SUBJECTS or KEY not in there.columns:
            return frame
        typed = there.select(*table.keys, pl.col(KEY).str.split("|").list.get(1).str.strip_chars().alias("_typed"))
        rows = frame.join(typed, on=table.keys, how="left", nulls_equal=True, maintain_order="left")
        grade = pl.when(pl.col("_typed") != "").then("_typed").otherwise("年级")
        return rows.with_columns(grade.alias("年级")).drop("_typed")

    def rows(self, table: Table) -> pl.DataFrame:
        """The rows of the school and those that this import adds, in the columns of the schema."""
        known = self.school[table].select(table.names)
        every: pl.DataFrame = pl.concat([known, *self.added.get(table, [])], how="diagonal")
        return every

    def fill_exam(self, number: str, day: date) -> None:
        """Put in the 日期 of an exam that has none."""
        if any(number in set(frame["考试编号"]) for frame in self.added.get(EXAMS, [])):
            known = f"新增的 {number}"
        else:
            known = f"“考试”表 {number} "
        self.fill(EXAMS, (number,), {"日期": day})
        self.lines.append(f"{known}补上日期 {day}。")

    @property
    def school_year(self) -> int:
        """The year in which today's school year began."""
        return first_year(self.school.settings.school_year, self.school.today)

    @cached_property
    def classes(self) -> ClassNames:
        """The classes of 班级, and those that only 名册 has."""
        others = self.rows(ROSTER)["班级"].drop_nulls().unique(maintain_order=True).to_list()
        return school_classes(self.rows(CLASSES), self.school.settings, self.school.today, others)

    def grade_named(self, grade: str) -> str:
        """A 年级 as the school writes it; empty where it is none of the school."""
        found = self.classes.find_grade(grade) if grade else None
        return found.name if isinstance(found, FoundGrade) else ""

    def grade_of(self, room: str) -> str:
        """The 年级 of a class today, one writing for each."""
        grade = self.classes.grade_of(room)
        return self.grade_named(grade) or grade

    @cached_property
    def subjects(self) -> frozenset[str]:
        """The subjects that the school has, on 科目 or as a column of 成绩."""
        return frozenset(self.rows(SUBJECTS)["科目"].drop_nulls()) | frozenset(self.school.subjects)

    def refuse(self, where: str, row: int | None, column: str, what: str, remedy: str, **more: str | None) -> None:
        """A row or cell that is not imported."""
        self._note(ERROR, where, row, column, what, remedy, more)

    def warn(self, where: str, row: int | None, column: str, what: str, remedy: str, **more: str | None) -> None:
        """Something imported, or left as it was, that should be looked at."""
        self._note(WARNING, where, row, column, what, remedy, more)

    def _note(
        self, level: str, where: str, row: int | None, column: str, what: str, remedy: str, more: dict[str, str | None]
    ) -> None:
        self.faults.append(
            Fault(
                level=level,
                where=where,
                row=row,
                column=column,
                what=what,
                remedy=remedy,
                cell=more.get("cell") or "",
                kind=more.get("kind") or "",
                number=more.get("学号"),
                name=more.get("姓名"),
            )
        )

    @property
    def problems(self) -> pl.DataFrame:
        """The faults as every problem is."""
        if not self.faults:
            return problems.none()
        rows = [
            {
                "级别": fault.level,
                "编号": NUMBER,
                "工作表": fault.where,
                "行": fault.row,
                "列": fault.column,
                "学号": fault.number,
                "姓名": fault.name,
                "问题": fault.what,
                "怎么改": fault.remedy,
                "键": f"{fault.where}|{fault.row or ''}",
            }
            for fault in self.faults
        ]
        return pl.DataFrame(rows, schema=problems.FRAME)


def _by_columns(table: Table, rows: dict[Key, dict[str, object]]) -> list[pl.DataFrame]:
    groups: dict[tuple[str, ...], list[dict[str, object]]] = {}
    for key, cells in rows.items():
        groups.setdefault(tuple(cells), []).append(dict(zip(table.keys, key, strict=True)) | cells)
    return [
        pl.DataFrame(group, schema={name: table[name].type.dtype for name in (*table.keys, *columns)})
        for columns, group in groups.items()
    ]
