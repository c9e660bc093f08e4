"""群通知.txt: what can be pasted into the staff's chat group. It has counts by class and no one's name."""

from __future__ import annotations

from collections.abc import Sequence

from xlbangfu.documents.class_page.page import ClassPage
from xlbangfu.schema import SEPARATOR

NOTE_NAME = "群通知.txt"
_WEEKDAYS = "一二三四五六日"


def group_note(pages: Sequence[ClassPage]) -> str:
    """The text for pages of one edition, in their order; lines end in CRLF, for Windows' Notepad."""
    edition = pages[0].edition
    due = edition.due
    with_students = [page for page in pages if page.students]
    without = [page.name for page in pages if not page.students]
    lines = [
        f"【{edition.term} 班级页】请各班班主任领取本班的班级页，"
        f"{due.month}月{due.day}日 周{_WEEKDAYS[due.weekday()]} 前填好交回。",
        *(_line(page) for page in with_students),
        *([f"这次不用填：{SEPARATOR.join(without)}"] if without else []),
        "班级页是内部资料，不在群里发，不转发。",
    ]
    return "\r\n".join(lines) + "\r\n"


def _line(page: ClassPage) -> str:
    late = sum(one.count for one in page.overdue or ())
    overdue = f"，已过期 {late} 项" if late else "，没有过期" if page.overdue is not None else ""
    return f"{page.name}：{len(page.students)} 人{overdue}"
