"""The first screen of 控制台: all of it fits on 1366×768, whatever the workbook holds, and nothing lies on anything else."""

from __future__ import annotations

import itertools
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.support.workbooks_made import parts
from xlbangfu import catalog
from xlbangfu.book import template
from xlbangfu.book.template.page_cells import PER_BUTTON
from xlbangfu.front_page import counts
from xlbangfu.front_page.figures import FIGURES
from xlbangfu.schema import CONSOLE, TABLES

CREATED = datetime(2026, 3, 2, 8, 30)
UNIT, SEEN_WIDTH, SEEN_HEIGHT = 9.88, 1267, 586  # pixels, measured in LibreOffice 7.4 at 1366×768
ABOVE = 9  # rows before the buttons


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("首页") / "总表.xlsm"
    template.build(path, host="libreoffice", created=CREATED)
    return path


@pytest.fixture(scope="module")
def page(path: Path) -> Any:
    return openpyxl.load_workbook(path)[CONSOLE.name]


def anchors(path: Path) -> dict[str, list[int]]:
    """Where each button lies by its macro: left column, its pixels, top row, its pixels, and the same of its other corner."""
    drawing = parts(path)["xl/drawings/vmlDrawing1.vml"].decode()
    shapes = re.findall(r"<v:shape\s.*?</v:shape>", drawing, flags=re.DOTALL)
    return {
        re.search(r"FmlaMacro>(?:\[0\]!)?(\w+)<", shape)[1]: [  # type: ignore[index]
            int(number)
            for number in re.search(r"<x:Anchor>([^<]*)<", shape)[1].split(",")  # type: ignore[index]
        ]
        for shape in shapes
    }


def button_rows() -> int:
    shown = [action for action in catalog.ACTIONS if action.name not in ("next", "undo")]
    groups = [[action for action in shown if action.group == group] for group in catalog.GROUPS]
    return sum(-(-len(group) // PER_BUTTON) for group in groups)


def test_nothing_stands_right_of_what_is_seen(page: Any) -> None:
    widths = [page.column_dimensions["A"].width, *12 * [page.column_dimensions["B"].width]]

    assert page.max_column == 13
    assert sum(widths) * UNIT <= SEEN_WIDTH


def test_all_buttons_are_above_the_fold_with_room_for_three_more_rows(page: Any) -> None:
    last = ABOVE + button_rows()
    points = [page.row_dimensions[row].height or 15 for row in range(1, last + 1)]

    assert (sum(points) + 3 * 25.5) * 96 / 72 <= SEEN_HEIGHT


def test_no_two_buttons_lie_on_each_other_and_each_lies_in_the_twelve_columns(path: Path) -> None:
    found = anchors(path)
    places = [(left, left_by, top, right, right_by) for left, left_by, top, _, right, right_by, *_ in found.values()]

    assert set(found) == {action.macro for action in catalog.ACTIONS}
    assert all(left >= 1 and (right <= 12 or (right == 13 and by == 0)) for left, _, _, right, by in places)
    for top in {place[2] for place in places}:
        row = sorted(place for place in places if place[2] == top)
        assert all(one[3:5] <= other[:2] for one, other in itertools.pairwise(row)), top


def test_the_button_of_the_next_step_stands_beside_its_sentence(path: Path) -> None:
    workbook = openpyxl.load_workbook(path)
    row = int(workbook.defined_names[counts.NEXT].attr_text.rpartition("$")[2])

    assert anchors(path)["Bangfu_Next"][2] == row - 1


def test_each_of_the_six_numbers_leads_to_its_sheet_or_says_that_it_is_put_away(page: Any) -> None:
    captions = [cell.value for cell in page[6] if str(cell.value).startswith("=")]

    assert len(captions) == len(FIGURES) == 6
    for caption, figure in zip(captions, FIGURES, strict=True):
        assert f"#'{figure.sheet.name}'!A1" in caption
        assert f'FIND("、{figure.sheet.name}、",{counts.AWAY})' in caption


def test_every_sheet_is_listed_once_below(page: Any) -> None:
    cells = [str(cell.value) for row in page.iter_rows(min_row=17) for cell in row]
    named = [found[1] for cell in cells if (found := re.search(r"#'(.+?)'!A1", cell))]

    assert sorted(named) == sorted({*named})
    assert {*named} == {table.name for table in TABLES if table is not CONSOLE and not table.hidden}


def test_what_formulas_speak_of_is_named(path: Path, page: Any) -> None:
    names = set(openpyxl.load_workbook(path).defined_names)
    formulas = [cell.value for row in page.iter_rows() for cell in row if str(cell.value).startswith("=")]
    used = {name for formula in formulas for name in re.findall(r"控制台_\w+", formula)}

    assert used and used <= names
    assert {figure.line for figure in FIGURES} | {figure.name for figure in FIGURES} <= names


def test_each_sheet_leads_back_and_its_first_heading_is_what_it_was(path: Path) -> None:
    workbook = openpyxl.load_workbook(path)
    for table in TABLES:
        if table is not CONSOLE:
            first = workbook[table.name]["A1"]
            assert (first.value, first.hyperlink.location) == (table.names[0], f"{CONSOLE.name}!A1")
