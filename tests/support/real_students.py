"""The 395 real students of student-mat.csv as a staff member would have them: a roster and three files of marks.

UCI Machine Learning Repository, "Student Performance", P. Cortez and A. Silva 2008, CC BY 4.0. 学号 is P0001 … P0395 by
row, 班级 is school and age, the three periods are three exams in 数学 out of 20; guardian = other or Pstatus = A is 留守.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
import xlsxwriter

MEAN_OF_G3, NOUGHTS_IN_G3, PASSES_IN_G3 = 10.415, 38, 265
EXAMS = {"G1": "2025上期中", "G2": "2025上期末", "G3": "2025下期中"}
SITTINGS = (("一学期期中", "2025年11月6日"), ("一学期期末", "2026年1月15日"), ("二学期期中", "2026.4.23"))
SUBJECT, FULL, PASS = "数学", 20, 10
GRADE = "高中"  # one for both schools, so that the known figures are those of a whole 年级

Rows = Sequence[Sequence[object]]


@dataclass(frozen=True)
class Files:
    """The files, in an order in which staff may give them."""

    roster: Path
    classes: Path
    scores: tuple[Path, Path, Path]

    @property
    def all(self) -> list[Path]:
        return [*self.scores, self.roster, self.classes]


def find_csv() -> Path:
    """The data, or a skip that says where it is looked for."""
    folder = Path(os.environ.get("XLBANGFU_DATA", Path(__file__).parents[3] / "shared" / "data"))
    path = folder / "student-mat.csv"
    if not path.is_file():
        pytest.skip(f"needs student-mat.csv (UCI Student Performance) in {folder}; XLBANGFU_DATA names another folder")
    return path


def read_students(path: Path) -> list[dict[str, str]]:
    """The rows of the data with 学号, 姓名 and 班级 beside what it says."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    for number, row in enumerate(rows, 1):
        row |= {"学号": f"P{number:04d}", "姓名": f"学生{number:03d}", "班级": f"{row['school']}-{row['age']}"}
    return rows


def write_files(source: Path, folder: Path) -> Files:
    """A roster (.xlsx), the classes (.csv, UTF-8) and three exams: .xlsx with titles, .csv in GB18030, .csv with tabs."""
    students = read_students(source)
    roster, classes = folder / "学生名册.xlsx", folder / "班级.csv"
    named = [
        [s["学号"], s["姓名"], "男" if s["sex"] == "M" else "女", s["班级"], "是" if _left_behind(s) else "否"]
        for s in students
    ]
    _write_xlsx(roster, [["学号", "学生姓名", "性别", "班级", "是否留守"], *named])
    rooms = sorted({s["班级"] for s in students})
    _write_csv(
        classes, [["班级", "年级", "班主任"], *([class_name, GRADE, ""] for class_name in rooms)], "utf-8-sig", ","
    )
    first, second, third = (
        folder / name for name in (f"{EXAMS['G1']}.xlsx", f"{EXAMS['G2']}.csv", f"{EXAMS['G3']}.csv")
    )
    titles = [f"2025—2026学年度第{term}考试成绩表（{day}）" for term, day in SITTINGS]
    ranked = [[s["姓名"], s["班级"], s["学号"], float(s["G1"]), float(s["G1"]), 1.0] for s in students]
    header = ["姓名", "班级", "学号", "数学（20分）", "总分", "班名"]
    _write_xlsx(first, [[titles[0]], [], header, *ranked, ["平均分", "", "", 10.9, 10.9, ""]])
    _write_csv(
        second,
        [[titles[1]], ["学号", "姓名", "数学成绩"], *([s["学号"], s["姓名"], s["G2"]] for s in students)],
        "gb18030",
        ",",
    )
    _write_csv(
        third,
        [[titles[2]], ["班别", "姓名", "数学"], *([s["班级"], s["姓名"], s["G3"]] for s in students)],
        "utf-16",
        "\t",
    )
    return Files(roster, classes, (first, second, third))


def _left_behind(student: dict[str, str]) -> bool:
    return student["guardian"] == "other" or student["Pstatus"] == "A"


def _write_xlsx(path: Path, rows: Rows) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for index, row in enumerate(rows):
            sheet.write_row(index, 0, row)


def _write_csv(path: Path, rows: Rows, encoding: str, separator: str) -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=separator).writerows(rows)
