"""Views in a workbook: drawn as a whole, taken over with all that hangs on them, and nothing else touched."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.support.views_made import CLASSES, marked_school, quality_content, school_content
from tests.support.workbooks_made import parts
from xlbangfu.book import template
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.errors import WrongWorkbook
from xlbangfu.ooxml.package import Package
from xlbangfu.schema import CONSOLE, QUALITY, SCHOOL_PAGE

pytestmark = pytest.mark.damaged  # sheets of the staff's own are put in by hand
SMALL, LARGE = quality_content(marked_school()), quality_content(marked_school((*CLASSES, "4班", "5班")))


@pytest.fixture
def master(tmp_path: Path) -> Path:
    path = tmp_path / "总表.xlsm"
    template.build(path, created=datetime(2026, 6, 30))
    return path


def show(path: Path, content: bytes) -> None:
    book = ClosedBook(path, action="quality")
    book.show({QUALITY: content})
    book.save()


def sheet_of(path: Path) -> tuple[Package, str]:
    package = Package(path.read_bytes())
    return package, package.archive.read(package.sheets[QUALITY.name].path).decode()


def kinds(path: Path) -> Counter[str]:
    """How many parts there are of each kind."""
    return Counter(re.sub(r"\d+", "", name) for name in Package(path.read_bytes()).archive.members)


def test_a_workbook_that_never_had_the_view_gets_it_right_after_the_front_page(master: Path) -> None:
    show(master, SMALL)

    names = list(Package(master.read_bytes()).sheets)
    assert names[: names.index(QUALITY.name) + 1] == [CONSOLE.name, QUALITY.name]
    assert not Package(master.read_bytes()).sheets[QUALITY.name].hidden


def test_charts_sparklines_and_print_set_up_come_with_it(master: Path) -> None:
    show(master, SMALL)

    _, sheet = sheet_of(master)
    assert sheet.count("<x14:sparkline>") >= len(CLASSES)
    assert 'orientation="landscape"' in sheet
    assert "<rowBreaks" not in sheet or "manualBreakCount" in sheet
    book = openpyxl.load_workbook(master)
    assert len(book[QUALITY.name]._charts) == 2
    assert book[QUALITY.name].print_area
    drawn = [text for name, text in parts(master).items() if "charts/chart" in name and QUALITY.name in text.decode()]
    assert len(drawn) == 2


def test_drawn_again_it_follows_the_number_of_classes_and_leaves_nothing_behind(master: Path) -> None:
    show(master, SMALL)
    before = kinds(master)
    show(master, LARGE)

    _, sheet = sheet_of(master)
    assert kinds(master) == before
    assert sheet.count("<x14:sparkline>") % 5 == 0
    chart = next(
        text.decode()
        for name, text in parts(master).items()
        if "charts/chart" in name and QUALITY.name.encode() in text
    )
    first, last = map(int, re.findall(r"\$[A-Z]+\$(\d+):\$[A-Z]+\$(\d+)", chart)[0])
    assert last - first + 1 == 5


def test_the_looks_of_the_workbook_do_not_grow_with_every_drawing(master: Path) -> None:
    show(master, SMALL)
    show(master, LARGE)
    once = parts(master)["xl/styles.xml"]
    show(master, SMALL)
    show(master, LARGE)

    assert parts(master)["xl/styles.xml"] == once


def test_no_other_sheet_is_touched(master: Path) -> None:
    before = parts(master)
    show(master, SMALL)
    after = parts(master)

    assert {name for name in before if before[name] != after.get(name)} <= {
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "[Content_Types].xml",
    }


def test_a_sheet_of_the_staffs_own_by_that_name_stays_and_they_are_told(master: Path) -> None:
    show(master, SMALL)
    book = openpyxl.load_workbook(master, keep_vba=True)
    book[QUALITY.name]["A1"] = "我们自己的分析"
    book.save(master)
    before = master.read_bytes()

    with pytest.raises(WrongWorkbook, match="改个名"):
        show(master, LARGE)
    assert master.read_bytes() == before


def test_a_view_that_staff_hid_or_moved_is_shown_where_they_put_it(master: Path) -> None:
    show(master, SMALL)
    book = openpyxl.load_workbook(master, keep_vba=True)
    book.move_sheet(QUALITY.name, 5)
    book[QUALITY.name].sheet_state = "hidden"
    book.save(master)
    place = list(Package(master.read_bytes()).sheets).index(QUALITY.name)
    show(master, LARGE)

    sheets = Package(master.read_bytes()).sheets
    assert list(sheets).index(QUALITY.name) == place
    assert not sheets[QUALITY.name].hidden


def test_what_is_printed_is_said_once_for_each_view(master: Path) -> None:
    show(master, SMALL)
    show(master, LARGE)
    workbook = parts(master)["xl/workbook.xml"].decode()

    areas = re.findall(r'<definedName name="_xlnm.Print_Area"[^>]*>([^<]*)<', workbook)
    assert [area for area in areas if QUALITY.name in area] == [area for area in {*areas} if QUALITY.name in area]


def test_two_views_stand_side_by_side(master: Path) -> None:
    book = ClosedBook(master)
    book.show({QUALITY: SMALL, SCHOOL_PAGE: school_content()})
    book.save()

    assert list(Package(master.read_bytes()).sheets)[:3] == [CONSOLE.name, SCHOOL_PAGE.name, QUALITY.name]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from tests.support.live_office import office_in

    with office_in(tmp_path_factory.mktemp("office")) as app:
        yield app


@pytest.mark.office
def test_in_an_open_workbook_it_takes_the_place_of_the_one_before(master: Path, office: Any, tmp_path: Path) -> None:
    from xlbangfu.book.live.live_book import LiveBook

    opened = office.books.open(master)
    live = LiveBook(opened, action="quality")
    for content in (SMALL, LARGE):
        live.show({QUALITY: content})
        live.save()

    assert [sheet.name for sheet in opened.sheets][:2] == [CONSOLE.name, QUALITY.name]
    assert sum(QUALITY.name in sheet.name for sheet in opened.sheets) == 1
    sheet = opened.sheets[QUALITY.name]
    assert sheet.range("A1").value == QUALITY.signature
    assert sheet.api.getCharts().getCount() == 2
    assert len(office.books) == 1
    assert opened.sheets.active.name == QUALITY.name
    saved = tmp_path / "存.xlsx"
    opened.api.setModified(True)
    opened.save(saved)
    assert len(re.findall(r"<\w+:sparkline>", sheet_of(saved)[1])) % 5 == 0
    opened.close()


@pytest.mark.office
def test_in_an_open_workbook_a_sheet_of_the_staffs_own_stays(master: Path, office: Any) -> None:
    from xlbangfu.book.live.live_book import LiveBook

    opened = office.books.open(master)
    opened.sheets.add(QUALITY.name, after=opened.sheets[0]).range("A1").value = "我们自己的"
    live = LiveBook(opened, action="quality")
    live.show({QUALITY: SMALL})

    with pytest.raises(WrongWorkbook, match="改个名"):
        live.save()
    assert opened.sheets[QUALITY.name].range("A1").value == "我们自己的"
    opened.close()
