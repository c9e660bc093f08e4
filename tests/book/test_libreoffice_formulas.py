"""Formulas in Excel's spelling and in UNO's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("xlbangfu.book.libreoffice", exc_type=ImportError)

from xlbangfu.book.libreoffice.formulas import quoted, to_excel, to_office, unquoted

PAIRS = [
    ("=SUM(A1,B2:C3)", "=SUM(A1;B2:C3)"),
    ("=名册!$A$1&'初一 1班'!B2", "=$'名册'.$A$1&$'初一 1班'.B2"),
    ("='It''s'!A1", "=$'It''s'.A1"),
    ("=SUM({1,2;3,4})", "=SUM({1;2|3;4})"),
    ('=IF(A1="a,b;c!d",TRUE,FALSE)', '=IF(A1="a,b;c!d";TRUE();FALSE())'),
    ("=SUM((A1,B2))", "=SUM((A1~B2))"),
    ("=A1:C3 B2:D4", "=A1:C3!B2:D4"),
    ("=IFERROR(#N/A,#REF!)", "=IFERROR(#N/A;#REF!)"),
    ("=SUM(成绩表[语文])", "=SUM(成绩表[语文])"),
    ("=RANK.EQ(A1,A:A)*1.5E+3-50%", "=RANK.EQ(A1;A:A)*1.5E+3-50%"),
    ("=SUM(1:2)", "=SUM(1:2)"),
    ("=全部", "=全部"),
]


@pytest.mark.parametrize(("excel", "office"), PAIRS)
def test_a_formula_has_one_spelling_in_each(excel: str, office: str) -> None:
    assert to_office(excel) == office
    assert to_excel(office) == excel


def test_the_prefix_of_new_functions_is_for_files_only() -> None:
    assert to_office("=_xlfn.MAXIFS(A:A,B:B,1)") == "=MAXIFS(A:A;B:B;1)"


def test_relative_sheets_are_read_too() -> None:
    assert to_excel("=Sheet1.A1+Sheet1.B2:C3") == "=Sheet1!A1+Sheet1!B2:C3"


@pytest.mark.parametrize("formula", ["=[b.xlsx]S!A1", "='[b.xlsx]S'!A1", "=@A1", "=SUM(A1#)", "=t[@x]", "=t[#All]"])
def test_what_has_no_sure_translation_is_refused(formula: str) -> None:
    with pytest.raises(NotImplementedError, match="is not available in the LibreOffice engine"):
        to_office(formula)


@given(st.text(st.characters(exclude_characters="[]:*?/\\", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=31))
def test_any_sheet_name_survives_the_way_there_and_back(name: str) -> None:
    assert unquoted(quoted(name)) == name
    formula = f"=SUM({quoted(name)}!A1,1)"
    assert to_excel(to_office(formula)) == formula


@given(st.text(max_size=30))
def test_text_in_a_formula_is_never_touched(text: str) -> None:
    formula = '=LEN("' + text.replace('"', '""') + '")'
    assert to_excel(to_office(formula)) == formula
