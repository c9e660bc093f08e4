"""The process that stands by: imports what a click needs, waits for one, does it, and goes."""

from __future__ import annotations

import fcntl
import os
import select
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hmac import compare_digest
from pathlib import Path
from secrets import token_hex

from xlbangfu.standby.freshness import LoadedProgram
from xlbangfu.standby.meeting import GO, READY, Meeting, is_mine, received_fields, send_code

__all__ = ["stand_by"]

Run = Callable[[str, str, str], int]
LOOK = 5.0  # seconds between two looks at whether the workbooks are still open
GRACE = 3  # looks in a row that must find none: a workbook may be closed and opened again at once
_PATIENCE = 2.0  # seconds for a click to say what it wants, once it has called


def stand_by(pipe: str, office: int, *, prepare: Callable[[], None], run: Run) -> int:
    """Stand by for the LibreOffice with this pipe and process id; the exit code is that of the click done, else 0.

    ``prepare`` imports what clicks need, ``run`` does one: action, pipe and book. Not more than one stands by at a time.
    """
    meeting = Meeting(pipe)
    if not meeting.is_possible or not meeting.make_private():
        return 0
    with _the_only_one(meeting) as is_only_one:
        if not is_only_one:
            return 0
        program = LoadedProgram()
        prepare()
        click = _next_click(meeting, office, program)
    if click is None:
        return 0
    connection, (action, its_pipe, book) = click
    code = run(action, its_pipe, book)
    with suppress(OSError):  # who clicked has gone
        send_code(connection, code)
    return code


@contextmanager
def _the_only_one(meeting: Meeting) -> Iterator[bool]:
    """Whether nobody else stands by; the kernel forgets the lock of a process that died."""
    with open(meeting.lock_file, "ab", opener=_private) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        yield True


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


Click = tuple[socket.socket, tuple[str, str, str]]


def _next_click(meeting: Meeting, office: int, program: LoadedProgram) -> Click | None:
    """The click to do; None when there is nothing to stand by for any more."""
    try:
        lives = os.pidfd_open(office)
    except (OSError, AttributeError):  # it has gone already, or the system is too old to tell when it goes
        return None
    key = token_hex(16).encode()
    try:
        with _listener(meeting, key) as listener:
            return _wait(listener, lives, meeting, key, program)
    finally:
        os.close(lives)
        for file in (meeting.address, meeting.key_file):
            file.unlink(missing_ok=True)


def _listener(meeting: Meeting, key: bytes) -> socket.socket:
    """The socket, in place of one that was left behind. Its folder lets nobody else in."""
    for left in (meeting.address, meeting.key_file):
        left.unlink(missing_ok=True)
    with open(meeting.key_file, "xb", opener=_private) as file:
        file.write(key)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(os.fspath(meeting.address))
    meeting.address.chmod(0o600)
    listener.listen()
    return listener


def _wait(listener: socket.socket, office: int, meeting: Meeting, key: bytes, program: LoadedProgram) -> Click | None:
    poll = select.poll()
    poll.register(listener, select.POLLIN)
    poll.register(office, select.POLLIN)
    closed = 0
    while closed < GRACE:
        events = dict(poll.poll(LOOK * 1000))
        if office in events:
            return None
        if listener.fileno() in events:
            connection, _ = listener.accept()
            if not program.is_current():
                connection.close()
                return None
            if words := _wanted(connection, key):
                return connection, words
            connection.close()
        else:
            closed = 0 if _is_any_open(meeting.books_file) else closed + 1
    meeting.books_file.unlink(missing_ok=True)
    return None


def _wanted(connection: socket.socket, key: bytes) -> tuple[str, str, str] | None:
    """What the click wants, and says once more when it hears that it can have it; its environment is taken over."""
    try:
        connection.settimeout(_PATIENCE)
        if not is_mine(connection):
            return None
        theirs, action, pipe, book, *environment = received_fields(connection)
        if not compare_digest(theirs, key):
            return None
        connection.sendall(READY)
        if connection.recv(len(GO)) != GO:
            return None
        connection.settimeout(None)
    except (OSError, ValueError):  # ValueError: words are missing
        return None
    os.environb.clear()
    os.environb.update({name: value for name, _, value in (one.partition(b"=") for one in environment)})
    return os.fsdecode(action), os.fsdecode(pipe), os.fsdecode(book)


def _is_any_open(books_file: Path) -> bool:
    """Whether LibreOffice has its lock beside any of the books."""
    try:
        books = [Path(os.fsdecode(line)) for line in books_file.read_bytes().splitlines()]
    except OSError:
        return False
    return any(book.with_name(f".~lock.{book.name}#").exists() for book in books)
