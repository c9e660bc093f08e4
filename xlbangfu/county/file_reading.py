"""One file that came: its rows as Parquet, what is to be said of it as JSON, both named by the SHA-256 of its bytes.

A file is read once, however often, whatever it is called: what was kept is the answer. A master is read as the school's own
program reads it, and nothing of it is kept but the rows of its return.
"""

from __future__ import annotations

import hashlib
import json
import os
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import asdict

from xlbangfu.errors import BangfuError

if TYPE_CHECKING:
    from xlbangfu.documents.bureau_return import BureauReturn

RETURN, MASTER = "上报文件", "总表"
MASTERS = (".xlsm",)
KEPT_AS = "1"  # raised when the same file would be read otherwise


class FileRead(Struct, frozen=True, kw_only=True):
    """``why`` says why a file is of no use, and is empty for one that is; ``altered`` that it was changed by hand."""

    path: str
    digest: str = ""
    kind: str = RETURN
    why: str = ""
    code: str = ""
    school: str = ""
    term: str = ""
    day: str = ""
    made: str = ""
    program: str = ""
    errors: int = 0
    altered: bool = False
    contradictions: tuple[str, ...] = ()


def kept_rows(keep: Path, digest: str) -> Path:
    """Where the rows of a file are kept."""
    return keep / KEPT_AS / digest[:2] / f"{digest}.parquet"


def read_file(path: Path, keep: Path) -> FileRead:
    """Read a file, unless one with the same bytes was read before. Never raises for what is in a file."""
    try:
        data = path.read_bytes()
    except OSError as problem:
        return FileRead(path=str(path), why=f"读不了（{problem.strerror or problem}）")
    digest = hashlib.sha256(data).hexdigest()
    rows = kept_rows(keep, digest)
    noted = rows.with_suffix(".json")
    known = _noted(noted)
    if known is None:
        known = _read(path, data, digest, rows)
        _put(noted, json.dumps(asdict(known), ensure_ascii=False).encode())
    return FileRead(**(asdict(known) | {"path": str(path)}))


def _noted(noted: Path) -> FileRead | None:
    try:
        content = json.loads(noted.read_bytes())
        return FileRead(**(content | {"contradictions": tuple(content["contradictions"])}))
    except (OSError, ValueError, TypeError, KeyError):  # not read yet, or half of it
        return None


def _read(path: Path, data: bytes, digest: str, rows: Path) -> FileRead:
    kind = MASTER if path.suffix.lower() in MASTERS else RETURN
    try:
        found, whole = _return_of_master(path) if kind == MASTER else _return_of(data)
    except BangfuError as problem:
        return FileRead(path=path.name, digest=digest, kind=kind, why=str(problem))
    except Exception as problem:  # whatever a damaged file does to a reader, it is one row in the list
        return FileRead(path=path.name, digest=digest, kind=kind, why=f"读不懂（{type(problem).__name__}）")
    except BaseException as problem:
        if type(problem).__name__ != "PanicException":  # calamine's; it is no Exception
            raise
        return FileRead(path=path.name, digest=digest, kind=kind, why="文件坏了")
    return _kept(found, digest, kind, rows, altered=not whole)


def _return_of(data: bytes) -> tuple[BureauReturn, bool]:
    from xlbangfu.documents.bureau_return import read_return

    return read_return(data)


def _return_of_master(path: Path) -> tuple[BureauReturn, bool]:
    """As 上报 would make it, of the moment of the file's latest action, whenever it is read."""
    from xlbangfu.book.reading.no_collection import no_garbage_collection
    from xlbangfu.polars_thread import on_polars_thread

    with no_garbage_collection():
        return on_polars_thread(lambda: _latest_return(path)), True


def _latest_return(path: Path) -> BureauReturn:
    from xlbangfu.actions.call import Call
    from xlbangfu.actions.checked_school import read_checked
    from xlbangfu.actions.report_school import return_of
    from xlbangfu.book.closed.closed_book import ClosedBook
    from xlbangfu.schema import INPUTS, RETURNED, RUNS

    book = ClosedBook(path, only=(*INPUTS, RETURNED, RUNS))
    ledgers = book.read(RETURNED, RUNS)
    latest = ledgers[RUNS]["时间"].drop_nulls().max()
    moment = latest if isinstance(latest, datetime) else None
    checked = read_checked(book, Call(user="", now=moment or datetime.now()), remarks=False)
    made = moment or datetime.combine(checked.school.today, time())
    return return_of(checked, ledgers[RETURNED], made)


def _kept(found: BureauReturn, digest: str, kind: str, rows: Path, *, altered: bool) -> FileRead:
    import polars as pl

    from xlbangfu.rules.indicators import contradictions

    told = found.figures.with_columns(
        学校代码=pl.lit(found.code), 学校=pl.lit(found.school), 学期=pl.lit(found.term), 统计日=pl.lit(found.day)
    )
    rows.parent.mkdir(parents=True, exist_ok=True)
    beside = _beside(rows)
    told.write_parquet(beside, compression="zstd", statistics=False)
    beside.replace(rows)
    return FileRead(
        path="",
        digest=digest,
        kind=kind,
        code=found.code,
        school=found.school,
        term=found.term,
        day=found.day.isoformat(),
        made=found.made.isoformat(),
        program=found.program,
        errors=found.errors,
        altered=altered,
        contradictions=tuple(contradictions(found.figures)),
    )


def _put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = _beside(path)
    beside.write_bytes(data)
    beside.replace(path)


def _beside(path: Path) -> Path:
    """A name of this process's own: two may read the same bytes at once."""
    return path.with_name(f".{path.name}.{os.getpid()}")
