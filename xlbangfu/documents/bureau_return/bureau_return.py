"""What a return says, as plain data, and the rows of its machine sheet.

The machine sheet 机读 is text and whole numbers: a head of names and values, an empty row, then a row of headings and one row
an indicator and group. 校验码 is the SHA-256 of all the rest, so that a number changed by hand is seen; it is no signature.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime
from functools import cached_property

import polars as pl
from msgspec import Struct

from xlbangfu import __version__
from xlbangfu.rules.indicators import FIGURES

FORMAT, SCHEMA = "xlbangfu 上报", 1
DIGEST, RATE = "校验码", "率"
MACHINE = "机读"
Cells = list[str | int | None]


class BureauReturn(Struct, frozen=True, kw_only=True, dict=True):
    """One return: ``day`` is what the numbers are of, ``errors`` how many 错误 the workbook had, ``figures`` as FIGURES has them."""

    code: str
    school: str
    stage: str
    term: str
    day: date
    made: datetime
    errors: int
    figures: pl.DataFrame
    schema: int = SCHEMA
    program: str = __version__

    @property
    def head(self) -> list[Cells]:
        return [
            ["格式", FORMAT],
            ["格式版本", self.schema],
            ["学校代码", self.code],
            ["学校名称", self.school],
            ["学段", self.stage],
            ["学期", self.term],
            ["统计日", self.day.isoformat()],
            ["制表时间", self.made.isoformat(sep=" ", timespec="seconds")],
            ["程序版本", self.program],
            ["错误数", self.errors],
        ]

    @cached_property
    def rows(self) -> list[Cells]:
        return [[*map(_cell, row), _rate(row)] for row in self.figures.select(list(FIGURES)).iter_rows()]

    @property
    def digest(self) -> str:
        return digest_of([*self.head, *self.rows])

    @property
    def machine_rows(self) -> list[Cells]:
        """The whole sheet 机读."""
        return [*self.head, [DIGEST, self.digest], [], [*FIGURES, RATE], *self.rows]


def digest_of(rows: Sequence[Sequence[str | int | None]]) -> str:
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()


def _cell(value: object) -> str | int | None:
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, int) else str(value) if value else None


def _rate(row: Sequence[object]) -> str | None:
    """分子 ÷ 分母 in four places, half up; none where either is not given, or there is nothing to be a part of."""
    part, base = row[3], row[4]
    if not isinstance(part, int) or not isinstance(base, int) or base <= 0:
        return None
    tenths = (part * 20_000 + base) // (2 * base)
    return f"{tenths // 10_000}.{tenths % 10_000:04d}"
