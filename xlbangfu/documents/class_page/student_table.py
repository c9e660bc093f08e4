"""What the students' sheets of a class page and of a teacher's page share: columns for paper, and some beside them for the screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from xlbangfu.documents.class_page.page import ClassPage
from xlbangfu.documents.class_page.template_tokens import STUDENTS_TITLE
from xlbangfu.documents.look import heading, height, new_sheet
from xlbangfu.ooxml.addresses import letters
from xlbangfu.ooxml.row_xml import Cell, Row

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

Columns = Sequence[tuple[str, float]]
"""Heading and width of each."""


class StudentTable(Struct, frozen=True):
    printed: Columns
    on_screen: Columns

    @property
    def widths(self) -> list[float]:
        return [width for _, width in (*self.printed, *self.on_screen)]

    def frame(self, workbook: Workbook) -> None:
        """The sheet without its rows."""
        sheet = new_sheet(workbook, STUDENTS_TITLE, self.widths, landscape=True, frozen=1)
        sheet.print_area(0, 0, 0, 1)

    def head(self, page: ClassPage, note: str) -> list[Row | None]:
        """The rows above the students."""
        names = [("head", name) for name, _ in self.printed] + [("data_head", name) for name, _ in self.on_screen]
        return [*heading(f"{page.title}　{page.edition.students_title}", note), Row(36, names)]

    def row(self, cells: Sequence[Cell]) -> Row:
        """A student, as high as the longest text."""
        texts = [
            (str(value), width) for (_, value), width in zip(cells, self.widths, strict=True) if isinstance(value, str)
        ]
        return Row(height(28, *texts), cells)

    def on_paper(self, last: int) -> str:
        """The range that goes to paper down to row ``last``, as ``$A$1:$J$9``."""
        return f"$A$1:${letters(len(self.printed) - 1)}${last}"
