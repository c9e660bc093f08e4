"""The project of macros as oletools reads it, which is neither Office nor what made it."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from pyopenvba import ExcelFile
from pyopenvba.cfb import CFB
from pyopenvba.vba import compress

from tests.support.macro_lint import HEADER, macro_faults, modules
from tests.support.older_workbooks import FORM, MODULE, OLDER
from xlbangfu.book import template
from xlbangfu.book.macros import vba
from xlbangfu.book.upgrade.host_change import change_host

HOSTS: tuple[vba.Host, ...] = ("excel", "libreoffice")
OTHER: dict[vba.Host, vba.Host] = {"excel": "libreoffice", "libreoffice": "excel"}


def project_of(path: Path) -> bytes:
    with zipfile.ZipFile(path) as package:
        return package.read("xl/vbaProject.bin")


@pytest.mark.parametrize("host", HOSTS)
def test_a_new_project_is_source_only_and_says_so(host: vba.Host) -> None:
    assert macro_faults(vba.vba_project(host, sheets=3)) == []


@pytest.mark.parametrize("host", HOSTS)
def test_another_reader_finds_the_very_modules_that_were_put_in(host: vba.Host) -> None:
    found = modules(vba.vba_project(host, sheets=2))
    for name, source in vba.modules_of(host).items():
        body = [line for line in source.splitlines() if not line.startswith("Attribute ")]
        assert [line for line in found[name].splitlines() if not line.startswith("Attribute ")] == body


@pytest.mark.parametrize("host", HOSTS)
def test_the_project_is_source_only_after_it_was_made_for_another_program_beside_macros_of_the_staffs(
    host: vba.Host, tmp_path: Path
) -> None:
    path = tmp_path / "总表.xlsm"
    template.build(path, host=OTHER[host], created=datetime(2026, 9, 1))
    with ExcelFile(path) as book:
        book.vba_project().add_module("Mine", "Public Sub Mine()\r\nEnd Sub\r\n")
        book.save()

    change_host(path, host)

    assert macro_faults(project_of(path)) == []
    assert "Public Sub Mine()" in modules(project_of(path))["Mine"]
    assert ("Dictionary" in modules(project_of(path))) == (host == "excel")


@pytest.mark.parametrize("version", OLDER)
def test_the_project_of_an_older_workbook_is_to_be_compiled_anew_by_whoever_opens_it(
    version: str, tmp_path: Path
) -> None:
    path = tmp_path / "总表.xlsm"
    path.write_bytes(OLDER[version].read_bytes())
    theirs = {MODULE, FORM, "ThisWorkbook", *(name for name in modules(project_of(path)) if name.startswith("Sheet"))}

    change_host(path, "libreoffice")
    change_host(path, "excel")

    assert macro_faults(project_of(path), staffs=theirs) == []
    assert modules(project_of(path)).keys() >= {MODULE, "xlwings", "Dictionary", "Buttons"}


def test_a_project_that_versions_before_half_compiled_is_renewed_though_its_modules_are_the_same(
    tmp_path: Path,
) -> None:
    from xlbangfu.book.macros.project import project_with
    from xlbangfu.ooxml.package import Package

    path = tmp_path / "总表.xlsm"
    template.build(path, host="libreoffice", created=datetime(2026, 9, 1))
    spoilt = with_stream("_VBA_PROJECT", b"\xcc\x61\xb5\x00" + bytes(2540))(project_of(path))
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()} | {"xl/vbaProject.bin": spoilt}
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)

    assert macro_faults(project_with(Package(made.getvalue()), "xl/vbaProject.bin", "libreoffice")) == []


def with_stream(name: str, content: bytes) -> Callable[[bytes], bytes]:
    def plant(project: bytes) -> bytes:
        streams = CFB.from_bytes(project)
        if name not in streams.list_streams_in_storage("VBA"):
            streams.add_stream_to_storage("VBA", name, content)
        streams.write_stream_in_storage("VBA", name, content)
        return streams.to_bytes()

    return plant


FAULTS: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "a cache of another version": (with_stream("_VBA_PROJECT", HEADER[:2] + b"\xb5\x00" + bytes(90)), "_VBA_PROJECT"),
    "results of another version": (with_stream("__SRP_0", b"x" * 40), "__SRP_0"),
    "something compiled in a module": (with_stream("Buttons", b"\x01\x16\x03\x00" * 9), "Buttons"),
    "line ends of Linux": (with_stream("Buttons", compress(b'Attribute VB_Name = "Buttons"\nSub A()\nEnd Sub\n')), "Buttons has other line ends"),
    "a module under another name": (with_stream("Buttons", compress(b'Attribute VB_Name = "Other"\r\n')), "does not begin with its name"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_seen(fault: str) -> None:
    plant, words = FAULTS[fault]
    assert any(words in one for one in macro_faults(plant(vba.vba_project("libreoffice"))))
