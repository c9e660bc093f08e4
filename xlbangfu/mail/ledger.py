"""What became of every mail: an SQLite file beside the workbook that survives a crash at any moment.

* One row a mail, by ``Message.key``; every change of state is also a row of ``history``, which is only added to.
* Each change is on the disk before the next step begins (rollback journal, ``synchronous=EXTRA``).
* 发送中 is written before a mail is handed over, its outcome after. Found at the start it means that the program was
  stopped in between: nobody knows whether the mail went, so it becomes 待确认 and is left to a person.
* Whoever sends holds the file: a second sender is refused, and a killed one holds nothing.
* No student and no password is in it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from msgspec import Struct
from msgspec.structs import asdict

from xlbangfu.errors import BangfuError
from xlbangfu.mail.ledger_file import ledger_path
from xlbangfu.mail.message import PAGE, PAGES, owners_of
from xlbangfu.schema import SEPARATOR

WAITING, SENDING, SENT, SAVED, DRAFTED = "待发", "发送中", "已发", "已存文件", "已存草稿"
FAILED, UNKNOWN, REFUSED, REPLACED = "失败", "待确认", "拒绝", "已换新版"
OUT = (SENT, SAVED, DRAFTED)  # states of a mail that has left
OPEN = (WAITING, FAILED)  # states of a mail that may be sent

_SCHEMA = """
CREATE TABLE IF NOT EXISTS mails (
    key TEXT PRIMARY KEY, kind TEXT NOT NULL, edition TEXT NOT NULL, page TEXT NOT NULL, room TEXT NOT NULL,
    recipient TEXT NOT NULL, address TEXT NOT NULL, sender TEXT NOT NULL, subject TEXT NOT NULL,
    attachment TEXT NOT NULL, size INTEGER NOT NULL, encrypted INTEGER NOT NULL, file TEXT NOT NULL,
    digest TEXT NOT NULL, state TEXT NOT NULL, answer TEXT NOT NULL, chosen INTEGER NOT NULL, tries INTEGER NOT NULL,
    changed TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS history (
    number INTEGER PRIMARY KEY, at TEXT NOT NULL, key TEXT NOT NULL, state TEXT NOT NULL, answer TEXT NOT NULL
) STRICT;
"""


class LedgerInUse(BangfuError):
    """Someone is sending from this workbook right now, or the file cannot be used."""


class Entry(Struct, frozen=True, kw_only=True):
    """One mail in the ledger. ``file`` is the .eml in the folder of the preview and ``digest`` its sha256; ``chosen``
    says that staff agreed to send it; ``answer`` is what the server said, or why it was refused."""

    key: str
    kind: str
    edition: str  # when the preview was made, ISO
    page: str
    class_name: str
    recipient: str = ""
    address: str = ""
    sender: str = ""
    subject: str = ""
    attachment: str = ""
    size: int = 0  # of the .eml, in bytes
    encrypted: bool = False
    file: str = ""
    digest: str = ""
    state: str = WAITING
    answer: str = ""
    chosen: bool = False
    tries: int = 0
    changed: str = ""  # when, ISO

    @property
    def owners(self) -> list[str]:
        """The classes and teachers whose pages it brings or asks for."""
        return owners_of(self.class_name)

    @property
    def whose(self) -> str:
        """The same, for staff."""
        return SEPARATOR.join(self.owners)

    @property
    def slots(self) -> set[tuple[str, str]]:
        """What no other mail brings at the same time; a page may go alone or with another."""
        return {(PAGE if self.kind in PAGES else self.kind, owner) for owner in self.owners}


_FIELDS = Entry.__struct_fields__
# The file calls the class "room", since 0.2.0: ledgers on disk stay readable.
_COLUMNS = tuple({"class_name": "room"}.get(name, name) for name in _FIELDS)


class Ledger:
    """The open file. One writer at a time: ``opened`` holds it until its block ends."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @classmethod
    @contextmanager
    def opened(cls, workbook: Path) -> Iterator[Ledger]:
        """The workbook's ledger, made if there is none. Raises LedgerInUse while another program holds it."""
        path = ledger_path(workbook)
        try:
            connection = sqlite3.connect(path, timeout=1.0, isolation_level=None)
        except sqlite3.Error as problem:
            raise LedgerInUse(f"打不开发件账“{path.name}”（{problem}），请看看磁盘和权限。") from problem
        try:
            with _explained(path):
                connection.execute("PRAGMA locking_mode=EXCLUSIVE")
                connection.execute("PRAGMA journal_mode=DELETE")
                connection.execute("PRAGMA synchronous=EXTRA")
                connection.executescript("BEGIN EXCLUSIVE;" + _SCHEMA + "COMMIT;")
                yield cls(connection)
        finally:
            connection.close()

    def entries(self) -> list[Entry]:
        """Every mail there ever was, the oldest preview first."""
        rows = self._connection.execute(f"SELECT {', '.join(_COLUMNS)} FROM mails ORDER BY edition, rowid")
        return [_entry(row) for row in rows]

    def went_out(self, kind: str = PAGE) -> list[Entry]:
        """The mails of a kind that have left, the oldest first; ``changed`` is when."""
        return [entry for entry in self.entries() if entry.kind == kind and entry.state in OUT]

    def plan(self, entries: Sequence[Entry], now: datetime) -> list[Entry]:
        """Enter the mails of a preview. Older ones of the same kind that never left become 已换新版: the answer.

        A mail that has left, or may have, is never entered anew.
        """
        there = self.entries()
        slots = {slot for entry in entries for slot in entry.slots}
        old = [one for one in there if one.slots & slots and one.state in (*OPEN, REFUSED)]
        gone = {one.key for one in there if one.state in (*OUT, SENDING, UNKNOWN)}
        with self._at_once():
            for entry in old:
                self._set(entry.key, REPLACED, "", now)
            for entry in (one for one in entries if one.key not in gone):
                values = asdict(entry) | {"changed": _iso(now)}
                marks = ", ".join(f":{name}" for name in _FIELDS)
                self._connection.execute(
                    f"INSERT OR REPLACE INTO mails ({', '.join(_COLUMNS)}) VALUES ({marks})", values
                )
                self._remember(entry.key, entry.state, entry.answer, now)
        return old

    def choose(self, keys: Sequence[str], now: datetime) -> None:
        """Staff agreed to send these; a batch that is interrupted goes on with them."""
        with self._at_once():
            for key in keys:
                self._connection.execute("UPDATE mails SET chosen = 1 WHERE key = ?", (key,))
                self._remember(key, "已确认发送", "", now)

    def begin(self, key: str, now: datetime) -> bool:
        """Mark a mail 发送中 before it is handed over; False if it is not to be sent (any more)."""
        with self._at_once():
            marks = ", ".join("?" * len(OPEN))
            found = self._connection.execute(
                f"UPDATE mails SET state = ?, tries = tries + 1, changed = ? WHERE key = ? AND state IN ({marks})",
                (SENDING, _iso(now), key, *OPEN),
            )
            if found.rowcount:
                self._remember(key, SENDING, "", now)
        return bool(found.rowcount)

    def finish(self, key: str, state: str, answer: str, now: datetime) -> None:
        """What became of a mail, with the server's answer."""
        with self._at_once():
            self._set(key, state, answer, now)

    def recover(self, now: datetime) -> list[Entry]:
        """Mails that were being handed over when the program was stopped: 待确认 from here on."""
        found = [entry for entry in self.entries() if entry.state == SENDING]
        with self._at_once():
            for entry in found:
                self._set(entry.key, UNKNOWN, "寄到一半程序停了，不知道对方收到没有；请问一问收件人", now)
        return found

    def settle(self, entries: Sequence[Entry], state: str, answer: str, now: datetime) -> None:
        """A person says what became of mails that were 待确认."""
        with self._at_once():
            for entry in entries:
                self._connection.execute("UPDATE mails SET chosen = 0 WHERE key = ?", (entry.key,))
                self._set(entry.key, state, answer, now)

    def _set(self, key: str, state: str, answer: str, now: datetime) -> None:
        self._connection.execute(
            "UPDATE mails SET state = ?, answer = ?, changed = ? WHERE key = ?", (state, answer, _iso(now), key)
        )
        self._remember(key, state, answer, now)

    def _remember(self, key: str, state: str, answer: str, now: datetime) -> None:
        self._connection.execute(
            "INSERT INTO history (at, key, state, answer) VALUES (?, ?, ?, ?)", (_iso(now), key, state, answer)
        )

    @contextmanager
    def _at_once(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")


def read_ledger(workbook: Path) -> list[Entry]:
    """Every mail of the workbook's ledger; none where there is no ledger. Raises LedgerInUse while someone sends."""
    if not ledger_path(workbook).exists():
        return []
    with Ledger.opened(workbook) as ledger:
        return ledger.entries()


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as problem:
        if "locked" in str(problem):
            raise LedgerInUse("正在发信（也许在另一个窗口或另一台电脑上），等它发完再做。") from problem
        raise LedgerInUse(f"发件账“{path.name}”写不了（{problem}），请看看磁盘和权限。") from problem
    except sqlite3.DatabaseError as problem:
        raise LedgerInUse(f"发件账“{path.name}”坏了（{problem}），请从备份取回它，不要删。") from problem


def _entry(row: Sequence[object]) -> Entry:
    values = dict(zip(_FIELDS, row, strict=True))
    return Entry(**values | {"encrypted": bool(values["encrypted"]), "chosen": bool(values["chosen"])})  # type: ignore[arg-type]  # STRICT columns


def _iso(now: datetime) -> str:
    return now.isoformat(timespec="seconds")
