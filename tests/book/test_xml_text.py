"""Texts in XML are what a parser of other people reads."""

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from xlbangfu.xml_text import escape, unescape

WRITABLE = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"))


@given(WRITABLE)
def test_a_text_is_read_back_as_it_was(text: str) -> None:
    assert (ElementTree.fromstring(f"<a>{escape(text)}</a>").text or "") == text
    assert unescape(escape(text)) == text


@given(
    st.lists(st.sampled_from(["&amp;", "&lt;", "&quot;", "&apos;", "&#10;", "&#20013;", "&#x4e2D;", "a", "中", " ;"]))
)
def test_references_are_read_as_a_parser_reads_them(pieces: list[str]) -> None:
    xml = "".join(pieces)

    assert unescape(xml) == (ElementTree.fromstring(f"<a>{xml}</a>").text or "")


def test_what_is_no_reference_stays_and_a_number_of_no_sign_stands_for_one_that_is_lost() -> None:
    assert unescape("R&D &nbsp; &;") == "R&D &nbsp; &;"
    assert unescape("&#xD800;&#1114112;") == "\ufffd\ufffd"
