"""A server's replies, as long and as slow as a server may be and no more: smtplib reads on while one goes on."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import time
from contextlib import suppress
from typing import Any

from xlbangfu.late_pattern import late_pattern

UNREADABLE = -1  # the code of a reply that is none
_MOST = 64 * 1024  # bytes of one reply, all its lines together
_NO_TIME = 0.001  # seconds: what has come is there at once
_LONGEST = 8192  # bytes of one line
_LINE = late_pattern(rb"([2-5]\d\d)(?:([ -])(.*))?", re.DOTALL)  # RFC 5321, 4.2


class EndlessReply(smtplib.SMTPServerDisconnected):
    """The server goes on talking; the connection is of no more use."""


class OutOfStep(smtplib.SMTPServerDisconnected):
    """The server answers what it was not asked yet; which answer is to what can't be told any more."""


class Lines:
    """The lines that a socket brings, read ahead; what is read ahead before TLS begins is dropped with this object.

    >>> near, far = socket.socketpair()
    >>> far.sendall(b"250-here\\r\\n250 SIZE 9\\r\\n")
    >>> lines = Lines(near)
    >>> lines.line(time.monotonic() + 1), lines.line(time.monotonic() + 1)
    (b'250-here', b'250 SIZE 9')
    """

    def __init__(self, peer: socket.socket) -> None:
        self._peer = peer
        self._ahead = b""

    def line(self, deadline: float) -> bytes:
        """The next one without its end. Raises OSError, EndlessReply; SMTPServerDisconnected where the server went."""
        while b"\n" not in self._ahead:
            if len(self._ahead) > _LONGEST:
                raise EndlessReply("服务器的回答没完没了")
            self._ahead += self._more(deadline)
        line, _, self._ahead = self._ahead.partition(b"\n")
        return line.rstrip(b"\r")

    def _more(self, deadline: float) -> bytes:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        before = self._peer.gettimeout()
        self._peer.settimeout(left)
        try:
            data = self._peer.recv(4096)
        finally:
            self._peer.settimeout(before)
        if not data:
            raise smtplib.SMTPServerDisconnected("服务器断开了")
        return data

    def has_more(self) -> bool:
        """Whether something stands there that was not read, without waiting for it. Raises OSError, SMTPServerDisconnected."""
        if not self._ahead:
            with suppress(TimeoutError, BlockingIOError, ssl.SSLWantReadError):
                self._ahead = self._more(time.monotonic() + _NO_TIME)
        return bool(self._ahead)

    def close(self) -> None:
        """Nothing is held here; smtplib closes what it reads from."""


def read_reply(lines: Lines, seconds: float) -> tuple[int, bytes]:
    """The code and the words of a whole reply; ``UNREADABLE`` for one whose lines are none or differ in their code.

    Raises EndlessReply, TimeoutError after so many seconds for all of it, SMTPServerDisconnected.
    """
    deadline, codes, words, size = time.monotonic() + seconds, set[bytes](), list[bytes](), 0
    while True:
        line = lines.line(deadline)
        found = _LINE.fullmatch(line)
        if not found:
            return UNREADABLE, line
        codes.add(found[1])
        words.append((found[3] or b"").strip())
        if found[2] != b"-":
            break
        if (size := size + len(line)) > _MOST:
            raise EndlessReply("服务器的回答没完没了")
    return int(codes.pop()) if len(codes) == 1 else UNREADABLE, b"\n".join(words)


class Conversation(smtplib.SMTP):
    """smtplib's conversation with replies read by ``read_reply``."""

    file: Any = None  # where smtplib keeps what it reads from; None again after STARTTLS
    timeout: float

    def getreply(self) -> tuple[int, bytes]:
        """The next reply; whatever is wrong with it closes the connection."""
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("服务器断开了")
        if self.file is None:
            self.file = Lines(self.sock)
        try:
            return read_reply(self.file, self.timeout)
        except (OSError, smtplib.SMTPException):
            self.close()
            raise

    def check_in_step(self) -> None:
        """Raise OutOfStep where the server has answered before it could: its next word would be taken for another's answer."""
        if self.file is not None and self.file.has_more():
            self.close()
            raise OutOfStep("服务器答非所问")


class PlainStart(Conversation):
    """A connection that begins in the clear, for STARTTLS."""


class TlsStart(Conversation, smtplib.SMTP_SSL):
    """A connection that is TLS from the first byte."""
