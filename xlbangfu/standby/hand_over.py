"""The side of the click: hand the work to the process that stands by, if there is one and it answers at once.

Little is imported here: it stands before all else in every click.
"""

from __future__ import annotations

import os
import socket

from xlbangfu.standby.meeting import GO, READY, Meeting, is_mine, received_code, send_fields

STAND_BY = "--stand-by"  # what ``xlbangfu.buttons`` is told to stand by, with the pipe and the process of LibreOffice
PATIENCE = 2.0  # seconds for who stands by to answer; it does in a few milliseconds where the machine is not busy

STOPPED = "程序在中途停掉了，开着的总表可能只写了一部分；请先看看各表，不放心就不保存、关掉重新打开，再点一次。"


class StoppedHalfWay(Exception):
    """Who had taken the click is gone before it answered."""


def hand_over(action: str, pipe: str, book: str) -> int | None:
    """The exit code of the click, done by the other; None where nobody took it and nothing was done.

    Raises StoppedHalfWay.
    """
    meeting = Meeting(pipe)
    if not meeting.is_possible or not meeting.is_private():
        return None
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        try:
            if not _is_taken(connection, meeting, [action, pipe, book]):
                return None
        except OSError:  # nobody is there, or it went away, or is too slow
            return None
        try:
            connection.settimeout(None)
            return received_code(connection)
        except OSError as problem:
            raise StoppedHalfWay from problem


def _is_taken(connection: socket.socket, meeting: Meeting, words: list[str]) -> bool:
    connection.settimeout(PATIENCE)
    connection.connect(os.fspath(meeting.address))
    if not is_mine(connection):
        return False
    environment = [name + b"=" + value for name, value in os.environb.items()]
    send_fields(connection, [meeting.key_file.read_bytes(), *map(os.fsencode, words), *environment])
    if connection.recv(len(READY)) != READY:
        return False
    connection.sendall(GO)
    return True
