"""A template filled in: what a school changed in it is not trusted to be right, and what stands in cells is only text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from io import BytesIO
from itertools import count
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from xlbangfu.documents.papers.native_chart import NativeChart
from xlbangfu.documents.papers.packing import packed
from xlbangfu.errors import TemplateUnfit
from xlbangfu.late_pattern import late_pattern

if TYPE_CHECKING:
    from docx.document import Document
    from docxtpl import DocxTemplate
    from jinja2 import Environment

_BROKEN = (AttributeError, KeyError, ValueError, TypeError, OSError)
_TOGETHER = 3  # rows, with that of the headings
_WHOLE = 13  # rows of a table that is never cut: a third of a page, or two where each has two lines
_UNFIT = late_pattern(r"[\x00-\x09\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


def fill(template: bytes, values: Mapping[str, Any], *, name: str, made: datetime) -> bytes:
    """The paper as a Word file. Raises TemplateUnfit, in a sentence, where the template cannot be filled in."""
    from jinja2 import TemplateError

    from xlbangfu.documents.papers.word_template import WordTemplate

    try:
        paper = WordTemplate(BytesIO(template))
        paper.init_docx()
        about = paper.docx.core_properties
        about.created = about.modified = made.replace(microsecond=0, tzinfo=None)
        about.title, about.author, about.last_modified_by = name, "", ""
        paper.render(_with_charts(values, paper), _environment())
        keep_ends_together(paper.docx)
        content = BytesIO()
        paper.save(content)
    except (TemplateError, SyntaxError, BadZipFile, *_BROKEN) as problem:  # of XML it is a SyntaxError
        raise TemplateUnfit(
            f"“{name}”的模板填不进去（{_why(problem)}）；请把“文书模板”文件夹里的“{name}.docx”改好，或者删掉它，用程序自己的。"
        ) from problem
    return packed(content.getvalue(), made)


def keep_ends_together(paper: Document) -> None:
    """A short table stands on one page; no long one begins or ends with fewer than three rows on a page. A heading row goes with
    the first."""
    from docx.oxml.ns import qn

    for table in paper.element.body.iter(qn("w:tbl")):
        rows = table.findall(qn("w:tr"))
        ends = rows[:-1] if len(rows) <= _WHOLE else (*rows[:_TOGETHER], *rows[-_TOGETHER:-1])
        for row in dict.fromkeys(ends):
            for paragraph in row.iter(qn("w:p")):
                _keep_with_next(paragraph.get_or_add_pPr())


def _keep_with_next(about: Any) -> None:
    """Right after the name of the style, where the schema has it: python-docx would look for each sibling that may follow."""
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    if about.find(qn("w:keepNext")) is None:
        has_style = len(about) > 0 and about[0].tag == qn("w:pStyle")
        about.insert(int(has_style), OxmlElement("w:keepNext"))


def plain(value: Any) -> Any:
    """Text without what no Word file may hold; nothing where there is none.

    >>> plain("a\\x0bb"), plain(None), plain(3)
    ('ab', '', 3)
    """
    if value is None:
        return ""
    return _UNFIT.sub("", value) if isinstance(value, str) else value


def _with_charts(values: Mapping[str, Any], paper: DocxTemplate) -> dict[str, Any]:
    """The values, the charts among them, in lists too, at home in the paper."""
    numbers = count(1)

    def at_home(value: Any) -> Any:
        if isinstance(value, NativeChart):
            return value.on(paper, next(numbers))
        if isinstance(value, Mapping):
            return {key: at_home(one) for key, one in value.items()}
        return [at_home(one) for one in value] if isinstance(value, list | tuple) else value

    return {key: at_home(value) for key, value in values.items()}


@cache
def _environment() -> Environment:
    from xlbangfu.documents.papers.word_template import Sandbox

    return Sandbox(finalize=plain)


def _why(problem: Exception) -> str:
    """The name that is not known, else what the library says."""
    found = re.search(r"'([^']+)' is undefined", str(problem))
    return f"没有“{found[1]}”这一项" if found else str(problem).splitlines()[0][:80] if str(problem) else "文件坏了"
