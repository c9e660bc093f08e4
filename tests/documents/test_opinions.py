"""意见表: two half pages a student, and what is made of the answers."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.support.class_page_school import EDITION, TRACKED_HERE, frames, school
from tests.support.drawn import frame
from tests.support.returned_pages import CALL, HERE, THERE, book, collect, filled, put, rows
from xlbangfu.actions import write_opinions
from xlbangfu.documents.class_page.fill_in import CONDUCT_COLUMNS
from xlbangfu.documents.opinions import ClassOpinions, opinion_forms
from xlbangfu.documents.opinions.opinion_forms import PARENTS, SCORE, STUDENTS
from xlbangfu.documents.opinions.opinion_sheet import as_bytes
from xlbangfu.errors import BadArgument
from xlbangfu.rules.opinions import FEWEST, ITEMS, opinions
from xlbangfu.rules.school import School
from xlbangfu.schema import CONDUCT, ROSTER
from xlbangfu.settings.parsers import NOT_FOR_PARENTS

A4 = 841.9  # points


def forms(**chosen: str) -> dict[str, ClassOpinions]:
    return {one.class_name: one for one in opinion_forms(school(dict(chosen)), made=EDITION)}


def texts(one: ClassOpinions) -> list[str]:
    sheet = openpyxl.load_workbook(BytesIO(as_bytes(one))).active
    return [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]


def test_each_student_of_a_class_has_a_form_for_the_parents_and_one_of_the_own() -> None:
    names = dict(frames()[ROSTER].select("学号", "姓名").iter_rows())
    shown = texts(forms()[HERE])

    assert forms()[HERE].names == tuple(names[number] for number in TRACKED_HERE)
    for number in TRACKED_HERE:
        assert sum(names[number] in text for text in shown) == 2
    assert [shown.count(title) for title in ("家长意见表", "学生意见表")] == [4, 4]


def test_it_is_for_those_to_whom_letters_go() -> None:
    assert len(forms(家长信对象="全体学生")[HERE].names) > len(forms()[HERE].names)


def test_nothing_on_it_tells_on_which_list_the_child_is_or_names_a_child_of_another_class() -> None:
    for one in forms(学校名称="学困实验中学", 对外称谓="重点关爱").values():
        for text in texts(one):
            assert not NOT_FOR_PARENTS.search(text), text
            assert "重点关爱" not in text
    assert not any("郑二" in text for text in texts(forms()[HERE]))


def test_its_questions_are_the_marks_that_the_class_page_takes() -> None:
    asked = ["帮扶满意度" if name == SCORE else name for name in PARENTS]

    assert asked == list(ITEMS) == [name for name in CONDUCT_COLUMNS if name in ITEMS]
    assert list(PARENTS) == list(STUDENTS)


def test_two_forms_fill_a_sheet_of_paper_and_no_more() -> None:
    sheet = openpyxl.load_workbook(BytesIO(as_bytes(forms()[HERE]))).active
    breaks = [one.id for one in sheet.row_breaks.brk]
    tall = [
        sum(sheet.row_dimensions[row].height for row in range(first + 1, last + 1))
        for first, last in zip([0, *breaks], breaks, strict=False)
    ]

    assert len(breaks) == 3
    assert all(700 < one <= A4 - 72 * (sheet.page_margins.top + sheet.page_margins.bottom) for one in tall)


def test_an_unknown_class_is_a_sentence() -> None:
    with pytest.raises(BadArgument, match="班级表里没有“初九9班”"):
        opinion_forms(school(), classes=["初九9班"], made=EDITION)


def test_the_button_says_how_many_and_where_the_answers_go(tmp_path: Path) -> None:
    outcome = write_opinions.opinions(book().at(tmp_path), replace(CALL, out=tmp_path / "意见表"))

    assert outcome.rows == 6
    assert "填报评价" in outcome.sentence
    assert {path.name.split("_")[0] for path in (tmp_path / "意见表").glob("*.xlsx")} == {HERE, THERE}


def test_what_the_homeroom_teacher_enters_for_parents_and_students_is_in_the_means(tmp_path: Path) -> None:
    one = book()
    answers = {
        str(8 + at): {"月份": "2026-05", "学生": number, "评价人": who, "评价人姓名": who, "帮扶满意度": mark}
        for at, (number, who, mark) in enumerate(
            [*((f"010{at}", "家长", mark) for at, mark in enumerate((5, 4, 3, 4, 4), 1)), ("0104", "学生", 2)]
        )
    }
    collect(one, put(tmp_path, filled(marks=answers)))
    found = opinions(School.of(one.read(*frames()), today=EDITION.date()), date(2026, 2, 1), date(2026, 5, 31))

    assert len([row for row in rows(one, CONDUCT) if row["评价人"] in ("家长", "学生")]) == 6
    assert found.filter(pl.col("项目") == "帮扶满意度").select(
        pl.col("评价人").cast(pl.String), "人数", "平均"
    ).rows() == [
        ("家长", 5, 4.0),
        ("学生", None, None),
    ]


SIX = frame(ROSTER, "学号\n" + "\n".join("123456"))
MARKS = st.lists(
    st.tuples(
        st.integers(1, 6),
        st.sampled_from(["家长", "学生", "班主任"]),
        st.sampled_from(["2026-03", "2026-04", "2025-12"]),
        st.integers(1, 5),
    ),
    unique_by=lambda one: one[:3],
    max_size=25,
)


@given(MARKS)
@settings(max_examples=40, deadline=None)
def test_a_mean_counts_each_student_once_and_is_told_of_five_and_more(marks: list[tuple[int, str, str, int]]) -> None:
    drawn = "月份 | 学号 | 评价人 | 纪律\n" + "\n".join(
        f"{month} | {who} | {by} | {mark}" for who, by, month, mark in marks
    )
    found = opinions(
        School.of({CONDUCT: frame(CONDUCT, drawn), ROSTER: SIX}, today=date(2026, 5, 1)),
        date(2026, 2, 1),
        date(2026, 4, 30),
    )

    expected: dict[str, dict[int, list[int]]] = {}
    for who, by, month, mark in marks:
        if by != "班主任" and month != "2025-12":
            expected.setdefault(by, {}).setdefault(who, []).append(mark)
    assert set(found["评价人"].cast(pl.String)) == set(expected)
    for row in found.iter_rows(named=True):
        each: list[Any] = [sum(those) / len(those) for those in expected[row["评价人"]].values()]
        if len(each) < FEWEST:
            assert (row["人数"], row["平均"]) == (None, None)
        else:
            assert row["人数"] == len(each)
            assert abs(row["平均"] - sum(each) / len(each)) <= 0.0501
