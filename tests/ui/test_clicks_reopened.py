"""The buttons after LibreOffice's own save, which loses them: closed, opened by ``xlbangfu open``, and clicked again."""

from __future__ import annotations

import os

from tests.support.clicking import OpenBook
from tests.ui.test_clicks import BOX, opened, pytestmark, screen  # noqa: F401 - the marks and the workbook hold here too
from xlbangfu import catalog

CLICKED = catalog.ACTIONS if os.environ.get("XLBANGFU_EVERY_BUTTON") else catalog.ACTIONS[::4]
"""All are looked for; every fourth is clicked, or all of them where there is time."""


def test_after_ctrl_s_and_opening_again_every_button_is_there_and_answers(opened: OpenBook) -> None:  # noqa: F811 - the fixture
    shapes = opened.shapes
    assert is_as_saved(opened)
    opened.book.sheets["活动"].range("B400").value = "改一格"
    page = opened.book.sheets["控制台"]
    for _ in range(2):  # LibreOffice loses the buttons in two ways: as it saves, and as it opens what it saved
        opened.save_by_keyboard()
        assert str(page.range("控制台_保存").value).endswith(" 已经存进文件")
        opened.close()
        opened.open()
        page = opened.book.sheets["控制台"]
        assert opened.shapes == shapes
        assert is_as_saved(opened)
        assert f"丢了 {len(catalog.ACTIONS)} 个，已经补回来了" in opened.answer
        opened.book.sheets["活动"].range("B400").value = None
    done = opened.runs()
    opened.click("校验")
    opened.screen.confirm(BOX)
    assert opened.runs() == [*done, "校验"], "the macro still finds the program"
    for action in CLICKED:
        titles = (BOX, f"{action.label}：选文件（可以多选）")
        assert opened.click_and_dismiss(action.label, titles) in titles
    opened.screen.shot("又打开、又点过")
    assert opened.log == ""


def is_as_saved(book: OpenBook) -> bool:
    """Whether opening, which lets the macro tell of saves, was no change, and the first change will be one."""
    return not book.book.api.isModified() and book.book.api.isSetModifiedEnabled()
