"""A template as a Word file, from its blocks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from xlbangfu.documents.papers.blocks import Block, Column, Grid, Table, Text
from xlbangfu.documents.papers.packing import packed
from xlbangfu.documents.papers.paper_styles import Page, set_styles
from xlbangfu.documents.papers.style_parts import in_style
from xlbangfu.documents.papers.table_parts import form, framed, keep_whole, repeat

if TYPE_CHECKING:
    from docx.document import Document

_SIGNS = {"left": "文书表格", "right": "文书表数", "center": "文书表中"}


def template_file(name: str, blocks: Sequence[Block], page: Page, *, made: datetime) -> bytes:
    """The template by that name; it says of itself only when it was made."""
    from docx import Document

    paper = Document()
    set_styles(paper, page)
    about = paper.core_properties
    about.title, about.author, about.comments, about.last_modified_by = name, "", "", ""
    about.created = about.modified = made.replace(microsecond=0, tzinfo=None)
    about.language = "zh-CN"
    for block in blocks:
        _put(paper, block)
    if page.is_numbered:
        from xlbangfu.documents.papers.page_numbers import number_pages

        number_pages(paper)
    content = BytesIO()
    paper.save(content)
    return packed(content.getvalue(), made)


def _put(paper: Document, block: Block) -> None:
    if isinstance(block, Text):
        in_style(paper.add_paragraph(block.text), block.style)
    elif isinstance(block, Grid):
        form(paper, block)
    else:
        _put_table(paper, block)


def _put_table(paper: Document, block: Table) -> None:
    made = paper.add_table(rows=4, cols=len(block.columns))
    framed(made, [column.width for column in block.columns])
    head, start, each, end = made.rows
    for column, cell in zip(block.columns, head.cells, strict=True):
        _write(cell, column.head, "文书表头")
    _write(start.cells[0], f"{{%tr for {block.row} in {block.rows} %}}", "文书表格")
    for column, cell in zip(block.columns, each.cells, strict=True):
        _write(cell, column.cell, _style_of(column))
    _write(end.cells[0], "{%tr endfor %}", "文书表格")
    in_style(paper.add_paragraph(), "文书表后")
    repeat(head)
    for row in (head, each):
        keep_whole(row)


def _style_of(column: Column) -> str:
    return _SIGNS[column.align]


def _write(cell: Any, text: str, style: str) -> None:
    in_style(cell.paragraphs[0], style).add_run(text)
