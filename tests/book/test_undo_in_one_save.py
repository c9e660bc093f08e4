"""撤销上次 writes once: what it foresees of the sheets is what a read finds there, however they were changed since."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.support.fake_book import FakeBook
from xlbangfu.actions import Call, undo_rows
from xlbangfu.actions.checked_school import Checked
from xlbangfu.book.pending_writes import Writes
from xlbangfu.book.safety.journal import Journal
from xlbangfu.schema import CLASSES, INPUTS, LOG, PROBLEMS, ROSTER, RUNS, SCREENING, TEACHERS, Table

CALL = Call(user="林", now=datetime(2026, 7, 2), is_named=True)
RAN = datetime(2026, 7, 1)
Grid = list[list[Any]]


def grid(table: Table, rows: list[dict[str, Any]]) -> Grid:
    return [list(table.names), *([row.get(name) for name in table.names] for row in rows)]


def typed(table: Table, rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={name: table.frame_schema[name] for name in rows[0]})


def students(*numbers: str, key: str | None = None) -> list[dict[str, Any]]:
    return [{"学号": one, "姓名": f"生{one}", "班级": "1班", "在籍状态": "在读", "重点": key} for one in numbers]


def entries(*numbers: str) -> list[dict[str, Any]]:
    """Rows of 记录; that of 04 does not say how long."""
    told = {"日期": date(2026, 6, 1), "教师": "T1", "类型": "谈心"}
    return [
        {"记录编号": f"JL{one}", "学号": one, **told, "时长": 30 if one != "04" else None, "内容": "谈"}
        for one in numbers
    ]


def before() -> dict[str, Grid]:
    """A small school: some students, one entry of 记录, one row of 校验 and one of 排查."""
    return {
        CLASSES.name: grid(CLASSES, [{"班级": "1班", "年级": "初一"}]),
        TEACHERS.name: grid(TEACHERS, [{"工号": "T1", "姓名": "甲"}]),
        ROSTER.name: grid(ROSTER, students("01", "02", "03")),
        LOG.name: grid(LOG, entries("01")),
        PROBLEMS.name: grid(PROBLEMS, [{"级别": "错误", "编号": "E10", "工作表": "名册", "问题": "旧"}]),
        SCREENING.name: grid(SCREENING, [{"学号": "01", "理由": "旧"}]),
    }


def clicked(book: FakeBook, folder: Path, *, screens: str) -> None:
    """What a click wrote: rows below, cells by key, two sheets anew, its row of 运行记录; and its journal."""
    writes = Writes(
        replaced={
            PROBLEMS: typed(PROBLEMS, [dict.fromkeys(PROBLEMS.names) | {"级别": "提醒", "编号": "W1"}]),
            SCREENING: typed(SCREENING, [dict.fromkeys(SCREENING.names) | {"学号": "01", "理由": screens}]),
        },
        amended={ROSTER: [typed(ROSTER, [{"学号": "01", "重点": "是"}, {"学号": "03", "重点": "否"}])]},
        appended={
            ROSTER: [typed(ROSTER, students("04", "05"))],
            LOG: [typed(LOG, entries("02", "04"))],
            RUNS: [typed(RUNS, [{"时间": RAN, "操作": "导入", "行数": 4}])],
        },
    )
    journal = Journal("import")
    for table in writes.tables:
        journal.note(table, writes, book.read(table)[table])
    book.replace(writes.replaced)
    for table, frames in writes.amended.items():
        book.amend(table, frames[0])
    for table, frames in writes.appended.items():
        book.append(table, frames[0])
    book.save()
    journal.write(folder / "总表.xlsm")


changes = st.lists(
    st.tuples(
        st.sampled_from([(ROSTER, 4), (ROSTER, 5), (ROSTER, 0), (LOG, 1), (LOG, 2), (PROBLEMS, 0), (SCREENING, 0)]),
        st.sampled_from(["姓名", "重点", "教师", "时长", "问题", "理由", "备注", "采纳", "日期"]),
        st.sampled_from(["改", None, "√", 7]),
    ),
    max_size=4,
)


@given(changes=changes, screens=st.sampled_from(["旧", "新"]))
@example(changes=[((LOG, 2), "时长", "改")], screens="新")
@example(changes=[((ROSTER, 4), "姓名", "改")], screens="旧")
@settings(max_examples=8, deadline=None)
def test_one_save_leaves_what_two_leave_with_a_reading_in_between(changes: list[Any], screens: str) -> None:
    once, twice = ((_undone(changes, screens, foresees=foresees)) for foresees in (True, False))

    assert once[0].saves == twice[0].saves == 2, "one of them the click's"
    assert once[1] == twice[1]
    for table in (*INPUTS, PROBLEMS, SCREENING):
        assert once[0].read(table)[table].equals(twice[0].read(table)[table]), table.name
    for table, frame in twice[2].items():
        assert frame.drop("_key", strict=False).equals(once[2][table].drop("_key", strict=False)), table.name


def _undone(changes: list[Any], screens: str, *, foresees: bool) -> tuple[FakeBook, Any, dict[Table, pl.DataFrame]]:
    """The book, its answer, and the frames that the answer was made of."""
    with TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        folder = Path(name)
        book = FakeBook(before(), path=folder / "总表.xlsm")
        clicked(book, folder, screens=screens)
        for (table, at), column, value in changes:
            rows = book.sheets[table.name]
            if column in table.names and at + 1 < len(rows):
                rows[at + 1][table.names.index(column)] = value
        seen: list[Checked] = []
        true = undo_rows.read_checked
        patch.setattr(undo_rows, "read_checked", lambda *a, **k: seen.append(true(*a, **k)) or seen[-1])
        if not foresees:
            patch.setattr(undo_rows, "_can_be_foreseen", lambda _: False)
        outcome = undo_rows.undo_rows(book, CALL)
        frames = {table: frame for table, frame in seen[0].frames.items() if table.name != "读到的列"}
        return book, (outcome.sentence, outcome.next_step, outcome.errors, outcome.warnings), frames


def test_a_sheet_that_holds_what_it_held_is_not_written_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = FakeBook(before(), path=tmp_path / "总表.xlsm")
    clicked(book, tmp_path, screens="旧")
    written: list[Table] = []
    true = book.replace
    monkeypatch.setattr(book, "replace", lambda frames: (written.extend(frames), true(frames))[1])

    monkeypatch.setattr(book, "apply", lambda: pytest.fail("it is written by one save"))

    undo_rows.undo_rows(book, CALL)

    assert PROBLEMS in written
    assert SCREENING not in written
