"""A book's buttons for another program: its macros and the tab on Excel's ribbon, and nothing else."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from xlbangfu.book.macros.hosting import host_of, renew_macros
from xlbangfu.book.macros.vba import Host
from xlbangfu.book.safety import backup, locks
from xlbangfu.book.safety.atomic_save import Snapshot, swap
from xlbangfu.book.sheet_transfer.package_draft import Draft
from xlbangfu.book.upgrade.button_renewal import Tab, remove_tab, renew_tab
from xlbangfu.errors import WrongWorkbook
from xlbangfu.ooxml.package import Package


class HostChange(Struct, frozen=True):
    """Whether anything was changed, and what became of the tab on the ribbon."""

    changed: bool
    tab: Tab


def change_host(book: Path, host: Host) -> HostChange:
    """Put the launcher for another program in place of the one that is there, with the tab where that is Excel.

    Other modules stay, and a ribbon of the staff's own. The book as it was is backed up. Raises WrongWorkbook, also where
    staff's own macros would not stay as they are, BookLocked, WriteFailed.
    """
    locks.check_free(book)
    old = Snapshot.of(book)
    draft = Draft(Package(old.data))
    before = host_of(draft.package)
    if before is None:
        raise WrongWorkbook(f"“{book.name}”里没有帮扶的按钮，不能换；请用 xlbangfu new 新建一个总表。")
    if before != host:
        renew_macros(draft, host)
    tab = renew_tab(draft) if host == "excel" else remove_tab(draft)
    if not draft.parts and not draft.removed:
        return HostChange(False, tab)
    swap(
        old,
        draft.package.archive,
        draft.changes(),
        before=lambda data: backup.keep(book, data, action=backup.BUTTONS_TURNED, changes=()),
    )
    return HostChange(True, tab)
