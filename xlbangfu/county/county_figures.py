"""The county's figures out of the kept rows, as Dask frames: a partition is some schools with all their terms.

Nothing is collected whole: one batch of partitions after the other comes back, each as its sums, a row an indicator, 特殊群体 and
term, and as a row a school.

* A sum is over the schools that gave the number; how many did not is told beside it.
* A rate is the sum of 分子 ÷ the sum of 分母 over the schools that gave both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from xlbangfu.county.choosing import JUMP, Question
from xlbangfu.county.file_reading import FileRead, kept_rows
from xlbangfu.rules.indicators import GIVEN, INDICATORS, WHOLE

if TYPE_CHECKING:
    import dask.dataframe as dd
    import pandas as pd

SCHOOL, NAME, TERM = "学校代码", "学校", "学期"
COLUMNS = [SCHOOL, NAME, TERM, "编号", "群体", "分子", "分母", "说明"]
SUMS = ["合计", "给了", "没给", "有率分子", "有率分母"]
SCHOOLS_AT_ONCE, BATCH = 200, 8  # schools in a partition; partitions that are collected together
JUMPS = 0.3  # a rate that differs by so much from the term before, or a count by that share of it
_ENOUGH = 20  # below so many a jump says nothing


class PartFigures(Struct, frozen=True):
    """Of the schools of a partition: ``sums`` by 学期, 编号 and 群体; a row a school (``wide_columns``); and what jumps."""

    sums: pd.DataFrame
    schools: pd.DataFrame
    jumps: pd.DataFrame


class County:
    """``rows`` is a Dask frame of all kept rows, in partitions of schools in the order of 学校代码.

    ``sums`` (学期, 编号 and 群体 as index, SUMS; it does not grow with the schools) and ``jumps``, the numbers that are far from the
    same school's in the term before, are whole once all ``schools`` have passed: every kept file is opened once.
    """

    def __init__(self, rows: dd.DataFrame, term: str) -> None:
        self.rows, self.term = rows, term
        self.sums: pd.DataFrame | None = None
        self.jumps: list[Question] = []

    def schools(self) -> Iterator[pd.DataFrame]:
        """A row a school, ``wide_columns``; one frame a partition."""
        for part in self._parts():
            self.sums = part.sums if self.sums is None else self.sums.add(part.sums, fill_value=0)
            self.jumps += [
                Question(kind=JUMP, code=code, school=school, text=text)
                for code, school, text in part.jumps.itertuples(index=False)
            ]
            yield part.schools

    def _parts(self) -> Iterator[PartFigures]:
        import dask

        tasks = (dask.delayed(part_figures)(part, self.term) for part in self.rows.to_delayed())
        while batch := list(islice(tasks, BATCH)):
            yield from dask.compute(*batch)


def as_one_county(counted: Sequence[FileRead], keep: Path, term: str) -> County:
    """``counted`` are the files that count, by 学校代码 and 学期."""
    import dask.dataframe as dd

    parts = list(_partitions(counted, keep))
    rows = dd.from_map(_loaded, parts, meta=_loaded(parts[0][:1]).iloc[:0], label="kept-rows")
    return County(rows, term)


def wide_columns() -> list[str]:
    """The columns of ``County.schools`` after 学校代码 and 学校: 分子 and, where there is one, 分母 of each indicator."""
    return [name for one in INDICATORS for name in ([one.number, f"{one.number}·分母"] if one.of else [one.number])]


def _partitions(counted: Sequence[FileRead], keep: Path) -> Iterator[list[str]]:
    """The files of a school stay together."""
    codes = sorted({one.code for one in counted})
    place = {code: at // SCHOOLS_AT_ONCE for at, code in enumerate(codes)}
    parts: dict[int, list[str]] = {}
    for one in counted:
        parts.setdefault(place[one.code], []).append(str(kept_rows(keep, one.digest)))
    yield from parts.values()


def _loaded(paths: Sequence[str]) -> pd.DataFrame:
    import pandas as pd
    import pyarrow as pa

    tables = [_table(path) for path in paths]
    found: pd.DataFrame = pa.concat_tables(tables).to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get)
    return found[COLUMNS]


def _table(path: str) -> Any:
    """The kept rows of one file, which is small: ``read_table``, made for whole folders, takes three times as long."""
    from pyarrow.parquet import ParquetFile

    with ParquetFile(path) as file:
        return file.read(columns=COLUMNS, use_threads=False)


def part_figures(rows: pd.DataFrame, term: str) -> PartFigures:
    """The figures of some schools, of their rows of all terms."""
    sums = _with_parts(rows).groupby([TERM, "编号", "群体"])[SUMS].sum()
    return PartFigures(sums, _wide(rows, term), _jumps(rows, term))


def _with_parts(rows: pd.DataFrame) -> pd.DataFrame:
    """What is to be summed."""
    given, both = rows["说明"] == GIVEN, rows["分子"].notna() & rows["分母"].notna()
    return rows[[TERM, "编号", "群体"]].assign(
        合计=rows["分子"],
        给了=given.astype("int64"),
        没给=(~given).astype("int64"),
        有率分子=rows["分子"].where(both),
        有率分母=rows["分母"].where(both),
    )


def _wide(rows: pd.DataFrame, term: str) -> pd.DataFrame:
    own = rows[(rows[TERM] == term) & (rows["群体"] == WHOLE)]
    counts = own.pivot(index=[SCHOOL, NAME], columns="编号", values="分子")
    bases = own.pivot(index=[SCHOOL, NAME], columns="编号", values="分母").add_suffix("·分母")
    both = counts.join(bases).reindex(columns=wide_columns()).astype("Int64")
    both.columns.name = None
    return both.sort_index().reset_index()


def _jumps(rows: pd.DataFrame, term: str) -> pd.DataFrame:
    whole = rows[(rows["群体"] == WHOLE) & (rows[TERM] <= term)].sort_values([SCHOOL, "编号", TERM])
    before = whole.groupby([SCHOOL, "编号"])[["分子", "分母"]].shift().add_suffix("·前")
    both = whole.join(before)
    both = both[(both[TERM] == term) & both["分子"].notna() & both["分子·前"].notna()]
    rate, was = _share(both["分子"], both["分母"]), _share(both["分子·前"], both["分母·前"])
    enough = both[["分母", "分母·前"]].min(axis=1) >= _ENOUGH
    far = (rate - was).abs().ge(JUMPS) & enough
    alone = both["编号"].eq("B1") & (both["分子"] / both["分子·前"] - 1).abs().ge(JUMPS) & both["分子·前"].ge(_ENOUGH)
    found = both[(far | alone).fillna(False).astype(bool)]
    names = {one.number: one.name for one in INDICATORS}
    texts = [
        f"{number} {names.get(number, number)}：{_said(then, base)} → {_said(now, new)}"
        for number, then, base, now, new in found[["编号", "分子·前", "分母·前", "分子", "分母"]].itertuples(
            index=False
        )
    ]
    return found[[SCHOOL, NAME]].assign(说明=_texts(texts, found))


def _share(part: pd.Series, base: pd.Series) -> pd.Series:
    return part.astype("Float64") / base.astype("Float64").where(base > 0)


def _texts(texts: list[str], found: pd.DataFrame) -> Any:
    import pandas as pd

    return pd.Series(texts, index=found.index, dtype=found[NAME].dtype)


def _said(part: Any, base: Any) -> str:
    import pandas as pd

    return f"{part}" if pd.isna(base) else f"{part}/{base}"
