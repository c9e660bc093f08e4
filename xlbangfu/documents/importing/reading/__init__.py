"""Files that staff send, read to grids: .xlsx, .xlsm, .xls, .et, .ods, text tables, web pages and XML 2003 under any name.

What a file is, its bytes say, never its name. Every reader gives the same grid for the same content (``builder``), sees all
that its format can hold (hidden rows, merged cells, errors, formulas without a value, what a format shows), stops at bounds
of size (``builder.MOST_CELLS``, the zip's ratio), and ends a damaged or hostile file in one sentence.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from xlbangfu.documents.importing.grid import File, Grid
from xlbangfu.documents.importing.reading.file_kinds import Kind, kind_of
from xlbangfu.documents.importing.reading.refusal import Refusal, password
from xlbangfu.errors import UnreadableFile, disk_trouble

__all__ = ["read_file"]

_MOST_BYTES = 1 << 26


def read_file(path: Path) -> File:
    """The sheets of a file, hidden ones too.

    Raises UnreadableFile with one sentence for what is no table, is encrypted, broken or hostile.
    """
    data = _bytes(path)

    try:
        grids = tuple(_grids(path.name, data))
    except Refusal as problem:
        raise UnreadableFile(f"“{path.name}”{problem}") from problem
    if not grids:
        raise UnreadableFile(f"“{path.name}”里没有内容，请换一份有内容的。")
    return File(name=path.name, grids=grids)


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise UnreadableFile(f"“{path.name}”太大，请只留下要导入的表、拆成几份再导入。")
        if not path.is_file():  # a folder, or what has no end
            raise UnreadableFile(f"“{path.name}”不是文件，请选要导入的那份文件。")
        return path.read_bytes()
    except FileNotFoundError as problem:
        raise UnreadableFile(f"找不到文件“{path}”，请检查名字和所在文件夹。") from problem
    except OSError as problem:
        raise UnreadableFile(f"打不开“{path.name}”：{disk_trouble(problem)}，请处理后再导入。") from problem


def _grids(file: str, data: bytes) -> Iterable[Grid]:
    kind = kind_of(data)
    if kind is Kind.ENCRYPTED:
        from xlbangfu.documents.importing.reading.structure_password import without_structure_password

        opened = without_structure_password(data)
        if opened is None or kind_of(opened) is not Kind.WORKBOOK:
            raise password()
        data, kind = opened, Kind.WORKBOOK
    if kind is Kind.WORKBOOK:
        from xlbangfu.documents.importing.reading.excel_workbook import read_workbook

        return read_workbook(file, data)
    if kind is Kind.OLD_WORKBOOK:
        from xlbangfu.documents.importing.reading.old_workbook import read_old_workbook

        return read_old_workbook(file, data)
    if kind is Kind.OPEN_DOCUMENT:
        from xlbangfu.documents.importing.reading.open_document import read_open_document

        return read_open_document(file, data)
    return _text_grids(kind, file, data)


def _text_grids(kind: Kind, file: str, data: bytes) -> Iterable[Grid]:
    if kind is Kind.FLAT_DOCUMENT:
        from xlbangfu.documents.importing.reading.open_document import read_flat_document

        return read_flat_document(file, data)
    if kind is Kind.SPREADSHEET_XML:
        from xlbangfu.documents.importing.reading.spreadsheet_xml import read_spreadsheet_xml

        return read_spreadsheet_xml(file, data)
    if kind is Kind.WEB_PAGE:
        from xlbangfu.documents.importing.reading.web_page import read_web_page

        page = read_web_page(file, data)
        return (page,) if page else ()
    from xlbangfu.documents.importing.reading.text_table import read_text_table

    table = read_text_table(file, data)
    return (table,) if table else ()
