"""LibreOffice as an independent oracle: RANK, COUNTIFS and AVERAGEIFS on the same cells give the same figures."""

from __future__ import annotations

import random
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from tests.support.drawn import school
from xlbangfu.rules.class_figures import class_figures
from xlbangfu.rules.prizes import FIRST, NO_BASELINE, NO_PRIZE, SECOND, THIRD, award
from xlbangfu.rules.ranking import rank
from xlbangfu.rules.school import School

pytestmark = [pytest.mark.office, pytest.mark.slow]

STUDENTS = 150  # of a 年级
LAST = STUDENTS + 1
CLASSES = {"1班": "初一", "2班": "初一", "3班": "初一", "4班": "初二", "5班": "初二"}
YEARS = ("初一", "初二")
SUBJECTS = ("语文", "数学", "英语")
EXAMS = ("期初", "期中", "期末")
BASELINES = {"期中": "期初", "期末": "期中"}
Entry = float | str | None

# One sheet an exam and 年级, so that the spreadsheet cannot mix them; the marks stand in D:F, and these formulas beside
# them. {r} is the row, {n} the last one.
BESIDE_MARKS = {
    "总分": '=IF(COUNT(D{r}:F{r})=3,SUM(D{r}:F{r}),"")',
    "年级名次": '=IF(G{r}="","",RANK(G{r},G$2:G${n}))',
    "班级名次": '=IF(G{r}="","",COUNTIFS(B$2:B${n},B{r},G$2:G${n},">"&G{r})+1)',
    "百分位": '=IF(G{r}="","",COUNTIF(G$2:G${n},"<"&G{r})/COUNT(G$2:G${n}))',
    "标准分": '=IF(G{r}="","",(G{r}-AVERAGE(G$2:G${n}))/STDEVP(G$2:G${n}))',
    "与班均差": '=IF(G{r}="","",G{r}-AVERAGEIFS(G$2:G${n},B$2:B${n},B{r}))',
    "语文名次": '=IF(ISNUMBER(D{r}),RANK(D{r},D$2:D${n}),"")',
    "数学名次": '=IF(ISNUMBER(E{r}),RANK(E{r},E$2:E${n}),"")',
    "英语名次": '=IF(ISNUMBER(F{r}),RANK(F{r},F$2:F${n}),"")',
}
# A sheet of prizes: A 学号, B tracked; C to J from the totals of both exams (column G of {before} and {after}).
PRIZE_SHEET = {
    "两次": '=IF(AND(B{r}="学困",ISNUMBER({before}!G{r}),ISNUMBER({after}!G{r})),1,0)',
    "前": '=IF(C{r}=1,{before}!G{r},"")',
    "后": '=IF(C{r}=1,{after}!G{r},"")',
    "组内名次": '=IF(C{r}=1,RANK(E{r},E$2:E${n}),"")',
    "基线组内名次": '=IF(C{r}=1,RANK(D{r},D$2:D${n}),"")',
    "进步名次": '=IF(C{r}=1,G{r}-F{r},"")',
    "升": '=IF(C{r}=1,E{r}-D{r},"")',
    "次序": '=IF(C{r}=1,1+COUNTIFS(H$2:H${n},">"&H{r})+COUNTIFS(H$2:H${n},H{r},I$2:I${n},">"&I{r}),"")',
    "奖项": (
        '=IF(B{r}<>"学困","",IF(NOT(ISNUMBER({after}!G{r})),"' + NO_PRIZE + '",IF(C{r}=0,"' + NO_BASELINE + '",'
        'IF(H{r}<=0,"' + NO_PRIZE + '",IF(J{r}<=ROUNDUP(COUNTIF(H$2:H${n},">0")/5,0),"' + FIRST + '",'
        'IF(J{r}<=MAX(ROUNDUP(COUNTIF(H$2:H${n},">0")/2,0),ROUNDUP(COUNTIF(H$2:H${n},">0")/5,0)+1),"'
        + SECOND
        + '","'
        + THIRD
        + '"))))))'
    ),
}
# 班级汇总: {m} is the column of the marks, {c} the class; the lines are those of one subject or of all three.
OF_CLASS = {
    "实考": '=COUNTIFS({b},"{c}",{m},">=0")',
    "平均分": '=AVERAGEIFS({m},{b},"{c}")',
    "最高分": '=SUMPRODUCT(MAX(({b}="{c}")*ISNUMBER({m})*N(+{m})))',
    "优秀率": '=COUNTIFS({b},"{c}",{m},">={excellent}")/COUNTIFS({b},"{c}",{m},">=0")',
    "及格率": '=COUNTIFS({b},"{c}",{m},">={passing}")/COUNTIFS({b},"{c}",{m},">=0")',
    "低分率": '=COUNTIFS({b},"{c}",{m},"<{low}")/COUNTIFS({b},"{c}",{m},">=0")',
}


def made_up_marks() -> list[dict[str, Any]]:
    """Students with marks of halves in two exams: many ties, some 缺考 and 未录."""
    chance = random.Random(20251110)

    def entry() -> Entry:
        roll = chance.random()
        return "缺考" if roll < 0.03 else None if roll < 0.05 else chance.randrange(20, 201) / 2

    return [
        {
            "学号": f"{number:04d}",
            "年级": year,
            "班级": chance.choice([name for name, of in CLASSES.items() if of == year]),
            "帮扶类别": "学困" if chance.random() < 0.3 else None,
            "marks": {exam: [entry() for _ in SUBJECTS] for exam in EXAMS},
        }
        for at, year in enumerate(YEARS)
        for number in range(at * STUDENTS, (at + 1) * STUDENTS)
    ]


def as_school(students: list[dict[str, Any]]) -> School:
    roster = ["学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别"]
    marks = ["考试编号 | 学号 | 语文 | 数学 | 英语"]
    for one in students:
        roster.append(f"{one['学号']} | 生 | {one['班级']} | 在读 | {one['帮扶类别'] or ''}")
        for exam, entries in one["marks"].items():
            marks.append(" | ".join([exam, one["学号"], *("" if cell is None else str(cell) for cell in entries)]))
    classes = "班级 | 年级\n" + "\n".join(f"{name} | {year}" for name, year in CLASSES.items())
    return school({"名册": "\n".join(roster), "成绩": "\n".join(marks), "班级": classes})


def as_formulas(students: list[dict[str, Any]], path: Path) -> None:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for year in YEARS:
        mine = [one for one in students if one["年级"] == year]
        for exam in EXAMS:
            _marks_sheet(book.create_sheet(f"{exam}{year}"), mine, exam)
        for exam, baseline in BASELINES.items():
            _prize_sheet(book.create_sheet(f"奖项{exam}{year}"), mine, f"{baseline}{year}", f"{exam}{year}")
    _class_sheet(book.create_sheet("汇总"))
    book.save(path)


def _marks_sheet(sheet: Any, students: list[dict[str, Any]], exam: str) -> None:
    sheet.append(["学号", "班级", "帮扶类别", *SUBJECTS, *BESIDE_MARKS])
    for row, one in enumerate(students, start=2):
        formulas = [formula.format(r=row, n=LAST) for formula in BESIDE_MARKS.values()]
        sheet.append([one["学号"], one["班级"], one["帮扶类别"], *one["marks"][exam], *formulas])


def _prize_sheet(sheet: Any, students: list[dict[str, Any]], before: str, after: str) -> None:
    sheet.append(["学号", "帮扶类别", *PRIZE_SHEET])
    for row, one in enumerate(students, start=2):
        formulas = [cell.format(r=row, n=LAST, before=before, after=after) for cell in PRIZE_SHEET.values()]
        sheet.append([one["学号"], one["帮扶类别"], *formulas])


def _class_sheet(sheet: Any) -> None:
    sheet.append(["班级", "科目", *OF_CLASS])
    for school_class, year in CLASSES.items():
        for subject, column, papers in [*zip(SUBJECTS, "DEF", (1, 1, 1), strict=True), ("总分", "G", 3)]:
            known = {
                "c": school_class,
                "b": f"期中{year}!B$2:B${LAST}",
                "m": f"期中{year}!{column}$2:{column}${LAST}",
                "excellent": 85 * papers,
                "passing": 60 * papers,
                "low": 40 * papers,
            }
            sheet.append([school_class, subject, *(formula.format(**known) for formula in OF_CLASS.values())])


@pytest.fixture(scope="module")
def computed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[School, Any]]:
    """The school, and the same cells with every formula computed by LibreOffice."""
    folder = tmp_path_factory.mktemp("oracle")
    students = made_up_marks()
    as_formulas(students, folder / "in.xlsx")
    office = shutil.which("soffice") or "soffice"
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    out = folder / "out"
    command = [office, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(out), str(folder / "in.xlsx")]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    book = openpyxl.load_workbook(out / "in.xlsx", data_only=True)
    yield as_school(students), book
    book.close()


def by_number(sheet: Any) -> dict[str, dict[str, Any]]:
    """The rows of a computed sheet by its first column; an empty text is empty."""
    headings, *rows = sheet.iter_rows(values_only=True)
    return {
        row[0]: {name: cell if cell != "" else None for name, cell in zip(headings, row, strict=True)} for row in rows
    }


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("exam", EXAMS)
def test_ranks_shares_and_standard_scores_are_those_of_the_spreadsheet(
    computed: tuple[School, Any], exam: str, year: str
) -> None:
    school_, book = computed
    oracle = by_number(book[f"{exam}{year}"])

    mine = rank(school_).filter(pl.col("考试编号") == exam, pl.col("年级") == year)

    assert mine.height == STUDENTS
    for row in mine.iter_rows(named=True):
        for name in BESIDE_MARKS:
            if name == "总分" and row["年级名次"] is None:
                continue  # the spreadsheet has no total of what there is
            assert row[name] == (
                None if oracle[row["学号"]][name] is None else pytest.approx(oracle[row["学号"]][name], abs=1e-6)
            ), (row["学号"], name)


def test_class_figures_are_those_of_the_spreadsheet(computed: tuple[School, Any]) -> None:
    school_, book = computed
    headings, *rows = book["汇总"].iter_rows(values_only=True)

    mine = class_figures(school_, rank(school_)).filter(pl.col("考试编号") == "期中")

    for school_class, subject, *figures in rows:
        row = mine.row(by_predicate=(pl.col("班级") == school_class) & (pl.col("科目") == subject), named=True)
        assert [row[name] for name in headings[2:]] == pytest.approx(figures, abs=1e-9)


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("exam", BASELINES)
def test_prizes_are_those_of_the_spreadsheet(computed: tuple[School, Any], exam: str, year: str) -> None:
    school_, book = computed
    sheet = by_number(book[f"奖项{exam}{year}"])
    oracle = {number: row for number, row in sheet.items() if row["帮扶类别"] == "学困"}

    mine = award(school_, rank(school_)).filter(pl.col("考试编号") == exam, pl.col("年级") == year)

    names = ("组内名次", "基线组内名次", "进步名次", "奖项")
    got = {row["学号"]: [row[name] for name in names] for row in mine.iter_rows(named=True)}
    assert got == {number: [row[name] for name in names] for number, row in oracle.items()}
    assert set(mine["奖项"]) == {FIRST, SECOND, THIRD, NO_PRIZE, NO_BASELINE}
