"""Tricks with the zip of a workbook and with the XML in it: what attackers and broken programs write."""

from __future__ import annotations

import random
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from io import BytesIO

from tests.attack.byte_mutations import Mutation, cut_out, cut_short, fill_with_nothing, flip_bits

_LOCAL, _CENTRAL = b"PK\x03\x04", b"PK\x01\x02"
_SWELLS = 48 << 20  # bytes of a part that deflates to a thousandth
_ROW = b'<row r="%d"><c r="%s%d"><v>%s</v></c></row></sheetData>'
Parts = dict[str, bytes]


def parts_of(data: bytes) -> Parts:
    with zipfile.ZipFile(BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(parts: Mapping[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", method) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return made.getvalue()


def _sheet(parts: Parts, chance: random.Random) -> str:
    return chance.choice([name for name in parts if "worksheets/sheet" in name and name.endswith(".xml")])


def _any(parts: Parts, chance: random.Random) -> str:
    """A part, those that every reader looks at more often."""
    core = [name for name in parts if re.search(r"workbook|styles|\[Content|\.rels|sheet\d+\.xml", name)]
    return chance.choice(core if chance.random() < 0.8 else list(parts))


def _on_parts(change: Callable[[Parts, random.Random], None]) -> Mutation:
    def mutation(data: bytes, chance: random.Random) -> bytes:
        parts = parts_of(data)
        change(parts, chance)
        return packed(parts)

    mutation.__name__ = change.__name__
    return mutation


def _on_sheet(change: Callable[[bytes, random.Random], bytes]) -> Mutation:
    def mutation(data: bytes, chance: random.Random) -> bytes:
        parts = parts_of(data)
        name = _sheet(parts, chance)
        parts[name] = change(parts[name], chance)
        return packed(parts)

    mutation.__name__ = change.__name__
    return mutation


def drop_part(parts: Parts, chance: random.Random) -> None:
    del parts[_any(parts, chance)]


def empty_part(parts: Parts, chance: random.Random) -> None:
    parts[_any(parts, chance)] = b""


def spoil_part(parts: Parts, chance: random.Random) -> None:
    name = _any(parts, chance)
    spoil = chance.choice((flip_bits, cut_short, cut_out, fill_with_nothing))
    parts[name] = spoil(parts[name] or b"x", chance)


def swap_parts(parts: Parts, chance: random.Random) -> None:
    one, other = _any(parts, chance), _any(parts, chance)
    parts[one], parts[other] = parts[other], parts[one]


def same_name_in_capitals(parts: Parts, chance: random.Random) -> None:
    name = _any(parts, chance)
    parts[name.upper()] = parts[_any(parts, chance)]


def odd_names(parts: Parts, chance: random.Random) -> None:
    for name in ("../../外面.xml", "/etc/x.xml", "xl\\worksheets\\sheet1.xml", "C:/x.xml", "xl/\u202e.xml", "a" * 300):
        parts[name] = chance.randbytes(20)


def another_workbook_first(parts: Parts, chance: random.Random) -> None:
    parts["xl/other.xml"] = parts.get("xl/workbook.xml", b"")
    rels = parts["_rels/.rels"]
    parts["_rels/.rels"] = rels.replace(
        b"xl/workbook.xml", chance.choice((b"xl/other.xml", b"xl/none.xml", b"../x", b""))
    )


def swelling_part(parts: Parts, chance: random.Random) -> None:
    name = _any(parts, chance)
    filler = chance.choice((b" ", b"<a/>", b"<a>", b"&#65;"))
    parts[name] += filler * (_SWELLS // len(filler))


def entities_without_end(parts: Parts, chance: random.Random) -> None:
    name = _any(parts, chance)
    steps = b"".join(b'<!ENTITY e%d "%s">' % (at, b"&e%d;" % (at - 1) * 10) for at in range(1, 10))
    doctype = b'<!DOCTYPE x [<!ENTITY e0 "lol">' + steps + b"]>"
    body = re.sub(rb"^<\?xml[^>]*\?>", b"", parts[name])
    parts[name] = doctype + re.sub(rb">", b">&e9;", body, count=2)


def entity_of_a_file(parts: Parts, chance: random.Random) -> None:
    name = _any(parts, chance)
    body = re.sub(rb"^<\?xml[^>]*\?>", b"", parts[name])
    parts[name] = b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]>' + re.sub(rb">", b">&f;", body, count=2)


def other_encoding(parts: Parts, chance: random.Random) -> None:
    name = _any(parts, chance)
    text = re.sub(rb"^<\?xml[^>]*\?>", b"", parts[name]).decode("utf-8", "replace")
    code = chance.choice(("utf-16", "gb18030", "utf-32", "x-none", "utf-7"))
    head = f'<?xml version="1.0" encoding="{code}"?>'
    parts[name] = (head + text).encode("latin-1" if code == "x-none" else code, "replace")


def deep_nesting(parts: Parts, chance: random.Random) -> None:
    name = _any(parts, chance)
    depth = chance.choice((300, 20_000, 300_000))
    parts[name] = re.sub(rb"(<[a-zA-Z:]+[^>]*>)", rb"\1" + b"<a>" * depth + b"</a>" * depth, parts[name], count=1)


def tag_gone(parts: Parts, chance: random.Random) -> None:
    name = _any(parts, chance)
    tags = list(re.finditer(rb"<[^>]+>", parts[name]))
    if tags:
        one = chance.choice(tags)
        parts[name] = parts[name][: one.start()] + parts[name][one.end() :]


def odd_attribute(parts: Parts, chance: random.Random) -> None:
    name = _any(parts, chance)
    values = list(re.finditer(rb'="([^"]*)"', parts[name]))
    if values:
        one = chance.choice(values)
        odd = chance.choice(
            (b"", b"-1", b"99999999999999999999", b"1e999", b"NaN", b"\xe5\xad\xa6", b"A" * 70_000, b"&#0;")
        )
        parts[name] = parts[name][: one.start(1)] + odd + parts[name][one.end(1) :]


def far_cell(sheet: bytes, chance: random.Random) -> bytes:
    column, row = chance.choice(
        ((b"XFD", 1_048_576), (b"A", 1_048_577), (b"ZZZZZZ", 5), (b"A", 4_294_967_296), (b"", 0))
    )
    return sheet.replace(b"</sheetData>", _ROW % (row, column, row, b"1"), 1)


def odd_value(sheet: bytes, chance: random.Random) -> bytes:
    odd = (b"1e999", b"NaN", b"-1", b"1e-400", b"2958466", b"-693595", b"\xe4\xb8\x80", b"9" * 400, b"0x10", b"")
    values = list(re.finditer(rb"<v>([^<]*)</v>", sheet))
    if not values:
        return far_cell(sheet, chance)
    one = chance.choice(values)
    return sheet[: one.start(1)] + chance.choice(odd) + sheet[one.end(1) :]


def odd_type(sheet: bytes, chance: random.Random) -> bytes:
    kinds = (b"s", b"b", b"e", b"d", b"str", b"inlineStr", b"n", b"x", b"")
    cells = list(re.finditer(rb"<c (r=\"[A-Z]+\d+\")[^>]*>", sheet))
    if not cells:
        return far_cell(sheet, chance)
    one = chance.choice(cells)
    return sheet[: one.start()] + b'<c %s t="%s">' % (one[1], chance.choice(kinds)) + sheet[one.end() :]


def rows_in_disorder(sheet: bytes, chance: random.Random) -> bytes:
    numbers = list(re.finditer(rb'<row r="(\d+)"', sheet))
    if not numbers:
        return far_cell(sheet, chance)
    one = chance.choice(numbers)
    return sheet[: one.start(1)] + str(chance.choice((0, 1, 2, 3, 999_999))).encode() + sheet[one.end(1) :]


def many_merged(sheet: bytes, chance: random.Random) -> bytes:
    ranges = (b"A1:XFD1048576", b"A2:C5", b"B3:B4", b"C5:A2", b"A1", b":", b"A0:B0")
    cells = b"".join(b'<mergeCell ref="%s"/>' % chance.choice(ranges) for _ in range(5))
    return sheet.replace(b"</sheetData>", b"</sheetData><mergeCells>" + cells + b"</mergeCells>", 1)


def _bytes_of_zip(change: Callable[[bytearray, int, random.Random], None], sign: bytes) -> Mutation:
    def mutation(data: bytes, chance: random.Random) -> bytes:
        spoiled = bytearray(data)
        places = [found.start() for found in re.finditer(re.escape(sign), data)]
        change(spoiled, chance.choice(places), chance)
        return bytes(spoiled)

    mutation.__name__ = change.__name__
    return mutation


def encrypted_flag(data: bytearray, at: int, chance: random.Random) -> None:
    data[at + 8] |= 1


def unknown_method(data: bytearray, at: int, chance: random.Random) -> None:
    data[at + 10] = chance.choice((1, 9, 12, 14, 93, 99))


def wrong_checksum(data: bytearray, at: int, chance: random.Random) -> None:
    data[at + 16 + chance.randrange(4)] ^= 255


def wrong_size(data: bytearray, at: int, chance: random.Random) -> None:
    data[at + chance.choice((20, 24)) : at + 28] = chance.randbytes(4 + 4 * chance.randrange(2))[: 28 - at - 20 + at]


def wrong_place(data: bytearray, at: int, chance: random.Random) -> None:
    data[at + 42 : at + 46] = chance.randbytes(4)


def spoiled_local_head(data: bytearray, at: int, chance: random.Random) -> None:
    data[at + chance.randrange(4, 30)] ^= 1 << chance.randrange(8)


def zip_in_zip(data: bytes, chance: random.Random) -> bytes:
    return packed({chance.choice(("xl/workbook.xml", "里面.xlsx", "[Content_Types].xml")): data})


def second_member_of_a_name(data: bytes, chance: random.Random) -> bytes:
    import warnings

    made, parts = BytesIO(data), parts_of(data)
    name = _any(parts, chance)
    with warnings.catch_warnings(), zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as package:
        warnings.simplefilter("ignore")
        package.writestr(name, parts[_any(parts, chance)])
    return made.getvalue()


def stored_raw(data: bytes, chance: random.Random) -> bytes:
    """All parts stored, one of them as raw deflate: the method lies."""
    parts = parts_of(data)
    name = _any(parts, chance)
    parts[name] = zlib.compress(parts[name])[2:-4]
    return packed(parts, method=zipfile.ZIP_STORED)


PACKAGE: tuple[Mutation, ...] = (
    *map(
        _on_parts,
        (
            drop_part,
            empty_part,
            spoil_part,
            spoil_part,
            spoil_part,
            swap_parts,
            same_name_in_capitals,
            odd_names,
            another_workbook_first,
            swelling_part,
            entities_without_end,
            entity_of_a_file,
            other_encoding,
            deep_nesting,
            tag_gone,
            tag_gone,
            odd_attribute,
            odd_attribute,
        ),
    ),
    *map(_on_sheet, (far_cell, odd_value, odd_value, odd_type, rows_in_disorder, many_merged)),
    *(
        _bytes_of_zip(change, _CENTRAL)
        for change in (encrypted_flag, unknown_method, wrong_checksum, wrong_size, wrong_place)
    ),
    _bytes_of_zip(spoiled_local_head, _LOCAL),
    zip_in_zip,
    second_member_of_a_name,
    stored_raw,
)
