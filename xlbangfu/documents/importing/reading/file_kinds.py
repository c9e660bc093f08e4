"""What a file is, by its bytes: names lie, platforms send web pages as .xls."""

from __future__ import annotations

import io
import re
import zipfile
from enum import Enum, auto

from xlbangfu.documents.importing.reading.refusal import SAVE_AGAIN, Refusal, broken, hostile, no_table
from xlbangfu.late_pattern import late_pattern


class Kind(Enum):
    """The kinds that can be read."""

    WORKBOOK = auto()
    OLD_WORKBOOK = auto()
    ENCRYPTED = auto()
    OPEN_DOCUMENT = auto()
    FLAT_DOCUMENT = auto()
    SPREADSHEET_XML = auto()
    WEB_PAGE = auto()
    TEXT = auto()


_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BARE_SHEETS = (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")  # Excel 2 to 5 without a container
_OTHERS = {
    b"%PDF": "是 PDF，不是表格",
    b"\x89PNG": "是图片，不是表格",
    b"\xff\xd8\xff": "是图片，不是表格",
    b"GIF8": "是图片，不是表格",
    b"BM": "是图片，不是表格",
    b"{\\rtf": "是 Word 文档（RTF），不是表格",
    b"Rar!": "是压缩包",
    b"7z\xbc\xaf": "是压缩包",
    b"\x1f\x8b": "是压缩包",
}
_OTHER_STREAMS = {"WordDocument": "是 Word 文档，不是表格", "PowerPoint Document": "是 PPT，不是表格"}
_ASK_FOR_TABLE = "请给 .xlsx、.xls、.et、.ods 或 .csv。"
_UNPACK = "请先解压，再导入里面的表格。"
_SHEETS = late_pattern(r"application/vnd\.oasis\.opendocument\.spreadsheet")


def kind_of(data: bytes) -> Kind:
    """The kind of a file; raises Refusal for what is no table, with what it is."""
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise Refusal("是空文件，请换一份有内容的。")
    for beginning, what in _OTHERS.items():
        if data.startswith(beginning):
            if beginning == b"BM" and not _is_bitmap(data):
                continue
            raise Refusal(f"{what}，{_UNPACK if '压缩包' in what else _ASK_FOR_TABLE}")
    if data.startswith(b"PK"):
        return _kind_of_zip(data)
    if data.startswith(_OLE):
        return _kind_of_ole(data)
    if data.startswith(_BARE_SHEETS):
        return Kind.OLD_WORKBOOK
    return _kind_of_text(data)


def _is_bitmap(data: bytes) -> bool:
    return int.from_bytes(data[2:6], "little") == len(data)


def _kind_of_zip(data: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = frozenset(archive.namelist())
            kind = archive.read("mimetype")[:100].decode("ascii", "replace") if _tells_kind(archive, names) else ""
    except Exception as problem:  # zipfile raises much more than BadZipFile on damaged directories
        raise broken() from problem
    if kind:
        if _SHEETS.match(kind):
            return Kind.OPEN_DOCUMENT
        raise Refusal(f"不是电子表格，{_ASK_FOR_TABLE}")
    if "[Content_Types].xml" in names:
        return _kind_of_package(names)
    if any(name.endswith(".iwa") for name in names) or "Index.zip" in names:
        raise Refusal("是苹果的 Numbers 表格，请在 Numbers 里导出为 Excel（.xlsx）再导入。")
    raise Refusal(f"是压缩包，{_UNPACK}")


def _tells_kind(archive: zipfile.ZipFile, names: frozenset[str]) -> bool:
    return "mimetype" in names and archive.getinfo("mimetype").file_size < 200


def _kind_of_package(names: frozenset[str]) -> Kind:
    if any(name.startswith("word/") for name in names):
        raise Refusal(f"是 Word 文档，不是表格，{_ASK_FOR_TABLE}")
    if any(name.startswith("ppt/") for name in names):
        raise Refusal(f"是 PPT，不是表格，{_ASK_FOR_TABLE}")
    if "xl/workbook.bin" in names:
        raise Refusal(f"是二进制的 Excel 文件（.xlsb），{SAVE_AGAIN}")
    return Kind.WORKBOOK


def _kind_of_ole(data: bytes) -> Kind:
    """By the streams at the root of the container: a Word document may have a workbook further inside."""
    if _has_stream(data, "EncryptedPackage"):
        return Kind.ENCRYPTED
    if _has_stream(data, "Workbook") or _has_stream(data, "Book"):
        return Kind.OLD_WORKBOOK
    for stream, what in _OTHER_STREAMS.items():
        if _has_stream(data, stream):
            raise Refusal(f"{what}，{_ASK_FOR_TABLE}")
    raise broken()


def _has_stream(data: bytes, name: str) -> bool:
    """Whether a stream is at the root of a container; in a damaged one, whether its name is anywhere."""
    from xlrd.compdoc import CompDoc

    there = name.encode("utf-16-le") + b"\0\0" in data
    try:
        return there and CompDoc(data, logfile=io.StringIO()).locate_named_stream(name)[0] is not None
    except Exception:  # xlrd's own and whatever damage trips
        return there


_DECLARATION = late_pattern(r"<\?.*?\?>|<!--.*?-->|\s+|\ufeff", re.DOTALL)
_TAG = late_pattern(r"<!doctype\s+[\w]+|<([A-Za-z][\w.:-]*)[^>]*>?", re.IGNORECASE)
_PAGE_TAGS = frozenset(
    [
        "html",
        "head",
        "meta",
        "body",
        "div",
        "table",
        "style",
        "center",
        "font",
        "form",
        "span",
        "title",
        "link",
        "script",
        "p",
        "h1",
        "h2",
        "h3",
        "b",
    ]
)


def _kind_of_text(data: bytes) -> Kind:
    beginning = _beginning(data)
    if beginning.startswith("ID;P"):
        raise Refusal(f"是 SYLK 表格，{SAVE_AGAIN}")
    if re.match(r"(?:From|MIME-Version|Content-Type)\s*:", beginning, re.IGNORECASE):
        raise Refusal(f"是打成一个文件的网页（.mht），{SAVE_AGAIN}")
    at = 0
    while match := _DECLARATION.match(beginning, at):
        at = match.end()
    tag = _TAG.match(beginning, at)
    if tag is None:
        if beginning.startswith("<?xml"):
            raise no_table()
        return Kind.TEXT
    if tag[1]:
        return _kind_of_markup(tag[1].lower(), tag[0])
    if tag[0].lower().endswith("html"):
        return Kind.WEB_PAGE
    raise hostile()


def _kind_of_markup(tag: str, whole: str) -> Kind:
    if tag.rpartition(":")[2] in _PAGE_TAGS:
        return Kind.WEB_PAGE
    if tag.rpartition(":")[2] == "workbook" and "office:spreadsheet" in whole:
        return Kind.SPREADSHEET_XML
    if tag == "office:document":
        return Kind.FLAT_DOCUMENT
    raise no_table()


def _beginning(data: bytes) -> str:
    """The first signs, good enough to see tags by."""
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff") or data[:4].count(0) >= 2
    return (
        (data[:16_384].replace(b"\0", b"") if wide else data[:8_192])
        .lstrip(b"\xef\xbb\xbf\xff\xfe")
        .decode("utf-8", "ignore")
    )
