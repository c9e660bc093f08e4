"""What 名单 remembers: cells written as programs write them go a quick way, which gives what the way for any cell gives."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

from hypothesis import given, settings
from hypothesis import strategies as st

from xlbangfu.book.value_lists import stored
from xlbangfu.ooxml.addresses import letters
from xlbangfu.ooxml.worksheet import SheetPart

_NEVER = re.compile(rb"(?!)")
NAMES = st.text('王小明&<>" _x0041', max_size=6)
VALUES = st.one_of(st.none(), st.integers(-3, 10**15), NAMES)
FORMULAS = st.sampled_from(["ROW()", 'IF(A1="","",1)', "A1&B1"])


@st.composite
def cells(draw: st.DrawFn, column: int, number: int) -> str:
    """A cell as a program writes it: empty, a plain value, or a formula with or without what it came to."""
    style = draw(st.sampled_from(["", ' s="4"', ' t="str"', ' s="4" t="str"']))
    address = f"{letters(column)}{number}"
    array = draw(st.sampled_from(["", f' t="array" ref="{address}"']))
    formula = f"<f{array}>{escape(draw(FORMULAS))}</f>"
    kept = draw(st.sampled_from(["", "<v></v>", "<v/>", "<v>7</v>", f"<v>{escape(draw(NAMES))}</v>"]))
    inside = draw(st.sampled_from([formula + kept, formula + kept, "<v>1</v>", "<is><t>王</t></is>"]))
    return draw(st.sampled_from([f'<c r="{address}"{style}>{inside}</c>', f'<c r="{address}"{style}/>']))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_row_as_programs_write_it_remembers_what_any_row_would(data: st.DataObject) -> None:
    number = data.draw(st.integers(2, 4))
    inner = "".join(data.draw(cells(column, number)) for column in range(3))
    part = SheetPart(
        f'<worksheet><sheetData><row r="{number}">{inner}</row></sheetData></worksheet>'.encode(), name="名单"
    )
    wanted = {column: data.draw(st.lists(st.tuples(FORMULAS, VALUES), max_size=3)) for column in (0, 2)}
    (row,) = part.rows()

    quick, slow = stored._Values(wanted), stored._Values(wanted)
    made = quick.put_into(part, row)
    usual, stored._PLAIN = stored._PLAIN, _NEVER
    try:
        expected = slow.put_into(part, row)
    finally:
        stored._PLAIN = usual
    assert made == expected
    assert quick.incomplete == slow.incomplete
