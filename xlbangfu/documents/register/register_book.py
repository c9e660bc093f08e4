"""The register's workbook: a cover, a table of contents with links, and a sheet for each class, a page for each student.

Widths are in pixels, heights in points. Pages are not fitted by scaling: Excel then leaves out page breaks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from itertools import groupby
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from xlbangfu.documents.look import BLUE, FONT, GREY, LINES, RED, lines
from xlbangfu.documents.register.entry import GRID, Entry, Register, Section

CONFIDENTIAL = "内部资料·不得外传"
COVER, CONTENTS = "封面", "目录"
_MEASURED = {"font_name": "Arial", "font_size": 10}  # a default font that programs measure alike
_WIDTH = 71  # of a column
_ROOM = 13  # characters of the page's font that a column takes
_LEAST, _MOST = 17, 400  # heights; Excel takes no row above 409
_MARGINS = {"left": 0.55, "right": 0.55, "top": 0.75, "bottom": 0.6}
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
    base: dict[str, Any] = {"font_name": FONT, "font_size": 9, "valign": "vcenter"}
    grid = base | {"border": 1, "border_color": LINES, "text_wrap": True}
    middle = {"align": "center"}
    styles: dict[str, dict[str, Any]] = {
        "cover": base | middle | {"font_size": 26, "bold": True, "font_color": BLUE},
        "under": base | middle | {"font_size": 13, "font_color": GREY},
        "secret": base | middle | {"font_size": 12, "bold": True, "font_color": RED},
        "running": base | {"font_color": GREY, "bottom": 1, "bottom_color": LINES},
        "title": base | {"font_size": 14, "bold": True, "font_color": BLUE},
        "section": base | {"font_size": 10, "bold": True, "font_color": BLUE},
        "note": base | {"font_color": GREY},
        "head": grid | middle | {"bold": True, "bg_color": "#DDEBF7"},
        "label": grid | middle | {"bg_color": "#F2F2F2"},
        "text": grid | {"indent": 1},
        "centre": grid | middle,
        "link": grid | middle | {"font_color": "#0563C1", "underline": 1},
    }
    return {name: workbook.add_format(style) for name, style in styles.items()}


def _paper(workbook: Workbook, made: Register, name: str) -> Worksheet:
    sheet = workbook.add_worksheet(name)
    sheet.set_paper(9)
    sheet.set_portrait()
    sheet.set_margins(**_MARGINS)
    sheet.center_horizontally()
    sheet.hide_gridlines(2)
    school = made.school.replace("&", "&&")[:60]
    sheet.set_header(f'&L&"{FONT}"&9 {school} 帮扶档案册&R&"{FONT}"&9 {CONFIDENTIAL}')
    sheet.set_footer(f'&L&"{FONT}"&9 {CONFIDENTIAL}&R&"{FONT}"&9 {made.day}　第 &P 页')
    sheet.set_column_pixels(0, GRID - 1, _WIDTH)
    return sheet


def _cover(sheet: Worksheet, styles: Styles, made: Register) -> None:
    for row, (points, style, text) in enumerate(
        (
            (60, "cover", ""),
            (48, "cover", "学生帮扶档案册"),
            (30, "under", made.school),
            (26, "under", f"{made.term}学期　{made.day:%Y 年 %m 月 %d 日}"),
            (30, "secret", CONFIDENTIAL),
        )
    ):
        _line(sheet, row, [(style, text, GRID)], styles, points)
    row = 6
    for section in made.cover:
        row = _section(sheet, row, styles, section) + 1


def _contents(sheet: Worksheet, styles: Styles, students: Sequence[Entry], places: Sequence[Place]) -> None:
    sheet.repeat_rows(1)
    _line(sheet, 0, [("title", "目录", GRID)], styles, 30)
    spans = (1, 2, 1, 1, 1, 2)
    _line(sheet, 1, [("head", name, span) for name, span in zip(_TABLE_HEAD, spans, strict=True)], styles, 22)
    for row, (entry, (name, start)) in enumerate(zip(students, places, strict=True), 2):
        texts = (str(row - 1), entry.class_name, entry.number, entry.name, "★" if entry.key else "", entry.teacher)
        _line(sheet, row, [("centre", text, span) for text, span in zip(texts, spans, strict=True)], styles, _LEAST)
        sheet.write_url(row, 4, f"internal:'{name}'!A{start}", styles["link"], entry.name)


def _class(sheet: Worksheet, styles: Styles, class_name: str, entries: Sequence[Entry]) -> list[int]:
    """The pages of a class; the answer is the row (from 0) where each begins."""
    _line(sheet, 0, [("running", f"{class_name}　帮扶学生档案　{CONFIDENTIAL}　·　回目录", GRID)], styles, 18)
    sheet.write_url(
        0,
        0,
        f"internal:'{CONTENTS}'!A1",
        styles["running"],
        f"{class_name}　帮扶学生档案　{CONFIDENTIAL}（点这里回目录）",
    )
    sheet.repeat_rows(0)
    sheet.freeze_panes(1, 0)
    row, starts = 1, []
    for entry in entries:
        starts.append(row)
        row = _page(sheet, row, styles, entry)
    sheet.set_h_pagebreaks(starts[1:])
    return starts


def _page(sheet: Worksheet, row: int, styles: Styles, entry: Entry) -> int:
    """One student's page; the answer is the row after it."""
    mark = "　★ 重点" if entry.key else ""
    _line(sheet, row, [("title", f"{entry.name}　{entry.number}　{entry.class_name}{mark}", GRID)], styles, 30)
    row += 1
    for cells in _facts(entry):
        row = _wrapped(sheet, row, cells, styles)
    for section in entry.sections:
        row = _section(sheet, row, styles, section)
    return row


def _facts(entry: Entry) -> Iterator[list[tuple[str, str, int]]]:
    for start in range(0, len(entry.facts), 4):
        four = [*entry.facts[start : start + 4], *[("", "")] * 3][:4]
        yield [cell for name, text in four for cell in (("label", name, 1), ("centre", text, 1))]
    for name, text in entry.long_facts:
        yield [("label", name, 1), ("text", text, GRID - 1)]


def _section(sheet: Worksheet, row: int, styles: Styles, section: Section) -> int:
    note = section.note or ("" if section.rows else "还没有")
    _line(sheet, row, [("section", section.title, 1), ("note", note, GRID - 1)], styles, 18)
    return _table(sheet, row + 1, styles, section) if section.rows else row + 1


def _table(sheet: Worksheet, row: int, styles: Styles, section: Section) -> int:
    heads = zip(section.heads, section.spans, strict=True)
    _line(sheet, row, [("head", name, span) for name, span in heads], styles, 17)
    for texts in section.rows:
        row += 1
        pairs = zip(texts, section.spans, strict=True)
        _wrapped(sheet, row, [("text" if span > 1 else "centre", text, span) for text, span in pairs], styles)
    return row + 1


def _wrapped(sheet: Worksheet, row: int, cells: Sequence[tuple[str, str, int]], styles: Styles) -> int:
    points = 6 + 12 * max(lines(text, span * _ROOM) for _, text, span in cells)
    _line(sheet, row, cells, styles, min(max(points, _LEAST), _MOST))
    return row + 1


def _line(sheet: Worksheet, row: int, cells: Sequence[tuple[str, str, int]], styles: Styles, points: float) -> None:
    """A row of cells, each a style, a text and how many columns it spans."""
    sheet.set_row(row, points)
    column = 0
    for style, text, span in cells:
        if span > 1:
            sheet.merge_range(row, column, row, column + span - 1, "", styles[style])
        sheet.write_string(row, column, text, styles[style])
        column += span
