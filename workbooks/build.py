"""Build what this folder holds: ``python workbooks/build.py`` (a test compares it with what is committed).

* 帮扶总表.xlsm: an empty master for Excel.
* 帮扶总表-示例.xlsm: a made-up school after 一键完成 and 帮扶页.
* 班级页-示例.xlsx, 帮扶页-示例.xlsx: one class page and one teacher page of that school, as they come back filled in.

Day and hour are fixed, so that the same program gives the same files anywhere.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from unittest.mock import patch

from xlbangfu import actions, sample
from xlbangfu.actions import make_pages
from xlbangfu.book import template
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.documents.class_page import frame_drawing
from xlbangfu.documents.class_page.workbook_frame import frame_file
from xlbangfu.sample.filled_page import fill_class_page, fill_teacher_page, fullest

HERE = Path(__file__).parent
EMPTY, SAMPLE, PAGE, TEACHER_PAGE = "帮扶总表.xlsm", "帮扶总表-示例.xlsm", "班级页-示例.xlsx", "帮扶页-示例.xlsx"
MADE = datetime(2026, 6, 30, 9, 0)
PUBLIC = f"K{'0' * 32}"  # of the sample alone, whose pages prove nothing; every other workbook draws its own by chance


def build(folder: Path) -> list[Path]:
    """Write the files into a folder and name them."""
    empty, example, page, teacher_page = (folder / name for name in (EMPTY, SAMPLE, PAGE, TEACHER_PAGE))
    with tempfile.TemporaryDirectory() as temporary:
        desk = Path(temporary)
        template.build(desk / EMPTY, created=MADE)
        book = desk / SAMPLE
        template.build(book, frames=sample.make_example().frames, created=MADE)
        call = actions.Call(user="示例", now=MADE, clock=lambda: 0.0)
        with patch("xlbangfu.documents.page_code.new_secret", lambda: PUBLIC):
            classes = make_pages.run(ClosedBook(book, action="run"), call).files
            teachers = make_pages.teacher_pages(ClosedBook(book, action="teacher_pages"), call).files
        fill_class_page(fullest(classes, sample.STILL_OUT), page, sample.TODAY, MADE.replace(hour=10))
        fill_teacher_page(fullest(teachers), teacher_page, sample.TODAY, MADE.replace(hour=10))
        shutil.copyfile(desk / EMPTY, empty)
        shutil.copyfile(book, example)
    return [empty, example, page, teacher_page]


def build_frames() -> list[Path]:
    """Write what every page begins with into the package, where the program reads it."""
    made = {frame_file(name): frame.text() for name, frame in frame_drawing.frames().items()}
    for path, text in made.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return list(made)


if __name__ == "__main__":
    for path in (*build_frames(), *build(HERE)):
        sys.stdout.write(f"{path.name}\n")
