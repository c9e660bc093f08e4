"""What a block is, and what each of its columns is by its headings."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from msgspec.structs import replace

from xlbangfu.documents.importing import heading_words, words
from xlbangfu.documents.importing.blocks import find_blocks
from xlbangfu.documents.importing.columns import Block, Column, Content
from xlbangfu.documents.importing.exam_words import ExamWords
from xlbangfu.documents.importing.grid import Grid
from xlbangfu.documents.importing.heading_words import Score
from xlbangfu.documents.importing.mark_cells import Holds, mark_cell
from xlbangfu.documents.importing.records import with_records
from xlbangfu.documents.importing.turned_plan import turned_plan

_SCORES = (Score.MARK, Score.RAW, Score.CONVERTED)
_STAFF = frozenset({"任教科目", "任教班级"})


def recognise(grid: Grid, subjects: frozenset[str]) -> list[Block]:
    """The blocks of a sheet with what they are, their columns and their records; ``subjects`` are those of the school."""
    known = partial(heading_words.is_heading, subjects=subjects)
    found = [_recognised(block, subjects) for block in find_blocks(grid, known)]
    if all(block.content is Content.UNKNOWN for block in found) and (turned := turned_plan(grid, subjects)):
        plans = [_recognised(block, subjects) for block in find_blocks(turned, known)]
        return [block for block in plans if block.content is Content.TEACHING] or found
    return found


def _recognised(block: Block, subjects: frozenset[str]) -> Block:
    with_columns = replace(block, columns=tuple(_columns(block, subjects)))
    found = with_records(with_columns)
    return replace(found, content=_content(found))


def _columns(block: Block, subjects: frozenset[str]) -> list[Column]:
    lines = [_line(block, row) for row in block.header]
    stops = {place for line in lines for place, text in line.items() if _is_person(text)}
    over = []
    for row, line in zip(block.header[:-1], lines[:-1], strict=True):
        over.append(_carried(block, row, line, stops))
        stops = stops | line.keys()  # under a heading of its own nothing goes on from the left
    last = lines[-1] | _spread(block, block.header[-1], lines[-1])
    columns = []
    for place in block.places:
        headings = tuple(line.get(place, "") for line in (*over, last))
        read = heading_words.read(headings, subjects)
        columns.append(
            Column(
                place=place,
                headings=headings,
                meaning=read.person,
                exam=read.exam,
                subject=read.subject,
                qualifier=read.residue,
                score=read.score,
                total=read.total,
                full=read.full,
            )
        )
    return columns


def _line(block: Block, row: int) -> dict[int, str]:
    """The headings of one row as typed, by column."""
    found = {place: words.text(block.grid.value(row, place) or "") for place in block.places}
    return {place: text for place, text in found.items() if text}


def _carried(block: Block, row: int, line: dict[int, str], stops: set[int]) -> dict[int, str]:
    """A row of headings that is not the last: what is merged across counts for each column; where nothing is merged, a
    heading counts up to the next one or to a column of a person."""
    if spread := _spread(block, row, line):
        return line | spread
    carried, last = {}, ""
    for place in block.places:
        last = line.get(place, "" if place in stops else last)
        if last:
            carried[place] = last
        if _is_person(last):
            last = ""
    return carried


def _spread(block: Block, row: int, line: dict[int, str]) -> dict[int, str]:
    """What is merged across in a row of headings, for each of its columns."""
    areas = [area for area in block.grid.merged if area.top <= row <= area.bottom and area.left < area.right]
    return {p: line[a.left] for a in areas if a.left in line for p in range(a.left, a.right + 1)}


def _is_person(text: str) -> bool:
    """Whether a heading is a person's column wherever it stands; 考试 under 语文 is none."""
    return words.ANY_PERSON.get(words.heading(text), words.EXAM) not in (words.EXAM, words.SUBJECT)


def _content(block: Block) -> Content:
    """What the headings announce."""
    people = {column.meaning for column in block.columns if column.meaning}
    subjects = [column for column in block.columns if column.subject]
    marks = [column for column in block.columns if column.score in _SCORES and not column.total and not column.meaning]
    named = bool(people & words.IDENTITY)
    if "工号" in people or (people & _STAFF and not subjects and words.NUMBER not in people):
        return Content.TEACHERS
    if named and words.SUBJECT in people and marks and not subjects:
        return Content.LONG_SCORES
    if named and (subjects or marks or _has_totals_of_an_exam(block)):
        return Content.SCORES
    if not named and subjects and _are_figures(block, subjects):
        return Content.UNKNOWN
    if words.CLASS in people and len(subjects) >= 2:
        return Content.TEACHING
    if "班主任" in people and words.CLASS in people and not named:
        return Content.CLASSES
    return Content.ROSTER if named and len(block.columns) >= 2 else Content.UNKNOWN


def _has_totals_of_an_exam(block: Block) -> bool:
    """Whether a list of totals stands under the name of an exam or of a subject: marks, and no roster."""
    totals = any(column.total and column.score in _SCORES for column in block.columns)
    texts = (block.grid.sheet, *block.titles, block.stem)
    return totals and any(
        ExamWords.of(text).kinds or any(name in words.text(text) for name in words.SUBJECTS if len(name) > 1)
        for text in texts
    )


def _are_figures(block: Block, columns: Sequence[Column]) -> bool:
    """Whether the columns of a table that names nobody hold numbers: averages, counts, 60%."""
    cells = [cell for column in columns for cell in block.cells(column) if cell is not None]
    numbers = sum(mark_cell(cell).holds is Holds.NUMBER or words.text(cell).endswith("%") for cell in cells)
    return numbers * 2 > len(cells)
