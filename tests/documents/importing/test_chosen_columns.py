"""选科 in a column for the first choice and columns for the others."""

from __future__ import annotations

import pytest

from tests.documents.importing.school import Files, empty_school
from xlbangfu.schema import ROSTER


@pytest.fixture
def files(tmp_path):
    return Files(tmp_path)


def _chosen(plan):
    return plan.appends[ROSTER]["选科"].to_list()


@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize(
    "heads", [["首选科目", "再选科目1", "再选科目2"], ["首选（物理/历史）", "再选1", "再选2"], ["首选科目", "再选科目"]]
)
def test_first_and_other_choices_are_one(files, form, heads):
    others = [["化学", "生物"], ["政治", "地理"]]
    cells = others if len(heads) > 2 else [["、".join(pair)] for pair in others]
    rows = [["0101", "程一", "高一1班", "物理", *cells[0]], ["0102", "杜二", "高一1班", "历史", *cells[1]]]
    plan = files.plan(["学号", "姓名", "班级", *heads], *rows, name="名册", form=form, to=empty_school())
    assert _chosen(plan) == ["物理、化学、生物", "历史、政治、地理"]
    assert "没有用" not in plan.lines[-1]


def test_a_first_choice_alone_is_no_choice(files):
    rows = [["0101", "程一", "高一1班", "物理"]]
    plan = files.plan(["学号", "姓名", "班级", "首选科目"], *rows, name="名册", to=empty_school())
    assert _chosen(plan) == [None]


def test_a_choice_with_a_blank_is_not_taken(files):
    rows = [["0101", "程一", "高一1班", "物理", "化学", ""]]
    plan = files.plan(["学号", "姓名", "班级", "首选", "再选1", "再选2"], *rows, name="名册", to=empty_school())
    assert _chosen(plan) == [None]
