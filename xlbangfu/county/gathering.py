"""All files that came, each read once: one task a file, and what was read is kept, so that a run that was stopped goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from xlbangfu.book.safety import backup
from xlbangfu.county.file_reading import FileRead, read_file

SUFFIXES = (".xlsx", ".xlsm")
AT_ONCE = 128  # tasks that are handed over together: progress is told after each such round
_OPEN_OR_HIDDEN = ("~$", ".")
_STOPPED = "读它的时候程序停了，文件可能坏了"


def found_files(folders: Sequence[Path]) -> list[Path]:
    """The workbooks in the folders and all that is in them, each once, in the order of their names; a file may be named too.

    The copies in 备份 beside a master are none that was handed in.
    """
    found: dict[Path, None] = {}
    for folder in folders:
        inside = folder.rglob("*") if folder.is_dir() else [folder]
        handed_in = (path for path in inside if backup.FOLDER not in path.relative_to(folder).parts)
        found |= dict.fromkeys(sorted(path.absolute() for path in handed_in if _is_workbook(path)))
    return list(found)


def _is_workbook(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES and not path.name.startswith(_OPEN_OR_HIDDEN) and path.is_file()


def gather(files: Sequence[Path], keep: Path, progress: Callable[[str, float], None]) -> list[FileRead]:
    """What is to be said of each file; its rows are in ``keep``. Runs where Dask's scheduler is set to."""
    read: list[FileRead] = []
    for start in range(0, len(files), AT_ONCE):
        progress(f"读文件 {start}/{len(files)}", start / max(len(files), 1))
        read += _round(files[start : start + AT_ONCE], keep)
    return read


def _round(files: Sequence[Path], keep: Path) -> Iterator[FileRead]:
    import dask

    try:
        yield from dask.compute(*(dask.delayed(read_file)(path, keep) for path in files))
    except Exception:  # a file that ends its worker takes the round with it, so each is tried by itself
        yield from (_alone(path, keep) for path in files)


def _alone(path: Path, keep: Path) -> FileRead:
    import dask

    try:
        (read,) = dask.compute(dask.delayed(read_file)(path, keep))
    except Exception:
        return FileRead(path=str(path), why=_STOPPED)
    found: FileRead = read
    return found
