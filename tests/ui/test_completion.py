"""What staff need not type: students by a drop-down or by name, numbers of rows, classes after a change of class."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.support.fake_book import FakeBook, Grid
from tests.support.rows import row_of
from tests.support.workbooks_made import make
from xlbangfu import actions
from xlbangfu.actions import Call
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.rules.people import student_label
from xlbangfu.schema import (
    ACTIVITIES,
    CLASSES,
    CONDUCT,
    FILES,
    INPUTS,
    LOG,
    PAIRINGS,
    PLANS,
    PROBLEMS,
    ROSTER,
    RUNS,
    SCORES,
    TEACHERS,
    Table,
)

CALL = Call(user="王老师", now=datetime(2026, 3, 31, 10, 20))
AGREED = replace(CALL, agrees=lambda _: True)
STUDENT = ["学号", "姓名", "班级"]
PEOPLE = (
    ("0101", "王小明", "初一1班"),
    ("0102", "李雷", "初一1班"),
    ("0201", "王小明", "初一2班"),
    ("0202", "买买提·艾力", "初一2班"),
)
NAMING = tuple(table for table in INPUTS if table.names_student)
ON_FILE = {"帮扶类别": "学困", "困难类型": "行为规范", "列入日期": date(2026, 3, 1)}


def book(**sheets: list[dict[str, Any]]) -> FakeBook:
    """A school of four students; of the other sheets the rows given."""
    roster = [row_of(ROSTER, 学号=n, 姓名=name, 班级=room, 在籍状态="在读", **ON_FILE) for n, name, room in PEOPLE]
    drawn: dict[str, Grid] = {
        "名册": [ROSTER.names, *roster],
        "班级": [
            CLASSES.names,
            *(row_of(CLASSES, 班级=room, 年级="初一", 班主任="T1 甲一") for room in ("初一1班", "初一2班")),
        ],
        "教师": [TEACHERS.names, row_of(TEACHERS, "T1", "甲一", "班主任", 在岗="是")],
    }
    tables = {table.name: table for table in INPUTS}
    for name, rows in sheets.items():
        drawn[name] = [tables[name].names, *(row_of(tables[name], **row) for row in rows)]
    return FakeBook(drawn)


def rows(there: FakeBook | ClosedBook, table: Table, *columns: str) -> list[tuple[Any, ...]]:
    return there.read(table)[table].select(columns or STUDENT).rows()


@pytest.mark.parametrize("table", NAMING, ids=lambda table: table.name)
@pytest.mark.parametrize("column", ["学号", "姓名"])
def test_a_choice_from_the_drop_down_is_enough_wherever_a_row_names_a_student(table: Table, column: str) -> None:
    people = pl.DataFrame(PEOPLE, schema=STUDENT, orient="row")
    labels = people.select(student_label()).to_series().to_list()
    there = book(**{table.name: [{column: label} for label in labels]})

    outcome = actions.perform("validate", there, CALL)

    named = [row for row in rows(there, table) if row[0]]
    assert [row[0] for row in named] == [number for number, *_ in PEOPLE]
    assert [row[1] for row in named] == [name for _, name, _ in PEOPLE]
    assert outcome is not None
    assert f"写全 4 行的学号、姓名、班级（{table.name} 4）" in outcome.sentence


@pytest.mark.parametrize(
    ("typed", "stands_for"),
    [
        ({"学号": "李雷"}, ("0102", "李雷", "初一1班")),
        ({"姓名": "李　雷"}, ("0102", "李　雷", "初一1班")),
        ({"姓名": "王小明", "班级": "初一2班"}, ("0201", "王小明", "初一2班")),
        ({"学号": "王小明", "班级": "初一2班"}, ("0201", "王小明", "初一2班")),
        ({"学号": "王小明 初一2班"}, ("0201", "王小明", "初一2班")),
        ({"学号": "0102 李雷"}, ("0102", "李雷", "初一1班")),
        ({"学号": "0102"}, ("0102", "李雷", "初一1班")),
        ({"学号": 102.0}, ("102", None, None)),
        ({"学号": "李雷、0201"}, ("0102、0201", None, None)),
        ({"姓名": "买买提•艾力"}, ("0202", "买买提•艾力", "初一2班")),
        ({"学号": "王小明"}, ("王小明", None, None)),
        ({"学号": "李雷 初一1班 0101"}, ("李雷 初一1班 0101", None, None)),
        ({"学号": "赵六"}, ("赵六", None, None)),
        ({"姓名": "李雷", "班级": "初一2班"}, (None, "李雷", "初一2班")),
    ],
)
def test_what_is_typed_is_written_out_if_it_means_one_student_and_left_as_it_is_if_not(
    typed: dict[str, Any], stands_for: tuple[str | None, ...]
) -> None:
    there = book(记录=[{**typed, "日期": date(2026, 3, 2), "教师": "T1", "类型": "谈心", "内容": "谈话"}])

    actions.perform("validate", there, CALL)

    assert rows(there, LOG) == [stands_for]


@pytest.mark.parametrize(
    ("typed", "stands_for"),
    [
        ("李雷、王小明 初一2班 0201", "0102、0201"),
        ("买买提•艾力，0101", "0202、0101"),
        ("0101,0102", "0101,0102"),  # two numbers stay as they were typed
        ("李雷", "0102"),
        ("李雷、王小明", "李雷、王小明"),
        ("李雷、赵六", "李雷、赵六"),
        ("", None),
    ],
)
def test_who_took_part_is_named_by_number_or_by_name(typed: str, stands_for: str | None) -> None:
    there = book(活动=[{"日期": date(2026, 3, 2), "名称": "合唱", "类型": "合唱", "参与学生": typed}])

    outcome = actions.perform("validate", there, CALL)

    assert rows(there, ACTIVITIES, "参与学生") == [(stands_for,)]
    assert outcome is not None
    assert ("活动 1" in outcome.sentence) == ((stands_for or "") != typed)


@pytest.mark.parametrize(
    ("typed", "stands_for", "problems"),
    [
        ("李雷", "0102", 0),
        ("李雷 初一1班", "0102", 0),
        ("0102", "0102", 0),
        ("王小明", "王小明", 1),
        ("李雷、0201", "李雷、0201", 1),
    ],
)
def test_a_helper_is_named_by_number_or_by_name(typed: str, stands_for: str, problems: int) -> None:
    helped = {"学号": "0101", "类型": "学习帮手", "开始日期": date(2026, 3, 2), "状态": "执行", "帮扶学科": ""}
    there = book(结对=[{**helped, "结对编号": "JD1", "学习帮手": typed}])

    actions.perform("validate", there, CALL)

    assert rows(there, PAIRINGS, "学习帮手") == [(stands_for,)]
    lost = there.read(PROBLEMS)[PROBLEMS].filter(pl.col("列") == "学习帮手", pl.col("问题").str.contains("找不到"))
    assert lost.height == problems


def test_rows_without_a_number_get_one_and_are_told_and_noted() -> None:
    entry = {
        "日期": date(2026, 3, 2),
        "学号": "0101",
        "姓名": "王小明",
        "班级": "初一1班",
        "教师": "T1",
        "类型": "谈心",
    }
    there = book(
        记录=[entry | {"内容": "甲"}, entry | {"记录编号": "JL000007", "内容": "乙"}, entry | {"内容": "丙"}],
        计划=[{"学号": "0102"}],
        结对=[{"类型": "包班", "班级": "初一1班", "教师": "T1"}],
    )

    outcome = actions.perform("validate", there, CALL)

    assert [row[0] for row in rows(there, LOG, "记录编号")] == ["JL000008", "JL000007", "JL000009"]
    assert rows(there, PLANS, "计划编号") == [("JH00001",)]
    assert rows(there, PAIRINGS, "结对编号", "班级") == [("JD0001", "初一1班")]
    assert outcome is not None
    assert "给 4 行编了号（结对 1、计划 1、记录 2）" in outcome.sentence
    assert outcome.sentence in there.read(RUNS)[RUNS]["说明"][-1]
    assert not there.read(PROBLEMS)[PROBLEMS].filter(pl.col("列").str.contains("编号").fill_null(False)).height


def test_a_cell_that_cannot_be_read_is_no_empty_cell() -> None:
    there = book(记录=[{"记录编号": 1.5, "日期": date(2026, 3, 2), "学号": 1e17, "姓名": "李雷", "内容": "甲"}])

    actions.perform("validate", there, CALL)

    assert there.sheets["记录"][1][LOG.names.index("记录编号")] == 1.5
    assert there.sheets["记录"][1][LOG.names.index("学号")] == 1e17


def test_marks_that_have_a_number_are_left_as_they_are_and_those_by_name_get_theirs() -> None:
    there = book(
        考试=[{"考试编号": "期中"}], 成绩=[{"考试编号": "期中", "学号": "0101"}, {"考试编号": "期中", "姓名": "李雷"}]
    )

    actions.perform("validate", there, CALL)

    assert rows(there, SCORES) == [("0101", None, None), ("0102", "李雷", "初一1班")]


def test_problems_of_a_row_that_was_completed_point_at_the_row_as_it_is_then() -> None:
    there = book(评价=[{"月份": "2026-03", "姓名": "李雷", "评价人": "班主任", "纪律": 9.0}])

    actions.perform("validate", there, CALL)

    found = there.read(PROBLEMS)[PROBLEMS].filter(pl.col("工作表") == "评价")["定位"].to_list()
    assert found == ["评价|2026-03|0102|李雷|初一1班|班主任||纪律"]


def _moved() -> FakeBook:
    """李雷 was in 初一1班 until today; every sheet has him there."""
    was = {"学号": "0102", "姓名": "李雷", "班级": "初一1班"}
    there = book(
        档案=[was],
        结对=[
            was | {"类型": "一对一", "教师": "T1", "开始日期": date(2026, 3, 2), "状态": "执行", "结对编号": "JD0001"}
        ],
        记录=[was | {"日期": date(2026, 3, d), "教师": "T1", "类型": "谈心", "内容": f"{d}"} for d in (3, 4, 5)],
        评价=[{"姓名": "李雷", "班级": "初一1班", "月份": "2026-03", "评价人": "班主任", "纪律": 3.0}],
        考试=[{"考试编号": "期中"}],
        成绩=[was | {"考试编号": "期中"}],
    )
    there.sheets["名册"][2][ROSTER.names.index("班级")] = "初一2班"
    return there


def test_a_change_of_class_is_one_hint_a_student_and_takes_nothing_away() -> None:
    there = _moved()

    outcome = actions.perform("validate", there, CALL)

    told = there.read(PROBLEMS)[PROBLEMS].filter(pl.col("学号") == "0102")
    hint = told.filter(pl.col("级别") == "提示")
    assert hint.select("编号", "工作表").rows() == [("V34", "档案")]
    assert "“档案”“结对”“记录”“成绩”“评价”里写着他的 7 行" in hint["问题"][0]
    assert not told.filter(pl.col("级别") == "错误", pl.col("工作表") != "成绩").height
    assert not told.filter(pl.col("编号").is_in(["V50", "V51"])).height
    assert outcome is not None
    assert "1 个提示" in outcome.sentence
    assert {row[2] for table in (FILES, PAIRINGS, LOG, CONDUCT) for row in rows(there, table)} == {"初一1班"}


def test_validation_brings_classes_in_line_after_a_yes_and_keeps_that_of_the_exam() -> None:
    there = _moved()
    asked: list[str] = []

    outcome = actions.perform("validate", there, replace(CALL, agrees=lambda question: not asked.append(question)))

    assert len(asked) == 1
    assert "有 1 名学生换了班" in asked[0]
    tables = (FILES, PAIRINGS, LOG, CONDUCT, SCORES)
    assert {row[2] for table in tables for row in rows(there, table)} == {"初一2班"}
    assert rows(there, CONDUCT)[0][:2] == ("0102", "李雷")
    assert rows(there, SCORES, "考时班级") == [("初一1班",)]
    assert outcome is not None
    assert "7 行的班级改成“名册”里的" in outcome.sentence
    assert not there.read(PROBLEMS)[PROBLEMS].filter(pl.col("编号") == "V34").height


CELL = st.sampled_from(
    [None, "0102", "李雷", "李雷 初一1班 0102", "王小明", "王小明 初一2班", "0102 王小明", "x|y", "9"]
)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    typed=st.lists(st.tuples(CELL, CELL, st.sampled_from([None, "初一1班", "初一2班", "别"])), min_size=1, max_size=5)
)
def test_a_second_action_has_nothing_left_to_complete(typed: list[tuple[str | None, ...]]) -> None:
    there = book(评价=[dict(zip(STUDENT, row, strict=True)) | {"月份": "2026-03"} for row in typed])
    actions.perform("validate", there, AGREED)
    once = [list(row) for row in there.sheets["评价"]]

    again = actions.perform("validate", there, AGREED)

    assert there.sheets["评价"] == once
    assert again is not None
    assert "写全" not in again.sentence


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from tests.support.live_office import office_in

    with office_in(tmp_path_factory.mktemp("office")) as app:
        yield app


def _on_disk(folder: Path) -> Path:
    there = _moved()
    there.sheets["记录"].append(
        row_of(LOG, 日期=date(2026, 3, 9), 学号="王小明 初一2班 0201", 教师="甲一", 类型="谈心", 内容="甲")
    )
    return make(folder / "总表.xlsx", {name: grid for name, grid in there.sheets.items() if len(grid) > 1})


@pytest.mark.office
@pytest.mark.slow
def test_in_the_open_workbook_all_that_was_completed_is_taken_back_by_undo(office: Any, tmp_path: Path) -> None:
    from xlbangfu.book.live.live_book import LiveBook

    opened = office.books.open(_on_disk(tmp_path))
    tables = (FILES, PAIRINGS, LOG, CONDUCT, SCORES)
    before = LiveBook(opened).read(*tables)

    actions.perform("validate", LiveBook(opened, action="validate"), AGREED)
    after = LiveBook(opened).read(*tables)
    undone = actions.perform("undo", LiveBook(opened, action="undo"), AGREED)

    assert after[LOG].select("记录编号", *STUDENT).row(3) == ("JL000004", "0201", "王小明", "初一2班")
    assert after[FILES]["班级"].to_list() == ["初一2班"]
    assert undone is not None
    assert "没有动" not in undone.sentence
    back = LiveBook(opened).read(*tables)
    assert all(back[table].equals(before[table]) for table in tables)
    opened.close()


def test_in_a_closed_file_a_formula_of_the_staff_stays_and_the_rest_is_written(tmp_path: Path) -> None:
    import openpyxl

    path = _on_disk(tmp_path)
    book = openpyxl.load_workbook(path)
    cell = book["记录"].cell(5, LOG.names.index("姓名") + 1)
    cell.value = '=IFERROR(VLOOKUP(C5,名册!A:B,2,0),"")'
    book.save(path)

    actions.perform("validate", ClosedBook(path, action="validate"), CALL)

    after = openpyxl.load_workbook(path)["记录"]
    assert after.cell(5, LOG.names.index("姓名") + 1).value == '=IFERROR(VLOOKUP(C5,名册!A:B,2,0),"")'
    assert after.cell(5, LOG.names.index("学号") + 1).value == "0201"
    assert after.cell(5, LOG.names.index("记录编号") + 1).value == "JL000004"
