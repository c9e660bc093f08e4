"""The master workbook, built and never drawn: XlsxWriter makes every sheet, ``package`` puts the records in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path

import polars as pl

from xlbangfu import house_look, schema, sheet_groups
from xlbangfu.book.macros.vba import Host, vba_project
from xlbangfu.book.paper_signature import Signature
from xlbangfu.book.template import assembly, front_page_sheet, lists, sheet_frames
from xlbangfu.book.template import faults as shapes
from xlbangfu.book.template.assembly import Filling
from xlbangfu.book.template.faults import Fault
from xlbangfu.book.template.formats import Formats
from xlbangfu.book.template.record_rows import Planted
from xlbangfu.book.template.sheet_layout import Layout
from xlbangfu.front_page import next_step
from xlbangfu.schema import CONSOLE, SETTINGS, Column, Table
from xlbangfu.settings import Settings, sheet_rows


def build(
    path: Path,
    *,
    frames: Mapping[Table, pl.DataFrame] | None = None,
    planted: Sequence[Planted] = (),
    faults: Sequence[Fault] = (),
    host: Host = "excel",
    created: datetime,
    there: Mapping[Table, tuple[Column, ...]] | None = None,
) -> None:
    """Write a master workbook with the records of ``frames`` (columns as in the schema; marks as X and X·状态).

    ``there`` are the columns of sheets that a workbook has already (see ``layout``). ``planted`` puts raw values in place of single cells of the frames, ``faults`` put sheets out of shape. The same arguments give the same parts on any
    machine. Hidden are the sheets that hold nothing yet and that the next step does not speak of. Raises WriteFailed if the file cannot be written.
    """
    known = {table: frame for table, frame in (frames or {}).items() if table is not CONSOLE}
    known.setdefault(SETTINGS, pl.DataFrame(sheet_rows(created.date()), schema=SETTINGS.frame_schema, orient="row"))
    settings = Settings.of(known[SETTINGS])
    layout = Layout.of(known, there)
    content = BytesIO()
    _write_sheets(content, layout=layout, faults=faults, settings=settings, host=host, created=created)

    assembly.write(
        path,
        content,
        {
            number: Filling(
                frame=known[table],
                columns=layout[table],
                planted=tuple(cell for cell in planted if cell.table is table),
            )
            for number, table in enumerate(schema.TABLES, start=1)
            if table in known and known[table].height
        },
        host=host,
    )


def _write_sheets(
    content: BytesIO, *, layout: Layout, faults: Sequence[Fault], settings: Settings, host: Host, created: datetime
) -> None:
    from xlsxwriter import Workbook

    shown = shapes.headed(layout, faults)
    in_sight = _in_sight(layout, settings, created)
    signature = Signature(school=settings.school, day=created.date(), term=settings.term)
    options = {"in_memory": True, "strings_to_urls": False, **house_look.workbook_options()}
    with Workbook(content, options) as workbook:
        house_look.put_theme(workbook)
        workbook.set_properties(
            {"title": f"{settings.school} 帮扶总表", "author": "xlbangfu", "created": created, "language": "zh-CN"}
        )
        workbook.set_size(2400, 1400)
        formats = Formats(workbook)
        for table in schema.TABLES:
            sheet = workbook.add_worksheet(shapes.title(table, faults))
            if table is CONSOLE:
                front_page_sheet.write(
                    workbook,
                    sheet,
                    formats,
                    layout=layout,
                    settings=settings,
                    today=created.date(),
                    hidden=[one for one in schema.TABLES if one not in in_sight],
                )
            else:
                away = table not in in_sight
                sheet_frames.write(sheet, table, formats, layout=shown, hidden=away, signature=signature)
                shapes.add(sheet, table, formats, layout=layout, faults=faults)
        lists.write(workbook, formats, layout)
        assembly.define_version(workbook)
        workbook.add_vba_project(BytesIO(vba_project(host, sheets=len(schema.TABLES) + 1)), is_stream=True)
        workbook.set_vba_name()
        for sheet in workbook.worksheets():
            sheet.set_vba_name()


def _in_sight(layout: Layout, settings: Settings, created: datetime) -> set[Table]:
    """The sheets that hold something, or that the next step sends staff to."""
    step = next_step.proposed(layout.frames, today=settings.as_of or created.date(), settings=settings)
    filled = {table for table in schema.TABLES if layout.height(table)}
    worked_out = {table for table in schema.OUTPUTS if table in layout.frames}
    return {*sheet_groups.ALWAYS, *step.sheets, *filled, *worked_out}
