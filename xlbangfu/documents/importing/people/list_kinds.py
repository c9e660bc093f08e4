"""Which list of people a sheet is: a roster, or one that the school has kept of its help so far."""

from __future__ import annotations

from enum import Enum

from msgspec.structs import replace

from xlbangfu.book.reading import cells as readers
from xlbangfu.documents.importing import words
from xlbangfu.documents.importing.columns import Block, Column, Content
from xlbangfu.documents.importing.people.people_headings import LOG, OF_OTHERS, PAIRING, STUDENT, TEACHER, columns_of
from xlbangfu.late_pattern import late_pattern
from xlbangfu.rules.numerals import half_width


class People(Enum):
    """The value is how staff call it."""

    ROSTER = "名册"
    TEACHERS = "教师"
    CLASSES = "班级"
    TEACHING = "任课表"
    TRACKED = "帮扶名单"
    PAIRINGS = "结对表"
    LOG = "帮扶记录"


_OF_CONTENT = {
    Content.TEACHERS: People.TEACHERS,
    Content.CLASSES: People.CLASSES,
    Content.TEACHING: People.TEACHING,
    Content.ROSTER: People.ROSTER,
}
_LISTED = late_pattern(
    "学困|后进|待优|待进|帮扶(?:对象|学生|名单|花名册|台账|档案)|潜能生|潜力生|困难学生|薄弱生|重点关[爱注]|关爱学生|临界生|边缘生"
)
_IS_LIST = late_pattern("名单|花名册|档案|登记")
_HELPERS = ("教师", "学习帮手")


def list_kind(block: Block) -> People:
    """What a list of people is."""
    student = columns_of(block, STUDENT)
    named = words.NAME in student or words.NUMBER in student
    if not named and block.content is Content.ROSTER and "姓名" in columns_of(block, TEACHER):
        return People.TEACHERS
    if named:
        log, pairing = columns_of(block, LOG), columns_of(block, PAIRING)
        if "内容" in log and "日期" in log and _are_days(block, log["日期"]):
            return People.LOG
        if any(name in pairing for name in _HELPERS):
            return People.PAIRINGS
        if block.content is Content.ROSTER and listed_as(block):
            return People.TRACKED
    return _OF_CONTENT[block.content]


def list_and_pairings(block: Block) -> tuple[Block, Block] | None:
    """The list of students and the 结对表 that a 学困生名单 with 帮扶教师 is, each with its columns; None for any other list."""
    student, pairing = columns_of(block, STUDENT), columns_of(block, PAIRING)
    people = {column for name, column in student.items() if name in (*words.IDENTITY, words.CLASS, words.GRADE)}
    helped = set(pairing.values())
    own = set(student.values()) - people - helped
    if list_kind(block) is not People.PAIRINGS or block.content is not Content.ROSTER or not listed_as(block):
        return None
    if not own and not any(_IS_LIST.search(text) for text in (block.grid.sheet, *block.titles, block.stem)):
        return None
    listed = [column for column in block.columns if column not in helped or column in student.values()]
    paired = [column for column in block.columns if column in people | helped]
    return replace(block, columns=tuple(listed)), replace(block, columns=tuple(paired))


def _are_days(block: Block, column: Column) -> bool:
    """Whether a column of days holds days, and not 每周五: then the list is no log."""
    cells = [cell for cell in block.cells(column) if cell is not None]
    days = sum(readers.as_date(cell.strip() if isinstance(cell, str) else cell)[0] is not None for cell in cells)
    return 2 * days >= len(cells)


def names_students(block: Block) -> bool:
    """Whether a column says whom the rows are about."""
    student = columns_of(block, STUDENT)
    return any(name in student for name in (words.NAME, words.NUMBER, words.REGISTER_AUXILIARY))


def is_of_guardians(block: Block) -> bool:
    """Whether the names of a block are those of guardians: columns of the table beside it, which has them too."""
    return any(OF_OTHERS.search("".join(column.headings)) for column in block.columns)


def listed_as(block: Block) -> str:
    """The words by which a title says that its students are listed for help; empty if it does not."""
    for text in (block.grid.sheet, *block.titles, block.stem):
        if found := _LISTED.search(half_width(text)):
            return found[0]
    return ""
