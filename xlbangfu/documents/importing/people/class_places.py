"""The class of each row of a roster: one of the school, a new one that the file tells enough about, or asked."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl
from msgspec import Struct, field

from xlbangfu.documents.importing.columns import Block
from xlbangfu.documents.importing.draft import Draft
from xlbangfu.documents.importing.questions import SCHOOL, Ask, Question
from xlbangfu.documents.importing.rooms import Rooms
from xlbangfu.documents.importing.school_terms import term_words
from xlbangfu.rules.class_names import Ambiguous, Found, FoundGrade, Unknown
from xlbangfu.rules.class_texts import class_texts
from xlbangfu.rules.grades import split_grade
from xlbangfu.rules.numerals import half_width
from xlbangfu.schema import CLASSES, SEPARATOR


class Place(Struct, frozen=True):
    """A class as 班级 has it, or would; ``grade`` is its 年级 where it is new. ``held``: asked; ``gone``: they have left."""

    name: str = ""
    grade: str = ""
    held: bool = False
    gone: bool = False


class ClassPlaces(Struct, dict=True):
    """The classes of one roster, in the school year that its titles name, else today's."""

    draft: Draft
    block: Block
    known: dict[tuple[str, str], Place] = field(default_factory=dict)

    def __post_init__(self) -> None:
        named = [year for text in (*self.block.titles, self.block.stem) if (year := term_words(text)[0].year)]
        self.school_year = min([*named[:1], self.draft.school_year])
        self.rooms = Rooms(self.draft, self.block, self.school_year)

    def of(self, room: str, grade: str) -> Place:
        """The class of a row by its own columns; what they leave open, the sheet's name and titles say."""
        key = (room or self.rooms.room or self._sheet(), grade or self.rooms.grade)
        if key not in self.known:
            self.known[key] = self._place(*key) if key[0] else Place()
        return self.known[key]

    def _sheet(self) -> str:
        """The sheet's name, where that is a class and nothing else: 701, 七1."""
        name = self.block.grid.sheet
        return name if any(way.grade for way in class_texts(name)) else ""

    def add_new(self, names: set[str]) -> None:
        """Append the new classes among these names to 班级."""
        there = set(self.draft.rows(CLASSES)["班级"].drop_nulls())
        new = {place.name: place.grade for place in self.known.values() if place.name in names - there and place.grade}
        if not new:
            return
        rows = pl.DataFrame({"班级": list(new), "年级": list(new.values())})
        self.draft.append(CLASSES, pl.concat([CLASSES.empty(), rows], how="diagonal"))
        self.draft.lines.append(f"{told_new(self.block, new)}，请补上班主任。")

    def _place(self, room: str, grade: str) -> Place:
        names = self.draft.classes
        found = names.find(room, grade, school_year=self.school_year)
        if isinstance(found, Ambiguous) and (readings := self.rooms.readings(room)):
            found = names.find(room, grade, school_year=self.school_year, readings=readings)
        if isinstance(found, Found):
            return Place(found.today or "", gone=found.today is None)
        if isinstance(found, Ambiguous):
            answered = self.rooms.answered(room, self.rooms.ask(room, found)) if found.candidates else None
            return Place(answered.today, held=answered.held) if answered else Place(held=True)
        return self._new(room, grade, found)

    def _new(self, room: str, grade: str, found: Unknown) -> Place:
        """A class that the school does not have: named as its others are, with the 年级 that the text or the file says."""
        if self.school_year < self.draft.school_year:
            return Place(gone=True)
        level, label = found.level, found.label
        if level is not None and label:
            written = self._grade_written(grade or _grade_in(room), level)
            return Place(self._name(room, written, label), written)
        written = grade or self._grade_asked(room)
        if not written:
            return Place(held=True)
        complete = not class_texts(room) or any(way.grade for way in class_texts(room))
        return Place(room if complete else f"{written}{room}", written)

    def _grade_written(self, grade: str, level: int) -> str:
        """年级 in the way of the school's others, else as the file writes it."""
        names = self.draft.classes
        found = names.find_grade(grade, school_year=self.school_year)
        as_typed = not names.classes and isinstance(found, FoundGrade) and not grade[:1].isdigit()
        return grade if as_typed else names.grade_named(level)

    def _name(self, room: str, grade: str, label: str) -> str:
        if self.draft.classes.classes:
            return self.draft.classes.new_name(grade, label)
        ways = class_texts(room)
        own = any(way.grade and way.grade.sure for way in ways)
        return room if own else self.draft.classes.new_name(grade, label)

    def _grade_asked(self, room: str) -> str:
        grades = list(dict.fromkeys(one.grade for one in self.draft.classes.classes if one.grade))
        question = Question(
            ask=Ask.GRADE,
            file=self.block.grid.file,
            sheet=self.block.grid.sheet,
            about=room,
            sample=(room,),
            thought="“班级”表里没有这个班，也看不出是哪个年级",
            choices=tuple(grades),
            free=True,
            shape=SCHOOL,
        )
        return self.draft.answers.ask(question) or ""


def told_new(block: Block, names: Collection[str]) -> str:
    """That these classes are added, without the stop at the end."""
    return f"{block.title}：“班级”表还没有的 {len(names)} 个班（{SEPARATOR.join(names)}）已一并加上"


def _grade_in(room: str) -> str:
    """The 年级 at the head of a class name, as it is written there.

    >>> _grade_in("七年级1班"), _grade_in("701")
    ('七年级', '')
    """
    plain = half_width(room)
    return next((plain.removesuffix(rest) for grade, rest in split_grade(plain) if grade.year is None), "")
