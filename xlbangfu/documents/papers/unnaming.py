"""Names of students found in what staff typed, without one pattern of thousands of names, which takes longer to make than a paper."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property

from msgspec import Struct


class Names(Struct, frozen=True, dict=True):
    """Names to look for; where several begin at one place, the longest is meant.

    >>> Names({"王明", "王明明"}).replaced("请王明明、王明发言", "某同学")
    '请某同学、某同学发言'
    """

    names: Collection[str]

    def replaced(self, text: str, word: str) -> str:
        """The text with the word in place of each name, from its beginning on."""
        said, at = [], 0
        while at < len(text):
            found = self._at(text, at)
            said.append(word if found else text[at])
            at += found or 1
        return "".join(said)

    def _at(self, text: str, at: int) -> int:
        """How long the longest name is that begins here; 0 for none."""
        lengths = self._lengths.get(text[at], ())
        return next((length for length in lengths if text[at : at + length] in self.names), 0)

    @cached_property
    def _lengths(self) -> dict[str, list[int]]:
        """First sign to the lengths of the names that begin with it, the longest first."""
        found: dict[str, set[int]] = {}
        for name in self.names:
            found.setdefault(name[0], set()).add(len(name))
        return {sign: sorted(lengths, reverse=True) for sign, lengths in found.items()}
