"""Where the header of a sheet is, and what each of its columns holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from xlbangfu.documents.importing import words
from xlbangfu.documents.importing.files import Grid

_SEARCHED = 30  # rows in which a header may begin


class Content(Enum):
    """What a sheet was recognised as; the value is how staff call it."""

    ROSTER = "名册"
    TEACHERS = "教师"
    CLASSES = "班级"
    SCORES = "成绩"


@dataclass(frozen=True)
class Column:
    """One column of a file. ``meaning`` is a column of the master, a word of ``words`` or, for marks, empty."""

    place: int  # from 0
    typed: str  # the heading as it stands in the file
    meaning: str = ""
    subject: str = ""
    full: float | None = None
    group: str = ""  # the exam that stands above it or before it


@dataclass(frozen=True)
class Header:
    """What was found out about a sheet. ``first`` and ``last`` are the header's rows, counted from 0."""

    content: Content
    first: int
    last: int
    columns: tuple[Column, ...]
    left_out: tuple[str, ...]  # headings with the reason
    titles: tuple[str, ...] = field(default=())

    def column(self, meaning: str) -> Column | None:
        return next((column for column in self.columns if column.meaning == meaning), None)

    @property
    def marks(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.subject)


def find_header(grid: Grid, subjects: frozenset[str]) -> Header | None:
    """The header with the most headings known, the upper one of equals; None if no row looks like one."""
    best, most = None, 0
    for row in range(min(_SEARCHED, len(grid.rows))):
        found = _header_at(grid, row, subjects)
        if found and len(found.columns) > most:
            best, most = found, len(found.columns)
    return best


def _header_at(grid: Grid, row: int, subjects: frozenset[str]) -> Header | None:
    typed = [words.text(cell) for cell in grid.rows[row]]
    plain = [words.heading(cell) for cell in grid.rows[row]]
    content = _content(plain, subjects)
    below = _second_row(grid, row, subjects)
    if content in (None, Content.ROSTER) and below and _people(plain):
        content = Content.SCORES
    if content is None:
        return None
    titles = tuple(words.text(cell) for line in grid.rows[:row] for cell in line if cell != "")
    last = row + 1 if below else row
    if content is not Content.SCORES:
        known = {Content.ROSTER: words.ROSTER, Content.TEACHERS: words.TEACHERS, Content.CLASSES: words.CLASSES}
        columns, left = _records(typed, plain, known[content])
    elif below:
        columns, left = _marks_below(typed, plain, below, subjects)
    else:
        columns, left = _marks(typed, plain, _groups(grid, row, plain, subjects), subjects)
    return Header(content, row, last, tuple(columns), tuple(left), titles)


def _people(plain: list[str]) -> set[str]:
    return {words.PEOPLE[word] for word in plain if word in words.PEOPLE}


def _content(plain: list[str], subjects: frozenset[str]) -> Content | None:
    """What a row of headings announces.

    A header names a student, a teacher or a class, and at least one thing more.
    """
    people, staff = _people(plain), {words.TEACHERS[word] for word in plain if word in words.TEACHERS}
    has_marks = any(words.subject(word, subjects) or _split_exam(word, subjects)[1] for word in plain)
    if people & words.IDENTITY and has_marks:
        return Content.SCORES
    if "工号" in staff or (
        "姓名" in staff and staff & {"角色", "任教科目", "任教班级", "邮箱"} and not _is_student(plain)
    ):
        return Content.TEACHERS
    homeroom = any(words.CLASSES.get(word) == "班主任" for word in plain)
    if homeroom and words.CLASS in people and not people & words.IDENTITY:
        return Content.CLASSES
    if people & words.IDENTITY and len(people) >= 2:
        return Content.ROSTER
    return None


def _is_student(plain: list[str]) -> bool:
    return bool({"学号", "学生姓名", "性别"} & set(plain) and "学号" in plain)


def _records(typed: list[str], plain: list[str], known: Mapping[str, str]) -> tuple[list[Column], list[str]]:
    columns, left, taken = [], [], set()
    for place, word in enumerate(plain):
        meaning = known.get(word)
        if meaning and meaning not in taken:
            taken.add(meaning)
            columns.append(Column(place, typed[place], meaning))
        elif word:
            left.append(f"{typed[place]}（{'重复' if meaning else '不认识'}）")
    return columns, left


def _marks(
    typed: list[str], plain: list[str], groups: list[str], subjects: frozenset[str]
) -> tuple[list[Column], list[str]]:
    """Columns under one row of headings; ``groups`` is the exam above each, empty where there is none."""
    columns: list[Column] = []
    left: list[str] = []
    taken: set[tuple[str, str]] = set()
    for place, word in enumerate(plain):
        exam, subject = _split_exam(word, subjects)
        column = Column(place, typed[place], words.PEOPLE.get(word, ""), subject, words.full_mark(typed[place]))
        if subject:
            column = Column(place, typed[place], "", subject, column.full, exam or groups[place])
        key = (column.meaning or column.subject, column.group)
        if not word:
            continue
        if not key[0] or words.LEFT_OUT.search(word):
            left.append(f"{typed[place]}（{'总分、名次之类不导入' if words.LEFT_OUT.search(word) else '不认识'}）")
        elif key in taken:
            left.append(f"{typed[place]}（重复）")
        else:
            taken.add(key)
            columns.append(column)
    return columns, left


def _split_exam(word: str, subjects: frozenset[str]) -> tuple[str, str]:
    """The exam and the subject in one heading.

    >>> _split_exam("期中语文", frozenset())
    ('期中', '语文')
    """
    subject = words.subject(word, subjects)
    if subject:
        return "", subject
    exam = words.EXAM_WORDS.search(word)
    if exam:
        rest = word.replace(exam[0], "").replace("考试", "")
        subject = words.subject(rest, subjects)
        if subject:
            return exam[0], subject
    return "", ""


def _carried(cells: list[str], stops: set[int]) -> list[str]:
    """Titles of merged cells carried to the right, up to the next title or a column that stands for itself."""
    carried, last = [], ""
    for place, cell in enumerate(cells):
        last = "" if place in stops else cell or last
        carried.append(last)
    return carried


def _groups(grid: Grid, row: int, plain: list[str], subjects: frozenset[str]) -> list[str]:
    """The exam in the row above each subject, where a subject stands more than once."""
    count = Counter(words.subject(word, subjects) for word in plain)
    if row == 0 or not any(subject and often > 1 for subject, often in count.items()):
        return [""] * len(plain)
    above = [words.text(cell) for cell in grid.rows[row - 1]]
    return _carried(above, {place for place, word in enumerate(plain) if word in words.PEOPLE})


def _second_row(grid: Grid, row: int, subjects: frozenset[str]) -> list[str] | None:
    """The row below if it goes on with the header: nothing under 姓名 and 学号, headings under the rest."""
    if row + 1 >= len(grid.rows):
        return None
    above, below = ([words.heading(cell) for cell in grid.rows[row + step]] for step in (0, 1))
    people = [place for place, word in enumerate(above) if word in words.PEOPLE]
    if not people or any(below[place] not in ("", above[place]) for place in people):
        return None
    rest = [word for place, word in enumerate(below) if place not in people and word]
    known = [w for w in rest if words.subject(w, subjects) or w in words.SCORE_WORDS or words.LEFT_OUT.search(w)]
    is_header = known and len(known) * 2 >= len(rest) and not any(_is_number(word) for word in rest)
    return [words.text(cell) for cell in grid.rows[row + 1]] if is_header else None


def _is_number(word: str) -> bool:
    return word.replace(".", "", 1).isdigit()


def _marks_below(
    typed: list[str], plain: list[str], below: list[str], subjects: frozenset[str]
) -> tuple[list[Column], list[str]]:
    """Two rows of headings: exams over subjects, or subjects over 分数, 班名, 级名."""
    stops = {place for place, word in enumerate(plain) if word in words.PEOPLE}
    over = _carried(typed, stops)
    joined, groups = list(typed), [""] * len(typed)
    for place in range(len(typed)):
        upper = words.heading(over[place])
        lower = words.heading(below[place]) if place < len(below) else ""
        if place in stops or lower in ("", words.heading(typed[place])):
            continue
        if words.subject(upper, subjects) and lower in words.SCORE_WORDS:
            joined[place] = over[place]
        elif words.subject(lower, subjects):
            joined[place], groups[place] = below[place], over[place]
        else:
            joined[place] = over[place] + below[place]
    return _marks(joined, [words.heading(word) for word in joined], groups, subjects)
