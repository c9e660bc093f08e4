"""The sample school: the same for the same seed, believable, without problems unless they are asked for."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, datetime

import polars as pl
import pytest
from msgspec.structs import replace

from xlbangfu import sample
from xlbangfu.book import template
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.rules.problems import ERROR
from xlbangfu.rules.ranking import rank
from xlbangfu.rules.school import School
from xlbangfu.rules.screening import screen
from xlbangfu.rules.validation import CHECKS, validate
from xlbangfu.sample.chance import Chance
from xlbangfu.sample.last_term import award_frame
from xlbangfu.sample.sample_frames import from_rows
from xlbangfu.schema import (
    ABSENCES,
    CLASSES,
    CONDUCT,
    DEFECTS,
    EXAMS,
    INPUTS,
    LOG,
    ORGANISATION,
    PAIRINGS,
    PLANS,
    RECALLS,
    ROSTER,
    SCORES,
    SUBJECTS,
    TEACHERS,
    TRACKED,
    Column,
    state_of,
    subjects_in,
)
from xlbangfu.settings import Settings


@pytest.fixture(scope="module")
def school() -> sample.Sample:
    return sample.make()


@pytest.fixture(scope="module")
def troubled() -> sample.Sample:
    return sample.make(with_problems=True)


@pytest.fixture(scope="module")
def problems(troubled: sample.Sample, tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    """What validation finds in the workbook made of the troubled school."""
    path = tmp_path_factory.mktemp("troubled") / "总表.xlsm"
    template.build(
        path, frames=troubled.frames, planted=troubled.planted, faults=troubled.faults, created=datetime(2026, 6, 30)
    )
    frames = ClosedBook(path).read(*INPUTS)
    return validate(School.of(frames, today=sample.TODAY), frames[DEFECTS])


def problems_of(made: sample.Sample) -> pl.DataFrame:
    return validate(School.of(made.frames, today=sample.TODAY), DEFECTS.empty())


def test_the_same_seed_makes_the_same_school_whatever_the_order_of_hashes():
    code = (
        "import hashlib; from xlbangfu import sample; s = sample.make(students=90, classes=3, logs=60);"
        "print(hashlib.sha256(''.join(f.write_csv() for f in s.frames.values()).encode()).hexdigest())"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("0", "7")
    }
    assert len(answers) == 1


def test_the_draws_are_fixed_for_good():
    chance = Chance(1)
    assert [chance.below(100) for _ in range(5)] == [13, 84, 76, 25, 49]


def test_another_seed_makes_another_school(school):
    assert not sample.make(seed=2).frames[ROSTER].equals(school.frames[ROSTER])


def test_every_input_sheet_has_the_columns_of_the_schema(school):
    for table in INPUTS:
        assert list(school.frames[table].schema.items())[: len(table.columns)] == list(table.frame_schema.items())


def test_a_school_of_1200_has_66_tracked_students_27_of_them_key(school):
    tracked = school.frames[ROSTER].filter(pl.col("帮扶类别") == TRACKED)
    assert (tracked.height, tracked.filter(pl.col("重点") == "是").height) == (66, 27)


def test_a_clean_school_has_no_problem_at_any_size():
    for size in ({}, {"students": 150, "classes": 3, "exams": 4, "logs": 300}, {"students": 20, "classes": 2}):
        assert problems_of(sample.make(**size)).rows() == []
    many = problems_of(sample.make(students=150, classes=3, exams=12, logs=300))
    assert set(many["编号"]) == {"V67"}  # of twelve exams in a year most are more than the notices allow


def test_a_small_school_takes_the_same_problems_as_a_large_one(troubled):
    small = sample.make(students=90, classes=3, exams=2, logs=20, seed=3, with_problems=True)
    assert set(problems_of(small)["编号"]) == set(problems_of(troubled)["编号"])


def test_screening_proposes_a_handful_of_every_kind_and_agrees_with_most_of_the_list(school):
    seen = School.of(school.frames, today=sample.TODAY)
    found = dict(screen(seen, rank(seen)).group_by("变化").len().iter_rows())

    assert 10 <= found["新增"] <= 30
    assert 1 <= found["待定"] <= 5
    assert 10 <= found["可退出"] <= 20
    assert found["保留"] > 5 * found["可退出"]


def test_both_terms_have_absences_opinions_and_log_entries_and_the_first_has_its_honours(school):
    begins = Settings().term_start
    for table, day in ((ABSENCES, "日期"), (LOG, "日期")):
        earlier = (school.frames[table][day] < begins).sum()
        assert 0 < earlier < school.frames[table].height
    opinions = school.frames[CONDUCT].filter(pl.col("评价人") == "学生")
    assert set(opinions["月份"]) == {"2026-01", "2026-06"}
    assert school.frames[RECALLS]["结果"].is_in(["复学", "辍学"]).any()
    awards = award_frame(school.frames)
    assert set(awards["学期"]) == {"2025-2026上"}
    assert awards.height > 10


def test_physics_begins_in_the_second_year_and_chemistry_in_the_third(school):
    grades = dict(school.frames[CLASSES].select("班级", "年级").iter_rows())
    scores = school.frames[SCORES].with_columns(pl.col("班级").replace_strict(grades).alias("年级"))
    taught = scores.group_by("年级").agg(pl.col("物理", "化学").count())
    assert {grade: (bool(physics), bool(chemistry)) for grade, physics, chemistry in taught.iter_rows()} == {
        "初一": (False, False),
        "初二": (True, False),
        "初三": (True, True),
    }


def test_marks_last_from_exam_to_exam_and_differ_between_subjects(school):
    scores = school.frames[SCORES]
    first, last = school.frames[EXAMS]["考试编号"][0], school.frames[EXAMS]["考试编号"][-1]
    both = scores.filter(pl.col("考试编号") == first).join(
        scores.filter(pl.col("考试编号") == last), on="学号", suffix="_last"
    )
    again, other = both.select(again=pl.corr("数学", "数学_last"), other=pl.corr("数学", "语文")).row(0)
    assert 0.8 < other < again < 0.99


def test_about_four_marks_in_a_thousand_are_absences(school):
    scores = school.frames[SCORES]
    states = scores.select(state_of(subject) for subject in subjects_in(scores))
    absent = sum((states[name] == "缺考").sum() for name in states.columns)
    marks = sum(scores[subject].count() for subject in subjects_in(scores))
    assert 0.002 < absent / marks < 0.006


def test_every_tracked_student_has_one_running_teacher_within_the_limit(school):
    running = school.frames[PAIRINGS].filter(pl.col("类型") == "一对一", pl.col("状态") == "执行")
    assert running["学号"].n_unique() == running.height == 66
    assert running.group_by("教师").len()["len"].max() <= 3


def test_every_subject_of_every_class_has_a_teacher(school):
    taught = school.frames[TEACHERS].filter(pl.col("在岗") == "是").select("任教科目", "任教班级").drop_nulls()
    pairs = set(taught.with_columns(pl.col("任教班级").str.split("、")).explode("任教班级").iter_rows())
    classes = school.frames[CLASSES].join(school.frames[SUBJECTS], on="年级")
    assert set(classes.select("科目", "班级").iter_rows()) <= pairs


def test_log_entries_run_through_the_year_in_order_and_stop_before_today(school):
    days = school.frames[LOG]["日期"]
    assert days.is_sorted()
    assert (days.min(), days.max() < sample.TODAY, days.len()) == (date(2025, 9, 22), True, 1000)


def test_no_exam_lies_after_today():
    made = sample.make(students=60, classes=3, logs=20, today=date(2026, 3, 1))
    assert made.frames[EXAMS]["日期"].max() <= date(2026, 3, 1)


@pytest.mark.parametrize("exams", [0, 1, 12, 24, 30])
def test_any_number_of_exams_can_be_asked_for_without_monthly_ones(exams):
    made = sample.make(students=30, classes=3, exams=exams, logs=10)
    held = made.frames[EXAMS]
    assert (held.height, held["考试编号"].n_unique()) == (exams, exams)
    assert not {"月考", "单元"} & set(held["类型"])


def test_every_check_finds_its_problem_in_the_workbook_but_those_that_would_hide_others(problems):
    """V06 takes a sheet away; V75, V76, V120 and V122 need a term that V25 takes away; V80 needs an older workbook."""
    assert set(CHECKS) - set(problems["编号"]) == {"V06", "V75", "V76", "V80", "V120", "V122"}


def test_a_planted_cell_is_found_by_its_check_in_its_place(troubled, problems):
    found = problems.select("编号", "工作表", "行", "列").rows()
    for cell in troubled.planted:
        assert (cell.check, cell.table.name, cell.row_index + 2, cell.column) in found


def test_each_sheet_out_of_shape_is_found_once_by_its_check(troubled, problems):
    found = problems.filter(pl.col("编号") < "V07").select("编号", "工作表", pl.col("列").fill_null(""))
    assert sorted(found.rows()) == sorted((fault.check, fault.table.name, fault.column) for fault in troubled.faults)


def test_a_clean_school_has_no_sheet_out_of_shape(school):
    assert (school.planted, school.faults) == ([], [])


def test_problems_take_few_rows_away(problems):
    assert problems.filter(pl.col("级别") == ERROR).height < 60


def test_every_plan_lasts_from_the_start_to_the_end_of_the_term(school):
    ends = school.frames[PLANS].group_by("学号").agg(pl.max("结束"), open=(pl.col("完成") == "否").sum())
    assert ends["结束"].unique().to_list() == [Settings().term_end]
    assert ends["open"].unique().to_list() == [1]


def test_a_column_that_the_sample_says_nothing_of_is_empty() -> None:
    wider = replace(ORGANISATION, columns=(Column(name="电话"), *ORGANISATION.columns))

    frame = from_rows(wider, "职务 姓名 职责", [("组长", "王老师", "全面负责")])

    assert frame.row(0, named=True) == {"电话": None, "职务": "组长", "姓名": "王老师", "职责": "全面负责"}
