"""目录.xlsx: what was made, with a link to each page. It stays in the office: it names every class or teacher."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

import polars as pl

from xlbangfu import house_look
from xlbangfu.documents.class_page.template_tokens import CREATED
from xlbangfu.documents.class_page.workbook_frame import INDEX_FRAME, put_in, workbook_frame
from xlbangfu.documents.look import SIGNED, in_a_line
from xlbangfu.ooxml.archive import packed
from xlbangfu.ooxml.row_xml import Cell, Row, sheet_data
from xlbangfu.rules.page_kinds import CLASS_PAGE, TEACHER_PAGE, PageKind

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

INDEX_NAME = "目录.xlsx"
TITLE_TOKEN = "@标题@"
STYLES = ("title", "note", "head", "centre", "link", "text")
_BESIDE = {CLASS_PAGE: "班主任", TEACHER_PAGE: "学生班级"}
_READ = {"文件": 38, "学生": 8, "过期": 8, "寄出": 8, "交回": 8}
_CHECKED = {"文件": 38, "大小": 10, "页号": 38, "sha256": 68}
_HEAD = 2
_SHEET, _RELATIONSHIPS = "xl/worksheets/sheet{}.xml", "xl/worksheets/_rels/sheet1.xml.rels"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def index_columns(kind: PageKind) -> dict[str, pl.DataType]:
    """The columns of the index: whose page, what stands beside it, the file, and how it is known."""
    texts: dict[str, pl.DataType] = dict.fromkeys((kind.owner, _BESIDE[kind], "文件"), pl.String())
    counts: dict[str, pl.DataType] = dict.fromkeys(("学生数", "过期"), pl.Int64())
    return {**texts, **counts, "页号": pl.String(), "大小": pl.Int64(), "sha256": pl.String()}


def index_bytes(index: pl.DataFrame, kind: PageKind, made: datetime, *, school: str) -> bytes:
    """The index (columns of ``index_columns``) as a workbook; its links are relative to the folder it stands in.

    寄出 and 交回 are for a tick by pen. What only a machine reads stands on the last sheet.
    """
    frame = workbook_frame(INDEX_FRAME)
    footer = {SIGNED: in_a_line(house_look.signed(school, made.date()))}
    texts = {TITLE_TOKEN: f"{kind.word}目录", CREATED: f"{made:%Y-%m-%dT%H:%M:%SZ}"}
    parts = {name: put_in(xml, texts) for name, xml in frame.parts.items()}
    parts[_RELATIONSHIPS] = _relationships(index["文件"])
    rows = (_read_rows(index, kind, made), _checked_rows(index, kind))
    for number, ((before, after), shown) in enumerate(zip(frame.sheets, rows, strict=True), 1):
        parts[_SHEET.format(number)] = before + sheet_data(shown, frame.styles) + put_in(after, footer)
    parts[_SHEET.format(1)] = parts[_SHEET.format(1)].replace("<pageMargins", _links(index.height) + "<pageMargins", 1)
    return packed({name: [xml.encode()] for name, xml in parts.items()})


def frame(workbook: Workbook) -> Worksheet:
    """Both sheets without their rows; the last one."""
    _sheet(workbook, "目录", (16, 16, *_READ.values()))
    return _sheet(workbook, "校验码", (16, *_CHECKED.values()))


def _read_rows(index: pl.DataFrame, kind: PageKind, made: datetime) -> list[Row | None]:
    totals = f"共 {index.height} {kind.measure}，{index['学生数'].sum()} 名学生，{index['过期'].sum()} 项过期"
    about = f"制表 {made:%Y-%m-%d %H:%M}；{totals}；点文件名打开"
    rows = _heading(f"{kind.word}目录", about, (kind.owner, _BESIDE[kind], *_READ))
    for page in index.iter_rows(named=True):
        tick = ("centre", "□" if page["学生数"] else "")
        names: list[Cell] = [("centre", page[kind.owner]), ("centre", page[_BESIDE[kind]]), ("link", page["文件"])]
        rows.append(Row(21, [*names, ("centre", page["学生数"]), ("centre", page["过期"]), tick, tick]))
    return rows


def _checked_rows(index: pl.DataFrame, kind: PageKind) -> list[Row | None]:
    rows = _heading("校验码", "给程序核对用，平时不用看", (kind.owner, *_CHECKED))
    for page in index.iter_rows(named=True):
        texts = (page[kind.owner], page["文件"], size_text(page["大小"]), page["页号"], page["sha256"])
        rows.append(Row(0, list(zip(("centre", "text", "centre", "text", "text"), texts, strict=True))))
    return rows


def _heading(title: str, note: str, heads: Sequence[str]) -> list[Row | None]:
    return [Row(0, [("title", title)]), Row(0, [("note", note)]), Row(0, [("head", name) for name in heads])]


def _links(pages: int) -> str:
    """That the names of files are links."""
    links = "".join(f'<hyperlink ref="C{_HEAD + 1 + at}" r:id="rId{at}"/>' for at in range(1, pages + 1))
    return f"<hyperlinks>{links}</hyperlinks>" if links else ""


def _relationships(files: Iterable[str]) -> str:
    """Where each link leads."""
    each = "".join(
        f'<Relationship Id="rId{at}" Type="{_OFFICE}/hyperlink" Target="{quote(file)}" TargetMode="External"/>'
        for at, file in enumerate(files, 1)
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}">{each}</Relationships>'


def size_text(size: int) -> str:
    """A size in bytes as people say it.

    >>> size_text(38_912), size_text(200), size_text(3_400_000)
    ('38 KB', '1 KB', '3.2 MB')
    """
    return f"{size / (1 << 20):.1f} MB" if size >= 1 << 20 else f"{max(1, round(size / 1024))} KB"


def _sheet(workbook: Workbook, name: str, widths: Iterable[int]) -> Worksheet:
    sheet = workbook.add_worksheet(name)
    sheet.set_paper(house_look.A4)
    sheet.set_footer(house_look.signed_footer(SIGNED))
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.freeze_panes(_HEAD + 1, 1)
    sheet.repeat_rows(_HEAD)
    sheet.hide_gridlines(2)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    return sheet
