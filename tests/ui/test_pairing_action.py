"""结对建议 and 采纳结对 as staff meet them: on a workbook in memory, and on a real closed one by the command line."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from msgspec.structs import replace

from tests.support.fake_book import FakeBook
from xlbangfu import sample
from xlbangfu.actions import Call, pair_students
from xlbangfu.book import template
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.cli import main
from xlbangfu.errors import BadArgument
from xlbangfu.schema import CLASSES, INPUTS, LOG, PAIRINGS, PROBLEMS, PROPOSALS, RUNS, SCORES, TEACHERS, Table

CALL = Call(user="王老师", now=datetime(2026, 6, 30, 10, 20), agrees=lambda _: True)
SHEETS: dict[str, list[list[Any]]] = {
    "教师": [
        ["工号", "姓名", "角色", "任教科目", "任教班级", "帮扶上限", "在岗"],
        ["T1", "甲一", "班主任、任课教师", "语文", "1班", 1.0, "是"],
        ["T2", "乙二", "行政", "", "", "", "是"],
    ],
    "班级": [["班级", "年级", "班主任", "包班行政"], ["1班", "初一", "T1 甲一", ""]],
    "名册": [
        ["学号", "姓名", "班级", "在籍状态", "帮扶类别", "困难类型", "困难学科", "留守", "列入日期"],
        ["01", "王一", "1班", "在读", "学困", "学习", "语文", "", datetime(2026, 3, 1)],
        ["02", "李二", "1班", "在读", "学困", "学习", "语文", "", datetime(2026, 3, 1)],
    ],
    "科目": [
        ["年级", "科目", "满分", "优秀线", "及格线", "低分线", "计入总分"],
        ["", "语文", 100.0, 85.0, 60.0, 40.0, "是"],
    ],
}


class Watched(FakeBook):
    """It remembers which sheets were read."""

    def __init__(self) -> None:
        super().__init__(SHEETS)
        self.asked: set[Table] = set()

    def read(self, *tables: Table) -> Any:
        self.asked |= set(tables)
        return super().read(*tables)


def tick(book: FakeBook, *numbers: int, sign: str = "√") -> None:
    """Tick rows of 结对建议, counted from 1."""
    for number in numbers:
        book.sheets["结对建议"][number][PROPOSALS.names.index("采纳")] = sign


def proposals(book: FakeBook) -> list[tuple[Any, ...]]:
    return book.read(PROPOSALS)[PROPOSALS].select("学号", "类型", "教师", "采纳").rows()


def test_proposals_go_to_their_sheet_and_no_input_sheet_is_touched() -> None:
    book = FakeBook(SHEETS)
    before = book.read(*INPUTS)

    outcome = pair_students.pair(book, CALL)

    assert proposals(book) == [
        ("01", "一对一", "T1 甲一", None),
        ("02", "一对一", "T2 乙二", None),
        (None, "包班", "T2 乙二", None),
    ]
    assert "一对一 2、包班 1" in outcome.sentence
    assert any("全部采纳后最少 1、居中 1、最多 1" in line for line in outcome.details)
    assert all(book.read(table)[table].equals(before[table]) for table in INPUTS)


def test_a_tick_survives_another_proposal_round() -> None:
    book = FakeBook(SHEETS)
    pair_students.pair(book, CALL)
    tick(book, 2)

    pair_students.pair(book, CALL)

    assert [row[3] for row in proposals(book)] == [None, "√", None]


def test_a_tick_is_for_that_teacher_and_not_for_the_next_one() -> None:
    book = FakeBook(SHEETS)
    pair_students.pair(book, CALL)
    tick(book, 1)
    book.sheets["教师"][1][-1] = "否"

    pair_students.pair(book, CALL)

    assert proposals(book)[0] == ("01", "一对一", "T2 乙二", None)


def test_accepting_appends_what_is_ticked_and_asks_with_the_count() -> None:
    book = FakeBook(SHEETS)
    pair_students.pair(book, CALL)
    tick(book, 1, 3)
    asked: list[str] = []

    outcome = pair_students.pair_accept(book, replace(CALL, agrees=lambda question: not asked.append(question)))

    assert outcome is not None
    assert asked == ["要把 2 行写进“结对”吗（一对一 1、包班 1），并填上 1 个班的“包班行政”？"]
    rows = book.read(PAIRINGS)[PAIRINGS].select("结对编号", "学号", "班级", "类型", "教师", "状态").rows()
    assert rows == [
        ("JD0001", "01", "1班", "一对一", "T1 甲一", "执行"),
        ("JD0002", None, "1班", "包班", "T2 乙二", "执行"),
    ]
    assert book.read(CLASSES)[CLASSES]["包班行政"].to_list() == ["T2 乙二"]
    assert proposals(book) == [("02", "一对一", "T2 乙二", None)]
    assert book.front_page["控制台_一对一结对"] == "1"


def test_accepting_takes_away_the_complaint_of_those_who_are_paired_now() -> None:
    book = FakeBook(SHEETS)
    pair_students.pair(book, CALL)
    tick(book, 1)

    pair_students.pair_accept(book, CALL)

    found = book.read(PROBLEMS)[PROBLEMS]
    assert [who for who, check in found.select("学号", "编号").iter_rows() if check == "V51"] == ["02"]


def test_accepting_twice_changes_nothing() -> None:
    book = FakeBook(SHEETS)
    pair_students.pair(book, CALL)
    tick(book, 1, 2, 3)
    pair_students.pair_accept(book, CALL)
    before = {name: [list(row) for row in grid] for name, grid in book.sheets.items()}

    with pytest.raises(BadArgument, match="没有打 √"):
        pair_students.pair_accept(book, CALL)

    assert book.sheets == before
    assert pair_students.pair(book, CALL).sentence == "该结对的都已经结对，没有新的建议。"


def test_who_says_no_changes_nothing() -> None:
    book = FakeBook(SHEETS)
    pair_students.pair(book, CALL)
    tick(book, 1)
    before = {name: [list(row) for row in grid] for name, grid in book.sheets.items()}

    assert pair_students.pair_accept(book, replace(CALL, agrees=lambda _: False)) is None
    assert book.sheets == before


def test_what_no_longer_holds_stays_and_is_named_by_key() -> None:
    book = FakeBook(SHEETS)
    pair_students.pair(book, CALL)
    tick(book, 1, 2, sign="是")
    book.sheets["名册"][1][3] = "转出"

    outcome = pair_students.pair_accept(book, CALL)

    assert outcome is not None
    assert outcome.details == ("01 一对一：学生已不在读",)
    assert "1 行写进“结对”" in outcome.sentence
    assert [row[:3] for row in proposals(book)] == [("01", "一对一", "T1 甲一"), (None, "包班", "T2 乙二")]
    said = book.read(RUNS)[RUNS]["说明"][-1]
    assert "JD0001" in said
    assert "王一" not in said and "李二" not in said


def test_accepting_reads_no_marks_and_no_log() -> None:
    book = Watched()
    pair_students.pair(book, CALL)
    tick(book, 1)
    book.asked.clear()

    pair_students.pair_accept(book, CALL)

    assert not book.asked & {SCORES, LOG}


def test_a_row_in_error_is_not_used() -> None:
    book = FakeBook(SHEETS)
    book.sheets["名册"][2][0] = 2.5  # no key: the row cannot be used

    pair_students.pair(book, CALL)

    assert [row[0] for row in proposals(book)] == ["01", None]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real master of a school in which half of the pairings have not been made yet."""
    path = tmp_path_factory.mktemp("pair") / "帮扶总表.xlsm"
    frames = dict(sample.make(students=120, classes=4, exams=3, logs=50).frames)
    frames[PAIRINGS] = frames[PAIRINGS].gather_every(2)
    frames[CLASSES] = frames[CLASSES].with_columns(frames[CLASSES]["包班行政"].scatter([0, 1], None))
    template.build(path, frames=frames, created=datetime(2026, 6, 30))
    return path


def test_the_command_proposes_and_accepts_on_a_closed_workbook(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = ClosedBook(made).read(PAIRINGS, TEACHERS)

    assert main(["pair", str(made)]) == 0
    assert "再点“采纳结对”" in capsys.readouterr().out
    book = ClosedBook(made)
    sheet = book.read(PROPOSALS)[PROPOSALS]
    _tick_all(made)
    assert main(["pair", str(made), "--accept", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["done"] is False
    assert main(["pair", str(made), "--accept", "--yes"]) == 0

    after = ClosedBook(made).read(PAIRINGS, PROPOSALS)
    filled = sheet.filter(sheet["教师"].is_not_null() | sheet["学习帮手"].is_not_null()).height
    assert filled > 5
    assert after[PAIRINGS].height == before[PAIRINGS].height + filled
    assert after[PAIRINGS]["结对编号"].n_unique() == after[PAIRINGS].height
    assert after[PROPOSALS].height == sheet.height - filled
    assert main(["pair", str(made), "--accept", "--yes"]) == 2
    assert main(["validate", str(made)]) == 0
    assert main(["pair", str(made)]) == 0
    again = ClosedBook(made).read(PROPOSALS)[PROPOSALS]
    assert not (again["教师"].is_not_null() | again["学习帮手"].is_not_null()).any()


def _tick_all(path: Path) -> None:
    """√ in every row that proposes someone, as staff would type it: the sheet is rewritten with it."""
    book = ClosedBook(path)
    sheet = book.read(PROPOSALS)[PROPOSALS]
    offered = sheet["教师"].is_not_null() | sheet["学习帮手"].is_not_null()
    keys = list(PROPOSALS.keys)
    book.amend(PROPOSALS, sheet.filter(offered).select(keys).with_columns(采纳=pl.lit("√")))
    book.save()


def _with_a_teacher_gone(**more: Any) -> FakeBook:
    """T1 has left and had 01; nobody else has anyone."""
    book = FakeBook(SHEETS)
    book.sheets["教师"][1][-1] = "否"
    row = {"学号": "01", "类型": "一对一", "教师": "甲一", "开始日期": datetime(2026, 3, 2), "状态": "执行", **more}
    book.sheets["结对"].append([row.get(name, "") for name in PAIRINGS.names])
    return book


def test_a_teacher_who_has_left_gets_a_successor_whose_acceptance_ends_the_old_row() -> None:
    book = _with_a_teacher_gone()
    pair_students.pair(book, CALL)
    first = book.read(PROPOSALS)[PROPOSALS].row(0, named=True)
    tick(book, 1)

    outcome = pair_students.pair_accept(book, CALL)

    assert (first["学号"], first["教师"]) == ("01", "T2 乙二")
    assert first["理由"].startswith("接替 甲一（已不在岗）；")
    assert outcome is not None
    assert "原来的 1 行改成结束" in outcome.sentence
    rows = book.read(PAIRINGS)[PAIRINGS].select("结对编号", "学号", "教师", "状态", "开始日期", "结束日期").rows()
    day = CALL.today
    assert rows == [
        ("JD0001", "01", "甲一", "结束", datetime(2026, 3, 2).date(), day),
        ("JD0002", "01", "T2 乙二", "执行", day, None),
    ]
    assert not book.read(PROBLEMS)[PROBLEMS].filter(pl.col("编号") == "V56").height


def test_a_locked_pairing_of_a_teacher_who_has_left_is_left_alone() -> None:
    book = _with_a_teacher_gone(锁定="是")

    pair_students.pair(book, CALL)

    assert ("01", "一对一") not in [row[:2] for row in proposals(book)]


def test_a_class_whose_patron_has_left_gets_another_in_its_cell() -> None:
    book = FakeBook(SHEETS)
    book.sheets["教师"].append(["T3", "丙三", "行政", "", "", "", "否"])
    book.sheets["班级"][1][-1] = "丙三"
    pair_students.pair(book, CALL)
    place, row = next((n, row) for n, row in enumerate(proposals(book), start=1) if row[1] == "包班")
    why = book.read(PROPOSALS)[PROPOSALS]["理由"][place - 1]
    tick(book, place)

    pair_students.pair_accept(book, CALL)

    assert row[2] == "T2 乙二"
    assert why.startswith("接替 丙三（已不在岗）；")
    assert "还没有包班行政" not in why
    assert book.read(CLASSES)[CLASSES]["包班行政"].to_list() == ["T2 乙二"]
