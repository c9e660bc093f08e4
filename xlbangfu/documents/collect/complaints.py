"""What is wrong with rows of a page, as rows of 校验: file, sheet, cell, reason, remedy.

Such rows stay in 校验 until the same page is collected again, as the page is mended where it was filled in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl
from msgspec import Struct

from xlbangfu.documents.collect.forms import Filled
from xlbangfu.rules import problems
from xlbangfu.rules.problems import ERROR
from xlbangfu.schema import LAYOUT, ROW

NUMBER = problems.COLLECTED
_QUOTED = 60  # signs of a cell that a message repeats


class Complaint(Struct, frozen=True, kw_only=True):
    """Rows where ``when`` is true (null is false) have something wrong in ``column``; ``{}`` in ``what`` is the cell, or
    ``value`` where it is given."""

    when: pl.Expr
    column: str
    what: str
    remedy: str
    value: pl.Expr | None = None
    level: str = ERROR


class Place(Struct, frozen=True, kw_only=True):
    """Where rows stand: the file as staff know it, the page's id, the form as it came back."""

    file: str
    page: str
    filled: Filled

    @property
    def title(self) -> str:
        return f"{self.file}·{self.filled.sheet or self.filled.form.name}"

    @property
    def layout(self) -> pl.DataFrame:
        """Where the columns stand, in the columns of LAYOUT."""
        rows = [(self.title, name, letter) for name, letter in self.filled.letters.items()]
        return pl.DataFrame(rows, schema=LAYOUT.frame_schema, orient="row")


def found(place: Place, frame: pl.DataFrame, complaints: Iterable[Complaint]) -> pl.DataFrame:
    """The problems of a frame's rows (columns of ``problems.FRAME``)."""
    return problems.collect(*_each(place, frame, complaints))


def _each(place: Place, frame: pl.DataFrame, complaints: Iterable[Complaint]) -> Iterator[pl.DataFrame]:
    asked = list(complaints)
    if not frame.height or not asked:
        return
    any_bad = frame.select(one.when.any().alias(str(at)) for at, one in enumerate(asked)).row(0)
    for one, bad in zip(asked, any_bad, strict=True):
        if bad:
            yield _problems(place, frame.filter(one.when), one)


def _problems(place: Place, bad: pl.DataFrame, one: Complaint) -> pl.DataFrame:
    value = one.value if one.value is not None else pl.col(one.column)
    quoted = value.cast(pl.String).str.strip_suffix(".0").str.slice(0, _QUOTED).fill_null("空")
    before, slot, after = one.what.partition("{}")
    return bad.select(
        级别=pl.lit(one.level),
        编号=pl.lit(NUMBER),
        工作表=pl.lit(place.title),
        行=pl.col(ROW),
        列=pl.lit(one.column),
        问题=pl.concat_str(pl.lit(before), quoted, pl.lit(after)) if slot else pl.lit(before),
        怎么改=pl.lit(one.remedy),
        键=pl.concat_str(pl.lit(f"{place.page}|{place.filled.form.name}|"), pl.col(ROW).cast(pl.String)),
    )


def whole_file(file: str, what: str, remedy: str, *, page: str = "文件", level: str = ERROR) -> pl.DataFrame:
    """A problem of a file as a whole."""
    row = {
        "级别": level,
        "编号": NUMBER,
        "工作表": file,
        "问题": what.rstrip("。"),
        "怎么改": remedy,
        "键": f"{page}|{file}",
    }
    return problems.collect(pl.DataFrame([row]))
