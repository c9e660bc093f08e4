"""年级: one year of schooling by whatever name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlbangfu.rules.grades import HIGH, MIDDLE, PRIMARY, STAGES, SYSTEMS, Ladder, grade_name, grade_text
from xlbangfu.rules.numerals import half_width, whole_number

SIX_THREE, FIVE_FOUR, SHANGHAI = (Ladder(system) for system in SYSTEMS)


def levels(text, ladder=SIX_THREE, school_year=2026):
    return [(level.value, level.reading) for level in ladder.levels(grade_text(text), school_year)]


@pytest.mark.parametrize(
    "text",
    [
        "七年级",
        "初一",
        "初1",
        "初一年级",
        "初中一年级",
        "7年级",
        "七",
        "7",
        "2026级",
        "初2026级",
        "初中2026级",
        "26级",
        "Ⅶ年级",
        "７年级",
    ],
)
def test_the_first_year_of_middle_school_has_many_names(text):
    assert levels(text, Ladder(stages=frozenset({MIDDLE}))) == [(7, "")]


@pytest.mark.parametrize(
    ("text", "six_three", "five_four", "shanghai"),
    [
        ("六年级", 6, 6, 6),
        ("初一", 7, 6, 7),
        ("初四", None, 9, None),
        ("预初", 6, 6, 6),
        ("七年级", 7, 7, 7),
        ("高一", 10, 10, 10),
    ],
)
def test_the_school_system_says_which_year_of_schooling_a_name_is(text, six_three, five_four, shanghai):
    for ladder, level in ((SIX_THREE, six_three), (FIVE_FOUR, five_four), (SHANGHAI, shanghai)):
        assert levels(text, ladder) == ([(level, "")] if level else [])


def test_a_year_of_entry_is_another_grade_in_another_school_year():
    middle = Ladder(stages=frozenset({MIDDLE}))
    assert [levels("2025级", middle, year) for year in (2025, 2026, 2027)] == [[(7, "")], [(8, "")], [(9, "")]]


def test_a_year_of_entry_is_asked_where_two_stages_have_it():
    assert levels("2026级", Ladder(stages=frozenset({MIDDLE, HIGH}))) == [(7, MIDDLE), (10, HIGH)]
    assert levels("高2026级", Ladder(stages=frozenset({MIDDLE, HIGH}))) == [(10, "")]


def test_a_year_of_entry_to_come_can_only_be_the_year_of_leaving_and_is_asked():
    assert levels("高2029级", Ladder(stages=frozenset({HIGH}))) == [(10, "毕业·高中")]


def test_a_graduating_year_is_never_sure():
    assert levels("2027届", Ladder(stages=frozenset({MIDDLE}))) == [(9, "毕业·初中")]
    assert levels("2026届", Ladder(stages=frozenset({MIDDLE}))) == [(7, "入学·初中")]


def test_a_bare_numeral_is_a_grade_of_primary_school_only_where_there_is_no_other():
    assert levels("三", Ladder(stages=frozenset({PRIMARY}))) == [(3, "")]
    assert levels("三", Ladder(stages=frozenset({PRIMARY, MIDDLE}))) == [(3, PRIMARY), (9, MIDDLE)]
    assert levels("三年级", Ladder(stages=frozenset({PRIMARY, MIDDLE}))) == [(3, "")]


@pytest.mark.parametrize("text", ["", "期中", "班主任", "2026", "GP", "初中", "高中部", "年级", "十三年级甲"])
def test_other_words_are_no_grade(text):
    assert grade_text(text) is None


@given(st.sampled_from(SYSTEMS), st.integers(1, 12))
def test_every_level_is_read_back_from_its_name(system, level):
    ladder = Ladder(system)
    assert levels(grade_name(level, ladder), ladder) == [(level, "")]


@given(st.sampled_from(SYSTEMS), st.integers(1, 12), st.integers(2010, 2090))
def test_every_level_is_read_back_from_its_year_of_entry(system, level, school_year):
    ladder = Ladder(system)
    stage = ladder.stage_of(level)
    text = f"{stage}{ladder.entry(level, school_year)}级"
    assert levels(text, ladder, school_year) == [(level, "")]


@given(st.sampled_from(SYSTEMS))
def test_the_stages_share_out_the_twelve_levels(system):
    assert [level for stage in STAGES for level in Ladder(system).span(stage)] == list(range(1, 13))


@given(st.integers(1, 99))
def test_a_number_is_the_same_in_chinese_and_in_digits(number):
    tens, ones = divmod(number, 10)
    signs = " 一二三四五六七八九"
    written = ("" if tens == 0 else "十" if tens == 1 else f"{signs[tens]}十") + signs[ones].strip()
    assert whole_number(written) == whole_number(f"0{number}") == number


def test_full_width_and_unseen_signs_do_not_matter():
    assert half_width("\u200b初Ⅰ （１）班\u3000") == "初1(1)班"
