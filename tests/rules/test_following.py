"""制定计划, 日程 and 落实与进展 as actions and commands."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from icalendar import Calendar

from tests.support.fake_book import FakeBook
from xlbangfu import actions, cli
from xlbangfu.actions import Call, follow_students, write_plans
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.errors import messages
from xlbangfu.schema import CONTACTS, INPUTS, PLANS, PROGRESS, ROSTER, RUNS, SCHEDULE

NOW = datetime(2026, 3, 2, 9, 0)
YES = Call(user="王老师", now=NOW, agrees=lambda _: True)
SCHOOL = {
    "设置": [["项目", "值", "说明"], ["学期开始", "2026-03-02", ""], ["学期结束", "2026-07-03", ""]],
    "教师": [["工号", "姓名", "角色", "在岗", "邮箱"], ["T1", "甲师", "班主任", "是", "jia@example.edu.cn"]],
    "班级": [["班级", "年级", "班主任"], ["1班", "初一", "T1"]],
    "名册": [
        ["学号", "姓名", "班级", "在籍状态", "帮扶类别", "困难类型", "列入日期"],
        ["01", "王一", "1班", "在读", "学困", "学习", date(2025, 9, 10)],
        ["02", "王二", "1班", "在读", "学困", "行为规范", date(2025, 9, 10)],
    ],
}


def fake(folder: Path = Path("没有这个文件夹")) -> FakeBook:
    return FakeBook(SCHOOL, path=folder / "总表.xlsm")


def test_plans_are_written_only_when_staff_agree_and_only_once() -> None:
    book, asked = fake(), list[str]()
    no = Call(user="王老师", now=NOW, agrees=lambda question: bool(asked.append(question)))

    assert write_plans.plan(book, no) is None
    assert asked == ["给 2 名还没有计划、或计划没有排到期末的学生写 12 行计划，写进“计划”表吗？"]
    assert (book.read(PLANS)[PLANS].height, book.saves) == (0, 0)

    first = write_plans.plan(book, YES)
    again = write_plans.plan(book, no)

    assert first is not None
    assert again is not None
    assert (first.rows, again.rows, len(asked)) == (12, 0, 1)
    assert "还没有计划" not in first.next_step
    assert "每名帮扶学生本学期都有计划了" in again.sentence
    plans = book.read(PLANS)[PLANS]
    assert (plans.height, plans["计划编号"].n_unique(), plans["学号"].n_unique()) == (12, 12, 2)
    assert book.read(RUNS)[RUNS]["操作"].to_list() == ["制定计划", "制定计划"]


def test_a_plan_on_a_bad_row_is_not_written_a_second_time_and_its_number_is_not_used_again() -> None:
    heads = ["计划编号", "学号", "姓名", "班级", "阶段", "目标", "措施", "负责人", "开始", "结束"]
    bad = ["JH00090", "01", "", "", "摸底调查", "及格", "面批", "", "三月初", "三月底"]
    book = FakeBook({**SCHOOL, "计划": [heads, bad]})

    write_plans.plan(book, YES)

    plans = book.read(PLANS)[PLANS]
    assert plans.filter(pl.col("学号") == "01").height == 1
    assert plans["计划编号"].to_list()[1] == "JH00091"


def test_after_the_term_there_is_nothing_to_plan_or_to_date(tmp_path: Path) -> None:
    late = Call(user="王老师", now=datetime(2026, 7, 20), agrees=lambda _: True)
    book = fake(tmp_path)

    planned, dated = write_plans.plan(book, late), actions.perform("calendar", book, late)

    assert planned is not None
    assert dated is not None
    assert "学期已经结束" in planned.sentence
    assert "学期已经结束" in dated.sentence
    assert book.read(PLANS)[PLANS].height == 0
    assert dated.files == ()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"名册": [["学号", "姓名", "班级", "在籍状态"], ["01", "王一", "1班", "在读"]]}, "名册里还没有帮扶学生"),
        (
            {"设置": [["项目", "值"], ["学期开始", "2026-03-02"], ["学期结束", "2026-03-01"]]},
            "学期开始不在学期结束之前",
        ),
    ],
)
def test_where_there_is_nothing_to_do_it_says_why(change: dict[str, Any], why: str, tmp_path: Path) -> None:
    book = FakeBook(SCHOOL | change, path=tmp_path / "总表.xlsm")

    for name in ("plan", "calendar"):
        outcome = actions.perform(name, book, YES)
        assert outcome is not None
        assert why in outcome.sentence
    assert list(tmp_path.iterdir()) == []


def test_the_schedule_stands_on_its_sheet_and_in_a_file_for_the_teacher(tmp_path: Path) -> None:
    book = fake(tmp_path)
    write_plans.plan(book, YES)

    outcome = actions.perform("calendar", book, YES)

    assert outcome is not None
    sheet = book.read(SCHEDULE)[SCHEDULE]
    assert sheet.height == outcome.rows > 0
    assert [path.relative_to(tmp_path).parts for path in outcome.files] == [("日程", "甲师_重点关爱日程_T1.ics")]
    assert Calendar.from_ical(outcome.files[0].read_bytes()).walk("VEVENT")
    noted = book.read(RUNS)[RUNS].row(-1, named=True)
    assert noted["校验码"].startswith("T1:")
    assert "T1" not in noted["说明"] and "王一" not in noted["说明"] + noted["校验码"]


def test_notes_on_the_schedule_survive(tmp_path: Path) -> None:
    book = fake(tmp_path)
    actions.perform("calendar", book, YES)
    grid = book.sheets["日程"]
    grid[3][grid[0].index("备注")] = "改到晚自习"

    actions.perform("calendar", book, YES)

    assert book.read(SCHEDULE)[SCHEDULE]["备注"].drop_nulls().to_list() == ["改到晚自习"]


def test_contacts_and_progress_are_written_together_and_counted_on_the_front_page() -> None:
    book = fake()
    march = Call(user="王老师", now=datetime(2026, 3, 15))

    outcome = follow_students.follow(book, march)

    frames = book.read(CONTACTS, PROGRESS)
    assert frames[CONTACTS].height == 10
    assert "2 名帮扶学生：8 项帮扶过期（2 人）" in outcome.sentence
    assert book.front_page["控制台_过期帮扶"] == "8"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sample school whose plans were taken off."""
    path = tmp_path_factory.mktemp("term") / "总表.xlsm"
    assert (
        cli.main(["new", str(path), "--sample", "--students", "120", "--classes", "4", "--exams", "3", "--logs", "200"])
        == 0
    )
    book = ClosedBook(path)
    book.delete(PLANS, book.read(PLANS)[PLANS].select("计划编号"))
    book.save()
    return path


@pytest.fixture
def path(sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    def fail(problem: BaseException) -> Path:
        raise problem

    monkeypatch.setattr(messages, "log", fail)
    copy = tmp_path / sample.name
    copy.write_bytes(sample.read_bytes())
    return copy


def test_a_term_from_the_command_line(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = ClosedBook(path).read(*INPUTS)

    assert cli.main(["plan", str(path)]) == 1
    assert "没有做，总表没有改动" in capsys.readouterr().out
    assert cli.main(["plan", str(path), "--yes"]) == 0
    assert "写好" in capsys.readouterr().out
    assert cli.main(["calendar", str(path), "--out", str(path.parent / "历"), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)

    after = ClosedBook(path).read(*INPUTS, SCHEDULE)
    listed = before[ROSTER].filter(
        pl.col("帮扶类别") == "学困", pl.col("在籍状态") == "在读", pl.col("退出日期").is_null()
    )
    assert set(after[PLANS]["学号"]) == set(listed["学号"])
    assert after[SCHEDULE].height == said["rows"]
    assert len(said["files"]) == len(list((path.parent / "历").glob("*.ics")))
    for table in INPUTS:
        if table != PLANS:
            assert after[table].equals(before[table]), table.name


def test_following_from_the_command_line(path: Path, capsys: pytest.CaptureFixture[str]) -> None:

    assert cli.main(["follow", str(path)]) == 0

    frames = ClosedBook(path).read(CONTACTS, PROGRESS)
    assert frames[CONTACTS].height > 0
    assert "名帮扶学生" in capsys.readouterr().out


def test_without_a_folder_the_calendars_go_beside_the_workbook(path: Path) -> None:
    assert cli.main(["calendar", str(path)]) == 0
    assert list((path.parent / "日程").glob("*.ics"))
