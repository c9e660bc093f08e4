"""What must hold after a fault: the workbook is the old or the new one, what was said agrees with it, and the next action
mends what is left."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import polars as pl

from tests.attack.scenes import BOOK, Played, Said, command, outs
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.book.safety.backup import backups
from xlbangfu.book.safety.temporary import PREFIX
from xlbangfu.catalog import LABELS
from xlbangfu.errors import BangfuError
from xlbangfu.mail.ledger import OPEN, read_ledger
from xlbangfu.ooxml.archive import Archive
from xlbangfu.schema import CONSOLE, RUNS, TABLES

OLD, NEW, NONE, TORN = "old", "new", "none", "torn"
_WRITTEN = re.compile("已写好|已经写好|已新建")
_UNCHANGED = re.compile("没有改动|还是原来的样子|什么也没有改|没有替换原文件")
_DIGEST = re.compile(r":([0-9a-f]{12})")
_PAPERS = (
    "pages",
    "teacher_pages",
    "run",
    "calendar",
    "slips",
    "opinions",
    "register",
    "paper",
    "return",
    "person_export",
)


def state_of(played: Played, folder: Path) -> str:
    """Which of the two the workbook is that the scene writes."""
    book = folder / played.scene.writes
    if not book.exists():
        return NONE
    data, before = book.read_bytes(), played.before / played.scene.writes
    if before.exists() and data == before.read_bytes():
        return OLD
    try:
        archive = Archive(data)
        for name in archive.members:
            archive.read(name)
        return NEW if _records(book) == _records(played.after / played.scene.writes) else TORN
    except (BangfuError, OSError, ValueError):
        return TORN


def _records(book: Path) -> tuple[object, ...]:
    """How many records each table has, and what was done, without the times."""
    frames = ClosedBook(book).read(*(table for table in TABLES if table is not CONSOLE))
    counted = [(table.name, frame.height) for table, frame in frames.items() if table.name]
    return (*counted, *frames[RUNS]["操作"].to_list())


def objections(played: Played, folder: Path, state: str, said: Said) -> Iterator[str]:
    """What was said and does not agree with the disk."""
    text = said.err + said.out
    if played.scene.writes != BOOK and (folder / BOOK).read_bytes() != (played.before / BOOK).read_bytes():
        yield "a workbook that is only read has changed"
    if said.code not in (0, 1, 2):
        yield f"exit code {said.code}"
    if "Traceback" in text or "程序出错" in text:
        yield f"no sentence: {text[-300:]}"
    if said.code != 2 and state != NEW:
        yield f"exit code {said.code}, and the workbook is {state}"
    if said.code != 2:
        yield from new_faults(played, folder)  # what could not be deleted just now may lie there until the next action
        return
    if len(said.err.strip().splitlines()) != 1:
        yield f"not one sentence: {said.err!r}"
    if bool(_WRITTEN.search(said.err)) != (state == NEW):
        yield f"the workbook is {state}: {said.err.strip()}"
    if state == NEW and _UNCHANGED.search(said.err):
        yield f"the workbook is {state}: {said.err.strip()}"


def next_action(played: Played, folder: Path) -> Iterator[str]:
    """What is wrong once the next action has run."""
    book = folder / BOOK
    if not book.exists():
        if played.scene.name != "new":
            yield "no workbook"
        return
    if files(folder) == files(played.before):
        return  # as if nothing had been started
    old = state_of(played, folder) == OLD
    said = command(["validate", str(book)])
    if said.code == 2 or "没有放好" in said.err:
        yield f"the next action: {said.err.strip()}"
    yield from new_faults(played, folder)
    yield from left_about(folder)
    if old and papers(folder) != papers(played.before) and not _ledger_goes_first(played):
        yield "the workbook is old, the files are not"
    yield from (f"a copy cannot be read: {copy.path.name}" for copy in backups(book) if not _is_whole(copy.path))


def _ledger_goes_first(played: Played) -> bool:
    return played.scene.name in ("mail", "remind", "send", "next")  # what is due there is the preview of mails


def _is_whole(path: Path) -> bool:
    try:
        archive = Archive(path.read_bytes())
        return all(archive.read(name) is not None for name in archive.members)
    except (BangfuError, OSError, ValueError):
        return False


def files(folder: Path) -> dict[str, str]:
    """Every file, by its checksum."""
    there = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in there}


def papers(folder: Path) -> dict[str, str]:
    """The files in the folders that actions put files in."""
    return {name: digest for name, digest in files(folder).items() if Path(name).parts[0] in outs()}


def new_faults(played: Played, folder: Path) -> Iterator[str]:
    """What is wrong with the papers and was not before: an older workbook may tell of files that are elsewhere."""
    known = _known_faults(played.before)
    return (fault for fault in wrong_papers(folder) if fault not in known)


@cache
def _known_faults(before: Path) -> frozenset[str]:
    return frozenset(wrong_papers(before)) if (before / BOOK).exists() else frozenset()


def wrong_papers(folder: Path) -> Iterator[str]:
    """What the last row of each action in 运行记录 tells of and is not there, and mails that the ledger has and that are not
    as it says."""
    there = set(papers(folder).values())
    for action, digests in _last_digests(folder / BOOK).items():
        missing = [digest for digest in digests if not any(one.startswith(digest) for one in there)]
        if missing:
            yield f"{action}: {len(missing)} of {len(digests)} files are not those of 运行记录"
    waiting = [entry for entry in read_ledger(folder / BOOK) if entry.state in OPEN]
    if lost := [entry.file for entry in waiting if entry.digest not in there]:
        yield f"mails that are not as the ledger says: {lost}"


def left_about(folder: Path) -> Iterator[str]:
    """What is left lying about."""
    left = [path for path in folder.rglob("*") if path.name.startswith((PREFIX, ".")) or "待放" in path.name]
    if left:
        yield f"left lying about: {[str(path.relative_to(folder)) for path in left]}"


def _last_digests(book: Path) -> dict[str, list[str]]:
    """By what folder they go to; a later action of the same folder takes the place of an earlier one."""
    names = {LABELS[name]: name for name in _PAPERS}
    rows = ClosedBook(book).read(RUNS)[RUNS].filter(pl.col("操作").is_in(list(names)))
    told = rows.select("操作", pl.coalesce("校验码", "说明"))
    last = {("pages" if names[label] == "run" else names[label]): text or "" for label, text in told.iter_rows()}
    return {name: _DIGEST.findall(text) for name, text in last.items()}
