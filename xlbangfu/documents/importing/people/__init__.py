"""Lists of people and classes: rosters, teachers, classes, teaching plans, and what a school has kept of its help so far.

New ones are appended, empty cells of the known are filled, and what stands in the master is never overwritten: a difference
is told. Lists of students for help, 结对表 and 帮扶记录 are proposals: nothing of them goes in without a yes.
"""

from __future__ import annotations

from collections.abc import Callable

from xlbangfu.documents.importing.columns import Block
from xlbangfu.documents.importing.draft import Draft
from xlbangfu.documents.importing.people import (
    class_list,
    log_list,
    pairing_list,
    roster,
    staff,
    teaching,
    tracked_list,
)
from xlbangfu.documents.importing.people.list_kinds import (
    People,
    is_of_guardians,
    list_and_pairings,
    list_kind,
    names_students,
)

__all__ = ["People", "list_kind", "plan"]

_PLANS: dict[People, Callable[[Draft, Block], None]] = {
    People.ROSTER: roster.plan,
    People.TEACHERS: staff.plan,
    People.CLASSES: class_list.plan,
    People.TEACHING: teaching.plan,
    People.TRACKED: tracked_list.plan,
    People.PAIRINGS: pairing_list.plan,
    People.LOG: log_list.plan,
}


def plan(draft: Draft, block: Block) -> None:
    """Add what one sheet of people brings to the draft."""
    kind = list_kind(block)
    if both := list_and_pairings(block):
        tracked_list.plan(draft, both[0])
        pairing_list.plan(draft, both[1])
        draft.faults = list(dict.fromkeys(draft.faults))
    elif kind is not People.ROSTER or names_students(block):
        _PLANS[kind](draft, block)
    elif not is_of_guardians(block):
        what = "这张表像名册，但没有姓名也没有学号，没有导入"
        draft.refuse(block.title, block.header_row, "姓名", what, "加上“姓名”或“学号”一列再导入")
