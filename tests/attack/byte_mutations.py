"""Bytes spoiled without regard to what they mean. Each takes the bytes and a generator of chances and gives other bytes."""

from __future__ import annotations

import random
from collections.abc import Callable

Mutation = Callable[[bytes, random.Random], bytes]


def flip_bits(data: bytes, chance: random.Random) -> bytes:
    spoiled = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 8, 64))):
        spoiled[chance.randrange(len(spoiled))] ^= 1 << chance.randrange(8)
    return bytes(spoiled)


def cut_short(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def cut_out(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + data[at + chance.randint(1, 600) :]


def fill_with_nothing(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    length = min(chance.choice((1, 16, 512, 4096)), len(data) - at)
    return data[:at] + bytes([chance.choice((0, 255))]) * length + data[at + length :]


def say_twice(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    end = at + chance.randint(1, 2000)
    return data[:end] + data[at:]


def append_noise(data: bytes, chance: random.Random) -> bytes:
    return data + chance.randbytes(chance.randint(1, 3000))


def put_noise_in_front(data: bytes, chance: random.Random) -> bytes:
    return chance.randbytes(chance.randint(1, 300)) + data


def all_noise(data: bytes, chance: random.Random) -> bytes:
    return data[:8] + chance.randbytes(min(len(data), 3000))


def nothing(data: bytes, chance: random.Random) -> bytes:
    return b""


BYTES: tuple[Mutation, ...] = (
    flip_bits,
    cut_short,
    cut_out,
    fill_with_nothing,
    say_twice,
    append_noise,
    put_noise_in_front,
    all_noise,
    nothing,
)
