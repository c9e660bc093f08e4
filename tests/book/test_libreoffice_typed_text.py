"""What Excel makes of text put into a cell that is not a text cell."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("xlbangfu.book.libreoffice", exc_type=ImportError)

from xlbangfu.book.libreoffice.typed_text import may_be_more_than_text, typed


def day(year: int, month: int, number: int) -> float:
    return (datetime(year, month, number) - datetime(1899, 12, 30)).days


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("0012", 12.0, None),
        (" 12 ", 12.0, None),
        ("-1.50", -1.5, None),
        ("+5", 5.0, None),
        (".5", 0.5, None),
        ("1,234.5", 1234.5, "#,##0.00"),
        ("12%", 0.12, "0%"),
        ("1e3", 1000.0, "0.00E+00"),
        ("(3)", -3.0, None),
        ("¥12.5", 12.5, "¥#,##0.00"),
        ("1 1/2", 1.5, "# ?/?"),
        ("123456789012345678", 123456789012345000.0, None),
        ("2025-09-01", day(2025, 9, 1), "m/d/yyyy"),
        ("2025/9/1", day(2025, 9, 1), "m/d/yyyy"),
        ("9/1/2025", day(2025, 9, 1), "m/d/yyyy"),
        ("2025年9月1日", day(2025, 9, 1), 'yyyy"年"m"月"d"日"'),
        ("3-2", day(date.today().year, 3, 2), "d-mmm"),
        ("1-Sep-25", day(2025, 9, 1), "d-mmm-yy"),
        ("9/1/2025 12:00", day(2025, 9, 1) + 0.5, "m/d/yyyy h:mm"),
        ("12:30", 12.5 / 24, "h:mm"),
        ("1:00 PM", 13 / 24, "h:mm AM/PM"),
        ("true", True, None),
    ],
)
def test_it_becomes_a_number_or_a_date(text: str, value: float, code: str | None) -> None:
    assert may_be_more_than_text(text)
    read = typed(text)
    assert (read.value, read.format, read.formula) == (value, code, False)


@pytest.mark.parametrize(
    "text", ["三(2)班", "王", "1.2.3", "13/45/2025", "2025.9.1", "12a", "1,23", "3-2班", "25:00", "May"]
)
def test_it_stays_text(text: str) -> None:
    assert typed(text).value == text
    assert not typed(text).formula


@pytest.mark.parametrize(("text", "formula"), [("=A1", "=A1"), ("+王", "=+王"), ("-a", "=-a"), ("#n/a", "=#N/A")])
def test_it_becomes_a_formula(text: str, formula: str) -> None:
    assert (typed(text).value, typed(text).formula) == (formula, True)


def test_an_apostrophe_keeps_text_as_it_is() -> None:
    assert typed("'=A1").value == "=A1"


@given(st.text(min_size=1))
def test_what_the_quick_look_passes_over_is_text(text: str) -> None:
    if not may_be_more_than_text(text):
        assert typed(text).value == text
        assert not typed(text).formula
