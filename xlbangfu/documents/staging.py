"""Files that leave the workbook: all made beside first, then put in their place, never over what staff have saved since.

Those of an action follow the workbook (``Stage.following``): where it is not written they do not appear, where it is they
all do, at once or, if the program is stopped, at the next action (``placement``).
"""

from __future__ import annotations

import errno
import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from xlbangfu.book.safety.atomic_save import saves_of
from xlbangfu.book.safety.folder_lock import locked
from xlbangfu.book.safety.temporary import free_name, temporary_folder
from xlbangfu.documents.made_files import free_place
from xlbangfu.documents.placement import RUN, Placement, WaitingFile, clear_waiting
from xlbangfu.errors import FilesNotPlaced, WriteFailed, disk_trouble

MakePdfs = Callable[[Sequence[Path], Path], None]  # of these workbooks, into this folder


class Stage:
    """A folder in the one that the files are for; ``files`` are where each will be."""

    def __init__(self, folder: Path, waiting: Path, label: str) -> None:
        self.files: list[Path] = []
        self.waits = False  # for a later action to put the files in their place
        self.folder, self._waiting, self._label = folder, waiting, label
        self._taken: set[str] = set()
        self._over: set[str] = set()
        self._made: list[WaitingFile] = []

    def put(self, name: str, data: bytes) -> Path:
        """One file by that name, or by the next free one (``…_2.xlsx``) where someone saved it after it was made, or has
        it open; the answer is where it will be."""
        return self.write(self.place(name), data)

    def write(self, path: Path, data: bytes) -> Path:
        """The file for a place that was taken before."""
        name = path.relative_to(self.folder).as_posix()
        beside = self._waiting / name
        if beside.parent != self._waiting:
            beside.parent.mkdir(exist_ok=True)
        beside.write_bytes(data)
        self._made.append(WaitingFile(name, hashlib.sha256(data).hexdigest(), name in self._over))
        self.files.append(path)
        return path

    def replace(self, name: str, data: bytes) -> Path:
        """One file by that name, whatever was there before."""
        self._over.add(name)
        return self.write(self.folder / name, data)

    def add_pdfs(self, names: Sequence[str], make: MakePdfs) -> None:
        """A PDF beside each of these workbooks that were put here."""
        self.take_pdfs([self._waiting / name for name in names], make)

    def take_pdfs(self, workbooks: Sequence[Path], make: MakePdfs) -> None:
        """A PDF of each workbook, wherever it is, in place of that of the last time."""
        if not workbooks:
            return
        with temporary_folder() as made:
            make(workbooks, made)
            for workbook in workbooks:
                name = f"{workbook.stem}.pdf"
                self.replace(name, (made / name).read_bytes())

    def place(self, name: str, *, over: bool = False) -> Path:
        """Take the first of name, name_2, name_3 … that no other file of this stage has; ``over`` says that whatever was
        there before is replaced."""
        path = free_place(self.folder / name, self._taken, over=over)
        self._taken.add(path.name.casefold())
        if over:
            self._over.add(path.relative_to(self.folder).as_posix())
        return path

    @contextmanager
    def following(self, workbook: Path, action: str, ran: datetime, *, record: str = RUN) -> Iterator[None]:
        """Put the files in their place after the block, which writes the workbook; if it is stopped after that, they wait.

        ``action`` and ``ran`` are those of the row in ``record`` by which it will be seen that the workbook was written.
        Raises WriteFailed before the block, FilesNotPlaced after it.
        """
        placement = self._placement(workbook, action, ran.isoformat(timespec="seconds"), record)
        if self._made and workbook.is_file():
            with disk_errors_explained(self.folder):
                placement.announce()
        saved = saves_of(workbook)
        try:
            yield
        except BaseException:
            written = record != RUN or saves_of(workbook) > saved  # of other records the next action sees it
            self.waits = written and bool(self._made)
            if not self.waits:
                placement.withdraw()
            raise
        self.waits = True
        placement.finish()
        self.waits = False
        self._made.clear()

    def finish(self) -> None:
        """Put in their place what follows no workbook. Raises WriteFailed."""
        try:
            self._placement(self.folder / "-", "", "", "").finish()
        except FilesNotPlaced as problem:
            raise WriteFailed(f"{problem.why}；请关掉它或换一个文件夹，再做一次。") from problem

    def _placement(self, workbook: Path, action: str, ran: str, record: str) -> Placement:
        return Placement(workbook, self._waiting, self._label, action, ran, record, tuple(self._made))


@contextmanager
def stage(folder: Path, *, label: str) -> Iterator[Stage]:
    """A ``Stage`` whose files are in their place when the block ends well and thrown away when it raises, but for those that
    follow a workbook which was written.

    ``label`` is what staff call the files. Raises WriteFailed, and FolderInUse while somebody else stages in the folder.
    """
    is_new = not folder.exists()
    with disk_errors_explained(folder):
        if not (is_new or folder.is_dir()):
            raise NotADirectoryError(errno.ENOTDIR, "", str(folder))
        folder.mkdir(parents=True, exist_ok=True)
    try:
        with locked(folder), _waiting_in(folder, label) as made:
            yield made
            made.finish()
    finally:
        if is_new:
            with suppress(OSError):  # one that holds the files stays
                folder.rmdir()


class StagedFile(Struct, frozen=True):
    """Where the only file of a stage will be, and its sha256."""

    path: Path
    digest: str
    stage: Stage


@contextmanager
def staged_file(folder: Path, name: str, make: Callable[[], bytes], *, label: str) -> Iterator[StagedFile]:
    """One file, put in its place when the block ends well. Raises WriteFailed."""
    with stage(folder, label=label) as beside:
        data = make()
        with disk_errors_explained(folder):
            path = beside.put(name, data)
        yield StagedFile(path, hashlib.sha256(data).hexdigest(), beside)


@contextmanager
def _waiting_in(folder: Path, label: str) -> Iterator[Stage]:
    clear_waiting(folder)
    waiting = free_name(folder / label, "")
    made = Stage(folder, waiting, label)
    try:
        with disk_errors_explained(folder):
            waiting.mkdir()
        yield made
    finally:
        if not made.waits:
            shutil.rmtree(waiting, ignore_errors=True)


@contextmanager
def disk_errors_explained(path: Path) -> Iterator[None]:
    """A failure of the file system as a sentence."""
    try:
        yield
    except OSError as problem:
        raise WriteFailed(f"写不了“{path}”（{disk_trouble(problem)}）；请关掉它或换一个文件夹，再做一次。") from problem
