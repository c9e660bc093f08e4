"""A server's reply is read as RFC 5321 has it, in bounds of length and time."""

from __future__ import annotations

import smtplib
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from xlbangfu.mail.replies import UNREADABLE, EndlessReply, Lines, read_reply


@pytest.fixture
def wire() -> Iterator[tuple[socket.socket, Lines]]:
    near, far = socket.socketpair()
    with near, far:
        yield far, Lines(near)


@pytest.mark.parametrize(
    ("sent", "reply"),
    [
        (b"250 ok\r\n", (250, b"ok")),
        (b"250\r\n", (250, b"")),
        (b"250-one\r\n250-two\n250 three\r\n", (250, b"one\ntwo\nthree")),
        (b"+25 ok\r\n", (UNREADABLE, b"+25 ok")),
        (b"2500 ok\r\n", (UNREADABLE, b"2500 ok")),
        (b"250-one\r\n550 no\r\n", (UNREADABLE, b"one\nno")),
        (b"\r\n", (UNREADABLE, b"")),
    ],
)
def test_a_reply_has_one_code_of_three_digits(
    sent: bytes, reply: tuple[int, bytes], wire: tuple[socket.socket, Lines]
) -> None:
    wire[0].sendall(sent)

    assert read_reply(wire[1], 1) == reply


def test_what_comes_after_a_reply_is_the_next_one(wire: tuple[socket.socket, Lines]) -> None:
    wire[0].sendall(b"250 one\r\n354 two\r\n")

    assert [read_reply(wire[1], 1)[0] for _ in range(2)] == [250, 354]


@pytest.mark.parametrize("sent", [b"x" * 9_000, b"250-" + b"x" * 9_000, b"250-\r\n" * 20_000])
def test_a_reply_that_is_too_long_is_given_up(sent: bytes, wire: tuple[socket.socket, Lines]) -> None:
    threading.Thread(target=wire[0].sendall, args=(sent,), daemon=True).start()

    with pytest.raises(EndlessReply):
        read_reply(wire[1], 5)


def test_a_server_that_drips_has_the_time_of_one_answer_and_not_of_each_byte(
    wire: tuple[socket.socket, Lines],
) -> None:
    over = threading.Event()

    def drip() -> None:
        while not over.wait(0.02):
            wire[0].sendall(b"2")

    threading.Thread(target=drip, daemon=True).start()
    begun = time.monotonic()

    with pytest.raises(TimeoutError):
        read_reply(wire[1], 0.2)

    over.set()
    assert time.monotonic() - begun < 5


def test_a_server_that_leaves_within_a_reply_is_gone(wire: tuple[socket.socket, Lines]) -> None:
    wire[0].sendall(b"250-half")
    wire[0].shutdown(socket.SHUT_WR)

    with pytest.raises(smtplib.SMTPServerDisconnected):
        read_reply(wire[1], 1)
