"""A workbook without its rows, as text: XlsxWriter draws it when the program is built (``frame_drawing``), for no run of the
program is to wait for XlsxWriter and its drawing. What differs stands in it as a token."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

PAGE_FRAMES = {"班级页": "class_page", "帮扶页": "teacher_page"}  # by the word of the kind
INDEX_FRAME = "index"
FRAMES = Path(__file__).parent / "frames"


class WorkbookFrame(NamedTuple):
    """``sheets``: of each in order the XML before and after its rows. ``styles``: the number of each cell style. ``parts``: all others,
    by path."""

    sheets: list[tuple[str, str]]
    styles: dict[str, int]
    parts: dict[str, str]

    def text(self) -> str:
        """As it is shipped: a piece of XML a line."""
        return json.dumps(self._asdict(), ensure_ascii=False, indent=0) + "\n"


def frame_file(name: str) -> Path:
    return FRAMES / f"{name}.json"


def workbook_frame(name: str) -> WorkbookFrame:
    """The frame that is shipped."""
    kept = json.loads(frame_file(name).read_text(encoding="utf-8"))
    return WorkbookFrame([(before, after) for before, after in kept["sheets"]], kept["styles"], kept["parts"])


def put_in(xml: str, texts: Mapping[str, str]) -> str:
    """The XML with these in place of their tokens."""
    for token, text in texts.items():
        xml = xml.replace(token, text)
    return xml
