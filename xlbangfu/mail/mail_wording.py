"""The words of a mail: templates of 设置 filled in, a small table of counts, no name of a student."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

from xlbangfu.late_pattern import late_pattern

LOCKED = "附件加了密的，打开口令由学校另行告知，不随邮件寄送；口令里的字母、数字和标点用半角（英文输入法）输入。"
KEEP = "附件是内部工作资料，请勿转发；如果误收，请删除并告诉我们。"
NOTHING_SUBJECT = "{班级} 班级页（{学期}），不用填"
NOTHING_BODY = "{教师}老师：{班级}目前没有{对外称谓}学生。附件只供了解，不用填，也不用发回。{学校}"
TEACHER_SUBJECT = "帮扶页（{学期}），请于 {期限} 前填好发回"
TEACHER_BODY = (
    "{教师}老师：附件是您的帮扶页（{学期}），里面是和您结对的 {人数} 名学生。"
    "请在 {期限} 前填好“填报记录”，存好后把文件发回。辛苦了！{学校}"
)
TEACHER_TOO = "另附您自己的帮扶页，里面是和您结对的 {人数} 名学生，请填好“填报记录”一起发回。"
NOTHING_TOO = "{班级}目前没有{对外称谓}学生，班级页只供了解，不用填。"
TEACHER_LATE_SUBJECT = "帮扶页还没有收到，原定 {期限} 前交"
TEACHER_LATE_BODY = (
    "{教师}老师：您{学期}的帮扶页原定 {期限} 前交，现在还没有收到。"
    "请填好“填报记录”，存好后把文件发回；已经发了的请告诉我们。辛苦了！{学校}"
)
_BODY = "max-width:600px;font:16px/1.6 等线,微软雅黑,PingFang SC,sans-serif;color:#1F2933"
_CELL = "padding:6px 28px 6px 0;vertical-align:bottom"
_FIGURE = "font-size:22px;font-weight:bold"
_SMALL = "font-size:15px;color:#52606D"
_DAY = late_pattern(r"\d{1,2}月\d{1,2}日")


def filled(template: str, values: Mapping[str, str]) -> str:
    """A template with its fields put in; ``values`` has every field of ``settings.MAIL_FIELDS``.

    >>> filled("{教师}老师：您好", {"教师": "王老师"})
    '王老师：您好'
    """
    return template.format_map(values).replace("老师老师", "老师")


def as_text(body: str, counts: Mapping[str, int], *, encrypted: bool) -> str:
    """The plain part: the body, one count a line, what to know about the attachment."""
    lines = [*body.splitlines(), "", *(f"{name}：{number}" for name, number in counts.items()), ""]
    return "\r\n".join([*lines, *_notes(encrypted)]) + "\r\n"


def as_html(body: str, counts: Mapping[str, int], *, encrypted: bool) -> str:
    """The same for mail programs that show HTML, no wider than a telephone turned: the figures side by side, days in bold;
    no picture, no link, nothing fetched from elsewhere."""
    cells = "".join(
        f'<td style="{_CELL}"><span style="{_FIGURE}">{number}</span><br><span style="{_SMALL}">{escape(name)}</span></td>'
        for name, number in counts.items()
    )
    table = f'<table style="border-collapse:collapse"><tr>{cells}</tr></table>' if cells else ""
    notes = "".join(f'<p style="{_SMALL}">{escape(note)}</p>' for note in _notes(encrypted))
    return f'<html><body style="{_BODY}">{_paragraphs(body)}{table}{notes}</body></html>'


def plain_html(body: str) -> str:
    """A body of paragraphs alone, for a mail that brings nothing."""
    return f'<html><body style="{_BODY}">{_paragraphs(body)}</body></html>'


def _paragraphs(body: str) -> str:
    return "".join(f"<p>{_DAY.sub(_bold, escape(line))}</p>" for line in body.splitlines() if line.strip())


def _bold(day: re.Match[str]) -> str:
    return f"<b>{day[0]}</b>"


def _notes(encrypted: bool) -> list[str]:
    return [LOCKED, KEEP] if encrypted else [KEEP]
