"""Whether python-calamine reads the parts that were checked here, and can hold what it reads.

It takes xl/workbook.xml whatever the relationships say, finds a part whatever its capitals, and makes room for the whole
block between the first and the last value: two values in opposite corners end the process.
"""

from __future__ import annotations

from collections import Counter
from functools import reduce
from xml.parsers import expat

from xlbangfu.errors import NotAWorkbook
from xlbangfu.late_pattern import late_pattern
from xlbangfu.ooxml.package import Package
from xlbangfu.ooxml.plain_rows import are_near

_WORKBOOK = "xl/workbook.xml"
_AMBIGUOUS = "文件里有两份内容或两张同名的表，不知道该读哪一份，请用 Excel 重新另存一份。"
_ADDRESS = late_pattern(rb"""\sr\s*=\s*["']([A-Za-z]+)\d""")
_NUMBER = late_pattern(rb"""\sr\s*=\s*["'][A-Za-z]*(\d+)["']""")
_NO_ADDRESS = late_pattern(rb"""<(?:[\w.-]+:)?(?:c|row)(?=[\s>/])(?![^<>]*\sr\s*=)""")
_OTHER_ELEMENTS = (b"<co", b"<cf", b"<rowBreaks")  # of a sheet, that begin like a cell or a row
_FAR = late_pattern(rb'(?:<c|<row) r="(?:[A-Za-z]{3}|[A-Za-z]{0,2}\d{5})')
_NEAR_CELLS = 702 * 9_999
_PLACE = late_pattern(r"([A-Za-z]+)(\d+)$")


def check_one_reading(package: Package) -> None:
    """Raise NotAWorkbook where a reader could find another sheet than the one that was checked."""
    folded = Counter(name.replace("\\", "/").lower() for name in package.archive.members)
    relations = [one for one in package.related(package.workbook_part) if one[0] == "worksheet"]
    identities = Counter(identity for _, _, identity in relations)
    astray = any(not path.startswith("xl/") or path.startswith("xl/xl/") for _, path, _ in relations)
    repeated = any(count > 1 for one in (folded, identities, package.sheet_names) for count in one.values())
    if package.workbook_part != _WORKBOOK or astray or repeated:
        raise NotAWorkbook(_AMBIGUOUS)


def reach(xml: bytes, most: int, *, near: bool = False) -> int:
    """How many cells the block from A1 to the last row and the last column with a value has.

    A quick look that counts too many is enough below ``most``; ``near`` says that nothing is known to stand far out. Raises
    NotAWorkbook for what is no XML.
    """
    if most >= _NEAR_CELLS and (near or _is_near(xml) or are_near(xml)):
        return _NEAR_CELLS
    quick = _quick_reach(xml)
    return quick if quick <= most else _exact_reach(xml)


def _is_near(xml: bytes) -> bool:
    """Whether every cell and row is written as programs write them, and none stands below row 9,999 or right of ZZ."""
    others = sum(map(xml.count, _OTHER_ELEMENTS))
    plain = xml.count(b"<c") + xml.count(b"<row") - others == xml.count(b'<c r="') + xml.count(b'<row r="')
    foreign = b":c" in xml or b":row" in xml
    return plain and not foreign and _FAR.search(xml) is None


def _quick_reach(xml: bytes) -> int:
    unaddressed = len(_NO_ADDRESS.findall(xml))
    widest = max((column_number(letters.decode()) for letters in set(_ADDRESS.findall(xml))), default=1)
    last = max((int(number[-20:]) for number in set(_NUMBER.findall(xml))), default=1)
    return (widest + unaddressed) * (last + unaddressed)


def column_number(letters: str) -> int:
    """The number of a column, A is 1; what is longer than any column counts as far out."""
    return reduce(lambda number, sign: number * 26 + ord(sign) - 64, letters[:9].upper(), 0)


def _exact_reach(xml: bytes) -> int:
    scan = _Scan()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = scan.start
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, LookupError, ValueError) as problem:
        raise NotAWorkbook("文件内部已损坏，请从“备份”文件夹或原处重新取一份。") from problem
    return scan.last_row * scan.last_column


class _Scan:
    """Where the last value stands: a cell without anything in it takes no room."""

    def __init__(self) -> None:
        self.last_row = self.last_column = 0
        self._row = self._column = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        kind, address = name.rpartition(" ")[2], attributes.get("r", "")
        if kind == "row":
            self._row = int(address) if address else self._row + 1
            self._column = 0
        elif kind == "c":
            self._column += 1
            if place := _PLACE.match(address):
                self._column, self._row = column_number(place[1]), int(place[2][-20:])
        elif kind in ("v", "is", "f"):
            self.last_row = max(self.last_row, self._row)
            self.last_column = max(self.last_column, self._column)


def is_panic(problem: BaseException) -> bool:
    """Whether python-calamine gave up in a way that is no Exception."""
    return type(problem).__name__ == "PanicException"
