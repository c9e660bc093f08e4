"""Ranks of every student in every exam (DOMAIN rule 2)."""

from __future__ import annotations

import random
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.support.drawn import looks_like, school
from xlbangfu import sample
from xlbangfu.rules.numbers import exact, half_up
from xlbangfu.rules.progress import steps
from xlbangfu.rules.ranking import rank, rank_of, standings
from xlbangfu.rules.school import School
from xlbangfu.rules.validation import validate
from xlbangfu.schema import ABSENT, DEFECTS, EXEMPT, RANKING, SCORES


def ranked(marks: str, **sheets: str) -> pl.DataFrame:
    return rank(school({"成绩": marks, **sheets}))


def test_tied_students_share_a_place_and_leave_a_gap() -> None:
    looks_like(
        ranked("""
            考试编号 | 学号 | 考时班级 | 语文 | 数学
            期中     | 04   | 1班      | 35   | 35
            期中     | 01   | 1班      | 45   | 45
            期中     | 03   | 2班      | 30   | 50
            期中     | 02   | 1班      | 50   | 30
        """),
        """
            学号 | 姓名 | 年级 | 班级 | 总分 | 满分 | 得分率 | 年级名次 | 班级名次 | 百分位 | 语文名次 | 数学名次
            01   | 生01 | 初一 | 1班  | 90   | 200  | 0.45   | 1        | 1        | 0.75   | 2        | 2
            02   | 生02 | 初一 | 1班  | 80   | 200  | 0.4    | 2        | 2        | 0.25   | 1        | 4
            03   | 生03 | 初一 | 2班  | 80   | 200  | 0.4    | 2        | 1        | 0.25   | 4        | 1
            04   | 生04 | 初一 | 1班  | 70   | 200  | 0.35   | 4        | 3        | 0      | 3        | 3
        """,
    )


def test_who_missed_a_counted_subject_is_listed_last_without_a_rank() -> None:
    looks_like(
        ranked("""
            考试编号 | 学号 | 语文 | 数学 | 英语
            期中     | 01   | 99   | 缺考 | 99
            期中     | 02   | 99   |      | 缺考
            期中     | 03   | 缺考 | 缺考 | 缺考
            期中     | 04   | 50   | 50   | 50
        """),
        """
            学号 | 总分 | 满分 | 年级名次 | 班级名次 | 得分率 | 等级 | 百分位 | 与班均差 | 语文名次 | 说明
            04   | 150  | 300  | 1        | 1        | 0.5    | D    | 0      | 0        | 3        |
            01   | 198  | 300  |          |          |        |      |        |          | 1        | 缺考：数学
            02   | 99   | 300  |          |          |        |      |        |          | 1        | 缺考：英语；未录：数学
            03   |      | 300  |          |          |        |      |        |          |          | 缺考：语文、数学、英语
        """,
    )


def test_an_exempt_student_is_placed_by_the_rate_over_the_other_subjects() -> None:
    looks_like(
        ranked("""
            考试编号 | 学号 | 语文 | 数学 | 英语
            期中     | 01   | 80   | 80   | 80
            期中     | 02   | 免考 | 80   | 80
            期中     | 03   | 90   | 免考 | 80
            期中     | 04   | 免考 | 免考 | 免考
        """),
        """
            学号 | 总分 | 满分 | 得分率 | 年级名次 | 与班均差 | 说明
            03   | 170  | 200  | 0.85   | 1        | 10       | 免考：数学
            01   | 240  | 300  | 0.8    | 2        | -5       |
            02   | 160  | 200  | 0.8    | 2        | -5       | 免考：语文
            04   |      |      |        |          |          | 免考：语文、数学、英语
        """,
    )


def test_marks_that_add_up_to_the_same_tie_whatever_binary_fractions_do() -> None:
    assert 0.1 + 0.2 != 0.3

    looks_like(
        ranked("""
            考试编号 | 学号 | 语文 | 数学 | 英语
            期中     | 01   | 0.1  | 0.2  | 0
            期中     | 02   | 0.3  | 0    | 0
            期中     | 03   | 0    | 0.29 | 0
        """),
        """
            学号 | 总分 | 年级名次
            01   | 0.3  | 1
            02   | 0.3  | 1
            03   | 0.29 | 3
        """,
    )


def test_a_level_begins_at_its_line_and_nothing_is_rounded_up_to_it() -> None:
    levels = rank(
        school(
            {
                "成绩": """
                    考试编号 | 学号 | 语文
                    期中     | 01   | 82.3
                    期中     | 02   | 82.299
                    期中     | 03   | 70
                    期中     | 04   | 69.999
                    期中     | 05   | 40
                    期中     | 06   | 39.999
                """
            },
            等级线="82.3/70/60/40",
        )
    )
    assert levels["等级"].to_list() == ["A", "B", "B", "C", "D", "E"]


def test_the_standard_score_is_over_the_whole_group_and_empty_where_all_are_equal() -> None:
    looks_like(
        ranked("""
            考试编号 | 学号 | 语文
            期初     | 01   | 90
            期初     | 02   | 70
            期中     | 01   | 66.7
            期中     | 02   | 66.7
            期中     | 03   | 66.7
        """),
        """
            考试编号 | 学号 | 标准分 | 与班均差
            期初     | 01   | 1      | 10
            期初     | 02   | -1     | -10
            期中     | 01   |        | 0
            期中     | 02   |        | 0
            期中     | 03   |        | 0
        """,
    )


def test_a_subject_that_nobody_of_the_year_has_is_no_part_of_the_exam() -> None:
    looks_like(
        ranked("""
            考试编号 | 学号 | 语文 | 数学 | 英语
            期中     | 01   |      | 50   |
            期中     | 02   |      |      |
        """),
        """
            学号 | 总分 | 满分 | 年级名次 | 语文名次 | 数学名次 | 说明
            01   | 50   | 100  | 1        |          | 1        |
            02   |      | 100  |          |          |          | 未录：数学
        """,
    )


def test_each_year_counts_the_subjects_it_is_taught_with_its_own_full_marks() -> None:
    looks_like(
        ranked(
            """
            考试编号 | 学号 | 今班 | 语文 | 物理 | 体育
            期中     | 01   | 初一 | 90   | 77   | 30
            期中     | 02   | 初二 | 90   | 60   | 20
            期中     | 03   | 初二 | 90   |      | 10
            """,
            班级="""
            班级 | 年级
            初一 | 初一
            初二 | 初二
            """,
            科目="""
            年级 | 科目 | 满分 | 优秀线 | 及格线 | 低分线 | 计入总分
                 | 语文 | 100  | 85     | 60     | 40     | 是
            初二 | 语文 | 120  | 102    | 72     | 48     | 是
            初二 | 物理 | 80   | 68     | 48     | 32     | 是
                 | 体育 | 30   | 25     | 18     | 12     | 否
            """,
        ),
        """
            学号 | 年级 | 总分 | 满分 | 年级名次 | 物理名次 | 体育名次 | 说明
            01   | 初一 | 90   | 100  | 1        |          | 1        |
            02   | 初二 | 150  | 200  | 1        | 1        | 1        |
            03   | 初二 | 90   | 200  |          |          | 2        | 未录：物理
        """,
    )


def test_the_year_is_that_of_the_class_of_the_day_then_the_exams_then_the_students() -> None:
    looks_like(
        ranked(
            """
            考试编号 | 学号 | 今班  | 考时班级 | 语文
            一       | 01   | 二1班 | 一1班    | 90
            一       | 02   | 二1班 | 旧班     | 80
            二       | 01   | 二1班 |          | 90
            二       | 02   | 二1班 | 旧班     | 80
            """,
            班级="""
            班级  | 年级
            一1班 | 初一
            二1班 | 初二
            """,
            考试="""
            考试编号 | 日期       | 学期 | 类型 | 年级
            一       | 2025-06-20 | 旧   | 期末 | 初三
            二       | 2025-11-10 | 上   | 期中 | 初一、初二
            """,
        ),
        """
            考试编号 | 学号 | 年级 | 班级  | 年级名次
            一       | 01   | 初一 | 一1班 | 1
            一       | 02   | 初三 | 旧班  | 1
            二       | 01   | 初二 | 二1班 | 1
            二       | 02   | 初二 | 旧班  | 2
        """,
    )


def test_progress_is_positive_and_a_newcomer_has_no_baseline() -> None:
    looks_like(
        ranked("""
            考试编号 | 学号 | 语文
            期初     | 01   | 90
            期初     | 02   | 80
            期初     | 03   | 70
            期初     | 05   | 缺考
            期中     | 01   | 70
            期中     | 02   | 80
            期中     | 03   | 缺考
            期中     | 04   | 99
            期中     | 05   | 60
        """),
        """
            考试编号 | 学号 | 年级名次 | 基线考试 | 基线名次 | 进退 | 说明
            期初     | 01   | 1        |          |          |      |
            期初     | 02   | 2        |          |          |      |
            期初     | 03   | 3        |          |          |      |
            期初     | 05   |          |          |          |      | 缺考：语文
            期中     | 04   | 1        | 期初     |          |      | 无基线
            期中     | 02   | 2        | 期初     | 2        | 0    |
            期中     | 01   | 3        | 期初     | 1        | -2   |
            期中     | 05   | 4        | 期初     |          |      | 无基线
            期中     | 03   |          | 期初     | 3        |      | 缺考：语文
        """,
    )


def test_a_rank_among_another_year_of_students_is_no_baseline() -> None:
    """06 repeats the year: in 期初 they sat with the year above, and that place says nothing here."""
    result = ranked(
        """
        考试编号 | 学号 | 今班 | 考时班级 | 语文
        期初     | 01   | 低班 |          | 90
        期初     | 02   | 低班 |          | 80
        期初     | 06   | 低班 | 高班     | 70
        期初     | 07   | 高班 |          | 60
        期初     | 08   | 高班 |          | 50
        期中     | 01   | 低班 |          | 90
        期中     | 02   | 低班 |          | 80
        期中     | 06   | 低班 |          | 99
        """,
        班级="""
        班级 | 年级
        低班 | 初一
        高班 | 初二
        """,
    )
    looks_like(
        result.filter(pl.col("考试编号") == "期中"),
        """
            学号 | 年级名次 | 基线名次 | 进退 | 说明
            06   | 1        |          |      | 无基线
            01   | 2        | 1        | -1   |
            02   | 3        | 2        | -1   |
        """,
    )


def test_two_students_of_one_name_are_two_students() -> None:
    roster = """
        学号 | 姓名 | 班级 | 在籍状态
        01   | 王一 | 1班  | 在读
        02   | 王一 | 2班  | 在读
    """
    marks = """
        考试编号 | 学号 | 姓名 | 班级 | 语文
        期中     |      | 王一 | 1班  | 50
        期中     |      | 王一 | 2班  | 60
        期中     |      | 王一 |      | 70
    """
    looks_like(
        ranked(marks, 名册=roster),
        """
            学号 | 姓名 | 班级 | 总分 | 年级名次
            02   | 王一 | 2班  | 60   | 1
            01   | 王一 | 1班  | 50   | 2
        """,
    )


def test_rows_of_an_unknown_exam_or_student_are_left_out() -> None:
    marks = """
        考试编号 | 学号 | 语文
        没有     | 01   | 50
        期中     | 99   | 60
        期中     | 01   | 70
    """
    roster = """
        学号 | 姓名 | 班级 | 在籍状态
        01   | 王一 | 1班  | 在读
    """
    assert ranked(marks, 名册=roster)["总分"].to_list() == [70]


@pytest.mark.parametrize(
    "marks",
    ["考试编号 | 学号", "考试编号 | 学号 | 语文", "考试编号 | 学号\n期中 | 01", "考试编号 | 学号 | 语文\n期中 | 01 |"],
)
def test_a_school_without_marks_has_no_ranks(marks: str) -> None:
    result = ranked(marks)

    assert result.select(RANKING.names).schema == pl.Schema(RANKING.frame_schema)
    assert result["年级名次"].null_count() == result.height


def test_the_sheet_has_the_columns_of_the_schema_then_one_rank_a_subject() -> None:
    result = ranked("""
        考试编号 | 学号 | 语文 | 数学
        期中     | 01   | 50   | 60
    """)
    assert result.columns == [*RANKING.names, "语文名次", "数学名次"]
    assert dict(result.schema) == {**RANKING.frame_schema, "语文名次": pl.Int64(), "数学名次": pl.Int64()}


def test_columns_of_the_staffs_own_beside_the_marks_are_no_subjects() -> None:
    result = ranked("""
        考试编号 | 学号 | 语文 | 总分 | 年级 | 得分率
        期中     | 01   | 50   | 999  | 7    | 1
    """)
    assert result.columns == [*RANKING.names, "语文名次"]
    assert result.select("年级", "总分", "得分率").row(0) == ("初一", 50.0, 0.5)


SUBJECTS = ("语文", "数学", "英语")
ENTRY = st.one_of(
    st.integers(0, 200).map(lambda half: half / 2),
    st.sampled_from([0.1, 0.2, 0.3, 59.9, 60.0, 60.1]),
    st.sampled_from([ABSENT, EXEMPT, None]),
)
SITTING = st.tuples(st.sampled_from(["1班", "2班"]), ENTRY, ENTRY, ENTRY)


def one_exam(sittings: list[tuple[object, ...]]) -> School:
    lines = ["考试编号 | 学号 | 考时班级 | 语文 | 数学 | 英语"]
    for number, (school_class, *entries) in enumerate(sittings):
        written = " | ".join("" if entry is None else str(entry) for entry in entries)
        lines.append(f"期中 | {number:02d} | {school_class} | {written}")
    return school({"成绩": "\n".join(lines)})


def plain_rates(sittings: list[tuple[object, ...]]) -> dict[str, Fraction | None]:
    """得分率 by the rule, in fractions and loops; None: no rank."""
    held = [place for place in range(3) if any(entries[place] is not None for _, *entries in sittings)]
    rates: dict[str, Fraction | None] = {}
    for number, (_, *entries) in enumerate(sittings):
        mine = [entries[place] for place in held if entries[place] != EXEMPT]
        whole = mine and all(isinstance(entry, float) for entry in mine)
        rates[f"{number:02d}"] = sum(Fraction(str(entry)) for entry in mine) / (100 * len(mine)) if whole else None
    return rates


@settings(max_examples=40, deadline=None)
@given(st.lists(SITTING, min_size=1, max_size=12))
def test_ranks_are_what_counting_the_better_ones_gives(sittings: list[tuple[object, ...]]) -> None:
    result = rank(one_exam(sittings))

    rates = plain_rates(sittings)
    for row in result.iter_rows(named=True):
        mine = rates[row["学号"]]
        others = [rate for rate in rates.values() if rate is not None]
        assert row["年级名次"] == (None if mine is None else 1 + sum(rate > mine for rate in others))
        assert row["百分位"] == (None if mine is None else sum(rate < mine for rate in others) / len(others))
    for place, subject in enumerate(SUBJECTS, start=1):
        marks = {f"{number:02d}": row[place] for number, row in enumerate(sittings) if isinstance(row[place], float)}
        expected = {number: 1 + sum(other > mark for other in marks.values()) for number, mark in marks.items()}
        got = dict(result.select("学号", rank_of(subject)).drop_nulls().iter_rows())
        assert got == expected


@settings(max_examples=25, deadline=None)
@given(st.lists(SITTING, min_size=2, max_size=12), st.integers(0, 2**32))
def test_the_order_of_the_rows_changes_nothing(sittings: list[tuple[object, ...]], seed: int) -> None:
    one = one_exam(sittings)
    shuffled = one[SCORES].sample(fraction=1, shuffle=True, seed=random.Random(seed).randrange(2**32))
    other = School(one.settings, {**one.frames, SCORES: shuffled}, one.today)

    assert_frame_equal(rank(other), rank(one))


@settings(max_examples=25, deadline=None)
@given(st.lists(SITTING, min_size=2, max_size=10), st.sampled_from([0, 1, 2]), st.floats(0.5, 40))
def test_a_better_mark_never_gives_a_worse_place(sittings: list[tuple[object, ...]], place: int, more: float) -> None:
    before = rank(one_exam(sittings)).row(by_predicate=pl.col("学号") == "00", named=True)
    mark = sittings[0][place + 1]
    assume(isinstance(mark, float))
    better = list(sittings[0])
    better[place + 1] = float(min(100, mark + round(more, 1)))

    after = rank(one_exam([tuple(better), *sittings[1:]])).row(by_predicate=pl.col("学号") == "00", named=True)

    assert before["年级名次"] is None or after["年级名次"] <= before["年级名次"]


def test_the_input_is_the_same_afterwards() -> None:
    one = one_exam([("1班", 50.0, EXEMPT, None), ("2班", 60.0, 70.0, ABSENT)])
    before = {table: sheet.clone() for table, sheet in one.frames.items()}

    rank(one)

    for table, sheet in one.frames.items():
        assert_frame_equal(sheet, before[table])


def test_standings_are_the_rows_of_the_ranking_with_fewer_columns_and_progress_is_told_from_them() -> None:
    made = sample.make(students=180, classes=6, logs=20, with_problems=True)
    one = School.of(made.frames, today=sample.TODAY)
    one = one.without(validate(one, DEFECTS.empty()))
    ranking, told = rank(one), standings(one)

    assert_frame_equal(told, ranking.select(told.columns))
    told_from_both = (steps(one, rows).select("学号", "进展", "变化", "基线考试") for rows in (ranking, told))
    assert_frame_equal(*told_from_both)


def test_a_half_is_rounded_up_as_excel_does() -> None:
    numbers = pl.DataFrame({"x": [2.675, 1.005, 0.125, -0.125, 2.5, 0.285, 10.4150, 1.0049999]})

    assert numbers.select(half_up(pl.col("x"), 2))["x"].to_list() == [2.68, 1.01, 0.13, -0.13, 2.5, 0.29, 10.42, 1.0]


@given(st.integers(0, 1_000_000))
def test_a_mark_of_thousandths_is_read_exactly(thousandths: int) -> None:
    assert pl.select(exact(pl.lit(thousandths / 1000))).item() == thousandths
