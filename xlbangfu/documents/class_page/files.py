"""Pages as files: all made beside first, then put in their place, never over a page that staff have saved since."""

from __future__ import annotations

import hashlib
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import polars as pl

from xlbangfu.documents.class_page.cast import as_bytes
from xlbangfu.documents.class_page.index import COLUMNS, INDEX_NAME, index_bytes
from xlbangfu.documents.class_page.page import ClassPage
from xlbangfu.documents.class_page.privacy import INSIDE_WORD
from xlbangfu.errors import WriteFailed, disk_trouble

_BESIDE = ".班级页暂存"
_SAVED = re.compile(rb"<dcterms:(created|modified)[^>]*>([^<]*)<")
Progress = Callable[[float], None]


@dataclass(frozen=True)
class Staged:
    """Pages made but not yet in their place: the index, and where each file and 目录.xlsx will be."""

    index: pl.DataFrame
    files: tuple[Path, ...]


def file_name(page: ClassPage) -> str:
    """班级_对外称谓_day, in what every file system takes; the id inside tells pages apart, not the name.

    The word 学困 stands in no file name, whatever 设置 says: names are seen in mailboxes and on shared drives.
    """
    outside = page.edition.public_name.replace(INSIDE_WORD, "重点关爱")
    room, outside = (re.sub(r'[\x00-\x1f<>:"/\\|?*]', "_", part)[:40].strip(" .") for part in (page.name, outside))
    return f"{room}_{outside}_{page.edition.day}.xlsx"


def write_page(page: ClassPage, path: Path) -> None:
    """One page at that path, in place of what is there. Raises WriteFailed."""
    beside = path.with_name(f".{path.name}.tmp")
    with _said(path):
        beside.write_bytes(as_bytes(page))
        beside.replace(path)


def write_pages(pages: Sequence[ClassPage], folder: Path, *, progress: Progress | None = None) -> pl.DataFrame:
    """One file a page and 目录.xlsx; the index (see ``staged_pages``). Raises WriteFailed."""
    with staged_pages(pages, folder, progress=progress) as staged:
        return staged.index


@contextmanager
def staged_pages(pages: Sequence[ClassPage], folder: Path, *, progress: Progress | None = None) -> Iterator[Staged]:
    """The pages and 目录.xlsx made beside; put in their place when the block ends well, thrown away when it raises.

    The index has 班级, 班主任, 文件 (its name), 学生数, 页号, 大小 (bytes), sha256. A file of the same name that someone
    saved after it was made, or has open, stays: the new one takes the next free name (``…_2.xlsx``).
    Raises WriteFailed.
    """
    beside = folder / _BESIDE
    is_new = not folder.exists()
    try:
        with _said(folder):
            shutil.rmtree(beside, ignore_errors=True)  # of a run that was killed
            beside.mkdir(parents=True)
            staged = _stage(pages, folder, beside, progress)
        yield staged
        for path in staged.files:
            with _said(path):
                (beside / path.name).replace(path)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
        if is_new:
            with suppress(OSError):  # one that holds the pages stays
                folder.rmdir()


def _stage(pages: Sequence[ClassPage], folder: Path, beside: Path, progress: Progress | None) -> Staged:
    rows, files, taken = [], [], set[str]()
    for done, page in enumerate(pages, 1):
        data = as_bytes(page)
        path = _place(folder, file_name(page), taken)
        taken.add(path.name.casefold())
        (beside / path.name).write_bytes(data)
        files.append(path)
        digest = hashlib.sha256(data).hexdigest()
        rows.append((page.name, page.homeroom, path.name, len(page.students), page.id, len(data), digest))
        if progress:
            progress(done / len(pages))
    index = pl.DataFrame(rows, schema=COLUMNS, orient="row")
    if pages:
        files.append(_place(folder, INDEX_NAME, taken))
        (beside / files[-1].name).write_bytes(index_bytes(index, pages[0].edition.made))
    return Staged(index, tuple(files))


def _place(folder: Path, name: str, taken: set[str]) -> Path:
    """The first of name, name_2, name_3 … that no other page takes and that staff have not written in."""
    first = folder / name
    for number in count(1):
        path = first if number == 1 else first.with_stem(f"{first.stem}_{number}")
        if path.name.casefold() not in taken and (not path.exists() or _as_made(path)):
            return path
    raise AssertionError("count never ends")


def _as_made(path: Path) -> bool:
    """Whether no one has the file open or has saved it since it was made.

    Every spreadsheet program moves the "modified" date when it saves; on Windows an open file cannot be opened to write.
    """
    try:
        with path.open("r+b") as file, zipfile.ZipFile(file) as package:
            dates = dict(_SAVED.findall(package.read("docProps/core.xml")))
    except (OSError, KeyError, zipfile.BadZipFile):
        return False
    return b"created" in dates and dates.get(b"created") == dates.get(b"modified")


@contextmanager
def _said(path: Path) -> Iterator[None]:
    """A failure of the file system as a sentence."""
    try:
        yield
    except OSError as problem:
        raise WriteFailed(f"写不了“{path}”（{disk_trouble(problem)}）；请关掉它或换一个文件夹，再做一次。") from problem
