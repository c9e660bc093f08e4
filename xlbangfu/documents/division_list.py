"""A list of a new division of classes: who goes to which class, as staff send it (any file that an import reads)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl
from msgspec import Struct

from xlbangfu.documents.importing.grid import Grid, Value
from xlbangfu.documents.importing.reading import read_file
from xlbangfu.errors import BadArgument
from xlbangfu.rules.people import STUDENT, with_student
from xlbangfu.schema import SEPARATOR

_NUMBER, _NAME = ("学号", "学籍号后", "考号"), ("姓名", "学生姓名")
_WAS = ("原班级", "原班", "旧班级", "现班级", "升级前班级")
_NOW = ("新班级", "新班", "分班", "分入班级", "新学期班级", "班级")
_HEAD = 20  # rows in which the heading may stand
_SHOWN = 5


class _Columns(Struct, frozen=True):
    row: int
    number: int | None
    name: int | None
    was: int | None
    now: int


def read_division(path: Path, roster: pl.DataFrame) -> dict[str, str]:
    """The class as typed by 学号. Raises BadArgument where the file has no such columns, or a row is of nobody known, of
    several, or of one who stands in it with two classes; UnreadableFile where it is no table."""
    rows = [row for grid in read_file(path).grids for row in _rows(grid)]
    if not rows:
        raise BadArgument(
            f"“{path.name}”里没有分班名单，没有做；第一行要有 学号（或 姓名、原班级）和 新班级 这样的标题，再做一次。"
        )
    frame = pl.DataFrame(rows, schema=["学号", "姓名", "班级", "_now"], orient="row", schema_overrides=_TEXTS)
    found = with_student(frame, roster, class_binds=True)
    unknown = found.filter(pl.col(STUDENT).is_null())
    if unknown.height:
        who = [" ".join(filter(None, row)) for row in unknown.select("学号", "姓名", "班级").head(_SHOWN).rows()]
        raise BadArgument(
            f"分班名单“{path.name}”里有 {unknown.height} 行在“名册”里找不到，或学号和姓名对不上：{SEPARATOR.join(who)}；"
            "没有做；请改好名单，再做一次。"
        )
    twice = found.group_by(STUDENT, maintain_order=True).agg(pl.col("_now").n_unique()).filter(pl.col("_now") > 1)
    if twice.height:
        raise BadArgument(
            f"分班名单“{path.name}”里学号 {SEPARATOR.join(twice[STUDENT].head(_SHOWN))} 写了两个不同的班，没有做；"
            "请改好名单，再做一次。"
        )
    return dict(found.select(STUDENT, "_now").iter_rows())


_TEXTS = dict.fromkeys(("学号", "姓名", "班级", "_now"), pl.String)


def _rows(grid: Grid) -> Iterator[tuple[str | None, ...]]:
    """学号, 姓名, class of today and of the next term of each row; a row without a class says nothing."""
    columns = _columns(grid)
    if columns is None or grid.hidden:
        return
    for row in range(columns.row + 1, len(grid.rows)):
        cells = [
            _text(grid.value(row, at)) if at is not None else None for at in (columns.number, columns.name, columns.was)
        ]
        now = _text(grid.value(row, columns.now))
        if now and any(cells[:2]):
            yield (*cells, now)


def _columns(grid: Grid) -> _Columns | None:
    for row, line in enumerate(grid.rows[:_HEAD]):
        heads = [_text(value) or "" for value in line]
        number, name, was, now = (_place(heads, words) for words in (_NUMBER, _NAME, _WAS, _NOW))
        if now is not None and (number is not None or name is not None):
            return _Columns(row, number, name, was, now)
    return None


def _place(heads: Sequence[str], words: Sequence[str]) -> int | None:
    return next((heads.index(word) for word in words if word in heads), None)


def _text(value: Value) -> str | None:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = "" if value is None else str(value).strip()
    return text.replace("★", "").strip() or None
