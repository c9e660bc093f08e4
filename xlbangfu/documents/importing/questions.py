"""What an import asks, as values: one question once for a kind, in the sheet's own words.

``Question.id`` is the same whenever the same file is imported again, so that an answer given in 导入核对, at a terminal or
in a file of answers finds its question. ``shape`` is what the answer is remembered by in 导入记忆: the header's shape,
``SCHOOL`` for what a school decides once, empty for what is never remembered (which exam, a date, who a student is,
marks above 满分, zeros).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from enum import Enum

from msgspec import Struct, field
from msgspec.structs import replace

SCHOOL = "全校"
LEAVE_OUT = "不导入"


class Ask(Enum):
    """The kinds of questions; the value is how staff read it in 导入核对."""

    COLUMN = "这一列是什么"
    SCORE = "用哪一列作分数"
    CONVERTED = "用原始分还是赋分"
    SUBJECT = "新的科目"
    FULL_MARK = "满分"
    EXAM = "哪次考试"
    DAY = "考试日期"
    CLASS = "哪个班"
    GRADE = "哪个年级"
    WORD = "这个词是什么意思"
    NOUGHTS = "全是 0 分"
    COUNTING = "像名次的一列"
    KEY = "用什么作学号"
    SHORT_KEY = "学号少了开头的 0"
    CONTENT = "这张表是什么"
    HIDDEN = "隐藏的表"
    PROPOSAL = "写进总表吗"


class Question(Struct, frozen=True, kw_only=True):
    """One thing that the files leave unclear. ``about`` is the column or word; ``sample`` what it looks like, up to three
    values; ``thought`` what the program thinks; ``choices`` the answers offered (others may be typed where ``free``)."""

    ask: Ask
    file: str
    sheet: str = ""
    about: str = ""
    sample: tuple[str, ...] = ()
    thought: str = ""
    choices: tuple[str, ...] = ()
    free: bool = False
    shape: str = ""
    key: str = ""  # what the question is about for good, where it is not this sheet: an exam's number

    @property
    def id(self) -> str:
        """The question's name for machines.

        >>> Question(ask=Ask.WORD, file="期中.xlsx", about="缓考").id.partition("-")[0]
        'WORD'
        """
        place = (self.shape,) if self.shape else (self.key,) if self.key else (self.file, self.sheet)
        digest = hashlib.sha256("\n".join((self.ask.name, *place, self.about)).encode()).hexdigest()
        return f"{self.ask.name}-{digest[:8]}"


class Answers(Struct):
    """The answers that are there, by question id, and those that the school gave before, by (ask, shape, about).

    ``ask`` gives the answer or None and keeps the question; what memory answered is in ``recalled``, what was answered
    now in ``given``, what is open in ``open``.
    """

    by_id: Mapping[str, str] = field(default_factory=dict)
    remembered: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    open: list[Question] = field(default_factory=list)
    given: list[tuple[Question, str]] = field(default_factory=list)
    recalled: list[tuple[Question, str]] = field(default_factory=list)

    def ask(self, question: Question) -> str | None:
        """The answer; None (and the question is open) where nobody has given one."""
        answer = self.by_id.get(question.id)
        if answer:
            self._note(self.given, question, answer)
            return answer
        answer = self.remembered.get((question.ask.name, question.shape, question.about)) if question.shape else None
        if answer:
            self._note(self.recalled, question, answer)
            return answer
        if question.id not in {known.id for known in self.open}:
            self.open.append(question)
        return None

    def doubt(self, question: Question, thought: str) -> None:
        """An answer cannot be used: the question is open again, with why."""
        self.given = [(known, answer) for known, answer in self.given if known.id != question.id]
        self.recalled = [(known, answer) for known, answer in self.recalled if known.id != question.id]
        if question.id not in {known.id for known in self.open}:
            self.open.append(replace(question, thought=thought))

    @staticmethod
    def _note(known: list[tuple[Question, str]], question: Question, answer: str) -> None:
        if question.id not in {other.id for other, _ in known}:
            known.append((question, answer))

    def learned(self) -> Iterable[tuple[Question, str]]:
        """The answers of this import that are to be remembered."""
        return ((question, answer) for question, answer in self.given if question.shape)
