"""Views put into a workbook: each comes as a workbook of its one sheet, and takes the place of the one drawn before."""

from __future__ import annotations

from collections.abc import Mapping

from xlbangfu.book.reading.headings import cell_text
from xlbangfu.book.safety.atomic_save import Changes
from xlbangfu.book.sheet_transfer.package_draft import Draft
from xlbangfu.book.sheet_transfer.sheet_copy import Source, as_selected
from xlbangfu.book.sheet_transfer.styles import Styles
from xlbangfu.book.sheet_transfer.workbook_part import WORKSHEET, WorkbookPart
from xlbangfu.errors import WrongWorkbook
from xlbangfu.ooxml.package import Package
from xlbangfu.ooxml.worksheet import SheetPart
from xlbangfu.schema import CONSOLE, VIEWS, View


def with_views(package: Package, changes: Changes, views: Mapping[View, bytes]) -> Changes:
    """The changes, and those that put the views into the package. Raises WrongWorkbook for a sheet of the staff's own."""
    draft = Draft.of(package, changes)
    for view, content in views.items():
        _put(draft, view, Package(content))
    return draft.changes()


def refusal(view: View) -> WrongWorkbook:
    """What staff are told whose own sheet has the name of a view."""
    return WrongWorkbook(
        f"工作表“{view.name}”不是程序做的（第一格不是“{view.signature}”），没有改动；请给它改个名，再做一次。"
    )


def _put(draft: Draft, view: View, fresh: Package) -> None:
    styles = Styles(draft.read(_styles_of(draft.package)), fresh.archive.read(_styles_of(fresh)))
    workbook = WorkbookPart(draft.read(draft.package.workbook_part))
    _put_sheet(draft, Source(fresh, draft, styles), workbook, view)
    printed = WorkbookPart(fresh.archive.read(fresh.workbook_part)).print_names(view.name)
    workbook.set_print_names(view.name, printed)
    draft.put(draft.package.workbook_part, workbook.xml)
    if styles.changed:
        draft.put(_styles_of(draft.package), styles.xml())


def _put_sheet(draft: Draft, source: Source, workbook: WorkbookPart, view: View) -> None:
    there = draft.package.sheets.get(view.name)
    if there is None:
        path = source.copy_sheet(view.name, xml=as_selected(source.sheet(view.name), b""))
        identity = draft.relate(draft.package.workbook_part, WORKSHEET, path)
        workbook.add_sheet(view.name, identity, after=sheets_before(view), hidden=False)
        return
    if not _is_ours(draft.package, view):
        raise refusal(view)
    source.replace_sheet(view.name, there.path, as_selected)
    workbook.show_sheet(view.name)


def sheets_before(view: View) -> list[str]:
    """The sheets that stand before it, the front page first."""
    return [CONSOLE.name, *(one.name for one in VIEWS[: VIEWS.index(view)])]


def _is_ours(package: Package, view: View) -> bool:
    part = SheetPart(package.archive.read(package.sheets[view.name].path), name=view.name)
    row = part.row(1)
    first = next((cell for cell in part.cells(row) if cell.column == 0), None) if row else None
    return first is not None and cell_text(package, first) == view.signature


def _styles_of(package: Package) -> str:
    path = package.part_of("styles")
    if path is None:
        raise WrongWorkbook("总表里没有样式这一部分，没有改动；请用 Excel 打开总表另存一次，再做一次。")
    return path
