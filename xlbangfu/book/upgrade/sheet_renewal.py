"""What an existing sheet of the program's is to have in this version: columns, marks, drop-downs, number formats.

What is right already stays as it is written; what staff have made of it stays, too.
"""

from __future__ import annotations

from msgspec import Struct, field

from xlbangfu.book.sheet_transfer.styles import Styles
from xlbangfu.book.upgrade import added_columns, column_widths, look_renewal, sheet_tail
from xlbangfu.book.upgrade.existing import Sheet
from xlbangfu.book.upgrade.sheet_tail import Validation
from xlbangfu.late_pattern import late_pattern
from xlbangfu.ooxml.worksheet import SheetPart
from xlbangfu.schema import Kind

_FORMER = {"家长信每页": frozenset({"4"})}  # what lists offered until 0.2.0
_WHERE = late_pattern(rb'(\ssqref=")([^"]*)')


class Renewal(Struct):
    """What was done to a sheet: ``columns`` are new, ``drop_downs`` and ``formats`` columns that have another one now,
    ``own_drop_downs`` those where the staff's own stays."""

    columns: tuple[str, ...] = ()
    drop_downs: list[str] = field(default_factory=list)
    own_drop_downs: list[str] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)
    marks: bool = False
    way_back: bool = False
    look: bool = False

    @property
    def changed(self) -> bool:
        return bool(self.columns or self.drop_downs or self.formats or self.marks or self.way_back or self.look)


def renew(sheet: Sheet, fresh: SheetPart, styles: Styles) -> Renewal:
    """Bring a sheet's part to what ``fresh`` has: the same sheet made for its columns, in the workbook's style numbers."""
    renewal = Renewal(sheet.lacking)
    if sheet.lacking:
        added_columns.add(sheet, fresh)
    _renew_marks(sheet.part, fresh, renewal)
    _renew_validations(sheet, fresh, renewal)
    _renew_way_back(sheet.part, fresh, renewal)
    if sheet.table.kind is Kind.OUTPUT:
        _renew_formats(sheet, fresh, styles, renewal)
    renewal.look = look_renewal.renew(sheet, fresh, styles)
    return renewal


def _renew_marks(part: SheetPart, fresh: SheetPart, renewal: Renewal) -> None:
    old, new = sheet_tail.marks(part.tail), sheet_tail.marks(fresh.tail)
    if new and not sheet_tail.same_marks(old, new):
        part.tail = sheet_tail.with_marks(part.tail, new)
        renewal.marks = True


def _renew_way_back(part: SheetPart, fresh: SheetPart, renewal: Renewal) -> None:
    """The link on the first heading, where staff have none of their own."""
    for link in sheet_tail.links(fresh.tail):
        if b' ref="A1"' in link:
            tail = sheet_tail.with_link(part.tail, link)
            renewal.way_back, part.tail = tail != part.tail, tail


def _renew_validations(sheet: Sheet, fresh: SheetPart, renewal: Renewal) -> None:
    there = sheet_tail.validations(sheet.part.tail)
    additions: list[bytes] = []
    replacements: dict[bytes, bytes] = {}
    for new in sheet_tail.validations(fresh.tail):
        (place,) = new.reach
        name = sheet.columns[place].name
        old = _counterpart(new, there, place)
        if old is None:
            additions.append(new.xml)
        elif old.meaning == new.meaning:
            continue
        elif _is_ours(old, new):
            replacements[old.xml] = _placed_as(new, old)
        else:
            renewal.own_drop_downs.append(name)
            continue
        if name not in sheet.lacking:
            renewal.drop_downs.append(name)
    sheet.part.tail = sheet_tail.with_validations(sheet.part.tail, additions, replacements)


def _counterpart(new: Validation, there: list[Validation], place: int) -> Validation | None:
    """What is on the sheet where ``new`` is to be, as no two may lie on one cell: the one that reaches furthest down the
    column, or, for one cell of 设置, the one with its title."""
    mine = [one for one in there if place in one.reach]
    if new.of_one_cell:
        return next((one for one in mine if one.titles & new.titles), None)
    return max(mine, key=lambda one: one.reach[place], default=None)


def _is_ours(old: Validation, new: Validation) -> bool:
    """Whether the program wrote it, for a whole column, and staff put no word of their own into its list."""
    titles = old.titles & new.titles
    known = new.choices.union(*(_FORMER.get(title, frozenset()) for title in titles))
    return len(old.reach) == 1 and bool(titles) and not old.choices - known


def _placed_as(new: Validation, old: Validation) -> bytes:
    """The new one for the cells of the old one: Excel has followed rows that were inserted."""
    where = _WHERE.search(old.xml)
    return _WHERE.sub(lambda found: found[1] + where[2], new.xml, count=1) if where else new.xml


def _renew_formats(sheet: Sheet, fresh: SheetPart, styles: Styles, renewal: Renewal) -> None:
    """Number formats of the program's own sheets, where they differ; all else of a cell's look stays.

    Records get the look of row 2 when the sheet is written the next time.
    """
    part = sheet.part
    looks = {
        **part.column_styles(),
        **{place: style for place, style in added_columns.styles_of(part, 2).items() if style},
    }
    wanted = added_columns.styles_of(fresh, 2)
    changes: dict[int, int] = {}
    for place, column in enumerate(sheet.columns):
        if column.name in sheet.table and place not in sheet.new_columns and looks.get(place):
            look = styles.with_number_format_of(int(looks[place]), int(wanted[place]))
            if look != int(looks[place]):
                changes[place] = look
                renewal.formats.append(column.name)
    if changes:
        _restyle(part, changes)


def _restyle(part: SheetPart, looks: dict[int, int]) -> None:
    """Other styles for whole columns, and for their cells in row 2."""
    tags = {place: column_widths.tag_of(part, place) for place in looks}
    column_widths.put(part, [column_widths.with_look(tag, looks[place]) for place, tag in tags.items() if tag])
    look_renewal.put_styles(part, 2, looks)
