"""What making a sample school gives."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from xlbangfu.schema import Table


@dataclass(frozen=True, kw_only=True)
class Planted:
    """A problem put in on purpose: ``value`` stands as it is (raw Python) in that cell, whatever the frame says.

    ``row_index`` counts the records of the table from 0; ``check`` is the number of the check that must find it.
    """

    table: Table
    row_index: int
    column: str
    value: object
    check: str


@dataclass(frozen=True, kw_only=True)
class Sample:
    """The frames of every input sheet, as the schema says (成绩 with ``X`` and ``X·状态`` a subject)."""

    frames: dict[Table, pl.DataFrame]
    planted: list[Planted]
