"""The checks of the package see each fault that is planted, and nothing in what the program makes."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest

from tests.support.package_lint import lint
from xlbangfu import sample
from xlbangfu.book import template

pytestmark = pytest.mark.damaged
Parts = dict[str, bytes]
Plant = Callable[[Parts], None]
BOOK, STYLES, TYPES = "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
ROSTER = "名册"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "书.xlsm"
    frames = sample.make(students=12, classes=2, exams=2, logs=10).frames
    template.build(path, frames=frames, created=datetime(2026, 6, 30))
    return path


def test_a_master_has_nothing_to_repair(sound: Path) -> None:
    assert lint(sound) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["帮扶总表.xlsm", "帮扶总表-示例.xlsm", "班级页-示例.xlsx"])
def test_what_is_handed_out_has_nothing_to_repair(name: str) -> None:
    assert lint(Path(__file__).parents[2] / "workbooks" / name) == []


def sheet_of(parts: Parts, name: str = ROSTER) -> str:
    """The path of a sheet's part."""
    number = re.search(rf'<sheet name="{name}" sheetId="\d+"[^>]* r:id="(\w+)"', parts[BOOK].decode())
    assert number
    found = re.search(rf'<Relationship Id="{number[1]}" [^>]*Target="([^"]+)"', parts[RELATIONS].decode())
    assert found
    return f"xl/{found[1]}"


def swap(part: str, old: str, new: str, *, count: int = 1) -> Plant:
    """Put something else in a part; ``part`` may be the name of a sheet, and ``old`` a pattern."""

    def plant(parts: Parts) -> None:
        path = part if part in parts else sheet_of(parts, part)
        changed, times = re.subn(old, new, parts[path].decode(), count=count)
        assert times, f"{old} is not in {path}"
        parts[path] = changed.encode()

    return plant


def table(old: str, new: str) -> Plant:
    """Put something else in the table of 名册."""

    def plant(parts: Parts) -> None:
        path = next(name for name, data in parts.items() if "tables/" in name and 'name="T_名册"'.encode() in data)
        swap(path, old, new)(parts)

    return plant


def without(name: str) -> Plant:
    return lambda parts: parts.pop(name) and None


def added(name: str, data: bytes = b"<a/>") -> Plant:
    return lambda parts: parts.update({name: data})


ROW = '<row r="2"'
FAULTS: dict[str, tuple[Plant, str]] = {
    "no XML": (swap(STYLES, "</styleSheet>", ""), "is no XML"),
    "a part without a content type": (added("xl/x.abc"), "has no content type"),
    "a content type without a part": (swap(TYPES, "</Types>", '<Override PartName="/xl/n.xml" ContentType="a"/></Types>'), "is not there"),
    "two content types": (swap(TYPES, "(<Override [^>]*/>)", r"\1\1"), "two content types"),
    "a part that nothing names": (added("xl/x.xml"), "nothing refers to it"),
    "a relation to nothing": (swap(RELATIONS, 'Target="styles.xml"', 'Target="none.xml"'), "is not there"),
    "two relations of one id": (swap(RELATIONS, 'Id="rId2"', 'Id="rId1"'), "comes twice"),
    "an id that begins with a figure": (swap(RELATIONS, "</Relationships>", '<Relationship Id="1" Type="x" Target="styles.xml"/></Relationships>'), "is no id"),
    "a name of a part that is not ASCII": (added("xl/表.xml"), "no name of a part"),
    "two sheets of one name": (swap(BOOK, 'name="教师"', 'name="名册"'), "two sheets are called"),
    "a sheet name with a sign": (swap(BOOK, 'name="教师"', 'name="教:师"'), "takes no such name"),
    "a sheet name that is too long": (swap(BOOK, 'name="教师"', f'name="{"长" * 32}"'), "takes no such name"),
    "two sheets of one id": (swap(BOOK, 'sheetId="3"', 'sheetId="2"'), "have the id"),
    "a hidden sheet is the active one": (swap(BOOK, "<workbookView ", '<workbookView activeTab="99" '), "active sheet"),
    "a name defined twice": (swap(BOOK, "(<definedName .*?</definedName>)", r"\1\1"), "is defined twice"),
    "a name like a cell": (swap(BOOK, '<definedName name="[^"_]+"', '<definedName name="AB12"'), "takes no such name"),
    "a name for nothing": (swap(BOOK, "(<definedName [^>]*>)[^<]*", r"\1"), "refers to nothing"),
    "a name of a sheet that is not there": (swap(BOOK, 'localSheetId="\\d+"', 'localSheetId="999"'), "sheet that is not there"),
    "a wrong count of formats": (swap(STYLES, '<cellXfs count="\\d+"', '<cellXfs count="1"'), "cellXfs"),
    "a font that is not there": (swap(STYLES, '(<cellXfs[^>]*><xf [^>]*)fontId="\\d+"', r'\1fontId="999"'), "fontId"),
    "elements out of order": (swap(ROSTER, "(<sheetData>.*</sheetData>)(.*?)(<pageMargins [^>]*/>)", r"\3\1\2"), "out of order"),
    "an element twice": (swap(ROSTER, "(<pageMargins [^>]*/>)", r"\1\1"), "twice"),
    "an element of no one": (swap(ROSTER, "<sheetData>", "<foo/><sheetData>"), "does not know"),
    "columns that overlap": (swap(ROSTER, '<col min="2" max="2"', '<col min="1" max="2"'), "overlap others"),
    "rows out of order": (swap(ROSTER, '<row r="3"', ROW), "out of order"),
    "a cell in another row": (swap(ROSTER, '<c r="A3"', '<c r="A4"'), "out of order in row"),
    "a cell with a format that is not there": (swap(ROSTER, '(<c r="A3" s=)"\\d+"', r'\1"9999"'), "which is not there"),
    "a number that is none": (swap(ROSTER, "</row></sheetData>", '<c r="XFD13"><v>1,5</v></c></row></sheetData>'), "holds 1,5"),
    "a number without end": (swap(ROSTER, "</row></sheetData>", '<c r="XFD13"><v>1e999</v></c></row></sheetData>'), "holds 1e999"),
    "a shared text that is not there": (swap(ROSTER, "</row></sheetData>", '<c r="XFD13" t="s"><v>99999</v></c></row></sheetData>'), "shared text"),
    "a text that is too long": (swap(ROSTER, "</row></sheetData>", f'<c r="XFD13" t="inlineStr"><is><t>{"x" * 32_768}</t></is></c></row></sheetData>'), "longer than a cell"),
    "blanks that would be lost": (swap(ROSTER, "</row></sheetData>", '<c r="XFD13" t="inlineStr"><is><t> x</t></is></c></row></sheetData>'), "are not kept"),
    "an unknown type": (swap(ROSTER, "</row></sheetData>", '<c r="XFD13" t="x"/></row></sheetData>'), "has the type x"),
    "a formula with a second =": (swap(ROSTER, "</row></sheetData>", '<c r="XFD13"><f>=1</f></c></row></sheetData>'), "second ="),
    "a function without its prefix": (swap(ROSTER, "</row></sheetData>", '<c r="XFD13"><f>XLOOKUP(1,A1,A1)</f></c></row></sheetData>'), "without its prefix"),
    "parts of a cell out of order": (swap(ROSTER, "</row></sheetData>", '<c r="XFD13"><v>1</v><f>1</f></c></row></sheetData>'), "parts out of order"),
    "merged cells in a table": (swap(ROSTER, "</sheetData>(<sheetProtection[^>]*/>)?", r'</sheetData>\1<mergeCells><mergeCell ref="A2:B2"/></mergeCells>'), "merged cells in a table"),
    "merged cells that overlap": (swap(ROSTER, "</sheetData>", '</sheetData><mergeCells><mergeCell ref="A2:B2"/><mergeCell ref="B2:C2"/></mergeCells>'), "merged cells overlap"),
    "a condition with a format that is not there": (swap(ROSTER, 'dxfId="\\d+"', 'dxfId="9999"'), "a condition has the format"),
    "a wrong count of drop-downs": (swap(ROSTER, '<dataValidations count="\\d+"', '<dataValidations count="1"'), "count of drop-downs"),
    "drop-downs that overlap": (swap(ROSTER, '(<dataValidation [^>]*sqref=)"[^"]*"([^>]*>.*?</dataValidation>)(<dataValidation [^>]*sqref=)"[^"]*"', r'\1"A2:A9"\2\3"A3"'), "two drop-downs"),
    "a prompt that is too long": (swap(ROSTER, 'prompt="[^"]*"', f'prompt="{"长" * 256}"'), "the prompt"),
    "a list that is too long": (swap(ROSTER, "<formula1>[^<]*</formula1>", f'<formula1>"{"a," * 200}"</formula1>'), "is too long"),
    "two links on a cell": (swap("校验", "</hyperlinks>", '<hyperlink ref="B9" location="名册!A1"/><hyperlink ref="B9" location="名册!A1"/></hyperlinks>'), "two links"),
    "a link to no sheet": (swap("校验", "</hyperlinks>", '<hyperlink ref="B9" location="没有!A1"/></hyperlinks>'), "which is not there"),
    "a table part that is not related": (swap(ROSTER, '<tablePart r:id="\\w+"', '<tablePart r:id="rId77"'), "relation that is not there"),
    "two tables of one id": (table(' id="\\d+"', ' id="1"'), "two tables have the id"),
    "two tables of one name": (table('displayName="T_名册"', 'displayName="T_教师"'), "are called"),
    "a table with a name that is none": (table('displayName="T_名册"', 'displayName="T 名册"'), "a table is called"),
    "a column that the header does not have": (table('name="姓名"', 'name="名字"'), "the cell says"),
    "two columns of one name": (table('name="姓名"', 'name="学号"'), "two columns"),
    "a table on another range": (table(' ref="A1:', ' ref="B1:'), "columns on"),
    "a filter on another range": (table('<autoFilter ref="A1:', '<autoFilter ref="A2:'), "filtered on another range"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_seen(fault: str, sound: Path, tmp_path: Path) -> None:
    plant, words = FAULTS[fault]
    with zipfile.ZipFile(sound) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    plant(parts)

    found = lint(packed(tmp_path, parts))

    assert any(words in one for one in found), found


@pytest.mark.parametrize(
    ("flag", "value", "words"), [("flag_bits", 1, "is encrypted"), ("extract_version", 63, "later zip")]
)
def test_a_fault_of_the_zip_is_seen(flag: str, value: int, words: str, sound: Path) -> None:
    from dataclasses import replace

    from tests.support.package_lint.container import container_faults
    from tests.support.package_lint.opened_package import OpenedPackage

    package = OpenedPackage.of(sound)
    setattr(package.members[3], flag, value)

    assert any(words in fault for fault in container_faults(replace(package)))


def test_a_member_that_is_there_twice_is_seen(sound: Path, tmp_path: Path) -> None:
    made = BytesIO(sound.read_bytes())
    with pytest.warns(UserWarning), zipfile.ZipFile(made, "a") as package:
        package.writestr(BOOK, b"<a/>")
    path = tmp_path / "书.xlsm"
    path.write_bytes(made.getvalue())

    assert f"{BOOK}: is in the zip twice" in lint(path)


def packed(folder: Path, parts: Parts) -> Path:
    path = folder / "书.xlsm"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return path
