"""Chance that comes out the same on every machine and every Python.

Only ``Random.random`` is promised to stay the same between versions, so every draw here is made of it, and the normal
distribution is a sum of uniforms (no logarithm whose last digit depends on the machine).
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")
_ROOT_3 = 1.7320508075688772


class Chance:
    """Draws from one seed."""

    def __init__(self, seed: int) -> None:
        self.draw = Random(seed).random

    def below(self, count: int) -> int:
        """A whole number from 0 to ``count`` - 1."""
        return int(self.draw() * count)

    def pick(self, options: Sequence[T]) -> T:
        """One of the options."""
        return options[int(self.draw() * len(options))]

    def happens(self, share: float) -> bool:
        """True in that share of the cases."""
        return self.draw() < share

    def normal(self) -> float:
        """Mean 0, standard deviation 1, never beyond ±3.5."""
        return (self.draw() + self.draw() + self.draw() + self.draw() - 2.0) * _ROOT_3

    def some(self, options: Sequence[T], count: int) -> list[T]:
        """``count`` different options (all of them if there are fewer), in the order of the options."""
        left, wanted, chosen = len(options), min(count, len(options)), []
        for option in options:
            if self.draw() * left < wanted:
                chosen.append(option)
                wanted -= 1
            left -= 1
        return chosen
