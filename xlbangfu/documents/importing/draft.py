"""An import while it is being planned: what will be appended, what staff should read, what could not be used."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from xlbangfu.documents.importing.classes import ClassNames
from xlbangfu.rules import problems
from xlbangfu.rules.problems import ERROR, WARNING
from xlbangfu.rules.school import School
from xlbangfu.schema import CLASSES, ROSTER, SUBJECTS, Table

NUMBER = problems.IMPORTED


@dataclass
class Draft:
    """The school as it is, and what the files add to it."""

    school: School
    lines: list[str] = field(default_factory=list)
    added: dict[Table, list[pl.DataFrame]] = field(default_factory=dict)
    found: list[dict[str, object]] = field(default_factory=list)

    def append(self, table: Table, frame: pl.DataFrame) -> None:
        if frame.height:
            self.added.setdefault(table, []).append(frame)
            self.__dict__.pop("classes", None)

    def rows(self, table: Table) -> pl.DataFrame:
        """The rows of the school and those that this import adds, in the columns of the schema."""
        known = self.school[table].select(table.names)
        every: pl.DataFrame = pl.concat([known, *self.added.get(table, [])], how="diagonal")
        return every

    @cached_property
    def classes(self) -> ClassNames:
        """The classes of 班级, and those that only 名册 has."""
        known = dict(self.rows(CLASSES).select("班级", "年级").drop_nulls("班级").iter_rows())
        others = self.rows(ROSTER)["班级"].drop_nulls().unique(maintain_order=True).to_list()
        return ClassNames.of([*known.items(), *((name, None) for name in others if name not in known)])

    @property
    def subjects(self) -> frozenset[str]:
        """The subjects that the school has, on 科目 or as a column of 成绩."""
        return frozenset(self.rows(SUBJECTS)["科目"].drop_nulls()) | frozenset(self.school.subjects)

    def refuse(self, where: str, row: int | None, column: str, what: str, remedy: str, **who: str | None) -> None:
        """A row or cell that is not imported."""
        self._note(ERROR, where, row, column, what, remedy, who)

    def warn(self, where: str, row: int | None, column: str, what: str, remedy: str, **who: str | None) -> None:
        """Something imported, or left as it was, that should be looked at."""
        self._note(WARNING, where, row, column, what, remedy, who)

    def _note(
        self, level: str, where: str, row: int | None, column: str, what: str, remedy: str, who: dict[str, str | None]
    ) -> None:
        said = {"级别": level, "编号": NUMBER, "工作表": where, "行": row, "列": column, "问题": what, "怎么改": remedy}
        self.found.append({**said, "键": f"{where}|{row or ''}", **who})

    @property
    def problems(self) -> pl.DataFrame:
        return pl.DataFrame(self.found, schema=problems.FRAME) if self.found else problems.none()
