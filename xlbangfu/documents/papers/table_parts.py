"""Tables of a template: fixed widths, hairlines, rows that are never cut."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm

from xlbangfu.documents.papers.blocks import Grid
from xlbangfu.documents.papers.style_parts import in_style

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table, _Row

_LINES = ("top", "left", "bottom", "right", "insideH", "insideV")


def framed(table: Table, widths: Sequence[float]) -> None:
    """Black lines, as official papers have them; widths in millimetres."""
    settings: Any = table._tbl.tblPr
    settings.append(parse_xml(f'<w:tblW {nsdecls("w")} w:w="{sum(map(_twips, widths))}" w:type="dxa"/>'))
    for old in settings.findall(qn("w:tblW"))[:-1]:
        settings.remove(old)
    lines = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for side in _LINES)
    extra = (
        '<w:jc {ns} w:val="center"/>',
        f"<w:tblBorders {{ns}}>{lines}</w:tblBorders>",
        '<w:tblLayout {ns} w:type="fixed"/>',
        '<w:tblCellMar {ns}><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar>',
    )
    for tag in ("jc", "tblBorders", "tblLayout", "tblCellMar", "tblLook", "tblStyle"):
        for old in settings.findall(qn(f"w:{tag}")):
            settings.remove(old)
    for text in extra:
        settings.append(parse_xml(text.replace("{ns}", nsdecls("w"))))
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
            _centre(cell)


def form(paper: Document, grid: Grid) -> None:
    """Rows of labels and texts in turn; every row fills the same width, so each is a table of its own that joins the one above."""
    for cells in grid.cells:
        table = paper.add_table(rows=1, cols=len(cells))
        framed(table, [width for _, width in cells])
        for number, ((text, _), cell) in enumerate(zip(cells, table.rows[0].cells, strict=True)):
            style = "表单文字" if number % 2 or len(cells) == 1 else "表单栏名"
            in_style(cell.paragraphs[0], style).add_run(text)
        keep_whole(table.rows[0], grid.height)
    in_style(paper.add_paragraph(), "文书表后")


def repeat(row: _Row) -> None:
    """The row stands on top of every page of its table."""
    row._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))


def keep_whole(row: _Row, height: float = 0) -> None:
    """The row is on one page, at least so many millimetres high."""
    settings = row._tr.get_or_add_trPr()
    settings.insert(0, parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))
    if height:
        settings.insert(1, parse_xml(f'<w:trHeight {nsdecls("w")} w:val="{_twips(height)}" w:hRule="atLeast"/>'))


def _centre(cell: Any) -> None:
    cell._tc.get_or_add_tcPr().append(parse_xml(f'<w:vAlign {nsdecls("w")} w:val="center"/>'))


def _twips(millimetres: float) -> int:
    return int(millimetres / 25.4 * 1440)
