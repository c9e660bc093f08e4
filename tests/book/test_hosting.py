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
from xlbangfu.book.macros.hosting import change_host, host_in
from xlbangfu.book.macros.vba import Host
from xlbangfu.book.safety import backup
from xlbangfu.declarations import Action
from xlbangfu.errors import WrongWorkbook


def built(folder: Path, host: Host) -> Path:
    path = folder / "总表.xlsm"
    template.build(path, host=host, created=datetime(2026, 9, 1))
    return path


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


@pytest.mark.parametrize(("before", "after"), [("excel", "libreoffice"), ("libreoffice", "excel")])
def test_only_the_macros_change_and_staffs_own_module_stays(tmp_path: Path, before: Host, after: Host) -> None:
    path = built(tmp_path, before)
    with ExcelFile(path) as book:
        book.vba_project().add_module("Mine", "Public Sub Mine()\r\nEnd Sub\r\n")
        book.save()
    old = parts(path)

    assert change_host(path, after)

    new = parts(path)
    assert {name for name in old if old[name] != new[name]} == {"xl/vbaProject.bin"}
    assert list(old) == list(new)
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
    assert not change_host(path, "libreoffice")
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

    assert change_host(path, "libreoffice")
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
