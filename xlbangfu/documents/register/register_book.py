"""The register's workbook: a cover, a table of contents with links, and a sheet for each class, a page for each student.

Widths are in pixels, heights in points. Pages are not fitted by scaling, in which Excel leaves out page breaks: a student's page
fits because ``register_fit`` has made it so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO
from itertools import groupby
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from xlbangfu.documents.register.entry import GRID, SIDE, Entry, Register
from xlbangfu.documents.register.register_lines import COLUMN, SIZE, Line, page_lines, section_lines
from xlbangfu.house_look import (
    A4,
    BAD,
    BRAND,
    CONFIDENTIAL,
    FINDING,
    FONT,
    LINE,
    MOST_SIGNED,
    MUTED,
    SECTION,
    TINT,
    footer_part,
    header,
    signed_footer,
    written,
)

COVER, CONTENTS = "封面", "目录"
_MEASURED = {"font_name": "Arial", "font_size": 10}  # a default font that programs measure alike
_MARGINS = {"left": 0.98, "right": 0.6, "top": 0.6, "bottom": 0.55}  # inches; 25 mm at the left, to be bound
_TABLE_HEAD = ("序号", "班级", "学号", "姓名", "重点", "一对一教师")

Styles = dict[str, Format]
Place = tuple[str, int]  # sheet and row (from 1) where a student's page begins


def as_bytes(made: Register, *, progress: Callable[[float], None] | None = None) -> bytes:
    """The workbook; the same for the same register on any machine."""
    buffer = BytesIO()
    workbook = Workbook(buffer, {"in_memory": True, "default_format_properties": dict(_MEASURED)})  # it adds to them
    workbook.set_properties({"title": "档案册", "comments": CONFIDENTIAL, "created": made.made})
    styles = _styles(workbook)
    class_names = [
        (class_name, list(entries))
        for class_name, entries in groupby(made.students, key=lambda entry: entry.class_name)
    ]
    sheets = _sheet_names([class_name for class_name, _ in class_names])
    _cover(_paper(workbook, made, COVER), styles, made)
    contents = _paper(workbook, made, CONTENTS)
    places: list[Place] = []
    for done, ((class_name, entries), name) in enumerate(zip(class_names, sheets, strict=True), 1):
        starts = _class(_paper(workbook, made, name), styles, class_name, entries)
        places += [(name, start + 1) for start in starts]
        if progress:
            progress(done / len(class_names))
    _contents(contents, styles, made.students, places)
    workbook.close()
    return buffer.getvalue()


def _sheet_names(class_names: Sequence[str]) -> list[str]:
    """A sheet name for each class, in what Excel takes, each once."""
    taken = {COVER, CONTENTS}
    names = []
    for class_name in class_names:
        plain = "".join("_" if sign in "[]:*?/\\'" else sign for sign in class_name)[:26] or "未分班"
        name = next(
            found for number in range(1, 10_000) if (found := f"{plain}_{number}" if number > 1 else plain) not in taken
        )
        taken.add(name)
        names.append(name)
    return names


def _styles(workbook: Workbook) -> Styles:
    base: dict[str, Any] = {"font_name": FONT, "font_size": SIZE, "valign": "vcenter"}
    grid = base | {"border": 1, "border_color": LINE, "text_wrap": True}
    middle = {"align": "center"}
    styles: dict[str, dict[str, Any]] = {
        "cover": base | middle | {"font_size": 26, "bold": True, "font_color": BRAND},
        "under": base | middle | {"font_size": FINDING, "font_color": MUTED},
        "secret": base | middle | {"font_size": SECTION, "bold": True, "font_color": BAD},
        "running": base | {"font_color": MUTED},
        "title": base | {"font_size": 14, "bold": True, "font_color": BRAND},
        "side": grid | middle | {"bold": True, "font_color": BRAND},
        "note": base | {"font_color": MUTED, "text_wrap": True},
        "head": grid | middle | {"bold": True, "bg_color": TINT},
        "label": grid | middle | {"bg_color": TINT},
        "text": grid,
        "centre": grid | middle,
        "link": grid | middle | {"font_color": BRAND, "underline": 1},
    }
    return {name: workbook.add_format(style) for name, style in styles.items()}


def _paper(workbook: Workbook, made: Register, name: str) -> Worksheet:
    sheet = workbook.add_worksheet(name)
    sheet.set_paper(A4)
    sheet.set_portrait()
    sheet.set_margins(**_MARGINS)
    sheet.center_horizontally()
    sheet.hide_gridlines(2)
    title = header(f"{made.school[:MOST_SIGNED]} 帮扶档案册", SIZE)
    sheet.set_header(f"{title}&R{footer_part(CONFIDENTIAL, SIZE)}")
    sheet.set_footer(signed_footer(written(made.day), SIZE))
    sheet.set_column_pixels(0, GRID - 1, COLUMN)
    return sheet


def _cover(sheet: Worksheet, styles: Styles, made: Register) -> None:
    for row, (points, style, text) in enumerate(
        (
            (60, "cover", ""),
            (48, "cover", "学生帮扶档案册"),
            (30, "under", made.school),
            (26, "under", f"{made.term}学期　{written(made.day)}"),
            (30, "secret", CONFIDENTIAL),
        )
    ):
        _put(sheet, row, Line(points, ((style, text, GRID),)), styles)
    row = 6
    for section in made.cover:
        if section.rows:
            row = _lines(sheet, row, styles, section_lines(section)) + 1


def _contents(sheet: Worksheet, styles: Styles, students: Sequence[Entry], places: Sequence[Place]) -> None:
    sheet.repeat_rows(1)
    _put(sheet, 0, Line(30, (("title", "目录", GRID),)), styles)
    spans = (3, 5, 5, 4, 2, 5)
    _put(sheet, 1, Line(22, tuple(("head", name, span) for name, span in zip(_TABLE_HEAD, spans, strict=True))), styles)
    for row, (entry, (name, start)) in enumerate(zip(students, places, strict=True), 2):
        texts = (str(row - 1), entry.class_name, entry.number, entry.name, "★" if entry.key else "", entry.teacher)
        _put(
            sheet, row, Line(17, tuple(("centre", text, span) for text, span in zip(texts, spans, strict=True))), styles
        )
        sheet.write_url(row, sum(spans[:3]), f"internal:'{name}'!A{start}", styles["link"], entry.name)


def _class(sheet: Worksheet, styles: Styles, class_name: str, entries: Sequence[Entry]) -> list[int]:
    """The pages of a class; the answer is the row (from 0) where each begins."""
    back = f"internal:'{CONTENTS}'!A1"
    _put(sheet, 0, Line(18, (("running", "", GRID),)), styles)
    sheet.write_url(0, 0, back, styles["running"], f"{class_name}　帮扶学生档案　{CONFIDENTIAL}（点这里回目录）")
    sheet.freeze_panes(1, 0)
    row, starts = 1, []
    for entry in entries:
        starts.append(row)
        row = _lines(sheet, row, styles, page_lines(entry))
    sheet.print_area(1, 0, row - 1, GRID - 1)
    sheet.set_h_pagebreaks(starts[1:])
    return starts


def _lines(sheet: Worksheet, row: int, styles: Styles, lines: Sequence[Line]) -> int:
    """The answer is the row after them."""
    for at, line in enumerate(lines, row):
        if line.side:
            title, rows = line.side
            sheet.merge_range(at, 0, at + rows - 1, SIDE - 1, title, styles["side"])
        _put(sheet, at, line, styles)
    return row + len(lines)


def _put(sheet: Worksheet, row: int, line: Line, styles: Styles) -> None:
    sheet.set_row(row, line.points)
    column = GRID - sum(span for *_, span in line.cells)
    for style, text, span in line.cells:
        if span > 1:
            sheet.merge_range(row, column, row, column + span - 1, "", styles[style])
        sheet.write_string(row, column, text, styles[style])
        column += span
