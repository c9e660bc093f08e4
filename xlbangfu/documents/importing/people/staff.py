"""Teachers: new ones are appended, those without 工号 get one after a yes; empty cells are filled, lists of classes are added to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from xlbangfu.documents.importing.columns import Block
from xlbangfu.documents.importing.draft import Draft
from xlbangfu.documents.importing.key_cells import SPLIT_COLUMNS, KeyDefect, read_keys, two_names
from xlbangfu.documents.importing.people import account
from xlbangfu.documents.importing.people.people_headings import TEACHER, columns_of
from xlbangfu.documents.importing.people.people_values import Values, parts, person_name
from xlbangfu.documents.importing.questions import LEAVE_OUT, SCHOOL, Ask, Question
from xlbangfu.rules.class_names import Found
from xlbangfu.rules.people import teacher_ids
from xlbangfu.schema import SEPARATOR, TEACHERS, YES

NUMBER_THEM = "给他们编工号"
_ROLES = {
    "教师": "任课教师",
    "老师": "任课教师",
    "科任教师": "任课教师",
    "任课老师": "任课教师",
    "科任": "任课教师",
    "副校长": "校长",
    "主任": "行政",
    "副主任": "行政",
    "教导主任": "行政",
    "教务主任": "行政",
    "总务主任": "行政",
    "年级主任": "行政",
    "年级组长": "行政",
    "书记": "行政",
    "副书记": "行政",
    "政教主任": "政教处",
    "德育主任": "政教处",
    "心理老师": "心理教师",
}
_NO_ROLE = "没有这个角色"
_LISTS = ("角色", "任教科目", "任教班级")


def plan(draft: Draft, block: Block) -> None:
    """Add what a list of teachers brings to the draft."""
    values = Values(draft, block)
    columns = columns_of(block, TEACHER)
    names = [person_name(cell) for cell in block.cells(columns.get("姓名"))]
    rows: list[dict[str, Any]] = [{} for _ in block.numbers]
    for name, column in columns.items():
        if name in ("工号", "姓名"):
            continue
        for row, value in zip(rows, _column(draft, block, values, name, block.cells(column)), strict=True):
            if value is not None:
                row[name] = value
    numbers, refused = _numbers(draft, block, columns.get("工号"), names)
    fates = take(draft, block, list(zip(block.numbers, numbers, names, rows, strict=True)), refused=refused)
    draft.lines.append(account.sheet_line(block, "教师", columns, account.counted(fates)))


def _column(draft: Draft, block: Block, values: Values, name: str, cells: Sequence[Any]) -> list[Any]:
    if name == "任教班级":
        return [class_list(draft, cell) for cell in cells]
    if name == "角色":
        return [_roles(draft, block, cell) for cell in cells]
    return values.column(TEACHERS[name], cells)


def class_list(draft: Draft, cell: Any) -> str | None:
    """The classes of a cell as the school writes them; what fits none stays as typed, for 校验."""
    if cell is None:
        return None
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
    found = [(draft.classes.find(part), part) for part in draft.classes.split(text)]
    return SEPARATOR.join(one.class_name if isinstance(one, Found) else part for one, part in found) or None


def _roles(draft: Draft, block: Block, cell: Any) -> str | None:
    if cell is None:
        return None
    known = TEACHERS["角色"].choices
    found = [
        part if part in known else _ROLES.get(part) or _role_asked(draft, block, part) for part in parts(str(cell))
    ]
    return SEPARATOR.join(dict.fromkeys(role for role in found if role)) or None


def _role_asked(draft: Draft, block: Block, word: str) -> str:
    choices = (*TEACHERS["角色"].choices, _NO_ROLE)
    question = Question(
        ask=Ask.WORD,
        file=block.grid.file,
        sheet=block.grid.sheet,
        about=f"角色：{word}",
        sample=(word,),
        thought="总表的角色里没有这个词",
        choices=choices,
        shape=SCHOOL,
    )
    answer = draft.answers.ask(question)
    return answer if answer in TEACHERS["角色"].choices else ""


def _numbers(draft: Draft, block: Block, column: Any, names: Sequence[str | None]) -> tuple[list[str | None], set[int]]:
    """工号 of each row, None where there is none; the indexes of rows that cannot go in."""
    if column is None:
        return [None] * len(names), set()
    keys = read_keys(block.cells(column), draft.rows(TEACHERS)["工号"].drop_nulls().to_list())
    refused = set(keys.defects)
    for index, defect in keys.defects.items():
        remedy = SPLIT_COLUMNS if defect is not KeyDefect.NO_KEY else "填上工号再导入"
        draft.refuse(
            block.title, block.numbers[index], "工号", f"工号{defect.value}，这一行没有导入", remedy, kind=defect.value
        )
    for key, rows in two_names(keys.texts, names).items():
        refused.update(rows)
        said = SEPARATOR.join(names[index] or "" for index in rows)
        draft.refuse(
            block.title,
            block.numbers[rows[0]],
            "工号",
            f"工号 {key} 有两个姓名（{said}），都没有导入",
            "改对工号再导入",
        )
    return [
        keys.short.get(index, text) if keys.numbers and index in keys.short else text
        for index, text in enumerate(keys.texts)
    ], refused


Row = tuple[int, str | None, str | None, dict[str, Any]]  # Excel row, 工号, 姓名, cells


def take(draft: Draft, block: Block, rows: Sequence[Row], *, refused: Iterable[int] = ()) -> list[str]:
    """Take teachers in: who is there is filled, who is not is appended, with a new 工号 after a yes where there is none."""
    out = set(refused)
    there = {row["工号"]: row for row in draft.rows(TEACHERS).drop_nulls("工号").iter_rows(named=True)}
    numbers = _known_numbers(draft, rows)
    new_names = [name for i, (_, _, name, _) in enumerate(rows) if numbers[i] is None and name and i not in out]
    given = _given_numbers(draft, block, list(dict.fromkeys(new_names)), there)
    fates, new = [], dict[str, dict[str, Any]]()
    for index, (row, _, name, cells) in enumerate(rows):
        number = numbers[index] or given.get(name or "")
        if index in out or not name:
            fates.append(account.REFUSED)
        elif number is None:
            fates.append(account.HELD)
        elif known := there.get(number) or new.get(number):
            fate, filled = _compare(draft, block, row, number, name, cells, known)
            known.update(filled)
            if number in there:
                draft.fill(TEACHERS, (number,), filled)
            fates.append(fate)
        else:
            new[number] = {"工号": number, "姓名": name, "在岗": YES} | cells
            fates.append(account.NEW)
    made = [
        {name: one.get(name) for name in TEACHERS.names} | {"角色": one.get("角色") or "任课教师"}
        for one in new.values()
    ]
    draft.append(TEACHERS, pl.DataFrame(made, schema=TEACHERS.frame_schema) if made else TEACHERS.empty())
    return fates


def _known_numbers(draft: Draft, rows: Sequence[Row]) -> list[str | None]:
    """工号: the row's own, else that of the one teacher with its name."""
    cells = pl.Series([number or name for _, number, name, _ in rows], dtype=pl.String)
    found = teacher_ids(cells, draft.rows(TEACHERS))
    return [number or found[index] for index, (_, number, _, _) in enumerate(rows)]


def _given_numbers(draft: Draft, block: Block, names: Sequence[str], there: Mapping[str, Any]) -> dict[str, str]:
    """A 工号 for each teacher who has none, after a yes."""
    if not names:
        return {}
    numbers = _next_numbers(list(there), len(names))
    question = Question(
        ask=Ask.PROPOSAL,
        file=block.grid.file,
        sheet=block.grid.sheet,
        about=f"{len(names)} 位教师没有工号",
        sample=tuple(f"{number} {name}" for number, name in list(zip(numbers, names, strict=True))[:3]),
        thought="“教师”表里没有他们，文件里也没有工号",
        choices=(NUMBER_THEM, LEAVE_OUT),
    )
    return dict(zip(names, numbers, strict=True)) if draft.answers.ask(question) == NUMBER_THEM else {}


def _next_numbers(known: Sequence[str], count: int) -> list[str]:
    """The numbers after the largest, as long as it.

    >>> _next_numbers(["0007", "T1"], 2), _next_numbers([], 2)
    (['0008', '0009'], ['001', '002'])
    """
    plain = [number for number in known if re.fullmatch("[0-9]{1,8}", number)]
    last = max(plain, key=int, default="000")
    return [str(int(last) + step).zfill(len(last)) for step in range(1, count + 1)]


def _compare(
    draft: Draft, block: Block, row: int, number: str, name: str, cells: dict[str, Any], known: dict[str, Any]
) -> tuple[str, dict[str, Any]]:
    """What becomes of a row about a teacher who is there, and what it adds to that teacher's cells."""
    if known["姓名"] and person_name(known["姓名"]) != name:
        what = f"工号 {number} 在“教师”表里是 {known['姓名']}，文件里是 {name}，这一行没有导入"
        draft.refuse(block.title, row, "工号", what, "改对工号再导入")
        return account.REFUSED, {}
    filled = {column: value for column, value in cells.items() if known.get(column) is None}
    for column in _LISTS:
        together = _together(known.get(column), cells.get(column))
        if known.get(column) is not None and together != known[column]:
            filled[column] = together
    differing = [c for c, value in cells.items() if c not in (*_LISTS, *filled) and known.get(c) != value]
    for column in differing:
        what = f"“教师”表里 {number} {name} 的{column}是 {known[column]}，文件里是 {cells[column]}，没有改"
        draft.warn(block.title, row, column, what, "要改就直接在“教师”表里改")
    return account.DIFFERENT if differing else account.FILLED if filled else account.THERE, filled


def _together(known: str | None, more: str | None) -> str | None:
    """What a list has, and what it lacks of another."""
    names = [part for text in (known, more) if text for part in text.split(SEPARATOR)]
    return SEPARATOR.join(dict.fromkeys(names)) or known
