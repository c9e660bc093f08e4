"""A list of students for help that the school has kept so far: proposed for 名册, never over what stands there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from xlbangfu.documents.importing import words
from xlbangfu.documents.importing.columns import Block
from xlbangfu.documents.importing.draft import Draft
from xlbangfu.documents.importing.people import account, personal_files
from xlbangfu.documents.importing.people.list_kinds import People, listed_as
from xlbangfu.documents.importing.people.listed_students import Listed, listed_students
from xlbangfu.documents.importing.people.people_headings import FILE, STUDENT, all_columns, columns_of
from xlbangfu.documents.importing.people.people_values import Values
from xlbangfu.documents.importing.questions import LEAVE_OUT, Ask, Question
from xlbangfu.schema import BORDERLINE, CARED, ROSTER, TRACKED

_TAKEN = (
    "性别",
    "帮扶类别",
    "困难类型",
    "重点",
    "困难学科",
    "成因",
    "留守",
    "家庭困难",
    "特殊群体",
    "寄宿",
    "列入日期",
    "退出日期",
)
_CATEGORIES: tuple[str, ...] = ROSTER["帮扶类别"].choices
_SHOWN = 3


def plan(draft: Draft, block: Block) -> None:
    """Propose what a list says of the students in it."""
    columns = columns_of(block, STUDENT)
    values = Values(draft, block)
    taken = {
        name: values.column(ROSTER[name], block.cells(column)) for name, column in columns.items() if name in _TAKEN
    }
    listed = listed_students(draft, block, columns)
    category = _category(draft, block, [one for one in listed if one.student], taken.get("帮扶类别"))
    fates, about = [], list[Mapping[str, Any] | None]()
    for one in listed:
        cells = {name: column[one.index] for name, column in taken.items() if column[one.index] is not None}
        cells.setdefault("帮扶类别", category)
        fate, student = _take(draft, block, one, cells, answered=bool(category))
        fates.append(fate)
        about.append(student)
    files = personal_files.plan(draft, block, values, about)
    used = {
        name: column
        for name, column in columns.items()
        if name in (*_TAKEN, words.NUMBER, words.NAME, words.CLASS, words.GRADE)
    }
    used |= {f"档案·{name}": column for name, column in all_columns(block, FILE)}
    draft.lines.append(account.sheet_line(block, People.TRACKED.value, used, account.counted(fates), files))


def _category(draft: Draft, block: Block, found: Sequence[Listed], own: Sequence[Any] | None) -> str:
    """帮扶类别 of the students of the list, by the answer; empty where it is open or they are left out."""
    if not found:
        return ""
    people = [one.student for one in found if one.student]
    said = listed_as(block)
    thought = CARED if "关爱" in said else BORDERLINE if "临界" in said or "边缘" in said else TRACKED
    question = Question(
        ask=Ask.PROPOSAL,
        file=block.grid.file,
        sheet=block.grid.sheet,
        about=f"名单上的 {len(found)} 人",
        sample=tuple(f"{one['姓名']} {one['班级']}" for one in people[:_SHOWN]),
        thought=f"写进“名册”，帮扶类别没写的写“{thought}”；已有的不改"
        if own
        else f"写进“名册”，帮扶类别写“{thought}”；已有的不改",
        choices=(thought, *(name for name in _CATEGORIES if name != thought), LEAVE_OUT),
    )
    answer = draft.answers.ask(question)
    return answer if answer in _CATEGORIES else ""


def _take(
    draft: Draft, block: Block, one: Listed, cells: dict[str, Any], *, answered: bool
) -> tuple[str, Mapping[str, Any] | None]:
    """What becomes of a row, and the student as 名册 will have him."""
    if one.student is None:
        return account.REFUSED, None
    if not answered:
        return account.HELD, None
    student = one.student
    filled = {name: value for name, value in cells.items() if value and student.get(name) is None}
    differing = [name for name, value in cells.items() if name not in filled and value and student[name] != value]
    for name in differing:
        what = f"名册里 {student['学号']} {student['姓名']} 的{name}是 {student[name]}，文件里是 {cells[name]}，没有改"
        who = {"学号": student["学号"], "姓名": student["姓名"]}
        draft.warn(block.title, one.row, name, what, "要改就直接在“名册”表里改", **who)
    draft.fill(ROSTER, (student["学号"],), filled)
    fate = account.DIFFERENT if differing else account.FILLED if filled else account.THERE
    return fate, {**student, **filled}
