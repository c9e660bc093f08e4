"""pandas at the door: what an analyst is given of a workbook, as what, and what not (DOMAIN, Privacy)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import xlbangfu
from tests.analysis.small_school import SECRET, SENSITIVE, lock, put
from tests.support.workbooks_made import make
from xlbangfu.actions import Call, perform
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.errors import BadArgument, BookLocked, NotAWorkbook, WrongWorkbook
from xlbangfu.schema import BY_NAME, SCORES, subjects_in

ASKED_BY_NAME = ("档案", "名册", "记录")


@pytest.fixture
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return put(tmp_path_factory.mktemp("school") / "总表.xlsm")


@pytest.fixture(scope="module")
def read_only(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return put(tmp_path_factory.mktemp("read") / "总表.xlsm")


def says(frame: pd.DataFrame, word: str) -> bool:
    return word in frame.to_csv()


def test_one_line_gives_the_marks_with_zeros_kept_and_a_word_beside_each_number(read_only: Path) -> None:
    scores = xlbangfu.open_book(read_only)["成绩"]

    assert scores["学号"].str.startswith("0").all()
    assert scores["语文"].dtype == "float64"
    assert set(scores["语文·状态"].cat.categories) == {"缺考", "免考"}
    assert scores.loc[scores["语文·状态"].notna(), "语文"].isna().all()


def test_every_sheet_has_the_records_of_the_workbook_in_the_dtypes_that_are_told(read_only: Path) -> None:
    book, closed = xlbangfu.open_book(read_only), ClosedBook(read_only)

    for name in book:
        frame, told = book[name], book.columns(name)
        there = closed.read(BY_NAME[name])[BY_NAME[name]]
        assert frame.index.to_list() == there["_row"].to_list(), name
        kinds = {column: str(dtype) for column, dtype in frame.dtypes.items() if column in told.index}
        assert kinds == told.loc[list(kinds), "类型"].to_dict(), name
        assert [column for column in frame.columns if column not in told.index] == [
            column for one in (subjects_in(there) if name == SCORES.name else []) for column in (one, f"{one}·状态")
        ]


def test_the_sheets_are_listed_without_those_that_are_asked_for_by_name_or_never_given(read_only: Path) -> None:
    book = xlbangfu.open_book(read_only)

    assert list(book) == list(book.tables) == book.overview.index.to_list()
    assert "成绩" in book
    assert {"口令", "档案", "导入核对"}.isdisjoint(book)
    assert {"控制台", "学校一页"}.isdisjoint(book)


def test_nothing_sensitive_is_given_to_who_does_not_ask_for_it(path: Path) -> None:
    perform(
        "validate", ClosedBook(path, action="validate"), Call(user="甲", now=pd.Timestamp("2026-06-30").to_pydatetime())
    )
    book = xlbangfu.open_book(path)

    assert [name for name in book if says(book[name], SENSITIVE) or says(book[name], SECRET)] == []
    assert not says(book.unread, SENSITIVE)
    with pytest.raises(BadArgument, match=r"sensitive=True"):
        book["档案"]


def test_a_counselling_shows_that_it_took_place(read_only: Path) -> None:
    log = xlbangfu.open_book(read_only)["记录"]
    counselled = log[log["类型"] == "心理咨询"]

    assert len(counselled) > 0
    assert counselled["日期"].notna().all()
    assert counselled["内容"].isna().all()
    assert log.loc[log["类型"] != "心理咨询", "内容"].notna().all()


@pytest.mark.parametrize("name", ASKED_BY_NAME)
def test_what_is_asked_for_by_name_is_given_and_the_reading_stands_in_the_ledger(path: Path, name: str) -> None:
    book = xlbangfu.open_book(path)
    before = book["运行记录"]

    given = book.read(name, sensitive=True)
    book.read(name, sensitive=True)

    noted = book["运行记录"].iloc[len(before) :]
    assert says(given, SENSITIVE)
    assert noted["操作"].to_list() == ["读敏感资料"]
    assert noted["行数"].to_list() == [len(given)]
    assert name in noted["说明"].iloc[0]
    assert not says(noted, SENSITIVE)


def test_a_sheet_with_nothing_sensitive_is_read_without_a_note(path: Path) -> None:
    before = path.read_bytes()

    xlbangfu.open_book(path).read("科目", sensitive=True)

    assert path.read_bytes() == before


def test_what_could_not_be_noted_is_not_given(path: Path) -> None:
    book = xlbangfu.open_book(path)
    lock(path)

    with pytest.raises(BookLocked):
        book.read("档案", sensitive=True)
    assert len(book["成绩"]) > 0


def test_secrets_are_given_to_nobody(path: Path) -> None:
    book = xlbangfu.open_book(path)

    for name in BY_NAME:
        if name not in ("口令", "控制台"):
            assert not says(book.read(name, sensitive=True), SECRET), name
            assert {"口令", "密钥"}.isdisjoint(book.columns(name).index), name
    with pytest.raises(BadArgument, match="口令"):
        book.read("口令", sensitive=True)


def test_changing_a_frame_changes_neither_the_workbook_nor_the_next_frame(path: Path) -> None:
    book, before = xlbangfu.open_book(path), path.read_bytes()
    scores = book["成绩"]
    scores["语文"] = 0.0

    assert book["成绩"]["语文"].max() > 0
    assert path.read_bytes() == before


@pytest.mark.filterwarnings("ignore:.*读不出来")
def test_a_cell_that_cannot_be_read_is_missing_and_told_of(tmp_path: Path) -> None:
    sheets = {
        "名册": [["学号", "姓名", "列入日期"], ["0012", "甲", "上个月"]],
        "档案": [["学号", "同意日期"], ["0012", "去年"]],
    }
    book = xlbangfu.open_book(make(tmp_path / "总表.xlsx", sheets))

    with pytest.warns(UserWarning, match="“名册”有 1 格读不出来"):
        roster = book["名册"]
    assert pd.isna(roster.loc[2, "列入日期"])
    assert book.unread[["工作表", "行", "列", "原值"]].to_numpy().tolist() == [["名册", 2, "列入日期", "上个月"]]


def test_what_is_no_master_is_refused_in_one_sentence(tmp_path: Path) -> None:
    import openpyxl

    (tmp_path / "字.xlsx").write_text("字", encoding="utf-8")
    openpyxl.Workbook().save(tmp_path / "别的.xlsx")

    with pytest.raises(NotAWorkbook):
        xlbangfu.open_book(tmp_path / "字.xlsx")
    with pytest.raises(WrongWorkbook):
        xlbangfu.open_book(tmp_path / "别的.xlsx")


def test_a_sheet_that_is_not_there_is_named_with_those_that_are(read_only: Path) -> None:
    with pytest.raises(BadArgument, match="没有工作表“分数”；有的是：设置"):
        xlbangfu.open_book(read_only)["分数"]


def test_what_opens_books_imports_neither_pandas_nor_polars_before_it_is_called() -> None:
    code = "import sys, xlbangfu; xlbangfu.open_book; sys.exit(bool({'pandas', 'polars', 'typing'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-S", "-c", code], check=False).returncode == 0
