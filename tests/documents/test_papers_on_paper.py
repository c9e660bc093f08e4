"""文书 as they come out of LibreOffice: 22 lines of 28 characters where text is plain, and nothing cut, wherever on a page it falls.

One call of the office for both, with papers that hold nothing but the blocks: what the XML says of geometry and of keeping
together (``test_papers``) is only worth what a program makes of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

import pytest

from tests.support.paper import Word, words_of
from xlbangfu.book.pdf.libreoffice import LibreOffice, libreoffice
from xlbangfu.documents.papers.blocks import Block, Column, Table, caption, para, part
from xlbangfu.documents.papers.paper_styles import OFFICIAL
from xlbangfu.documents.papers.rendering import fill
from xlbangfu.documents.papers.template_file import template_file

MADE = datetime(2026, 6, 30, 9)
LINES, SIGNS = 22, 28
OFFSETS = range(LINES)
ROWS = 8
COLUMNS = (Column(head="字头", cell="{{ 行.字 }}", width=60), Column(head="数", cell="1", width=60, align="right"))


def said(number: int) -> str:
    """In signs of one face, or a PDF has two words of it."""
    return "".join("〇一二三四五六七八九"[int(digit)] for digit in f"{number:02}")


def at_every_height() -> Sequence[Block]:
    """A heading, a caption and a table after 0, 1, 2 … lines of text: so many that each stands everywhere on a page once."""
    blocks: list[Block] = []
    for offset in OFFSETS:
        blocks += [
            *[para("填")] * offset,
            part(f"题{said(offset)}"),
            caption(f"表{said(offset)}"),
            Table(rows=f"行{offset}", columns=COLUMNS),
        ]
    return blocks


def lines_of(words: Sequence[Word]) -> list[str]:
    """The text of each line, without the number of the page."""
    rows = groupby(words, key=lambda word: (word.page, round(word.top)))
    return [text for _, line in rows if "—" not in (text := "".join(word.text for word in line))]


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Word]]:
    folder = tmp_path_factory.mktemp("文书")
    rows = {f"行{at}": [{"字": f"第{said(at)}表第{said(row)}行"} for row in range(ROWS)] for at in OFFSETS}
    papers: dict[str, tuple[Sequence[Block], dict[str, object]]] = {
        "满页": ([para("字" * (LINES * SIGNS * 2))], {}),
        "各处": (at_every_height(), rows),
    }
    for name, (blocks, values) in papers.items():
        template = template_file(name, blocks, OFFICIAL, made=MADE)
        (folder / f"{name}.docx").write_bytes(fill(template, values, name=name, made=MADE))
    program = libreoffice()
    assert program is not None
    LibreOffice(program).make([folder / f"{name}.docx" for name in papers], folder, lambda _: None)
    return {name: words_of(folder / f"{name}.pdf") for name in papers}


@pytest.mark.office
@pytest.mark.slow
def test_a_page_of_plain_text_has_22_lines_of_28_characters(words: dict[str, list[Word]]) -> None:
    first = lines_of([word for word in words["满页"] if word.page == 1])

    assert len(first) == LINES
    assert [len(line) for line in first] == [SIGNS - 2, *[SIGNS] * (LINES - 1)]


@pytest.mark.office
@pytest.mark.slow
def test_wherever_they_fall_a_heading_has_what_follows_on_its_page_and_a_short_table_is_not_cut(
    words: dict[str, list[Word]],
) -> None:
    page_of: dict[str, int] = {}
    for word in words["各处"]:
        page_of.setdefault(word.text, word.page)

    assert max(page_of.values()) > len(OFFSETS) / 2
    for at in OFFSETS:
        together = [f"{kind}{said(at)}" for kind in "题表"] + [f"第{said(at)}表第{said(row)}行" for row in range(ROWS)]
        assert len({page_of[text] for text in together}) == 1, together
