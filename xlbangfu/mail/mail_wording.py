"""The words of a mail: templates of 设置 filled in, a small table of counts, no name of a student."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

LOCKED = "附件已加密，打开口令由学校另行告知，不随邮件寄送；口令里的字母、数字和标点用半角（英文输入法）输入。"
KEEP = "附件是内部工作资料，请勿转发；如果误收，请删除并告诉我们。"
NOTHING_SUBJECT = "{班级} 班级工作页（{学期}），不用填"
NOTHING_BODY = "{教师}老师：{班级}目前没有{对外称谓}学生。附件只供了解，不用填，也不用发回。{学校}"
_CELL = "border:1px solid #bbb;padding:4px 12px"


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
    """The same for mail programs that show HTML: no picture, no link, nothing fetched from elsewhere."""
    words = "".join(f"<p>{escape(line)}</p>" for line in body.splitlines() if line.strip())
    rows = "".join(
        f'<tr><td style="{_CELL}">{escape(name)}</td><td style="{_CELL};text-align:right">{number}</td></tr>'
        for name, number in counts.items()
    )
    table = f'<table style="border-collapse:collapse">{rows}</table>' if rows else ""
    notes = "".join(f'<p style="color:#666">{escape(note)}</p>' for note in _notes(encrypted))
    return f'<html><body style="font-family:sans-serif">{words}{table}{notes}</body></html>'


def plain_html(body: str) -> str:
    """A body of paragraphs alone, for a mail that brings nothing."""
    words = "".join(f"<p>{escape(line)}</p>" for line in body.splitlines() if line.strip())
    return f'<html><body style="font-family:sans-serif">{words}</body></html>'


def _notes(encrypted: bool) -> list[str]:
    return [LOCKED, KEEP] if encrypted else [KEEP]
