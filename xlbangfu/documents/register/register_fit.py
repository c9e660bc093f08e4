"""A student's page made to fit one sheet of A4: what is oldest and longest gives way, and the page says what did. What gives
way later never makes the page higher, so the first ``Fit`` that fits is found by halving.

The latest contacts keep their two lines longest: they are what the register is opened for.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from xlbangfu.documents.register.entry import GRID, Entry, Section
from xlbangfu.documents.register.register_lines import height_of, page_lines, room_in, taken_by

ROOM = 740.0  # points of A4 less the margins (``register_book``), and a little for printers that measure otherwise
_MORE = "…"


class Fit(Struct, frozen=True):
    """How many lines a cell may take, and how many rows a section may show; None is all."""

    lines: int | None = None
    facts: int | None = None
    rows: Mapping[str, int] = field(default_factory=dict)


_FIRST = Fit(rows={"评价": 12, "成绩": 12, "荣誉": 12})
_GIVING_WAY: tuple[tuple[str, int], ...] = (  # what gives way next: the lines of a cell, or the rows of a section
    ("lines", 2), ("评价", 6), ("成绩", 8), ("评价", 4), ("计划", 8), ("成绩", 6), ("计划", 6), ("荣誉", 6), ("facts", 2),
    ("评价", 3), ("计划", 5), ("成绩", 5), ("结对", 4), ("计划", 4), ("评价", 2), ("成绩", 4), ("荣誉", 4),
    ("计划", 3), ("结对", 3), ("成绩", 3), ("荣誉", 3), ("帮扶记录", 6), ("计划", 2), ("评价", 1), ("结对", 2),
    ("荣誉", 2), ("facts", 1), ("帮扶记录", 5), ("帮扶记录", 4), ("成绩", 2), ("帮扶记录", 3), ("lines", 1),
    ("帮扶记录", 1), ("成绩", 1), ("计划", 1), ("结对", 1), ("荣誉", 1),
)  # fmt: skip


def _fits() -> Iterator[Fit]:
    fit = replace(_FIRST, lines=3)
    yield _FIRST
    yield fit
    for section, most in _GIVING_WAY:
        if section == "lines":
            fit = replace(fit, lines=most)
        elif section == "facts":
            fit = replace(fit, facts=most)
        else:
            fit = replace(fit, rows={**fit.rows, section: most})
        yield fit


FITS = tuple(_fits())


def fitted(entry: Entry) -> Entry:
    """The same student with as much as one page holds, and ``left_out`` saying what it does not."""
    first = bisect_left(FITS, -ROOM, key=lambda fit: -height_of(page_lines(_with(entry, fit))))
    return _with(entry, FITS[min(first, len(FITS) - 1)])


def _with(entry: Entry, fit: Fit) -> Entry:
    sections = tuple(_cut(section, fit) for section in entry.sections)
    short = tuple((name, _shortened(text, fit.facts, GRID - 3)) for name, text in entry.long_facts)
    less = [
        f"{now.title}另有{len(was.rows) - len(now.rows)}行"
        for was, now in zip(entry.sections, sections, strict=True)
        if len(now.rows) < len(was.rows)
    ]
    whole = set(_texts(entry.sections, entry.long_facts))
    if not whole.issuperset(_texts(sections, short)):
        less.append("有些话没有写完（…）")
    told = f"一页放不下的：{'，'.join(less)}，都在总表里。" if less else ""
    return replace(entry, sections=sections, long_facts=short, left_out=told)


def _cut(section: Section, fit: Fit) -> Section:
    most = fit.rows.get(section.title)
    rows = section.rows
    if most is not None and len(rows) > most:
        rows = rows[-most:] if section.latest_last else rows[:most]
    short = tuple(
        tuple(_shortened(text, fit.lines, span) for text, span in zip(row, section.spans, strict=True)) for row in rows
    )
    return replace(section, rows=short, note=_shortened(section.note, fit.lines, GRID - 2))


def _texts(sections: tuple[Section, ...], facts: tuple[tuple[str, str], ...]) -> Iterator[str]:
    yield from (text for _, text in facts)
    for section in sections:
        yield section.note
        for row in section.rows:
            yield from row


def _shortened(text: str, lines: int | None, span: int) -> str:
    """A text in so many lines of a cell, its end given up for a … where it is longer."""
    if lines is None:
        return text
    kept: list[str] = []
    left = lines
    for part in text.split("\n"):
        if left < 1:
            break
        kept.append(_head(part, left * room_in(span)))
        left -= max(1, -int(-taken_by(part) // room_in(span)))
    short = "\n".join(kept)
    return short if short == text or short.endswith(_MORE) else _head(short + _MORE * 2, lines * room_in(span))


def _head(text: str, room: float) -> str:
    if taken_by(text) <= room:
        return text
    while text and taken_by(text) + 1 > room:
        text = text[:-1]
    return text + _MORE
