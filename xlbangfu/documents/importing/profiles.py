"""What the cells of a column show, whatever its heading says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property

from msgspec import Struct

from xlbangfu.documents.importing import words
from xlbangfu.documents.importing.grid import Value
from xlbangfu.documents.importing.mark_cells import Holds, mark_cell

_LEAST = 5  # fewer records show nothing
_BEST, _MISSING = 3, 1.3  # of places of which some are missing: the best at most, the last one to their number


class Profile(Struct, frozen=True, dict=True):
    """The cells of one column. ``odd`` are texts that are neither numbers nor known words for 缺考 or 未录."""

    cells: Sequence[Value]

    @cached_property
    def numbers(self) -> list[float]:
        marks = (cell if type(cell) is float else mark_cell(cell).number for cell in self.cells if cell is not None)
        return [number for number in marks if number is not None]

    @cached_property
    def odd(self) -> Counter[str]:
        texts = (cell for cell in self.cells if cell is not None and type(cell) is not float)
        odd = (mark_cell(cell) for cell in texts)
        return Counter(found.word for found in odd if found.holds in (Holds.ASK, Holds.UNREADABLE))

    @property
    def empty(self) -> bool:
        return not any(cell is not None and words.text(cell) for cell in self.cells)

    @property
    def numeric(self) -> bool:
        """Whether at least half of what stands there are numbers."""
        filled = sum(1 for cell in self.cells if cell is not None and (type(cell) is float or words.text(cell)))
        return bool(self.numbers) and len(self.numbers) * 2 >= filled

    @property
    def counts(self) -> bool:
        """Whether the numbers are places: 1 … n, ties sharing a place (1 2 2 4 or 1 2 2 3), or nearly, some missing."""
        return len(self.numbers) >= _LEAST and (
            _are_places(self.numbers) or (self.whole and _are_some_places(self.numbers))
        )

    @property
    def whole(self) -> bool:
        """Whether the numbers could be places: whole, from 1 on."""
        return bool(self.numbers) and all(number >= 1 and number.is_integer() for number in self.numbers)

    @property
    def rates(self) -> bool:
        """Whether the numbers are shares of something: none above 1, and not only 0 and 1."""
        some = len(self.numbers) >= _LEAST and max(self.numbers) <= 1
        return some and any(not number.is_integer() for number in self.numbers)

    @property
    def noughts(self) -> bool:
        """Whether every number is 0."""
        return len(self.numbers) >= _LEAST and not any(self.numbers)

    @property
    def sample(self) -> tuple[str, ...]:
        """Up to three values, as staff see them."""
        return first_values(self.cells)


def first_values(values: Iterable[Value], most: int = 3) -> tuple[str, ...]:
    """The first values that are not blank."""
    texts = (words.text(cell) for cell in values if cell is not None)
    return tuple(text for text, _ in zip(filter(None, texts), range(most), strict=False))


def _are_places(numbers: Sequence[float]) -> bool:
    """
    >>> _are_places([3, 1, 2, 2, 5]), _are_places([61, 62, 63, 64, 65])
    (False, False)
    >>> _are_places([4, 1, 2, 2, 5]), _are_places([4, 1, 2, 2, 3])
    (True, True)
    """
    ranked = sorted(numbers)
    if ranked[0] != 1 or ranked[-1] > len(ranked) or len(set(ranked)) * 2 < len(ranked):
        return False
    shared = all(value == ranked.index(value) + 1 for value in set(ranked))
    dense = sorted(set(ranked)) == list(range(1, len(set(ranked)) + 1))
    return shared or dense


def _are_some_places(numbers: Sequence[float]) -> bool:
    """
    >>> _are_some_places([1, 2, 4, 5, 6, 8]), _are_some_places([2, 14, 31, 40, 52, 60])
    (True, False)
    """
    few_ties = len(set(numbers)) * 2 > len(numbers)
    return few_ties and min(numbers) <= _BEST and max(numbers) <= _MISSING * len(numbers) + 1
