"""Where tables stand on a sheet: one under another, side by side, each with its titles, header rows and records.

A header is found by a heading that names a student (姓名, 学号, 考号 …), a teacher or a class. Every text row between the
titles and the records belongs to it. Rows and columns count from 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from xlbangfu.documents.importing import words
from xlbangfu.documents.importing.class_lines import line_class
from xlbangfu.documents.importing.columns import Block
from xlbangfu.documents.importing.exam_words import ExamWords
from xlbangfu.documents.importing.grid import Grid, Value
from xlbangfu.documents.importing.mark_cells import Holds, mark_cell
from xlbangfu.late_pattern import late_pattern

_MOST_HEADER_ROWS = 4
_MOST_TITLE_ROWS = 12
_LEAST_HEADINGS = 2
_FIRST_ROWS = 12  # the headings and the first records
_FAR = 1 << 14  # no sheet has more columns
_NOTE = late_pattern(r"[:：]|20\d\d[-./年]\d")
_SIGNED = late_pattern(r"制表|填表|审核|打印|导出|下载|生成|签名|签字")  # the day of a signature is no exam's
_NUMBER = late_pattern(r"[-+]?\d[\d.,。、·;:\s]*分?")  # 7,5 is a mark that nobody can read; 1题 is a heading
_LONGEST_QUALIFIER = 8
Known = Callable[[str], bool]


class _Anchor(Struct, frozen=True):
    """A row with headings, and the columns from the first to the last heading of one table in it."""

    row: int
    left: int
    right: int


def find_blocks(grid: Grid, known: Known) -> list[Block]:
    """The blocks of a sheet from top to bottom, left to right; ``known`` says whether a text is (part of) a heading."""
    plain = [_plain(grid, row) for row in range(len(grid.rows))]
    anchors = [anchor for row, texts in enumerate(plain) for anchor in _anchors(grid, row, texts, known)]
    anchors = _without_continuations(grid, anchors)
    anchors = sorted((*anchors, *_class_anchors(grid, plain, anchors, known)), key=lambda anchor: anchor.row)
    blocks: list[Block] = []
    for anchor in anchors:
        top, bottom = _first_header_row(grid, anchor, known), _last_header_row(grid, anchor, known)
        titles = _title_rows(grid, anchor, top)
        blocks.append(
            Block(
                grid=grid,
                header=tuple(range(top, bottom + 1)),
                records=(),
                places=tuple(range(anchor.left, anchor.right + 1)),
                titles=tuple(_texts(grid, titles, anchor)),
                title_rows=tuple(titles),
            )
        )
    blocks = _without_repeats(blocks)
    return [_with_records(grid, blocks, index) for index in range(len(blocks))]


def _without_repeats(blocks: Sequence[Block]) -> list[Block]:
    """The blocks but for headers that only come again on the next page of a printed list, without a title of their own."""
    kept: list[Block] = []
    for block in blocks:
        before = next((other for other in reversed(kept) if other.places == block.places), None)
        if before is None or block.title_rows or _header_texts(before) != _header_texts(block):
            kept.append(block)
    return kept


def _header_texts(block: Block) -> list[str]:
    return [words.text(block.grid.value(row, place) or "") for row in block.header for place in block.places]


def _class_anchors(
    grid: Grid, texts: Sequence[dict[int, str]], others: Sequence[_Anchor], known: Known
) -> Iterator[_Anchor]:
    """Tables of classes, which name nobody: 班级 and subjects, for teachers or for figures; not where people are named."""
    taken = {near for other in others for near in range(other.row - 2, other.row + 3)}
    for row, plain in enumerate(texts):
        if row in taken:
            continue
        if any(words.PEOPLE.get(text) == words.CLASS for text in plain.values()) and _is_headings(
            grid, row, plain, known
        ):
            yield _Anchor(row, min(plain), _right(grid, row, max(plain), _FAR))


def is_identity(text: str) -> bool:
    """Whether a heading names whom a row is about: a student, a teacher or a class."""
    return words.PEOPLE.get(text, "") in words.IDENTITY or text in words.TEACHER_KEYS or text in words.CLASS_KEYS


def _anchors(grid: Grid, row: int, plain: dict[int, str], known: Known) -> Iterator[_Anchor]:
    """The tables whose headings stand in a row; none if the row is no row of headings."""
    identities = [place for place, text in plain.items() if is_identity(text)]
    if not identities or not _is_headings(grid, row, plain, known):
        return
    starts = _starts(plain, identities)
    for left, following in zip(starts, [*starts[1:], _FAR], strict=True):
        places = [place for place in plain if left <= place < following]
        if sum(known(plain[place]) for place in places) < _LEAST_HEADINGS:
            continue
        yield _Anchor(row, left, _right(grid, row, max(places), following))


def _plain(grid: Grid, row: int) -> dict[int, str]:
    """The texts of a row as headings are compared, by column; none of a row of mostly numbers."""
    types = list(map(type, grid.rows[row]))
    if types.count(str) < types.count(float):
        return {}
    plain = {place: words.heading(cell) for place, cell in enumerate(grid.rows[row]) if cell is not None}
    return {place: text for place, text in plain.items() if text}


def _is_headings(grid: Grid, row: int, plain: dict[int, str], known: Known) -> bool:
    """Two headings at least, or a column of names alone; more words that are known than other texts and numbers."""
    others = [text for place, text in plain.items() if isinstance(grid.value(row, place), str) and not known(text)]
    numbers = [place for place in plain if not isinstance(grid.value(row, place), str)]
    headings = len(plain) - len(others) - len(numbers)
    return headings >= _LEAST_HEADINGS and headings > len(numbers) and headings * 3 >= len(others)


def _starts(plain: dict[int, str], identities: Sequence[int]) -> list[int]:
    """The first column of each table of a row: a new one begins where a heading that names a person comes again."""
    starts: list[int] = [min(plain)]
    seen: set[str] = set()
    for place in identities:
        if plain[place] in seen and words.PEOPLE.get(plain[place]) in words.IDENTITY:
            starts.append(_start_before(plain, starts[-1], place))
            seen.clear()
            seen.update(plain[other] for other in identities if starts[-1] <= other < place)
        seen.add(plain[place])
    return starts


def _start_before(plain: dict[int, str], left: int, place: int) -> int:
    """Where the table begins that has a heading again: at the first heading of the one before, or after a gap."""
    first = plain[left]
    again = [other for other in plain if left < other <= place and plain[other] == first]
    if again:
        return again[-1]
    start = place
    while start - 1 in plain and start - 1 > left and is_person(plain[start - 1]):
        start -= 1
    return start


def is_person(text: str) -> bool:
    """Whether a heading is a column of a person."""
    return text in words.PEOPLE or text in words.SERIALS


def _right(grid: Grid, row: int, last: int, following: int) -> int:
    """The last column of a table: up to the first column in which neither headings nor the first records have anything."""
    right = last
    while right + 1 < following and _is_filled(grid, row, right + 1):
        right += 1
    return right


def _is_filled(grid: Grid, row: int, place: int) -> bool:
    above = any(isinstance(grid.value(near, place), str) for near in range(max(0, row - 2), row))
    return above or any(grid.value(near, place) is not None for near in range(row, row + _FIRST_ROWS))


def _without_continuations(grid: Grid, anchors: list[_Anchor]) -> list[_Anchor]:
    """Anchors but for those that are a second header row of the one above (nothing between, no key heading of theirs)."""
    kept: list[_Anchor] = []
    for anchor in anchors:
        above = [other for other in kept if other.row == anchor.row - 1 and other.left <= anchor.right]
        own = {words.heading(grid.value(anchor.row, place)) for place in range(anchor.left, anchor.right + 1)}
        if above and not any(words.PEOPLE.get(text) in words.IDENTITY for text in own):
            continue
        kept = [other for other in kept if other not in above or not _is_over_people(grid, other)]
        kept.append(anchor)
    return kept


def _is_over_people(grid: Grid, anchor: _Anchor) -> bool:
    """Whether what seems to name the people of a table only groups the headings under it: 学生 over 学号 and 姓名."""
    own = {place: words.heading(cell) for place, cell in _cells(grid, anchor.row, anchor).items()}
    under = {place: words.heading(cell) for place, cell in _cells(grid, anchor.row + 1, anchor).items()}
    people = [place for place, text in own.items() if is_identity(text)]
    return all(is_identity(under.get(place, "")) and under[place] != own[place] for place in people)


def _first_header_row(grid: Grid, anchor: _Anchor, known: Known) -> int:
    top = anchor.row
    while top > 0 and anchor.row - top < _MOST_HEADER_ROWS and _is_group_row(grid, top - 1, anchor, known):
        top -= 1
    return top


def _is_group_row(grid: Grid, row: int, anchor: _Anchor, known: Known) -> bool:
    """Whether a row over the headings groups them: texts over some columns, known as headings, no title and no note."""
    cells = _cells(grid, row, anchor)
    if not cells or any(not isinstance(cell, str) for cell in cells.values()):
        return False
    texts = {place: words.heading(cell) for place, cell in cells.items()}
    if _pairs(cells) or any(_NOTE.search(words.text(cell)) for cell in cells.values()):
        return False
    if len(cells) == 1 and (_spans(grid, row, min(cells), anchor) or min(cells) == anchor.left):
        return False
    return 2 * sum(map(known, texts.values())) >= len(texts)


def _spans(grid: Grid, row: int, place: int, anchor: _Anchor) -> bool:
    """Whether a cell is merged over most of a table: a title."""
    width = next((area.right - area.left + 1 for area in grid.merged if (row, place) in area), 1)
    return width * 3 >= (anchor.right - anchor.left + 1) * 2


def _last_header_row(grid: Grid, anchor: _Anchor, known: Known) -> int:
    """The last row that goes on with the headings: nothing (new) under those of a person, headings under the rest."""
    last = anchor.row
    while (
        last + 1 < len(grid.rows) and last - anchor.row < _MOST_HEADER_ROWS and _goes_on(grid, last + 1, anchor, known)
    ):
        last += 1
    return last


def _goes_on(grid: Grid, row: int, anchor: _Anchor, known: Known) -> bool:
    above = {p: words.heading(grid.value(anchor.row, p)) for p in range(anchor.left, anchor.right + 1)}
    cells = _cells(grid, row, anchor)
    if line_class(cells):
        return False
    below = {place: words.heading(cell) for place, cell in cells.items()}
    people = [place for place, text in above.items() if is_identity(text) or text in words.PEOPLE]
    if any(below.get(place, "") not in ("", above[place]) for place in people):
        return False
    rest = {place: text for place, text in below.items() if place not in people and text != above[place]}
    if rest and not any(place in below for place in people) and _fills_a_group(grid, row, anchor):
        return True
    if not rest or any(not isinstance(grid.value(row, place), str) for place in rest):
        return False
    return 2 * sum(map(known, rest.values())) >= len(rest) or _are_qualifiers(grid, row, above, rest, known)


def _fills_a_group(grid: Grid, row: int, anchor: _Anchor) -> bool:
    """Whether a row has something under each column of a heading that is merged across: the parts of a subject, 1 2 3 too."""
    groups = [a for a in grid.merged if a.bottom == row - 1 and a.left < a.right and anchor.left <= a.left]
    groups = [a for a in groups if a.top >= anchor.row and a.right <= anchor.right]
    return any(all(grid.value(row, p) is not None for p in range(a.left, a.right + 1)) for a in groups)


def _are_qualifiers(grid: Grid, row: int, above: dict[int, str], rest: dict[int, str], known: Known) -> bool:
    """Whether words that nobody knows still go on with the headings: short texts, no marks, under headings of marks."""
    over_marks = any(known(text) and not is_person(text) for text in above.values())
    cells = [mark_cell(grid.value(row, place)) for place in rest]
    return (
        over_marks
        and all(cell.holds is Holds.ASK and not _NUMBER.fullmatch(cell.word) for cell in cells)
        and all(len(text) <= _LONGEST_QUALIFIER for text in rest.values())
    )


def _title_rows(grid: Grid, anchor: _Anchor, top: int) -> list[int]:
    """The rows of titles over a header, the nearest first: one text, or notes, or blank; they end at records."""
    found: list[int] = []
    for row in range(top - 1, max(-1, top - 1 - _MOST_TITLE_ROWS), -1):
        cells = _cells(grid, row, anchor)
        if _pairs(cells):
            found.append(row)
            continue
        if len(cells) > 1 and not all(_is_note(cell) for cell in cells.values()):
            break
        if cells and not all(isinstance(cell, str) for cell in cells.values()):
            break
        if cells:
            found.append(row)
    return found


def _pairs(cells: dict[int, Value]) -> list[str]:
    """What stands behind its name in a row of such pairs: 年级 七年级 班级 1班; empty where the row is no such row."""
    texts = [words.text(cell) for cell in cells.values()]
    names, values = texts[::2], texts[1::2]
    is_named = [words.heading(text) in words.ANY_PERSON for text in texts]
    paired = len(names) == len(values) and bool(values) and all(is_named[::2]) and not any(is_named[1::2])
    places = list(cells)
    beside = all(place + 1 == other for place, other in zip(places[::2], places[1::2], strict=False))
    groups = any(
        words.heading(name) not in words.LONG and words.heading(value) in words.SUBJECTS
        for name, value in zip(names, values, strict=False)
    )
    return values if paired and beside and not groups else []


def _is_note(cell: Value) -> bool:
    return isinstance(cell, str) and (bool(_NOTE.search(words.text(cell))) or len(words.text(cell)) > 6)


def _texts(grid: Grid, rows: Sequence[int], anchor: _Anchor) -> Iterator[str]:
    for row in rows:
        cells = _cells(grid, row, anchor)
        texts = [" ".join(_pairs(cells))] if _pairs(cells) else [words.text(cell) for cell in cells.values()]
        yield from (text for text in texts if not _SIGNED.search(text))


def _cells(grid: Grid, row: int, anchor: _Anchor) -> dict[int, Value]:
    """What stands in a row in the columns of a table; a title may begin left of it."""
    found = {place: grid.value(row, place) for place in range(anchor.left, anchor.right + 1)}
    area = next((area for area in grid.merged if (row, anchor.left) in area and area.left < anchor.left), None)
    if area:
        found[anchor.left] = grid.value(area.top, area.left)
    return {place: cell for place, cell in found.items() if cell is not None and words.text(cell)}


def _with_records(grid: Grid, blocks: list[Block], index: int) -> Block:
    """A block with the rows down to the next one in its columns, and the titles of those over it after its own."""
    block = blocks[index]
    mine = set(block.places)
    others = [other for other in blocks if mine & set(other.places)]
    below = [min((*other.title_rows, *other.header)) for other in others if other.header[0] > block.header[-1]]
    above = [other for other in blocks if other.header[0] <= block.header[0] and other is not block]
    end = min(below, default=len(grid.rows))
    over = [title for other in reversed(above) for title in other.titles]
    if any(ExamWords.of(title).names_exam for title in block.titles):  # then the exam of a table above is another one
        over = [title for title in over if not ExamWords.of(title).names_exam]
    titles = dict.fromkeys((*block.titles, *over))
    return replace(block, records=tuple(range(block.header[-1] + 1, end)), titles=tuple(titles))
