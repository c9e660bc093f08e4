"""升级总表: an older workbook gets what this version has and it lacks; what staff filled in and made stays as it is."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import polars as pl
from msgspec.structs import replace

from xlbangfu.actions.call import Call, Outcome
from xlbangfu.actions.checked_school import read_checked
from xlbangfu.actions.reporting import outcome_of, write
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.book.safety import backup
from xlbangfu.book.safety.atomic_save import Changes, Snapshot, check_copy, restore
from xlbangfu.book.safety.permissions import as_private_as
from xlbangfu.book.safety.temporary import temporary_folder
from xlbangfu.book.value_lists import stored
from xlbangfu.errors import WrongWorkbook
from xlbangfu.ooxml import archive
from xlbangfu.ooxml.archive import Archive
from xlbangfu.ooxml.package import Package
from xlbangfu.schema import CONSOLE, PROBLEMS, ROW, RUNS, SETTINGS, SUBJECTS, TABLES, Kind, Table
from xlbangfu.settings import SettingGroup, groups

if TYPE_CHECKING:
    from xlbangfu.book.upgrade.transplant import Headings, Upgrade

NAME = "upgrade"


def upgrade(book: ClosedBook, call: Call) -> Outcome:
    """Bring a closed workbook to this version, all of it or nothing; it is backed up first.

    Raises WrongWorkbook, with the workbook as it was, where something of the staff's would not stay as it is.
    """
    from xlbangfu.book.upgrade import transplant, upgrade_report
    from xlbangfu.book.upgrade.button_repair import mend
    from xlbangfu.book.upgrade.existing import Existing

    book.progress("看看缺什么", 0.1)
    existing = Existing(book.package, book.title)
    existing.check()
    frames = book.read(SETTINGS, SUBJECTS, RUNS)
    lacking = lacking_settings(frames[SETTINGS], call)
    if transplant.lacks_nothing(existing, lacking):
        repair = mend(book.path)
        checked = read_checked(book, call, marks=False, needs=())
        return outcome_of(
            NAME, checked, call, rows=repair.back, sentence=repair.sentence or upgrade_report.NOTHING_TO_DO
        )

    book.progress("补上新的表、列和按钮", 0.3)
    with _with_headings(book, frames[SETTINGS], call) as (grouped, headings):
        existing, there = Existing(grouped.package, book.title), grouped.read(SETTINGS)[SETTINGS]
        wanted = {**frames, SETTINGS: _in_its_rows(there, lacking)}
        result = transplant.upgrade(existing, wanted, lacking, call.now.replace(microsecond=0))
        result.headings = headings

        records = book.read(*result.moved)
        with _copy_of(grouped, result) as copy:
            outcome = _finish(copy, call, result, {table: records[table] for table in result.moved})
            _put_in_place(book, copy, frames, result)
    return outcome


@contextmanager
def _with_headings(book: ClosedBook, sheet: pl.DataFrame, call: Call) -> Iterator[tuple[ClosedBook, Headings]]:
    """The workbook with the headings that its 设置 lacks, as a copy in a folder of its own; where nothing is to be put in, or
    cannot be, the workbook itself."""
    from xlbangfu.book.upgrade import setting_headings as to_put
    from xlbangfu.book.upgrade.transplant import Headings

    places = to_put.places(sheet, groups(call.today))
    refusal = to_put.refusal(book.package, places) if places else ""
    if refusal or not places:
        yield book, Headings(refusal=refusal)
        return
    with _aside(book, _changed(book, to_put.changes(book.package, places))) as grouped:
        _check_same(sheet, grouped.read(SETTINGS)[SETTINGS], places.values())
        yield grouped, Headings(count=len(places))


def _check_same(before: pl.DataFrame, after: pl.DataFrame, headings: Collection[str]) -> None:
    """Raise WrongWorkbook unless 设置 reads as it did, but for the headings."""
    if not after.filter(~pl.col("项目").is_in(list(headings)).fill_null(False)).drop(ROW).equals(before.drop(ROW)):
        raise WrongWorkbook("“设置”的分组标题没有放好，总表没有改动；请用 Excel 打开总表另存一次，再升级。")


def lacking_settings(sheet: pl.DataFrame, call: Call) -> pl.DataFrame:
    """The rows of 设置 that the sheet has not, in the order of a new one, each group below its heading: another one where
    some of the group stand further up."""
    there = set(sheet["项目"].drop_nulls())
    rows = [row for group in groups(call.today) for row in _lacking_of(group, there)]
    return pl.DataFrame(rows, schema=SETTINGS.frame_schema, orient="row")


def _lacking_of(group: SettingGroup, there: Collection[str]) -> list[tuple[str, str, str]]:
    lacking = [row for row in group.rows if row[0] not in there]
    known = len(lacking) < len(group.rows) or group.heading in there
    heading = group.heading_of_additions if known else group.heading
    return [(heading, "", ""), *lacking] if lacking and heading not in there else lacking


def _in_its_rows(sheet: pl.DataFrame, lacking: pl.DataFrame) -> pl.DataFrame:
    """设置 as it will be, a row of the frame for each row of the sheet."""
    last = int(sheet[ROW].max() or 1)  # type: ignore[arg-type]  # a row number
    rows = pl.DataFrame({ROW: range(2, last + 1)}, schema={ROW: pl.Int64()})
    there = rows.join(sheet, on=ROW, how="left", maintain_order="left")
    return pl.concat([there.select(SETTINGS.names), lacking])


@contextmanager
def _copy_of(book: ClosedBook, result: Upgrade) -> Iterator[ClosedBook]:
    """The upgraded workbook in a folder of its own, compared with the old one part by part."""
    with _aside(book, _with_lists(_changed(book, result.changes))) as copy:
        yield copy


def _changed(book: ClosedBook, changes: Changes) -> bytes:
    """The workbook with changed parts, compared with what it was part by part."""
    old, target = book.package.archive, io.BytesIO()
    archive.write(old, changes.parts, changes.removed, target)
    check_copy(old, Archive(target.getvalue()), changes)
    return target.getvalue()


@contextmanager
def _aside(book: ClosedBook, data: bytes) -> Iterator[ClosedBook]:
    """A workbook of the same name in a folder of its own."""
    with temporary_folder() as folder:
        path = folder / book.path.name
        path.write_bytes(data)
        yield ClosedBook(path, action=NAME, backs_up=False)


def _with_lists(data: bytes) -> bytes:
    """The workbook with what 名单, which came from an empty master, comes to in it."""
    package = Package(data)
    lists = stored.renewed(package, package.archive.read, stored.SOURCES)
    if lists is None:
        return data
    target = io.BytesIO()
    archive.write(package.archive, {lists.path: [lists.xml]}, frozenset(), target)
    return target.getvalue()


def _finish(copy: ClosedBook, call: Call, result: Upgrade, records: dict[Table, pl.DataFrame]) -> Outcome:
    """The rows that 设置 lacks, the records of sheets that were made anew, the front page and the row of 运行记录."""
    from xlbangfu.book.upgrade import upgrade_report

    if result.settings.height:
        copy.append(SETTINGS, result.settings)
    if filled := {table: frame for table, frame in records.items() if frame.height}:
        copy.replace(filled)
    if result.settings.height or filled:
        copy.save()
    checked = read_checked(copy, call, needs=())
    shown = copy.read(*(table for table in TABLES if table is not CONSOLE and table.kind is not Kind.INPUT))
    checked = replace(checked, frames={**shown, **checked.frames})  # the new page has no numbers yet
    lines = tuple(upgrade_report.lines(result))
    outcome = outcome_of(NAME, checked, call, rows=len(lines), sentence=upgrade_report.sentence(result), details=lines)
    moved = (
        {PROBLEMS: checked.sheet} if result.headings.count else {}
    )  # it says in which row of 设置 something is wrong
    return write(copy, call, outcome, checked, moved)


def _put_in_place(book: ClosedBook, copy: ClosedBook, frames: dict[Table, pl.DataFrame], result: Upgrade) -> None:
    ran, rows = frames[RUNS].height, frames[SETTINGS].height
    added = result.settings.height + result.headings.count
    changes = [
        backup.Change(RUNS.name, ran, ran + 1),
        *([backup.Change(SETTINGS.name, rows, rows + added)] if added else []),
    ]
    book.progress("替换总表", 0.9)
    book.check_unchanged()
    with as_private_as(book.path):
        restore(
            book.path,
            Snapshot.of(copy.path).data,
            lambda data: backup.keep(book.path, data, action=NAME, changes=changes),
        )
    copies, days = book.keep
    backup.expire(book.path, copies=copies, days=days)
