"""Whose page it is: what 页信息 says, checked against the school and against itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl
from msgspec import Struct

from xlbangfu.book.reading.cells import plain, shown
from xlbangfu.documents.class_page.checksum import PREFIX, digest
from xlbangfu.documents.class_page.fill_in import ROLL_LIST, STUDENT_LIST
from xlbangfu.documents.class_page.page import page_id
from xlbangfu.documents.class_page.page_sheets import FORMS
from xlbangfu.documents.class_page.page_template import EDITION_NAME, ID_NAME, INFO_SHEET, KIND_NAME
from xlbangfu.documents.collect.arriving import Arrived
from xlbangfu.documents.collect.page_opening import Workbook
from xlbangfu.documents.page_code import CODE_NAME, Origin, origin_of
from xlbangfu.documents.privacy import neutral
from xlbangfu.errors import UnreadableFile
from xlbangfu.rules.page_kinds import CLASS_PAGE, PAGE_KINDS, PageKind
from xlbangfu.rules.people import teacher_ids
from xlbangfu.rules.school import School
from xlbangfu.schema import CLASSES, TEACHERS

_OF_WPS = "WpsReserved"  # hidden sheets that WPS adds by itself
_FIGURES = 10  # of the number of an edition, at most
_NEEDED = (ID_NAME, "学校", "制表时间")


class Identity(Struct, frozen=True, kw_only=True):
    """A page of ours: its id, kind, owner (a class, or a teacher as "工号 姓名") and when it was made; ``seals`` are the digests of its locked sheets by name.
    ``number`` is that of its edition, 0 where the code does not vouch for it; ``origin`` is what its code says; ``students`` are
    those that it carries, as "学号 姓名"; ``saved`` is when this state of it was saved, as the file says; ``has_roll`` tells that it was made with a form for absences."""

    id: str
    owner: str
    term: str
    made: datetime
    seals: Mapping[str, str]
    number: int = 0
    origin: Origin = Origin.UNCODED
    students: tuple[str, ...] = ()
    saved: str = ""
    has_roll: bool = False
    kind: PageKind = CLASS_PAGE

    @property
    def age(self) -> tuple[int, datetime]:
        """By which editions are put in order, the oldest first."""
        return self.number, self.made

    @property
    def state(self) -> tuple[int, datetime, str]:
        """By which states of pages are put in order, the oldest first."""
        return self.number, self.made, self.saved


class NotAPage(UnreadableFile):
    """The workbook is no page at all: in a folder it may lie there for another reason."""


def identify(file: Arrived, workbook: Workbook, school: School, secrets: Collection[str]) -> Identity:
    """Which page the workbook is; ``secrets`` are those of 制页台账.

    Raises NotAPage for a workbook that is none, and UnreadableFile for one of another school, of a class or teacher that the
    school does not have, or whose 页信息 was changed.
    """
    rows = workbook.sheets.get(INFO_SHEET, ())
    fields, students = _fields(rows), _students(rows)
    kind = _kind(fields)
    if kind is None or not all(fields.get(name) for name in (*_NEEDED, kind.owner)):
        raise NotAPage(
            f"“{file.name}”不是班级页或帮扶页（没有“{INFO_SHEET}”），请交本程序做的那份文件，不要另建、不要只复制一张表。"
        )
    origin = _origin(fields, students, secrets)
    found = Identity(
        id=fields[ID_NAME],
        kind=kind,
        owner=_owner(fields[kind.owner], kind),
        term=fields.get("学期", ""),
        made=_moment(file, fields["制表时间"]),
        seals={name.removeprefix(PREFIX): value for name, value in fields.items() if name.startswith(PREFIX)},
        number=_number(fields.get(EDITION_NAME, "")) if origin is Origin.OURS else 0,
        origin=origin,
        students=students,
        saved=workbook.saved,
        has_roll=ROLL_LIST in _heads(rows),
    )
    if found.origin is Origin.CHANGED or page_id(fields["学校"], fields[kind.owner], found.made) != found.id:
        raise UnreadableFile(f"“{file.name}”的“{INFO_SHEET}”被改过，认不准是哪一份，没有收；请填表人用原来的文件填。")
    _check_school(file, fields["学校"], school)
    _check_owner(file, found, school)
    return found


def changed_sheets(identity: Identity, workbook: Workbook, forms: Collection[str | None]) -> list[str]:
    """The locked sheets that were edited, renamed or taken out, and sheets that were added, as words for staff; ``forms``
    is what the fill-in sheets are called now."""
    known = {INFO_SHEET, *FORMS[identity.kind], *identity.seals, *forms}
    added = (name for name in workbook.sheets if name not in known and not name.startswith(_OF_WPS))
    found = [f"多了“{name}”" for name in added]
    for name, seal in identity.seals.items():
        if name not in workbook.sheets:
            found.append(f"“{name}”不在了")
        elif digest(workbook.sheets[name]) != seal:
            found.append(f"“{name}”改过")
    return found


def _fields(rows: Sequence[Sequence[Any]]) -> dict[str, str]:
    """Columns A and B of 页信息."""
    return {shown(row[0]).strip(): shown(row[1]).strip() for row in rows if len(row) > 1 and row[0] not in ("", None)}


def _heads(rows: Sequence[Sequence[Any]]) -> list[str]:
    """What the lists on 页信息 are called."""
    return [shown(cell).strip() for cell in rows[0]] if rows else []


def _students(rows: Sequence[Sequence[Any]]) -> tuple[str, ...]:
    """The students that the page was made with, below their heading on 页信息."""
    heads = _heads(rows)
    if STUDENT_LIST not in heads:
        return ()
    at = heads.index(STUDENT_LIST)
    return tuple(label for row in rows[1:] if len(row) > at and (label := shown(row[at]).strip()))


def _origin(fields: Mapping[str, str], students: Sequence[str], secrets: Collection[str]) -> Origin:
    facts = {name: value for name, value in fields.items() if name != CODE_NAME}
    return origin_of(fields.get(CODE_NAME, ""), secrets, facts, students)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < _FIGURES else 0


def _moment(file: Arrived, text: str) -> datetime:
    try:
        made = datetime.fromisoformat(text)
    except ValueError as problem:
        raise UnreadableFile(f"“{file.name}”的“{INFO_SHEET}”被改过，没有收；请填表人用原来的文件填。") from problem
    return made.replace(tzinfo=None)


def _check_school(file: Arrived, name: str, school: School) -> None:
    ours = neutral(school.settings.school, school.settings.public_name)
    if plain(name) != plain(ours):
        raise UnreadableFile(
            f"“{file.name}”是“{name}”做的，这个总表是“{ours}”的，没有收；改过校名的，请先在“设置”里改回再收。"
        )


def _check_owner(file: Arrived, found: Identity, school: School) -> None:
    if found.kind == CLASS_PAGE:
        known = found.owner in school[CLASSES]["班级"].drop_nulls().to_list()
    else:
        known = owner_number(found, school) is not None
    if not known:
        raise UnreadableFile(
            f"“{file.name}”是 {found.owner} 的{found.kind.word}，“{found.kind.owner}”表里没有，没有收；"
            f"请先核对“{found.kind.owner}”表。"
        )


def owner_number(found: Identity, school: School) -> str | None:
    """The 工号 of the teacher whose page it is; None where 教师 has none such."""
    number: str | None = teacher_ids(pl.Series([found.owner]), school[TEACHERS]).item()
    return number


def _kind(fields: Mapping[str, str]) -> PageKind | None:
    """Pages of versions that knew one kind only do not say which they are."""
    word = fields.get(KIND_NAME) or CLASS_PAGE.word
    return next((kind for kind in PAGE_KINDS if kind.word == word), None)


def _owner(text: str, kind: PageKind) -> str:
    return plain(text) if kind == CLASS_PAGE else " ".join(text.split())
