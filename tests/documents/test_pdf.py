"""PDFs of views, class pages and letters: which program makes them, where they go, and what is read on them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.support.views_made import CLASSES, marked_school, quality_content
from xlbangfu import actions, sample
from xlbangfu.actions import Call
from xlbangfu.actions.make_pdfs import latest
from xlbangfu.book import pdf, template
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.book.pdf import libreoffice as by_libreoffice
from xlbangfu.book.pdf import makers
from xlbangfu.book.pdf.excel import Excel
from xlbangfu.book.pdf.libreoffice import LibreOffice, libreoffice
from xlbangfu.catalog import PDF
from xlbangfu.errors import NoOffice, WriteFailed
from xlbangfu.schema import QUALITY, RUNS, SCHOOL_PAGE

MADE = datetime(2026, 6, 30, 9)
LEAST = 8.0  # points on paper


class FakeMaker:
    """Writes a PDF for each file that is there."""

    name = "替身"

    def make(self, files: Sequence[Path], folder: Path, progress: Callable[[float], None]) -> None:
        for file in files:
            assert file.is_file()
            (folder / f"{file.stem}.pdf").write_bytes(b"%PDF-" + file.stem.encode())
        progress(1.0)


@pytest.fixture
def master(tmp_path: Path) -> Path:
    path = tmp_path / "总表.xlsm"
    frames = dict(sample.make(students=160, classes=4, exams=3, logs=60).frames)
    template.build(path, frames=frames, created=MADE)
    return path


def perform(name: str, path: Path, **options: bool) -> actions.Outcome:
    call = Call(user="办公室", now=MADE, options={PDF: True} if options.get("pdf") else {})
    done = actions.perform(name, ClosedBook(path, action=name), call)
    assert done is not None
    return done


def test_the_button_makes_one_of_each_view_and_of_each_paper_that_is_there(
    master: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "pdf_maker", FakeMaker)
    perform("pages", master)
    done = perform("pdf", master)

    there = {path.name for path in (master.parent / "PDF").iterdir()}
    pages = {f"{path.stem}.pdf" for path in (master.parent / "班级页").glob("*.xlsx") if path.name != "目录.xlsx"}
    assert pages
    assert there == {"质量分析.pdf", "学校一页.pdf"} | pages
    assert "6 份 PDF" in done.sentence
    assert {QUALITY.name, SCHOOL_PAGE.name} <= set(ClosedBook(master).package.sheets)
    assert ClosedBook(master).read(RUNS)[RUNS]["操作"].to_list() == ["班级页", "做PDF"]


@pytest.mark.parametrize(("action", "folder"), [("pages", "班级页"), ("run", "班级页"), ("slips", "家长信")])
def test_papers_made_with_pdf_have_one_beside_each(
    master: Path, monkeypatch: pytest.MonkeyPatch, action: str, folder: str
) -> None:
    monkeypatch.setattr(pdf, "pdf_maker", FakeMaker)
    perform(action, master, pdf=True)
    files = list((master.parent / folder).iterdir())

    books = {path.stem for path in files if path.suffix == ".xlsx"} - {"目录"}
    assert books
    assert {path.stem for path in files if path.suffix == ".pdf"} == books


@pytest.mark.parametrize("action", ["quality", "briefing", "pages", "run", "slips", "pdf"])
def test_where_no_program_can_nothing_is_done_and_it_is_told_what_to_do(
    master: Path, monkeypatch: pytest.MonkeyPatch, action: str
) -> None:
    def nobody() -> None:
        raise NoOffice(makers._NOBODY)

    monkeypatch.setattr(pdf, "pdf_maker", nobody)
    before = master.read_bytes()

    with pytest.raises(NoOffice, match=r"Excel 或 LibreOffice.*另存为 PDF"):
        perform(action, master, pdf=True)
    assert master.read_bytes() == before
    assert not (master.parent / "PDF").exists()


def test_a_paper_that_fails_leaves_everything_as_it_was(master: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise WriteFailed("没有做成")

    monkeypatch.setattr(FakeMaker, "make", fail)
    monkeypatch.setattr(pdf, "pdf_maker", FakeMaker)
    before = master.read_bytes()

    with pytest.raises(WriteFailed):
        perform("pages", master, pdf=True)
    assert master.read_bytes() == before
    assert not list(master.parent.glob("班级页/*"))


def test_of_several_pages_of_a_class_the_newest_counts(tmp_path: Path) -> None:
    import os

    for day, name in enumerate(
        ("1班_关爱_0601.xlsx", "1班_关爱_0630.xlsx", "2班_关爱_0601.xlsx", "目录.xlsx", "~$1班_.xlsx")
    ):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (day, day))

    assert [path.name for path in latest(tmp_path)] == ["1班_关爱_0630.xlsx", "2班_关爱_0601.xlsx"]
    assert latest(tmp_path / "没有") == []


def test_a_computer_without_excel_and_libreoffice_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(makers, "has_excel", lambda: False)
    monkeypatch.setattr(makers, "libreoffice", lambda: None)

    with pytest.raises(NoOffice):
        makers.pdf_maker()


def test_excel_goes_before_libreoffice_where_it_is_at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(makers, "libreoffice", lambda: Path("soffice"))
    monkeypatch.setattr(makers, "has_excel", lambda: True)
    monkeypatch.setattr(sys, "platform", "win32")
    assert isinstance(makers.pdf_maker(), Excel)
    monkeypatch.setattr(sys, "platform", "linux")
    assert isinstance(makers.pdf_maker(), LibreOffice)


def test_an_excel_of_its_own_exports_each_and_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from xlbangfu.book import light_xlwings

    said: list[str] = []

    class App:
        def __init__(self, *, visible: bool, add_book: bool) -> None:
            said.append(f"start {visible} {add_book}")
            self.books = SimpleNamespace(open=self.open)

        def open(self, path: str, *, read_only: bool) -> SimpleNamespace:
            said.append(f"open {Path(path).name} {read_only}")
            return SimpleNamespace(to_pdf=lambda target: Path(target).touch(), close=lambda: said.append("close"))

        def quit(self) -> None:
            said.append("quit")

    monkeypatch.setattr(light_xlwings, "xlwings", SimpleNamespace(App=App))
    Excel().make([tmp_path / "一.xlsx"], tmp_path, lambda _: None)

    assert said == ["start False False", "open 一.xlsx True", "close", "quit"]
    assert (tmp_path / "一.pdf").exists()


def sizes(path: Path) -> list[tuple[int, float, str]]:
    """Page, height in points and text of every word of a PDF, as it is on the paper."""
    import re

    xml = subprocess.run(["pdftotext", "-bbox", str(path), "-"], capture_output=True, check=True).stdout.decode()
    found, page = [], 0
    for line in xml.splitlines():
        page += "<page " in line
        word = re.search(r'yMin="([\d.]+)".*yMax="([\d.]+)">(.*)</word>', line)
        if word:
            found.append((page, float(word[2]) - float(word[1]), word[3]))
    return found


@pytest.mark.office
@pytest.mark.parametrize("rooms", [CLASSES, tuple(f"{number}班" for number in range(1, 21))], ids=["three", "twenty"])
def test_quality_is_printed_in_a_size_that_can_be_read_and_nothing_is_cut(
    tmp_path: Path, rooms: tuple[str, ...]
) -> None:
    program = libreoffice()
    assert program is not None
    source = tmp_path / "质量分析.xlsx"
    source.write_bytes(quality_content(marked_school(rooms)))
    LibreOffice(program).make([source], tmp_path, lambda _: None)
    words = sizes(tmp_path / "质量分析.pdf")

    assert min(height for _, height, _ in words) >= LEAST
    text = "".join(word for *_, word in words)
    assert "不到5人不算率" in text.replace(" ", "")
    assert all(text.count(room) >= 4 for room in rooms)
    assert max(page for page, *_ in words) <= (2 if len(rooms) == 3 else 6)


@pytest.mark.office
def test_the_heads_page_is_one_page(master: Path) -> None:
    perform("briefing", master, pdf=True)
    words = sizes(master.parent / "PDF" / "学校一页.pdf")

    assert {page for page, *_ in words} == {1}
    assert min(height for _, height, _ in words) >= LEAST
    text = "".join(word for *_, word in words)
    assert all(part in text for part in ("在帮扶", "批示", "签名", "已办"))


@pytest.mark.skipif(sys.platform == "win32", reason="a wrapper in sh")
def test_a_program_that_does_not_come_to_an_end_is_ended_with_all_that_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrapper, told = tmp_path / "soffice", tmp_path / "office"
    wrapper.write_text(f"#!/bin/sh\nsleep 600 &\necho $! > {told}\nwait\n")
    wrapper.chmod(0o755)
    monkeypatch.setattr(by_libreoffice, "_PATIENCE", 1)

    with pytest.raises(WriteFailed, match="已经停下，什么也没有改动"):
        LibreOffice(wrapper).make([tmp_path / "a.xlsx"], tmp_path, lambda _: None)

    office = Path(f"/proc/{told.read_text().strip()}/stat")
    assert not office.exists() or office.read_text().split()[2] == "Z"


def test_a_program_that_cannot_be_started_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(WriteFailed, match="没有打开"):
        LibreOffice(tmp_path / "没有").make([tmp_path / "a.xlsx"], tmp_path, lambda _: None)


def test_a_program_in_the_current_folder_is_not_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows finds one there before all others."""
    (tmp_path / "soffice").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("shutil.which", lambda name: f"./{name}")

    place = libreoffice()

    assert place is None or place.is_absolute()
