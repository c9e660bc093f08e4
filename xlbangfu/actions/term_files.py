"""Where the next term's workbook goes, and whether there is one already."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from xlbangfu.errors import BadArgument, BangfuError
from xlbangfu.schema import PAST

if TYPE_CHECKING:
    from xlbangfu.rules.new_term.terms import SchoolTerm

_KINDS = (".xlsm", ".xlsx")


def target_of(book: Path, typed: Path | None, term: SchoolTerm) -> Path:
    """The file that was named, else one beside the workbook that has the term in its name.

    Raises BadArgument for another kind of file, a folder that is not there, or a name that is taken.
    """
    target = typed or book.with_name(f"{_without_term(book.stem)}-{term.text}{book.suffix}")
    if target.is_dir():
        raise BadArgument(f"“{target}”是文件夹；请写新总表的文件名，例如 {target / book.name}。")
    if target.suffix.lower() != book.suffix.lower():
        raise BadArgument(f"新总表的文件名要以 {book.suffix} 结尾，例如 {target.with_suffix(book.suffix).name}。")
    if not target.parent.is_dir():
        raise BadArgument(f"没有“{target.parent}”这个文件夹，请先建好。")
    if target.exists():
        raise BadArgument(f"“{target.name}”已经有了，没有动它；要重做，请先把它移走，或换一个名字。")
    return target


def _without_term(stem: str) -> str:
    """The name without the term that a former 新学期 put at its end."""
    from xlbangfu.rules.new_term.terms import SchoolTerm

    name, _, last = stem.rpartition("-")
    head, _, first = name.rpartition("-")
    return head if head and SchoolTerm.of(f"{first}-{last}") else stem


def check_not_made(book: Path, target: Path, term: str) -> None:
    """Raise BadArgument where a workbook beside it, or beside the new one, says that it was made of this one's term."""
    for other in _workbooks(book, target):
        if (book.name, term) in _origins(other):
            raise BadArgument(
                f"“{book.name}”的新学期已经开过了，在“{other.name}”，没有再做；真要重做，请先把那一份移到别的文件夹。"
            )


def _workbooks(book: Path, target: Path) -> Iterator[Path]:
    folders = dict.fromkeys((book.parent.resolve(), target.parent.resolve()))
    for folder in folders:
        for path in sorted(folder.iterdir()):
            hidden = path.name.startswith(("~", "."))
            if path.suffix.lower() in _KINDS and not hidden and path.resolve() != book.resolve():
                yield path


def _origins(path: Path) -> set[tuple[str, str]]:
    """The workbooks, and their terms, that a workbook says it was made of; none where it is no master."""
    from xlbangfu.book.closed.closed_book import ClosedBook
    from xlbangfu.book.version import version_in

    with suppress(BangfuError, OSError):
        if version_in(path) is not None:
            rows = ClosedBook(path).read(PAST)[PAST]
            return set(rows.select("旧总表", "学期").drop_nulls().iter_rows())
    return set()
