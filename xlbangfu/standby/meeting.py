"""Where a click and the process that stands by meet, and what they say there.

    click                      who stands by
    key, what to do     →
                        ←      READY
    GO                  →                       from here on it is the other's, and the click may not do it again
                        ←      the exit code, when all is done and answered

Whoever finds the connection closed before GO goes on alone. The folder is this user's alone, each looks whose process the
other is, and the click knows the key, which lies in the folder.
"""

from __future__ import annotations

import os
import socket
import stat
import struct
import sys
from contextlib import suppress
from pathlib import Path

READY, GO = b"r", b"g"
_LENGTH, _CODE = struct.Struct("!I"), struct.Struct("!i")
_CREDENTIALS = struct.Struct("3i")  # process, user, group
_LONGEST_ADDRESS = 100  # bytes; the kernel takes 107
_MOST = 1 << 20


class Meeting:
    """The files by which one LibreOffice's clicks find who stands by for them, for one installation of the program."""

    def __init__(self, pipe: str) -> None:
        from zlib import crc32

        installation = f"{sys.executable}|{Path(__file__).parent}"
        folder = Path.home() / ".xlbangfu" / "run"
        self.folder = folder
        self.address = folder / f"{pipe}-{crc32(installation.encode(errors='replace')):08x}"
        self.key_file = self.address.with_suffix(".key")
        self.lock_file = self.address.with_suffix(".lock")
        self.books_file = self.address.with_suffix(".books")

    @property
    def is_possible(self) -> bool:
        return sys.platform == "linux" and len(os.fsencode(self.address)) <= _LONGEST_ADDRESS

    def is_private(self) -> bool:
        """Whether the folder is there, this user's, and nobody else can look into it."""
        try:
            found = self.folder.lstat()
        except OSError:
            return False
        return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077

    def make_private(self) -> bool:
        """Make the folder; whether it is private then."""
        with suppress(OSError):
            self.folder.parent.mkdir(mode=0o700, exist_ok=True)
            self.folder.mkdir(mode=0o700, exist_ok=True)
        return self.is_private()


def is_mine(connection: socket.socket) -> bool:
    """Whether the process at the other end is this user's."""
    asked = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    return bool(_CREDENTIALS.unpack(asked)[1] == os.getuid())


def send_fields(connection: socket.socket, fields: list[bytes]) -> None:
    body = b"\0".join(fields)
    connection.sendall(_LENGTH.pack(len(body)) + body)


def received_fields(connection: socket.socket) -> list[bytes]:
    """Raises OSError where they do not come whole."""
    (length,) = _LENGTH.unpack(_received(connection, _LENGTH.size))
    if length > _MOST:
        raise ConnectionError("too long")
    return _received(connection, length).split(b"\0")


def send_code(connection: socket.socket, code: int) -> None:
    connection.sendall(_CODE.pack(code))


def received_code(connection: socket.socket) -> int:
    return int(_CODE.unpack(_received(connection, _CODE.size))[0])


def _received(connection: socket.socket, size: int) -> bytes:
    found = b""
    while len(found) < size:
        chunk = connection.recv(size - len(found))
        if not chunk:
            raise ConnectionError("closed")
        found += chunk
    return found
