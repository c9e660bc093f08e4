"""帮扶记录 that the school has kept so far: proposed for 记录; an entry that is there already is left as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from xlbangfu.documents.importing import words
from xlbangfu.documents.importing.columns import Block
from xlbangfu.documents.importing.draft import Draft
from xlbangfu.documents.importing.grid import Value
from xlbangfu.documents.importing.people import account
from xlbangfu.documents.importing.people.list_kinds import People
from xlbangfu.documents.importing.people.listed_students import Listed, listed_students
from xlbangfu.documents.importing.people.people_headings import LOG as LOG_WORDS
from xlbangfu.documents.importing.people.people_headings import STUDENT, columns_of
from xlbangfu.documents.importing.people.people_values import Values, plain_text
from xlbangfu.documents.importing.people.teacher_cells import Teachers
from xlbangfu.documents.importing.questions import LEAVE_OUT, SCHOOL, Ask, Question
from xlbangfu.rules.numerals import half_width
from xlbangfu.rules.people import STUDENT as WHO
from xlbangfu.schema import LOG

WRITE = "写进“记录”"
_SHOWN = 3
_KINDS = {
    "谈心": "谈心 谈话 个别谈话 谈心谈话 思想交流 沟通 交流 面谈 心理疏导",
    "辅导": "辅导 补课 课后辅导 个别辅导 学习辅导 培优补差 补差 答疑 讲题 课业辅导 学业辅导",
    "家访": "家访 上门家访 入户 上门",
    "家长沟通": "家长沟通 电话 电话沟通 微信 电访 家校沟通 电话家访 家长面谈 约谈家长 家长会",
    "心理咨询": "心理咨询 心理辅导",
    "作业面批": "作业面批 面批 面批作业 作业批改",
    "活动": "活动 集体活动 主题活动",
}
_KIND_OF = {word: kind for kind, names in _KINDS.items() for word in names.split()}


def plan(draft: Draft, block: Block) -> None:
    """Propose the entries of a list."""
    _Entries(draft, block).plan()


class _Entries:
    def __init__(self, draft: Draft, block: Block) -> None:
        self.draft, self.block = draft, block
        self.columns = columns_of(block, LOG_WORDS)
        self.student_columns = columns_of(block, STUDENT)
        self.teachers = Teachers(draft, block)
        values = Values(draft, block)
        taken = [name for name in self.columns if name not in ("类型", "教师")]
        self.values = {name: values.column(LOG[name], block.cells(self.columns[name])) for name in taken}
        self.there = _there(draft, self.teachers)
        self.added: list[dict[str, Any]] = []

    def plan(self) -> None:
        listed = listed_students(self.draft, self.block, self.student_columns)
        rows = [self._row(one) for one in listed]
        new = [row for row in rows if row and self._key(row) not in self.there]
        agreed = bool(new) and self._agreed(new)
        fates = [self._take(row, agreed) for row in rows]
        self.draft.append(LOG, pl.DataFrame(self.added, schema=LOG.frame_schema) if self.added else LOG.empty())
        used = {
            n: c for n, c in self.student_columns.items() if n in (words.NUMBER, words.NAME, words.CLASS, words.GRADE)
        }
        self.draft.lines.append(
            account.sheet_line(self.block, People.LOG.value, used | self.columns, account.counted(fates))
        )

    def _row(self, one: Listed) -> dict[str, Any] | None:
        """The entry of a record; None, and told, where something that every entry has cannot be read."""
        if one.student is None:
            return None
        said = {name: column[one.index] for name, column in self.values.items()}
        teacher = self.columns.get("教师")
        label = self.teachers.label(self.block.cells(teacher)[one.index] if teacher else None, one.row)
        if said.get("日期") is None:
            self.draft.refuse(
                self.block.title, one.row, "日期", "没有能读的日期，这一行没有导入", "补上日期再导入", kind="没有日期"
            )
            return None
        kind = self._kind(one.index)
        if label is None or kind is None:
            return None
        return {**said, "类型": kind, "教师": label, **{name: one.student[name] for name in ("学号", "姓名", "班级")}}

    def _kind(self, index: int) -> str | None:
        """类型: of the record, else of the sheet's title; asked where neither says."""
        column = self.columns.get("类型")
        cell: Value = self.block.cells(column)[index] if column else None
        if cell is not None:
            text = half_width(cell)
            return (
                text
                if text in LOG["类型"].choices
                else _KIND_OF.get(text) or self._asked_kind(f"类型：{plain_text(cell)}", text)
            )
        titles = (self.block.grid.sheet, *self.block.titles, self.block.stem)
        named = {
            kind for title in titles for word, kind in _KIND_OF.items() if word in half_width(title) and kind != "活动"
        }
        return named.pop() if len(named) == 1 else self._asked_kind("没写类型的记录", "")

    def _asked_kind(self, about: str, word: str) -> str | None:
        question = Question(
            ask=Ask.WORD,
            file=self.block.grid.file,
            sheet=self.block.grid.sheet,
            about=about,
            sample=(word,) if word else (),
            thought="“记录”的类型里没有这个词" if word else "看不出是哪一类记录",
            choices=(*LOG["类型"].choices, LEAVE_OUT),
            shape=SCHOOL if word else "",
        )
        answer = self.draft.answers.ask(question)
        return answer if answer in LOG["类型"].choices else None

    def _agreed(self, new: Sequence[Mapping[str, Any]]) -> bool:
        question = Question(
            ask=Ask.PROPOSAL,
            file=self.block.grid.file,
            sheet=self.block.grid.sheet,
            about=f"{len(new)} 条帮扶记录",
            sample=tuple(f"{row['日期']} {row['姓名']} {row['类型']}" for row in new[:_SHOWN]),
            thought="学校已有的帮扶记录",
            choices=(WRITE, LEAVE_OUT),
        )
        return self.draft.answers.ask(question) == WRITE

    def _key(self, row: Mapping[str, Any]) -> tuple[Any, ...]:
        return (row["日期"], row["学号"], self.teachers.number(row["教师"]), row["类型"], row.get("内容"))

    def _take(self, row: dict[str, Any] | None, agreed: bool) -> str:
        if row is None:
            return account.REFUSED
        key = self._key(row)
        if key in self.there:
            return account.THERE
        if not agreed:
            return account.HELD
        self.there.add(key)
        self.added.append({name: row.get(name) for name in LOG.names})
        return account.NEW


def _there(draft: Draft, teachers: Teachers) -> set[tuple[Any, ...]]:
    return {
        (row["日期"], row[WHO], teachers.number(row["教师"]), row["类型"], row["内容"])
        for row in draft.school[LOG].iter_rows(named=True)
    }
