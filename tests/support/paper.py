"""What stands on paper: every word of a PDF with its page and place in points from the upper left."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

_WORD = re.compile(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*)</word>')


@dataclass(frozen=True)
class Word:
    """One word; ``page`` counts from 1."""

    page: int
    left: float
    top: float
    right: float
    bottom: float
    text: str

    @property
    def height(self) -> float:
        return self.bottom - self.top


def words_of(pdf: Path) -> list[Word]:
    xml = subprocess.run(["pdftotext", "-bbox", str(pdf), "-"], capture_output=True, check=True).stdout.decode()
    found, page = [], 0
    for line in xml.splitlines():
        page += "<page " in line
        if word := _WORD.search(line):
            left, top, right, bottom = (float(number) for number in word.groups()[:4])
            found.append(Word(page, left, top, right, bottom, word[5]))
    return found
