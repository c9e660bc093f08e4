"""Classes and grades that a block speaks of, as those of the school: read in the exam's school year, asked once."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct, field

from xlbangfu.documents.importing import words
from xlbangfu.documents.importing.columns import Block
from xlbangfu.documents.importing.draft import Draft
from xlbangfu.documents.importing.profiles import first_values
from xlbangfu.documents.importing.questions import LEAVE_OUT, SCHOOL, Ask, Question
from xlbangfu.rules.class_mentions import class_mentions, find_mention, grade_mentions
from xlbangfu.rules.class_names import BARE, Ambiguous, Found, FoundGrade, Unknown

OWN = "各人现在的班"
_FORMS = ("101", "级", "届")
_OFFERED = 12


class Room(Struct, frozen=True):
    """What a row says of a class: ``then`` is the class of the day, ``today`` where its students are now, ``grade`` their
    年级 today; empty where it says nothing. ``number`` is a class of which only that is known; ``held`` that it is asked
    or left out."""

    then: str = ""
    today: str = ""
    grade: str = ""
    number: str = ""
    held: bool = False


class Rooms(Struct, dict=True):
    """The classes of one block, in the school year of its exam."""

    draft: Draft
    block: Block
    school_year: int
    known: dict[tuple[str, str], Room] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.grade = self._whole_grade()
        self.room = self._whole_room()

    def rows(self) -> list[Room]:
        """The class of each record: from its columns, else from the sheet's name, else from the title."""
        classes, grades = self.block.texts(words.CLASS), self.block.texts(words.GRADE)
        return [self.of(room or "", grade or "") for room, grade in zip(classes, grades, strict=True)]

    def of(self, room: str, grade: str) -> Room:
        """What a class beside a 年级 means, as typed."""
        key = (room, grade)
        if key not in self.known:
            self.known[key] = self._in_column(room, grade) if room else self._without_class(grade)
        return self.known[key]

    def own(self, number: str, own_room: str) -> str:
        """The class with that number in the 年级 that a student of a class was in then; empty where there is none."""
        names = self.draft.classes
        level = next((one.level for one in names.classes if one.name == own_room), None)
        if level is None:
            return ""
        then = names.grade_named(level - (names.school_year - self.school_year))
        found = names.find(number, then, school_year=self.school_year)
        return found.class_name if isinstance(found, Found) else ""

    def _texts(self) -> Iterable[str]:
        return (self.block.grid.sheet, *self.block.titles[:4], self.block.stem)

    def _whole_grade(self) -> str:
        """The 年级 that the sheet's name, a title or the file's name says, if it says one only."""
        for text in self._texts():
            said = grade_mentions(text)
            if len(said) == 1:
                return said[0]
        return ""

    def _whole_room(self) -> str:
        for text in self._texts():
            if len(class_mentions(text)) > 1:
                return ""
            found = find_mention(self.draft.classes, text, self.grade, school_year=self.school_year)
            if isinstance(found, Found | Unknown):
                return (
                    class_mentions(text)[0]
                    if class_mentions(text)
                    else found.class_name
                    if isinstance(found, Found)
                    else ""
                )
        return ""

    def _in_column(self, room: str, grade: str) -> Room:
        """A class beside a 年级 in the columns: both bind; without a 年级, that of the sheet helps."""
        if not grade:
            return self._read(room, self.grade)
        found = self.draft.classes.find(room, grade, school_year=self.school_year, readings=self.readings(room))
        if isinstance(found, Found):
            return Room(found.class_name, found.today or "", self.draft.grade_of(found.today or ""))
        return self.answered(room, self.ask(room, found))

    def _without_class(self, grade: str) -> Room:
        """A row without a class: that of the sheet, else the 年级 only."""
        if self.room:
            return self._read(self.room, grade or self.grade)
        return self._grade_today(grade or self.grade)

    def _grade_today(self, grade: str) -> Room:
        """The 年级 of today; one that the school has not binds too: nobody is of it."""
        if not grade:
            return Room()
        found = self.draft.classes.find_grade(grade, school_year=self.school_year, readings=self.readings(grade))
        if isinstance(found, FoundGrade):
            return Room(grade=found.today or f"已毕业的{found.name}")
        return Room(grade=grade if grade in grade_mentions(grade) else "", held=isinstance(found, Ambiguous))

    def _read(self, room: str, grade: str) -> Room:
        """The class of a text; asked where the school has none like it. What the text says of the 年级 goes before the title."""
        names, readings = self.draft.classes, self.readings(room)
        found = names.find(room, school_year=self.school_year, readings=readings)
        if not isinstance(found, Found) and grade:
            found = names.find(room, grade, school_year=self.school_year, readings=readings)
        if isinstance(found, Found):
            return Room(found.class_name, found.today or "", self.draft.grade_of(found.today or ""))
        if isinstance(found, Ambiguous) and found.form == BARE:
            return Room(number=room)
        return self.answered(room, self.ask(room, found))

    def readings(self, text: str) -> dict[str, str]:
        """The answer to how names of this form are read: 101, 2026级, 2026届."""
        found = self.draft.classes.find(text, school_year=self.school_year)
        if not isinstance(found, Ambiguous) or found.form not in _FORMS:
            return {}
        question = Question(
            ask=Ask.GRADE,
            file=self.block.grid.file,
            sheet=self.block.grid.sheet,
            about=f"“{found.form}”这样的写法",
            sample=(text,),
            thought=f"可能是 {'、'.join(found.candidates)}",
            choices=found.readings,
            shape=SCHOOL,
        )
        answer = self.draft.answers.ask(question)
        return {found.form: answer} if answer else {}

    def ask(self, room: str, found: Ambiguous | Unknown) -> str | None:
        names = [one.name for one in self.draft.classes.classes]
        likely = list(found.candidates) if isinstance(found, Ambiguous) else names[:_OFFERED]
        return self.draft.answers.ask(
            Question(
                ask=Ask.CLASS,
                file=self.block.grid.file,
                sheet=self.block.grid.sheet,
                about=room,
                sample=first_values(self.block.cells(self.block.column(words.NAME))),
                thought="“班级”表里没有这个班" if isinstance(found, Unknown) else f"{'、'.join(likely)}都像",
                choices=(*likely, OWN, LEAVE_OUT),
                free=True,
                shape=SCHOOL,
            )
        )

    def answered(self, room: str, answer: str | None) -> Room:
        if answer == OWN:
            return Room()
        found = self.draft.classes.find(answer, school_year=self.draft.school_year) if answer else None
        if isinstance(found, Found):
            return Room(found.class_name, found.class_name, self.draft.grade_of(found.class_name))
        return Room(number=room, held=True)
