"""Cells that name a teacher, as the drop-downs write them."""

from __future__ import annotations

import polars as pl

from xlbangfu.documents.importing.columns import Block
from xlbangfu.documents.importing.draft import Draft
from xlbangfu.documents.importing.grid import Value
from xlbangfu.documents.importing.people.people_values import person_name
from xlbangfu.rules.people import teacher_ids, teacher_label
from xlbangfu.schema import TEACHERS


class Teachers:
    """The teachers of the school, by whatever a cell of one block names them."""

    def __init__(self, draft: Draft, block: Block) -> None:
        self.draft, self.block = draft, block
        self.rows = draft.rows(TEACHERS)
        self.labels = dict(teacher_label(self.rows).select("工号", "显示").drop_nulls().iter_rows())
        self._numbers: dict[str, str | None] = {}

    def number(self, text: str | None) -> str | None:
        """The 工号 of the one teacher that a text names."""
        if not text:
            return None
        if text not in self._numbers:
            self._numbers[text] = teacher_ids(pl.Series([text], dtype=pl.String), self.rows)[0]
        return self._numbers[text]

    def label(self, cell: Value, row: int) -> str | None:
        """ "工号 姓名" of the one teacher that a cell names; None, and told, where it is nobody or not clear who."""
        name = person_name(cell)
        number = self.number(name)
        if number is not None:
            return str(self.labels.get(number, number))
        said = f"“教师”表里没有 {name}，或不止一位" if name else "没有写教师"
        what, remedy = f"{said}，这一行没有导入", "在“教师”表加上，同名的写工号，再导入一次"
        self.draft.refuse(self.block.title, row, "教师", what, remedy, kind=said)
        return None
