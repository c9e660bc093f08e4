"""Cells of files: marks, keys and codes."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlbangfu.documents.importing.code_words import code_word
from xlbangfu.documents.importing.key_cells import KeyDefect, key_text, read_keys, two_names
from xlbangfu.documents.importing.mark_cells import Holds, mark_cell


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (85.5, 85.5),
        (0.0, 0),
        ("85", 85),
        ("85.5分", 85.5),
        ("８９．５", 89.5),
        (" 85 ", 85),
        ("0分", 0),
        ("'85", 85),
        ("\u200b90", 90),
        (".5", 0.5),
        (100, 100),
    ],
)
def test_a_number_is_a_mark_however_it_is_typed(cell, number):
    assert mark_cell(cell).holds is Holds.NUMBER
    assert mark_cell(cell).number == number


@pytest.mark.parametrize(
    ("cell", "thought"),
    [
        ("7,5", "7.5"),
        ("90，5", "90.5"),
        ("90。5", "90.5"),
        ("90·5", "90.5"),
        ("85.5.", "85.5"),
        ("1,00", "1"),
        ("8 5", ""),
        ("85+3", ""),
        ("85(92)", ""),
        ("85%", ""),
        ("9 0.5", ""),
    ],
)
def test_an_odd_number_is_asked_and_never_taken(cell, thought):
    found = mark_cell(cell)
    assert (found.holds, found.number, found.thought) == (Holds.ASK, None, thought)


@pytest.mark.parametrize("cell", ["缺考", "缺", "缺 考", " 缺考 "])
def test_absent_is_certain_in_two_words(cell):
    assert mark_cell(cell).holds is Holds.ABSENT


@pytest.mark.parametrize("cell", ["免考", "免"])
def test_exempt_is_certain_in_two_words(cell):
    assert mark_cell(cell).holds is Holds.EXEMPT


@pytest.mark.parametrize(
    ("cell", "thought"),
    [
        ("Q", "缺考"), ("q", "缺考"), (-1.0, "缺考"), ("-1", "缺考"), ("未考", "缺考"), ("病假", "缺考"), ("缓考", "缺考"), ("旷考", "缺考"),
        ("未参加", "缺考"), ("(病假)", "缺考"), ("作弊", "0"), ("零分", "0"), ("排除", "未录"), ("N/A", "未录"), ("转学", "未录"),
        ("优", ""), ("A", ""), ("B+", ""), ("*", ""), ("及格", ""), (-20.0, ""),
    ],
)  # fmt: skip
def test_another_word_is_asked_with_what_is_thought_of_it(cell, thought):
    assert (mark_cell(cell).holds, mark_cell(cell).thought) == (Holds.ASK, thought)


@pytest.mark.parametrize("cell", [None, "", "  ", "未录", "null", "NaN"])
def test_nothing_is_not_entered(cell):
    assert mark_cell(cell).holds is Holds.BLANK


@pytest.mark.parametrize("cell", ["-", "—", "——", "/", "\\", "－", "--", "–"])
def test_a_dash_is_kept_apart_from_nothing(cell):
    assert mark_cell(cell).holds is Holds.DASH


@pytest.mark.parametrize("cell", ["#N/A", "#DIV/0!", "=VLOOKUP(A1,B:C,2,0)"])
def test_what_cannot_be_read_is_no_word(cell):
    assert mark_cell(cell).holds is Holds.UNREADABLE


@pytest.mark.parametrize("cell", [True, date(2026, 9, 5)])
def test_a_day_or_a_truth_is_no_mark(cell):
    assert mark_cell(cell).holds is Holds.ASK


@given(st.floats(0, 1000, allow_nan=False).map(lambda number: round(number, 2)))
def test_every_mark_is_read_back_from_its_text(number):
    assert mark_cell(f"{number:.2f}").number == mark_cell(number).number == number


@given(st.text(alphabet="0123456789.,，。 分缺免-Q/", max_size=6))
def test_no_text_becomes_another_number_than_its_digits_say(text):
    found = mark_cell(text)
    if found.holds is Holds.NUMBER:
        assert float(text.strip().removesuffix("分")) == found.number


@pytest.mark.parametrize(
    "cell",
    [
        20260101.0,
        20260101,
        "20260101",
        '="20260101"',
        "'20260101",
        "`20260101",
        "２０２６０１０１",
        "20260101.0",
        "\u200b20260101\t",
        "2026 0101",
        "\ufeff20260101",
        "“20260101”",
    ],
)
def test_a_key_is_its_digits_whatever_came_along(cell):
    assert key_text(cell) == ("20260101", None)


@pytest.mark.parametrize(
    ("cell", "defect"),
    [
        ("2.02701E+11", KeyDefect.SCIENTIFIC),
        ("3.70101E+17", KeyDefect.SCIENTIFIC),
        (3.7010120130512e17, KeyDefect.TOO_LONG),
        (1e15, KeyDefect.TOO_LONG),
        (2026.5, KeyDefect.NO_KEY),
        (date(2026, 1, 1), KeyDefect.NO_KEY),
        (True, KeyDefect.NO_KEY),
        (-3.0, KeyDefect.NO_KEY),
    ],
)
def test_a_key_that_lost_digits_is_not_read(cell, defect):
    assert key_text(cell) == (None, defect)


def test_a_long_key_as_text_is_whole():
    assert key_text("370101201305120000")[0] == "370101201305120000"
    assert key_text("G370101201305120000")[0] == "G370101201305120000"
    assert key_text("0012")[0] == "0012"
    assert key_text(999999999999999.0)[0] == "999999999999999"


def test_a_number_shorter_than_nearly_all_others_may_lack_its_noughts():
    keys = read_keys([12.0, *(float(20260100 + number) for number in range(9))])
    assert keys.short == {0: "00000012"}
    assert keys.texts[0] == "12"


def test_the_noughts_of_a_text_are_not_doubted():
    assert read_keys(["0012", "0013", "12A", "0014"]).short == {}
    assert read_keys(["012", *("2026010" + str(number) for number in range(9))]).short == {}


def test_the_master_says_the_length_where_the_column_cannot():
    assert read_keys([101.0], ["00000100", "00000102", "00000103"]).short == {0: "00000101"}


def test_keys_of_many_lengths_are_not_doubted():
    assert read_keys([1.0, 22.0, 333.0, 4444.0]).short == {}


def test_a_key_with_two_names_is_told_with_its_rows():
    assert two_names(["1", "2", "2", None, "1"], ["王", "李", "张", "赵", "王"]) == {"2": [1, 2]}


@given(st.integers(0, 10**15 - 1))
def test_every_whole_number_of_fifteen_digits_is_read_as_its_digits(number):
    assert key_text(float(number)) == key_text(str(number)) == (str(number), None)


@pytest.mark.parametrize(
    ("column", "cell", "word"),
    [
        ("性别", 1.0, "男"), ("性别", "2", "女"), ("性别", "女性", "女"), ("性别", "1-男", "男"), ("性别", "", ""), ("性别", None, ""), ("性别", "甲", None),
        ("留守", "是", "是"), ("留守", 0.0, "否"), ("留守", "非留守儿童", "否"), ("留守", "单亲留守儿童", "是"), ("留守", True, "是"),
        ("寄宿", "走读", "否"), ("寄宿", "住校", "是"), ("家庭困难", "建档立卡", "是"), ("家庭困难", "无", "否"),
        ("在籍状态", "在校", "在读"), ("在籍状态", "已转出", "转出"), ("在籍状态", "毕业", None), ("重点", "√", "是"),
    ],
)  # fmt: skip
def test_codes_of_other_registers_are_said_in_the_masters_words(column, cell, word):
    assert code_word(column, cell) == word
