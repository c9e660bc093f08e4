"""The records under a header: blank rows, headers that come again, full marks and footers taken out."""

from __future__ import annotations

from msgspec.structs import replace

from xlbangfu.documents.importing import words
from xlbangfu.documents.importing.class_lines import line_class, names_class
from xlbangfu.documents.importing.columns import Block, Column
from xlbangfu.documents.importing.grid import Value
from xlbangfu.late_pattern import late_pattern

_NO_RECORD = late_pattern(f"{words.FULL_MARK_ROW.pattern}|{words.FOOTER.pattern}")
_NAMES = frozenset({*words.IDENTITY, "工号", "教师"})
_SIGNATURE = late_pattern(r"签名|签字|盖章|班主任|教务|年级组|备课组|[:：]")
_LONG_NOTE = 12


def with_records(block: Block) -> Block:
    """The block with its records only, the full marks that a row of it says, how many footers were passed over, and the
    class that a line over the records says."""
    naming = [column for column in block.columns if column.meaning in _NAMES] or list(block.columns[:1])
    students = any(column.meaning in words.IDENTITY for column in block.columns)
    has_rooms = block.column(words.CLASS) is not None
    records, full, footers, room = [], {}, 0, ""
    rooms: dict[int, str] = {}
    for row in block.records:
        line = block.grid.rows[row]
        cells = {place: line[place] for place in block.places if place < len(line)}
        cells = {
            place: cell
            for place, cell in cells.items()
            if cell is not None and (type(cell) is float or words.text(cell))
        }
        if not cells and _is_unreadable(block, row):
            records.append(row)
        if not cells or _is_header(block, cells):
            continue
        if students and (line_room := line_class(cells)):
            room = line_room
            continue
        if room and not has_rooms and names_class(cells) not in ("", room):
            room = ""  # figures of another class: whose the records below are is not known
        label = _label(cells, [cells[column.place] for column in naming if column.place in cells])
        if label and words.FULL_MARK_ROW.search(label):
            full.update(_numbers(cells))
        elif label or _is_note(block, cells, naming):
            footers += 1
        else:
            records.append(row)
            rooms |= {row: room} if room else {}
    return replace(block, records=tuple(records), full=full, footers=footers, rooms=rooms)


def _is_unreadable(block: Block, row: int) -> bool:
    return any((row, place) in block.grid.unreadable for place in block.places)


def _is_header(block: Block, cells: dict[int, Value]) -> bool:
    """Whether the header comes again, as it does on every page of a printed list."""
    if 2 * list(map(type, cells.values())).count(str) <= len(cells):
        return False
    typed = {column.place: {words.heading(part) for part in column.headings} for column in block.columns}
    same = sum(words.heading(cell) in typed[place] for place, cell in cells.items() if isinstance(cell, str))
    return same * 2 > len(cells) and same >= min(2, len(block.columns))


def _label(cells: dict[int, Value], named: list[Value]) -> str:
    """The word by which a row is known to be no record; empty for a record.

    A record has something under 姓名 or 学号 that is no such word. Where nothing stands there, the whole row is asked.
    """
    if named:
        texts = [words.text(cell) for cell in named]
        labels = [text for text in texts if _NO_RECORD.match(text) or _SIGNATURE.search(text)]
        return labels[0] if len(labels) == len(texts) else ""
    texts = [words.text(cell) for cell in cells.values() if isinstance(cell, str)]
    return next((text for text in texts if _NO_RECORD.search(text)), "")


def _is_note(block: Block, cells: dict[int, Value], naming: list[Column]) -> bool:
    """Whether the only text of a row is a remark and no name."""
    if len(cells) > 1 or len(block.columns) < 3:
        return False
    ((place, cell),) = cells.items()
    text = words.text(cell)
    return isinstance(cell, str) and (
        len(text) > _LONG_NOTE or ":" in text or place not in {column.place for column in naming}
    )


def _numbers(cells: dict[int, Value]) -> dict[int, float]:
    found = {}
    for place, cell in cells.items():
        text = words.text(cell).removesuffix("分")
        if text.replace(".", "", 1).isdigit():
            found[place] = float(text)
    return found
