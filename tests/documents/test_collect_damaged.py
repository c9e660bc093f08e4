"""Pages damaged in every way (hypothesis): a sentence or a problem, never a traceback, never a wrong row."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.returned_pages import LESSON, MARKS, TALK, book, collect, entries, filled, marks_of
from xlbangfu.documents.class_page.fill_in import CONDUCT_SHEET, LOG_SHEET
from xlbangfu.errors import BangfuError
from xlbangfu.schema import CONDUCT, LOG

CELL = st.one_of(
    st.none(),
    st.text(max_size=30),
    st.just("长" * 32_700),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.datetimes(datetime(1900, 3, 1), datetime(2999, 1, 1)),
    st.sampled_from(["=1/0", "=A1", "#N/A", "0101", "0101、0102", "2026-05-19", "√", "五分", "3", "学困"]),
)
EDIT = st.one_of(
    st.tuples(
        st.just("cell"), st.sampled_from([LOG_SHEET, CONDUCT_SHEET]), st.integers(1, 9), st.integers(1, 15), CELL
    ),
    st.tuples(st.just("merge"), st.sampled_from([LOG_SHEET, CONDUCT_SHEET]), st.integers(3, 8), st.integers(1, 9)),
    st.tuples(st.just("delete_column"), st.sampled_from([LOG_SHEET, CONDUCT_SHEET]), st.integers(1, 12)),
    st.tuples(st.just("delete_row"), st.sampled_from([LOG_SHEET, CONDUCT_SHEET]), st.integers(1, 8)),
    st.tuples(st.just("insert_row"), st.sampled_from([LOG_SHEET, CONDUCT_SHEET]), st.integers(1, 8)),
    st.tuples(st.just("rename"), st.sampled_from([LOG_SHEET, CONDUCT_SHEET, "封面", "页信息"])),
    st.tuples(st.just("remove"), st.sampled_from([LOG_SHEET, CONDUCT_SHEET, "封面", "页信息"])),
    st.tuples(st.just("info"), st.integers(1, 8), CELL),
)
WHOLE = filled([TALK, LESSON], {"0102": MARKS})


def damaged(edits: list[tuple[Any, ...]]) -> bytes:
    workbook = openpyxl.load_workbook(BytesIO(WHOLE))
    for kind, *how in edits:
        _edit(workbook, kind, how)
    buffer = BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def _edit(workbook: openpyxl.Workbook, kind: str, how: list[Any]) -> None:
    if kind == "info":
        if "页信息" in workbook.sheetnames:
            _set(workbook["页信息"], how[0], 2, how[1])
        return
    if how[0] not in workbook.sheetnames:
        return
    sheet = workbook[how[0]]
    match kind:
        case "cell":
            _set(sheet, how[1], how[2], how[3])
        case "merge":
            sheet.merge_cells(start_row=how[1], start_column=how[2], end_row=how[1] + 1, end_column=how[2] + 1)
        case "delete_column":
            sheet.delete_cols(how[1])
        case "delete_row":
            sheet.delete_rows(how[1])
        case "insert_row":
            sheet.insert_rows(how[1])
        case "rename":
            sheet.title = f"{how[0]}副本"
        case "remove":
            workbook.remove(sheet)


def _set(sheet: Any, row: int, column: int, value: Any) -> None:
    cell = sheet.cell(row, column)
    if type(cell).__name__ != "MergedCell":
        cell.value = openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value


def is_right(row: dict[str, Any]) -> bool:
    """Whether a log entry that came from a page is one that may stand in 记录."""
    numbers = (row["学号"] or "").split("、")
    return (
        row["日期"] is not None
        and set(numbers) <= {"0101", "0102", "0103", "0104", "0105", "0106", "0107", "0108"}
        and row["教师"] is not None
        and row["类型"] in LOG["类型"].choices
        and bool(row["内容"])
        and (row["效果"] is None or 1 <= row["效果"] <= 5)
        and (row["时长"] is None or 0 <= row["时长"] <= 1440)
    )


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(EDIT, min_size=1, max_size=5))
def test_a_damaged_page_never_makes_a_wrong_row(edits: list[tuple[Any, ...]]) -> None:
    one = book()
    before = {name: [list(row) for row in grid] for name, grid in one.sheets.items()}
    with TemporaryDirectory() as folder:
        file = Path(folder) / "初二1班.xlsx"
        file.write_bytes(damaged(edits))
        try:
            collect(one, file)
        except BangfuError:
            assert one.sheets == before
            return
        again = [list(row) for row in one.sheets[LOG.name]], [list(row) for row in one.sheets[CONDUCT.name]]
        collect(one, file, days=1)
    assert all(is_right(row) for row in entries(one))
    marked = [row for who in ("0102", "0103", "0104") for row in marks_of(one, who)]
    assert all(row[name] is None or 1 <= row[name] <= 5 for row in marked for name in MARK_NAMES)
    assert (one.sheets[LOG.name], one.sheets[CONDUCT.name]) == again
    assert one.sheets["名册"] == before["名册"]


@pytest.mark.slow
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, len(WHOLE) - 1), st.binary(max_size=8), st.booleans())
def test_a_broken_file_is_refused_or_read_right(at: int, put_in: bytes, cut: bool) -> None:
    one = book()
    with TemporaryDirectory() as folder:
        file = Path(folder) / "初二1班.xlsx"
        file.write_bytes(WHOLE[:at] + put_in if cut else WHOLE[:at] + put_in + WHOLE[at + len(put_in) :])
        try:
            collect(one, file)
        except BangfuError:
            assert entries(one) == []
    assert all(is_right(row) for row in entries(one))


MARK_NAMES = [column.name for column in CONDUCT if column.high]
