"""One grid of 质量分析: classes down, subjects across, each with its difference to the 年级, and the trend of 总分.

A 年级 with more subjects than a page holds gets several bands of them, 总分 in the last.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from xlbangfu.documents.views.view_look import Looks, pixels
from xlbangfu.house_look import BAD, GOOD, MUTED
from xlbangfu.ooxml.addresses import letters
from xlbangfu.rules.class_quality import TREND, WHOLE, Measure, YearQuality
from xlbangfu.rules.exam_papers import TOTAL

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

ROW, GAP = 16.5, 8  # points
PAGE = 950  # pixels of a landscape page, on which two charts stand side by side
PAIRS = 9  # subjects and 总分 side by side
CLASS, SAT, VALUE, DIFFERENCE, CHANGE, SPARK = 9, 5.6, 5.6, 6, 7.6, 11
_TOTAL, _TOTAL_DIFFERENCE = 7, 7.6  # of 总分, which is in hundreds
_SHORT = {"道德与法治": "道法", "思想政治": "政治", "信息技术": "信息", "体育与健康": "体育"}
_SIGNED = {1: '"▲"0.0;"▼"0.0;"–"', 0: '"▲"0;"▼"0;"–"'}
_PLAIN = {1: "0.0", 0: "0"}


class Place(Struct, frozen=True):
    """Where the columns are, for so many pairs of them; ``data`` is right of what is printed."""

    pairs: int

    def value(self, number: int) -> int:
        return 2 + 2 * number

    @property
    def change(self) -> int:
        return 2 + 2 * self.pairs

    @property
    def last(self) -> int:
        """The sparkline's."""
        return self.change + 1

    @property
    def data(self) -> int:
        return self.last + 2

    @property
    def widths(self) -> tuple[float, ...]:
        """Of the columns that are printed: as wide as they must be, and where few subjects leave room, as the page is."""
        least = (CLASS, SAT, *(VALUE, DIFFERENCE) * (self.pairs - 1), _TOTAL, _TOTAL_DIFFERENCE, CHANGE, SPARK)
        wider = max(1.0, PAGE / pixels(least))
        return tuple(round(width * wider, 1) for width in least)


def bands_of(subjects: Sequence[str]) -> list[tuple[str, ...]]:
    """The subjects, 总分 last, as many bands as they need, of about the same width.

    >>> bands_of(("语文", "数学", "总分"))
    [('语文', '数学', '总分')]
    """
    ordered = [*(subject for subject in subjects if subject != TOTAL), *({TOTAL} & {*subjects})]
    count = -(-len(ordered) // PAIRS)
    size = -(-len(ordered) // max(count, 1))
    return [tuple(ordered[start : start + size]) for start in range(0, len(ordered), size or 1)]


def most_in_a_band(found: Sequence[YearQuality]) -> int:
    """How many pairs of columns the sheet has."""
    return max((len(band) for one in found for band in bands_of(one.subjects)), default=1)


class Grid:
    """Writes the grids of one 年级 on a sheet that has room for ``pairs`` of columns."""

    def __init__(self, sheet: Worksheet, looks: Looks, quality: YearQuality, pairs: int) -> None:
        self.sheet, self.looks, self.quality = sheet, looks, quality
        self.place = Place(pairs)
        self.bands = bands_of(quality.subjects)

    @staticmethod
    def set_widths(sheet: Worksheet, pairs: int) -> None:
        for column, width in enumerate(Place(pairs).widths):
            sheet.set_column(column, column, width)

    @property
    def height(self) -> float:
        """Of one grid, in points."""
        return (len(self.quality.classes) + 1) * ROW + GAP + 20

    def write(self, row: int, measure: Measure, band: Sequence[str]) -> int:
        """A heading, the 年级 and its classes; the row after the gap below them."""
        self._heading(row, measure, band)
        self._line(row + 1, measure, band, None)
        for number, name in enumerate(self.quality.classes, start=row + 2):
            self._line(number, measure, band, name)
        end = row + 2 + len(self.quality.classes)
        if TOTAL in band:
            self._trends(row, end, measure)
        self.sheet.set_row(end, GAP)
        return end + 1

    def _heading(self, row: int, measure: Measure, band: Sequence[str]) -> None:
        unit = "（%）" if measure.unit == "%" else ""
        self.sheet.set_row(row, 20)
        for column in range(self.place.last + 1):
            self.sheet.write_blank(row, column, None, self.looks.head("left"))
        self.sheet.write(row, 0, f"{measure.name}{unit}", self.looks.head("left"))
        self.sheet.write(row, 1, "实考" if not unit else "", self.looks.head("right"))
        for column, subject in self._places(band):
            self.sheet.write(row, column, short(subject), self.looks.head("right"))
        if TOTAL in band:
            self.sheet.write(row, self.place.change, "比上次", self.looks.head("right"))
            self.sheet.write(
                row, self.place.last, f"近{_in_words(len(self.quality.exams[-TREND:]))}次", self.looks.head("center")
            )

    def _line(self, row: int, measure: Measure, band: Sequence[str], name: str | None) -> None:
        bold = name is None
        self.sheet.set_row(row, ROW)
        for column in range(self.place.last + 1):
            self.sheet.write_blank(row, column, None, self.looks.line())
        self.sheet.write(row, 0, name or WHOLE, self.looks.line(bold=bold))
        sat = self.quality.sat.get((name, TOTAL))
        self.sheet.write(row, 1, sat, self.looks.line(bold=bold, font_color=MUTED, align="right", num_format="0"))
        for column, subject in self._places(band):
            figure = self.quality.figure(measure, subject, name)
            value = self.looks.line(bold=bold, align="right", num_format=_PLAIN[measure.places])
            self.sheet.write(row, column, figure.value, value)
            self._signed(row, column + 1, measure, figure.difference)
        if name is not None and TOTAL in band:
            self._signed(row, self.place.change, measure, self.quality.change(measure, name), apart=True)

    def _places(self, band: Sequence[str]) -> Iterator[tuple[int, str]]:
        """Where each subject stands; 总分 beside what is said of it, however few subjects the 年级 has."""
        for number, subject in enumerate(band):
            yield self.place.value(self.place.pairs - 1 if subject == TOTAL else number), subject

    def _signed(
        self, row: int, column: int, measure: Measure, difference: float | None, *, apart: bool = False
    ) -> None:
        self.sheet.write(row, column, difference, self._signed_look(measure, difference or 0, apart))

    def _signed_look(self, measure: Measure, difference: float, apart: bool) -> Format:
        """``apart``: with a blank behind it, beside a sparkline."""
        good = (difference > 0) == measure.high_is_good
        small, large = abs(difference) <= measure.small, abs(difference) > measure.large
        color = MUTED if small else GOOD if good else BAD
        shown = _SIGNED[measure.places]
        number = ";".join(f"{section}_ " for section in shown.split(";")) if apart else shown
        return self.looks.line(align="right", font_color=color, bold=large, num_format=number)

    def _trends(self, row: int, end: int, measure: Measure) -> None:
        """The numbers right of the page, and a sparkline a class; all have one scale, so that they can be compared."""
        trends = [self.quality.trend(measure, name) for name in self.quality.classes]
        self.sheet.write(row, self.place.data, f"{measure.name}：总分与年级差", self.looks.note)
        for number, trend in enumerate(trends, start=row + 2):
            self.sheet.write_row(number, self.place.data, trend, self.looks.note)
        limit = max((abs(one) for trend in trends for one in trend if one is not None), default=0)
        if limit and len(self.quality.exams) > 1:
            self.sheet.add_sparkline(row + 2, self.place.last, self._sparkline(row + 2, end, limit, measure))

    def _sparkline(self, first: int, end: int, limit: float, measure: Measure) -> dict[str, object]:
        left = letters(self.place.data)
        right = letters(self.place.data + len(self.quality.exams[-TREND:]) - 1)
        up, down = (GOOD, BAD) if measure.high_is_good else (BAD, GOOD)
        return {
            "location": [f"{letters(self.place.last)}{row + 1}" for row in range(first, end)],
            "range": [f"{left}{row + 1}:{right}{row + 1}" for row in range(first, end)],
            "type": "column",
            "series_color": up,
            "negative_points": True,
            "negative_color": down,
            "axis": True,
            "min": -limit,
            "max": limit,
        }


def short(subject: str) -> str:
    """What stands over a narrow column.

    >>> short("道德与法治"), short("语文")
    ('道法', '语文')
    """
    return _SHORT.get(subject, subject[:4])


def _in_words(count: int) -> str:
    return "一二三四"[count - 1]
