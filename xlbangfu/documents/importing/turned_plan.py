"""A 任课表 with its subjects down and its classes across, turned into the usual one: a row a class, a column a subject."""

from __future__ import annotations

from msgspec.structs import replace

from xlbangfu.documents.importing import words
from xlbangfu.documents.importing.grid import Area, Grid
from xlbangfu.late_pattern import late_pattern
from xlbangfu.rules.class_texts import class_texts

_CORNER = late_pattern(r"(?:科目|学科|课程|班级|教师|任课|姓名|[/\\、|—-])*")
_MOST_TITLE_ROWS = 12
_LEAST = 2  # classes, and subjects


def turned_plan(grid: Grid, subjects: frozenset[str]) -> Grid | None:
    """The sheet with the plan turned and the titles where they were; None where no such plan stands on it."""
    if grid.hidden_rows or grid.hidden_columns:
        return None
    for top in range(min(len(grid.rows), _MOST_TITLE_ROWS)):
        left, right = _across(grid, top)
        bottom = _bottom(grid, top, left, right, subjects) if right - left >= _LEAST else top
        if bottom - top >= _LEAST:
            return _turned(grid, Area(top, left, bottom, right))
    return None


def _across(grid: Grid, row: int) -> tuple[int, int]:
    """The corner and the last class of a row that has classes and nothing else behind its corner."""
    filled = [place for place, cell in enumerate(grid.rows[row]) if cell is not None and words.text(cell)]
    rooms = [place for place in filled if class_texts(words.text(grid.value(row, place)))]
    others = [place for place in filled if place not in rooms]
    corner = rooms[0] - 1 if rooms else -1
    strange = [
        place for place in others if place != corner and words.heading(grid.value(row, place)) not in words.SERIALS
    ]
    if corner < 0 or strange or rooms != list(range(rooms[0], rooms[-1] + 1)):
        return 0, 0
    fits = _CORNER.fullmatch(words.text(grid.value(row, corner) or ""))
    return (corner, rooms[-1]) if fits else (0, 0)


def _bottom(grid: Grid, top: int, left: int, right: int, subjects: frozenset[str]) -> int:
    """The last row that begins with a subject or 班主任; ``top`` where a row of something else has cells too."""
    row = top
    while row + 1 < len(grid.rows):
        said = words.heading(grid.value(row + 1, left) or "")
        if not words.subject(said, subjects) and words.CLASSES.get(said) != "班主任":
            filled = any(grid.value(row + 1, place) is not None for place in range(left + 1, right + 1))
            return top if filled else row
        row += 1
    return row


def _turned(grid: Grid, plan: Area) -> Grid:
    def turn(row: int, column: int) -> tuple[int, int]:
        return plan.top + column - plan.left, plan.left + row - plan.top

    before = [None] * plan.left
    rows = [
        [*before, *(grid.value(row, column) for row in range(plan.top, plan.bottom + 1))]
        for column in range(plan.left, plan.right + 1)
    ]
    rows[0][plan.left] = words.CLASS
    inside = [area for area in grid.merged if plan.top <= area.top and area.bottom <= plan.bottom]
    merged = [Area(*turn(area.top, area.left), *turn(area.bottom, area.right)) for area in inside]
    unreadable = {turn(*place): why for place, why in grid.unreadable.items() if place in plan}
    return replace(
        grid, rows=[*grid.rows[: plan.top], *rows], merged=tuple(merged), unreadable=unreadable, is_turned=True
    )
