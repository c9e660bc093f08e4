"""目录.xlsx: what was made, with a link to each page. It stays in the office: it names every class."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from urllib.parse import quote

import polars as pl
from xlsxwriter.workbook import Workbook

from xlbangfu.documents.look import cell_styles

INDEX_NAME = "目录.xlsx"
COLUMNS = {
    "班级": pl.String(),
    "班主任": pl.String(),
    "文件": pl.String(),
    "学生数": pl.Int64(),
    "页号": pl.String(),
    "大小": pl.Int64(),
    "sha256": pl.String(),
}
_WIDTHS = (14, 12, 40, 9, 40, 12, 70)
_HEAD = 2


def index_bytes(index: pl.DataFrame, made: datetime) -> bytes:
    """The index (columns of ``COLUMNS``) as a workbook; its links are relative to the folder it stands in."""
    buffer = BytesIO()
    workbook = Workbook(buffer, {"in_memory": True})
    workbook.set_properties({"title": "班级页目录", "created": made})
    styles = cell_styles(workbook)
    sheet = workbook.add_worksheet("目录")
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.freeze_panes(_HEAD + 1, 1)
    sheet.repeat_rows(_HEAD)
    sheet.write_string(0, 0, "班级页目录", styles["title"])
    note = f"制表 {made:%Y-%m-%d %H:%M}，共 {index.height} 个班；点文件名打开；大小按字节"
    sheet.write_string(1, 0, note, styles["note"])
    for column, (name, width) in enumerate(zip(COLUMNS, _WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(_HEAD, column, name, styles["head"])
    for row, (class_name, homeroom, name, students, page_id, size, digest) in enumerate(index.iter_rows(), _HEAD + 1):
        sheet.write_string(row, 0, class_name, styles["centre"])
        sheet.write_string(row, 1, homeroom, styles["centre"])
        sheet.write_url(row, 2, f"external:{quote(name)}", styles["link"], name)
        sheet.write_number(row, 3, students, styles["centre"])
        sheet.write_string(row, 4, page_id, styles["text"])
        sheet.write_number(row, 5, size, styles["centre"])
        sheet.write_string(row, 6, digest, styles["text"])
    workbook.close()
    return buffer.getvalue()
