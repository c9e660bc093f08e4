"""The font of a range. Western and Asian text have fonts of their own in LibreOffice; Excel knows one, so both follow."""

from typing import Any

from xlbangfu.book.libreoffice.bridge import enum, is_mixed
from xlbangfu.book.libreoffice.cell_areas import Cells
from xlbangfu.book.libreoffice.lacking import lacking, says_what_it_lacks
from xlbangfu.book.light_xlwings import base_classes

_SCRIPTS = ("", "Asian", "Complex")
_BOLD, _PLAIN = 150.0, 100.0
_AUTOMATIC = -1


def to_rgb(number: int) -> tuple[int, int, int]:
    """A UNO colour, 0xRRGGBB."""
    return number >> 16 & 255, number >> 8 & 255, number & 255


def from_color(color: Any) -> int:
    """A colour as xlwings takes it: "#RRGGBB", (red, green, blue), or Excel's number 0xBBGGRR."""
    if isinstance(color, str):
        return int(color.removeprefix("#"), 16)
    if isinstance(color, int):
        blue, green, red = to_rgb(color)
    else:
        red, green, blue = color
    return int(red) << 16 | int(green) << 8 | int(blue)


@says_what_it_lacks
class Font(base_classes.Font):
    """What differs between the cells is None, as in Excel."""

    def __init__(self, cells: Cells) -> None:
        self._cells = cells

    @property
    def api(self) -> Any:
        return self._cells.xl

    def _get(self, name: str) -> Any:
        return None if is_mixed(self.api, name) else getattr(self.api, name)

    def _set(self, name: str, value: Any) -> None:
        self._cells.check_writable()
        for script in _SCRIPTS:
            setattr(self.api, name + script, value)

    @property
    def bold(self) -> bool | None:
        weight = self._get("CharWeight")
        return None if weight is None else weight > _PLAIN

    @bold.setter
    def bold(self, value: bool) -> None:
        self._set("CharWeight", _BOLD if value else _PLAIN)

    @property
    def italic(self) -> bool | None:
        slant = self._get("CharPosture")
        return None if slant is None else slant.value != "NONE"

    @italic.setter
    def italic(self, value: bool) -> None:
        self._set("CharPosture", enum("awt.FontSlant", "ITALIC" if value else "NONE"))

    @property
    def size(self) -> float | None:
        height = self._get("CharHeight")
        return None if height is None else float(height)

    @size.setter
    def size(self, value: float) -> None:
        self._set("CharHeight", float(value))

    @property
    def name(self) -> str | None:
        name = self._get("CharFontName")
        return None if name is None else str(name)

    @name.setter
    def name(self, value: str) -> None:
        self._set("CharFontName", value)

    @property
    def color(self) -> tuple[int, int, int]:
        number = self._get("CharColor")
        if number is None:
            raise lacking("The font colour of cells that differ in it")
        return (0, 0, 0) if number == _AUTOMATIC else to_rgb(number)

    @color.setter
    def color(self, value: Any) -> None:
        self._cells.check_writable()
        self.api.CharColor = from_color(value)
