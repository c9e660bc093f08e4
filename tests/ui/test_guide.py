"""使用说明: five pages whose fonts Word takes for Chinese too, and whose buttons are there."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from xlbangfu import catalog
from xlbangfu.setup_machine.bundle import contents
from xlbangfu.window import first_book, main_view

pytest.importorskip("docx", reason='needs python-docx: pip install -e ".[release]"')

from workbooks import guide

WORD = guide.HERE / guide.WORD
PARTS = zipfile.ZipFile(WORD)
SAID = "".join(re.findall(r"<w:t[ >][^<]*", PARTS.read("word/document.xml").decode()))


def test_what_is_committed_is_what_the_command_builds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guide, "as_pdf", lambda word: word)

    built = zipfile.ZipFile(guide.build(tmp_path)[0])

    assert {name: built.read(name) for name in built.namelist()} == {
        name: PARTS.read(name) for name in PARTS.namelist()
    }


def test_there_are_five_pages_each_on_a_new_sheet() -> None:
    assert len(guide.PAGES) == 5
    assert PARTS.read("word/document.xml").decode().count("<w:pageBreakBefore/>") == 4


def test_fonts_are_set_in_styles_only_and_for_chinese_too() -> None:
    assert "w:rFonts" not in PARTS.read("word/document.xml").decode()
    assert PARTS.read("word/styles.xml").decode().count(f'w:eastAsia="{guide.FONT}"') >= 4


def test_every_button_that_the_guide_names_is_there() -> None:
    """“点“…”” is a button of the window or one of its forms."""
    source = Path(main_view.__file__).parent
    window = "".join(path.read_text("utf-8") for path in source.glob("*.py"))
    steps = "".join(step for page in guide.PAGES for step in (*page.steps, *page.notes))
    named = set(re.findall(r"点“([^”]+)”", steps)) - {"更多信息", "选名册…"}

    labels = {action.label for action in catalog.ACTIONS}
    assert [name for name in sorted(named) if name not in labels and f'"{name}"' not in window] == []
    assert f"选{first_book.ROSTER}…" in SAID


def test_every_picture_says_what_it_shows() -> None:
    shown = [shows for page in guide.PAGES for _, shows in page.pictures]

    assert re.findall(r'descr="([^"]+)"', PARTS.read("word/document.xml").decode()) == shown


def test_the_guide_asks_for_no_command_and_names_files_that_are_in_the_package() -> None:
    """The command ``xlbangfu`` is found nowhere on a computer where the double click put it."""
    words = "".join("".join((page.words, *page.steps, *page.notes)) for page in guide.PAGES)

    assert "xlbangfu" not in words
    named = set(re.findall(r"“([^”]+\.(?:xlsm|xlsx|bat|pdf|docx))”", words))
    assert named and named <= {contents.START, *contents.SHIPPED, *contents.GUIDES}


def test_a_flat_picture_leaves_its_room_to_a_tall_one() -> None:
    assert guide.shared([10, 2], 15) == [10, 2]
    assert guide.shared([12, 12], 15) == [7, 8]
    assert guide.shared([14, 2], 15) == [13, 2]
