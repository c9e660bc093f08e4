"""A roster: new students are appended, empty cells of the known are filled, what differs is told and left as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl
from msgspec import Struct, field

from xlbangfu.documents.importing import words
from xlbangfu.documents.importing.choices import choice_columns, choice_texts
from xlbangfu.documents.importing.code_words import code_word
from xlbangfu.documents.importing.columns import Block, Column
from xlbangfu.documents.importing.draft import Draft
from xlbangfu.documents.importing.people import account, personal_files
from xlbangfu.documents.importing.people.class_places import ClassPlaces, Place
from xlbangfu.documents.importing.people.people_headings import FILE, GROUPS, STUDENT, all_columns, columns_of, heading
from xlbangfu.documents.importing.people.people_values import Values, person_name, says_none
from xlbangfu.documents.importing.people.same_people import same_people
from xlbangfu.documents.importing.people.student_keys import RowKeys, row_keys, short_numbers
from xlbangfu.rules.class_names import FoundGrade
from xlbangfu.rules.people import plain
from xlbangfu.schema import ON_ROLL, ROSTER, SEPARATOR, YES

_SHOWN_MOVES = 5
_IDENTITY = ("学号", "姓名", "班级")


class Entry(Struct, frozen=True):
    """One row of the file. ``cells`` are the columns of 名册 that it says something of."""

    index: int
    row: int
    name: str
    plain: str
    place: Place
    cells: dict[str, Any] = field(default_factory=dict)


def plan(draft: Draft, block: Block) -> None:
    """Add what a roster brings to the draft."""
    _Roster(draft, block).plan()


class _Roster:
    def __init__(self, draft: Draft, block: Block) -> None:
        self.draft, self.block = draft, block
        self.columns = columns_of(block, STUDENT)
        self.values = Values(draft, block)
        self.places = ClassPlaces(draft, block)
        known = (
            draft.rows(ROSTER).filter(pl.col("学号").is_not_null()).with_columns(plain(pl.col("姓名")).alias("_name"))
        )
        self.known: dict[str, dict[str, Any]] = {row["学号"]: row for row in known.iter_rows(named=True)}
        self.moved: list[str] = []
        self.new: dict[str, dict[str, Any]] = {}
        self.numbers: dict[int, Iterator[str]] = {}

    def plan(self) -> None:
        entries = self._entries()
        keys = self._keys(entries)
        numbers = same_people(self.draft, self.block, [(e.plain, e.place.name) for e in entries], keys, self.known)
        waiting = keys.held | numbers.held
        fates = [self._take(entry, keys, numbers.of_rows[entry.index], entry.index in waiting) for entry in entries]

        self._append()
        files = personal_files.plan(self.draft, self.block, self.values, self._students(entries, numbers.of_rows))
        self.draft.lines.append(self._line(keys, account.counted(fates), files))

    def _entries(self) -> list[Entry]:
        block = self.block
        names = [person_name(cell) for cell in block.cells(self.columns.get(words.NAME))]
        rooms, grades = block.texts(words.CLASS), block.texts(words.GRADE)
        cells = self._cells()
        plain_names = (
            pl.DataFrame({"_": names}, schema={"_": pl.String}).select(plain(pl.col("_"))).to_series().to_list()
        )
        return [
            Entry(
                index,
                row,
                names[index] or "",
                plain_names[index] or "",
                self.places.of(rooms[index] or "", grades[index] or ""),
                cells[index],
            )
            for index, row in enumerate(block.numbers)
        ]

    def _cells(self) -> list[dict[str, Any]]:
        """What each row says of the columns of 名册 beside who it is."""
        rows: list[dict[str, Any]] = [{} for _ in self.block.numbers]
        taken = {name: self.block.cells(column) for name, column in self._taken().items()}
        for name, cells in (taken | {words.CHOSEN: choice_texts(self.block)}).items():
            for row, value in zip(rows, self.values.column(ROSTER[name], cells), strict=True):
                if value is not None:
                    row[name] = value
        for group, column in all_columns(self.block, GROUPS):
            for row, cell in zip(rows, self.block.cells(column), strict=True):
                if _belongs(cell):
                    row["特殊群体"] = SEPARATOR.join(dict.fromkeys([*filter(None, [row.get("特殊群体")]), group]))
        return rows

    def _taken(self) -> dict[str, Column]:
        return {name: column for name, column in self.columns.items() if name in ROSTER and name not in _IDENTITY}

    def _keys(self, entries: Sequence[Entry]) -> RowKeys:
        known = {number: row["_name"] or "" for number, row in self.known.items()}
        people = {(row["_name"], row["班级"]) for row in self.known.values()}
        strangers = any((entry.plain, entry.place.name) not in people for entry in entries)
        names = [entry.plain or None for entry in entries]
        return row_keys(self.draft, self.block, self.columns, names, known, strangers=strangers)

    def _take(self, entry: Entry, keys: RowKeys, number: str | None, waits: bool) -> str:
        """What becomes of one row."""
        if entry.index in keys.refused:
            return account.REFUSED
        if entry.place.held or (waits and number not in self.known):
            return account.HELD
        if entry.place.gone or not entry.plain:
            return self._refuse(entry, number, "名单是往年的，这个班已经毕业" if entry.place.gone else "没有姓名")
        if number is None:
            if not keys.new_numbers:
                return self._refuse(entry, number, "名册里有几个同班同名的人，分不清是谁")
            number = self._new_number(entry.place)
        there = self.known.get(number) or self.new.get(number)
        if there is not None:
            return self._compare(entry, number, there)
        if not entry.place.name:
            return self._refuse(entry, number, "没有班级")
        self.new[number] = {
            "学号": number,
            "姓名": entry.name,
            "班级": entry.place.name,
            "在籍状态": ON_ROLL,
        } | entry.cells
        self.new[number]["_name"] = entry.plain
        return account.NEW

    def _new_number(self, place: Place) -> str:
        """A short number of the year in which the students of a class came."""
        grade = self.draft.classes.find_grade(place.grade or self.draft.classes.grade_of(place.name))
        ladder, now = self.draft.classes.ladder, self.draft.school_year
        year = ladder.entry(grade.level, now) if isinstance(grade, FoundGrade) else now
        taken = _Both(self.known, self.new)
        return next(self.numbers.setdefault(year, short_numbers(year, taken)))

    def _compare(self, entry: Entry, number: str, there: Mapping[str, Any]) -> str:
        if (there["_name"] or "") != entry.plain:
            return self._refuse(entry, number, f"学号 {number} 在名册里是 {there['姓名']}，文件里是 {entry.name}")
        room = entry.place.name
        if room and there["班级"] and room != there["班级"]:
            self.moved.append(f"{entry.name} {there['班级']}→{room}")
        empty = {name: value for name, value in entry.cells.items() if there.get(name) is None}
        differing = {name: value for name, value in entry.cells.items() if there.get(name) not in (None, value)}
        for name, value in differing.items():
            what = f"名册里 {number} 的{name}是 {there[name]}，文件里是 {value}，没有改"
            who = {"学号": number, "姓名": entry.name}
            self.draft.warn(self.block.title, entry.row, name, what, "要改就直接在“名册”表里改", **who)
        if number in self.known:
            self.draft.fill(ROSTER, (number,), empty)
        else:
            self.new[number].update(empty)
        moved = bool(room and room != there["班级"])
        return account.DIFFERENT if differing or moved else account.FILLED if empty else account.THERE

    def _refuse(self, entry: Entry, number: str | None, why: str) -> str:
        who = {"学号": number, "姓名": entry.name or None}
        what = f"{why}，这一行没有导入"
        self.draft.refuse(self.block.title, entry.row, "学号", what, "改好文件再导入", kind=why, **who)
        return account.REFUSED

    def _append(self) -> None:
        self.places.add_new({row["班级"] for row in self.new.values()})
        rows = [{name: row.get(name) for name in ROSTER.names} for row in self.new.values()]
        self.draft.append(ROSTER, pl.DataFrame(rows, schema=ROSTER.frame_schema))
        for moved in (self.moved,) if self.moved else ():
            shown = SEPARATOR.join(moved[:_SHOWN_MOVES]) + ("等" if len(moved) > _SHOWN_MOVES else "")
            what = f"{len(moved)} 人的班级和名册不同（{shown}），没有改"
            self.draft.warn(self.block.title, None, "班级", what, "确实换了班，就在“名册”表里改班级")

    def _students(self, entries: Sequence[Entry], numbers: Sequence[str | None]) -> list[Mapping[str, Any] | None]:
        """The row of 名册 that each record is about, as it will be."""
        every = self.known | self.new
        by_person = {(row["_name"], row["班级"]): row for row in self.new.values()}
        return [
            every.get(number or "") or by_person.get((entry.plain, entry.place.name))
            for entry, number in zip(entries, numbers, strict=True)
        ]

    def _line(self, keys: RowKeys, count: Mapping[str, int], files: Sequence[str]) -> str:
        used = {name: column for name, column in self.columns.items() if name in (*_IDENTITY, "年级") or name in ROSTER}
        if keys.column is None or keys.column[1] is not used.get("学号"):
            used.pop("学号", None)
        if keys.column:
            used["学号"] = keys.column[1]
        used |= {f"特殊群体·{name}": column for name, column in all_columns(self.block, GROUPS)}
        used |= {f"档案·{name}": column for name, column in all_columns(self.block, FILE)}
        used |= {f"选科·{heading(one)}": one for one in choice_columns(self.block) if words.CHOSEN not in used}
        return account.sheet_line(self.block, "名册", used, count, files)


class _Both(Struct, frozen=True):
    """The keys of two tables."""

    known: Mapping[str, object]
    new: Mapping[str, object]

    def __contains__(self, key: object) -> bool:
        return key in self.known or key in self.new


def _belongs(cell: object) -> bool:
    """Whether a cell says that a student belongs to a group: 是, 1, 肢体残疾; not 否, 0, 无残疾."""
    text = words.text(cell) if cell is not None else ""
    if not text or says_none(text):
        return False
    said_no = text in ("N", "n") or text.replace(".", "").isdigit()
    return code_word("重点", text) == YES or not said_no
