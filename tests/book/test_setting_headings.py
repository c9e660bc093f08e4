"""Headings put into the 设置 of an older workbook: whatever staff hung on its rows goes with them, or nothing is put in."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule, FormulaRule
from openpyxl.styles import PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table as ListObject

from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.book.upgrade import setting_headings
from xlbangfu.ooxml import archive
from xlbangfu.ooxml.package import Package
from xlbangfu.ooxml.row_insertion import Insertion
from xlbangfu.schema import SETTINGS
from xlbangfu.settings import groups, is_heading

ITEMS = [name for group in groups() for name, _, _ in group.rows][:40]
OWN = ("我校的口号", "值周表")  # items of the staff's own
REFERENCE = re.compile(r"\$?([A-C])\$?(\d+)")


def workbook(items: list[str], rows: list[int]) -> openpyxl.Workbook:
    """设置 with these items, things of the staff's in some of its rows, and another sheet that speaks of them."""
    made = openpyxl.Workbook()
    made.create_sheet("控制台")
    sheet, other = made.active, made.create_sheet("我们的表")
    sheet.title = "设置"
    sheet.append(["项目", "值", "说明"])
    for item in items:
        sheet.append([item, f"值 {item}", f"说明 {item}"])
    last = sheet.max_row
    sheet.add_table(ListObject(displayName="T_设置", ref=f"A1:C{last}"))
    sheet.conditional_formatting.add(
        "A2:C20000", FormulaRule(formula=['$A2="学校名称"'], fill=PatternFill(bgColor="FFFF00"))
    )
    whole = DataValidation(type="custom", formula1="LEN($B2)<99", sqref="C2:C20000")
    sheet.add_data_validation(whole)
    for number in rows:
        item = sheet.cell(number, 1).value
        sheet.cell(number, 2).comment = Comment(f"注 {item}", "教导处")
        sheet.add_data_validation(
            DataValidation(type="list", formula1=f'"{item},x"', promptTitle=item[:30], sqref=f"B{number}")
        )
        sheet.conditional_formatting.add(
            f"B{number}", CellIsRule(operator="equal", formula=[f"$C${number}"], fill=PatternFill(bgColor="00FF00"))
        )
        sheet.cell(number, 4, f'=B{number}&$C${number}&"B{number}"')
        sheet.cell(number, 5, f"链 {item}").hyperlink = Hyperlink(ref=f"E{number}", location=f"我们的表!A{number}")
        other.cell(number, 1, f"=设置!$B${number}&设置!C{number}")
        other.cell(number, 2, f"=COUNTA(设置!$A$2:$A${number})+SUM(设置!{number}:{number})")
        other.cell(number, 3, item).hyperlink = Hyperlink(ref=f"C{number}", location=f"设置!B{number}")
        made.defined_names[f"名_{number}"] = DefinedName(f"名_{number}", attr_text=f"设置!$B${number}")
    return made


def bytes_of(made: openpyxl.Workbook) -> bytes:
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def with_headings(data: bytes, folder: Path) -> tuple[bytes, dict[int, str]]:
    path = folder / "总表.xlsx"
    path.write_bytes(data)
    places = setting_headings.places(ClosedBook(path).read(SETTINGS)[SETTINGS], groups())
    package, target = Package(data), io.BytesIO()
    assert setting_headings.refusal(package, places) == ""
    archive.write(package.archive, setting_headings.changes(package, places).parts, frozenset(), target)
    return target.getvalue(), places


def meaning(data: bytes) -> dict[str, Any]:
    """What hangs on each setting, with rows told by the item that stands in them."""
    made = openpyxl.load_workbook(io.BytesIO(data))
    sheet, other = made["设置"], made["我们的表"]
    item = {number: str(sheet.cell(number, 1).value) for number in range(1, sheet.max_row + 1)}

    def told(text: object) -> str:
        pieces = str(text).split('"')
        plain = [REFERENCE.sub(lambda one: f"{one[1]}<{item.get(int(one[2]), one[2])}>", part) for part in pieces[::2]]
        rows = [re.sub(r"(\d+):(\d+)", lambda one: f"<{item.get(int(one[1]), one[1])}>", part) for part in plain]
        return "|".join([*rows, *pieces[1::2]])

    def of_rule(where: object, formula: object) -> tuple[str, str]:
        """What is for a whole column stays where it is, for each row what it was."""
        whole = "20000" in str(where)
        return (str(where), str(formula)) if whole else (told(where), told(formula))

    rules = sheet.conditional_formatting
    return {
        "cells": [
            row for row in sheet.iter_rows(min_col=1, max_col=3, values_only=True) if not is_heading(str(row[0]))
        ],
        "comments": {item[cell.row]: cell.comment.text for row in sheet for cell in row if cell.comment},
        "prompts": sorted(of_rule(one.sqref, one.formula1) for one in sheet.data_validations.dataValidation),
        "colours": sorted(of_rule(one.sqref, rule.formula[0]) for one in rules for rule in one.rules),
        "beside": {
            item[row]: (told(sheet.cell(row, 4).value), sheet.cell(row, 5).value)
            for row in item
            if sheet.cell(row, 5).value
        },
        "links": {item[cell.row]: cell.hyperlink.location for row in sheet for cell in row if cell.hyperlink},
        "there": {
            cell.coordinate: told(cell.value) for row in other.iter_rows(max_col=2) for cell in row if cell.value
        },
        "ways": {cell.value: told(cell.hyperlink.location) for row in other for cell in row if cell.hyperlink},
        "names": {name: told(one.attr_text) for name, one in made.defined_names.items()},
    }


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_all_that_hangs_on_a_setting_hangs_on_it_afterwards(tmp_path: Path, data: st.DataObject) -> None:
    chosen = data.draw(st.sets(st.sampled_from(ITEMS), min_size=3))
    items = [name for name in ITEMS if name in chosen]
    for own in data.draw(st.lists(st.sampled_from(OWN), unique=True)):
        items.insert(data.draw(st.integers(0, len(items))), own)
    rows = sorted(data.draw(st.sets(st.integers(2, len(items) + 1), max_size=4)))
    before = bytes_of(workbook(items, rows))

    after, places = with_headings(before, tmp_path)

    assert places and meaning(after) == meaning(before)
    sheet = openpyxl.load_workbook(io.BytesIO(after))["设置"]
    found = [str(cell.value) for cell in sheet["A"]][1:]
    assert [name for name in found if not is_heading(name)] == items
    assert sheet.tables["T_设置"].ref == f"A1:C{len(items) + len(places) + 1}"


def test_a_heading_stands_above_the_first_setting_of_each_group_that_is_in_one_piece(tmp_path: Path) -> None:
    first, second = (list(dict(group.rows and [(row[0], row) for row in group.rows])) for group in groups()[:2])
    items = [*first[:2], *second, first[2]]  # staff moved one of the first group down

    after, _ = with_headings(bytes_of(workbook(items, [])), tmp_path)

    found = [cell.value for cell in openpyxl.load_workbook(io.BytesIO(after))["设置"]["A"]][1:]
    assert found == [*first[:2], groups()[1].heading, *second, first[2]]


def spoilt(how: str) -> bytes:
    made = workbook(ITEMS[:12], [])
    sheet = made["设置"]
    if how == "cells merged over a group's beginning":
        sheet.merge_cells("E10:E14")
    elif how == "a rule that looks at the row above":
        sheet.conditional_formatting.add("B5:B9", FormulaRule(formula=["$B4=$B5"], fill=PatternFill(bgColor="FF0000")))
    elif how == "an array formula":
        sheet["F2"] = openpyxl.worksheet.formula.ArrayFormula("F2:F4", "=B2:B4")
    elif how == "another list on the sheet":
        sheet["H1"], sheet["H2"] = "甲", "1"
        sheet.add_table(ListObject(displayName="另外的", ref="H1:H2"))
    elif how == "a formula over several sheets":
        made["我们的表"]["A1"] = "=SUM(控制台:设置!B2)"
    return bytes_of(made)


@pytest.mark.parametrize(
    "how",
    [
        "cells merged over a group's beginning",
        "a rule that looks at the row above",
        "an array formula",
        "another list on the sheet",
        "a formula over several sheets",
    ],
)
def test_where_something_could_be_moved_wrongly_nothing_is_put_in_and_a_word_says_why(how: str) -> None:
    assert setting_headings.refusal(Package(spoilt(how)), [2, 12])


ROWS = st.integers(1, 60)


@settings(max_examples=60, deadline=None)
@given(
    st.sets(ROWS, max_size=5),
    ROWS,
    ROWS,
    st.sampled_from(["", "$"]),
    st.sampled_from(["设置!", "'设置'!", "名册!", ""]),
)
def test_a_formula_means_the_cells_that_it_meant(above: set[int], row: int, other: int, fixed: str, sheet: str) -> None:
    insertion = Insertion("设置", above, last=60)
    top, bottom = sorted((row, other))
    formula = (
        f'IF({sheet}B{fixed}{row}="B{row}",SUM({sheet}$A{fixed}{top}:C{bottom}),LOG10({row})+X{row}Y+T_甲[A{row}])'
    )
    moved = insertion.row if sheet != "名册!" else int

    expected = (
        f'IF({sheet}B{fixed}{moved(row)}="B{row}",SUM({sheet}$A{fixed}{moved(top)}:C{moved(bottom)}),'
        f"LOG10({row})+X{row}Y+T_甲[A{row}])"
    )
    assert insertion.formula(formula, here=True) == expected
    if not sheet:
        assert insertion.formula(formula, here=False) == formula


@given(st.sets(ROWS, max_size=5))
def test_no_two_rows_meet_and_each_heading_has_a_place(above: set[int]) -> None:
    insertion = Insertion("设置", above, last=60)
    moved = [insertion.row(number) for number in range(1, 61)]
    headings = [insertion.row(number) - 1 for number in above]

    assert sorted([*moved, *headings]) == list(range(1, 61 + len(above)))
