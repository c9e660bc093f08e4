"""The footer of a sheet: LibreOffice has it in the page style that the sheet goes by."""

from __future__ import annotations

from typing import Any

_LIKE = ("CharFontName", "CharFontNameAsian", "CharHeight", "CharHeightAsian")  # the type of the left part


def left(book: Any, sheet: Any) -> str:
    footer = _style(book, sheet).RightPageFooterContent  # its texts live no longer than it does
    return str(footer.LeftText.getString())


def right(book: Any, sheet: Any) -> str:
    footer = _style(book, sheet).RightPageFooterContent
    return str(footer.RightText.getString())


def put_right(book: Any, sheet: Any, text: str) -> None:
    """Another right part, in the type of the left one."""
    style = _style(book, sheet)
    footer = style.RightPageFooterContent
    like, made = footer.LeftText.createTextCursor(), footer.RightText.createTextCursor()
    footer.RightText.setString(text)
    like.gotoStart(False)
    like.goRight(1, True)
    made.gotoStart(False)
    made.gotoEnd(True)
    for name in _LIKE:
        made.setPropertyValue(name, like.getPropertyValue(name))
    style.RightPageFooterContent = footer


def _style(book: Any, sheet: Any) -> Any:
    return book.getStyleFamilies().getByName("PageStyles").getByName(sheet.PageStyle)
