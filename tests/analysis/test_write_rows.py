"""Rows from Python go into the workbook as an action writes them, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import polars as pl
import pytest

import xlbangfu
from tests.analysis.small_school import lock, put
from xlbangfu.actions import Call, perform
from xlbangfu.analysis import SchoolBook
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.errors import BadArgument, BookLocked, WriteFailed
from xlbangfu.schema import KEY, ROW, SCORES, state_of


@pytest.fixture
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return put(tmp_path_factory.mktemp("school") / "总表.xlsm")


@pytest.fixture
def book(path: Path) -> SchoolBook:
    return xlbangfu.open_book(path)


def contact(book: SchoolBook, **cells: object) -> pd.DataFrame:
    """A row of 记录 as an analyst would make it: without a number, a name or a class."""
    log = book["记录"]
    return pd.DataFrame(
        [
            {
                "日期": pd.Timestamp("2026-06-15"),
                "学号": log["学号"].iloc[0],
                "教师": log["教师"].iloc[0],
                "类型": "谈心",
                "内容": "复习",
                **cells,
            }
        ]
    )


def emptied(path: Path, rows: pd.Index[int]) -> SchoolBook:
    """The book once these rows of 成绩 have no mark in 语文."""
    closed = ClosedBook(path)
    there = closed.read(SCORES)[SCORES].filter(pl.col(ROW).is_in(rows.to_list()))
    blank = [pl.lit(None, dtype=there.schema[name]).alias(name) for name in ("语文", state_of("语文"))]
    closed.amend(SCORES, there.select(ROW, KEY, *blank))
    closed.save()
    return xlbangfu.open_book(path)


def test_a_new_row_gets_its_number_and_the_name_and_class_of_its_student(book: SchoolBook) -> None:
    outcome = book.write("记录", contact(book))

    row = book["记录"].iloc[-1]
    assert outcome.sentence == "写进“记录”：新增 1 行。"
    assert row[["记录编号", "姓名", "班级"]].notna().all()
    assert row["日期"] == pd.Timestamp("2026-06-15")
    assert book["运行记录"].iloc[-1]["操作"] == "Python写入"


def test_the_same_rows_twice_change_nothing(book: SchoolBook, path: Path) -> None:
    book.write("记录", contact(book))
    before = path.read_bytes()

    assert "没有要写的" in book.write("记录", contact(book)).sentence
    assert path.read_bytes() == before


@pytest.fixture(scope="module")
def read_only(tmp_path_factory: pytest.TempPathFactory) -> SchoolBook:
    return xlbangfu.open_book(put(tmp_path_factory.mktemp("read") / "总表.xlsm"))


@pytest.mark.parametrize("name", ["设置", "科目", "名册", "结对", "记录", "活动"])
def test_a_sheet_that_is_given_back_as_it_was_read_changes_nothing(name: str, read_only: SchoolBook) -> None:
    assert read_only.write(name, read_only[name], dry_run=True).rows == 0


def test_rows_that_say_only_who_is_meant_change_nothing(read_only: SchoolBook) -> None:
    who = read_only["成绩"][["考试编号", "学号"]]

    assert read_only.write("成绩", who, dry_run=True).rows == 0
    assert read_only.write("成绩", who.set_index("学号"), dry_run=True).rows == 0


def test_an_empty_mark_is_filled_a_word_counts_as_one_and_nothing_else_moves(book: SchoolBook, path: Path) -> None:
    whole = book["成绩"]
    empty = whole[whole["语文"].notna()].index[:2]
    book = emptied(path, empty)
    rows = whole.loc[empty, ["考试编号", "学号"]].assign(语文=["缺考", 62.0])

    assert book.write("成绩", rows).sentence == "写进“成绩”：补上 2 格。"
    after = book["成绩"]
    assert after.loc[empty[0], "语文·状态"] == "缺考"
    assert after.loc[empty[1], "语文"] == 62.0
    pd.testing.assert_frame_equal(after.drop(empty), whole.drop(empty))


def test_a_cell_that_says_something_else_is_left_unless_it_is_to_be_overwritten(book: SchoolBook, path: Path) -> None:
    scores = book["成绩"]
    other = scores[scores["语文"].notna()].iloc[:1].assign(语文=lambda rows: rows["语文"] - 1)
    before = path.read_bytes()

    with pytest.raises(BadArgument, match=f"第 {other.index[0]} 行的语文.*overwrite=True"):
        book.write("成绩", other)
    assert path.read_bytes() == before
    assert "改了 1 格" in book.write("成绩", other, overwrite=True).sentence
    assert book["成绩"].loc[other.index[0], "语文"] == other["语文"].iloc[0]


def test_undo_takes_it_back(book: SchoolBook, path: Path) -> None:
    before = book["记录"]
    book.write("记录", contact(book))
    perform("undo", ClosedBook(path, action="undo"), Call.here(agrees=lambda _: True))

    pd.testing.assert_frame_equal(xlbangfu.open_book(path)["记录"], before)


def test_a_dry_run_says_what_would_be_written_and_writes_nothing(book: SchoolBook, path: Path) -> None:
    before = path.read_bytes()

    assert book.write("记录", contact(book), dry_run=True).sentence == "还没有写，会写进“记录”：新增 1 行。"
    assert path.read_bytes() == before


REFUSED: dict[str, tuple[str, Callable[[SchoolBook], pd.DataFrame], str]] = {
    "a sheet of the program": ("排名", lambda book: book["排名"], "由程序自己写"),
    "a secret": ("口令", lambda book: pd.DataFrame({"班级": ["1班"], "口令": ["abcdef"]}), "不能从 Python 写"),
    "a column that is none": ("记录", lambda book: contact(book, 备忘="?"), "没有列“备忘”"),
    "a subject that is none": ("成绩", lambda book: book["成绩"].iloc[:1].assign(书法=90.0), "没有“书法”"),
    "a word for a mark": ("成绩", lambda book: book["成绩"].iloc[:1].assign(语文="很好"), "第 0 行“语文”很好不是分数"),
    "a mark above the full mark": ("成绩", lambda book: book["成绩"].iloc[:1].assign(语文=980.0), "校验会多出错误"),
    "a number without end": ("成绩", lambda book: book["成绩"].iloc[:1].assign(语文=float("inf")), "不是分数"),
    "nobody": ("记录", lambda book: contact(book, 学号="9999"), "名册里没有学号"),
    "no student": ("记录", lambda book: contact(book).drop(columns="学号"), "没有写是哪个学生"),
    "a key that has lost digits": ("记录", lambda book: contact(book, 学号=1e17), "学号"),
    "no day": ("记录", lambda book: contact(book, 日期="上周"), "第 0 行“日期”上周不是日期"),
    "one record twice": (
        "名册",
        lambda book: pd.concat([book["名册"].iloc[:1], book["名册"].iloc[:1].assign(姓名="甲")]),
        "同一条",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_whole(case: str, book: SchoolBook, path: Path) -> None:
    name, rows, sentence = REFUSED[case]
    rows_given, before = rows(book), path.read_bytes()

    with pytest.raises(BadArgument, match=sentence):
        book.write(name, rows_given, overwrite=True)
    assert path.read_bytes() == before


def test_one_bad_row_keeps_the_good_ones_out(book: SchoolBook, path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(BadArgument):
        book.write("记录", pd.concat([contact(book), contact(book, 学号="9999")]))
    assert path.read_bytes() == before


def test_a_workbook_that_is_open_or_was_changed_since_is_not_written(book: SchoolBook, path: Path) -> None:
    rows, owner = contact(book), lock(path)
    with pytest.raises(BookLocked):
        book.write("记录", rows)
    owner.unlink()

    book["记录"]
    xlbangfu.open_book(path).write("记录", rows)
    with pytest.raises(WriteFailed):
        book.write("记录", rows.assign(内容="另一次"))
