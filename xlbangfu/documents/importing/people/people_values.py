"""Cells of lists of people as the master says them; a word that is not known is asked once a file, and remembered."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

from xlbangfu.book.reading import cells
from xlbangfu.documents.importing import words
from xlbangfu.documents.importing.choices import chosen_subjects
from xlbangfu.documents.importing.code_words import code_word, has_codes
from xlbangfu.documents.importing.columns import Block
from xlbangfu.documents.importing.draft import Draft
from xlbangfu.documents.importing.grid import Value
from xlbangfu.documents.importing.questions import SCHOOL, Ask, Question
from xlbangfu.rules.numerals import half_width
from xlbangfu.schema import NO, SEPARATOR, YES, Column, Type

EMPTY = "空着"
_SUBJECT_COLUMNS = ("困难学科", "任教科目", "帮扶学科")
_STROKES = ("-", "/", "—")
_SIGNS = ",，;；/|+"


class Values:
    """The cells of one block; each word is looked at once."""

    def __init__(self, draft: Draft, block: Block) -> None:
        self.draft, self.block = draft, block
        self._read: dict[tuple[str, Value], Any] = {}

    def column(self, target: Column, typed: Sequence[Value]) -> list[Any]:
        """The values of a column of the master."""
        return [self.value(target, cell, row) for cell, row in zip(typed, self.block.numbers, strict=True)]

    def value(self, target: Column, cell: Value, row: int) -> Any:
        key = (target.name, cell)
        if key not in self._read:
            self._read[key] = self._value(target, cell, row)
        return self._read[key]

    def _value(self, target: Column, cell: Value, row: int) -> Any:
        if cell is None or not words.text(cell):
            return None
        if target.type is Type.DATE:
            return self._date(target, cell, row)
        if target.type in (Type.NUMBER, Type.INTEGER):
            return self._number(target, cell, row)
        if target.name in _SUBJECT_COLUMNS:
            return self._subjects(str(cell))
        if target.name == "选科":
            return self._choices(target, str(cell), row)
        if has_codes(target.name) or (target.choices and not target.many):
            return self._word(target, cell)
        text = plain_text(cell)
        return None if target.many and target.choices and says_none(text) else text

    def _date(self, target: Column, cell: Value, row: int) -> Any:
        day, _ = cells.as_date(cell.strip() if isinstance(cell, str) else cell)
        return day if day else self._refused(target, cell, row, "不是日期")

    def _number(self, target: Column, cell: Value, row: int) -> Any:
        read = cells.as_integer if target.type is Type.INTEGER else cells.as_number
        number, _ = read(cell.strip().removesuffix("分钟") if isinstance(cell, str) else cell)
        return number if number is not None else self._refused(target, cell, row, "不是数字")

    def _subjects(self, cell: str) -> str | None:
        named = parts(cell.strip().replace(" ", SEPARATOR))
        names = [words.subject(part, self.draft.subjects) or part for part in named]
        return SEPARATOR.join(dict.fromkeys(names)) or None

    def _choices(self, target: Column, cell: str, row: int) -> Any:
        chosen = chosen_subjects(cell, self.draft.subjects)
        if chosen is None:
            return self._refused(target, cell, row, "看不出是哪些科目")
        return SEPARATOR.join(chosen) or None

    def _word(self, target: Column, cell: Value) -> str | None:
        known = code_word(target.name, cell)
        text = half_width(words.text(cell))
        if known is None and text in target.choices:
            known = text
        if known is not None:
            return known or None
        choices = target.choices or (YES, NO)
        answer = self.draft.answers.ask(
            Question(
                ask=Ask.WORD,
                file=self.block.grid.file,
                sheet=self.block.grid.sheet,
                about=f"{target.name}：{text}",
                sample=(words.text(cell),),
                thought=f"“{target.name}”里只能写 {SEPARATOR.join(choices)}",
                choices=(*choices, EMPTY),
                shape=SCHOOL,
            )
        )
        return answer if answer in choices else None

    def _refused(self, target: Column, cell: Value, row: int, why: str) -> None:
        what = f"“{target.name}”里的 «{words.text(cell)}» {why}，这一格没有导入"
        self.draft.warn(self.block.title, row, target.name, what, "改好后到总表里补上", kind=f"{target.name}{why}")


def plain_text(cell: Value) -> str:
    """Text in half width, without the spaces that are put between the signs of a name.

    >>> plain_text(" 王　小 明 "), plain_text("0002 马老师"), plain_text(13800000000.0)
    ('王小明', '0002 马老师', '13800000000')
    """
    text = unicodedata.normalize("NFKC", cell) if isinstance(cell, str) else words.text(cell)
    return words.BETWEEN_SIGNS.sub("", text.strip())


def says_none(text: str) -> bool:
    """Whether a cell says that there is none of what its column names.

    >>> says_none("无"), says_none("无残疾"), says_none("否"), says_none("-"), says_none("单亲")
    (True, True, True, True, False)
    """
    return text in _STROKES or text.startswith(("无", "非", "不是", "否"))


def person_name(cell: Value) -> str | None:
    """A name as the roster keeps it, with · between its parts.

    >>> person_name("买买提•艾力"), person_name("王　明"), person_name(None)
    ('买买提·艾力', '王明', None)
    """
    text = plain_text(cell) if cell is not None else ""
    for sign in "•・‧∙⋅･":
        text = text.replace(sign, "·")
    return text.removesuffix("老师") or None


def parts(cell: str) -> list[str]:
    """The parts of a cell that names several.

    >>> parts("语文，数学/英语")
    ['语文', '数学', '英语']
    """
    text = unicodedata.normalize("NFKC", cell)
    for sign in _SIGNS:
        text = text.replace(sign, SEPARATOR)
    return [part for part in text.split(SEPARATOR) if part]
