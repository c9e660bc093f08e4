"""The formulas of 名单, a column for each list; rows from 2 on, without the = before them.

They only use functions that Excel, WPS and LibreOffice share, none of them volatile. ``Letter`` says where a column of a
table stands.
"""

from __future__ import annotations

from collections.abc import Callable

from xlbangfu.schema import CLASSES, INPUTS, PROBLEMS, ROSTER, SETTINGS, SUBJECTS, TEACHERS, Table

Letter = Callable[[Table, str], str]
TEACHER, GRADE, SUBJECT, PRIORITY, PROBLEM_COUNT, STUDENT_ROW, STUDENT = "ABCDEFG"
TEACHER_ROWS, GRADE_ROWS, SUBJECT_ROWS, PRIORITY_ROWS = 1_200, 30, 40, 12
SOURCE_ROWS = 2_000
STUDENT_ROWS, ROSTER_ROWS = 2_000, 20_000  # that the list has room for; that are looked through
ARRAYS = frozenset({GRADE, SUBJECT})
LISTED_COLUMNS = {
    TEACHER: (TEACHERS, ("工号", "姓名")),
    GRADE: (CLASSES, ("年级",)),
    SUBJECT: (SUBJECTS, ("科目",)),
    PRIORITY: (SETTINGS, ("项目", "值")),
    PROBLEM_COUNT: (PROBLEMS, ("工作表",)),
    STUDENT_ROW: (ROSTER, ("帮扶类别",)),
    STUDENT: (ROSTER, ("帮扶类别", "姓名", "班级", "学号")),
}


def formulas_of(column: str, letter: Letter) -> list[str]:
    """The formulas of one column of 名单, from row 2 on."""
    return {
        TEACHER: _teachers,
        GRADE: lambda letter: _distinct(GRADE, GRADE_ROWS, letter),
        SUBJECT: lambda letter: _distinct(SUBJECT, SUBJECT_ROWS, letter),
        PRIORITY: _priorities,
        PROBLEM_COUNT: _problem_counts,
        STUDENT_ROW: _student_rows,
        STUDENT: _students,
    }[column](letter)


def whole(letter: Letter, table: Table, column: str) -> str:
    return f"{table.name}!${letter(table, column)}:${letter(table, column)}"


def _teachers(letter: Letter) -> list[str]:
    number, name = whole(letter, TEACHERS, "工号"), whole(letter, TEACHERS, "姓名")
    return [f'TRIM(INDEX({number},ROW())&" "&INDEX({name},ROW()))'] * (TEACHER_ROWS - 1)


def _distinct(place: str, rows: int, letter: Letter) -> list[str]:
    """Each value once, in the order of the sheet. The headings are alike, so that the heading itself is left out."""
    table, (column,) = LISTED_COLUMNS[place]
    source = letter(table, column)
    cells = f"{table.name}!${source}$1:${source}${SOURCE_ROWS}"
    return [
        f'IFERROR(INDEX({cells},MATCH(0,COUNTIF(${place}$1:{place}{row - 1},{cells})+({cells}=""),0)),"")'
        for row in range(2, rows + 2)
    ]


def _priorities(letter: Letter) -> list[str]:
    items, values = whole(letter, SETTINGS, "项目"), whole(letter, SETTINGS, "值")
    text = f'SUBSTITUTE(INDEX({values},MATCH("优先项",{items},0))&"","，","、")'
    return [f'IFERROR(TRIM(MID(SUBSTITUTE({text},"、",REPT(" ",100)),(ROW()-2)*100+1,100)),"")'] * PRIORITY_ROWS


def _problem_counts(letter: Letter) -> list[str]:
    """One number for each input sheet, so that the marks of a sheet without problems look nothing up."""
    return [f'COUNTIF({whole(letter, PROBLEMS, "工作表")},"{table.name}")' for table in INPUTS]


def _student_rows(letter: Letter) -> list[str]:
    """Where in 名册 each student with a 帮扶类别 stands, looked for from where the last was found."""
    kinds = whole(letter, ROSTER, "帮扶类别")
    before = ["1", *(f"F{row}" for row in range(2, STUDENT_ROWS))]
    return [
        f'IF({last}="","",IFERROR({last}+MATCH("?*",INDEX({kinds},{last}+1):INDEX({kinds},{ROSTER_ROWS}),0),""))'
        for last in before
    ]


def _students(letter: Letter) -> list[str]:
    columns = [whole(letter, ROSTER, name) for name in ("姓名", "班级", "学号")]
    return [f'IF(F{row}="","",{_joined(columns, row)})' for row in range(2, STUDENT_ROWS + 1)]


def _joined(columns: list[str], row: int) -> str:
    return '&" "&'.join(f"INDEX({column},F{row})" for column in columns)
