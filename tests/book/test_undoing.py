"""Taking back by key: what is as it was written goes back, what someone changed since stays and is named."""

from __future__ import annotations

import zipfile
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from tests.support.fake_book import FakeBook
from xlbangfu.actions import Call
from xlbangfu.actions.undo_rows import NothingNoted, reverse, undo_rows
from xlbangfu.book.pending_writes import Writes
from xlbangfu.book.safety import journal
from xlbangfu.book.safety.journal import AMENDED, APPENDED, REPLACED, Entry, Journal
from xlbangfu.errors import BadArgument
from xlbangfu.schema import KEY, PROBLEMS, ROSTER, ROW, RUNS, SCREENING, Table


def sheet(table: Table, *rows: dict[str, str | None]) -> pl.DataFrame:
    """As read: all columns, ROW and KEY."""
    frame = pl.DataFrame(list(rows), schema={**dict.fromkeys(table.names, pl.String)}).cast(dict(table.frame_schema))
    key = pl.concat_str(pl.lit(table.name), *(pl.col(name).fill_null("") for name in table.keys), separator="|")
    return frame.with_columns(pl.int_range(2, pl.len() + 2).alias(ROW), key.alias(KEY))


RAN = pl.DataFrame({"时间": [datetime(2026, 6, 30, 10)], "操作": ["导入"]})


def plain(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.drop(ROW, KEY)


def test_appended_rows_go_unless_they_were_changed() -> None:
    written = plain(sheet(ROSTER, {"学号": "1", "姓名": "甲"}, {"学号": "2", "姓名": "乙"}))
    now = sheet(ROSTER, {"学号": "0", "姓名": "旧"}, {"学号": "1", "姓名": "甲"}, {"学号": "2", "姓名": "改"})
    back = reverse(Entry(ROSTER, APPENDED, written.clear(), written), now)
    assert back.frame["学号"].to_list() == ["1"]
    assert back.left == ["名册|2"]


def test_amended_cells_get_back_what_they_held_unless_they_were_changed() -> None:
    was = pl.DataFrame({"学号": ["1", "2"], "重点": ["否", None]})
    is_now = pl.DataFrame({"学号": ["1", "2"], "重点": ["是", "是"]})
    now = sheet(ROSTER, {"学号": "1", "重点": "是"}, {"学号": "2", "重点": "待定"})
    back = reverse(Entry(ROSTER, AMENDED, was, is_now), now)
    assert back.frame.rows() == [("1", "否")]
    assert back.left == ["名册|2"]


def test_a_rewritten_sheet_gets_its_old_records_but_for_those_changed_since() -> None:
    old = plain(sheet(SCREENING, {"学号": "1", "理由": "旧一"}, {"学号": "2", "理由": "旧二"}))
    new = plain(sheet(SCREENING, {"学号": "2", "理由": "新二"}, {"学号": "3", "理由": "新三"}))
    now = sheet(SCREENING, {"学号": "2", "理由": "人改的"}, {"学号": "3", "理由": "新三", "备注": "写过"})
    back = reverse(Entry(SCREENING, REPLACED, old, new), now)
    assert back.frame.select("学号", "理由").rows() == [("1", "旧一"), ("2", "人改的")]
    assert back.left == ["排查|2||"]


def test_a_remark_is_no_change(tmp_path: Path) -> None:
    new = plain(sheet(SCREENING, {"学号": "3", "理由": "新三"}))
    now = sheet(SCREENING, {"学号": "3", "理由": "新三", "备注": "写过", "采纳": "√"})
    assert reverse(Entry(SCREENING, REPLACED, new.clear(), new), now).left == []


def test_the_journal_is_read_back_newest_first_and_ledgers_are_not_in_it(tmp_path: Path) -> None:
    book = tmp_path / "总表.xlsm"
    kept = Journal("import")
    writes = Writes(appended={ROSTER: [pl.DataFrame({"学号": [" ０１ "]})], RUNS: [RAN]})
    kept.note(ROSTER, writes, sheet(ROSTER))
    kept.note(RUNS, writes, sheet(RUNS))
    later = Writes(replaced={PROBLEMS: plain(sheet(PROBLEMS))})
    kept.note(PROBLEMS, later, sheet(PROBLEMS))
    kept.write(book)

    found = journal.read(book)
    assert found is not None
    assert (found.action, found.ran) == ("import", "2026-06-30 10:00:00")
    assert [(entry.table, entry.how) for entry in found.entries] == [(PROBLEMS, REPLACED), (ROSTER, APPENDED)]
    assert found.entries[1].is_now["学号"].to_list() == ["01"]


def test_taking_back_empties_the_journal(tmp_path: Path) -> None:
    book = tmp_path / "总表.xlsm"
    first = Journal("refresh")
    first.note(PROBLEMS, Writes(replaced={PROBLEMS: plain(sheet(PROBLEMS))}), sheet(PROBLEMS))
    first.write(book)
    Journal("undo").write(book)
    assert journal.read(book) is None


def test_a_broken_journal_is_no_journal(tmp_path: Path) -> None:
    (tmp_path / "备份").mkdir()
    (tmp_path / "备份" / "总表.撤销.zip").write_bytes(b"PK\x03\x04 cut short")
    assert journal.read(tmp_path / "总表.xlsm") is None


def test_an_action_on_the_closed_file_since_then_is_not_mistaken_for_the_one_noted(tmp_path: Path) -> None:
    book = FakeBook(
        {RUNS.name: [RUNS.names, [datetime(2026, 7, 1), "校验", 0, 0, "u", 1.0, None, None]]},
        path=tmp_path / "总表.xlsm",
    )
    kept = Journal("validate")
    kept.note(PROBLEMS, Writes(replaced={PROBLEMS: plain(sheet(PROBLEMS))}), sheet(PROBLEMS))
    kept.note(RUNS, Writes(appended={RUNS: [RAN]}), sheet(RUNS))
    kept.write(tmp_path / "总表.xlsm")
    with pytest.raises(BadArgument, match="帮扶窗口"):
        undo_rows(book, Call(user="u", now=datetime(2026, 7, 2)))


def spoilt(path: Path, **parts: bytes) -> None:
    """A journal whose manifest, or records, are others."""
    (path.parent / "备份").mkdir(exist_ok=True)
    with zipfile.ZipFile(path.parent / "备份" / "总表.撤销.zip", "w") as file:
        for name, data in parts.items():
            file.writestr(name.replace("_", "."), data)


def ipc(frame: pl.DataFrame) -> bytes:
    return frame.write_ipc(None).getvalue()


STRANGE_MANIFESTS = [
    b"[]",
    b"7",
    b"null",
    b"[" * 10_000,
    b'{"action": "import", "ran": "x", "entries": [["\xe5"]]}',
    b'{"action": "import", "ran": "x", "entries": ["a"]}',
    b'{"action": "import", "ran": "x", "entries": 7}',
    '{"action": "import", "ran": "x", "entries": [{"table": "没有", "how": "replaced"}]}'.encode(),
    '{"action": "import", "ran": "x", "entries": [{"table": "名册", "how": "later"}]}'.encode(),
    '{"action": "import", "ran": "x", "entries": [{"table": ["名册"], "how": "replaced"}]}'.encode(),
]


@pytest.mark.parametrize("manifest", STRANGE_MANIFESTS)
def test_a_strange_journal_is_no_journal(manifest: bytes, tmp_path: Path) -> None:
    fine = ipc(pl.DataFrame({"学号": ["1"]}))
    spoilt(tmp_path / "总表.xlsm", manifest_json=manifest, **{"0_was_arrow": fine, "0_now_arrow": fine})

    assert journal.read(tmp_path / "总表.xlsm") is None


@pytest.mark.parametrize(
    "records", [b"", b"ARROW1", b"x" * 99, ipc(pl.DataFrame({"日期": ["x"], "列入日期": ["昨天"]}))]
)
def test_a_journal_with_records_that_do_not_fit_the_sheet_is_none(records: bytes, tmp_path: Path) -> None:
    manifest = '{"action": "import", "ran": "x", "entries": [{"table": "名册", "how": "replaced"}]}'.encode()
    spoilt(tmp_path / "总表.xlsm", manifest_json=manifest, **{"0_was_arrow": records, "0_now_arrow": records})

    assert journal.read(tmp_path / "总表.xlsm") is None


def test_a_journal_of_an_action_that_this_version_does_not_know_takes_nothing_back(tmp_path: Path) -> None:
    spoilt(tmp_path / "总表.xlsm", manifest_json=b'{"action": "later", "ran": "x", "entries": []}')

    with pytest.raises(NothingNoted, match="没有可以撤销"):
        undo_rows(FakeBook({}, path=tmp_path / "总表.xlsm"), Call(user="u", now=datetime(2026, 7, 2)))
