"""目录.xlsx: what was made, with a link to each page. It stays in the office: it names every class or teacher."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from urllib.parse import quote

import polars as pl
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from xlbangfu import house_look
from xlbangfu.documents.look import cell_styles
from xlbangfu.rules.page_kinds import CLASS_PAGE, TEACHER_PAGE, PageKind

INDEX_NAME = "目录.xlsx"
_BESIDE = {CLASS_PAGE: "班主任", TEACHER_PAGE: "学生班级"}
_READ = {"文件": 38, "学生": 8, "过期": 8, "寄出": 8, "交回": 8}
_CHECKED = {"文件": 38, "大小": 10, "页号": 38, "sha256": 68}
_HEAD = 2


def index_columns(kind: PageKind) -> dict[str, pl.DataType]:
    """The columns of the index: whose page, what stands beside it, the file, and how it is known."""
    texts: dict[str, pl.DataType] = dict.fromkeys((kind.owner, _BESIDE[kind], "文件"), pl.String())
    counts: dict[str, pl.DataType] = dict.fromkeys(("学生数", "过期"), pl.Int64())
    return {**texts, **counts, "页号": pl.String(), "大小": pl.Int64(), "sha256": pl.String()}


def index_bytes(index: pl.DataFrame, kind: PageKind, made: datetime, *, school: str) -> bytes:
    """The index (columns of ``index_columns``) as a workbook; its links are relative to the folder it stands in.

    寄出 and 交回 are for a tick by pen. What only a machine reads stands on the last sheet.
    """
    buffer = BytesIO()
    workbook = Workbook(buffer, {"in_memory": True, **house_look.workbook_options()})
    house_look.put_theme(workbook)
    workbook.set_properties({"title": f"{kind.word}目录", "created": made})
    styles, footer = cell_styles(workbook), house_look.footer(school, made.date())
    totals = f"共 {index.height} {kind.measure}，{index['学生数'].sum()} 名学生，{index['过期'].sum()} 项过期"
    read = {kind.owner: 16, _BESIDE[kind]: 16} | _READ
    about = f"制表 {made:%Y-%m-%d %H:%M}；{totals}；点文件名打开"
    sheet = _sheet(workbook, styles, "目录", f"{kind.word}目录", about, read, footer)
    for row, page in enumerate(index.iter_rows(named=True), _HEAD + 1):
        sheet.set_row(row, 21)
        sheet.write_string(row, 0, page[kind.owner], styles["centre"])
        sheet.write_string(row, 1, page[_BESIDE[kind]], styles["centre"])
        sheet.write_url(row, 2, f"external:{quote(page['文件'])}", styles["link"], page["文件"])
        sheet.write_number(row, 3, page["学生数"], styles["centre"])
        sheet.write_number(row, 4, page["过期"], styles["centre"])
        for column in (5, 6):
            sheet.write_string(row, column, "□" if page["学生数"] else "", styles["centre"])
    checked = {kind.owner: 16} | _CHECKED
    checks = _sheet(workbook, styles, "校验码", "校验码", "给程序核对用，平时不用看", checked, footer)
    for row, page in enumerate(index.iter_rows(named=True), _HEAD + 1):
        texts = (page[kind.owner], page["文件"], size_text(page["大小"]), page["页号"], page["sha256"])
        for column, text in enumerate(texts):
            checks.write_string(row, column, text, styles["text" if column in (1, 3, 4) else "centre"])
    workbook.close()
    return buffer.getvalue()


def size_text(size: int) -> str:
    """A size in bytes as people say it.

    >>> size_text(38_912), size_text(200), size_text(3_400_000)
    ('38 KB', '1 KB', '3.2 MB')
    """
    return f"{size / (1 << 20):.1f} MB" if size >= 1 << 20 else f"{max(1, round(size / 1024))} KB"


def _sheet(
    workbook: Workbook,
    styles: Mapping[str, Format],
    name: str,
    title: str,
    note: str,
    widths: Mapping[str, int],
    footer: str,
) -> Worksheet:
    sheet = workbook.add_worksheet(name)
    sheet.set_paper(house_look.A4)
    sheet.set_footer(footer)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.freeze_panes(_HEAD + 1, 1)
    sheet.repeat_rows(_HEAD)
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, title, styles["title"])
    sheet.write_string(1, 0, note, styles["note"])
    for column, (head, width) in enumerate(widths.items()):
        sheet.set_column(column, column, width)
        sheet.write_string(_HEAD, column, head, styles["head"])
    return sheet
