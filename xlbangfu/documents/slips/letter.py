"""What the letters of a class say: plain frozen data, every text as it will be read."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct


class Letter(Struct, frozen=True, kw_only=True):
    """One student's letter. A text that is empty has nothing to say and is left out."""

    name: str
    good_news: str
    school_did: str
    words: str
    advice: str
    level: str

    @property
    def paragraphs(self) -> tuple[tuple[str, str], ...]:
        """Label and text in the order that they are read: good news first, the level last."""
        every = (
            ("好消息", self.good_news),
            ("老师做了", self.school_did),
            ("老师的话", self.words),
            ("在家可以", self.advice),
            ("学习等级", self.level),
        )
        return tuple((label, text) for label, text in every if text)


class ClassSlips(Struct, frozen=True, kw_only=True):
    """The letters of one class. ``made`` is when, ``day`` is what stands on them, ``due`` when the reply is to be back.

    ``phone`` and ``hours`` are empty where the school has not said: a line is left for the pen.
    """

    class_name: str
    homeroom: str
    school: str
    term: str
    day: date
    due: date
    made: datetime
    phone: str
    hours: str
    a_page: int  # letters on a sheet of A4: 1 or 2
    letters: tuple[Letter, ...]
