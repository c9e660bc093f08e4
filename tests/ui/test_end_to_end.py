"""The command line on a workbook in which staff have put everything that a workbook can hold."""

from __future__ import annotations

import re
from pathlib import Path

from tests.book.test_lossless import frame_of, rich  # noqa: F401 - a fixture
from tests.support.workbooks_made import parts, sheet_path
from xlbangfu.cli import main
from xlbangfu.ooxml.archive import Archive
from xlbangfu.schema import (
    CLASS_FIGURES,
    CLASSES,
    CONSOLE,
    CONTACTS,
    EDITIONS,
    PRIZES,
    PROBLEMS,
    PROGRESS,
    RANKING,
    REVIEW,
    ROSTER,
    RUNS,
)

WRITTEN = (
    ROSTER,
    CLASSES,
    CONSOLE,
    REVIEW,
    PROBLEMS,
    RANKING,
    PRIZES,
    CLASS_FIGURES,
    CONTACTS,
    PROGRESS,
    RUNS,
    EDITIONS,
)


def parts_of(path: Path, name: str) -> set[str]:
    """The part of a sheet and of its table."""
    part = sheet_path(path, name)
    relations = parts(path).get(part.replace("worksheets/", "worksheets/_rels/") + ".rels", b"").decode()
    return {part, *(f"xl/tables/{table}" for table in re.findall(r"tables/(table\d+\.xml)", relations))}


def test_import_and_run_change_the_rows_of_their_sheets_and_nothing_else(rich: Path, tmp_path: Path) -> None:  # noqa: F811
    roster = tmp_path / "新生.csv"
    roster.write_text("学号,姓名,班级\n0901,=新生,初一1班\n0902,+又一名,初一1班\n", encoding="gb18030")
    before, drawn = Archive(rich.read_bytes()), parts(rich)

    assert main(["import", str(rich), str(roster)]) in (0, 1)
    assert main(["run", str(rich), "--out", str(tmp_path / "班级页")]) in (0, 1)

    after = Archive(rich.read_bytes())
    assert list(after.members) == list(before.members)
    changed = {name for name in before.members if before.raw(name) != after.raw(name)}
    allowed = set().union(*(parts_of(rich, table.name) for table in WRITTEN))
    assert changed <= allowed
    assert sheet_path(rich, "名册") in changed
    for part in (name for name in changed if name.startswith("xl/worksheets/")):
        assert frame_of(parts(rich)[part].decode()) == frame_of(drawn[part].decode()), part
    assert b"<f>=" not in parts(rich)[sheet_path(rich, "名册")]
