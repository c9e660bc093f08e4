"""文书 as PDF by Word and WPS, which are not here: a fake one that notes what it is asked for."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from xlbangfu.book.pdf import makers
from xlbangfu.book.pdf.libreoffice import LibreOffice
from xlbangfu.book.pdf.word import Word
from xlbangfu.errors import NoOffice, WriteFailed


class FakeWord:
    """As much of Word as a PDF takes."""

    def __init__(self) -> None:
        self.quit: list[int] = []
        self.closed: list[int] = []
        self.Documents = SimpleNamespace(Open=self._open)

    def _open(self, path: str, **how: Any) -> Any:
        assert how == {"ReadOnly": True, "AddToRecentFiles": False}
        if "坏" in path:
            raise RuntimeError("-2147352567")
        return SimpleNamespace(
            ExportAsFixedFormat=lambda target, _: Path(target).write_bytes(b"%PDF"), Close=self.closed.append
        )

    def Quit(self, changes: int) -> None:
        self.quit.append(changes)


@pytest.fixture
def word(monkeypatch: pytest.MonkeyPatch) -> FakeWord:
    fake, module = FakeWord(), ModuleType("win32com.client")
    vars(module)["DispatchEx"] = lambda _: fake
    monkeypatch.setitem(sys.modules, "win32com", ModuleType("win32com"))
    monkeypatch.setitem(sys.modules, "win32com.client", module)
    vars(sys.modules["win32com"])["client"] = module
    return fake


def test_word_makes_a_pdf_of_each_paper_changes_none_and_goes(word: FakeWord, tmp_path: Path) -> None:
    shares: list[float] = []
    Word("Word.Application", "Word").make([tmp_path / "计划.docx", tmp_path / "总结.docx"], tmp_path, shares.append)

    assert sorted(path.name for path in tmp_path.glob("*.pdf")) == ["总结.pdf", "计划.pdf"]
    assert (shares, word.closed, word.quit) == ([0.5, 1.0], [0, 0], [0])


def test_a_paper_that_word_does_not_open_is_told_in_a_sentence_and_word_goes(word: FakeWord, tmp_path: Path) -> None:
    with pytest.raises(WriteFailed, match="Word 没有做成 PDF"):
        Word("Word.Application", "Word").make([tmp_path / "坏.docx"], tmp_path, lambda _: None)
    assert word.quit == [0]


def test_papers_are_printed_by_what_opens_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(makers, "is_registered", lambda program: program == "KWPS.Application")
    assert makers.paper_pdf_maker().name == "WPS"

    monkeypatch.setattr(makers, "is_registered", lambda _: False)
    monkeypatch.setattr(makers, "libreoffice", lambda: Path("soffice"))
    assert isinstance(makers.paper_pdf_maker(), LibreOffice)

    monkeypatch.setattr(makers, "libreoffice", lambda: None)
    with pytest.raises(NoOffice, match="Word、WPS 或 LibreOffice"):
        makers.paper_pdf_maker()
