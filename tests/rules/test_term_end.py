"""The end of a term on a closed workbook: 评优, 确认荣誉 and 考核, as staff and the command line meet them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest
from msgspec.structs import replace

from tests.support.fake_book import FakeBook
from xlbangfu import sample
from xlbangfu.actions import Call, appraise_staff, honour_students
from xlbangfu.book import template
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.cli import main
from xlbangfu.errors import BadArgument
from xlbangfu.rules.school import STUDENT, School
from xlbangfu.schema import APPRAISAL, AWARDS, CONTACTS, HONOURS, INPUTS, PAIRINGS, ROSTER, RUNS, SETTINGS

CALL = Call(user="王老师", now=datetime(2026, 6, 30, 10, 20), agrees=lambda _: True)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("school") / "帮扶总表.xlsm"
    frames = sample.make(students=120, classes=4, exams=3, logs=200).frames
    template.build(path, frames=frames, created=datetime(2026, 6, 30))
    return path


@pytest.fixture
def book(made: Path, tmp_path: Path) -> Path:
    copy = tmp_path / made.name
    copy.write_bytes(made.read_bytes())
    return copy


@pytest.fixture
def with_contacts(monkeypatch: pytest.MonkeyPatch) -> None:
    """落实: ten owed and seven made by every one-to-one teacher."""

    def contacts(school: School) -> pl.DataFrame:
        rows = (
            school[PAIRINGS].filter(pl.col("类型") == "一对一").select(学号=STUDENT, 责任教师="教师", 应做=10, 已做=7)
        )
        return pl.concat([CONTACTS.empty(), rows], how="diagonal_relaxed")

    monkeypatch.setitem(sys.modules, "xlbangfu.rules.contacts", SimpleNamespace(contacts=contacts))


def on(path: Path) -> ClosedBook:
    return ClosedBook(path)


def tick(path: Path, chosen: Callable[[pl.DataFrame], pl.DataFrame]) -> int:
    """Tick rows of 评优 as staff do; how many."""
    opened = on(path)
    rows = chosen(opened.read(HONOURS)[HONOURS])
    opened.amend(HONOURS, rows.select("荣誉", "学号", pl.lit("√").alias("采纳")))
    opened.save()
    return rows.height


def test_candidates_stand_on_the_sheet_with_their_evidence_and_no_input_sheet_is_touched(book: Path) -> None:
    before = on(book).read(*INPUTS)

    outcome = honour_students.honours(on(book), CALL)

    sheet = on(book).read(HONOURS)[HONOURS]
    assert sheet.height == outcome.rows > 0
    assert sheet["依据"].null_count() == 0
    assert on(book).read(AWARDS)[AWARDS].height == 0
    after = on(book).read(*INPUTS)
    assert all(after[table].equals(before[table]) for table in INPUTS)


def test_ticked_rows_and_prizes_go_to_the_ledger_exactly_once(book: Path) -> None:
    honour_students.honours(on(book), CALL)
    ticked = tick(book, lambda sheet: sheet.head(3))

    first = honour_students.honours_accept(on(book), CALL)
    later = replace(CALL, now=datetime(2026, 7, 2, 9, 0))
    second = honour_students.honours_accept(on(book), later)

    ledger = on(book).read(AWARDS)[AWARDS]
    assert first and second
    assert ledger.height == first.rows > ticked
    assert ledger.filter(~pl.col("荣誉").str.contains("等奖")).height == ticked
    assert set(ledger["确认人"]) == {"王老师"}
    assert second.rows == 0
    assert "没有新的荣誉可记" in second.sentence
    marked = on(book).read(HONOURS)[HONOURS].filter(pl.col("采纳").is_not_null())
    assert marked["依据"].str.starts_with("已记入荣誉；").all()
    assert honour_students.honours(on(book), later).rows
    again = on(book).read(HONOURS)[HONOURS].filter(pl.col("采纳").is_not_null())
    assert again["依据"].to_list() == marked["依据"].to_list()


def test_staff_are_told_how_many_before_and_may_think_better_of_it(book: Path) -> None:
    honour_students.honours(on(book), CALL)
    tick(book, lambda sheet: sheet.head(2))
    asked: list[str] = []
    before = book.read_bytes()

    outcome = honour_students.honours_accept(
        on(book), replace(CALL, agrees=lambda question: bool(asked.append(question)))
    )

    assert outcome is None
    assert "2 项荣誉" in asked[0]
    assert book.read_bytes() == before


def test_a_ticked_candidate_who_left_since_is_named_and_not_recorded(book: Path) -> None:
    honour_students.honours(on(book), CALL)
    tick(book, lambda sheet: sheet.head(1))
    gone = on(book).read(HONOURS)[HONOURS]["学号"][0]
    opened = on(book)
    left = pl.DataFrame({"学号": [gone], "在籍状态": ["转出"], "异动日期": [date(2026, 6, 28)]})
    opened.amend(ROSTER, left)
    opened.save()

    outcome = honour_students.honours_accept(on(book), CALL)

    assert outcome is not None
    assert gone in outcome.sentence and "没有记" in outcome.sentence
    assert gone not in on(book).read(AWARDS)[AWARDS].filter(~pl.col("荣誉").str.contains("等奖"))["学号"]


def test_more_stars_of_a_class_than_allowed_are_refused_whole(book: Path) -> None:
    opened = on(book)
    settings = pl.DataFrame({"项目": ["评优时段", "十星候选"], "值": ["期中", "10"]})
    opened.amend(SETTINGS, settings)
    opened.save()
    honour_students.honours(on(book), CALL)
    tick(book, lambda sheet: sheet)

    with pytest.raises(BadArgument, match="每班最多 10 颗星"):
        honour_students.honours_accept(on(book), CALL)

    assert on(book).read(AWARDS)[AWARDS].height == 0


def test_the_ledger_of_runs_names_no_student(book: Path) -> None:
    honour_students.honours(on(book), CALL)
    tick(book, lambda sheet: sheet.head(5))
    honour_students.honours_accept(on(book), CALL)

    frames = on(book).read(RUNS, ROSTER)
    said = " ".join(frames[RUNS]["说明"])
    assert not [name for name in frames[ROSTER]["姓名"] if name in said]


@pytest.mark.usefixtures("with_contacts")
def test_the_appraisal_adds_up_on_the_sheet(book: Path) -> None:
    outcome = appraise_staff.appraise(on(book), CALL)

    sheet = on(book).read(APPRAISAL)[APPRAISAL]
    teachers = sheet.filter(pl.col("对象") == "教师", pl.col("总分").is_not_null())
    assert sheet.height == outcome.rows
    parts = teachers.select(pl.sum_horizontal("记录完整", "落实", "学生进展", "满意度")).to_series()
    assert ((parts - teachers["总分"]).abs() < 1e-6).all()
    assert teachers["落实"].drop_nulls().len()
    assert sheet.filter(pl.col("对象") == "班级").height == 4


@pytest.mark.usefixtures("with_contacts")
def test_an_empty_workbook_is_honoured_and_appraised_without_trouble() -> None:
    fake = FakeBook()

    assert "还没有候选人" in honour_students.honours(fake, CALL).sentence
    accepted = honour_students.honours_accept(fake, CALL)
    assert accepted is not None and accepted.rows == 0
    assert appraise_staff.appraise(fake, CALL).rows == 0


@pytest.mark.usefixtures("with_contacts")
def test_the_commands_do_the_same(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["honours", str(book), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["rows"] > 0
    tick(book, lambda sheet: sheet.head(2))
    assert main(["honours", str(book), "--accept", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["done"] is False
    assert main(["honours", str(book), "--accept", "--yes"]) == 0
    assert "2 项荣誉" in capsys.readouterr().out
    assert on(book).read(AWARDS)[AWARDS].height >= 2
    assert main(["appraise", str(book)]) == 0
    assert "考核了" in capsys.readouterr().out
