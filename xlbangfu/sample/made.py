"""What making a sample school gives."""

from __future__ import annotations

import polars as pl
from msgspec import Struct, field

from xlbangfu.schema import Table


class Planted(Struct, frozen=True, kw_only=True):
    """A problem put in on purpose: ``value`` stands as it is (raw Python) in that cell, whatever the frame says.

    ``row_index`` counts the records of the table from 0; ``check`` is the number of the check that must find it.
    """

    table: Table
    row_index: int
    column: str
    value: object
    check: str


class BrokenFormula(Struct, frozen=True, kw_only=True):
    """A value to plant: a formula, without its equals sign, and the error that it comes to."""

    formula: str
    error: str

    def __str__(self) -> str:
        return self.error


class Fault(Struct, frozen=True, kw_only=True):
    """A sheet put out of shape on purpose, so that a read reports ``defect`` (one of ``schema.Defect``) and ``check`` finds it.

    ``name`` is what the sheet, or the heading ``column``, is called instead.
    """

    defect: str
    table: Table
    column: str = ""
    name: str = ""
    check: str


class Sample(Struct, frozen=True, kw_only=True):
    """The frames of every input sheet, as the schema says (成绩 with ``X`` and ``X·状态`` a subject)."""

    frames: dict[Table, pl.DataFrame]
    planted: list[Planted]
    faults: list[Fault] = field(default_factory=list)
