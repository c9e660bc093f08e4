"""How far each tracked student came, and who is proposed for leaving the list (DOMAIN rule 9)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from polars.testing import assert_frame_equal

from tests.support.drawn import looks_like, school, with_settings
from xlbangfu.rules.behaviour import changes
from xlbangfu.rules.progress import STEPS, UNKNOWN, latest, progress, shown_change
from xlbangfu.rules.ranking import rank
from xlbangfu.rules.school import School
from xlbangfu.schema import PROGRESS, SCORES

OTHERS = range(1, 100)
LISTED = "学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别 | 困难类型 | 列入日期"


def came(one: School) -> pl.DataFrame:
    return progress(one, rank(one))


def placed(places: dict[str, int | str | None], *, listed: str = "学困 | 学习 | 2025-09-01", **sheets: str) -> School:
    """甲 (学号 00) among 99 others with the marks 1 to 99; ``places`` says in each exam how many are worse than 甲."""
    roster = [LISTED, f"00 | 甲 | 1班 | 在读 | {listed}"]
    roster += [f"{number:02d} | 生{number} | 1班 | 在读 |  |  |" for number in OTHERS]
    marks = ["考试编号 | 学号 | 语文"]
    for exam, place in places.items():
        marks += [f"{exam} | {number:02d} | {number}" for number in OTHERS]
        if place is not None:
            marks.append(f"{exam} | 00 | {place + 0.5 if isinstance(place, int) else place}")
    return school({"名册": "\n".join(roster), "成绩": "\n".join(marks), **sheets})


def marked(**months: tuple[float, ...] | float) -> str:
    """甲's marks by the 班主任: of all five, or each of them."""
    rows = ["月份 | 学号 | 评价人 | 学习态度 | 作业 | 纪律 | 品德 | 参与"]
    for month, given_marks in months.items():
        five = given_marks if isinstance(given_marks, tuple) else (given_marks,) * 5
        rows.append(" | ".join([month.removeprefix("m").replace("_", "-"), "00", "班主任", *map(str, five)]))
    return "\n".join(rows)


def row(one: School, exam: str = "下期中") -> dict[str, object]:
    return came(one).filter(pl.col("考试编号") == exam, pl.col("学号") == "00").row(0, named=True)


@pytest.mark.parametrize(
    ("before", "after", "change", "expected"),
    [
        (20, 31, 11.0, "显著进步"),
        (20, 30, 10.0, "显著进步"),
        (20, 29, 9.0, "进步"),
        (20, 23, 3.0, "进步"),
        (20, 22, 2.0, "稳定"),
        (20, 20, 0.0, "稳定"),
        (20, 18, -2.0, "稳定"),
        (20, 17, -3.0, "退步"),
        (20, 1, -19.0, "退步"),
    ],
)
def test_points_of_percentile_against_the_baseline_make_four_steps(
    before: int, after: int, change: float, expected: str
) -> None:
    found = row(placed({"期末": before, "下期中": after}))

    assert (found["变化"], found["进展"]) == (pytest.approx(change), expected)


def test_the_lines_of_the_settings_hold() -> None:
    one = placed({"期末": 20, "下期中": 25})

    assert row(one)["进展"] == "进步"
    assert row(with_settings(one, 进展线="5/2/-1"))["进展"] == "显著进步"
    assert row(with_settings(one, 进展线="20/6/-1"))["进展"] == "稳定"


def test_what_is_shown_is_rounded_half_up_and_what_counts_is_not_rounded() -> None:
    """From 10 of 100 to 20 of 99 is 10.202 points, from 10 of 99 to 20 of 100 is 9.899."""
    sheet = placed({"期末": 10, "下期中": 20})
    wider = replace(
        sheet,
        frames={
            **sheet.frames,
            SCORES: sheet[SCORES].filter((pl.col("考试编号") == "期末") | (pl.col("学号") != "99")),
        },
    )

    assert row(wider)["变化"] == pytest.approx(10.2)
    narrow = replace(
        sheet,
        frames={
            **sheet.frames,
            SCORES: sheet[SCORES].filter((pl.col("考试编号") == "下期中") | (pl.col("学号") != "99")),
        },
    )
    found = row(narrow)
    assert (found["变化"], found["进展"]) == (pytest.approx(9.9), "进步")
    assert "升 9.9 个百分点" in str(found["依据"])


@given(st.integers(1, 400), st.integers(1, 400), st.data())
def test_a_change_is_the_difference_of_the_percentages_that_stand_beside_it(
    now: int, then: int, chance: st.DataObject
) -> None:
    worse, worse_then = chance.draw(st.integers(0, now - 1)), chance.draw(st.integers(0, then - 1))
    row = pl.DataFrame({"百分位": [worse / now], "基线百分位": [worse_then / then]})

    shown, shown_then = (
        (Decimal(part) * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)
        for part, whole in ((worse, now), (worse_then, then))
    )
    assert row.select(shown_change()).item() == float(shown - shown_then)


def test_harder_papers_do_not_count_only_the_place_in_the_cohort_does() -> None:
    """Everyone loses half their marks; 甲 stays where he was."""
    one = placed({"期末": 20, "下期中": 20})
    halved = pl.when(pl.col("考试编号") == "下期中").then(pl.col("语文") / 2).otherwise("语文").alias("语文")
    harder = replace(one, frames={**one.frames, SCORES: one[SCORES].with_columns(halved)})

    assert row(harder)["变化"] == 0


@pytest.mark.parametrize(
    ("may", "june", "expected"),
    [(3.0, 3.5, "进步"), (3.0, 3.4, "稳定"), (3.0, 2.5, "退步"), (3.0, 2.6, "稳定"), (3.0, 5.0, "进步")],
)
def test_half_a_mark_of_behaviour_on_the_month_before_is_one_step(may: float, june: float, expected: str) -> None:
    one = placed({"期末": 20, "下期中": 20}, 评价=marked(m2026_05=may, m2026_06=june))

    assert row(one)["进展"] == expected


def test_behaviour_lifts_no_further_than_the_best_step_and_lowers_no_further_than_the_last() -> None:
    up = placed({"期末": 20, "下期中": 40}, 评价=marked(m2026_05=2, m2026_06=5))
    down = placed({"期末": 20, "下期中": 10}, 评价=marked(m2026_05=5, m2026_06=2))

    assert (row(up)["进展"], row(down)["进展"]) == ("显著进步", "退步")
    assert "调一档" not in f"{row(up)['依据']}{row(down)['依据']}"


def test_behaviour_alone_is_no_progress_without_two_ranked_exams() -> None:
    one = placed({"下期中": 20}, 评价=marked(m2026_05=2, m2026_06=5))

    assert row(one)["进展"] == UNKNOWN


def test_the_month_before_is_the_last_one_in_which_the_school_marked_anyone() -> None:
    one = placed({"期末": 20, "下期中": 20}, 评价=marked(m2026_01=3, m2026_03=4))

    assert row(one)["行为变化"] == 1


def test_like_is_compared_with_like() -> None:
    """The family marks only 作业, and only in June: that is no change of 甲."""
    sheet = marked(m2026_05=3, m2026_06=3) + "\n2026-06 | 00 | 家长 |  | 5 |  |  |"

    assert row(placed({"期末": 20, "下期中": 20}, 评价=sheet))["行为变化"] == 0


def test_a_mark_without_its_month_is_compared_with_nothing() -> None:
    sheet = marked(m2026_06=3) + "\n | 00 | 班主任 | 5 | 5 | 5 | 5 | 5"

    assert changes(placed({}, 评价=sheet), pl.Series(["00"])).is_empty()


def test_old_behaviour_marks_say_nothing_of_a_later_exam() -> None:
    one = placed({"期末": 20, "下期中": 20}, 评价=marked(m2025_10=2, m2025_11=5))

    assert row(one)["行为变化"] is None


def test_every_exam_since_being_listed_has_its_row_the_latest_first() -> None:
    one = placed({"期初": 3, "期中": 5, "期末": 9, "下期中": 19}, listed="学困 | 学习 | 2025-11-10")

    looks_like(
        came(one),
        """
            考试编号 | 学号 | 班级 | 百分位 | 基线百分位 | 变化 | 进展     | 建议转化
            下期中   | 00   | 1班  | 0.19   | 0.09       | 10   | 显著进步 | 是
            期末     | 00   | 1班  | 0.09   | 0.05       | 4    | 进步     |
            期中     | 00   | 1班  | 0.05   | 0.03       | 2    | 稳定     |
        """,
    )


@pytest.mark.parametrize(
    ("places", "why"),
    [
        ({"下期中": 20}, "年级后 20%，前面没有可比的考试"),
        ({"期末": 20, "下期中": "缺考"}, "这次没有名次（缺考：语文）"),
        ({"期末": 20, "下期中": 30}, "年级后 30%，比 期末 升 10 个百分点"),
        ({"期末": 20, "下期中": 20}, "年级后 20%，和 期末 一样"),
    ],
)
def test_the_evidence_is_in_words(places: dict[str, int | str | None], why: str) -> None:
    assert str(row(placed(places))["依据"]).split("。")[0] == why


def test_a_tracked_student_without_an_exam_is_listed_all_the_same() -> None:
    one = placed({"下期中": None})

    looks_like(
        came(one),
        """
            考试编号 | 学号 | 姓名 | 班级 | 进展     | 建议转化 | 依据
                     | 00   | 甲   | 1班  | 数据不足 | 否       | 列入以后还没有考试，从下次考试起算
        """,
    )


def test_exams_before_being_listed_are_no_progress_of_the_help() -> None:
    one = placed({"期末": 20, "下期中": 40}, listed="学困 | 学习 | 2026-05-01")

    assert came(one)["依据"].to_list() == ["列入以后还没有考试，从下次考试起算。期末、下期中 在列入之前，转化不算这次"]


def test_a_quiz_and_an_exam_to_come_are_left_out() -> None:
    exams = """
        考试编号 | 日期       | 学期 | 类型
        期末     | 2026-01-20 | 上   | 期末
        下期中   | 2026-04-20 | 下   | 期中
        小测     | 2026-05-20 | 下   | 单元
        将来     | 2026-07-05 | 下   | 期末
    """
    one = placed({"期末": 20, "下期中": 30, "小测": 1, "将来": 1}, 考试=exams)

    assert came(one)["考试编号"].to_list() == ["下期中", "期末"]


def test_turning_around_takes_two_big_exams_in_a_row_at_or_above_the_class_mean() -> None:
    above = placed({"期末": 60, "下期中": 60})
    once = placed({"期末": 2, "下期中": 60})

    assert row(above)["建议转化"] == "是"
    assert "期末达到班平均、下期中达到班平均" in str(row(above)["依据"])
    assert row(once)["建议转化"] == "否"


def test_outside_the_lines_of_screening_is_enough_in_place_of_the_mean() -> None:
    outside = placed({"期末": 8, "下期中": 20})

    assert row(outside)["建议转化"] == "是"
    assert "没有达到列入条件" in str(row(outside)["依据"])
    assert row(placed({"期末": 7, "下期中": 20}))["建议转化"] == "否"
    assert row(with_settings(outside, 排查不及格科数="1"))["建议转化"] == "否"


@pytest.mark.parametrize("missed", ["缺考", None])
def test_a_missed_exam_is_no_turning_around(missed: str | None) -> None:
    one = placed({"期末": missed, "下期中": 60})

    assert row(one)["建议转化"] == "否"


def test_both_exams_must_have_been_sat_while_on_the_list() -> None:
    one = placed({"期末": 60, "下期中": 60}, listed="学困 | 学习 | 2026-03-01")

    assert row(one)["建议转化"] == "否"


@pytest.mark.parametrize(
    ("kind", "exams", "conduct", "expected"),
    [
        ("行为规范", (1, 1), (4, 4), "是"),
        ("行为规范", (60, 60), (4, 3.5), "否"),
        ("双重", (60, 60), (4, 5), "是"),
        ("双重", (60, 60), (3, 5), "否"),
        ("双重", (1, 60), (4, 5), "否"),
        ("学习", (60, 60), (1, 1), "是"),
        ("", (60, 60), (1, 1), "是"),
    ],
)
def test_what_the_student_is_listed_for_decides_what_is_asked(
    kind: str, exams: tuple[int, int], conduct: tuple[float, float], expected: str
) -> None:
    sheet = marked(m2026_05=(1, 1, conduct[0], conduct[0], 1), m2026_06=(1, 1, conduct[1], conduct[1], 1))
    one = placed({"期末": exams[0], "下期中": exams[1]}, listed=f"学困 | {kind} | 2025-09-01", 评价=sheet)

    assert row(one)["建议转化"] == expected


def test_one_month_of_good_conduct_is_not_two() -> None:
    one = placed({"下期中": 5}, listed="学困 | 行为规范 | 2025-09-01", 评价=marked(m2026_06=5))

    assert row(one)["建议转化"] == "否"


def test_the_row_that_speaks_for_a_student_is_the_latest_with_data() -> None:
    one = placed({"期初": 3, "期中": 5, "期末": 9, "下期中": "缺考"})

    assert latest(came(one)).select("考试编号", "进展").rows() == [("期末", "进步")]


def test_an_empty_school_has_no_progress() -> None:
    assert_frame_equal(came(school({"成绩": "考试编号 | 学号"})), PROGRESS.empty())


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 99), st.integers(0, 99), st.integers(0, 99))
def test_a_better_place_is_never_a_worse_step(before: int, one: int, other: int) -> None:
    low, high = sorted((one, other))
    worse, better = (str(row(placed({"期末": before, "下期中": at}))["进展"]) for at in (low, high))

    assert STEPS.index(worse) <= STEPS.index(better)


def test_the_input_is_the_same_afterwards() -> None:
    one = placed({"期末": 20, "下期中": 30}, 评价=marked(m2026_05=2, m2026_06=5))
    ranking = rank(one)
    before = {table: sheet.clone() for table, sheet in one.frames.items()}, ranking.clone()

    progress(one, ranking)

    assert_frame_equal(ranking, before[1])
    for table, sheet in one.frames.items():
        assert_frame_equal(sheet, before[0][table])
