"""The letters of a class on sheets of A4, each with a reply to tear off; where things stand is in ``letter_layout``."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from xlbangfu.documents.slips import letter_layout as layout
from xlbangfu.documents.slips.letter import ClassSlips, Letter
from xlbangfu.documents.slips.letter_layout import SHAPES, Shape
from xlbangfu.house_look import A4, INK, LINE, MUTED, SECTION, SIZE, TITLE

MEASURED = {"font_name": "Arial", "font_size": 10}
FONT, LABELS = "宋体", "黑体"  # of letters and official papers
_TITLE = "致家长的一封信"
_BLANK = "＿"  # a line for the pen
_PARAGRAPHS = len(layout.HEAD_ROWS)  # the row of the first, and so on, within a sheet of paper
_CONTACT = _PARAGRAPHS + layout.SLOTS + 2  # two rows are left over
_REPLY = _CONTACT + len(layout.CONTACT_ROWS)
_ROWS = _REPLY + len(layout.REPLY_ROWS)

Styles = dict[str, Format]


def as_bytes(made: ClassSlips) -> bytes:
    """The workbook of one class; the same for the same letters on any machine."""
    buffer = BytesIO()
    workbook = Workbook(buffer, {"in_memory": True, "default_format_properties": dict(MEASURED)})  # it adds to them
    workbook.set_properties({"title": _TITLE, "created": made.made})
    shape = SHAPES[made.a_page]
    sheet = _paper(workbook, shape)
    styles = {size: _styles(workbook, size) for size in layout.SIZES}
    papers = [made.letters[at : at + shape.across] for at in range(0, len(made.letters), shape.across)]
    for number, letters in enumerate(papers):
        _sheet_of_paper(sheet, styles, number * _ROWS, shape, made, letters)
    sheet.set_h_pagebreaks([number * _ROWS for number in range(1, len(papers))])
    workbook.close()
    return buffer.getvalue()


def _paper(workbook: Workbook, shape: Shape) -> Worksheet:
    sheet = workbook.add_worksheet("家长信")
    sheet.set_paper(A4)
    if shape.landscape:
        sheet.set_landscape()
    inches = layout.MARGIN / 72
    sheet.set_margins(left=inches, right=inches, top=inches, bottom=inches)
    sheet.set_header("", {"margin": 0})
    sheet.set_footer("", {"margin": 0})
    sheet.center_horizontally()
    sheet.hide_gridlines(2)
    for across in range(shape.across):
        first = _first_column(across)
        sheet.set_column_pixels(first, first, shape.label)
        sheet.set_column_pixels(first + 1, first + 1, shape.text)
        if across + 1 < shape.across:
            sheet.set_column_pixels(first + 2, first + 3, shape.gutter)
    return sheet


def _first_column(across: int) -> int:
    return across * 4


def _styles(workbook: Workbook, size: float) -> Styles:
    words: dict[str, Any] = {
        "font_name": FONT,
        "font_size": size,
        "font_color": INK,
        "valign": "vcenter",
        "text_wrap": True,
    }
    label = {"font_name": LABELS, "valign": "top"}
    small = words | {"font_size": min(size, SIZE)}
    styles: dict[str, dict[str, Any]] = {
        "title": words | label | {"font_size": TITLE, "align": "center", "valign": "vcenter"},
        "class": small | {"font_color": MUTED, "align": "center"},
        "greeting": words,
        "label": words | label | {"top": 1, "top_color": LINE},
        "text": words | {"valign": "top", "top": 1, "top_color": LINE},
        "contact": small,
        "last": small | {"valign": "top", "bottom": 3, "bottom_color": MUTED},
        "reply": words | {"font_name": LABELS, "font_size": SECTION, "align": "center"},
        "slip": words | {"font_size": SIZE},
        "cut": {"bottom": 3, "bottom_color": MUTED},
        "fold": {"right": 3, "right_color": MUTED},
        "crossing": {"right": 3, "right_color": MUTED, "bottom": 3, "bottom_color": MUTED},
    }
    return {name: workbook.add_format(style) for name, style in styles.items()}


def _sheet_of_paper(
    sheet: Worksheet, styles: dict[float, Styles], top: int, shape: Shape, made: ClassSlips, letters: Sequence[Letter]
) -> None:
    """The rows of the letters that stand side by side, the cut below them and their replies."""
    size, paragraphs = layout.fitting(letters, shape)
    filling = shape.filling(paragraphs)  # so that the contact stands just above the cut
    heights = (*layout.HEAD_ROWS, *paragraphs, *filling, *layout.CONTACT_ROWS, *layout.REPLY_ROWS)
    for row, height in enumerate(heights, top):
        sheet.set_row(row, height)
    _lines_to_cut(sheet, styles[size], top, shape)
    for across, letter in enumerate(letters):
        _letter(sheet, styles[size], top, _first_column(across), made, letter)


def _lines_to_cut(sheet: Worksheet, styles: Styles, top: int, shape: Shape) -> None:
    last = top + _REPLY - 1
    for column in range(_first_column(shape.across - 1) + 2):
        sheet.write_blank(last, column, None, styles["cut"])
    for across in range(1, shape.across):
        for row in range(top, top + _ROWS):
            sheet.write_blank(row, _first_column(across) - 2, None, styles["crossing" if row == last else "fold"])


def _letter(sheet: Worksheet, styles: Styles, top: int, left: int, made: ClassSlips, letter: Letter) -> None:
    head = (
        ("title", _TITLE),
        ("class", f"{made.school}　{made.class_name}　{made.term}学期　{_day(made)}"),
        ("greeting", f"尊敬的{letter.name}家长：您好！\n这是孩子近来的情况，请陪孩子一起读一读。"),
    )
    for row, (style, text) in enumerate(head, top):
        _across(sheet, row, left, text, styles[style])
    for row, (label, text) in enumerate(letter.paragraphs, top + _PARAGRAPHS):
        sheet.write_string(row, left, label, styles["label"])
        sheet.write_string(row, left + 1, text, styles["text"])
    by, hours = _contact(made)
    _across(sheet, top + _CONTACT, left, by, styles["contact"])
    _across(sheet, top + _CONTACT + 1, left, hours, styles["last"])
    for row, (style, text) in enumerate(_reply(made, letter), top + _REPLY):
        _across(sheet, row, left, text, styles[style])


def _contact(made: ClassSlips) -> tuple[str, str]:
    who = f"{made.homeroom}老师（班主任）" if made.homeroom else "班主任" + _BLANK * 4
    return f"联系：{who}　电话：{made.phone or _BLANK * 8}", f"来电、来校的时间：{made.hours or _BLANK * 12}"


def _reply(made: ClassSlips, letter: Letter) -> tuple[tuple[str, str], ...]:
    return (
        ("reply", f"✂　回执（请在{made.due.month}月{made.due.day}日前交给班主任）"),
        ("slip", f"{made.class_name}　{letter.name}　□ 已读　□ 想和老师谈谈，方便的时间：" + _BLANK * 4),
        ("slip", "想对老师说：" + _BLANK * 22),
        ("slip", "家长签名：" + _BLANK * 7 + "　　日期：" + _BLANK * 2 + "月" + _BLANK * 2 + "日"),
    )


def _day(made: ClassSlips) -> str:
    return f"{made.day.month}月{made.day.day}日"


def _across(sheet: Worksheet, row: int, left: int, text: str, style: Format) -> None:
    sheet.merge_range(row, left, row, left + 1, "", style)
    sheet.write_string(row, left, text, style)
