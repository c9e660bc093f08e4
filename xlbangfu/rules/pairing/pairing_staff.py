"""The teachers on duty in the order of 工号, and what each has to do with which class, 年级 and 科目, as yes-or-no tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl
from msgspec import Struct

from xlbangfu.rules.pairing.assignment import Whole
from xlbangfu.rules.pairing.running import Running
from xlbangfu.rules.people import split, teacher_ids
from xlbangfu.rules.school import School
from xlbangfu.schema import CLASSES, TEACHERS, YES

YesNo: TypeAlias = npt.NDArray[np.bool_]
LEADERS = ("校长", "行政")


class Staff(Struct, frozen=True):
    """``people`` has a row a teacher: those of 教师 and 显示 ("工号 姓名")."""

    people: pl.DataFrame
    classes: pl.DataFrame  # 班级, 年级 and _homeroom (工号), by 班级

    @classmethod
    def of(cls, school: School) -> Staff:
        teachers = school[TEACHERS].filter(pl.col("在岗") == YES, pl.col("工号").is_not_null())
        classes = school[CLASSES].filter(pl.col("班级").is_not_null()).unique("班级", keep="first").sort("班级")
        return cls(
            teachers.unique("工号", keep="first")
            .sort("工号")
            .with_columns(显示=pl.concat_str("工号", "姓名", separator=" ")),
            classes.select(
                "班级", "年级", teacher_ids(classes["班主任"], school[TEACHERS]).alias("_homeroom"), "包班行政"
            ),
        )

    def leaders(self) -> Staff:
        """Only the administrators and the principal."""
        roles = split(pl.col("角色"))
        found = pl.any_horizontal(roles.list.contains(role) for role in LEADERS).fill_null(False)
        return Staff(self.people.filter(found), self.classes)

    def is_leader(self) -> YesNo:
        return self.people["工号"].is_in(self.leaders().people["工号"].implode()).to_numpy()

    def teach(self, wanted: pl.Series) -> YesNo:
        """Wanted × teachers: whether a teacher's 任教科目 has one of the subjects in each cell of ``wanted``."""
        names = self.people.select(split(pl.col("任教科目")).explode())["任教科目"].drop_nulls().unique().to_list()
        taught = incidence(self.people["任教科目"], names)
        return np.asarray(incidence(wanted, names).astype(np.int64) @ taught.T.astype(np.int64) > 0)

    def in_class(self, of: pl.Series) -> YesNo:
        """Classes × teachers: whether a teacher teaches each class of ``of`` or leads it."""
        return self._of_room(of, self._rooms())

    def leads(self, of: pl.Series) -> YesNo:
        """Classes × teachers: whether a teacher is the 班主任 of each class of ``of``."""
        return self._of_room(of, self._homerooms())

    def in_year(self, of: pl.Series) -> YesNo:
        """Classes × teachers: whether a teacher teaches or leads a class of the same 年级."""
        years = self.classes["年级"].drop_nulls().unique().sort().to_list()
        year = incidence(self.classes["年级"], years).astype(np.int64)
        here = self._rooms().astype(np.int64) @ year > 0
        return self._of_room(of, np.asarray(here.astype(np.int64) @ year.T > 0))

    def loads(self, running: Running, kind: str) -> Whole:
        """How many each teacher already has of a 类型."""
        joined = self.people.join(running.loads(kind), on="工号", how="left", maintain_order="left")
        return joined["手上"].fill_null(0).to_numpy().astype(np.int64)

    def limits(self, usual: int) -> Whole:
        """「每师上限」, or the teacher's own 帮扶上限."""
        return self.people["帮扶上限"].fill_null(usual).clip(0).to_numpy().astype(np.int64)

    def _rooms(self) -> YesNo:
        return incidence(self.people["任教班级"], self.classes["班级"].to_list()) | self._homerooms()

    def _homerooms(self) -> YesNo:
        return incidence(self.classes["_homeroom"], self.people["工号"].to_list()).T

    def _of_room(self, of: pl.Series, table: YesNo) -> YesNo:
        """Teachers × classes turned into one row for each class of ``of``; none for a class that 班级 lacks."""
        asked = incidence(of, self.classes["班级"].to_list()).astype(np.int64)
        return np.asarray(asked @ table.T.astype(np.int64) > 0)


def leader_role() -> pl.Expr:
    """Which of LEADERS a leader is, the higher one of two."""
    return (
        pl.when(split(pl.col("角色")).list.contains(LEADERS[0])).then(pl.lit(LEADERS[0])).otherwise(pl.lit(LEADERS[1]))
    )


def incidence(cells: pl.Series, names: Sequence[str]) -> YesNo:
    """Cells × names: whether each cell, which may hold several, holds each name.

    >>> incidence(pl.Series(["语文、数学", None]), ["数学", "语文", "英语"]).tolist()
    [[True, True, False], [False, False, False]]
    """
    known = pl.DataFrame({"_name": names}, schema={"_name": pl.String}).with_row_index("_column")
    held = pl.DataFrame({"_name": cells}).select(split(pl.col("_name"))).with_row_index("_row").explode("_name")
    found = held.join(known, on="_name")
    table = np.zeros((len(cells), len(names)), dtype=np.bool_)
    table[found["_row"].to_numpy(), found["_column"].to_numpy()] = True
    return table
