"""The sound files that are spoiled: a small master whose pages were made, filled in and mailed back, and files to import.

``XLBANGFU_HOSTILE`` may name a folder with more files; they are read where they are.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import mkdtemp

HOSTILE = "XLBANGFU_HOSTILE"
MASTER = "帮扶总表.xlsm"
_MAKE = """
import sys
from tests.attack.seeds import make
make(sys.argv[1])
"""


@dataclass(frozen=True)
class Seed:
    """``kind`` is master, page, import or backup: what it is given as."""

    kind: str
    name: str
    data: bytes


@cache
def school() -> Path:
    """A folder, gone with this process, with the master, its backups, filled pages and files to import, made in a process of its own, so that this
    one can be forked."""
    folder = Path(mkdtemp(prefix="attack-school-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    subprocess.run([sys.executable, "-c", _MAKE, str(folder)], check=True, cwd=Path(__file__).parents[2])
    return folder


@cache
def seeds() -> tuple[Seed, ...]:
    """All of them, in one order."""
    return (*_made(school()), *_given())


def _made(folder: Path) -> Iterator[Seed]:
    yield Seed("master", MASTER, (folder / MASTER).read_bytes())
    for kind in ("page", "import"):
        for path in sorted((folder / kind).iterdir()):
            yield Seed(kind, path.name, path.read_bytes())
    for path in sorted((folder / "备份").rglob("*")):
        if path.is_file():
            yield Seed("backup", str(path.relative_to(folder)), path.read_bytes())


def _given() -> Iterator[Seed]:
    named = os.environ.get(HOSTILE)
    for path in sorted(Path(named).iterdir()) if named else ():
        if path.is_file():
            yield Seed("page" if path.suffix in (".eml", ".xls", ".xlsx") else "import", path.name, path.read_bytes())


def make(where: str) -> None:
    """The folder that ``school`` answers."""
    from xlbangfu.cli import main

    folder, book = Path(where), str(Path(where) / MASTER)
    size = ["--students", "60", "--classes", "2", "--exams", "2", "--logs", "40"]
    assert main(["new", book, "--sample", *size]) == 0
    assert main(["run", book, "--out", str(folder / "页")]) in (0, 1)
    assert main(["validate", book]) in (0, 1)
    (folder / "page").mkdir()
    (folder / "import").mkdir()
    page = next(iter(sorted((folder / "页").glob("初*.xlsx"))))
    shutil.copy(page, folder / "page" / page.name)
    (folder / "page" / "回信.eml").write_bytes(_mail(page))
    (folder / "page" / "旧.xls").write_bytes(_old_workbook())
    for name, data in _to_import(Path(book)).items():
        (folder / "import" / name).write_bytes(data)


def _mail(page: Path) -> bytes:
    message = EmailMessage()
    message["Subject"] = "回复：班级页"
    message.set_content("见附件")
    message.add_attachment(page.read_bytes(), maintype="application", subtype="octet-stream", filename=page.name)
    return message.as_bytes()


def _old_workbook(rows: list[list[object]] | None = None) -> bytes:
    import xlwt

    workbook, made = xlwt.Workbook(), BytesIO()
    sheet = workbook.add_sheet("填报记录")
    for at, row in enumerate(
        rows or [["日期", "学生", "教师", "类型", "内容"], ["2026-05-19", "0101", "钱", "谈心", 3]]
    ):
        for column, cell in enumerate(row):
            sheet.write(at, column, cell)
    workbook.save(made)
    return made.getvalue()


def _to_import(book: Path) -> dict[str, bytes]:
    """The marks of a few students in each kind of file that is imported."""
    import openpyxl

    from xlbangfu.book.closed.closed_book import ClosedBook
    from xlbangfu.schema import ROSTER

    roster = ClosedBook(book).read(ROSTER)[ROSTER].select("学号", "姓名", "班级").head(20).rows()
    head: list[object] = ["学号", "姓名", "班级", "语文", "数学", "英语"]
    rows: list[list[object]] = [[*student, 80 + at, 70.5, 60] for at, student in enumerate(roster)]
    workbook, made = openpyxl.Workbook(), BytesIO()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "期中成绩"
    for row in [head, *rows]:
        sheet.append(row)
    workbook.save(made)
    text = "\r\n".join(",".join(map(str, row)) for row in [head, *rows])
    old = _old_workbook([head, *rows])
    return {"期中成绩.csv": text.encode(), "期中成绩.xlsx": made.getvalue(), "期中成绩.xls": old}
