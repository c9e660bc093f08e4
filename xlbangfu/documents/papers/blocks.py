"""What a template is made of: paragraphs and tables in styles of ``paper_styles``, with places for what is filled in.

A text may hold ``{{ 名 }}``, which is filled in, and ``{% if 名 %}…{% endif %}``. A block that stands for other blocks (``when``,
``each``, ``end`` …) is a paragraph of its own in the template and leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct


class Text(Struct, frozen=True):
    """A paragraph. ``{{r 名 }}`` alone is a chart."""

    style: str
    text: str


class Column(Struct, frozen=True, kw_only=True):
    """``cell`` is what stands in it in each row; ``width`` in millimetres; numbers are ``right``."""

    head: str
    cell: str
    width: float
    align: str = "left"


class Table(Struct, frozen=True, kw_only=True):
    """A heading row, repeated on every page, and a row for each of the list ``rows``, which is called ``row`` in the cells."""

    rows: str
    columns: Sequence[Column]
    row: str = "行"


class Grid(Struct, frozen=True, kw_only=True):
    """A form: ``cells`` in rows, each a text and its width in millimetres; every second cell is a label where ``labels``."""

    cells: Sequence[Sequence[tuple[str, float]]]
    height: float = 0


Block = Text | Table | Grid


def control(tag: str) -> Text:
    """A paragraph that goes when the paper is made.

    >>> control("endif").text
    '{%p endif %}'
    """
    return Text("文书正文", f"{{%p {tag} %}}")


def when(condition: str, then: Sequence[Block], otherwise: Sequence[Block] = ()) -> tuple[Block, ...]:
    """Blocks that are there where the condition holds, and those that are there where it does not."""
    rest = (control("else"), *otherwise) if otherwise else ()
    return (control(f"if {condition}"), *then, *rest, control("endif"))


def each(name: str, rows: str, blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks once for each of the list."""
    return (control(f"for {name} in {rows}"), *blocks, control("endfor"))


def title(text: str) -> Text:
    return Text("文书标题", text)


def mark(text: str) -> Text:
    """At the head of a paper that stays inside."""
    return Text("文书标记", text)


def part(text: str) -> Text:
    """一、…"""
    return Text("文书一级", text)


def section(text: str) -> Text:
    """（一）…"""
    return Text("文书二级", text)


def para(text: str) -> Text:
    return Text("文书正文", text)


def caption(text: str) -> Text:
    """Above a table or a chart, on its page."""
    return Text("文书表题", text)


def note(text: str) -> Text:
    return Text("文书注", text)


def chart(name: str) -> Text:
    return Text("文书图", f"{{{{r {name} }}}}")


def signed() -> tuple[Text, ...]:
    """Whose paper it is and of which day."""
    return Text("文书署名", "{{ 学校 }}"), Text("文书日期", "{{ 日期 }}")
