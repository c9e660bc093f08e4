"""The buttons of 控制台 put back where a spreadsheet program has lost them by its own save, as LibreOffice does each time.

Only what the buttons are made of is changed, that the version's name is hidden, and the name by which macros know their
workbook; the cells, the charts and what staff put on the page stay. The buttons come from a fresh page, so they stand as this version has them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from xlbangfu.book import template
from xlbangfu.book.macros.hosting import host_of
from xlbangfu.book.page_digest import digest
from xlbangfu.book.safety import backup, locks
from xlbangfu.book.safety.atomic_save import Snapshot, swap
from xlbangfu.book.safety.belongings import make_as_private
from xlbangfu.book.safety.permissions import as_private_as
from xlbangfu.book.safety.temporary import temporary_folder
from xlbangfu.book.sheet_transfer.copying import declare_extension
from xlbangfu.book.sheet_transfer.package_draft import Draft
from xlbangfu.book.upgrade import button_shapes
from xlbangfu.book.version import NAME, Version
from xlbangfu.catalog import ACTIONS
from xlbangfu.front_page.counts import NEXT
from xlbangfu.late_pattern import late_pattern
from xlbangfu.ooxml.addresses import REFERENCE
from xlbangfu.ooxml.package import Package
from xlbangfu.schema import CONSOLE

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_LEGACY = late_pattern(rb'<legacyDrawing\s[^>]*?\br:id="([^"]*)"')
_AFTER_LEGACY = late_pattern(
    rb"<(?:legacyDrawingHF|drawingHF|picture|oleObjects|controls|webPublishItems|tableParts|extLst)\b|</worksheet>|<mc:"
)
_NAMELESS = late_pattern(rb"<workbookPr\b(?![^>]*\bcodeName=)")
_SHOWN_STAMP = late_pattern(rb'(<definedName\s(?=[^>]*\bname="%b")[^>]*?\bhidden=")(?:false|0)"' % NAME.encode())


class Repair(Struct, frozen=True):
    """How many buttons were put back, and how many are lost that only an upgrade brings back: the page is of another
    version."""

    back: int = 0
    left: int = 0

    @property
    def sentence(self) -> str:
        """What to tell staff; nothing where no button was lost."""
        if self.back:
            return f"“控制台”上的按钮在保存时丢了 {self.back} 个，已经补回来了，别的都没有动。"
        if self.left:
            return "“控制台”上的按钮在保存时丢了，这一页是别的版本做的：关闭总表，在帮扶窗口点“升级总表”（或者运行 xlbangfu upgrade 总表），按钮就补回来。"
        return ""


def lost_in(package: Package) -> set[str]:
    """The macros of the buttons that 控制台 should have and does not show; none where the workbook has no macros."""
    page = package.sheets.get(CONSOLE.name)
    if page is None or host_of(package) is None:
        return set()
    sheet = package.archive.read(page.path)
    legacy = _legacy_part(Draft(package), page.path, sheet)
    there = button_shapes.macros_in(package.archive.read(legacy)) if legacy else set()
    wanted = {action.macro for action in ACTIONS}
    version = Version.of(package.names(), package.sheets)
    if there and (version.older or version.newer):
        wanted = there
    return (wanted - there) | button_shapes.misplaced(sheet)


def lost_buttons(book: Path) -> int:
    """How many buttons of 控制台 a workbook on disk has lost. Raises NotAWorkbook."""
    return len(lost_in(Package(book.read_bytes())))


def mend(book: Path) -> Repair:
    """Put back what was lost in a closed workbook: built beside, compared, backed up, swapped.

    Raises BookLocked, NotAWorkbook, WriteFailed. The copy from before takes the place of the last such copy.
    """
    old = Snapshot.of(book)
    package = Package(old.data)
    lost = lost_in(package)
    if not lost:
        return Repair()
    locks.check_free(book)
    draft = Draft(package)
    if not put_back(draft):
        return Repair(left=len(lost))
    with as_private_as(book):
        swap(old, package.archive, draft.changes(), before=lambda data: _keep(book, data))
    make_as_private(book)
    return Repair(back=len(lost))


def put_back(draft: Draft) -> bool:
    """Put the buttons of a fresh page on the workbook's; False where that is another version's and other cells would
    lie under them."""
    package = draft.package
    fresh = _fresh(package)
    if digest(fresh) != Version.of(package.names(), package.sheets).digest:
        return False
    page = package.sheets[CONSOLE.name].path
    buttons = _legacy_of(fresh)
    _clear(draft, page)
    _draw(draft, page, buttons, fresh, down=_row_of(package) - _row_of(fresh))
    old = draft.read(package.workbook_part)
    new = _SHOWN_STAMP.sub(rb'\g<1>true"', _NAMELESS.sub(rb'\g<0> codeName="ThisWorkbook"', old, count=1))
    if new != old:
        draft.put(package.workbook_part, new)
    return True


def _keep(book: Path, data: bytes) -> None:
    """Keep the copy from before, in the place of the last such copy; one that an action left stays that action's."""
    if backup.holds(book, data):
        return
    earlier = [copy.path for copy in backup.backups(book) if copy.action == backup.BUTTONS_BACK]
    kept = backup.keep(book, data, action=backup.BUTTONS_BACK, changes=())
    backup.remove(book, [path for path in earlier if path != kept.path])


def _fresh(package: Package) -> Package:
    with temporary_folder() as folder:
        path = folder / "新.xlsm"
        template.build(path, host=host_of(package) or "excel", created=datetime.now().replace(microsecond=0))
        return Package(path.read_bytes())


def _legacy_of(package: Package) -> bytes:
    page = package.sheets[CONSOLE.name].path
    path = _legacy_part(Draft(package), page, package.archive.read(page))
    assert path is not None  # a fresh page has buttons
    return package.archive.read(path)


def _legacy_part(draft: Draft, page: str, sheet: bytes) -> str | None:
    """The part of the old drawing on a page, which is not that of its header."""
    found = _LEGACY.search(sheet)
    wanted = found[1].decode() if found else ""
    return next((one.path for one in draft.relations(page) if one.identity == wanted and one.path in draft), None)


def _clear(draft: Draft, page: str) -> None:
    """Take away what is left of the buttons, but for the old drawing."""
    sheet, identities = button_shapes.without_controls(draft.read(page))
    draft.put(page, sheet)
    for path in list(_paths(draft, page, identities)):
        draft.unrelate(page, path)
        draft.remove(path)
    for path in [one.path for one in draft.relations(page) if one.kind == "drawing" and one.path in draft]:
        old = draft.read(path)
        if (new := button_shapes.without_pictures(old)) != old:
            draft.put(path, new)


def _paths(draft: Draft, page: str, identities: set[str]) -> Iterator[str]:
    return (one.path for one in draft.relations(page) if one.identity in identities)


def _draw(draft: Draft, page: str, buttons: bytes, fresh: Package, *, down: int) -> None:
    """The buttons on the page's old drawing, which it gets where it has none."""
    sheet = draft.read(page)
    path = _legacy_part(draft, page, sheet)
    if path is not None:
        draft.put(path, button_shapes.with_buttons(draft.read(path), buttons, down=down))
        return
    path = draft.free_path("xl/drawings/vmlDrawing1.vml")
    draft.put(path, button_shapes.with_buttons(b"<xml></xml>", buttons, down=down))
    declare_extension(draft, fresh, "vml")
    identity = draft.relate(page, f"{_OFFICE}/vmlDrawing", path)
    following = _AFTER_LEGACY.search(sheet, sheet.index(b"</sheetData>") if b"</sheetData>" in sheet else 0)
    assert following is not None  # the end of the root element at the latest
    link = f'<legacyDrawing xmlns:r="{_OFFICE}" r:id="{identity}"/>'.encode()
    draft.put(page, sheet[: following.start()] + link + sheet[following.start() :])


def _row_of(package: Package) -> int:
    """The row of the cell that says what to do next, by which is seen whether staff put rows in above it."""
    found = REFERENCE.fullmatch(dict(package.names()).get(NEXT, ""))
    return int(found[4]) if found else 0
