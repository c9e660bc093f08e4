"""Buttons that a spreadsheet program's own save has lost are put back, and nothing else on 控制台 moves."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.live_office import office_in
from xlbangfu import doctor
from xlbangfu.actions.call import Call
from xlbangfu.actions.undo_last import undo
from xlbangfu.actions.upgrade_book import upgrade
from xlbangfu.actions.validate_book import validate
from xlbangfu.book import template
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.book.safety import backup
from xlbangfu.book.upgrade import button_repair, button_shapes
from xlbangfu.book.version import NAME
from xlbangfu.catalog import ACTIONS
from xlbangfu.cli import main
from xlbangfu.ooxml.package import Package
from xlbangfu.schema import CONSOLE

PAGE, LINKS, VML = "xl/worksheets/sheet1.xml", "xl/worksheets/_rels/sheet1.xml.rels", "xl/drawings/vmlDrawing1.vml"
MACROS = {action.macro for action in ACTIONS}
CALL = Call(user="李老师", now=datetime(2026, 9, 1, 10, 30), agrees=lambda _: True, clock=lambda: 0.0)
SHAPE = re.compile(rb"<v:shape\s.*?</v:shape>", re.DOTALL)
OWN = b'<v:shape id="_x0000_s1999" type="#_x0000_t201"><x:ClientData ObjectType="Button"><x:Anchor>14, 0, 1, 0, 15, 0, 2, 0</x:Anchor><x:FmlaMacro>[0]!Mine</x:FmlaMacro></x:ClientData></v:shape>'
NOTE = "教导处：周五前交"
Edit = Callable[[dict[str, bytes]], None]


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("新") / "总表.xlsm"
    template.build(path, host="libreoffice", created=datetime(2026, 9, 1))
    return path.read_bytes()


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def write(path: Path, members: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return path


def edited(fresh: bytes, folder: Path, edit: Edit) -> Path:
    path = folder / "总表.xlsm"
    path.write_bytes(fresh)
    members = parts(path)
    edit(members)
    return write(path, members)


def all_gone(members: dict[str, bytes]) -> None:
    """As LibreOffice leaves it when it opens what it has saved and saves it again."""
    members[PAGE] = re.sub(rb"<legacyDrawing [^>]*/>", b"", members[PAGE])
    members[LINKS] = re.sub(rb'<Relationship [^>]*vmlDrawing"[^>]*/>', b"", members[LINKS])
    del members[VML]


def only_others(members: dict[str, bytes]) -> None:
    """A button of the staff's is all that stands there."""
    members[VML] = SHAPE.sub(b"", members[VML]).replace(b"</xml>", OWN + b"</xml>")


def behind_its_end(members: dict[str, bytes]) -> None:
    """A button as LibreOffice writes it: it ends before it begins, and a picture of it stands in the drawing."""
    control = (
        b'<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice Requires="x14"><controls>'
        b'<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice Requires="x14">'
        b'<control shapeId="1001" r:id="rId9" name="Button 1"><controlPr macro="Buttons.Bangfu_Import"><anchor><from><xdr:col>2</xdr:col>'
        b"</from><to><xdr:col>3</xdr:col><xdr:colOff>-435240</xdr:colOff></to></anchor></controlPr></control></mc:Choice></mc:AlternateContent>"
        b"</controls></mc:Choice></mc:AlternateContent>"
    )
    members[PAGE] = members[PAGE].replace(b"</worksheet>", control + b"</worksheet>")
    kind = b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/ctrlProp"'
    link = b'<Relationship Id="rId9" ' + kind + b' Target="../ctrlProps/ctrlProps2.xml"/>'
    members[LINKS] = members[LINKS].replace(b"</Relationships>", link + b"</Relationships>")
    members["xl/ctrlProps/ctrlProps2.xml"] = b"<formControlPr/>"
    picture = '<mc:AlternateContent xmlns:mc="m"><mc:Choice Requires="a14"><xdr:twoCellAnchor><xdr:sp><xdr:cNvPr id="1001" name="Button 1"/><a:t>导入</a:t></xdr:sp></xdr:twoCellAnchor></mc:Choice></mc:AlternateContent>'
    drawing = members["xl/drawings/drawing1.xml"]
    members["xl/drawings/drawing1.xml"] = drawing.replace(b"</xdr:wsDr>", picture.encode() + b"</xdr:wsDr>")


LOSSES = (all_gone, only_others, behind_its_end)


def buttons_of(path: Path) -> list[str]:
    return [name.decode() for name in re.findall(rb"\[0\]!(Bangfu_\w+)", b"".join(v for k, v in parts(path).items() if k.endswith(".vml")))]  # fmt: skip


def test_a_new_workbook_lacks_no_button(fresh: bytes, tmp_path: Path) -> None:
    path = edited(fresh, tmp_path, lambda _: None)
    before = path.read_bytes()

    assert button_repair.mend(path) == button_repair.Repair()
    assert path.read_bytes() == before
    assert backup.backups(path) == []


@pytest.mark.damaged  # one of the states is cut short on purpose
@pytest.mark.parametrize("loss", LOSSES)
def test_every_button_comes_back_and_no_other_part_changes(fresh: bytes, tmp_path: Path, loss: Edit) -> None:
    path = edited(fresh, tmp_path, loss)
    before = parts(path)
    lost = button_repair.lost_buttons(path)
    assert lost

    repair = button_repair.mend(path)

    after = parts(path)
    assert repair.back == lost
    assert sorted(buttons_of(path)) == sorted(MACROS)
    assert button_repair.lost_buttons(path) == 0
    changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    assert changed <= {
        PAGE,
        LINKS,
        VML,
        "[Content_Types].xml",
        "xl/drawings/drawing1.xml",
        "xl/ctrlProps/ctrlProps2.xml",
    }
    cells = re.compile(rb"<sheetData>.*</sheetData>", re.DOTALL)
    assert cells.findall(after[PAGE]) == cells.findall(before[PAGE])
    assert b"Bangfu_" not in after[PAGE] + after["xl/drawings/drawing1.xml"]
    assert (OWN in after[VML]) == (loss is only_others), "what staff put there stays"
    assert after["xl/drawings/drawing1.xml"].count(b"<c:chart ") == before["xl/drawings/drawing1.xml"].count(
        b"<c:chart "
    )


def test_after_all_is_gone_the_page_is_as_it_was_made(fresh: bytes, tmp_path: Path) -> None:
    path = edited(fresh, tmp_path, all_gone)
    button_repair.mend(path)
    made = Package(fresh)

    assert parts(path)[VML] == made.archive.read(VML)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(gone=st.sets(st.sampled_from(sorted(MACROS)), min_size=1))
def test_whichever_buttons_are_gone_each_is_there_once_afterwards(fresh: bytes, gone: set[str]) -> None:
    vml = Package(fresh).archive.read(VML)
    wanted = [name.encode() for name in gone]
    left = SHAPE.sub(lambda found: b"" if any(b"!" + name + b"<" in found[0] for name in wanted) else found[0], vml)

    assert button_shapes.macros_in(left) == MACROS - gone
    again = button_shapes.with_buttons(left.replace(b"</xml>", OWN + b"</xml>"), vml, down=0)
    names = re.findall(rb"!(Bangfu_\w+)", again)
    numbers = re.findall(rb'id="(_x0000_s\d+)"', again)
    assert sorted(name.decode() for name in names) == sorted(MACROS)
    assert len({*numbers}) == len(numbers) == len(MACROS) + 1
    assert OWN in again


def test_rows_that_staff_put_in_above_take_the_buttons_down_with_them(fresh: bytes, tmp_path: Path) -> None:
    def two_rows_more(members: dict[str, bytes]) -> None:
        all_gone(members)
        book = members["xl/workbook.xml"].decode()
        moved = re.sub(r"(控制台!\$[A-Z]+\$)(\d+)", lambda found: f"{found[1]}{int(found[2]) + 2}", book)
        members["xl/workbook.xml"] = moved.encode()

    path = edited(fresh, tmp_path, two_rows_more)
    button_repair.mend(path)

    anchors = re.compile(rb"<x:Anchor>\d+, \d+, (\d+)")
    there = [int(row) for row in anchors.findall(parts(path)[VML])]
    assert there == [int(row) + 2 for row in anchors.findall(Package(fresh).archive.read(VML))]


def test_a_page_of_another_version_is_left_to_the_upgrade(fresh: bytes, tmp_path: Path) -> None:
    def older(members: dict[str, bytes]) -> None:
        all_gone(members)
        members["xl/workbook.xml"] = re.sub(rb'("0\.)\d+(\.\d+ )', rb"\g<1>0\2dead", members["xl/workbook.xml"])

    path = edited(fresh, tmp_path, older)
    before = path.read_bytes()
    repair = button_repair.mend(path)

    assert repair.back == 0
    assert "升级总表" in repair.sentence
    assert path.read_bytes() == before
    assert upgrade(ClosedBook(path, action="upgrade"), CALL).rows
    assert sorted(buttons_of(path)) == sorted(MACROS)


def test_of_the_copies_from_before_buttons_came_back_only_the_last_is_kept(fresh: bytes, tmp_path: Path) -> None:
    path = edited(fresh, tmp_path, all_gone)
    for _ in range(2):
        button_repair.mend(path)
        members = parts(path)
        all_gone(members)
        members["docProps/app.xml"] += b" "
        write(path, members)
    button_repair.mend(path)

    assert [copy.action for copy in backup.backups(path)] == [backup.BUTTONS_BACK]


def test_what_was_done_before_buttons_came_back_can_still_be_taken_back(fresh: bytes, tmp_path: Path) -> None:
    path = edited(fresh, tmp_path, lambda _: None)
    before = path.read_bytes()
    validate(ClosedBook(path, action="validate"), CALL)
    members = parts(path)
    all_gone(members)
    write(path, members)
    button_repair.mend(path)

    assert undo(ClosedBook(path, action="undo"), CALL) is not None
    copies = [copy for copy in backup.backups(path) if copy.path.read_bytes() == before]
    assert [copy.action for copy in copies] == ["validate"]


def test_a_copy_that_an_action_left_stays_that_actions(fresh: bytes, tmp_path: Path) -> None:
    path = edited(fresh, tmp_path, all_gone)
    backup.keep(path, path.read_bytes(), action="validate", changes=())
    button_repair.mend(path)

    assert [copy.action for copy in backup.backups(path)] == ["validate"]


def test_the_doctor_says_what_is_lost_and_what_to_do(fresh: bytes, tmp_path: Path) -> None:
    path = edited(fresh, tmp_path, all_gone)
    lost = doctor.workbook_checks.buttons_there(doctor.ThisMachine(), path)
    button_repair.mend(path)
    there = doctor.workbook_checks.buttons_there(doctor.ThisMachine(), path)

    assert lost is not None
    assert (lost.level, lost.said[:8]) == ("warn", f"在保存时丢了 {len(MACROS)}"[:8])
    assert "打开总表" in lost.remedy
    assert there is not None
    assert there.level == "ok"


@pytest.mark.parametrize("command", [["host"], ["upgrade"]])
def test_host_and_upgrade_put_them_back(
    fresh: bytes, tmp_path: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    path = edited(fresh, tmp_path, all_gone)
    assert main([*command, str(path), *(["libreoffice"] if command == ["host"] else [])]) == 0

    assert "补回来" in capsys.readouterr().out
    assert sorted(buttons_of(path)) == sorted(MACROS)


@pytest.mark.office
@pytest.mark.slow
def test_what_libreoffice_has_saved_once_or_twice_shows_every_button_again(fresh: bytes, tmp_path: Path) -> None:
    path = edited(fresh, tmp_path, lambda _: None)
    with office_in(tmp_path) as app:
        put_a_note_on_the_page(app, path)
        assert button_repair.mend(path).back == len(MACROS)
        shapes = number_of_shapes(app, path)
        for _ in range(2):
            book = app.books.open(str(path))
            book.save()
            book.close()
        assert number_of_shapes(app, path) < shapes, "LibreOffice keeps them: all of this can go"
        assert button_repair.mend(path).back == len(MACROS)
        assert number_of_shapes(app, path) == shapes
    assert NOTE.encode() in parts(path)["xl/drawings/drawing1.xml"]
    name = re.search(f'<definedName [^>]*name="{NAME}"[^>]*>'.encode(), parts(path)["xl/workbook.xml"])
    assert name is not None
    assert b'hidden="true"' in name[0]
    assert b'codeName="ThisWorkbook"' in parts(path)["xl/workbook.xml"]


def put_a_note_on_the_page(app: object, path: Path) -> None:
    """A shape of the staff's own."""
    from xlbangfu.book.libreoffice.bridge import struct

    book = app.books.open(str(path))  # type: ignore[attr-defined]  # xlwings's app, of our engine
    shape = book.api.createInstance("com.sun.star.drawing.RectangleShape")
    shape.setSize(struct("awt.Size", Width=5000, Height=1500))
    page = book.sheets[CONSOLE.name].api.getDrawPage()
    page.add(shape)
    shape.setString(NOTE)
    book.save()
    book.close()


def number_of_shapes(app: object, path: Path) -> int:
    book = app.books.open(str(path))  # type: ignore[attr-defined]  # xlwings's app, of our engine
    try:
        return int(book.sheets[CONSOLE.name].api.getDrawPage().getCount())
    finally:
        book.close()
