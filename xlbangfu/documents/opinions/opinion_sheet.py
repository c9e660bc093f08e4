"""The forms of a class on sheets of A4: above the cut the parents', below it the student's."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from xlbangfu.documents.opinions.opinion_forms import PARENTS, STUDENTS, ClassOpinions

TITLE = "意见表"
_FONT, _LABELS, _INK, _SOFT, _LINES = "宋体", "黑体", "#1F2933", "#52606D", "#8796A5"
_MARGIN = 0.5  # inches
_LABEL, _QUESTION, _MARK = 112, 310, 52  # pixels of the columns; five marks
_MARKS = 5
_LAST = 1 + _MARKS
_BLANK = "＿"  # a line for the pen
_HEIGHTS = (
    34,
    22,
    22,
    *[34] * len(PARENTS),
    62,
    30,
    22,
)  # points: title, who, how, the questions, words, signature, foot
_ROWS = len(_HEIGHTS)


def as_bytes(made: ClassOpinions) -> bytes:
    """The workbook of one class; the same for the same forms on any machine."""
    buffer = BytesIO()
    workbook = Workbook(buffer, {"in_memory": True})
    workbook.set_properties({"title": TITLE, "created": made.made})
    sheet, styles = _paper(workbook), _styles(workbook)
    for number, name in enumerate(made.names):
        top = number * 2 * _ROWS
        _form(sheet, styles, top, made, name, PARENTS, "家长")
        _form(sheet, styles, top + _ROWS, made, name, STUDENTS, "学生")
    sheet.set_h_pagebreaks([number * 2 * _ROWS for number in range(1, len(made.names))])
    workbook.close()
    return buffer.getvalue()


def _paper(workbook: Workbook) -> Worksheet:
    sheet = workbook.add_worksheet(TITLE)
    sheet.set_paper(9)
    sheet.set_margins(left=_MARGIN, right=_MARGIN, top=_MARGIN, bottom=_MARGIN)
    sheet.center_horizontally()
    sheet.hide_gridlines(2)
    sheet.set_column_pixels(0, 0, _LABEL)
    sheet.set_column_pixels(1, 1, _QUESTION)
    sheet.set_column_pixels(2, _LAST, _MARK)
    return sheet


def _styles(workbook: Workbook) -> dict[str, Format]:
    words = {"font_name": _FONT, "font_size": 11, "font_color": _INK, "valign": "vcenter", "text_wrap": True}
    ruled = words | {"border": 1, "border_color": _LINES}
    styles = {
        "title": words | {"font_name": _LABELS, "font_size": 16, "align": "center"},
        "who": words | {"font_name": _LABELS, "align": "center"},
        "how": words | {"font_color": _SOFT, "align": "center"},
        "label": ruled | {"font_name": _LABELS, "align": "center"},
        "question": ruled | {"indent": 1},
        "mark": ruled | {"font_size": 14, "align": "center"},
        "words": ruled | {"valign": "top", "indent": 1},
        "signed": words,
        "cut": words | {"font_size": 9, "font_color": _SOFT, "align": "center", "bottom": 3, "bottom_color": _SOFT},
        "foot": words | {"font_size": 9, "font_color": _SOFT, "align": "center"},
    }
    return {name: workbook.add_format(style) for name, style in styles.items()}


def _form(
    sheet: Worksheet,
    styles: Mapping[str, Format],
    top: int,
    made: ClassOpinions,
    name: str,
    questions: Mapping[str, str],
    who: str,
) -> None:
    for row, height in enumerate(_HEIGHTS, top):
        sheet.set_row(row, height)
    year, month = made.month.split("-")
    head = (
        ("title", f"{who}{TITLE}"),
        ("who", f"{made.school}　{made.class_name}　{name}　{year}年{int(month)}月"),
        ("how", "请在每一行圈一个数：5 最好，1 最不好；不清楚的空着。"),
    )
    for row, (style, text) in enumerate(head, top):
        _across(sheet, row, 0, text, styles[style])
    row = top + len(head)
    for label, question in questions.items():
        sheet.write_string(row, 0, label, styles["label"])
        sheet.write_string(row, 1, question, styles["question"])
        for mark in range(1, _MARKS + 1):
            sheet.write_number(row, 1 + mark, mark, styles["mark"])
        row += 1
    sheet.write_string(row, 0, "想说的话", styles["label"])
    _across(sheet, row, 1, "", styles["words"])
    signed = f"{who}签名：" + _BLANK * 8 + "　　日期：" + _BLANK * 2 + "月" + _BLANK * 2 + "日"
    _across(sheet, row + 1, 0, signed, styles["signed"])
    foot = f"请在{made.due.month}月{made.due.day}日前交给班主任；只给老师看，用来改进工作。"
    _across(sheet, row + 2, 0, foot, styles["cut" if questions is PARENTS else "foot"])


def _across(sheet: Worksheet, row: int, left: int, text: str, style: Format) -> None:
    sheet.merge_range(row, left, row, _LAST, "", style)
    sheet.write_string(row, left, text, style)
