"""「总表名次」 = 等级 (DOMAIN rule 16): no sheet and no paper tells where a student stands among others."""

from __future__ import annotations

import re
import zipfile
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.drawn import school, with_settings
from xlbangfu import actions, sample
from xlbangfu.actions import Call
from xlbangfu.book import template
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.rules.places import without_places
from xlbangfu.rules.prizes import award
from xlbangfu.rules.ranking import rank
from xlbangfu.schema import (
    CONSOLE,
    HONOURS,
    INPUTS,
    PRIZES,
    PROPOSALS,
    RANKING,
    SCREENING,
    SETTINGS,
    TABLES,
)
from xlbangfu.settings import Settings

pytestmark = pytest.mark.slow

NOW = datetime(2026, 6, 30, 9)
TELLS = re.compile(r"第 ?\d+ ?名|名次|倒数|年级[前后末]|[前后] ?\d+(\.\d+)? ?%|百分位|进步 ?\d+ ?名")
OWN_CHANGE = re.compile(r"进步 ?\d+ ?名")  # of a student against the exam before
ACTIONS = ("refresh", "screen", "pair", "follow", "honours", "honours_accept", "appraise", "pages", "register", "slips")


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A school that shows levels only, everything worked out and every paper made."""
    path = tmp_path_factory.mktemp("等级") / "帮扶总表.xlsm"
    frames = dict(sample.make(students=72, classes=3, exams=4, logs=30).frames)
    sheet = frames[SETTINGS]
    value = pl.when(pl.col("项目") == "总表名次").then(pl.lit("等级")).otherwise("值").alias("值")
    template.build(path, frames=frames | {SETTINGS: sheet.with_columns(value)}, created=NOW)
    for name in ACTIONS:
        if name == "honours_accept":
            tick(path)
        call = Call(user="王老师", now=NOW, agrees=lambda _: True)
        assert actions.perform(name, ClosedBook(path, action=name), call) is not None
    return path


def tick(path: Path) -> None:
    book = ClosedBook(path)
    book.amend(HONOURS, book.read(HONOURS)[HONOURS].head(3).select(*HONOURS.keys, pl.lit("√").alias("采纳")))
    book.save()


def test_no_column_that_tells_a_place_has_anything_in_it(book: Path) -> None:
    frames = ClosedBook(book).read(*TABLES[1:])
    filled = [
        f"{table.name}·{column.name}"
        for table in TABLES
        if table is not CONSOLE
        for column in table
        if column.place and frames[table][column.name].drop_nulls().len()
    ]
    assert filled == []
    assert frames[RANKING]["等级"].drop_nulls().len() > 100
    assert frames[PRIZES].filter(pl.col("奖项").str.ends_with("等奖")).height > 0


def test_no_sentence_of_the_program_tells_one(book: Path) -> None:
    outputs = [table for table in TABLES if table not in (CONSOLE, *INPUTS)]
    frames = ClosedBook(book).read(*outputs)
    told = {
        (table.name, name, text)
        for table in outputs
        for name in frames[table].columns
        if frames[table].schema[name] == pl.String and not name.startswith("_")
        for text in frames[table][name].drop_nulls()
        if TELLS.search(text)
    }
    assert told == set()
    assert frames[SCREENING].height and frames[PROPOSALS].filter(pl.col("类型") == "学习帮手").height


def test_no_order_of_rows_tells_one(book: Path) -> None:
    rows = ClosedBook(book).read(RANKING)[RANKING]
    groups = rows.group_by("考试编号", "年级", maintain_order=True).agg("班级", "学号")
    for rooms, numbers in groups.select("班级", "学号").iter_rows():
        pairs = list(zip(rooms, numbers, strict=True))
        assert pairs == sorted(pairs)


def test_no_paper_tells_one(book: Path) -> None:
    told = set()
    for path in (one for folder in ("班级页", "档案册", "家长信") for one in (book.parent / folder).rglob("*.xlsx")):
        with zipfile.ZipFile(path) as package:
            for name in package.namelist():
                if name.endswith("sharedStrings.xml") or "/sheet" in name:
                    texts = re.findall(r"<t[^>]*>([^<]*)</t>", package.read(name).decode())
                    told |= {(path.parent.name, text) for text in texts if TELLS.search(text) and len(text) < 60}
    allowed = {text for _, text in told if "不得公布" in text or "不转发" in text}
    changes = {text for _, text in told if not TELLS.search(OWN_CHANGE.sub("", text))}
    assert {text for _, text in told} - allowed - changes - {"名次"} == set()


@given(st.lists(st.tuples(st.integers(20, 100), st.integers(20, 100)), min_size=3, max_size=8))
@settings(max_examples=15, deadline=None)
def test_prizes_go_by_the_rise_of_the_score_rate_alone(marks: list[tuple[int, int]]) -> None:
    """Nobody with a larger rise has a lesser prize, and nobody without a rise has any."""
    rows = [f"{exam} | {n} | {pair[at]}" for at, exam in enumerate(("期中", "期末")) for n, pair in enumerate(marks)]
    roster = "学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别\n" + "\n".join(
        f"{n} | 生{n} | 1班 | 在读 | 学困" for n in range(len(marks))
    )
    made = with_settings(
        school({"成绩": "考试编号 | 学号 | 语文\n" + "\n".join(rows), "名册": roster}), 总表名次="等级"
    )
    prizes = award(made, rank(made)).filter(pl.col("考试编号") == "期末")
    order = {"一等奖": 0, "二等奖": 1, "三等奖": 2, "不评": 3}
    rises = {str(n): after - before for n, (before, after) in enumerate(marks)}
    got = [(rises[number], order[prize]) for number, prize in prizes.select("学号", "奖项").iter_rows()]
    assert all(one[1] <= other[1] for one in got for other in got if one[0] > other[0])
    assert all((rise > 0) == (prize < 3) for rise, prize in got)


def test_a_page_shows_no_rank_where_the_master_shows_none() -> None:
    assert Settings(master_ranks="等级", page_ranks="名次").shown_ranks == "等级与进退"
    assert Settings(master_ranks="等级", stage="高中").shown_ranks == "等级与进退"
    assert Settings(master_ranks="等级", page_ranks="不显示").shown_ranks == "不显示"
    assert Settings(stage="高中").shown_ranks == "名次"


def test_the_figures_themselves_are_left_as_they_are() -> None:
    made = school({"成绩": "考试编号 | 学号 | 语文\n期中 | 02 | 90\n期中 | 01 | 80"})
    ranking = rank(made)
    bare = without_places(RANKING, ranking)
    assert bare.select("学号", "总分", "等级").rows() == [("01", 80.0, "B"), ("02", 90.0, "A")]
    assert "语文名次" not in bare.columns
    assert ranking["年级名次"].to_list() == [1, 2]
