"""Views in the open workbook: the program itself copies the sheet over from a workbook that it opens beside, charts,
sparklines, looks and print set-up with it, and only then is the sheet drawn before taken away."""

from __future__ import annotations

from collections.abc import Container, Mapping
from contextlib import suppress

from xlbangfu.book.light_xlwings import xlwings
from xlbangfu.book.live.host import Host
from xlbangfu.book.live.range_writer import Writer
from xlbangfu.book.safety.temporary import temporary_folder
from xlbangfu.book.sheet_transfer.view_sheets import refusal, sheets_before
from xlbangfu.schema import View

_ASIDE = "（换下）"


def check(book: xlwings.Book, views: Mapping[View, bytes]) -> None:
    """Raise WrongWorkbook where a sheet by the name of a view is the staff's own."""
    names = {str(name) for name in book.sheet_names} if views else set()  # two calls a sheet
    for view in views:
        if view.name in names and book.sheets[view.name].range("A1").value != view.signature:
            raise refusal(view)


def show(writer: Writer, host: Host, book: xlwings.Book, views: Mapping[View, bytes]) -> None:
    """Put the views in. What is put aside for them goes when all are there."""
    names = {str(name) for name in book.sheet_names} if views else set()  # two calls a sheet, so they are asked once
    aside = [
        sheet
        for view, content in views.items()
        if (sheet := _show(writer, host, book, view, content, names)) is not None
    ]
    for sheet in aside:
        sheet.delete()


def bring_to_front(book: xlwings.Book, views: Mapping[View, bytes]) -> None:
    """The last of the views, for whoever clicked wants to see it; once updates are shown again, or it is not heeded."""
    for view in [*views][-1:]:
        with suppress(Exception):  # what was done is done; each program has its own error for what it does not show
            book.sheets[view.name].impl.activate()  # the sheet only: the workbook was clicked in, it is in front


def _show(
    writer: Writer, host: Host, book: xlwings.Book, view: View, content: bytes, names: set[str]
) -> xlwings.Sheet | None:
    old = _put_aside(writer, book, view) if view.name in names else None
    made = _copied(host, book, view, content, names)
    writer.remember(made.delete)
    names.add(view.name)
    return old


def _put_aside(writer: Writer, book: xlwings.Book, view: View) -> xlwings.Sheet:
    """The sheet drawn before, under another name for the moment."""
    old = book.sheets[view.name]
    old.name = view.name + _ASIDE
    writer.remember(lambda: setattr(old, "name", view.name))
    return old


def _copied(host: Host, book: xlwings.Book, view: View, content: bytes, names: Container[str]) -> xlwings.Sheet:
    """The copy has the view's name, which no other sheet has now; xlwings would ask every sheet for its name, twice."""
    after = next(name for name in reversed(sheets_before(view)) if name in names)
    with temporary_folder() as folder:
        path = folder / f"{view.name}.xlsx"
        path.write_bytes(content)
        source = host.open_aside(book.app, path)
        try:
            host.copy_sheet(source.sheets[view.name], book.sheets[after])
            return book.sheets[view.name]
        finally:
            source.close()
