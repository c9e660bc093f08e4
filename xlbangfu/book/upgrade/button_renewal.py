"""The buttons' macros and the tab on the ribbon of this version, in the place of the old ones; staff's own macros stay."""

from __future__ import annotations

from enum import Enum

from xlbangfu.book.macros import hosting
from xlbangfu.book.macros.hosting import host_of
from xlbangfu.book.sheet_transfer.package_draft import Draft
from xlbangfu.book.sheet_transfer.relations import Relation
from xlbangfu.book.template import ribbon

_PACKAGE = ""  # what the package itself refers to


class Tab(Enum):
    """What became of the tab on the ribbon; THEIRS: staff have a ribbon of their own, which stays."""

    SAME, NEW, GONE, THEIRS = range(4)


def renew_macros(draft: Draft) -> bool:
    """Whether the macros were those of another version. Raises WrongWorkbook where staff's own would not stay."""
    host = host_of(draft.package)
    before = {**draft.parts}
    if host is None:
        return False
    hosting.renew_macros(draft, host)
    return draft.parts != before


def renew_tab(draft: Draft) -> Tab:
    """The tab 帮扶 as it is in this version, for a book whose buttons are for Excel."""
    links = _links(draft)
    new = ribbon.xml()
    if not links:
        path = draft.free_path(ribbon.PART) if ribbon.PART in draft else ribbon.PART
        draft.put(path, new)
        draft.relate(_PACKAGE, ribbon.RELATION, path)
        return Tab.NEW
    old = draft.read(links[0].path)
    if old == new:
        return Tab.SAME
    if not _is_ours(old):
        return Tab.THEIRS
    draft.put(links[0].path, new)
    return Tab.NEW


def remove_tab(draft: Draft) -> Tab:
    """No tab in a book whose buttons are for another program: in Excel its buttons would find no macro."""
    links = _links(draft)
    if not links:
        return Tab.SAME
    if not _is_ours(draft.read(links[0].path)):
        return Tab.THEIRS
    draft.unrelate(_PACKAGE, links[0].path)
    draft.remove(links[0].path)
    return Tab.GONE


def _links(draft: Draft) -> list[Relation]:
    return [relation for relation in draft.relations(_PACKAGE) if relation.type == ribbon.RELATION]


def _is_ours(tabs: bytes) -> bool:
    return tabs.count(b"<tab ") == 1 and b'<tab id="bangfu"' in tabs
