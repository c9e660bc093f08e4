"""One sheet of the master: an Excel table with its headings, formats, drop-downs, marks and print set-up."""

from __future__ import annotations

from itertools import accumulate, groupby
from typing import TYPE_CHECKING

from xlbangfu import house_look
from xlbangfu.book.row_heights import width
from xlbangfu.book.template import drop_downs
from xlbangfu.book.template.lists import ADDRESSES, SEVERITIES, count_of
from xlbangfu.book.template.sheet_layout import is_own, reach
from xlbangfu.ooxml.addresses import letters
from xlbangfu.rules.problems import ERROR
from xlbangfu.schema import CONSOLE, NOTE_ROW, NOTHING, PROBLEMS, REVIEW, SETTINGS, Column, Kind, Table, Type
from xlbangfu.settings import HEADING, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xlsxwriter.worksheet import Worksheet

    from xlbangfu.book.paper_signature import Signature
    from xlbangfu.book.template.formats import Formats
    from xlbangfu.book.template.sheet_layout import Layout

WAY_BACK = "点一下，回到“控制台”"
PORTRAIT_WIDTH, FROZEN_WIDTH = 77, 60
_LAST_ROW = 1_048_575  # of any sheet, from 0: XlsxWriter then names whole columns
_UNSCALED = {
    "scale_with_doc": False
}  # the small type of header and footer stays as it is where a sheet is made smaller
_NEAR = 6  # columns in which the name and what staff tick are looked for


def write(
    sheet: Worksheet,
    table: Table,
    formats: Formats,
    *,
    layout: Layout,
    hidden: bool,
    signature: Signature | None = None,
) -> None:
    """Everything of a sheet but its records, which ``package`` puts in; row 2 carries the style of each column."""
    columns = layout[table]
    sheet.set_tab_color(table.kind.colour)
    if hidden or table.hidden:
        sheet.hide()
    _table(sheet, table, columns, formats, layout.height(table))
    _way_back(sheet, columns[0], formats)
    sheet.freeze_panes(1, _frozen(columns))
    _print_setup(sheet, table, columns, signed=signature.on(table) if signature else "")
    if table is SETTINGS:
        _headings(sheet, columns, formats)
    if table.kind is Kind.INPUT:
        _marks(sheet, table, formats, layout=layout)
        drop_downs.write(sheet, table, columns, school_year=Settings.of(layout.frames[SETTINGS]).school_year)
    if table.kind is Kind.OUTPUT:
        _mute_note(sheet, table, formats, layout)
        drop_downs.write_kept(sheet, table, columns)
    if table is REVIEW:
        drop_downs.write_review(sheet, columns)
    if table is SETTINGS:
        drop_downs.write_settings(sheet, layout.frames[SETTINGS], columns)
    if table is PROBLEMS and table in layout.frames:
        _links(sheet, layout)


def _table(sheet: Worksheet, table: Table, columns: Sequence[Column], formats: Formats, height: int) -> None:
    for index, column in enumerate(columns):
        look = formats.cell(column)
        sheet.set_column(index, index, width(column), look, {"hidden": True} if column.hidden else None)
        sheet.write_blank(1, index, None, look)
    sheet.set_row(0, house_look.row_height(2))
    sheet.add_table(
        0,
        0,
        max(height, 1),
        len(columns) - 1,
        {
            "name": table.list_object,
            "style": "Table Style Light 1",
            "banded_rows": False,
            "columns": [
                {"header": column.name, "header_format": formats.header(column, table.kind)} for column in columns
            ],
        },
    )


def _mute_note(sheet: Worksheet, table: Table, formats: Formats, layout: Layout) -> None:
    """What a sheet without a record says is no record."""
    cell = f"{layout.letter(table, table.note_column.name)}{NOTE_ROW}"
    options = {"type": "text", "criteria": "begins with", "value": NOTHING, "format": formats.note}
    sheet.conditional_format(cell, options)


def _way_back(sheet: Worksheet, first: Column, formats: Formats) -> None:
    """The first heading leads to 控制台: the one cell that is always in sight, and its text stays what it is."""
    look = formats.corner(first)
    sheet.write_url(0, 0, f"internal:{CONSOLE.name}!A1", look, first.name, WAY_BACK)


def _frozen(columns: Sequence[Column]) -> int:
    """How many columns stay in sight: up to the name and what staff tick, if that leaves room for the rest."""
    ends = [place for place, column in enumerate(columns[:_NEAR], start=1) if column.name == "姓名" or column.kept]
    fitting = [end for end in ends if sum(width(column) for column in columns[:end]) <= FROZEN_WIDTH]
    return max(fitting, default=1)


def printed(table: Table, columns: Sequence[Column]) -> int:
    """How many columns stand on paper: up to the table's ``paper``, or as many as can be read side by side.

    What staff have put between them, or in another order, counts as it stands. No mark is left out: a school with very many
    subjects reads smaller type.
    """
    reach = list(accumulate(0 if column.hidden else width(column) for column in columns))
    room = sum(far <= house_look.PAPER_WIDTH for far in reach)
    names = [column.name for column in columns]
    wanted = names.index(table.paper) + 1 if table.paper in names else len(columns)
    marks = max((place for place, column in enumerate(columns, start=1) if column.type is Type.MARK), default=1)
    return max(min(wanted, room), marks)


def _print_setup(sheet: Worksheet, table: Table, columns: Sequence[Column], *, signed: str) -> None:
    """A4, one page wide. Input sheets print in black and white: Excel then leaves the marks of 校验 off the paper.

    No page is broken by hand: a break stays at its row where staff sort, filter or put rows in, rows are not as high in each
    program, and Excel may leave breaks out on a sheet that is fitted to a width. The headings are repeated instead, and the
    rows of a class stand together.
    """
    sheet.set_paper(house_look.A4)
    last = printed(table, columns)
    wide = sum(width(column) for column in columns[:last] if not column.hidden) > PORTRAIT_WIDTH
    if wide:
        sheet.set_landscape()
    sheet.set_margins(**house_look.margins(house_look.LANDSCAPE if wide else house_look.PORTRAIT))
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    if last < len(columns):
        sheet.print_area(0, 0, _LAST_ROW, last - 1)
    sheet.hide_gridlines(1 if table.kind is Kind.INPUT else 2)
    sheet.set_header(house_look.header(table.name), _UNSCALED)
    sheet.set_footer(house_look.signed_footer(signed), _UNSCALED)
    if table.kind is Kind.INPUT:
        sheet.print_black_and_white()


def _marks(sheet: Worksheet, table: Table, formats: Formats, *, layout: Layout) -> None:
    """Light up a cell that 校验 names by sheet, row key and column, wherever its row was sorted to.

    No rule is for cells without a problem, which are nearly all: LibreOffice would give them the size and place of the
    Normal style. Such a cell is looked up twice, and not at all where 校验 has nothing on its sheet.
    """
    columns = layout[table]
    runs = list(_runs(columns))
    last, first = letters(len(columns) - 1), letters(runs[0][0])
    keys = "&".join(f'"|"&${layout.letter(table, key)}2' for key in table.keys)
    found = f'MATCH("{table.name}"&{keys}&"|"&{first}$1,{ADDRESSES},0)'
    filled = f"COUNTA($A2:${last}2)>0"
    none = f"{count_of(table)}=0"
    severe = f'=IF({none},FALSE,IF({filled},INDEX({SEVERITIES},{found})="{ERROR}",FALSE))'
    other = f"=IF({none},FALSE,IF({filled},ISNUMBER({found}),FALSE))"
    for formula, look in ((severe, formats.error), (other, formats.warning)):
        options = {"type": "formula", "criteria": formula, "format": look, "stop_if_true": True}
        if len(runs) > 1:
            ranges = (f"{letters(left)}2:{letters(right)}{reach(table)}" for left, right in runs)
            options["multi_range"] = " ".join(ranges)
        sheet.conditional_format(1, runs[0][0], reach(table) - 1, runs[-1][1], options)


def _headings(sheet: Worksheet, columns: Sequence[Column], formats: Formats) -> None:
    """The rows of 设置 that are headings of a group, wherever they stand."""
    item = letters([column.name for column in columns].index(SETTINGS.keys[0]))
    options = {"type": "formula", "criteria": f'=LEFT(${item}2,1)="{HEADING}"', "format": formats.heading}
    sheet.conditional_format(1, 0, reach(SETTINGS) - 1, len(columns) - 1, {**options, "stop_if_true": True})


def _runs(columns: Sequence[Column]) -> Iterator[tuple[int, int]]:
    """First and last of each stretch of columns that are not the staff's own."""
    for own, run in groupby(enumerate(columns), key=lambda place: is_own(place[1])):
        indices = [index for index, _ in run]
        if not own:
            yield indices[0], indices[-1]


def _links(sheet: Worksheet, layout: Layout) -> None:
    columns = [index for index, column in enumerate(PROBLEMS) if column.type is Type.LINK]
    for index in columns:
        targets = layout.frames[PROBLEMS][PROBLEMS.names[index]].to_list()
        for row, target in enumerate(targets, start=1):
            if target:
                sheet.write_url(row, index, f"internal:{target}", string=target)
