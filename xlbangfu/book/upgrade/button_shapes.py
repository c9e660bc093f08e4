"""The buttons of the front page 控制台 in the parts of a workbook, whoever wrote them.

A form button stands in up to four places: a shape of the old drawing (VML), which says its macro and where it stands; a
``<control>`` of the sheet with a part of its own; and a picture in the new drawing. Ours are known by the macro. All
else in these places is the staff's and stays byte for byte.
"""

from __future__ import annotations

import re

from xlbangfu.catalog import ACTIONS
from xlbangfu.late_pattern import late_pattern

_MACRO = late_pattern(rb"<x:FmlaMacro>[^<]*?(Bangfu_\w+)[^<]*</x:FmlaMacro>")
_SHAPE = late_pattern(rb"<v:shape\s.*?</v:shape>", re.DOTALL)
_SHAPE_TYPE = late_pattern(rb"<v:shapetype\s.*?</v:shapetype>", re.DOTALL)
_NUMBER = late_pattern(rb'(\sid="_x0000_s)(\d+)(")')
_ANCHOR = late_pattern(rb"(<x:Anchor>)([^<]*)(</x:Anchor>)")
_CONTROL = late_pattern(
    rb"<mc:AlternateContent\b[^>]*>(?:(?!<mc:AlternateContent\b).)*?<control\s.*?</mc:AlternateContent>", re.DOTALL
)
_NO_CONTROLS = late_pattern(
    rb"<mc:AlternateContent\b[^>]*>\s*<mc:Choice\b[^>]*>\s*<controls\s*(?:/>|>\s*</controls>)"
    rb"\s*</mc:Choice>\s*(?:<mc:Fallback\s*/>\s*)?</mc:AlternateContent>"
)
_PICTURE = late_pattern(
    rb"(?:<mc:AlternateContent\b[^>]*>\s*<mc:Choice\b[^>]*>\s*)?"
    rb"<xdr:(twoCell|oneCell|absolute)Anchor\b(?:(?!<xdr:(?:twoCell|oneCell|absolute)Anchor\b).)*?</xdr:\1Anchor>"
    rb"(?:\s*</mc:Choice>\s*(?:<mc:Fallback\s*/>\s*)?</mc:AlternateContent>)?",
    re.DOTALL,
)
_TEXT = late_pattern(rb"<a:t>([^<]*)</a:t>")
_LABELS = {action.label for action in ACTIONS}  # by which LibreOffice's pictures of buttons are known


def is_picture(anchor: bytes) -> bool:
    """Whether an anchor of a drawing is the picture of one of the buttons."""
    texts = {text.decode() for text in _TEXT.findall(anchor)}
    return b"Bangfu_" in anchor or (b'name="Button ' in anchor and bool(texts) and texts <= _LABELS)


def macros_in(vml: bytes) -> set[str]:
    """The macros of the buttons that an old drawing has."""
    return {name.decode() for name in _MACRO.findall(vml)}


def misplaced(sheet: bytes) -> set[str]:
    """The macros of the buttons that end before they begin: LibreOffice saves them so and shows them no more."""
    controls = [xml for xml in _CONTROL.findall(sheet) if re.search(rb"Off>-\d", xml)]
    return {name.decode() for xml in controls for name in re.findall(rb"Bangfu_\w+", xml)}


def without_controls(sheet: bytes) -> tuple[bytes, set[str]]:
    """The sheet without the buttons' controls, and the identities of the parts that these had."""
    ours = [xml for xml in _CONTROL.findall(sheet) if b"Bangfu_" in xml]
    for xml in ours:
        sheet = sheet.replace(xml, b"", 1)
    identities = {name.decode() for xml in ours for name in re.findall(rb'\sr:id="([^"]*)"', xml)}
    return _NO_CONTROLS.sub(b"", sheet), identities


def without_pictures(drawing: bytes) -> bytes:
    """The drawing without the pictures of buttons."""
    return _PICTURE.sub(lambda found: b"" if is_picture(found[0]) else found[0], drawing)


def without_buttons(vml: bytes) -> bytes:
    """The old drawing without the buttons."""
    return _SHAPE.sub(lambda found: b"" if _MACRO.search(found[0]) else found[0], vml)


def with_buttons(vml: bytes, fresh: bytes, *, down: int) -> bytes:
    """The old drawing with the buttons of the fresh page, as many rows further down, in place of those that it has."""
    moved = _ANCHOR.sub(lambda found: found[1] + _lower(found[2], down) + found[3], fresh)
    others = without_buttons(vml)
    if not _SHAPE.search(others):
        return moved
    shapes = [shape for shape in _SHAPE.findall(moved) if _MACRO.search(shape)]
    taken = max((int(number) for _, number, _ in _NUMBER.findall(others)), default=1024)
    numbered = [
        _NUMBER.sub(lambda found, number=number: found[1] + b"%d" % number + found[3], shape, count=1)  # type: ignore[misc]  # a lambda's default is not inferred
        for number, shape in enumerate(shapes, start=taken + 1)
    ]
    kinds = [] if b'id="_x0000_t201"' in others else _SHAPE_TYPE.findall(fresh)
    end = others.rindex(b"</xml>")
    return others[:end] + b"".join([*kinds, *numbered]) + others[end:]


def _lower(anchor: bytes, rows: int) -> bytes:
    """An anchor (column, pixels, row, pixels of two corners) so many rows further down.

    >>> _lower(b"2, 3, 8, 4, 2, 109, 8, 34", 1)
    b'2, 3, 9, 4, 2, 109, 9, 34'
    """
    numbers = [int(number) for number in anchor.split(b",")]
    return b", ".join(b"%d" % (number + rows * (place in (2, 6))) for place, number in enumerate(numbers))
