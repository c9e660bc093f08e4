"""Files that leave the workbook: all made beside first, then put in their place, never over what staff have saved since."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from xlbangfu.errors import WriteFailed, disk_trouble

_SAVED = re.compile(rb"<dcterms:(created|modified)[^>]*>([^<]*)<")


MakePdfs = Callable[[Sequence[Path], Path], None]  # of these workbooks, into this folder


class Stage:
    """A folder beside the one that the files are for; ``files`` are where each will be."""

    def __init__(self, folder: Path, beside: Path) -> None:
        self.files: list[Path] = []
        self._folder, self._beside = folder, beside
        self._taken: set[str] = set()

    def put(self, name: str, data: bytes) -> Path:
        """One file by that name, or by the next free one (``…_2.xlsx``) where someone saved it after it was made, or has
        it open; the answer is where it will be."""
        return self.write(self.place(name), data)

    def write(self, path: Path, data: bytes) -> Path:
        """The file for a place that was taken before."""
        (self._beside / path.name).write_bytes(data)
        self.files.append(path)
        return path

    def add_pdfs(self, names: Sequence[str], make: MakePdfs) -> None:
        """A PDF beside each of these workbooks that were put here."""
        self.take_pdfs([self._beside / name for name in names], make)

    def take_pdfs(self, workbooks: Sequence[Path], make: MakePdfs) -> None:
        """A PDF of each workbook, wherever it is, in place of that of the last time."""
        if workbooks:
            make(workbooks, self._beside)
        self.files += [self.place(f"{workbook.stem}.pdf", over=True) for workbook in workbooks]

    def place(self, name: str, *, over: bool = False) -> Path:
        """Take the first of name, name_2, name_3 … that no other file of this stage has; ``over`` says that whatever was
        there before is replaced."""
        first = self._folder / name
        for number in count(1):
            path = first if number == 1 else first.with_stem(f"{first.stem}_{number}")
            if path.name.casefold() not in self._taken and (over or not path.exists() or as_made(path)):
                self._taken.add(path.name.casefold())
                return path
        raise AssertionError("count never ends")


@contextmanager
def stage(folder: Path, *, beside: str) -> Iterator[Stage]:
    """A ``Stage`` whose files are put in their place when the block ends well and thrown away when it raises.

    ``beside`` is the name of the folder, inside ``folder``, that they wait in. Raises WriteFailed.
    """
    waiting = folder / beside
    is_new = not folder.exists()
    try:
        with disk_errors_explained(folder):
            shutil.rmtree(waiting, ignore_errors=True)  # of a run that was killed
            waiting.mkdir(parents=True)
        made = Stage(folder, waiting)
        yield made
        for path in made.files:
            with disk_errors_explained(path):
                (waiting / path.name).replace(path)
    finally:
        shutil.rmtree(waiting, ignore_errors=True)
        if is_new:
            with suppress(OSError):  # one that holds the files stays
                folder.rmdir()


def as_made(path: Path) -> bool:
    """Whether no one has the workbook open or has saved it since it was made.

    Every spreadsheet program moves the "modified" date when it saves; on Windows an open file cannot be opened to write.
    """
    try:
        with path.open("r+b") as file, zipfile.ZipFile(file) as package:
            dates = dict(_SAVED.findall(package.read("docProps/core.xml")))
    except (OSError, KeyError, zipfile.BadZipFile):
        return False
    return b"created" in dates and dates.get(b"created") == dates.get(b"modified")


@contextmanager
def disk_errors_explained(path: Path) -> Iterator[None]:
    """A failure of the file system as a sentence."""
    try:
        yield
    except OSError as problem:
        raise WriteFailed(f"写不了“{path}”（{disk_trouble(problem)}）；请关掉它或换一个文件夹，再做一次。") from problem
