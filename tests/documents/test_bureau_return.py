"""上报: what the bureau gets is counted right, tells of no child, and is what was looked through."""

from __future__ import annotations

import hashlib
import re
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest
from msgspec.structs import replace

from tests.support.drawn import frame, school
from tests.support.layers import layers
from tests.support.mail_school import set_up
from xlbangfu import actions, sample
from xlbangfu.actions import Call, Outcome
from xlbangfu.book import template
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.county.made_county import made_return
from xlbangfu.documents.bureau_return import BureauReturn, as_bytes, read_return, return_files, staged_return
from xlbangfu.errors import BadArgument, UnreadableFile, WriteFailed, WrongWorkbook
from xlbangfu.rules.contacts import contacts
from xlbangfu.rules.indicators import (
    HIDDEN,
    INDICATORS,
    NO_TABLE,
    NOT_FILLED,
    WHOLE,
    SchoolFigures,
    contradictions,
    return_figures,
    school_figures,
)
from xlbangfu.schema import CLASSES, PROGRESS, RETURNED, ROSTER, RUNS

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 6, 30, 9)
MARK = "闾丘"


def counted(**sheets: str) -> SchoolFigures:
    drawn = school(sheets)
    return school_figures(drawn, contacts(drawn), PROGRESS.empty())


ROLL = """
    学号 | 姓名 | 班级 | 在籍状态 | 异动日期   | 帮扶类别 | 重点 | 留守 | 特殊群体 | 列入日期   | 退出日期
    01   | 甲   | 1班  | 在读     |            | 学困     | 是   | 是   | 单亲、残疾 | 2025-10-01 |
    02   | 乙   | 1班  | 在读     |            | 学困     | 否   | 否   |          | 2025-10-01 | 2026-05-01
    03   | 丙   | 1班  | 辍学     | 2026-03-10 | 学困     |      | 是   |          | 2025-10-01 |
    04   | 丁   | 2班  | 辍学     | 2025-12-10 |          |      |      |          |            |
    05   | 戊   | 2班  | 转出     | 2026-03-10 |          |      |      |          |            |
    06   | 己   | 2班  | 在读     |            | 边缘     |      | 是   | 单亲     |            |
"""


def test_each_student_is_counted_where_it_belongs() -> None:
    found = counted(名册=ROLL)

    assert found.whole["K1"] == (1, 5)  # 丁 dropped out before the term
    assert found.whole["B1"] == (3, None)
    assert found.whole["B2"] == (1, 3)
    assert found.whole["B3"] == (1, 1)
    assert found.whole["B4"] == (1, 3)  # 乙 left the list in the term; 丙 was on it and dropped out
    assert found.split["B1", "留守"] == 2
    assert found.split["B1", "单亲"] == 2
    assert (found.split["B2", "残疾"], found.split["K1", "留守"]) == (1, 1)


def test_the_work_is_counted_by_student_teacher_and_class() -> None:
    found = counted(
        名册=ROLL,
        教师="工号 | 姓名 | 角色 | 在岗\nT1 | 王 | 任课教师 | 是\nT2 | 李 | 任课教师 | 是\nT3 | 赵 | 任课教师 | 否",
        班级="班级 | 年级 | 班主任 | 包班行政\n1班 | 初一 | T1 | T2\n2班 | 初一 | T1 |",
        结对="结对编号 | 学号 | 类型 | 教师 | 状态\n1 | 01 | 一对一 | T1 | 执行\n2 | 02 | 一对一 | T3 | 结束",
        档案="学号 | 姓名\n01 | 甲\n02 | 乙",
        计划="计划编号 | 学号 | 开始 | 结束\n1 | 01 | 2025-09-10 | 2025-12-10",
        记录="记录编号 | 日期 | 学号 | 类型\n1 | 2026-03-03 | 01、02 | 家访\n2 | 2025-12-03 | 01 | 家访",
        活动="日期 | 名称 | 类型\n2026-03-05 | 会 | 交流会\n2025-11-05 | 会 | 交流会",
    )

    assert [found.whole[number] for number in ("G1", "G2", "G3", "G4")] == [(1, 1), (1, 1), (0, 1), (1, 1)]
    assert (found.whole["G6"], found.whole["G7"], found.whole["G8"]) == ((1, 2), (1, 2), (1, None))


def test_what_nobody_filled_in_and_a_sheet_that_is_not_there_are_not_nothing() -> None:
    found = counted(名册=ROLL.replace("单亲、残疾", "").replace("单亲", ""))
    rows = return_figures(found, RETURNED.empty(), term="下", today=NOW.date())
    why = {(number, group): text for number, group, text in rows.select("编号", "群体", "说明").iter_rows()}

    assert why["B1", "单亲"] == NOT_FILLED
    assert why["K2", WHOLE] in (NO_TABLE, "")
    assert why["B1", "留守"] == HIDDEN


def test_the_page_lists_every_indicator_as_it_is_declared() -> None:
    page = (ROOT / "docs" / "indicators.md").read_text(encoding="utf-8")
    rows = re.findall(r"(?m)^\| ([A-Z]\d) \| (.+?) \| (.+?) \| (.+?) \| (是)? *\|$", page)

    assert rows == [(one.number, one.name, one.counts, one.of or "—", "是" if one.split else "") for one in INDICATORS]


def test_a_number_that_cannot_be_stays_in_the_school(tmp_path: Path) -> None:
    made = made_return(7)
    wrong = replace(
        made,
        figures=made.figures.with_columns(
            分子=pl.when(编号="G1", 群体=WHOLE).then(9999).otherwise("分子").cast(pl.Int64)
        ),
    )

    assert contradictions(made.figures) == []
    with pytest.raises(WrongWorkbook, match="有帮扶教师"), staged_return(wrong, tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_text_that_is_not_the_programs_own_stays_in_the_school(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def telling(made: BureauReturn) -> bytes:
        figures = made.figures.with_columns(说明=pl.when(编号="K1", 群体=WHOLE).then(pl.lit(MARK)).otherwise("说明"))
        return as_bytes(replace(made, figures=figures))

    monkeypatch.setattr(return_files, "as_bytes", telling)
    with pytest.raises(WriteFailed), staged_return(made_return(7), tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_return_is_read_back_as_it_was_written() -> None:
    made = made_return(11)
    back, whole = read_return(as_bytes(made))

    assert whole
    assert back.machine_rows == made.machine_rows


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", as_bytes(made_return(0))[:900]], ids=["empty", "no zip", "half"])
def test_a_damaged_file_is_said_to_be_one(data: bytes) -> None:
    with pytest.raises(UnreadableFile):
        read_return(data)


def test_a_newer_form_asks_for_a_newer_program() -> None:
    with pytest.raises(UnreadableFile, match="升级"):
        read_return(as_bytes(replace(made_return(0), schema=2)))


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook whose school has said something telling wherever staff can."""
    path = tmp_path_factory.mktemp("return") / "总表.xlsm"
    frames = dict(sample.make(students=120, classes=3, exams=2, logs=60).frames)
    frames[ROSTER] = frames[ROSTER].with_columns(成因=pl.lit(MARK), 姓名=pl.lit(MARK) + pl.col("姓名"))
    template.build(path, frames=frames, created=NOW)
    set_up(path, 学校名称="学困实验中学")
    return path


def reported(book: Path, now: datetime) -> Outcome:
    done = actions.perform("return", ClosedBook(book, action="return"), Call(user="王老师", now=now))
    assert done is not None
    return done


@pytest.fixture(scope="module")
def outcomes(book: Path) -> list[Outcome]:
    return [reported(book, NOW), reported(book, datetime(2026, 7, 1, 9))]


def test_the_file_tells_of_no_student(book: Path, outcomes: list[Outcome]) -> None:
    told = [text for _, text in layers("上报.xlsx", outcomes[0].files[0].read_bytes())]
    roster = ClosedBook(book).read(ROSTER)[ROSTER]

    rooms = ClosedBook(book).read(CLASSES)[CLASSES]["班级"]
    for word in (MARK, "学困", "班级页", "帮扶页", "王老师", *roster["学号"], *roster["姓名"], *rooms):
        assert not any(word in text for text in told), word
    assert "学困" not in outcomes[0].files[0].name


def test_what_was_given_is_entered_and_the_next_return_repeats_it(book: Path, outcomes: list[Outcome]) -> None:
    frames = ClosedBook(book).read(RETURNED, RUNS)
    first, second = frames[RETURNED].partition_by("时间")
    groups = pl.col("群体") != WHOLE

    assert (
        first.filter(groups)
        .select("编号", "群体", "分子", "截至")
        .equals(second.filter(groups).select("编号", "群体", "分子", "截至"))
    )
    made = outcomes[1].files[0]
    code = f"{made.stem}:{hashlib.sha256(made.read_bytes()).hexdigest()[:12]}"
    (noted,) = (
        frames[RUNS].filter(pl.col("时间") == datetime(2026, 7, 1, 9), pl.col("操作") == "上报").iter_rows(named=True)
    )
    assert noted["校验码"] == code
    assert "校验码" not in noted["说明"]


def test_without_its_code_a_school_is_asked_for_it(tmp_path: Path) -> None:
    path = tmp_path / "总表.xlsm"
    template.build(path, created=NOW)
    with pytest.raises(BadArgument, match="学校代码"):
        reported(path, NOW)


def test_a_number_of_an_earlier_day_keeps_that_day() -> None:
    found = counted(名册=ROLL)
    sent = frame(
        RETURNED,
        """
        时间 | 学期 | 编号 | 指标 | 群体 | 分子 | 截至
             | 下   | B1   |      | 全校 | 9    | 2026-03-31
             | 下   | B1   |      | 留守 | 3    | 2026-03-31
        """,
    ).with_columns(时间=pl.lit(datetime(2026, 3, 31)))
    rows = return_figures(found, sent, term="下", today=NOW.date())
    cell = rows.row(by_predicate=(pl.col("编号") == "B1") & (pl.col("群体") == "留守"), named=True)

    assert (cell["分子"], cell["截至"]) == (3, date(2026, 3, 31))
