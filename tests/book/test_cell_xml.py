"""Cells as XML: whoever writes a value, it stands there the same and comes back as it was."""

import re
from datetime import date, datetime
from xml.etree import ElementTree

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from xlbangfu.ooxml.cell_xml import cell, escape
from xlbangfu.ooxml.dates import serial
from xlbangfu.ooxml.frame_xml import Place, cells
from xlbangfu.ooxml.row_xml import Row, sheet_data

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))  # a frame holds no lone surrogates
ODD = ["\ufffe", "\uffff", "\x00", "\r\n", "_x0041_", "_x005F_x0041_", "a&b<c>", " 王 ", "=1+1", "'12", "\U0001f600"]


def of_frame(value: object) -> str:
    frame = pl.DataFrame({"甲": [value]})
    return str(cells(frame, [Place("甲", 0, "3")], pl.Series([2]), "", date1904=False).item())


def of_row(value: str | float | date | None) -> str:
    found = re.search("<c .*</c>|<c [^>]*/>", sheet_data([None, Row(15, [("text", value)])], {"text": 3}), re.DOTALL)
    assert found is not None
    return found[0]


@given(TEXTS | st.sampled_from(ODD))
def test_a_text_is_written_the_same_in_the_master_and_on_a_page(text: str) -> None:
    assert of_frame(text) == of_row(text) == cell("A2", text, "3")


@given(st.floats(-1e9, 1e9).map(lambda number: round(number, 3)) | st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_a_number_or_a_day_is_written_the_same(value: float | date) -> None:
    def number(xml: str) -> float:
        return float(ElementTree.fromstring(xml).findtext("v", ""))

    expected = serial(value) if isinstance(value, date) else value
    assert number(of_frame(value)) == number(of_row(value)) == number(cell("A2", value)) == expected


@given(st.text() | st.sampled_from([*ODD, "\ud800"]))
def test_any_text_is_valid_xml_and_reads_as_excel_would_read_it(text: str) -> None:
    shown = ElementTree.fromstring(f"<t>{escape(text)}</t>").text or ""
    assert re.sub("_x([0-9A-F]{4})_", lambda found: chr(int(found[1], 16)), shown) == text


def test_a_moment_keeps_its_time() -> None:
    assert "<v>45901.5</v>" in cell("A2", datetime(2025, 9, 1, 12))
