"""All that an upgrade does to the parts of a workbook, and what it adds in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import polars as pl
from msgspec import Struct, field

from xlbangfu.book import template, version
from xlbangfu.book.macros.hosting import host_of
from xlbangfu.book.safety.atomic_save import Changes
from xlbangfu.book.safety.temporary import temporary_folder
from xlbangfu.book.sheet_transfer.package_draft import Draft
from xlbangfu.book.sheet_transfer.sheet_copy import Source
from xlbangfu.book.sheet_transfer.styles import Styles
from xlbangfu.book.sheet_transfer.workbook_part import WORKSHEET, WorkbookPart
from xlbangfu.book.upgrade import (
    added_columns,
    button_renewal,
    column_order,
    lists_sheet,
    look_renewal,
    page_renewal,
    sheet_renewal,
)
from xlbangfu.book.upgrade.button_renewal import Tab
from xlbangfu.book.upgrade.existing import Existing, Sheet
from xlbangfu.book.upgrade.page_renewal import Page
from xlbangfu.book.upgrade.sheet_renewal import Renewal
from xlbangfu.book.value_lists import SHEET as LISTS
from xlbangfu.errors import WrongWorkbook
from xlbangfu.ooxml import table_part
from xlbangfu.ooxml.package import Package
from xlbangfu.ooxml.worksheet import SheetPart
from xlbangfu.schema import BY_NAME, CONSOLE, SCORES, SETTINGS, SUBJECTS, TABLES, Table


class Headings(Struct, frozen=True):
    """How many headings of groups were put into 设置, or why none could be."""

    count: int = 0
    refusal: str = ""


class Upgrade(Struct):
    """What an upgrade changes (``changes``) and adds; ``settings`` are the rows that 设置 lacks."""

    version: version.Version
    changes: Changes
    settings: pl.DataFrame
    sheets: list[str] = field(default_factory=list)
    renewals: dict[str, Renewal] = field(default_factory=dict)
    moved: list[Table] = field(default_factory=list)  # output sheets made anew, whose records are to be put in again
    not_moved: list[str] = field(default_factory=list)
    names: int = 0
    macros: bool = False
    tab: Tab = Tab.SAME
    page: Page = Page.NEW
    page_users: list[str] = field(default_factory=list)  # sheets of the staff's that have it in a formula
    headings: Headings = Headings()
    buttons: bool = True  # whether the workbook has any


def lacks_nothing(existing: Existing, settings: pl.DataFrame) -> bool:
    """Whether the workbook says that it is of this version, and has its sheets, columns and settings."""
    lacking = bool(existing.lacking or settings.height or any(sheet.lacking for sheet in existing.sheets.values()))
    return not existing.version.older and not lacking


def upgrade(existing: Existing, frames: Mapping[Table, pl.DataFrame], settings: pl.DataFrame, now: datetime) -> Upgrade:
    """What brings the workbook to this version; ``frames`` are its 设置 (with the rows that it is to get) and 科目.

    Raises WrongWorkbook where something of the staff's would not stay.
    """
    package = existing.package
    draft = Draft(package)
    moved, theirs = column_order.movable(existing, draft)
    fresh = _fresh(existing, frames, now, new=[sheet.table for sheet in moved])
    styles = _styles(draft, fresh)
    source = Source(fresh, draft, styles)
    workbook = WorkbookPart(draft.read(package.workbook_part))

    result = Upgrade(existing.version, Changes({}), settings, buttons=host_of(package) is not None)
    result.moved = [sheet.table for sheet in moved]
    result.not_moved = [sheet.table.name for sheet in theirs]
    _check_names(workbook, fresh)
    for sheet in moved:
        column_order.make_anew(draft, source, sheet)
        look_renewal.renew_print_area(workbook, fresh, sheet.table.name)
    for sheet in existing.sheets.values():
        if sheet not in moved:
            result.renewals[sheet.table.name] = _renew(draft, source, sheet)
            if result.renewals[sheet.table.name].look:
                look_renewal.renew_print_area(workbook, fresh, sheet.table.name)
    look_renewal.renew_theme(draft)
    result.page_users = page_renewal.users(draft)
    result.page = page_renewal.put(draft, source, workbook, existing.version.digest)
    lists_sheet.put(draft, source, workbook)
    _add_sheets(draft, source, workbook, result)
    _set_names(workbook, fresh, result)
    result.macros = button_renewal.renew_macros(draft)
    if host_of(package) == "excel":
        result.tab = button_renewal.renew_tab(draft)

    workbook.compute_on_opening()
    draft.put(package.workbook_part, workbook.xml)
    if styles.changed:
        draft.put(_styles_part(package), styles.xml())
    _drop_calc_chain(draft)
    result.changes = draft.changes()
    return result


def _fresh(existing: Existing, frames: Mapping[Table, pl.DataFrame], now: datetime, *, new: Sequence[Table]) -> Package:
    """An empty master of this version with the columns of the workbook, but for the sheets that are to be ``new``, for the
    same program."""
    known = {SETTINGS: frames[SETTINGS].select(SETTINGS.names)}
    if SCORES in existing.lacking:
        known[SUBJECTS] = frames[SUBJECTS].select(SUBJECTS.names)
    with temporary_folder() as folder:
        path = folder / "新.xlsm"
        there = {table: sheet.columns for table, sheet in existing.sheets.items() if table not in new}
        template.build(path, frames=known, host=host_of(existing.package) or "excel", created=now, there=there)
        return Package(path.read_bytes())


def _styles_part(package: Package) -> str:
    path = package.part_of("styles")
    if path is None:
        raise WrongWorkbook("总表里没有样式这一部分，没有改动；请用 Excel 打开总表另存一次，再做一次。")
    return path


def _styles(draft: Draft, fresh: Package) -> Styles:
    return Styles(draft.read(_styles_part(draft.package)), fresh.archive.read(_styles_part(fresh)))


def _renew(draft: Draft, source: Source, sheet: Sheet) -> Renewal:
    fresh = SheetPart(source.sheet(sheet.table.name), name=sheet.table.name)
    done = sheet_renewal.renew(sheet, fresh, source.styles)
    if done.changed:
        draft.put(sheet.where.path, b"".join(sheet.part.xml()))
    if done.columns and sheet.table_part:
        others = [table_part.extent(draft.read(path)) for path in sheet.where.tables if path != sheet.table_part]
        draft.put(sheet.table_part, added_columns.table_with_columns(sheet, draft.read(sheet.table_part), others))
    if done.look and sheet.table_part:
        draft.put(sheet.table_part, look_renewal.without_stripes(draft.read(sheet.table_part)))
    return done


def _add_sheets(draft: Draft, source: Source, workbook: WorkbookPart, result: Upgrade) -> None:
    """The sheets that are not there, each after those that stand before it in the schema."""
    order = [table.name for table in TABLES]
    for place, name in enumerate(order):
        if name in workbook.sheets or name == CONSOLE.name:
            continue
        identity = draft.relate(draft.package.workbook_part, WORKSHEET, source.copy_sheet(name))
        workbook.add_sheet(name, identity, after=order[:place], hidden=source.package.sheets[name].hidden)
        look_renewal.renew_print_area(workbook, source.package, name)
        result.sheets.append(name)


def _check_names(workbook: WorkbookPart, fresh: Package) -> None:
    """Raise WrongWorkbook where staff use a name that this version needs for something else."""
    ours = (*BY_NAME, LISTS)
    there = workbook.names()
    taken = [name for name, _ in fresh.names() if name in there and not any(sheet in there[name] for sheet in ours)]
    taken = [name for name in taken if name != version.NAME]
    if taken:
        raise WrongWorkbook(
            f"名称“{taken[0]}”被学校用在别处，新版要用它，没有改动；请在 Excel 的“公式→名称管理器”里给它改个名，再做一次。"
        )


def _set_names(workbook: WorkbookPart, fresh: Package, result: Upgrade) -> None:
    wanted, there = dict(fresh.names()), workbook.names()
    stamp = {version.NAME: wanted.pop(version.NAME)}
    result.names = len(wanted.keys() - there.keys())
    workbook.set_names({name: target for name, target in wanted.items() if there.get(name) != target})
    workbook.set_names(stamp, hidden=True)


def _drop_calc_chain(draft: Draft) -> None:
    """The order in which formulas are worked out is made anew by whoever opens the workbook."""
    path = draft.package.part_of("calcChain")
    if path is not None:
        draft.unrelate(draft.package.workbook_part, path)
        draft.remove(path)
