"""What becomes of each row of a page: new, the same as before, corrected, there already, or left alone.

A row is known again by its content wherever it was moved to; else by its identity; else by standing in the same place
with most of what is required unchanged. So sorting a page changes nothing, and a mended date is a correction, not a new
entry. Only a row that this very page brought, and that nobody has changed in the master since, is corrected.

States of a page are ordered by when they were saved, editions by their number. An older one adds what is missing; it never
puts back what a later one replaced, nor a row that was taken out of the master.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from enum import Enum

from msgspec import Struct, field


class Resolution(Enum):
    """What becomes of a row of a page."""

    NEW = "新增"
    SAME = "已收过"
    THERE = "总表里已有"
    CORRECTED = "更正"
    CHANGED_SINCE = "总表里之后有人改过"
    DELETED_SINCE = "已从总表删去"
    SUPERSEDED = "是较早的内容"
    WITHDRAWN = "收过，后来从总表删去"
    DIFFERS = "总表里已有不同的"
    DOUBLED = "同一份里写了两次，内容不同"


class Row(Struct, frozen=True, kw_only=True):
    """A row of a page: its Excel row and its codes."""

    row: int
    identity: str
    content: str


class PriorRow(Struct, frozen=True, kw_only=True):
    """A row that the page brought before: where it stood, its codes then, and the handle of its row in the master.
    ``past`` are the contents that it had before, ``saved`` is when the state that brought the last one was saved."""

    row: int
    identity: str
    content: str
    handle: str
    past: frozenset[str] = frozenset()
    saved: str = ""

    def replaces(self, content: str, saved: str) -> bool:
        """Whether it is later than that content in a state saved then. Where a state does not say when it was saved, or
        says the same, a content that was replaced once is an earlier one."""
        if saved and self.saved and saved != self.saved:
            return self.of_later_state_than(saved)
        return content in self.past

    def of_later_state_than(self, saved: str) -> bool:
        """Whether it came with a state that is known to be later than one saved then."""
        return bool(saved) and saved < self.saved


class Settled(Struct, frozen=True, kw_only=True):
    """One row and what becomes of it; ``handle`` is the row of the master that is meant, empty for a new one."""

    row: Row
    fate: Resolution
    handle: str = ""
    twin: str = ""  # of a new log entry: one there with the same day, students, kind and teacher


class Master(Struct, kw_only=True):
    """The rows of 记录 or 评价 as codes; rows that this run adds are put in as well. ``by_identity`` tells that a row of
    the same identity is the same row, as in 评价, where the identity is the key."""

    contents: dict[str, str]  # handle → content
    identities: dict[str, str]  # identity → handle
    by_identity: bool
    whose: dict[str, str] = field(default_factory=dict)  # content → handle

    def __post_init__(self) -> None:
        self.whose = {content: handle for handle, content in self.contents.items()}

    def put(self, handle: str, row: Row) -> None:
        self.contents[handle] = row.content
        self.identities[row.identity] = handle
        self.whose[row.content] = handle


Age = tuple[int, datetime]  # of an edition: its number, and when it was made


class Trail(Struct, frozen=True, kw_only=True):
    """What any page brought before, by content and by identity: the handle and the age of the edition that brought it."""

    contents: Mapping[str, str] = field(default_factory=dict)
    identities: Mapping[str, Mapping[str, Age]] = field(default_factory=dict)


Alike = Callable[[Row, PriorRow], bool]


def match_rows(rows: Iterable[Row], before_rows: Iterable[PriorRow], alike: Alike | None) -> dict[int, PriorRow]:
    """Which row of the page (by its Excel row) is which that it brought before; without ``alike`` by identity only."""
    left, waiting = list(rows), list(before_rows)
    found: dict[int, PriorRow] = {}
    for test in _tests(alike):
        for row in list(left):
            one = next((one for one in waiting if test(row, one)), None)
            if one is not None:
                found[row.row] = one
                waiting.remove(one)
                left.remove(row)
    return found


def _tests(alike: Alike | None) -> Iterator[Alike]:
    """From the surest to the least sure."""
    if alike is not None:
        yield lambda row, one: row.content == one.content and row.row == one.row
        yield lambda row, one: row.content == one.content
        yield lambda row, one: row.content in one.past
        yield lambda row, one: row.identity == one.identity and row.row == one.row
    yield lambda row, one: row.identity == one.identity
    if alike is not None:
        yield lambda row, one: row.row == one.row and alike(row, one)


def reconcile(
    row: Row, before: PriorRow | None, master: Master, seen: Mapping[str, Row], *, trail: Trail, age: Age, saved: str
) -> Settled:
    """What becomes of one row. ``seen`` are the rows of this page already settled, by identity; ``age`` is that of the page's
    edition, ``saved`` when this state of it was saved."""
    first = seen.get(row.identity)
    if master.by_identity and first is not None:
        return Settled(row=row, fate=Resolution.SAME if first.content == row.content else Resolution.DOUBLED)
    if before is not None:
        return Settled(row=row, fate=_again(row, before, master, saved), handle=before.handle)
    if master.by_identity and row.identity in master.identities:
        handle = master.identities[row.identity]
        same = master.contents[handle] == row.content
        return Settled(row=row, fate=Resolution.THERE if same else Resolution.DIFFERS, handle=handle)
    if row.content in master.whose:
        return Settled(row=row, fate=Resolution.THERE, handle=master.whose[row.content])
    if row.content in trail.contents:
        handle = trail.contents[row.content]
        fate = Resolution.SUPERSEDED if handle in master.contents else Resolution.WITHDRAWN
        return Settled(row=row, fate=fate, handle=handle)
    if withdrawn := _withdrawn_later(row, master, trail, age):
        return Settled(row=row, fate=Resolution.WITHDRAWN, handle=withdrawn)
    return Settled(row=row, fate=Resolution.NEW, twin=master.identities.get(row.identity, ""))


def _withdrawn_later(row: Row, master: Master, trail: Trail, age: Age) -> str:
    """The row of the same identity that a later edition brought and that is in the master no more; empty where none is."""
    brought = trail.identities.get(row.identity, {})
    return next((handle for handle, when in brought.items() if age < when and handle not in master.contents), "")


def _again(row: Row, before: PriorRow, master: Master, saved: str) -> Resolution:
    if row.content == before.content:
        return Resolution.SAME
    now = master.contents.get(before.handle)
    if now is None:
        return Resolution.DELETED_SINCE
    if now == row.content:
        return Resolution.SAME
    if before.replaces(row.content, saved):
        return Resolution.SUPERSEDED
    return Resolution.CORRECTED if now == before.content else Resolution.CHANGED_SINCE
