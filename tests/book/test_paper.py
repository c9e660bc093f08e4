"""The master on paper: what each sheet prints can be read, is whole, and says what it is; measured in the PDF."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlbangfu import house_look, sample
from xlbangfu.book import template
from xlbangfu.book.pdf.libreoffice import LibreOffice, libreoffice
from xlbangfu.book.row_heights import width
from xlbangfu.book.template.sheet_frames import printed
from xlbangfu.schema import CONSOLE, OUTPUTS, TABLES, Column, Table

MADE = datetime(2026, 6, 30, 9)
LEAST = 8.0  # points on paper
ROWS = 40  # of each sheet that are looked at
SHOWN = [table for table in TABLES if not table.hidden]


def as_wide(table: Table, columns: tuple[Column, ...]) -> float:
    return sum(width(column) for column in columns[: printed(table, columns)] if not column.hidden)


@pytest.mark.parametrize("table", SHOWN[1:], ids=lambda table: table.name)
def test_what_a_sheet_prints_is_what_it_is_declared_to_and_can_be_read(table: Table) -> None:
    wanted = table.paper or table.columns[-1].name
    assert table.columns[printed(table, table.columns) - 1].name == wanted
    assert as_wide(table, table.columns) <= house_look.PAPER_WIDTH


@given(st.permutations(TABLES[1:]), st.randoms())
def test_columns_in_whatever_order_are_not_printed_too_small_to_be_read(tables: list[Table], chance: object) -> None:
    columns = list(tables[0].columns)
    chance.shuffle(columns)  # type: ignore[attr-defined]  # random.Random
    assert 1 <= printed(tables[0], tuple(columns)) <= len(columns)
    assert as_wide(tables[0], tuple(columns)) <= max(house_look.PAPER_WIDTH, width(columns[0]))


@dataclass(frozen=True)
class Word:
    text: str
    page: int
    left: float
    right: float

    @property
    def size(self) -> float | None:
        """In points: a Chinese character is as wide as it is high; None of a word that has others."""
        wide = re.fullmatch("[\u4e00-\u9fff]+", self.text)
        return (self.right - self.left) / len(self.text) if wide else None


def on_paper(path: Path) -> tuple[list[Word], dict[int, float]]:
    """The words of a PDF, and how wide each page is."""
    xml = subprocess.run(["pdftotext", "-bbox", str(path), "-"], capture_output=True, check=True).stdout.decode()
    words: list[Word] = []
    pages: dict[int, float] = {}
    for line in xml.splitlines():
        if page := re.search(r'<page width="([\d.]+)"', line):
            pages[len(pages) + 1] = float(page[1])
        if found := re.search(r'xMin="([\d.]+)".*xMax="([\d.]+)".*>(.*)</word>', line):
            words.append(Word(found[3], len(pages), float(found[1]), float(found[2])))
    return words, pages


def school(name: str) -> Mapping[Table, pl.DataFrame] | None:
    if name == "nothing yet":
        return None
    made = sample.make() if name == "sample" else sample.make(students=120, classes=3, exams=3, logs=60)
    outputs = {table: table.empty() for table in OUTPUTS if table is not CONSOLE}  # so that each is in sight
    return {**outputs, **{table: frame.head(ROWS) for table, frame in made.frames.items()}}


@pytest.mark.slow
@pytest.mark.office
@pytest.mark.parametrize("name", ["sample", "three classes", "nothing yet"])
def test_every_sheet_can_be_read_on_paper_and_nothing_is_cut(tmp_path: Path, name: str) -> None:
    program = libreoffice()
    assert program is not None
    template.build(tmp_path / "总表.xlsm", frames=school(name), created=MADE)
    LibreOffice(program).make([tmp_path / "总表.xlsm"], tmp_path, lambda _: None)
    words, pages = on_paper(tmp_path / "总表.pdf")
    text = {page: "".join(word.text for word in words if word.page == page) for page in pages}

    assert {word.text: round(word.size, 1) for word in words if word.size and word.size < LEAST - 0.05} == {}
    assert [word for word in words if "###" in word.text or word.right > pages[word.page] or word.left < 0] == []
    assert all(
        house_look.CONFIDENTIAL in said and f"第{page}页/共{len(pages)}页" in said for page, said in text.items()
    )
    for table in SHOWN[1:] if name != "nothing yet" else ():
        first = next((said for said in text.values() if re.match(rf"{table.name}(?!›)", said)), "")  # no list of sheets
        heads = [column.name for column in table.columns[: printed(table, table.columns)] if not column.hidden]
        assert [head for head in heads if first and head not in first] == []
