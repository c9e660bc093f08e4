"""What a paper is: its words in blocks, who may read it, and what fills it in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from xlbangfu.documents.papers.blocks import Block
from xlbangfu.documents.papers.native_chart import NativeChart
from xlbangfu.documents.papers.paper_source import Source
from xlbangfu.documents.papers.paper_styles import OFFICIAL, Page

OUTSIDE, HOME = "没有学生姓名，可以报送", "一人一页，只给学生本人和家长看"
OFFICE, OFFICE_COUNTS = "有学生姓名，内部用，不外传", "没有学生姓名，内部用，不外传"
"""Who reads a paper, as staff are told."""
Values = Mapping[str, Any]
_CHINESE = "[\u3000-\u9fff\uff00-\uffef]"


class Filled(Struct, frozen=True, kw_only=True):
    """One file of a paper: ``label`` goes into its name where a paper makes several, ``values`` into its template."""

    values: Values
    label: str = ""


class Paper(Struct, frozen=True, kw_only=True):
    """``name`` is what staff choose and type, ``title`` what file and template are called.

    ``readers`` are OUTSIDE: no student's name may be in it; OFFICE, or HOME: it
    names the student whom it is for, and says nothing of places or of any list. ``fills`` makes the values of each file, none where there is nothing to say, which ``nothing`` tells;
    ``words`` are the blocks of its template. One that is not ``by_marks`` asks for no 排名, 落实 or 进展, so these need not be reckoned.
    """

    name: str
    title: str
    help: str
    readers: str
    words: Callable[[], Sequence[Block]]
    fills: Callable[[Source], Sequence[Filled]]
    nothing: str = ""
    page: Page = OFFICIAL
    by_marks: bool = True


def values_of(paper: Paper, filled: Filled, source: Source) -> dict[str, Any]:
    """What fills in the template: what every paper has, and its own. No text of it has the word that stays inside, and in a paper
    for outside none has a student's name, whoever typed it."""
    said = source.public if paper.readers is OUTSIDE else source.neutral
    told: dict[str, Any] = _told(filled.values, said)
    return {**_common(source), **told}


def _told(value: Any, said: Callable[[str], str]) -> Any:
    """The same with every text as it may be said, in lists and charts too."""
    if isinstance(value, str):
        return said(value)
    if isinstance(value, Mapping):
        return {key: _told(one, said) for key, one in value.items()}
    if isinstance(value, NativeChart):
        return replace(value, title=said(value.title), bars=[(said(name), size) for name, size in value.bars])
    return [_told(one, said) for one in value] if isinstance(value, list | tuple) else value


def _common(source: Source) -> dict[str, Any]:
    from xlbangfu.house_look import written

    settings = source.school.settings
    return {
        "学校": source.neutral(settings.school),
        "学年": settings.school_year,
        "学期": term_name(settings.term),
        "称谓": settings.public_name,
        "日期": written(source.school.today),
    }


def tight(text: str) -> str:
    """A sentence without the blanks between digits and Chinese, which official papers have not.

    >>> tight("过期 240 项，66 人")
    '过期240项，66人'
    """
    return re.sub(rf"(?<={_CHINESE}) (?=[\d+−%])|(?<=[\d%]) (?={_CHINESE})", "", text)


def term_name(term: str) -> str:
    """A 学期 as a title has it.

    >>> term_name("2025-2026下"), term_name("春季")
    ('2025—2026学年下学期', '春季')
    """
    year, half = term[:-1], term[-1:]
    if half not in ("上", "下") or not year:
        return term
    return f"{year.replace('-', '—')}学年{half}学期"
