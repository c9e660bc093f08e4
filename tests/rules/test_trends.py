"""The trends of the front page: the same numbers by formula and from frames."""

from __future__ import annotations

import re
import subprocess
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from tests.support.drawn import frame
from xlbangfu.book import template
from xlbangfu.front_page import trend_charts
from xlbangfu.schema import BY_NAME, CONTACTS, PROGRESS

CAME = frame(
    PROGRESS,
    """
    考试编号 | 学号 | 百分位 | 进展
    下期中   | 01   | 0.30   | 显著进步
    下期中   | 02   | 0.10   | 稳定
    下期中   | 03   |        | 数据不足
    期末     | 01   | 0.10   | 数据不足
             | 04   |        | 数据不足
""",
)
OWED = frame(
    CONTACTS,
    """
    学号 | 类型 | 应做 | 已做
    01   | 谈心 | 4    | 3
    02   | 谈心 | 4    | 3
    01   | 家访 | 1    | 2
    01   | 辅导 | 0    | 0
""",
)


def test_exams_come_oldest_first_with_the_mean_place_and_the_share_that_progressed() -> None:
    found = trend_charts.cells({PROGRESS: CAME})

    assert [found[name] for name in trend_charts.EXAM_CELLS] == ["期末", "下期中", "", "", "", ""]
    assert [found[name] for name in trend_charts.MEAN_PLACE.cells[:3]] == ["0.100000", "0.200000", ""]
    assert [found[name] for name in trend_charts.SHARE_BETTER.cells[:3]] == ["", "0.500000", ""]


def test_contacts_made_count_no_more_than_those_owed_and_none_owed_is_no_rate() -> None:
    found = trend_charts.cells({CONTACTS: OWED})
    rates = dict(zip(trend_charts.KINDS, (found[name] for name in trend_charts.CONTACT_RATE.cells), strict=True))

    assert rates == {"辅导": "", "谈心": "0.750000", "作业面批": "", "家长沟通": "", "家访": "1.000000", "心理咨询": ""}


def test_only_the_last_six_exams_are_shown() -> None:
    rows = "\n".join(f"考{number} | 01 | 0.{number} | 稳定" for number in range(9, 0, -1))
    found = trend_charts.cells({PROGRESS: frame(PROGRESS, "考试编号 | 学号 | 百分位 | 进展\n" + rows)})

    assert [found[name] for name in trend_charts.EXAM_CELLS] == [f"考{number}" for number in range(4, 10)]


def test_without_the_sheets_nothing_is_said() -> None:
    assert trend_charts.cells({}) == {}
    assert set(trend_charts.cells({PROGRESS: PROGRESS.empty()}).values()) == {""}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("trends") / "总表.xlsm"
    template.build(path, frames={PROGRESS: CAME, CONTACTS: OWED}, created=datetime(2026, 6, 30))
    return path


def test_the_front_page_has_a_native_chart_of_each_trend_over_its_cells(made: Path) -> None:
    with zipfile.ZipFile(made) as parts:
        drawings = [parts.read(name).decode() for name in parts.namelist() if "/charts/chart" in name]
    sheet = openpyxl.load_workbook(made, keep_vba=True)

    drawn = {re.search(r"<c:val>.*?<c:f>(.*?)</c:f>", chart)[1] for chart in drawings}  # type: ignore[index]  # every chart has values
    named = {}
    for trend in (trend_charts.MEAN_PLACE, trend_charts.SHARE_BETTER, trend_charts.CONTACT_RATE):
        first, last = (sheet.defined_names[name].value.lstrip("=") for name in (trend.cells[0], trend.cells[-1]))
        named[trend.label] = f"{first}:{last.split('!')[1]}"
    assert drawn == set(named.values())


def test_formulas_ask_for_columns_that_exist() -> None:
    for trend in (trend_charts.MEAN_PLACE, trend_charts.SHARE_BETTER, trend_charts.CONTACT_RATE):
        for table, column in re.findall(r"T_(\w+)\[(\w+)\]", trend.formula):
            assert column in BY_NAME[table]


@pytest.mark.office
def test_a_spreadsheet_program_reckons_the_same_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The book holds the labels of the exams only; LibreOffice saves it with what its own formulas give."""
    frames = {PROGRESS: CAME, CONTACTS: OWED}
    expected = trend_charts.cells(frames)
    labels = {name: expected[name] for name in trend_charts.EXAM_CELLS}
    monkeypatch.setattr(trend_charts, "cells", lambda _: labels)
    book = tmp_path / "总表.xlsm"
    template.build(book, frames=frames, created=datetime(2026, 6, 30))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path), str(book)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)

    workbook = openpyxl.load_workbook(tmp_path / "总表.xlsx", data_only=True)
    for name, text in expected.items():
        (sheet, cell), *_ = workbook.defined_names[name].destinations
        seen = workbook[sheet][cell].value
        assert (f"{seen:.6f}" if isinstance(seen, float | int) else seen or "") == text, name
