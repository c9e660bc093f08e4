"""Screening as staff do it: look at 排查, tick, accept; 名册 changes for the ticked rows only."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from msgspec.structs import replace

from tests.support.fake_book import FakeBook
from xlbangfu.actions import Call, screen_students
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.cli import main
from xlbangfu.errors import BadArgument
from xlbangfu.rules.screening_acceptance import accept
from xlbangfu.rules.ticks import ticked
from xlbangfu.schema import DEFECTS, FILES, ROSTER, ROW, RUNS, SCREENING, Table

TODAY = date(2026, 5, 20)
CALL = Call(user="王老师", now=datetime(2026, 5, 20, 9), agrees=lambda _: True)
ROLL = ["学号", "姓名", "班级", "在籍状态", "帮扶类别", "困难类型", "重点", "困难学科", "成因", "列入日期", "退出日期"]


def fifty() -> FakeBook:
    """Fifty students of 初一1班 in two exams; 01 to 04 are below 8 %, 20 and 21 are tracked and doing fine."""
    numbers = [f"{number:02d}" for number in range(1, 51)]
    roll: dict[str, list[Any]] = {
        number: [number, f"生{number}", "初一1班", "在读", *[""] * len(ROLL[4:])] for number in numbers
    }
    for number in ("20", "21"):
        roll[number][4:6], roll[number][9] = ["学困", "学习"], date(2025, 9, 1)
    roll["03"][6:9] = ["是", "英语", "贪玩"]
    marks = [[exam, number, 50 + int(number) / 2] for exam in ("期初", "期中") for number in numbers]
    return FakeBook(
        {
            "教师": [
                ["工号", "姓名", "角色", "在岗", "任教班级", "邮箱"],
                ["T1", "甲一", "班主任", "是", "初一1班", "a@b.cn"],
            ],
            "班级": [["班级", "年级", "班主任"], ["初一1班", "初一", "T1"]],
            "科目": [
                ["年级", "科目", "满分", "优秀线", "及格线", "低分线", "计入总分"],
                ["", "语文", 100.0, 85.0, 60.0, 40.0, "是"],
            ],
            "名册": [ROLL, *roll.values()],
            "档案": [
                ["学号", "姓名", "班级", "备注"],
                ["04", "", "", "早有一份"],
                ["20", "", "", ""],
                ["21", "", "", ""],
            ],
            "考试": [
                ["考试编号", "名称", "日期", "学期", "类型"],
                ["期初", "期初", date(2025, 11, 10), "2025-2026上", "期中"],
                ["期中", "期中", date(2026, 4, 10), "2025-2026下", "期中"],
            ],
            "成绩": [["考试编号", "学号", "语文"], *marks],
            "设置": [["项目", "值"], ["边缘区间", "0"]],
        }
    )


def tick(book: FakeBook, *numbers: str, sign: str = "√", note: str = "") -> None:
    grid = book.sheets["排查"]
    for row in grid[1:]:
        if row[0] in numbers:
            row[grid[0].index("采纳")], row[grid[0].index("备注")] = sign, note


def read(book: FakeBook | ClosedBook, table: Table) -> pl.DataFrame:
    return book.read(table)[table]


def student(book: FakeBook, number: str) -> dict[str, Any]:
    return read(book, ROSTER).filter(pl.col("学号") == number).select(ROLL).row(0, named=True)


def screened(*numbers: str, **more: str) -> FakeBook:
    book = fifty()
    screen_students.screen(book, CALL)
    tick(book, *numbers, **more)
    return book


def test_screening_fills_its_sheet_and_leaves_the_roll_alone() -> None:
    book = fifty()
    before = [list(row) for row in book.sheets["名册"]]

    outcome = screen_students.screen(book, CALL)

    assert book.sheets["名册"] == before
    assert read(book, SCREENING).select("学号", "变化").rows()[:4] == [(f"0{n}", "新增") for n in range(1, 5)]
    assert outcome.sentence.startswith("排查建议：新增 4 名（学困 4），其中重点 2 名，可退出 2 名")
    assert "采纳" in outcome.next_step


def test_only_ticked_rows_are_taken_and_only_tracking_columns_are_written() -> None:
    book = screened("01", "04", "20")
    before = read(book, ROSTER).select(ROLL)

    screen_students.screen_accept(book, CALL)

    after = read(book, ROSTER).select(ROLL)
    assert student(book, "01") | {"姓名": ""} == {
        "学号": "01", "姓名": "", "班级": "初一1班", "在籍状态": "在读", "帮扶类别": "学困", "困难类型": "学习",
        "重点": "是", "困难学科": "语文", "成因": None, "列入日期": TODAY, "退出日期": None,
    }  # fmt: skip
    assert student(book, "20")["退出日期"] == TODAY
    changed = pl.col("学号").is_in(["01", "04", "20"])
    assert after.filter(~changed).equals(before.filter(~changed))


def test_a_new_student_without_a_file_gets_an_empty_one() -> None:
    book = screened("01", "04")

    screen_students.screen_accept(book, CALL)

    assert read(book, FILES)["学号"].to_list() == ["04", "20", "21", "01"]


def test_what_staff_filled_in_otherwise_stays_and_is_said() -> None:
    book = screened("03")

    outcome = screen_students.screen_accept(book, CALL)

    assert outcome is not None
    assert [student(book, "03")[name] for name in ("重点", "困难学科", "成因")] == ["是", "英语", "贪玩"]
    assert outcome.details == (
        "名册里已填的重点与建议不同，没有改：学号 03。",
        "名册里已填的困难学科与建议不同，没有改：学号 03。",
    )


def test_the_count_is_put_to_staff_and_no_means_no() -> None:
    book, asked = screened("01", "20"), []
    before = [list(row) for row in book.sheets["名册"]]

    def no(question: str) -> bool:
        asked.append(question)
        return False

    assert screen_students.screen_accept(book, replace(CALL, agrees=no)) is None
    assert asked == [
        "列入：01 生01\n退出：20 生20\n\n把 1 名学生列入（学困 1）、1 名退出、1 名各建一行空档案，要写进名册吗？"
    ]
    assert book.sheets["名册"] == before


def test_accepting_twice_changes_nothing() -> None:
    book = screened("01", "02", "20")
    screen_students.screen_accept(book, CALL)
    before = {name: [list(row) for row in book.sheets[name]] for name in ("名册", "档案")}

    with pytest.raises(BadArgument, match="没有打 √ 的行"):
        screen_students.screen_accept(book, CALL)

    assert {name: book.sheets[name] for name in before} == before


def test_a_tick_is_for_its_proposal_and_a_note_for_the_student() -> None:
    """20 is ticked as one who may leave; he fails an exam before anyone accepts: he stays, and so does the note."""
    book = screened("20", note="家长谈过")
    book.sheets["成绩"][1 + 50 + 19][2] = 1

    screen_students.screen(book, CALL)

    row = read(book, SCREENING).filter(pl.col("学号") == "20").row(0, named=True)
    assert (row["变化"], row["采纳"], row["备注"]) == ("保留", None, "家长谈过")


def test_a_proposal_that_holds_no_more_is_left_and_named() -> None:
    book = screened("01", "20", "21")
    book.sheets["成绩"][1 + 50 + 19][2] = 1
    book.sheets["名册"] = [row for row in book.sheets["名册"] if row[0] != "01"]

    outcome = screen_students.screen_accept(book, CALL)

    assert outcome is not None
    assert outcome.details == (
        "没有采纳（名册里没有这个学号）：学号 01。",
        "没有采纳（情况有变，请看新的一行）：学号 20。",
    )
    assert student(book, "20")["退出日期"] is None
    assert student(book, "21")["退出日期"] == TODAY


def test_the_ledger_says_who_accepted_how_many_and_whom_by_number_only() -> None:
    book = screened("01", "20")

    screen_students.screen_accept(book, CALL)

    row = read(book, RUNS).row(-1, named=True)
    assert (row["操作"], row["操作人"], row["行数"]) == ("采纳排查", "王老师", 2)
    assert row["说明"].endswith("列入 01；退出 20")
    assert "生" not in row["说明"].replace("学生", "")


def test_a_student_who_comes_back_to_the_list_is_on_it_from_today() -> None:
    book = fifty()
    book.sheets["名册"][1][4:11] = ["学困", "行为规范", "", "", "", date(2025, 3, 1), date(2025, 7, 1)]
    screen_students.screen(book, CALL)
    tick(book, "01")

    screen_students.screen_accept(book, CALL)

    found = student(book, "01")
    assert [found[name] for name in ("困难类型", "列入日期", "退出日期")] == ["学习", TODAY, None]


def test_a_date_that_staff_set_beforehand_stays() -> None:
    book = fifty()
    book.sheets["名册"][1][9] = date(2026, 3, 1)
    book.sheets["名册"][2][9] = "三月初"
    screen_students.screen(book, CALL)
    tick(book, "01", "02")

    screen_students.screen_accept(book, CALL)

    assert [row[9] for row in book.sheets["名册"][1:3]] == [date(2026, 3, 1), "三月初"]


def test_who_stays_has_only_what_is_empty_filled_in() -> None:
    proposals = _proposals(("01", "保留", "学困", "双重", "是", "语文"), ("02", "保留", "学困", "学习", "否", "语文"))
    roster = _roster(("01", "学困", "学习", None, None), ("02", "学困", "学习", "否", "语文"))

    decided = accept(
        proposals, proposals, {ROSTER: roster, FILES: FILES.empty(), DEFECTS: DEFECTS.empty()}, today=TODAY
    )

    assert [frame.rows() for frame in decided.amends] == [[("01", "是")], [("01", "语文")]]
    assert (decided.filled.to_list(), decided.rows) == (["01"], 1)
    assert decided.kept.rows() == [("01", "困难类型")]


def _proposals(*rows: tuple[str, ...]) -> pl.DataFrame:
    names = ("学号", "变化", "建议类别", "困难类型", "重点", "困难学科")
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


def _roster(*rows: tuple[str | None, ...]) -> pl.DataFrame:
    names = ("学号", "帮扶类别", "困难类型", "重点", "困难学科")
    typed = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    return pl.concat([ROSTER.empty(), typed], how="diagonal").with_row_index(ROW, offset=2).cast({ROW: pl.Int64})


@pytest.mark.parametrize("sign", ["√", " ✓", "✔", "v", "Ｖ", "是", "对", "1", "YES"])
def test_a_tick_may_be_written_as_people_write_it(sign: str) -> None:
    assert ticked(pl.DataFrame({"采纳": [sign]}), SCREENING).height == 1


@pytest.mark.parametrize("sign", [None, "", " ", "否", "×", "0", "Ｎ"])
def test_a_no_is_no_tick(sign: str | None) -> None:
    assert ticked(pl.DataFrame({"采纳": [sign]}, schema={"采纳": pl.String}), SCREENING).height == 0


@pytest.mark.parametrize("sign", ["同意", "待定", "？", "2"])
def test_what_may_mean_either_is_asked_about_and_nothing_is_accepted(sign: str) -> None:
    sheet = pl.DataFrame({ROW: [7], "采纳": [sign]})

    with pytest.raises(BadArgument, match=r"“排查”第 7 行的“采纳”写的是“.*”.*同意的写 √"):
        ticked(sheet, SCREENING)


def test_on_a_real_workbook_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "总表.xlsm"
    sizes = ["--students", "120", "--classes", "4", "--exams", "3", "--logs", "50"]
    assert main(["new", str(path), "--sample", *sizes]) == 0
    assert main(["screen", str(path)]) == 0
    found = read(ClosedBook(path), SCREENING).filter(pl.col("变化") == "新增", pl.col("建议类别") == "学困").head(5)
    book = ClosedBook(path)
    book.amend(SCREENING, found.select(*SCREENING.keys, 采纳=pl.lit("√")))
    book.save()

    assert main(["screen", str(path), "--accept"]) == 1  # nobody is there to agree
    assert main(["screen", str(path), "--accept", "--yes"]) == 0
    said = capsys.readouterr().out

    assert f"名册写好：{found.height} 名学生列入（学困 {found.height}）" in said.replace("已", "") and found.height
    roll = read(ClosedBook(path), ROSTER).filter(pl.col("学号").is_in(found["学号"].implode()))
    assert roll["帮扶类别"].to_list() == ["学困"] * found.height
    assert set(found["学号"]) <= set(read(ClosedBook(path), FILES)["学号"])
    again = read(ClosedBook(path), SCREENING).filter(pl.col("学号").is_in(found["学号"].implode()))
    assert (again["变化"].unique().to_list(), again["采纳"].null_count()) == (["保留"], found.height)


def test_a_student_who_cannot_be_told_yet_is_listed_when_he_is_ticked() -> None:
    """05 sat one of the two exams and was at the bottom of it; the sheet says 待定."""
    book = fifty()
    grid = book.sheets["成绩"]
    grid[:] = [row for row in grid if row[:2] != ["期中", "05"]]
    next(row for row in grid if row[:2] == ["期初", "05"])[2] = 10

    outcome = screen_students.screen(book, CALL)
    tick(book, "05")
    screen_students.screen_accept(book, CALL)

    assert "待定 1 名" in outcome.sentence
    assert (student(book, "05")["帮扶类别"], student(book, "05")["列入日期"]) == ("学困", TODAY)


def ticks(book: FakeBook) -> dict[tuple[str, str], str | None]:
    rows = read(book, SCREENING).select("学号", "变化", "采纳").rows()
    return {(number, change): tick for number, change, tick in rows}


def test_all_new_ones_are_ticked_at_once_and_nothing_else() -> None:
    book = fifty()
    screen_students.screen(book, CALL)
    before = [list(row) for row in book.sheets["名册"]]

    outcome = screen_students.screen_tick(book, CALL)

    found = ticks(book)
    assert {change for _, change in found} >= {"新增", "可退出"}
    assert all((tick == "√") is (change == "新增") for (_, change), tick in found.items())
    assert book.sheets["名册"] == before
    assert outcome.sentence.startswith("给 4 名“新增”打了 √")
    assert "采纳排查" in outcome.next_step


def test_a_no_of_the_staffs_is_not_ticked_over() -> None:
    book = screened("02", sign="否", note="家里有事")

    outcome = screen_students.screen_tick(book, CALL)

    assert ticks(book)["02", "新增"] == "否"
    assert read(book, SCREENING).filter(pl.col("学号") == "02")["备注"].to_list() == ["家里有事"]
    assert outcome.sentence.startswith("给 3 名“新增”打了 √；另 1 名您已经填过，没有动")
    assert screen_students.screen_tick(book, CALL).sentence.startswith("“新增”都打过了")


def test_where_nobody_is_new_there_is_nothing_to_tick() -> None:
    with pytest.raises(BadArgument, match="待定、可退出的请一行一行看过"):
        screen_students.screen_tick(fifty(), CALL)
