"""Pages as files: all made beside first, then put in their place, never over a page that staff have saved since."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import polars as pl
from msgspec import Struct

from xlbangfu.documents.class_page.group_note import NOTE_NAME, group_note
from xlbangfu.documents.class_page.index import INDEX_NAME, index_bytes, index_columns
from xlbangfu.documents.class_page.page import ClassPage
from xlbangfu.documents.class_page.page_rendering import as_bytes
from xlbangfu.documents.staging import MakePdfs, Stage, disk_errors_explained, stage
from xlbangfu.file_names import in_a_name
from xlbangfu.rules.page_kinds import CLASS_PAGE, PageKind
from xlbangfu.schema import SEPARATOR

Progress = Callable[[float], None]


class Staged(Struct, frozen=True):
    """Pages made but not yet in their place: the index, and where each file, 目录.xlsx and 群通知.txt will be."""

    index: pl.DataFrame
    files: tuple[Path, ...]
    stage: Stage


def file_name(page: ClassPage) -> str:
    """班级_对外称谓_day; the id inside tells pages apart, not the name."""
    return f"{in_a_name(page.name)}_{in_a_name(page.edition.public_name)}_{page.edition.day}.xlsx"


def write_page(page: ClassPage, path: Path) -> None:
    """One page at that path, in place of what is there. Raises WriteFailed."""
    beside = path.with_name(f".{path.name}.tmp")
    with disk_errors_explained(path):
        beside.write_bytes(as_bytes(page))
        beside.replace(path)


def write_pages(pages: Sequence[ClassPage], folder: Path, *, progress: Progress | None = None) -> pl.DataFrame:
    """One file a page, 目录.xlsx and 群通知.txt; the index (see ``staged_pages``). Raises WriteFailed."""
    with staged_pages(pages, folder, progress=progress) as staged:
        return staged.index


@contextmanager
def staged_pages(
    pages: Sequence[ClassPage],
    folder: Path,
    *,
    kind: PageKind = CLASS_PAGE,
    progress: Progress | None = None,
    pdfs: MakePdfs | None = None,
) -> Iterator[Staged]:
    """The pages, all of a ``kind``, and 目录.xlsx, of class pages 群通知.txt too, made beside; put in their place when the block
    ends well, thrown away when it raises.

    The index has 班级 and 班主任, or 教师 and 学生班级, 文件 (its name), 学生数, 过期 (contacts), 页号, 大小 (bytes), sha256. A file of the same name that someone
    saved after it was made, or has open, stays: the new one takes the next free name (``…_2.xlsx``). ``pdfs`` makes a PDF
    of each beside it.
    Raises WriteFailed.
    """
    with stage(folder, label=kind.word) as made:
        with disk_errors_explained(folder):
            index = _stage(pages, made, kind, progress)
        if pdfs:
            made.add_pdfs(index["文件"].to_list(), pdfs)
        yield Staged(index, tuple(made.files), made)


def _stage(pages: Sequence[ClassPage], made: Stage, kind: PageKind, progress: Progress | None) -> pl.DataFrame:
    rows = []
    for done, page in enumerate(pages, 1):
        data = as_bytes(page)
        path = made.put(file_name(page), data)
        digest = hashlib.sha256(data).hexdigest()
        late = sum(one.count for one in page.overdue or ())
        rows.append((page.name, _beside(page), path.name, len(page.students), late, page.id, len(data), digest))
        if progress:
            progress(done / len(pages))
    index = pl.DataFrame(rows, schema=index_columns(kind), orient="row")
    if pages:
        edition = pages[0].edition
        made.put(INDEX_NAME, index_bytes(index, kind, edition.made, school=edition.school))
    if pages and kind == CLASS_PAGE:
        made.write(made.place(NOTE_NAME, over=True), codecs.BOM_UTF8 + group_note(pages).encode())
    return index


def _beside(page: ClassPage) -> str:
    """Whose class it is, or in which classes a teacher's students are."""
    if page.kind == CLASS_PAGE:
        return page.homeroom
    return SEPARATOR.join(dict.fromkeys(one.class_name for one in page.students))
