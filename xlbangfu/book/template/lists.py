"""The lists that drop-downs offer: defined names over the other sheets, so that what is added there appears by itself.

Names only use functions that Excel, WPS and LibreOffice share, none of them volatile. The hidden sheet 名单 makes what no
sheet has as one column: teachers as "工号 姓名", students on file as "姓名 班级 学号", each 年级 and 科目 once, the parts of the setting 「优先项」. Its formulas
have no stored values (``package`` takes them away): LibreOffice trusts a stored value when it opens a file, so after an
import into the closed file its drop-downs would offer the teachers of before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlbangfu.schema import CLASSES, EXAMS, INPUTS, PROBLEMS, ROSTER, SETTINGS, SUBJECTS, TEACHERS, Table

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

    from xlbangfu.book.template.formats import Formats
    from xlbangfu.book.template.sheet_layout import Layout

SHEET = "名单"
ADDRESSES, SEVERITIES = "问题定位", "问题级别"
SUBJECT_NAMES, FULL_MARKS = "科目各行", "满分各行"
TEACHER_ROWS, GRADE_ROWS, SUBJECT_ROWS, PRIORITY_ROWS = 1_200, 30, 40, 12
SOURCE_ROWS = 2_000
STUDENT_ROWS, ROSTER_ROWS = 2_000, 20_000  # that the list has room for; that are looked through


def name_of(list_of: str) -> str:
    """The defined name of a list.

    >>> name_of("班级")
    '班级名单'
    """
    return f"{list_of}名单"


def count_of(table: Table) -> str:
    """The defined name of the number of problems that 校验 lists for a sheet."""
    return f"问题数_{table.name}"


def write(workbook: Workbook, formats: Formats, layout: Layout) -> None:
    """The hidden sheet and all defined names that drop-downs and marks use."""
    sheet = workbook.add_worksheet(SHEET)
    sheet.hide()
    for position, heading in enumerate(("教师", "年级", "科目", "优先项", "问题数", "学生所在行", "学生")):
        sheet.write_string(0, position, heading, formats.make(bold=True))
    sheet.set_column(0, 3, 18)
    sheet.set_column(6, 6, 28)
    _teachers(sheet, layout)
    _distinct(sheet, "B", GRADE_ROWS, layout, CLASSES, "年级")
    _distinct(sheet, "C", SUBJECT_ROWS, layout, SUBJECTS, "科目")
    _priorities(sheet, layout)
    _problem_counts(sheet, layout)
    _students(sheet, layout)
    for name, formula in _names(layout).items():
        workbook.define_name(name, f"={formula}")


def _names(layout: Layout) -> dict[str, str]:
    return {
        name_of("班级"): _column_list(layout, CLASSES, "班级"),
        name_of("考试"): _column_list(layout, EXAMS, "考试编号"),
        name_of("教师"): f"{SHEET}!$A$2:INDEX({SHEET}!$A$1:$A${TEACHER_ROWS},{_last(layout, TEACHERS, '姓名')})",
        name_of("年级"): _made_list("B", GRADE_ROWS),
        name_of("科目"): _made_list("C", SUBJECT_ROWS),
        name_of("优先项"): _made_list("D", PRIORITY_ROWS),
        name_of(
            "学生"
        ): f"{SHEET}!$G$2:INDEX({SHEET}!$G$1:$G${STUDENT_ROWS},MAX(2,COUNT({SHEET}!$F$1:$F${STUDENT_ROWS})+1))",
        SUBJECT_NAMES: _fixed(layout, SUBJECTS, "科目", 500),
        FULL_MARKS: _fixed(layout, SUBJECTS, "满分", 500),
        ADDRESSES: _whole(layout, PROBLEMS, "定位"),
        SEVERITIES: _whole(layout, PROBLEMS, "级别"),
        **{count_of(table): f"{SHEET}!$E${row}" for row, table in enumerate(INPUTS, start=2)},
    }


def _whole(layout: Layout, table: Table, column: str) -> str:
    letter = layout.letter(table, column)
    return f"{table.name}!${letter}:${letter}"


def _fixed(layout: Layout, table: Table, column: str, rows: int) -> str:
    whole = _whole(layout, table, column)
    return f"INDEX({whole},2):INDEX({whole},{rows})"


def _last(layout: Layout, table: Table, column: str) -> str:
    """The last row that has something, also where rows in between are blank; 2 on an empty sheet."""
    letter = layout.letter(table, column)
    cells = f"{table.name}!${letter}$1:${letter}${SOURCE_ROWS}"
    return f'MAX(2,SUMPRODUCT(MAX(({cells}<>"")*ROW({cells}))))'


def _column_list(layout: Layout, table: Table, column: str) -> str:
    whole = _whole(layout, table, column)
    return f"INDEX({whole},2):INDEX({whole},{_last(layout, table, column)})"


def _made_list(letter: str, rows: int) -> str:
    cells = f"{SHEET}!${letter}$2:${letter}${rows + 1}"
    return f'{SHEET}!${letter}$2:INDEX({cells},MAX(1,SUMPRODUCT(--({cells}<>""))))'


def _teachers(sheet: Worksheet, layout: Layout) -> None:
    number, name = _whole(layout, TEACHERS, "工号"), _whole(layout, TEACHERS, "姓名")
    formula = f'=TRIM(INDEX({number},ROW())&" "&INDEX({name},ROW()))'
    for row in range(1, TEACHER_ROWS):
        sheet.write_formula(row, 0, formula)


def _students(sheet: Worksheet, layout: Layout) -> None:
    """The students with a 帮扶类别, in the order of 名册: each row looks for the next one from where the last was found."""
    kinds = _whole(layout, ROSTER, "帮扶类别")
    shown = '&" "&'.join(f"INDEX({_whole(layout, ROSTER, name)},F{{0}})" for name in ("姓名", "班级", "学号"))
    for row in range(2, STUDENT_ROWS + 1):
        last = f"F{row - 1}" if row > 2 else "1"
        further = f"INDEX({kinds},{last}+1):INDEX({kinds},{ROSTER_ROWS})"
        sheet.write_formula(row - 1, 5, f'=IF({last}="","",IFERROR({last}+MATCH("?*",{further},0),""))')
        sheet.write_formula(row - 1, 6, f'=IF(F{row}="","",{shown.format(row)})')


def _distinct(sheet: Worksheet, letter: str, rows: int, layout: Layout, table: Table, column: str) -> None:
    """Each value once, in the order of the sheet. The headings are alike, so that the heading itself is left out."""
    source = layout.letter(table, column)
    cells = f"{table.name}!${source}$1:${source}${SOURCE_ROWS}"
    for row in range(2, rows + 2):
        above = f"${letter}$1:{letter}{row - 1}"
        formula = f'{{=IFERROR(INDEX({cells},MATCH(0,COUNTIF({above},{cells})+({cells}=""),0)),"")}}'
        sheet.write_array_formula(f"{letter}{row}:{letter}{row}", formula)


def _priorities(sheet: Worksheet, layout: Layout) -> None:
    items, values = _whole(layout, SETTINGS, "项目"), _whole(layout, SETTINGS, "值")
    text = f'SUBSTITUTE(INDEX({values},MATCH("优先项",{items},0))&"","，","、")'
    formula = f'=IFERROR(TRIM(MID(SUBSTITUTE({text},"、",REPT(" ",100)),(ROW()-2)*100+1,100)),"")'
    for row in range(1, PRIORITY_ROWS + 1):
        sheet.write_formula(row, 3, formula)


def _problem_counts(sheet: Worksheet, layout: Layout) -> None:
    """One number for each input sheet, so that the marks of a sheet without problems look nothing up."""
    sheets = _whole(layout, PROBLEMS, "工作表")
    for row, table in enumerate(INPUTS, start=1):
        sheet.write_formula(row, 4, f'=COUNTIF({sheets},"{table.name}")')
