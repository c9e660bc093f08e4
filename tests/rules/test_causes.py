"""A cause is told once (DOMAIN rule 1)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import polars as pl
import pytest

from tests.support.fake_book import FakeBook
from xlbangfu import actions
from xlbangfu.actions import Call
from xlbangfu.rules import problems
from xlbangfu.rules.causes import causes
from xlbangfu.schema import INPUTS, LAYOUT, PROBLEMS, SCORES

LETTERS = pl.DataFrame({"工作表": ["成绩"], "列": ["考试编号"], "字母": ["A"]}, schema=LAYOUT.frame_schema)


def found(*rows: int, sentence: str = "考试没有日期", sheet: str = "成绩", number: str = "V39") -> pl.DataFrame:
    """An 错误 in 考试编号 of each of these rows, of another student each."""
    return problems.collect(
        pl.DataFrame(
            {
                "级别": problems.ERROR,
                "编号": number,
                "工作表": sheet,
                "行": list(rows),
                "列": "考试编号",
                "学号": [f"{row:03}" for row in rows],
                "姓名": "甲",
                "问题": sentence,
                "怎么改": "改",
                "键": [f"成绩|期中|{row:03}" for row in rows],
            }
        )
    )


def shown(frame: pl.DataFrame) -> list[tuple[object, ...]]:
    return problems.as_sheet(frame, LETTERS).select("单元格", "学号", "问题").rows()


def test_three_rows_are_told_one_by_one_and_each_is_marked() -> None:
    assert [row[0] for row in shown(found(2, 3, 4))] == ["成绩!A2", "成绩!A3", "成绩!A4"]


def test_a_remark_on_many_rows_is_one_row_with_the_count_and_the_first_cells() -> None:
    four = shown(found(2, 3, 4, 9))
    many = shown(found(*range(2, 182)))

    assert four == [("成绩!A2", None, "考试没有日期（同样的共 4 处：A2、A3、A4、A9）")]
    assert many == [("成绩!A2", None, "考试没有日期（同样的共 180 处：A2、A3、A4、A5、A6 等）")]


def test_another_remark_another_column_and_another_sheet_are_other_causes() -> None:
    both = problems.collect(found(2, 3, 4, sentence="名册里没有“甲”"), found(5, 6, sentence="名册里没有“乙”"))

    assert len(shown(both)) == 5


def test_numbers_typed_as_keys_are_one_cause_whatever_they_are() -> None:
    keys = problems.collect(*(found(row, sentence=f"“学号”里的 «{row}» 是数字", number="V08") for row in range(2, 8)))

    assert shown(keys) == [("成绩!A2", None, "“学号”里的 «2» 是数字（同样的共 6 处：A2、A3、A4、A5、A6 等）")]


def test_what_is_said_of_one_student_many_times_keeps_his_name() -> None:
    one = found(2, 3, 4, 5).with_columns(pl.lit("007").alias("学号"))

    assert shown(one)[0][1] == "007"


def test_files_from_outside_are_told_row_by_row() -> None:
    assert len(shown(found(*range(2, 9), sheet="期中.xlsx"))) == 7


def test_as_many_causes_are_counted_as_the_sheet_has_rows() -> None:
    every = problems.collect(found(*range(2, 182)), found(3, 4, sentence="别的"))

    assert causes(every).height == len(shown(every)) == 3
    assert causes(every).columns == every.columns


def test_the_rows_that_cannot_be_used_are_the_same_however_they_are_told() -> None:
    every = found(*range(2, 182))
    before = every.clone()

    problems.as_sheet(every, LETTERS)

    assert every.equals(before) and problems.errors(every).height == 180


MANY = 12
DAY = date(2026, 3, 2)
PUPILS = [f"{number:04}" for number in range(1, MANY + 1)]
EXAM = {"考试编号": "期中", "名称": "期中", "日期": DAY, "学期": "2025-2026下", "类型": "期中", "年级": "初一"}


def school_book(**sheets: list[dict[str, Any]]) -> FakeBook:
    """A class of twelve who sat one exam and had a talk each."""
    rows: dict[str, list[dict[str, Any]]] = {
        "设置": [{"项目": "学年开始", "值": "2025-09-01"}, {"项目": "学年结束", "值": "2026-07-15"}],
        "科目": [{"科目": "语文", "满分": 100.0, "优秀线": 85.0, "及格线": 60.0, "低分线": 40.0, "计入总分": "是"}],
        "教师": [
            {
                "工号": "T1",
                "姓名": "甲一",
                "角色": "班主任",
                "任教班级": "初一1班",
                "邮箱": "a@example.cn",
                "在岗": "是",
            }
        ],
        "班级": [{"班级": "初一1班", "年级": "初一", "班主任": "T1 甲一"}],
        "名册": [{"学号": n, "姓名": f"学{n}", "班级": "初一1班", "在籍状态": "在读"} for n in PUPILS],
        "考试": [EXAM],
        "成绩": [{"考试编号": "期中", "学号": n, "语文": 50.0 + int(n)} for n in PUPILS],
        "记录": [
            {
                "记录编号": f"JL{n}",
                "日期": DAY,
                "学号": n,
                "教师": "T1",
                "类型": "谈心",
                "内容": n,
                "姓名": f"学{n}",
                "班级": "初一1班",
            }
            for n in PUPILS
        ],
        "评价": [
            {
                "月份": "2026-03",
                "学号": n,
                "评价人": "班主任",
                "评价人姓名": "甲一",
                "作业": 3,
                "姓名": f"学{n}",
                "班级": "初一1班",
            }
            for n in PUPILS
        ],
    } | sheets
    grids = {}
    for table in INPUTS:
        names = [*table.names, *(["语文"] if table is SCORES else [])]
        grids[table.name] = [names, *([row.get(name, "") for name in names] for row in rows.get(table.name, []))]
    return FakeBook(grids)


def told(book: FakeBook) -> list[tuple[str, str]]:
    """编号 and 问题 of the rows of 校验, after it was asked for."""
    actions.perform("validate", book, Call(user="王老师", now=datetime(2026, 3, 31, 9)))
    return book.read(PROBLEMS)[PROBLEMS].select("编号", "问题").rows()


def test_the_school_of_these_tests_is_sound() -> None:
    assert told(school_book()) == []


@pytest.mark.parametrize(
    ("sheet", "column", "value", "follow"),
    [
        ("考试", "日期", None, "“成绩”12 处"),
        ("考试", "日期", "改天", "“成绩”12 处"),
        ("教师", "姓名", None, "“记录”12 处"),
        ("科目", "满分", "满", None),
        ("考试", "考试编号", "期末", None),
    ],
)
def test_one_bad_cell_is_one_error_however_many_rows_lean_on_it(
    sheet: str, column: str, value: Any, follow: str | None
) -> None:
    book = school_book()
    book.sheets[sheet][1][book.sheets[sheet][0].index(column)] = "" if value is None else value

    found = told(book)

    serious = book.read(PROBLEMS)[PROBLEMS].filter(pl.col("级别") == "错误")
    assert serious.height == 1
    assert follow is None or f"（{follow}跟着不能用）" in serious["问题"][0]
    assert not [number for number, _ in found if number in ("V39", "V40")]


def test_a_student_whose_row_is_void_is_told_once_with_all_that_follows() -> None:
    book = school_book()
    book.sheets["名册"][1][1] = ""

    assert [problem for problem in told(book) if problem[0] in ("V15", "V39")] == [
        ("V15", "“姓名”没有填，这一行先不用（“记录”1 处、“成绩”1 处跟着不能用）")
    ]


@pytest.mark.parametrize(
    ("sheet", "column", "values", "number"),
    [
        ("记录", "日期", [date(2024, 3, int(n)) for n in PUPILS], "V41"),
        ("记录", "日期", [f"2026-03-{n[-2:]}" for n in PUPILS], "V14"),
        ("记录", "学号", [1e16 + int(n) * 1000 for n in PUPILS], "V08"),
        ("记录", "日期", [f"三月{int(n)}号" for n in PUPILS], "V09"),
        ("评价", "作业", [f"{int(n)}等" for n in PUPILS], "V12"),
        ("成绩", "语文", [f"{int(n)}分" for n in PUPILS], "V11"),
        ("名册", "列入日期", [f"第{int(n)}周" for n in PUPILS], "V12"),
        ("成绩", "语文", [100.5 + int(n) for n in PUPILS], "V23"),
        ("记录", "内容", [""] * MANY, "V16"),
        ("记录", "类型", ["聊天"] * MANY, "V17"),
    ],
)
def test_a_column_typed_in_one_wrong_way_is_one_row_whatever_each_cell_says(
    sheet: str, column: str, values: list[Any], number: str
) -> None:
    book = school_book()
    place = book.sheets[sheet][0].index(column)
    for row, value in zip(book.sheets[sheet][1:], values, strict=True):
        row[place] = value

    rows = [text for found, text in told(book) if found == number]

    assert len(rows) == 1
    assert "同样的共 12 处" in rows[0]


@pytest.mark.parametrize(
    ("sheet", "column", "slips", "number"),
    [
        ("记录", "日期", ["3.2", "二号", "3月", "明天"], "V09"),
        ("成绩", "语文", ["8O", "九十", "7l", "?"], "V11"),
        ("名册", "列入日期", ["去年", "九月", "?", "秋"], "V12"),
        ("成绩", "语文", [850.0, 990.0, 101.0, -1.0], "V23"),
    ],
)
def test_four_slips_in_a_column_that_is_otherwise_right_are_four_rows_each_with_its_own_cell(
    sheet: str, column: str, slips: list[Any], number: str
) -> None:
    book = school_book()
    place = book.sheets[sheet][0].index(column)
    for row, value in zip(book.sheets[sheet][1:], [*slips, *["2026-03-02"] * MANY][:MANY], strict=True):
        if value in slips or column == "列入日期":
            row[place] = value

    rows = [text for found, text in told(book) if found == number]

    assert len(rows) == len(slips)
    assert all(any(f"«{str(slip).removesuffix('.0')}»" in text for text in rows) for slip in slips)


def test_a_wrong_full_mark_is_told_once_an_exam_and_its_slips_in_other_exams_by_themselves() -> None:
    book = school_book()
    book.sheets["考试"].append(
        [EXAM.get(name, "") if name != "考试编号" else "期末" for name in book.sheets["考试"][0]]
    )
    marks = book.sheets["成绩"]
    place, exam = marks[0].index("语文"), marks[0].index("考试编号")
    other = [list(row) for row in marks[1:]]
    for row in other:
        row[exam], row[place] = "期末", 60.0
    other[0][place] = 600.0
    for number, row in enumerate(marks[1:]):
        row[place] = 101.0 + number
    marks.extend(other)

    rows = [text for number, text in told(book) if number == "V23"]

    assert len(rows) == 2
    assert "«101»" in rows[0] and "同样的共 12 处" in rows[0]
    assert "«600»" in rows[1]


def test_what_was_written_after_a_student_left_is_one_row_a_student() -> None:
    book = school_book()
    header, *pupils = book.sheets["名册"]
    for pupil in pupils[:2]:
        pupil[header.index("在籍状态")], pupil[header.index("异动日期")] = "转出", date(2026, 2, 1)
    log = book.sheets["记录"]
    for number, row in enumerate(log[1:]):
        row[log[0].index("日期")] = date(2026, 3, 2 + number)
        row[log[0].index("学号")], row[log[0].index("姓名")] = PUPILS[number % 2], f"学{PUPILS[number % 2]}"

    rows = [text for number, text in told(book) if number == "V44"]

    assert len(rows) == 2
    assert all("同样的共 6 处" in text for text in rows)
