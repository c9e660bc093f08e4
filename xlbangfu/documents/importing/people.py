"""Rosters, teachers and classes: new ones are appended, those already there are compared and left as they are."""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property
from typing import Any

import polars as pl

from xlbangfu.documents.importing import cells, words
from xlbangfu.documents.importing.columns import Block, Column, Content, Fate
from xlbangfu.documents.importing.draft import Draft
from xlbangfu.documents.importing.rooms import Rooms
from xlbangfu.documents.importing.scores import left_out
from xlbangfu.rules.class_names import Found, Unknown
from xlbangfu.schema import CLASSES, ON_ROLL, ROSTER, SEPARATOR, TEACHERS, YES, Table

Row = dict[str, Any]

_TABLES = {Content.ROSTER: ROSTER, Content.TEACHERS: TEACHERS, Content.CLASSES: CLASSES}
_DEFAULTS: dict[Table, Row] = {ROSTER: {"在籍状态": ON_ROLL}, TEACHERS: {"角色": "任课教师", "在岗": YES}, CLASSES: {}}
_DISPENSABLE = ("班主任",)  # a class without one is still a class; 校验 asks for it
_GRADE_IN_NAME = re.compile(r"初[一二三四]|高[一二三]|[一二三四五六七八九]年级|小[一二三四五六]")
_NEW, _THERE, _DIFFERENT, _REFUSED = "新增", "已有", "与总表不同", "不能用"


def plan(draft: Draft, sheet: Block) -> None:
    """Add what one sheet brings to the draft."""
    _People(draft, sheet).plan()


class _People:
    """One sheet of people or classes."""

    def __init__(self, draft: Draft, sheet: Block) -> None:
        self.draft, self.sheet = draft, sheet
        self.table = _TABLES[sheet.content]
        self.key = self.table.keys[0]
        self.rooms = Rooms(draft, sheet, draft.school_year)
        self.grades = sheet.texts(words.GRADE)
        self.known: dict[str, Row] = {
            row[self.key]: row for row in draft.rows(self.table).iter_rows(named=True) if row[self.key]
        }
        self.new: dict[str, Row] = {}

    def plan(self) -> None:
        if self.sheet.column(self.key) is None:
            said = f"这张表像{self.sheet.content.value}，但没有“{self.key}”一列，没有导入"
            self._refuse(self.sheet.header_row, self.key, said, f"加上“{self.key}”一列再导入")
            return
        count = Counter(self._settle(number, row) for number, row in self._rows())
        if self.table == ROSTER:
            self._add_classes()
        rows = [self._complete(row) for row in self.new.values()]
        self.draft.append(self.table, pl.DataFrame(rows, schema=self.table.frame_schema))
        self.draft.lines.append(self._line(count))

    def _rows(self) -> list[tuple[int, Row]]:
        """Excel row and cells of each record."""
        columns = [(self.table[column.meaning], self.sheet.cells(column)) for column in self._used]
        rows: list[Row] = [{} for _ in self.sheet.numbers]
        for target, column_cells in columns:
            read = {cell: cells.value(target, cell) for cell in set(column_cells)}
            for row, number, cell in zip(rows, self.sheet.numbers, column_cells, strict=True):
                row[target.name], why = read[cell]
                if why:
                    said = f"“{target.name}”里的 «{words.text(cell)}» {why}，这一格没有导入"
                    self.draft.warn(self.sheet.title, number, target.name, said, "改好后到总表里补上")
                elif target.key and isinstance(cell, float):
                    row[target.name] = cell
        for row, grade in zip(rows, self.grades, strict=True):
            if not row.get("班级") and self.table == ROSTER:
                row["班级"] = self.rooms.room
            self._name_classes(row, grade or "")
        return list(zip(self.sheet.numbers, rows, strict=True))

    @property
    def _used(self) -> list[Column]:
        known = [column for column in self.sheet.columns if column.meaning in self.table]
        return [column for column in known if column is self.sheet.column(column.meaning)]

    def _name_classes(self, row: Row, grade: str) -> None:
        if row.get("班级"):
            row["班级"] = self._class_name(str(row["班级"]), grade)
        if row.get("任教班级"):
            names = str(row["任教班级"]).split(SEPARATOR)
            row["任教班级"] = SEPARATOR.join(self._class_name(name, "") for name in names)

    def _class_name(self, typed: str, grade: str) -> str:
        """The school's name of a class, else what was typed, with the grade where only a number was."""
        rooms = self.rooms
        found = self.draft.classes.find(typed, grade or rooms.grade, school_year=rooms.school_year)
        if isinstance(found, Found):
            return found.class_name
        if isinstance(found, Unknown) and found.level is not None and found.label:
            return self.draft.classes.new_name(self.draft.classes.grade_named(found.level), found.label)
        return typed

    def _settle(self, number: int, row: Row) -> str:
        """What becomes of one row."""
        name = self._key_of(number, row)
        if name is None:
            return _REFUSED
        row[self.key] = name
        there = self.known.get(name) or self.new.get(name)
        if there is not None:
            return self._compare(number, name, there, row)
        if self.table == CLASSES and not row.get("年级") and (found := _GRADE_IN_NAME.match(name)):
            row["年级"] = found[0]
        missing = [
            c for c in self.table.required if not row.get(c) and c not in (*_DEFAULTS[self.table], *_DISPENSABLE)
        ]
        if missing:
            said = f"{self.key} {name} 没有{SEPARATOR.join(missing)}，这一行没有导入"
            self._refuse(number, missing[0], said, f"补上{missing[0]}再导入", row)
            return _REFUSED
        self.new[name] = row
        return _NEW

    def _compare(self, number: int, name: str, there: Row, row: Row) -> str:
        differing = [column for column, cell in row.items() if cell is not None and not _same(there.get(column), cell)]
        for column in differing:
            before, now = (_shown(cell) for cell in (there.get(column), row[column]))
            said = f"{self.table.name}里 {name} 的{column}是 {before}，文件里是 {now}，没有改"
            remedy = f"要改就直接在“{self.table.name}”表里改"
            self.draft.warn(self.sheet.title, number, column, said, remedy, **self._who(row))
        return _DIFFERENT if differing else _THERE

    def _key_of(self, number: int, row: Row) -> str | None:
        """The key as text. One that is a number may have lost its zeros: only one that is known by name is accepted."""
        cell = row.get(self.key)
        if isinstance(cell, str) and cell:
            return cell
        if not isinstance(cell, float):
            self._refuse(number, self.key, f"没有{self.key}，这一行没有导入", f"补上{self.key}再导入", row)
            return None
        fits = self._by_digits.get((words.text(cell), words.text(row.get("姓名") or "")), [])
        if len(fits) == 1:
            return fits[0]
        said = f"{self.key} {words.text(cell)} 是数字，开头的 0 可能已经丢了，这一行没有导入"
        self._refuse(number, self.key, said, f"在文件里把“{self.key}”一列设成文本、按原样重新输入后再导入", row)
        return None

    @cached_property
    def _by_digits(self) -> dict[tuple[str, str], list[str]]:
        found: dict[tuple[str, str], list[str]] = {}
        for key, row in self.known.items():
            found.setdefault((key.lstrip("0"), words.text(row.get("姓名") or "")), []).append(key)
        return found

    def _add_classes(self) -> None:
        """Classes that only the roster names are appended to 班级 where their 年级 is known."""
        known = set(self.draft.rows(CLASSES)["班级"].drop_nulls())
        named = dict.fromkeys(str(row["班级"]) for row in self.new.values() if row["班级"] not in known)
        if not named:
            return
        typed = zip(self.sheet.texts(words.CLASS), self.grades, strict=True)
        grades = {self._class_name(name, grade): grade for name, grade in dict.fromkeys(typed) if name and grade}
        found = {name: grades.get(name) or "".join(_GRADE_IN_NAME.findall(name)[:1]) for name in named}
        rows = [{"班级": name, "年级": grade} for name, grade in found.items() if grade]
        if rows:
            self.draft.append(CLASSES, pl.concat([CLASSES.empty(), pl.DataFrame(rows)], how="diagonal"))
            self.draft.lines.append(f"{self.sheet.title}：“班级”表还没有的 {len(rows)} 个班已一并加上，请补上班主任。")
        for name in (name for name, grade in found.items() if not grade):
            said = f"“班级”表没有 {name}，也看不出它是哪个年级"
            self.draft.warn(self.sheet.title, None, words.CLASS, said, f"在“班级”表加上 {name} 和它的年级")

    def _complete(self, row: Row) -> Row:
        filled = {name: cell for name, cell in row.items() if cell is not None}
        return {name: (_DEFAULTS[self.table] | filled).get(name) for name in self.table.names}

    def _who(self, row: Row) -> dict[str, str | None]:
        if self.table != ROSTER:
            return {}
        number, name = row.get("学号"), row.get("姓名")
        return {"学号": None if number is None else words.text(number), "姓名": name}

    def _refuse(self, number: int, column: str, what: str, remedy: str, row: Row | None = None) -> None:
        self.draft.refuse(self.sheet.title, number, column, what, remedy, **self._who(row or {}))

    def _line(self, count: Counter[str]) -> str:
        used = SEPARATOR.join(
            column.meaning if column.meaning == words.heading(column.typed) else f"{column.typed}→{column.meaning}"
            for column in self._used
        )
        left = left_out([column for column in self.sheet.columns if column not in self._used])
        parts = [
            f"{self.sheet.title}：认作{self.sheet.content.value}，表头在第 {self.sheet.header[0] + 1} 行",
            f"用了 {used}",
            left,
            "，".join(f"{fate} {count[fate]} 行" for fate in (_NEW, _THERE, _DIFFERENT, _REFUSED)),
            f"表尾 {self.sheet.footers} 行略去" if self.sheet.footers else "",
        ]
        return "；".join(part for part in parts if part) + "。"


def _shown(cell: object) -> str:
    return "空" if cell is None else words.text(cell)


def _same(there: object, cell: object) -> bool:
    if isinstance(there, str) and isinstance(cell, str):
        return words.text(there) == words.text(cell)
    return there == cell
