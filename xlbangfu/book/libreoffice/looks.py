"""How a range looks: formats, colours, alignment, widths and heights."""

from collections.abc import Callable
from typing import Any

from xlbangfu.book.libreoffice.bridge import enum, is_mixed
from xlbangfu.book.libreoffice.cell_areas import Cells
from xlbangfu.book.libreoffice.fonts import Font, from_color, to_rgb
from xlbangfu.book.libreoffice.lacking import lacking

_NO_COLOR = -1
_PADDING_PIXELS, _DIGIT_PIXELS, _NARROW_PIXELS = 5, 7, 12  # Excel's, for Calibri 11
_HORIZONTAL = {
    "general": "STANDARD",
    "left": "LEFT",
    "center": "CENTER",
    "right": "RIGHT",
    "fill": "REPEAT",
    "justify": "BLOCK",
}
_VERTICAL = {"top": 1, "center": 2, "bottom": 3, "justify": 4}
_VERTICAL_SHOWN = {**{number: name for name, number in _VERTICAL.items()}, 0: "bottom"}


_OF_HEIGHT = ("IsTextWrapped", "RotateAngle", "CharHeight", "CharHeightAsian", "CharFontNameAsian")


class Looks(Cells):
    @property
    def is_plain_type(self) -> bool:
        """Whether all cells are of one type and lie flat on one line, so that any Chinese text is as high as any other."""
        return not any(is_mixed(self.xl, name) for name in _OF_HEIGHT) and not (
            self.xl.IsTextWrapped or self.xl.RotateAngle
        )

    @property
    def number_format(self) -> str | None:
        if self.xl is None:
            return ""
        return None if is_mixed(self.xl, "NumberFormat") else self.sheet.book.formats.format_code(self.xl.NumberFormat)

    @number_format.setter
    def number_format(self, value: str) -> None:
        self.check_writable()
        self.xl.NumberFormat = self.sheet.book.formats.key(value)

    @property
    def font(self) -> Font:
        return Font(self)

    @property
    def color(self) -> tuple[int, int, int] | None:
        """The fill; None where there is none."""
        if self.xl is None:
            return None
        if is_mixed(self.xl, "CellBackColor"):
            raise lacking("The colour of cells that differ in it")
        number = self.xl.CellBackColor
        return None if number == _NO_COLOR else to_rgb(number)

    @color.setter
    def color(self, value: Any) -> None:
        if self.xl is not None:
            self.check_writable()
            self.xl.CellBackColor = _NO_COLOR if value is None else from_color(value)

    def set_colors(self, colors: list[list[Any]]) -> None:
        for row_number, row in enumerate(colors):
            for column, color in enumerate(row):
                if color is not ...:
                    self.part(row_number, column).color = color

    @property
    def wrap_text(self) -> bool | None:
        return None if is_mixed(self.xl, "IsTextWrapped") else bool(self.xl.IsTextWrapped)

    @wrap_text.setter
    def wrap_text(self, value: bool) -> None:
        self.check_writable()
        self.xl.IsTextWrapped = bool(value)

    @property
    def horizontal_alignment(self) -> str | None:
        if is_mixed(self.xl, "HoriJustify") or is_mixed(self.xl, "HoriJustifyMethod"):
            return None
        if self.xl.HoriJustifyMethod:
            return "distributed"
        return next(name for name, value in _HORIZONTAL.items() if value == self.xl.HoriJustify.value)

    @horizontal_alignment.setter
    def horizontal_alignment(self, value: str) -> None:
        if value not in _HORIZONTAL and value != "distributed":
            raise lacking(f"The horizontal alignment {value!r}")
        self.check_writable()
        self.xl.HoriJustify = enum("table.CellHoriJustify", _HORIZONTAL.get(value, "BLOCK"))
        self.xl.HoriJustifyMethod = int(value == "distributed")

    @property
    def vertical_alignment(self) -> str | None:
        if is_mixed(self.xl, "VertJustify") or is_mixed(self.xl, "VertJustifyMethod"):
            return None
        return "distributed" if self.xl.VertJustifyMethod else _VERTICAL_SHOWN[self.xl.VertJustify]

    @vertical_alignment.setter
    def vertical_alignment(self, value: str) -> None:
        self.check_writable()
        self.xl.VertJustify = _VERTICAL.get(value, _VERTICAL["justify"])
        self.xl.VertJustifyMethod = int(value == "distributed")

    @property
    def column_width(self) -> float | None:
        """In digits of the default font; None where the columns differ."""
        if self.xl is None:
            return 0.0
        return _common(self.xl.getColumns(), "Width", self.xl.Size.Width, self._in_digits)

    @column_width.setter
    def column_width(self, value: float) -> None:
        pixels = value * _DIGIT_PIXELS + _PADDING_PIXELS if value >= 1 else value * _NARROW_PIXELS
        if self.xl is not None:
            self.check_writable()
            self.xl.getColumns().Width = round(pixels / _DIGIT_PIXELS * self.sheet.book.digit_width)

    def _in_digits(self, width: int) -> float:
        pixels = round(width / self.sheet.book.digit_width * _DIGIT_PIXELS)
        if pixels < _NARROW_PIXELS:
            return round(pixels / _NARROW_PIXELS, 2)
        return round((pixels - _PADDING_PIXELS) / _DIGIT_PIXELS, 2)

    @property
    def row_height(self) -> float | None:
        """In points; None where the rows differ."""
        return _common(self.xl.getRows(), "Height", self.xl.Size.Height, in_points) if self.xl is not None else 0.0

    @row_height.setter
    def row_height(self, value: float) -> None:
        if self.xl is not None:
            self.check_writable()
            self.xl.getRows().Height = round(value * 2540 / 72)

    @property
    def width(self) -> float:
        return _on_screen(self.xl.Size.Width) if self.xl is not None else 0.0

    @property
    def height(self) -> float:
        return _on_screen(self.xl.Size.Height) if self.xl is not None else 0.0

    @property
    def left(self) -> float:
        return _on_screen(self.xl.Position.X) if self.xl is not None else 0.0

    @property
    def top(self) -> float:
        return _on_screen(self.xl.Position.Y) if self.xl is not None else 0.0

    @property
    def row_hidden(self) -> bool | None:
        return _hidden(self.xl.getRows())

    @row_hidden.setter
    def row_hidden(self, value: bool) -> None:
        self.check_writable()
        self.xl.getRows().IsVisible = not value

    @property
    def column_hidden(self) -> bool | None:
        return _hidden(self.xl.getColumns())

    @column_hidden.setter
    def column_hidden(self, value: bool) -> None:
        self.check_writable()
        self.xl.getColumns().IsVisible = not value

    def autofit(self, axis: str | None = None) -> None:
        if self.xl is None:
            return
        self.check_writable()
        if axis in (None, "c", "columns"):
            self.xl.getColumns().OptimalWidth = True
        if axis in (None, "r", "rows"):
            self.xl.getRows().OptimalHeight = True


def in_points(hundredths_of_mm: int) -> float:
    """LibreOffice keeps lengths in twentieths of a point."""
    return round(hundredths_of_mm * 1440 / 2540) / 20


def _on_screen(hundredths_of_mm: int) -> float:
    """Points, in whole pixels of 96 to the inch, as Excel gives them."""
    return round(hundredths_of_mm * 96 / 2540) * 0.75


def _common(lines: Any, name: str, total: int, shown: Callable[[int], float]) -> float | None:
    """The width or height that all share; the total tells most differences without asking each line."""
    first, count = getattr(lines.getByIndex(0), name), lines.getCount()
    if abs(total - first * count) > count:
        return None
    same = all(getattr(lines.getByIndex(index), name) == first for index in range(1, count))
    return shown(first) if same else None


def _hidden(lines: Any) -> bool | None:
    states = {not lines.getByIndex(index).IsVisible for index in range(lines.getCount())}
    return states.pop() if len(states) == 1 else None
