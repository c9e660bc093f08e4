"""What is said of a sheet without parsing its rows is what a parser says of the whole."""

from __future__ import annotations

from xml.parsers import expat

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from xlbangfu.ooxml.plain_rows import are_near, outside_rows, without_rows, without_streamed_rows
from xlbangfu.ooxml.wholeness import is_well_formed

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<worksheet xmlns="m" xmlns:r="r"{more}><dimension ref="A1:C3"/><sheetData>'
)
TAIL = '</sheetData><pageMargins left="0.7"/></worksheet>'
ROWS = (
    '<row r="1" spans="1:3"><c r="A1" s="1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>学号 &amp; 姓名</t></is></c></row>'
    '<row r="2" s="3" customFormat="1" ht="20.5" customHeight="1"/>'
    '<row r="3"><c r="A3"><f>A1+1</f><v>2</v></c><c r="B3" s="4"/><c r="C3" t="e"><v>#N/A</v></c></row>'
)


def sheet(rows: str = ROWS, more: str = "", tail: str = TAIL) -> bytes:
    return (HEAD.format(more=more) + rows + tail).encode()


def parses(xml: bytes) -> bool:
    try:
        expat.ParserCreate(namespace_separator=" ").Parse(xml, True)
    except (expat.ExpatError, LookupError, ValueError):
        return False
    return True


def test_rows_as_programs_write_them_are_not_parsed() -> None:
    around = outside_rows(sheet())

    assert around is not None
    assert b"<row" not in around
    assert is_well_formed(sheet())
    assert are_near(sheet())


def test_rows_as_excel_writes_them_are_not_parsed_either() -> None:
    rows = '<row r="1" spans="1:2" x14ac:dyDescent="0.25"><c r="A1"><v>1</v></c></row>'

    assert outside_rows(sheet(rows, ' xmlns:x14ac="x"')) is not None
    assert is_well_formed(sheet(rows, ' xmlns:x14ac="x"'))
    assert not is_well_formed(sheet(rows)), "the prefix is nobody's"


BROKEN = {
    "an end that is missing": ("</c>", ""),
    "an end that nobody began": ("</v>", "</v></v>"),
    "an attribute twice": ('s="1"', 's="1" s="1"'),
    "an attribute without a quote": ('r="1"', "r=1"),
    "an entity of nobody": ("&amp;", "&nbsp;"),
    "a bare ampersand": ("&amp;", "&"),
    "a control character": ("学号", "\x01"),
    "a sign that ends what never began": ("学号", "]]>"),
    "a sign that XML does not know": ("学号", "\ufffe"),
    "another element's end": ("</row>", "</rows>"),
    "something after the end": ("</worksheet>", "</worksheet><a/>"),
    "no end at all": ("</worksheet>", ""),
}


@pytest.mark.parametrize(("old", "new"), BROKEN.values(), ids=BROKEN)
def test_what_a_parser_refuses_is_refused(old: str, new: str) -> None:
    xml = sheet().decode().replace(old, new, 1).encode()

    assert not parses(xml)
    assert not is_well_formed(xml)


@given(st.data())
@settings(max_examples=400, deadline=None)
def test_a_sheet_with_any_piece_put_in_or_taken_out_is_what_the_parser_says(data: st.DataObject) -> None:
    text = sheet().decode()
    at = data.draw(st.integers(0, len(text)))
    gone = data.draw(st.integers(0, 3))
    pieces = [
        "", "<", ">", '"', "&", "&lt;", "]]>", "<!--", "-->", "<![CDATA[", "]]>", "<?a?>", "<sheetData>", "</sheetData>",
        "<sheetData/>", " r=\"1\"", " x14ac:dyDescent=\"1\"", "<c/>", "</c>", "</row><row>", "a:b", "\x0b", "\uffff", "'",
    ]  # fmt: skip
    put = data.draw(st.lists(st.sampled_from(pieces), max_size=3).map("".join))
    xml = (text[:at] + put + text[at + gone :]).encode()
    size = data.draw(st.integers(1, len(xml)))

    assert is_well_formed(xml) == parses(xml)
    assert without_streamed_rows(xml[at : at + size] for at in range(0, len(xml), size)) == without_rows(xml)


@given(st.binary(max_size=4), st.integers(0, len(sheet())))
@example(b"\xff\xfe", 0)
@settings(deadline=None)
def test_a_sheet_with_any_bytes_put_in_is_what_the_parser_says(put: bytes, at: int) -> None:
    xml = sheet()[:at] + put + sheet()[at:]

    assert is_well_formed(xml) == parses(xml)


@pytest.mark.parametrize("encoding", ["US-ASCII", "ISO-8859-1", "UTF-16", "GBK"])
def test_the_rows_of_a_sheet_in_another_encoding_are_parsed(encoding: str) -> None:
    xml = sheet().replace(b"UTF-8", encoding.encode())

    assert outside_rows(xml) is None
    assert is_well_formed(xml) == parses(xml) or encoding == "GBK"  # expat knows no GBK and says so in another way


@pytest.mark.parametrize(
    ("place", "near"), [("ZZ9999", True), ("AAA1", False), ("A10000", False), ("XFD1048576", False)]
)
def test_what_stands_far_out_is_not_near(place: str, near: bool) -> None:
    row = place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    xml = sheet(f'<row r="{row}"><c r="{place}"><v>1</v></c></row>')

    assert are_near(xml) is near
    assert outside_rows(xml) is not None


def test_a_second_place_for_rows_is_not_near() -> None:
    assert not are_near(sheet(tail="</sheetData><sheetData><c r='XFD1'/></sheetData></worksheet>"))


def test_a_text_that_looks_like_an_attribute_of_a_prefix_that_nobody_declared_breaks_nothing() -> None:
    sheet = b'<worksheet><sheetData><row r="1"><c r="A1"><v>a x14ac:b</v></c></row></sheetData></worksheet>'

    assert is_well_formed(sheet)
