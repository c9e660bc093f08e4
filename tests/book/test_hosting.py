"""A book's buttons for another program: the macros change and nothing else."""

from __future__ import annotations

import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from pyopenvba import ExcelFile

from tests.support.workbooks_made import make
from xlbangfu import catalog
from xlbangfu.book import template
from xlbangfu.book.macros.hosting import host_in
from xlbangfu.book.macros.vba import Host
from xlbangfu.book.safety import backup
from xlbangfu.book.upgrade.button_renewal import Tab
from xlbangfu.book.upgrade.host_change import change_host
from xlbangfu.declarations import Action
from xlbangfu.errors import WrongWorkbook

TAB, ANNOUNCING = "customUI/customUI14.xml", ("_rels/.rels", "[Content_Types].xml")


def built(folder: Path, host: Host) -> Path:
    path = folder / "总表.xlsm"
    template.build(path, host=host, created=datetime(2026, 9, 1))
    return path


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def changed_names(old: dict[str, bytes], new: dict[str, bytes]) -> set[str]:
    return {name for name in {*old, *new} if old.get(name) != new.get(name)}


@pytest.mark.parametrize(("before", "after"), [("excel", "libreoffice"), ("libreoffice", "excel")])
def test_only_the_macros_and_the_tab_change_and_staffs_own_module_stays(
    tmp_path: Path, before: Host, after: Host
) -> None:
    path = built(tmp_path, before)
    with ExcelFile(path) as book:
        book.vba_project().add_module("Mine", "Public Sub Mine()\r\nEnd Sub\r\n")
        book.save()
    old = parts(path)

    assert change_host(path, after).changed

    new = parts(path)
    assert changed_names(old, new) <= {"xl/vbaProject.bin", TAB, *ANNOUNCING}
    assert "xl/vbaProject.bin" in changed_names(old, new)
    assert host_in(path) == after
    with ExcelFile(path) as book:
        names = set(book.module_names())
    assert "Mine" in names
    assert ("LaunchExcel" in names, "xlwings" in names, "LaunchLibreOffice" in names) == (
        after == "excel", after == "excel", after == "libreoffice",
    )  # fmt: skip
    assert [copy.action for copy in backup.backups(path)] == ["换按钮"]


def test_buttons_that_are_right_already_are_left_alone(tmp_path: Path) -> None:
    path = built(tmp_path, "libreoffice")
    before = path.read_bytes()
    assert not change_host(path, "libreoffice").changed
    assert path.read_bytes() == before


def test_a_book_without_our_buttons_is_refused(tmp_path: Path) -> None:
    path = make(tmp_path / "别的.xlsx")
    with pytest.raises(WrongWorkbook, match="没有帮扶的按钮"):
        change_host(path, "excel")


def test_staffs_macros_in_one_of_our_modules_are_not_lost(tmp_path: Path) -> None:
    path = built(tmp_path, "excel")
    with ExcelFile(path) as book:
        book.set_module(
            "LaunchExcel", book.get_module("LaunchExcel") + "\r\nPrivate Function Mine()\r\nEnd Function\r\n"
        )
        book.save()
    before = path.read_bytes()

    with pytest.raises(WrongWorkbook, match="“LaunchExcel”里有学校自己写的“Mine”"):
        change_host(path, "libreoffice")
    assert path.read_bytes() == before


def test_forms_and_references_of_the_staffs_stay(tmp_path: Path) -> None:
    path = built(tmp_path, "excel")
    with ExcelFile(path) as book:
        book.add_form("Enrol", caption="登记")
        book.save()
    with ExcelFile(path) as book:
        before = [str(one) for one in book.references()]

    assert change_host(path, "libreoffice").changed
    with ExcelFile(path) as book:
        assert [form.name for form in book.forms()] == ["Enrol"]
        assert [str(one) for one in book.references()] == before


def ribbon_order() -> list[Action]:
    """In each group the main one first, those of menus last."""
    return sorted(catalog.ACTIONS, key=lambda one: (catalog.GROUPS.index(one.group), bool(one.menu), not one.main))


def test_the_tab_on_the_ribbon_has_the_buttons_of_the_front_page(tmp_path: Path) -> None:
    from xml.etree import ElementTree

    found = parts(built(tmp_path, "excel"))
    root = ElementTree.fromstring(found["customUI/customUI14.xml"])
    buttons = [element for element in root.iter() if element.tag.endswith("}button")]
    assert [(button.get("tag"), button.get("label")) for button in buttons] == [
        (action.name, action.label) for action in ribbon_order()
    ]
    assert all(button.get("imageMso") and button.get("supertip") for button in buttons)
    assert len({button.get("imageMso") for button in buttons}) == len(buttons)
    for group in (element for element in root.iter() if element.tag.endswith("}group")):
        assert [button.get("size") for button in group].count("large") <= 1
        assert all(button.get("size") is None for menu in group for button in menu)
    menus = [element for element in root.iter() if element.tag.endswith("}menu")]
    assert "person_delete" in [button.get("tag") for menu in menus for button in menu]
    assert b'Target="customUI/customUI14.xml"' in found["_rels/.rels"]


def test_a_book_made_for_libreoffice_has_the_tab_once_it_is_hosted_to_excel_and_no_longer_after_the_way_back(
    tmp_path: Path,
) -> None:
    path = built(tmp_path, "libreoffice")
    (tmp_path / "Excel").mkdir()
    wanted = parts(built(tmp_path / "Excel", "excel"))[TAB]
    assert TAB not in parts(path)

    assert change_host(path, "excel").tab is Tab.NEW
    assert parts(path)[TAB] == wanted
    assert TAB.encode() in parts(path)["_rels/.rels"]
    assert change_host(path, "libreoffice").tab is Tab.GONE
    assert TAB not in parts(path)
    assert TAB.encode() not in parts(path)["_rels/.rels"]


@pytest.mark.parametrize("host", ["excel", "libreoffice"])
def test_a_tab_of_the_staffs_own_stays_whoever_the_buttons_are_for(tmp_path: Path, host: Host) -> None:
    path = built(tmp_path, "excel")
    theirs = b'<customUI xmlns="http://schemas.microsoft.com/office/2009/07/customui"><ribbon><tabs><tab id="school"/></tabs></ribbon></customUI>'
    found = parts(path) | {TAB: theirs}
    with zipfile.ZipFile(path, "w") as package:
        for name, data in found.items():
            package.writestr(name, data)

    assert change_host(path, host).tab is Tab.THEIRS
    assert parts(path)[TAB] == theirs


@pytest.mark.parametrize("action", catalog.ACTIONS, ids=lambda action: action.name)
def test_every_picture_on_the_ribbon_is_one_that_excel_has(action: Action) -> None:
    published = (Path(__file__).parents[1] / "data" / "excel-control-names.txt").read_text(encoding="utf-8")
    names = {line for line in published.splitlines() if not line.startswith("#")}
    assert action.icon in names
