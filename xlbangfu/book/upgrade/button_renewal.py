"""The buttons' macros and the tab on the ribbon of this version, in the place of the old ones; staff's own macros stay."""

from __future__ import annotations

from enum import Enum

from xlbangfu.book.macros import hosting
from xlbangfu.book.macros.hosting import host_of
from xlbangfu.book.sheet_transfer.package_draft import Draft
from xlbangfu.book.template import ribbon

_PACKAGE = ""  # what the package itself refers to


class Tab(Enum):
    """What became of the tab on the ribbon; THEIRS: staff have a ribbon of their own, which stays."""

    SAME, NEW, THEIRS = range(3)


def renew_macros(draft: Draft) -> bool:
    """Whether the macros were those of another version. Raises WrongWorkbook where staff's own would not stay."""
    host = host_of(draft.package)
    before = {**draft.parts}
    if host is None:
        return False
    hosting.renew_macros(draft, host)
    return draft.parts != before


def renew_tab(draft: Draft) -> Tab:
    """The tab 帮扶 as it is in this version; only Excel shows it, so a book for LibreOffice gets none."""
    if host_of(draft.package) != "excel":
        return Tab.SAME
    links = [relation for relation in draft.relations(_PACKAGE) if relation.type == ribbon.RELATION]
    new = ribbon.xml()
    if not links:
        path = draft.free_path(ribbon.PART) if ribbon.PART in draft else ribbon.PART
        draft.put(path, new)
        draft.relate(_PACKAGE, ribbon.RELATION, path)
        return Tab.NEW
    old = draft.read(links[0].path)
    if old == new:
        return Tab.SAME
    if old.count(b"<tab ") != 1 or b'<tab id="bangfu"' not in old:
        return Tab.THEIRS
    draft.put(links[0].path, new)
    return Tab.NEW
