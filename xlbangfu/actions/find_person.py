"""One student of the workbook, with all that is theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl
from msgspec import Struct
from msgspec.structs import replace

from xlbangfu.actions.call import Call
from xlbangfu.book.port import Book
from xlbangfu.errors import WrongWorkbook
from xlbangfu.rules import personal
from xlbangfu.rules.personal import Belongings, Person
from xlbangfu.rules.school import School
from xlbangfu.schema import ACTIVITIES, DEFECTS, INPUTS, ROSTER, SEPARATOR, Defect, Table

ASKED = "学号："
_LISTED = 20  # files or rows that an answer lists


class FoundPerson(Struct, frozen=True):
    """The school as it was read, the student, and what is theirs."""

    school: School
    person: Person
    mine: Belongings


def find_person(book: Book, call: Call, number: str) -> FoundPerson:
    """The student with that 学号. Raises NotThere, or WrongWorkbook for a sheet that is gone."""
    frames = book.read(*personal.READ)
    _check_all_there(frames)
    once = frames[ROSTER].unique(["学号", "姓名", "班级"], keep="first", maintain_order=True)
    by_name = School.of({**frames, ROSTER: once}, today=call.today)  # who is entered twice is still one person
    school = replace(by_name, frames={**by_name.frames, ROSTER: frames[ROSTER]})
    person = personal.find(school, number)
    return FoundPerson(school, person, personal.belongings(school, person))


def _check_all_there(frames: Mapping[Table, pl.DataFrame]) -> None:
    """Raise WrongWorkbook for a sheet that is gone: renamed, it would still have the student."""
    gone = frames[DEFECTS].filter(pl.col("缺陷") == Defect.MISSING_SHEET)["工作表"]
    for table in INPUTS:
        if table.name in gone and ("学号" in table or table == ACTIVITIES):
            raise WrongWorkbook(
                f"没有工作表“{table.name}”，可能被改名或删除了，里面有没有这名学生看不到，什么也没有做；请改回原名，再做一次。"
            )


def listed(names: Sequence[str]) -> str:
    """Names in one line, and how many there are where they are too many."""
    more = f"等 {len(names)} 处" if len(names) > _LISTED else ""
    return SEPARATOR.join(names[:_LISTED]) + more
