"""质量分析: classes beside each other in one exam, and the finding in words (DOMAIN rule 3)."""

from __future__ import annotations

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from tests.support.drawn import school
from tests.support.views_made import marked_school, qualities
from xlbangfu.rules.class_quality import LEAST, MEAN, MEASURES, YearQuality
from xlbangfu.rules.exam_papers import TOTAL
from xlbangfu.rules.quality_findings import headline, remarks
from xlbangfu.rules.school import School
from xlbangfu.schema import SCORES


def only(one: School, chosen: str = "") -> YearQuality:
    (found,) = qualities(one, chosen)
    return found


def test_a_difference_is_that_of_the_rounded_figures_that_stand_beside_each_other() -> None:
    found = only(
        school({"成绩": "考试编号 | 学号 | 考时班级 | 语文\n期中|01|1班|80.06\n期中|02|2班|80.14\n期中|03|2班|80.14"})
    )

    figures = [found.figure(MEAN, "语文", name) for name in (None, "1班", "2班")]
    assert [(one.value, one.difference) for one in figures] == [(80.1, None), (80.1, 0.0), (80.1, 0.0)]


def test_the_latest_exam_that_all_sit_is_taken_and_another_can_be_chosen_by_number_or_name() -> None:
    exams = "考试编号 | 名称 | 日期 | 学期 | 类型\n期中|上学期期中|2025-11-10|上|期中\n赛|口算赛|2026-01-20|上|竞赛"
    marks = "考试编号 | 学号 | 考时班级 | 语文\n期中|01|1班|80\n期中|02|2班|70\n赛|01|1班|60\n赛|02|2班|90"
    one = school({"考试": exams, "成绩": marks})

    assert [only(one, chosen).exam.key for chosen in ("", "赛", "口算赛", "上学期期中")] == ["期中", "赛", "赛", "期中"]
    assert qualities(one, "没有这次") == []


def test_an_exam_after_today_says_nothing_yet() -> None:
    exams = "考试编号 | 日期 | 学期 | 类型\n期中|2025-11-10|上|期中\n期末|2026-07-20|上|期末"
    marks = "考试编号 | 学号 | 考时班级 | 语文\n期中|01|1班|80\n期末|01|1班|70"

    assert only(school({"考试": exams, "成绩": marks})).exam.key == "期中"


def test_last_time_is_an_exam_of_the_same_school_year_and_subjects() -> None:
    exams = (
        "考试编号 | 日期 | 学期 | 类型\n去年|2025-06-20|2024-2025下|期末\n单科|2025-10-10|2025-2026上|月考\n"
        "期中|2025-11-10|2025-2026上|期中\n期末|2026-01-20|2025-2026上|期末"
    )
    rows = ["考试编号 | 学号 | 考时班级 | 语文 | 数学"]
    for exam, first, second in (("去年", 90, 50), ("期中", 80, 60), ("期末", 70, 70)):
        rows += [f"{exam}|01|1班|{first}|{first}", f"{exam}|02|2班|{second}|{second}"]
    rows += ["单科|01|1班|50|", "单科|02|2班|60|"]
    found = only(school({"考试": exams, "成绩": "\n".join(rows)}))

    assert [exam.key for exam in found.exams] == ["期中", "期末"]
    assert found.trend(MEAN, "1班") == [20.0, 0.0]
    assert found.change(MEAN, "1班") == -20.0


def test_who_has_no_earlier_exam_has_no_change() -> None:
    found = only(school({"成绩": "考试编号 | 学号 | 考时班级 | 语文\n期初|01|1班|80\n期初|02|2班|60"}))

    assert found.earlier is None
    assert found.change(MEAN, "1班") is None
    assert not any("上次" in remark for remark in remarks(found))


def test_fewer_than_five_have_a_mean_and_no_rate() -> None:
    found = only(marked_school(students=LEAST - 1))

    assert [found.figure(measure, TOTAL, "1班").value is None for measure in MEASURES] == [False, True, True, True]
    assert found.figure(MEASURES[1], TOTAL, None).value is not None
    assert found.bands("1班") is None


def test_classes_come_best_first_and_equal_ones_by_name() -> None:
    marks = "考试编号 | 学号 | 考时班级 | 语文\n期中|01|1班|60\n期中|02|2班|80\n期中|03|3班|60"
    rooms = "班级 | 年级\n1班|初一\n2班|初一\n3班|初一"

    assert only(school({"成绩": marks, "班级": rooms})).classes == ("2班", "1班", "3班")


def two_exams(*rooms: tuple[tuple[int, int], tuple[int, int]]) -> YearQuality:
    """Classes of one student each: 语文 and 数学 in 期中 and in 期末."""
    lines = ["考试编号 | 学号 | 考时班级 | 语文 | 数学"]
    for place, exam in enumerate(("期中", "期末")):
        lines += [f"{exam}|{n:02}|{n}班|{one[place][0]}|{one[place][1]}" for n, one in enumerate(rooms, 1)]
    listed = "\n".join(["班级 | 年级", *(f"{n}班 | 初一" for n in range(1, len(rooms) + 1))])
    return only(school({"成绩": "\n".join(lines), "班级": listed}))


def test_the_headline_says_which_class_fell_most_and_in_what() -> None:
    found = two_exams(((80, 80), (70, 76)), ((70, 60), (70, 60)))

    assert headline(found) == "初一 期末：1班退得最多（总分与年级差比上次▼7.0，其中语文▼5.0）"
    assert remarks(found)[0] == "2 个班里 1 个总分高于年级；2班低得最多（▼8.0）"


def test_subjects_that_fell_alike_are_named_together() -> None:
    assert headline(two_exams(((80, 80), (72, 72)), ((70, 60), (70, 60)))).endswith("，其中语文、数学各▼4.0）")


def test_where_none_fell_the_headline_names_the_lowest_class_and_counts_those_above() -> None:
    found = two_exams(((80, 80), (80, 80)), ((70, 60), (70, 60)), ((90, 90), (90, 90)))

    assert headline(found) == "初一 期末：3 个班里 2 个总分高于年级；2班低得最多（▼26.7）"
    assert remarks(found)[0] == "比上次，没有一个班退了 1 分以上"


def test_a_change_of_a_point_is_nothing_to_speak_of() -> None:
    found = two_exams(((80, 80), (80, 78)), ((70, 60), (70, 60)))

    assert found.change(MEAN, "1班") == -1.0
    assert "退得最多" not in headline(found)
    assert not any("进得最多" in remark for remark in remarks(found))


def test_classes_that_fell_alike_are_named_together_without_a_subject() -> None:
    found = two_exams(((80, 80), (70, 80)), ((80, 80), (80, 70)), ((80, 80), (90, 90)))

    assert headline(found) == "初一 期末：1班、2班退得最多（总分与年级差比上次▼10.0）"


@limits(max_examples=20, deadline=None)
@given(st.lists(st.tuples(*[st.tuples(st.integers(0, 100), st.integers(0, 100))] * 2), min_size=2, max_size=4))
def test_who_subtracts_the_figures_that_are_shown_finds_the_fall_that_is_told(
    rooms: list[tuple[tuple[int, int], tuple[int, int]]],
) -> None:
    found = two_exams(*rooms)
    whole = [[_tenth(sum(one[exam][part] for one in rooms), len(rooms)) for part in (0, 1)] for exam in (0, 1)]
    totals = [_tenth(sum(sum(one[exam]) for one in rooms), len(rooms)) for exam in (0, 1)]
    changes = {f"{n}班": sum(one[1]) - totals[1] - (sum(one[0]) - totals[0]) for n, one in enumerate(rooms, 1)}
    lowest = min(changes.values())
    fell = [name for name, change in changes.items() if change == lowest]

    assert ("退得最多" in headline(found)) == (lowest < -1)
    if lowest < -1:
        assert f"{'、'.join(fell[:3])}" in headline(found)
        assert f"上次▼{-lowest}" in headline(found)
    if lowest < -1 and len(fell) == 1:
        one = rooms[int(fell[0][0]) - 1]
        parts = [one[1][part] - whole[1][part] - (one[0][part] - whole[0][part]) for part in (0, 1)]
        assert f"▼{-min(parts)}）" in headline(found)


def _tenth(total: int, count: int) -> Decimal:
    return (Decimal(total) / count).quantize(Decimal("0.1"), ROUND_HALF_UP)


def test_equal_classes_are_named_together_and_a_single_one_is_compared_with_nobody() -> None:
    marks = "考试编号 | 学号 | 考时班级 | 语文\n期中|01|1班|60\n期中|02|2班|{second}"

    assert headline(only(school({"成绩": marks.format(second=60)}))) == "初一 期中：2 个班总分一样"
    assert "只有一个班有总分" in headline(only(school({"成绩": "考试编号|学号|考时班级|语文\n期中|01|1班|60"})))
    rooms = "班级 | 年级\n1班|初一\n2班|初一\n3班|初一"
    three = school({"成绩": marks.format(second=60) + "\n期中|03|3班|90", "班级": rooms})
    assert headline(only(three)).endswith("1班、2班低得最多（▼10.0）")


def test_the_remarks_say_who_rose_and_where_classes_differ_most() -> None:
    assert remarks(two_exams(((70, 80), (60, 80)), ((80, 70), (80, 76))))[1:] == [
        "进得最多：2班（▲8.0）",
        "班与班差得最多的是语文：2班 80.0，1班 60.0",
    ]


@limits(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.decimals("0", "100", places=1), min_size=LEAST, max_size=8), min_size=2, max_size=4))
def test_plain_arithmetic_finds_the_same_figures(rooms: list[list[Decimal]]) -> None:
    lines = ["考试编号 | 学号 | 考时班级 | 语文"]
    lines += [
        f"期中|{room}{n:03}|{room}班|{mark}" for room, marks in enumerate(rooms, 1) for n, mark in enumerate(marks)
    ]
    listed = "\n".join(["班级 | 年级", *(f"{room}班|初一" for room in range(1, len(rooms) + 1))])
    found = only(school({"成绩": "\n".join(lines), "班级": listed}))

    everyone = [mark for marks in rooms for mark in marks]
    for room, marks in enumerate(rooms, 1):
        for measure, mine, whole in zip(MEASURES, _by_hand(marks), _by_hand(everyone), strict=True):
            figure = found.figure(measure, "语文", f"{room}班")
            assert figure.value == float(mine), measure.name
            assert figure.difference == float(mine - whole), measure.name
        bands = found.bands(f"{room}班")
        assert bands is not None
        assert sum(bands.shares) == 100
        assert min(bands.shares) >= 0


def _by_hand(marks: list[Decimal]) -> list[Decimal]:
    """Mean, 优秀率, 及格率, 低分率 as a person would round them."""
    count = Decimal(len(marks))
    rates = (sum(map(test, marks)) / count * 100 for test in (lambda m: m >= 85, lambda m: m >= 60, lambda m: m < 40))
    mean = (sum(marks) / count).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return [mean, *(rate.quantize(Decimal(1), ROUND_HALF_UP) for rate in rates)]


@pytest.mark.parametrize("students", [1, 30])
def test_nothing_of_a_student_is_in_it(students: int) -> None:
    one = marked_school(students=students)
    numbers = one[SCORES]["学号"].to_list()
    said = repr(qualities(one))

    assert numbers
    assert not any(f"'{number}'" in said for number in numbers)


def test_marks_are_not_changed_by_looking_at_them() -> None:
    one = marked_school()
    before: dict[str, pl.DataFrame] = defaultdict(pl.DataFrame, {"成绩": one[SCORES].clone()})
    qualities(one)

    assert one[SCORES].equals(before["成绩"])
