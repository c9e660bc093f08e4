"""The lists that drop-downs offer: defined names over the other sheets, so that what is added there appears by itself.

Names only use functions that Excel, WPS and LibreOffice share, none of them volatile. The hidden sheet 名单 makes what no
sheet has as one column: teachers as "工号 姓名", students on file as "姓名 班级 学号", each 年级 and 科目 once, the parts of
the setting 「优先项」 (``book/value_lists``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlbangfu.book.value_lists import SHEET
from xlbangfu.book.value_lists.formulas import (
    ARRAYS,
    GRADE_ROWS,
    LISTED_COLUMNS,
    PRIORITY_ROWS,
    SOURCE_ROWS,
    STUDENT_ROWS,
    SUBJECT_ROWS,
    TEACHER_ROWS,
    formulas_of,
)
from xlbangfu.schema import CLASSES, EXAMS, INPUTS, PROBLEMS, SUBJECTS, TEACHERS, Table

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

    from xlbangfu.book.template.formats import Formats
    from xlbangfu.book.template.sheet_layout import Layout

ADDRESSES, SEVERITIES = "问题定位", "问题级别"
SUBJECT_NAMES, FULL_MARKS = "科目各行", "满分各行"


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
    sheet = workbook.add_worksheet(SHEET, worksheet_class=_plain_formulas())
    sheet.hide()
    for position, heading in enumerate(("教师", "年级", "科目", "优先项", "问题数", "学生所在行", "学生")):
        sheet.write_string(0, position, heading, formats.make(bold=True))
    sheet.set_column(0, 3, 18)
    sheet.set_column(6, 6, 28)
    for column in LISTED_COLUMNS:
        for row, formula in enumerate(formulas_of(column, layout.letter), start=2):
            if column in ARRAYS:
                sheet.write_array_formula(f"{column}{row}:{column}{row}", f"{{={formula}}}")
            else:
                sheet.write_formula(f"{column}{row}", f"={formula}")
    for name, formula in _names(layout).items():
        workbook.define_name(name, f"={formula}")


def _plain_formulas() -> type[Worksheet]:
    """A sheet that looks for no function of later Excels in its formulas: here are thousands, and none has one. A version of
    XlsxWriter that prepares formulas otherwise takes its time and writes the same."""
    from xlsxwriter.worksheet import Worksheet

    class PlainFormulas(Worksheet):  # type: ignore[misc]  # XlsxWriter has no types
        def _prepare_formula(self, formula: str, *_expanding: bool) -> str:
            return formula.removeprefix("{").removeprefix("=").removesuffix("}")

    return PlainFormulas


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
