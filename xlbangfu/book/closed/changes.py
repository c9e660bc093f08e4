"""All gathered writes as the parts of the file that they change."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Mapping

import polars as pl
from msgspec import Struct

from xlbangfu.book import paper_signature
from xlbangfu.book.closed import named_cells, row_filters, sheet_writes
from xlbangfu.book.closed.sheet_writes import SheetState
from xlbangfu.book.pending_writes import Writes
from xlbangfu.book.reading.frames import Sheet, heading
from xlbangfu.book.reading.headings import headings_of
from xlbangfu.book.row_matching import RecordExtent, by_row, in_order, is_own_rank, matching, rows_of
from xlbangfu.book.safety.atomic_save import Changes
from xlbangfu.book.safety.backup import Change
from xlbangfu.book.sheet_transfer.workbook_part import WorkbookPart
from xlbangfu.book.staff_cells import Own, has_own_cells, kept, own_cells
from xlbangfu.book.value_lists import stored
from xlbangfu.book.version import Version
from xlbangfu.errors import WrongWorkbook
from xlbangfu.ooxml import calc_chain, shared_strings, table_part
from xlbangfu.ooxml.addresses import column_index
from xlbangfu.ooxml.archive import Content
from xlbangfu.ooxml.package import Package, Part
from xlbangfu.ooxml.worksheet import SheetPart, declared_width, outline
from xlbangfu.schema import CONSOLE, Table

Read = Callable[[Table], Sheet]


_LARGE = 8 << 20  # bytes of XML


class _Rewritten(Struct, frozen=True):
    """The cells below the header in columns that are rewritten, as a container of their addresses."""

    columns: set[int]

    def __contains__(self, address: object) -> bool:
        found = re.fullmatch(r"([A-Z]+)(\d+)", str(address))
        return found is not None and int(found[2]) > 1 and column_index(found[1]) in self.columns


def changed_parts(
    package: Package, writes: Writes, read: Read, known: Mapping[str, RecordExtent]
) -> tuple[Changes, list[Change]]:
    """The parts that the writes change, and how many records each sheet had and has."""
    parts: dict[str, Content] = {}
    row_counts: list[Change] = []
    lost: dict[int, Container[str]] = {}
    for table in writes.tables:
        where = package.sheets.get(table.name)
        if where is None:
            raise WrongWorkbook(Version.of(package.names(), package.sheets).absence(table.name, table.since))
        if table == CONSOLE:
            part = SheetPart(package.archive.read(where.path), name=table.name)
            named_cells.write(package, part, writes.replaced[table])
            parts[where.path] = part.xml()
            continue
        state, change = _written(package, where, table, writes, read, known)
        state.part.tail = paper_signature.signed(state.part.tail, writes.signed.get(table, ""))
        parts[where.path] = state.part.xml()
        row_counts.append(change)
        lost[where.index] = state.lost_formulas
        parts |= _tables(package, where, state)
    for table, rows in writes.chosen.items():
        parts |= row_filters.changed(package, parts, table, rows, read)
    parts |= dict(_signed_before(package, parts, writes))
    if states := _new_states(package, writes):
        parts[package.workbook_part] = [_with_states(package.archive.read(package.workbook_part), states)]
    _renew_lists(package, parts, writes)
    return _with_calc_chain(package, parts, lost), row_counts


def _signed_before(package: Package, parts: Mapping[str, Content], writes: Writes) -> Iterator[tuple[str, Content]]:
    """The sheets that were written before the signature was known, where they are not written again."""
    for table, said in writes.signed.items():
        where = package.sheets.get(table.name)
        if where is not None and where.path not in parts:
            part = SheetPart(package.archive.read(where.path), name=table.name)
            part.tail = paper_signature.signed(part.tail, said)
            yield where.path, part.xml()


def _renew_lists(package: Package, parts: dict[str, Content], writes: Writes) -> None:
    """Let 名单 remember what its formulas come to after the writes."""

    def read(path: str) -> bytes:
        if path not in parts:
            return package.archive.read(path)
        whole = b"".join(parts[path])
        parts[path] = [whole]
        return whole

    tables = [table for table in writes.tables if table in stored.SOURCES]
    done = stored.renewed(package, read, tables, writes.replaced) if tables else None
    if done is None:
        return
    parts[done.path] = [done.xml]
    if done.incomplete:
        workbook = WorkbookPart(read(package.workbook_part))
        workbook.compute_on_opening()
        parts[package.workbook_part] = [workbook.xml]


def without_unused_texts(package: Package, changes: Changes) -> Changes:
    """The changes, and the shared texts without those that no worksheet uses after them."""
    path = package.part_of("sharedStrings")
    if path is None:
        return changes
    parts = {name: [b"".join(content)] for name, content in changes.parts.items()}
    sheets = {part.path for part in package.sheets.values()}
    sheets |= {name for name in package.archive.members if re.search(r"sheets/[^/]+\.xml$", name)}
    in_use = shared_strings.used(parts[name][0] if name in parts else package.archive.read(name) for name in sheets)
    parts[path] = [shared_strings.without_unused(package.archive.read(path), in_use)]
    return Changes(parts, changes.removed)


def _written(
    package: Package, where: Part, table: Table, writes: Writes, read: Read, known: Mapping[str, RecordExtent]
) -> tuple[SheetState, Change]:
    state = _sheet_state(package, where, table, _xml(package, where, table, writes))
    before: int | None = None
    after: int | None = None
    if table in writes.replaced:
        before, after = _replace(state, writes.replaced[table], writes.note(table), read), writes.replaced[table].height
    if table in writes.amended or table in writes.deleted:
        old = read(table).frame
        gone = _amend_and_delete(state, writes, old)
        before, after = old.height, old.height - gone
    if table in writes.appended:
        frame = pl.concat(writes.appended[table], how="diagonal_relaxed")
        if after is None:
            there = known.get(table.name) or RecordExtent.of(read(table).frame)
            before = after = there.records
            state.last = there.last
        sheet_writes.append(state, frame)
        after += frame.height
    state.part.set_dimension(state.width, state.bottom + state.noted)
    state.part.set_filter(state.bottom)
    return state, Change(table.name, before, after)


def _amend_and_delete(state: SheetState, writes: Writes, old: pl.DataFrame) -> int:
    """Amend and delete records of the sheet as it was read; how many are gone."""
    state.last = RecordExtent.of(old).last
    amended, keyed = in_order(writes.amended.get(state.table, ()), old)
    for frame in amended:
        values, rows = rows_of(state.table, frame, old if by_row(frame) else keyed)
        sheet_writes.amend(state, values, rows, spares_formulas=by_row(frame))
    gone = {row for keys in writes.deleted.get(state.table, ()) for row in matching(keys, keyed)}
    sheet_writes.delete(state, gone)
    return len(gone)


def _xml(package: Package, where: Part, table: Table, writes: Writes) -> bytes | bytearray:
    """The sheet's XML; of a large one that is rewritten and has nothing of the staff's own, only the ends."""
    size = package.archive.members[where.path].info.file_size
    kept = any(column.kept for column in table)
    others = table in writes.amended or table in writes.deleted
    if size < _LARGE or kept or others or table not in writes.replaced:
        return package.archive.load(where.path)
    ends = outline(package.archive.stream(where.path))
    if ends is None:
        return package.archive.load(where.path)
    state = _sheet_state(package, where, table, ends)
    ours = _our_columns(state, writes.replaced[table])
    plain = declared_width(ends) == len(ours) == max(ours) + 1
    return ends if plain else package.archive.load(where.path)


def _sheet_state(package: Package, where: Part, table: Table, xml: bytes | bytearray) -> SheetState:
    part = SheetPart(xml, name=where.name)
    texts = headings_of(package, part)
    places: dict[str, int] = {}
    for column, text in sorted(texts.items()):
        places.setdefault(heading(text), column)
    if not set(places) & set(table.names):
        raise WrongWorkbook(f"工作表“{table.name}”的第 1 行不是原来的标题，请把标题行放回第 1 行，或从备份取回。")
    found = row_filters.list_part(package, where)
    extent = table_part.extent(package.archive.read(found)) if found else None
    if extent and extent.totals:
        raise WrongWorkbook(f"工作表“{table.name}”打开了汇总行，请在“表设计”里去掉“汇总行”再做一次。")
    width = max(texts) + 1
    return SheetState(
        table,
        part,
        places,
        width,
        last=1,
        bottom=extent.bottom if extent else 1,
        right=extent.right if extent else width - 1,
        date1904=package.date1904,
    )


def _replace(state: SheetState, frame: pl.DataFrame, note: str, read: Read) -> int | None:
    table, part = state.table, state.part
    old: pl.DataFrame | None = None
    if any(column.kept for column in table):
        old = read(table).frame
        frame = kept(table, frame, old)
    ours = _our_columns(state, frame)
    state.lost_formulas = _Rewritten(ours)
    own = Own((), ())
    if has_own_cells(part, ours):
        old = read(table).frame if old is None else old
        own = own_cells(part, ours, table, frame, old)
    sheet_writes.replace(state, frame, own.inside, own.below, note="" if own.below else note)
    return None if old is None else old.height


def _our_columns(state: SheetState, frame: pl.DataFrame) -> set[int]:
    names = set(frame.columns) | set(state.table.names)
    return {place for name, place in state.headings.items() if name in names or is_own_rank(state.table, name)}


def _tables(package: Package, where: Part, state: SheetState) -> dict[str, Content]:
    path = row_filters.list_part(package, where)
    if path is None:
        return {}
    xml = package.archive.read(path)
    was = table_part.extent(xml)
    new = _new_columns(package, where, state, was)
    right = was.right + len(new)
    return {path: [table_part.resized(xml, right=right, bottom=state.bottom, new=new, rewritten=state.rewritten)]}


def _new_columns(package: Package, where: Part, state: SheetState, was: table_part.Extent) -> list[str]:
    """The headings between the table's right end and the columns just added; none if the table can't reach so far."""
    if not state.added:
        return []
    by_place = {place: name for name, place in state.headings.items()}
    new = [by_place.get(place, "") for place in range(was.right + 1, state.right + 1)]
    others = [table_part.extent(package.archive.read(path)) for path in where.tables]
    crowded = any(other.left > was.right and other.left <= state.right for other in others)
    return [] if crowded or not all(new) else new


def _new_states(package: Package, writes: Writes) -> dict[str, bool]:
    """The sheets that are to be in sight (True) and are not, or the other way round."""
    wanted = {table.name: writes.is_shown(table) for table in writes.touched if table.name in package.sheets}
    return {name: shown for name, shown in wanted.items() if shown is not None and package.sheets[name].hidden is shown}


def _with_states(workbook: bytes, states: Mapping[str, bool]) -> bytes:
    from xlbangfu.xml_text import unescape

    def changed(found: re.Match[bytes]) -> bytes:
        name = re.search(rb"""\sname\s*=\s*(["'])(.*?)\1""", found[0])
        shown = states.get(unescape(name[2].decode())) if name else None
        if shown is None:
            return found[0]
        plain = re.sub(rb"""\sstate\s*=\s*["']\w+["']""", b"", found[0])
        return plain if shown else re.sub(rb"\ssheetId", b' state="hidden" sheetId', plain, count=1)

    return re.sub(rb"<(?:[\w.-]+:)?sheet\s[^>]*>", changed, workbook)


def _with_calc_chain(package: Package, parts: dict[str, Content], lost: Mapping[int, Container[str]]) -> Changes:
    path = package.part_of("calcChain")
    chain = package.archive.read(path) if path else b""
    left = calc_chain.without(chain, lost) if path else chain
    if path is None or left == chain:
        return Changes(parts)
    if left is not None:
        return Changes({**parts, path: [left]})
    return Changes({**parts, **package.unlinked(path)}, frozenset({path}))
