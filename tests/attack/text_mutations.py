"""Text files and mails that break whoever reads them in good faith."""

from __future__ import annotations

import random
from collections.abc import Iterator

from tests.attack.byte_mutations import Mutation


def other_code(data: bytes, chance: random.Random) -> bytes:
    text = data.decode("utf-8", "replace")
    return text.encode(chance.choice(("gb18030", "utf-16", "utf-16-be", "utf-32", "utf-8-sig", "big5hkscs")), "replace")


def blank_lines(data: bytes, chance: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    for _ in range(chance.choice((1, 2, 50))):
        lines.insert(chance.randint(0, len(lines)), chance.choice((b"\r\n", b"\n", b"\r", b",,,\r\n", b"\x0c\n")))
    return b"".join(lines)


def open_quote(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + b'"' + data[at:]


def nul_signs(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + b"\0" * chance.choice((1, 2, 5000)) + data[at:]


def long_field(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return (
        data[:at] + chance.choice((b"9", b"x", "学".encode())) * chance.choice((40_000, 200_000, 3_000_000)) + data[at:]
    )


def many_fields(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + b"," * chance.choice((300, 20_000, 2_000_000)) + data[at:]


def many_lines(data: bytes, chance: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    return b"".join(lines[:2] + lines[1:2] * chance.choice((20_000, 400_000)) + lines[2:])


def odd_number(data: bytes, chance: random.Random) -> bytes:
    odd = (b"1e999", b"-0", b"nan", b"inf", b"=1/0", b"9" * 400, "９１".encode(), b"1,5", b"0x1f", b"1_000", b"--1")
    fields = data.split(b",")
    fields[chance.randrange(len(fields))] = chance.choice(odd)
    return b",".join(fields)


TEXT: tuple[Mutation, ...] = (
    other_code,
    blank_lines,
    open_quote,
    nul_signs,
    long_field,
    many_fields,
    many_lines,
    odd_number,
)


def nested_mail(data: bytes, chance: random.Random) -> bytes:
    depth = chance.choice((3, 40, 150, 800))
    inside = data
    for at in range(depth):
        kind = chance.choice((b"message/rfc822", b"multipart/mixed; boundary=b%d" % at))
        inside = b"Subject: x\nMIME-Version: 1.0\nContent-Type: " + kind + b"\n\n--b%d\n" % at + inside
    return inside


def odd_header(data: bytes, chance: random.Random) -> bytes:
    odd = (
        b"Content-Type: multipart/mixed; boundary=",
        b'Content-Type: text/plain; charset="x-\xff\xfe"',
        b"Content-Type: multipart/mixed; boundary*0*=%; boundary*1*=%ZZ",
        b"Content-Disposition: attachment; filename*=x-none''%FF%FE.xlsx",
        b'Content-Disposition: attachment; filename="=?utf-8?B?////?=.xlsx"',
        b"Content-Transfer-Encoding: quoted-printable",
        b"Content-Transfer-Encoding: uuencode",
        b"Content-Transfer-Encoding: x-none",
        b"Subject: =?gb2312?B?" + b"A" * 90_000,
        b"\xff\xfe: \x00",
        b": : :",
        b"From: " + b"<" * 5_000,
        b"Content-Type: " + b"a/" * 3_000,
        b"To: " + b"(" * 3_000,
    )
    lines = data.split(b"\n")
    heads = list(_heads(lines))
    lines.insert(chance.choice(heads or [0]), chance.choice(odd))
    return b"\n".join(lines)


def _heads(lines: list[bytes]) -> Iterator[int]:
    """Where header lines stand."""
    return (at for at, line in enumerate(lines) if b": " in line[:40])


def header_gone(data: bytes, chance: random.Random) -> bytes:
    lines = data.split(b"\n")
    heads = list(_heads(lines))
    if heads:
        del lines[chance.choice(heads)]
    return b"\n".join(lines)


def many_parts(data: bytes, chance: random.Random) -> bytes:
    part = (
        b"\n--b\nContent-Type: application/octet-stream; name=a.xlsx\nContent-Transfer-Encoding: base64\n\nUEsDBA==\n"
    )
    head = b"Subject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
    return head + part * chance.choice((5, 500, 20_000)) + b"\n--b\n" + data


MAIL: tuple[Mutation, ...] = (nested_mail, odd_header, odd_header, odd_header, header_gone, header_gone, many_parts)
