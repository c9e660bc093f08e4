"""A1 addresses. Rows and columns count from 1; a block is (row, column, rows, columns)."""

import re

from xlbangfu.late_pattern import late_pattern

ROWS = 1_048_576
COLUMNS = 16_384

Block = tuple[int, int, int, int]

_CELLS = late_pattern(r"\$?([A-Z]{1,3})\$?([1-9]\d{0,6})(?::\$?([A-Z]{1,3})\$?([1-9]\d{0,6}))?", re.IGNORECASE)
_COLUMNS = late_pattern(r"\$?([A-Z]{1,3}):\$?([A-Z]{1,3})", re.IGNORECASE)
_ROWS = late_pattern(r"\$?([1-9]\d{0,6}):\$?([1-9]\d{0,6})")


def column_number(name: str) -> int:
    """
    >>> column_number("A"), column_number("AB")
    (1, 28)
    """
    number = 0
    for letter in name.upper():
        number = number * 26 + ord(letter) - 64
    return number


def letters(column: int) -> str:
    """
    >>> letters(1), letters(28), letters(16384)
    ('A', 'AB', 'XFD')
    """
    before, last = divmod(column - 1, 26)
    return (letters(before) if before else "") + chr(65 + last)


def parse(text: str) -> Block | None:
    """The block that an address names, or None when it is no address (a name, perhaps).

    >>> parse("$B$2:C4"), parse("A:B"), parse("全部")
    ((2, 2, 3, 2), (1, 1, 1048576, 2), None)
    """
    block = None
    if found := _CELLS.fullmatch(text):
        first_column, first_row, last_column, last_row = found.groups()
        block = between(
            (int(first_row), column_number(first_column)),
            (int(last_row or first_row), column_number(last_column or first_column)),
        )
    elif found := _COLUMNS.fullmatch(text):
        block = between((1, column_number(found[1])), (ROWS, column_number(found[2])))
    elif found := _ROWS.fullmatch(text):
        block = between((int(found[1]), 1), (int(found[2]), COLUMNS))
    return block if block and fits(block) else None


def between(one: tuple[int, int], other: tuple[int, int]) -> Block:
    row, column = min(one[0], other[0]), min(one[1], other[1])
    return row, column, abs(one[0] - other[0]) + 1, abs(one[1] - other[1]) + 1


def around(one: Block, other: Block) -> Block:
    """The smallest block that holds both."""
    row, column = min(one[0], other[0]), min(one[1], other[1])
    last_row = max(one[0] + one[2], other[0] + other[2])
    last_column = max(one[1] + one[3], other[1] + other[3])
    return row, column, last_row - row, last_column - column


def fits(block: Block) -> bool:
    row, column, rows, columns = block
    return row >= 1 and column >= 1 and row + rows - 1 <= ROWS and column + columns - 1 <= COLUMNS


def show(block: Block, *, row_absolute: bool = True, column_absolute: bool = True) -> str:
    """
    >>> show((2, 2, 3, 2)), show((1, 1, 1048576, 2)), show((1, 1, 1, 1), row_absolute=False)
    ('$B$2:$C$4', '$A:$B', '$A1')
    """
    row, column, rows, columns = block
    sign_row, sign_column = "$" * row_absolute, "$" * column_absolute
    if not rows or not columns:
        return f"{sign_column}{letters(column)}{sign_row}{row}{{{rows}x{columns}}}"
    last_row, last_column = row + rows - 1, column + columns - 1
    if (row, rows) == (1, ROWS) and columns < COLUMNS:
        return f"{sign_column}{letters(column)}:{sign_column}{letters(last_column)}"
    if (column, columns) == (1, COLUMNS):
        return f"{sign_row}{row}:{sign_row}{last_row}"
    first = f"{sign_column}{letters(column)}{sign_row}{row}"
    if (rows, columns) == (1, 1):
        return first
    return f"{first}:{sign_column}{letters(last_column)}{sign_row}{last_row}"
