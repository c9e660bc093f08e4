"""A grid of cells becomes a typed frame, and what was wrong with it becomes rows."""

from __future__ import annotations

from datetime import date, datetime, time

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.rows import row_of
from xlbangfu.book.reading import cells
from xlbangfu.book.reading.frames import CellIssues, Sheet, to_frame
from xlbangfu.ooxml.addresses import column_index, letters
from xlbangfu.schema import (
    CALENDAR,
    CONDUCT,
    EXAMS,
    KEY,
    LOG,
    PASSWORDS,
    ROSTER,
    ROW,
    SCORES,
    SETTINGS,
    SUBJECTS,
    Defect,
    Table,
)

HEAD = SCORES.names


def read(table: Table, *rows: list[object], trouble: CellIssues | None = None) -> Sheet:
    return to_frame(table, rows, trouble)


def said(sheet: Sheet) -> list[tuple[object, ...]]:
    return sheet.defects.select("_row", "列", "原值", "缺陷").rows()


def cell(table: Table, column: str, value: object) -> tuple[object, list[str]]:
    """What one cell reads as, and what is said of it."""
    sheet = read(table, [table.keys[0] if column != table.keys[0] else "说明", column], ["x", value])
    about = sheet.defects.filter(pl.col("列") == column, pl.col("_row") == 2)
    return sheet.frame[column].to_list()[0], about["缺陷"].to_list()


def test_rows_know_their_place_and_their_key_and_blank_rows_are_left_out():
    sheet = read(
        SCORES,
        [*HEAD, "语文"],
        [*row_of(SCORES, "期中", "0012", " 王 ", "初二1班", blank=""), 90.0],
        [*row_of(SCORES, blank=""), ""],
        [*row_of(SCORES, "期中", "13", "", None, blank=""), 80.0],
    )

    assert sheet.frame[ROW].to_list() == [2, 4]
    assert sheet.frame[KEY].to_list() == ["成绩|期中|0012| 王 |初二1班", "成绩|期中|13||"]
    assert sheet.frame["姓名"].to_list() == ["王", None]


def test_a_key_is_what_excel_joins_from_the_cells():
    sheet = read(CALENDAR, ["日期", "类别"], [date(2025, 9, 1), "放假"], ["2025年9月2日", "放假"])
    assert sheet.frame[KEY].to_list() == ["校历|45901", "校历|2025年9月2日"]

    numbers = read(SUBJECTS, ["年级", "科目"], [7.0, "语文"], [0.1 + 0.2, True])
    assert numbers.frame[KEY].to_list() == ["科目|7|语文", "科目|0.3|TRUE"]


def test_keys_of_a_book_that_counts_days_from_1904_are_its_own_numbers():
    sheet = to_frame(CALENDAR, [["日期", "类别"], [date(2025, 9, 1), "放假"]], date1904=True)
    assert sheet.frame[KEY].to_list() == ["校历|44439"]


def test_the_order_of_columns_does_not_matter_and_other_columns_are_left_out():
    others = [name for name in SCORES.names if name not in ("姓名", "学号", "考试编号")]
    sheet = read(
        SCORES,
        ["语文", "我的备注", "姓名", "★学号", " 考试编号 ", *others],
        [90.0, "好", "王", "01", "期中", *[""] * len(others)],
    )

    assert sheet.frame.columns == [*HEAD, "语文", "语文·状态", ROW, KEY]
    assert sheet.frame.row(0)[:2] == ("期中", "01")
    assert said(sheet) == []
    assert dict(sheet.layout.select("列", "字母").rows())["学号"] == "D"


def test_a_missing_and_a_doubled_column_are_told():
    first, second, *others = [name for name in SCORES.names if name != "考时班级"]
    sheet = read(SCORES, [first, second, second, *others], ["期中", "01", "02", *[""] * len(others)])

    assert sheet.frame["学号"].to_list() == ["01"]
    assert sheet.frame["考时班级"].to_list() == [None]
    assert said(sheet) == [(None, "学号", "C", Defect.DOUBLED_COLUMN), (None, "考时班级", None, Defect.MISSING_COLUMN)]


@pytest.mark.parametrize("heading", ["总分", "年级名次", "班级排名", "平均分", "备注", ""])
def test_totals_and_ranks_beside_the_marks_are_no_subjects(heading):
    assert read(SCORES, [*HEAD, "语文", heading], [*row_of(SCORES, "期中", "01", blank=""), 90.0, 1.0]).frame.columns == [
        *HEAD, "语文", "语文·状态", ROW, KEY
    ]  # fmt: skip


def test_full_width_headings_are_understood():
    assert "语文" in read(SCORES, [*HEAD, "　语文　"], [*row_of(SCORES, "期中", "01", blank=""), 90.0]).frame.columns


@pytest.mark.parametrize(
    ("value", "mark", "state", "defect"),
    [
        (90.5, 90.5, None, None),
        (0.0, 0.0, None, None),
        ("缺考", None, "缺考", None),
        (" 免 考 ", None, "免考", None),
        ("９５．５", 95.5, None, Defect.NUMBER_AS_TEXT),
        ("90", 90.0, None, Defect.NUMBER_AS_TEXT),
        ("良", None, None, Defect.NOT_A_MARK),
        (True, None, None, Defect.NOT_A_MARK),
        (date(2025, 9, 1), None, None, Defect.NOT_A_MARK),
        ("nan", None, None, Defect.NOT_A_MARK),
    ],
)
def test_a_mark_is_a_number_or_a_word(value, mark, state, defect):
    sheet = read(SCORES, [*HEAD, "语文"], [*row_of(SCORES, "期中", "01", blank=""), value])

    assert sheet.frame.select("语文", "语文·状态").row(0) == (mark, state)
    assert [row[3] for row in said(sheet)] == ([defect] if defect else [])


@pytest.mark.parametrize(
    "text",
    [
        "2025年9月1日", "2025.9.1", "2025/9/1", "2025-09-01", "20250901", "２０２５年９月１日", "2025 年 9 月 1 日",
        "2025年9月1日（星期一）", "2025-9-1 08:30", "2025年9月1号", 20250901.0, 45901.0,
    ],
)  # fmt: skip
def test_dates_in_the_usual_forms_are_read_and_pointed_out(text):
    assert cell(EXAMS, "日期", text) == (date(2025, 9, 1), [Defect.DATE_AS_TEXT])


@pytest.mark.parametrize("text", ["2025年13月1日", "2025.2.30", "下周一", 12.5, 3.0, True, time(8, 0), "99999999"])
def test_what_is_no_date_is_null_and_told(text):
    assert cell(EXAMS, "日期", text) == (None, [Defect.NOT_A_DATE])


def test_real_dates_pass_whatever_reader_gave_them():
    assert cell(EXAMS, "日期", date(2025, 9, 1)) == (date(2025, 9, 1), [])
    assert cell(EXAMS, "日期", datetime(2025, 9, 1, 8)) == (date(2025, 9, 1), [])


def test_an_id_that_is_a_whole_number_is_its_digits_and_one_that_lost_some_is_not_guessed():
    sheet = read(ROSTER, ["学号", "姓名"], [20260101.0, "王"], ["0012", "李"], [3.7010120130512e17, "陈"], [2.5, "赵"])

    assert sheet.frame["学号"].to_list() == ["20260101", "0012", None, None]
    assert [row for row, column, _, defect in said(sheet) if defect == Defect.NUMBER_AS_ID and column == "学号"] == [
        4,
        5,
    ]


def test_a_password_that_is_a_number_is_never_read():
    sheet = read(PASSWORDS, ["班级", "口令"], ["初一1班", 123456.0])

    assert sheet.frame["口令"].to_list() == [None]
    assert (2, "口令", "123456", Defect.NUMBER_AS_ID) in said(sheet)


def test_text_that_is_a_number_is_its_digits():
    assert cell(SETTINGS, "值", 20.0) == ("20", [])
    assert cell(SETTINGS, "值", 0.08) == ("0.08", [])
    assert cell(SETTINGS, "值", date(2025, 9, 1)) == ("2025-09-01", [])


@pytest.mark.parametrize(
    ("typed", "meant"), [("是", "是"), (True, "是"), ("√", "是"), (False, "否"), ("×", "否"), ("也许", "也许")]
)
def test_yes_and_no_are_ticks_and_booleans_too(typed, meant):
    assert cell(ROSTER, "重点", typed) == (meant, [])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2025-9", "2025-09"),
        ("2025年09月", "2025-09"),
        (date(2025, 9, 1), "2025-09"),
        (202509.0, "2025-09"),
        ("九月", "九月"),
    ],
)
def test_months_come_in_one_form(typed, meant):
    sheet = read(CONDUCT, ["月份", "学号"], [typed, "01"])
    assert sheet.frame["月份"].to_list() == [meant]


@pytest.mark.parametrize(
    ("typed", "number", "defects"),
    [
        (3.0, 3, []),
        ("３", 3, [Defect.NUMBER_AS_TEXT]),
        (2.5, None, [Defect.NOT_A_NUMBER]),
        ("很好", None, [Defect.NOT_A_NUMBER]),
    ],
)
def test_whole_numbers_are_whole(typed, number, defects):
    assert cell(LOG, "效果", typed) == (number, defects)


def test_ids_and_choices_are_brought_to_half_width_and_prose_is_not():
    sheet = read(ROSTER, ["学号", "姓名", "班级", "成因"], ["００１２", "王", "初二１班", "（一）"])
    assert sheet.frame.select("学号", "班级", "成因").row(0) == ("0012", "初二1班", "（一）")


def test_marks_that_nobody_sees_are_no_part_of_an_id_a_date_or_a_mark():
    assert read(ROSTER, ["学号"], ["\u202d0250101\u202c"]).frame["学号"].to_list() == ["0250101"]
    assert read(CALENDAR, ["日期"], ["2026-05-12\u200b"]).frame["日期"].to_list() == [date(2026, 5, 12)]
    assert read(SCORES, [*HEAD, "语文"], [*row_of(SCORES, "期中", "01", "王\ufeff", blank=""), "\ufeff98"]).frame[
        "语文"
    ].to_list() == [98.0]


def test_text_that_looks_like_a_formula_or_like_nothing_stays_text():
    names = ["=1+1", "+86", "-", "@王", "NA", "null", "None", "#N/A"]
    sheet = read(ROSTER, ["学号", "姓名"], *([f"{i}", name] for i, name in enumerate(names)))
    assert sheet.frame["姓名"].to_list() == names


def test_a_row_with_only_an_unreadable_cell_is_not_blank():
    sheet = read(EXAMS, ["考试编号", "日期"], ["", "下周一"], ["  ", ""])
    assert sheet.frame[ROW].to_list() == [2]


def test_errors_and_merged_cells_point_at_their_first_cell():
    trouble = CellIssues(errors=((3, 2, "#N/A"), (3, 9, "#REF!")), merged=((2, 1, 3, 1), (1, 5, 1, 6)))
    sheet = read(EXAMS, ["考试编号", "名称"], ["a", "甲"], ["", "乙"], trouble=trouble)

    assert said(sheet)[-2:] == [(3, "名称", "#N/A", Defect.FORMULA_ERROR), (2, "考试编号", "A2:A3", Defect.MERGED)]


def test_an_empty_grid_is_an_empty_frame_with_every_column_missing():
    sheet = to_frame(EXAMS, [])
    assert sheet.frame.height == 0
    assert sheet.frame.schema == {**EXAMS.frame_schema, ROW: pl.Int64, KEY: pl.String}
    assert sheet.defects.height == len(EXAMS.names)


def test_many_rows_are_read_in_batches_without_a_seam(monkeypatch):
    rows = [[*row_of(SCORES, "期中", str(i), blank=""), float(i % 100)] for i in range(25)] + [
        [*row_of(SCORES, blank=""), ""]
    ]
    whole = to_frame(SCORES, [[*HEAD, "语文"], *rows])
    monkeypatch.setattr("xlbangfu.book.reading.frames.BATCH", 7)
    assert to_frame(SCORES, [[*HEAD, "语文"], *rows]).frame.equals(whole.frame)


VALUES = st.one_of(
    st.none(), st.text(max_size=6), st.floats(allow_nan=False, allow_infinity=False), st.booleans(), st.dates(),
    st.datetimes(), st.times(), st.integers(-10**9, 10**9),
)  # fmt: skip


@given(st.lists(st.lists(VALUES, min_size=len(EXAMS.names), max_size=len(EXAMS.names)), max_size=8))
def test_whatever_is_typed_is_read_and_nothing_is_lost_silently(rows):
    sheet = to_frame(EXAMS, [EXAMS.names, *rows])

    assert dict(sheet.frame.schema) == {**EXAMS.frame_schema, ROW: pl.Int64, KEY: pl.String}
    told = {(row, column) for row, column, *_ in said(sheet)}
    for record in sheet.frame.to_dicts():
        for index, name in enumerate(EXAMS.names):
            typed = rows[record[ROW] - 2][index]
            blank = typed is None or (isinstance(typed, str) and not cells.plain(typed))
            assert record[name] is not None or blank or (record[ROW], name) in told


UNTIDY = VALUES | st.sampled_from([" 王 ", "ｈ１", "一\n二", "", "  ", "\u200b1", "甲"])


@given(st.lists(st.lists(UNTIDY, min_size=len(EXAMS.names), max_size=len(EXAMS.names)), max_size=8))
def test_few_rows_are_read_as_they_would_be_among_many(rows):
    few = to_frame(EXAMS, [EXAMS.names, *rows])
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("xlbangfu.book.reading.frames._MANY", 0)
        many = to_frame(EXAMS, [EXAMS.names, *rows])

    assert few.frame.equals(many.frame)
    assert few.frame.schema == many.frame.schema
    assert few.defect_rows == many.defect_rows


@given(st.integers(0, 16383))
def test_letters_and_columns_go_both_ways(index):
    assert column_index(letters(index)) == index


def test_a_number_beyond_all_numbers_is_no_trouble() -> None:
    from xlbangfu.book.reading.cells import number_text

    assert number_text(float("inf")) == "INF"
