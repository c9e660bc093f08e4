"""进展, places and prize of one student on a class page: one verdict, whatever the sheets hold."""

from __future__ import annotations

from datetime import date

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.class_page_school import EDITION, TRACKED_HERE, figures, frames, prizes, sheet
from xlbangfu.documents.class_page import class_pages
from xlbangfu.documents.class_page.progress_sheet import exam_columns
from xlbangfu.documents.class_page.verdict import Sat, Step, verdict
from xlbangfu.rules.prizes import award
from xlbangfu.rules.progress import BETTER, FELL, STEPS, progress
from xlbangfu.rules.ranking import rank
from xlbangfu.rules.school import School
from xlbangfu.schema import EXAMS, SCORES, SUBJECTS, state_of

EXAM = "E2"
SAT = st.none() | st.builds(
    Sat,
    st.just(EXAM),
    st.just("期中"),
    st.booleans(),
    st.none() | st.integers(-9, 9),
    st.none() | st.just("缺考：数学"),
)
STEP = st.none() | st.builds(
    Step, st.sampled_from([EXAM, "E1", None]), st.sampled_from([*STEPS, "数据不足"]), st.booleans(), st.integers(-1, 1)
)


@settings(max_examples=400)
@given(SAT, STEP, st.sampled_from(["", "一等奖", "三等奖"]))
def test_what_is_told_never_goes_two_ways(sat: Sat | None, step: Step | None, prize: str) -> None:
    told = verdict(sat, step, prize, kind_of_step="期末", public_name="重点关爱")

    if "进步" in told.change or "上升" in told.change:
        assert step is None or step.word != FELL
    if "退步" in told.change or "下降" in told.change:
        assert step is None or step.word not in BETTER
    if told.prize and not told.basis:
        assert (step.word in BETTER) if step else "退步" not in told.change
    if step and step.exam != EXAM and sat:
        assert "名" not in told.change


def test_behaviour_that_moved_the_word_is_named_where_places_went_the_other_way() -> None:
    sat = Sat(EXAM, "期中", True, 4, None)
    lowered = verdict(sat, Step(EXAM, "退步", False, -1), "二等奖", kind_of_step="", public_name="重点关爱")
    assert (lowered.status, lowered.change) == ("退步", "行为评价下降")
    assert (lowered.prize, lowered.basis) == ("期中进步二等奖", "重点关爱学生之间")


def test_the_word_of_an_earlier_exam_says_so_and_who_missed_the_last_one_is_told() -> None:
    told = verdict(None, Step("E1", "进步"), "", kind_of_step="期末", public_name="重点关爱")
    assert (told.status, told.change) == ("进步（期末）", "未参加")


def test_who_was_listed_after_the_exam_is_compared_from_the_next_one_on() -> None:
    told = verdict(
        Sat(EXAM, "期中", True, 30, None), Step(None, "数据不足"), "", kind_of_step="", public_name="重点关爱"
    )
    assert (told.status, told.change) == ("数据不足", "从下次考试起比")


def with_marks(marks: dict[str, tuple[int, int]]) -> School:
    """Two exams in a row; each student's two marks of one subject."""
    days = {"E1": date(2026, 1, 20), EXAM: date(2026, 5, 15)}
    rows = [
        {"考试编号": exam, "学号": number, "数学": float(of[place])}
        for place, exam in enumerate(days)
        for number, of in marks.items()
    ]
    scores = sheet(SCORES, rows).with_columns(
        pl.Series("数学", [row["数学"] for row in rows]), pl.lit(None, pl.String).alias(state_of("数学"))
    )
    exams = [
        {"考试编号": exam, "名称": exam, "日期": day, "学期": term, "类型": kind}
        for (exam, day), term, kind in zip(days.items(), ("2025-2026上", "2025-2026下"), ("期末", "期中"), strict=True)
    ]
    subjects = [{"科目": "数学", "满分": 100.0, "优秀线": 80.0, "及格线": 60.0, "低分线": 40.0, "计入总分": "是"}]
    more = {EXAMS: sheet(EXAMS, exams), SCORES: scores, SUBJECTS: sheet(SUBJECTS, subjects)}
    return School.of(frames() | more, today=EDITION.date())


NUMBERS = ("0101", "0102", "0103", "0104", "0105", "0106", "0201", "0202", "0205")


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=9, max_size=9))
def test_on_a_page_no_student_goes_forward_in_one_column_and_back_in_another(of: list[tuple[int, int]]) -> None:
    one = with_marks(dict(zip(NUMBERS, of, strict=True)))
    ranked = rank(one)
    made = class_pages(
        one, ranked, figures().clear(), award(one, ranked), edition=EDITION, progress=progress(one, ranked)
    )[0]

    assert {student.number for student in made.students} == set(TRACKED_HERE)
    columns = {heading: value for heading, _, value in exam_columns(made.edition)}
    for student in made.students:
        came, won = columns["进展"](student) or "", columns["奖项和荣誉"](student) or ""
        assert not ("进步" in came and "退步" in came)
        assert not ("奖" in won and "学生之间" not in won and "进步" not in came)
        assert len(student.subjects_told) == len(made.subjects) == 1


def test_subjects_are_told_as_a_level_and_which_way_the_place_went() -> None:
    made = class_pages(
        *(one := with_marks({"0101": (10, 90), "0102": (90, 10), "0103": (50, 50), "0104": (50, 50)}), rank(one)),
        figures().clear(),
        prizes().clear(),
        edition=EDITION,
    )[0]
    assert made.subjects == ("数学",)
    assert [student.subjects_told for student in made.students] == [("A ▲",), ("E ▼",), ("D –",), ("D –",)]


def test_nothing_of_subjects_is_told_where_nothing_of_exams_is() -> None:
    one = with_marks({"0101": (10, 90), "0102": (90, 10)})
    hidden = School.of(one.frames | {k: v for k, v in frames({"班级页名次显示": "不显示"}).items() if k.name == "设置"},
                       today=one.today)  # fmt: skip
    made = class_pages(hidden, rank(one), figures().clear(), prizes().clear(), edition=EDITION)[0]
    assert made.subjects == () and {student.subjects_told for student in made.students} == {()}
