"""The trends of the front page: what its charts draw, exam by exam and by kind of contact.

Each number is a formula over 进展 or 落实 that any spreadsheet program keeps up to date; ``cells`` gives the same number for
the closed workbook. The labels of the exams are texts that an action writes, oldest first, in the named cells of
``EXAM_CELLS``; a place without an exam is empty, and so is a number that there is no data for.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
from msgspec import Struct

from xlbangfu.schema import CONTACTS, PROGRESS, Table

PLACES = 6
EXAM_CELLS = tuple(f"控制台_走势考试{place}" for place in range(1, PLACES + 1))
KINDS = ("辅导", "谈心", "作业面批", "家长沟通", "家访", "心理咨询")
BETTER, UNKNOWN = ("进步", "显著进步"), "数据不足"


class Trend(Struct, frozen=True, kw_only=True):
    """One row of numbers and its chart. ``formula`` has {at}, the cell of the label above the number; ``key``
    is the word in the names of its cells, which stay, where it is another than the label."""

    label: str
    title: str
    formula: str
    key: str = ""

    @property
    def cells(self) -> tuple[str, ...]:
        """The names of its cells."""
        return tuple(f"控制台_{self.key or self.label}{place}" for place in range(1, PLACES + 1))


MEAN_PLACE = Trend(
    label="年级后几%",
    key="平均位置",
    title="帮扶学生平均在年级后百分之几，越高越好",
    formula='=IF({at}="","",IFERROR(AVERAGEIFS(T_进展[百分位],T_进展[考试编号],{at}),""))',
)
SHARE_BETTER = Trend(
    label="进步率",
    key="进步面",
    title="进步率：进步和显著进步的占多少",
    formula='=IF({at}="","",IFERROR(('
    + "+".join(f'COUNTIFS(T_进展[考试编号],{{at}},T_进展[进展],"{step}")' for step in BETTER)
    + f')/(COUNTIFS(T_进展[考试编号],{{at}})-COUNTIFS(T_进展[考试编号],{{at}},T_进展[进展],"{UNKNOWN}")),""))',
)
CONTACT_RATE = Trend(
    label="落实率",
    title="落实率：已做 ÷ 应做",
    formula='=IFERROR(MIN(1,SUMIFS(T_落实[已做],T_落实[类型],{at})/SUMIFS(T_落实[应做],T_落实[类型],{at})),"")',
)


def cells(frames: Mapping[Table, pl.DataFrame]) -> dict[str, str]:
    """What stands in the named cells, for the frames that are there; a number is written out, none is empty."""
    found: dict[str, str] = {}
    if PROGRESS in frames:
        found |= _by_exam(frames[PROGRESS])
    if CONTACTS in frames:
        found |= _by_kind(frames[CONTACTS])
    return found


def shares_by_exam(progress: pl.DataFrame) -> list[tuple[int, int]]:
    """For each exam, the latest first, how many progressed and of how many that is known."""
    better, known = pl.col("进展").is_in(BETTER).sum(), (pl.col("进展") != UNKNOWN).sum()
    exams = progress.drop_nulls("考试编号").group_by("考试编号", maintain_order=True)
    return [(one, of) for one, of in exams.agg(_better=better, _known=known).select("_better", "_known").iter_rows()]


def _by_exam(progress: pl.DataFrame) -> dict[str, str]:
    """``progress`` has the latest exam first."""
    known = pl.col("进展") != UNKNOWN
    figures = (
        progress.drop_nulls("考试编号")
        .group_by("考试编号", maintain_order=True)
        .agg(
            pl.mean("百分位"),
            pl.col("进展").is_in(BETTER).sum().cast(pl.Float64).alias("_better"),
            known.sum().alias("_known"),
        )
        .select(
            "考试编号",
            "百分位",
            pl.when(pl.col("_known") > 0).then(pl.col("_better") / pl.col("_known")).alias("_rate"),
        )
        .head(PLACES)
        .reverse()
    )
    columns = (figures["考试编号"].to_list(), figures["百分位"].to_list(), figures["_rate"].to_list())
    named = zip((EXAM_CELLS, MEAN_PLACE.cells, SHARE_BETTER.cells), columns, strict=True)
    return {name: _text(value) for names, values in named for name, value in _filled(names, values).items()}


def _by_kind(contacts: pl.DataFrame) -> dict[str, str]:
    sums = contacts.group_by("类型").agg(pl.sum("应做"), pl.sum("已做"))
    rate = {kind: min(1.0, made / owed) for kind, owed, made in sums.iter_rows() if owed}
    return {name: _text(rate.get(kind)) for name, kind in zip(CONTACT_RATE.cells, KINDS, strict=True)}


def _filled(names: tuple[str, ...], values: list[str | float | None]) -> dict[str, str | float | None]:
    return dict(zip(names, [*values, *[None] * (PLACES - len(values))], strict=True))


def _text(value: str | float | None) -> str:
    return "" if value is None else value if isinstance(value, str) else f"{value:.6f}"
