"""What pages add to the master, gathered page by page: nothing is written here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl
from msgspec import Struct, field
from msgspec.structs import replace

from xlbangfu.documents.collect.checking import Rows
from xlbangfu.documents.collect.complaints import Complaint, Place, found
from xlbangfu.documents.collect.entries import CONTENT, IDENTITY, as_entries
from xlbangfu.documents.collect.forms import BY_FORM, BY_TABLE
from xlbangfu.documents.collect.identity import Identity
from xlbangfu.documents.collect.prior import CAME, CORRECTED, NEW, Before
from xlbangfu.documents.collect.reconciliation import (
    Alike,
    Master,
    PriorRow,
    Resolution,
    Row,
    Settled,
    Trail,
    match_rows,
    reconcile,
)
from xlbangfu.rules.problems import WARNING
from xlbangfu.rules.row_numbers import new_numbers
from xlbangfu.rules.school import School
from xlbangfu.schema import ABSENCES, COLLECTED, CONDUCT, LOG, ROW, SEPARATOR, Table

_MOST_DIFFERENT = 2  # of the five cells that a log entry needs; with more it is another entry
_NEEDED = ("日期", "学号", "教师", "类型", "内容")
_PRIVATE = "心理咨询"
_LEFT = {
    Resolution.CHANGED_SINCE: ("页上改了，但总表里这一行之后有人改过，没有动", "两处对一下，要改就在总表里改"),
    Resolution.SUPERSEDED: ("页上是较早的内容，总表里已有后来的，没有改回", "确要改回，就在总表里改，或在最新的页上改"),
    Resolution.WITHDRAWN: ("以前收过，后来从总表删去了，没有再加", "还要的话，在总表里补一行"),
    Resolution.DELETED_SINCE: ("页上改了，但总表里这一行已经删去，没有再加", "还要的话，在总表里补一行"),
    Resolution.DIFFERS: ("总表里已有同一{}，内容不同，没有覆盖", "两处对一下，要改就在总表里改"),
    Resolution.DOUBLED: ("同一{}写了两行，内容不同，只收了上面一行", "在页上只留一行"),
}
_SAME_KEY = {CONDUCT: "名学生、同一评价人的评价", ABSENCES: "名学生同一天同一节次的缺勤"}
_NO_NEWS = (Resolution.SUPERSEDED, Resolution.WITHDRAWN)
_TWIN = "总表里已有同一天、同一学生、同一教师的一次{}，内容不同，照样收了"


class PageSummary(Struct, kw_only=True):
    """What came of one page."""

    new: dict[Table, int] = field(default_factory=dict)
    corrected: int = 0
    same: int = 0
    refused: int = 0
    left: int = 0  # differ from the master, and were left there as they are
    gone: list[str] = field(default_factory=list)  # rows brought before that are not on the page any more


class CollectDraft(Struct, kw_only=True):
    """Rows to append and to amend by handle, the rows of 收回记录, old values of what is corrected, and problems."""

    school: School
    before: Before
    now: datetime
    appends: dict[Table, dict[str, dict[str, Any]]] = field(default_factory=lambda: {table: {} for table in BY_TABLE})
    amends: dict[Table, dict[str, dict[str, Any]]] = field(default_factory=lambda: {table: {} for table in BY_TABLE})
    ledger: list[dict[str, Any]] = field(default_factory=list)
    old_values: list[str] = field(default_factory=list)
    problems: list[pl.DataFrame] = field(default_factory=list)
    _masters: dict[Table, Master] = field(default_factory=dict)
    _trails: dict[Table, Trail] = field(default_factory=dict)
    _numbers: dict[str, Iterator[str]] = field(default_factory=dict)  # by the first of a page's day
    _added: dict[tuple[str, str], list[PriorRow]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._masters = {table: self.before.master(table) for table in BY_TABLE}
        self._trails = {form: self.before.trail(form) for form in BY_FORM}

    def came(self, page: Identity, sha256: str) -> bool:
        """Note that the page came back, each state of it once; the answer is whether this state came before."""
        before = self.before.knows(page.id, sha256[:16])
        if not before:
            self._note(page, CAME, 内容码=sha256[:16])
        return before

    def take(self, page: Identity, rows: Rows, summary: PageSummary, *, again: bool) -> None:
        """Take in the rows of one form of a page; of a state that came ``again``, what a later one replaced is no news."""
        form = rows.place.filled.form
        fill_in = BY_FORM[form]
        table = fill_in.table
        entries = as_entries(rows.good, fill_in, self.school)
        lines = [
            Row(row=row, identity=identity, content=content)
            for row, identity, content in entries.select(ROW, IDENTITY, CONTENT).iter_rows()
        ]
        values = {row[ROW]: row for row in entries.iter_rows(named=True)}
        before_rows = self._rows_before(page.id, form)
        pairs = match_rows(lines, before_rows, self._alike(values) if fill_in.numbered else None)
        fates: list[Settled] = []
        seen: dict[str, Row] = {}
        for line in lines:
            one = reconcile(
                line,
                pairs.get(line.row),
                self._masters[table],
                seen,
                trail=self._trails[form],
                age=page.age,
                saved=page.saved,
            )
            if again and one.fate in _NO_NEWS:
                one = replace(one, fate=Resolution.SAME)
            seen.setdefault(line.identity, line)
            fates.append(one)
            self._do(page, form, one, values[line.row], summary)
        self._complain(rows.place, entries, fates)
        bad_rows = set(rows.problems["行"].drop_nulls())
        paired = {one.handle for one in pairs.values()}
        summary.gone += [
            self.before.called(table, one.handle)
            for one in before_rows
            if one.handle not in paired
            and one.row not in bad_rows
            and one.handle in self._masters[table].contents
            and not one.of_later_state_than(page.saved)
        ]
        summary.refused += rows.refused

    def _rows_before(self, page: str, form: Table) -> list[PriorRow]:
        """By this page before, in earlier runs or in an earlier state of the file in this one."""
        known = {one.handle: one for one in self.before.rows_of_page(page, form)}
        known |= {one.handle: one for one in self._added.get((page, form.name), [])}
        return list(known.values())

    def _alike(self, values: Mapping[int, dict[str, Any]]) -> Alike:
        def alike(row: Row, one: PriorRow) -> bool:
            if self._masters[LOG].contents.get(one.handle) != one.content:
                return False
            old = self._stands(LOG, one.handle)
            different = [name for name in _NEEDED if old[name] != values[row.row][name]]
            return len(different) <= _MOST_DIFFERENT

        return alike

    def _stands(self, table: Table, handle: str) -> dict[str, Any]:
        """The row as it stands after what this run has gathered."""
        for pending in (self.appends[table], self.amends[table]):
            if handle in pending:
                return pending[handle]
        return self.before.row(table, handle)

    def _do(self, page: Identity, form: Table, one: Settled, values: dict[str, Any], summary: PageSummary) -> None:
        table, numbered = BY_FORM[form].table, BY_FORM[form].numbered
        record = {name: values[name] for name in table.names}
        if one.fate is Resolution.NEW:
            handle = one.row.identity
            if numbered:
                handle = record["记录编号"] = self._number(page)
            self.appends[table][handle] = record
            summary.new[table] = summary.new.get(table, 0) + 1
            self._wrote(page, form, one.row, handle, record, NEW)
        elif one.fate is Resolution.CORRECTED:
            self._correct(table, one.handle, record)
            summary.corrected += 1
            self._wrote(page, form, one.row, one.handle, record, CORRECTED)
        elif one.fate in (Resolution.SAME, Resolution.THERE):
            summary.same += 1
        else:
            summary.left += 1

    def _correct(self, table: Table, handle: str, record: dict[str, Any]) -> None:
        old = self._stands(table, handle)
        record |= {name: old[name] for name in table.keys}
        if handle in self.appends[table]:
            self.appends[table][handle] = record
            return
        self.old_values.append(f"{self.before.called(table, handle)}：{_old(table, old, record)}")
        self.amends[table][handle] = record

    def _wrote(self, page: Identity, form: Table, row: Row, handle: str, record: Mapping[str, Any], how: str) -> None:
        table = BY_FORM[form].table
        self._masters[table].put(handle, row)
        self._bring(page, form, row, handle)
        number = _name_of(table, record)
        self._note(page, how, 工作表=form.name, 行=row.row, 编号=number, 身份码=row.identity, 内容码=row.content)

    def _bring(self, page: Identity, form: Table, row: Row, handle: str) -> None:
        """Remember what the page brought, for its other states in this run."""
        known = {one.handle: one for one in self._rows_before(page.id, form)}.get(handle)
        past = known.past | {known.content} - {row.content} if known else frozenset[str]()
        line = PriorRow(
            row=row.row, identity=row.identity, content=row.content, handle=handle, past=past, saved=page.saved
        )
        self._added.setdefault((page.id, form.name), []).append(line)

    def _note(self, page: Identity, how: str, **more: Any) -> None:
        usual = {"时间": self.now, page.kind.owner: page.owner, "页号": page.id, "制表时间": page.made, "做法": how}
        usual |= {"版次": page.number or None, "存盘时间": page.saved or None}
        self.ledger.append({**dict.fromkeys(COLLECTED.names), **usual, **more})

    def _number(self, page: Identity) -> str:
        """The next 记录编号: S, the day of the page, a counter; none that was ever given, though its row may be gone."""
        first = f"S{page.made:%y%m%d}-001"
        if first not in self._numbers:
            self._numbers[first] = new_numbers(first, pl.Series(self.before.numbers(), dtype=pl.String))
        return next(self._numbers[first])

    def _called(self, table: Table, handle: str) -> str:
        """How a row of the master is called, also one that this run adds."""
        added = self.appends[table].get(handle)
        return _name_of(table, added) if added else self.before.called(table, handle)

    def _complain(self, place: Place, entries: pl.DataFrame, fates: Sequence[Settled]) -> None:
        """What was left alone, and what may be the same contact written twice."""
        fill_in = BY_FORM[place.filled.form]
        first, table = fill_in.identity[0], fill_in.table
        asked = [
            Complaint(
                when=pl.col(ROW) == one.row.row,
                column=first,
                what=f"{what}（{self._called(table, one.handle)}）" if one.handle else what,
                remedy=remedy,
                level=WARNING,
            )
            for one in fates
            if one.fate in _LEFT
            for what, remedy in [(_LEFT[one.fate][0].format(_SAME_KEY.get(table, "")), _LEFT[one.fate][1])]
        ]
        asked += [
            Complaint(
                when=pl.col(ROW) == one.row.row,
                column=first,
                what=f"{_TWIN}（{one.twin}）",
                remedy="是同一次就在“记录”里删去一行",
                value=pl.col("类型"),
                level=WARNING,
            )
            for one in fates
            if one.twin
        ]
        self.problems.append(found(place, entries, asked))


def _name_of(table: Table, record: Mapping[str, Any]) -> str:
    return " ".join(str(record[name] or "") for name in BY_TABLE[table].called)


def _old(table: Table, old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """The old values of the cells that change; what was said in a counselling is not repeated anywhere."""
    changed = [name for name in table.names if old[name] != new[name]]
    private = table == LOG and _PRIVATE in (old["类型"], new["类型"])
    old_cells = [
        f"{name} 原为“{'（心理咨询，不记）' if private and name not in ('日期', '学号', '教师') else _quoted(old[name])}”"
        for name in changed
    ]
    return SEPARATOR.join(old_cells)


def _quoted(value: Any) -> str:
    return "空" if value is None else str(value)
