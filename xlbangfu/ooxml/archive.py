"""The zip file that a workbook is: members read one by one, and all others copied as their compressed bytes.

zipfile does the reading of the directory; the copying is ours, because zipfile can only write a member anew. ISA-L
inflates and deflates in half of zlib's time.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain, pairwise
from typing import BinaryIO, NamedTuple

from xlbangfu.errors import NotAWorkbook, WriteFailed
from xlbangfu.ooxml.deflating import DeflateError, zlib

MOST_MEMBERS = 20_000
MOST_BYTES = 6 << 30  # inflated; the largest school's workbook has less than 1 GB
MOST_RATIO = 400  # of one member or all of them above _ALWAYS_FITS; repeated sheet rows reach about 60
_ALWAYS_FITS = 64 << 20
_CHUNK = 1 << 20
_LOOK = 1 << 18  # bytes inflated at a time where they are only looked at: a processor has room for them
_PACKED = 1 << 17  # bytes inflated at a time: what is left of them is copied
_BEGINNING = 1 << 13
_MOST_AHEAD = 16 << 20  # bytes inflated that are held for the next reader
_AT_ONCE = 4 << 20  # bytes inflated of a member that is inflated in one go, which takes half of the time
# Bytes inflated of a member that is held for all its readers: an action asks for most of them twice or more.
_SMALL = 1 << 16
_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_EMPTY = _END + bytes(18)
_UTF8, _ENCRYPTED, _DESCRIPTOR = 0x800, 0x1, 0x8


class Member(NamedTuple):
    """One file of the archive: its directory entry and where its bytes are."""

    info: zipfile.ZipInfo
    start: int  # of its local header
    data: int  # of its compressed bytes
    end: int  # of its record, data descriptor included


class _OnDisk:
    """The bytes of an open file, each read when it is asked for."""

    def __init__(self, file: io.BufferedReader) -> None:
        self._file = file
        self._size = file.seek(0, io.SEEK_END)

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, place: slice) -> memoryview:
        start, stop, _ = place.indices(self._size)
        self._file.seek(start)
        return memoryview(self._file.read(max(0, stop - start)))


class Archive:
    """A zip file held in memory as it is on disk, or an open one; nothing is inflated before it is asked for."""

    def __init__(self, data: bytes | io.BufferedReader) -> None:
        self._ahead: dict[str, bytes] = {}
        self._small: dict[str, bytes] = {}
        self._held = 0  # bytes of the small ones
        self.data: memoryview | _OnDisk
        file: BinaryIO
        if isinstance(data, bytes):
            self.data, file = memoryview(data), io.BytesIO(data)
        else:
            self.data, file = _OnDisk(data), data
        try:
            with zipfile.ZipFile(file) as opened:
                infos = opened.infolist()
                self.comment, directory = opened.comment, opened.start_dir
        except (zipfile.BadZipFile, ValueError, EOFError, struct.error, NotImplementedError) as error:
            raise NotAWorkbook("文件不完整或已损坏，请从“备份”文件夹或原处重新取一份。") from error
        _check_sizes(infos, len(self.data))
        self.members = {
            info.filename: self._member(info, following) for info, following in _with_ends(infos, directory)
        }
        if len(self.members) != len(infos):
            raise NotAWorkbook("文件里有重名的部分，不是正常保存的 Excel 文件，请用 Excel 重新另存一份。")

    def _member(self, info: zipfile.ZipInfo, end: int) -> Member:
        start = info.header_offset
        header = self.data[start : start + 30]
        if len(header) < 30 or bytes(header[:4]) != _LOCAL:
            raise NotAWorkbook("文件不完整或已损坏，请从“备份”文件夹或原处重新取一份。")
        name, extra = struct.unpack_from("<HH", header, 26)
        data = start + 30 + name + extra
        if data + info.compress_size > end:
            raise NotAWorkbook("文件不完整或已损坏，请从“备份”文件夹或原处重新取一份。")
        return Member(info, start, data, end)

    def stream(self, name: str) -> Iterator[bytes]:
        """The bytes of a member, those of a large one a megabyte at a time; they end in NotAWorkbook if they are not what was
        stored."""
        if (whole := self._whole(name)) is not None:
            yield whole
        else:
            yield from self._chunks(name, _CHUNK)

    def check(self, name: str) -> None:
        """Raise NotAWorkbook if the bytes of a member are not what was stored."""
        for _ in self._chunks(name, _LOOK):
            pass

    def _chunks(self, name: str, most: int) -> Iterator[bytes]:
        member = self.members[name]
        info = member.info
        body = self.data[member.data : member.data + info.compress_size]
        crc = size = 0
        try:
            for chunk in _inflated(body, info.compress_type, most):
                crc, size = zlib.crc32(chunk, crc), size + len(chunk)
                if size > info.file_size:
                    break
                yield chunk
        except DeflateError as error:
            raise NotAWorkbook(f"文件里的 {name} 已损坏，请从“备份”文件夹或原处重新取一份。") from error
        if (crc, size) != (info.CRC, info.file_size):
            raise NotAWorkbook(f"文件里的 {name} 已损坏，请从“备份”文件夹或原处重新取一份。")

    def beginning(self, name: str) -> bytes:
        """The first few kilobytes of a member."""
        info = self.members[name].info
        if info.file_size <= _SMALL and (whole := self._whole(name)) is not None:
            return whole[:_BEGINNING]
        body = self.raw(name)
        if info.compress_type == zipfile.ZIP_STORED:
            return bytes(body[:_BEGINNING])
        try:
            return _first_inflated(body)
        except DeflateError as error:
            raise NotAWorkbook(f"文件里的 {name} 已损坏，请从“备份”文件夹或原处重新取一份。") from error

    def read(self, name: str) -> bytes:
        whole = self._whole(name)
        return b"".join(self.stream(name)) if whole is None else whole

    def _whole(self, name: str) -> bytes | None:
        """A member as it was inflated before, or at once; None for a large one, and for a damaged one, of which ``stream`` tells."""
        if (held := self._small.get(name)) is not None:
            return held
        if (ahead := self._ahead.pop(name, None)) is not None:
            return ahead
        info = self.members[name].info
        whole = _inflated_at_once(self.raw(name), info) if info.file_size <= _AT_ONCE else None
        if whole is not None and len(whole) <= _SMALL and self._held + len(whole) <= _MOST_AHEAD:
            self._small[name] = whole
            self._held += len(whole)
        return whole

    def read_ahead(self, name: str) -> bytes:
        """``read`` of a member that will be read once more soon: then it is not inflated again, unless there are too many or it
        is large, which its reader wants in pieces."""
        data = self.read(name)
        fits = len(data) <= _AT_ONCE and sum(map(len, self._ahead.values())) + len(data) <= _MOST_AHEAD
        if fits and name not in self._small:
            self._ahead[name] = data
        return data

    def load(self, name: str) -> bytes | bytearray:
        """A member that may be hundreds of megabytes, with no second copy of it on the way."""
        if (whole := self._whole(name)) is not None:
            return whole
        loaded, at = bytearray(self.members[name].info.file_size), 0
        for chunk in self.stream(name):
            loaded[at : at + len(chunk)] = chunk
            at += len(chunk)
        return loaded

    def raw(self, name: str) -> memoryview:
        """A member's compressed bytes."""
        member = self.members[name]
        return self.data[member.data : member.data + member.info.compress_size]


def _inflated(body: memoryview, method: int, most: int) -> Iterator[bytes]:
    """The bytes of a member, so many at most at a time."""
    if method == zipfile.ZIP_STORED:
        yield from (bytes(body[start : start + most]) for start in range(0, len(body), most))
        return
    inflater = zlib.decompressobj(-15)
    for start in range(0, len(body), _PACKED):
        rest: bytes | memoryview = body[start : start + _PACKED]
        while rest and not inflater.eof:
            yield inflater.decompress(rest, most)
            rest = inflater.unconsumed_tail
    yield inflater.flush()


def _inflated_at_once(body: memoryview, info: zipfile.ZipInfo) -> bytes | None:
    """A member, if it is what was stored."""
    try:
        stored = info.compress_type == zipfile.ZIP_STORED
        data = bytes(body) if stored else zlib.decompressobj(-15).decompress(body, info.file_size + 1)
    except DeflateError:
        return None
    return data if (len(data), zlib.crc32(data)) == (info.file_size, info.CRC) else None


def _first_inflated(body: memoryview) -> bytes:
    inflater, found = zlib.decompressobj(-15), b""
    for start in range(0, len(body), _BEGINNING):
        found += inflater.decompress(body[start : start + _BEGINNING], _BEGINNING - len(found))
        if len(found) == _BEGINNING:
            break
    return found


def _check_sizes(infos: list[zipfile.ZipInfo], packed: int) -> None:
    total = sum(info.file_size for info in infos)
    swollen = any(info.file_size > max(_ALWAYS_FITS, MOST_RATIO * info.compress_size) for info in infos)
    most = min(MOST_BYTES, max(_ALWAYS_FITS, MOST_RATIO * packed))
    if len(infos) > MOST_MEMBERS or total > most or swollen:
        raise NotAWorkbook("文件解压后大得不正常，可能是恶意文件，没有打开。")
    if any(info.flag_bits & _ENCRYPTED for info in infos):
        raise NotAWorkbook("文件加了密码，请先在 Excel 里去掉打开密码再用。")
    if any(info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for info in infos):
        raise NotAWorkbook("文件的压缩方式不是 Excel 用的那种，请用 Excel 重新另存一份。")


def _with_ends(infos: list[zipfile.ZipInfo], directory: int) -> Iterator[tuple[zipfile.ZipInfo, int]]:
    """Each entry in the directory's order, with where the next record in the file begins."""
    starts = sorted(info.header_offset for info in infos)
    ends = dict(pairwise([*starts, directory]))
    for info in infos:
        yield info, ends[info.header_offset]


Content = Iterable[bytes]


def packed(parts: Mapping[str, Content], source: Archive | None = None) -> bytes:
    """A package of these parts alone, or of ``source`` with them in place of or after its own."""
    target = io.BytesIO()
    write(source or Archive(_EMPTY), parts, frozenset(), target)
    return target.getvalue()


def write(source: Archive, changes: Mapping[str, Content], removed: frozenset[str], target: BinaryIO) -> None:
    """The archive with some members changed, removed or added; order and dates are kept, other members copied raw.

    Members that ``changes`` adds come after the others, in its order.
    """
    directory: list[bytes] = []
    for name, member in source.members.items():
        if name in removed:
            continue
        start = target.tell()
        if name in changes:
            entry = _write_member(member.info, changes[name], target)
        else:
            target.write(source.data[member.start : member.end])
            entry = _Entry(
                member.info.flag_bits,
                member.info.CRC,
                member.info.compress_size,
                member.info.file_size,
                member.info.compress_type,
            )
        directory.append(_central(member.info, entry, start))
    for name in changes:
        if name not in source.members:
            start, info = target.tell(), zipfile.ZipInfo(name)
            directory.append(_central(info, _write_member(info, changes[name], target), start))
    begin = target.tell()
    body = b"".join(directory)
    if begin + len(body) >= 0xFFFFFFFF or len(directory) >= 0xFFFF:
        raise WriteFailed("结果超过 4 GB，Excel 打不开，没有保存。")
    target.write(body)
    target.write(
        struct.pack("<4s4H2LH", _END, 0, 0, len(directory), len(directory), len(body), begin, len(source.comment))
    )
    target.write(source.comment)


class _Entry(NamedTuple):
    flags: int
    crc: int
    packed: int
    size: int
    method: int


def _write_member(info: zipfile.ZipInfo, content: Content, target: BinaryIO) -> _Entry:
    """One member deflated as it comes; its sizes are put into the header afterwards."""
    name = info.orig_filename.encode("utf-8" if info.flag_bits & _UTF8 else "cp437")
    flags = info.flag_bits & ~_DESCRIPTOR
    start = target.tell()
    target.write(b"\0" * 30 + name)
    crc = size = packed = 0
    for chunk, deflated in _deflated(content):
        crc, size = zlib.crc32(chunk, crc), size + len(chunk)
        packed += target.write(deflated)
    end = target.tell()
    target.seek(start)
    entry = _Entry(flags, crc, packed, size, zipfile.ZIP_DEFLATED)
    target.write(
        struct.pack("<4s5H3L2H", _LOCAL, 20, flags, entry.method, *_dos(info), crc, packed, size, len(name), 0)
    )
    target.seek(end)
    return entry


_LEVEL = 1
_BLOCK = 1 << 20  # bytes


def _deflated(content: Content) -> Iterator[tuple[bytes, bytes]]:
    """Each block and what it is deflated to; one is deflated in a thread while the next is being made."""
    blocks = _blocks(content)
    first = next(blocks, b"")
    second = next(blocks, None)
    if second is None:
        yield first, zlib.compress(first, _LEVEL, -15)
        return
    deflater = zlib.compressobj(_LEVEL, zlib.DEFLATED, -15)
    with ThreadPoolExecutor(1) as worker:
        before: tuple[bytes, Future[bytes]] | None = None
        for chunk in chain((first, second), blocks):
            following = chunk, worker.submit(deflater.compress, chunk)
            if before:
                yield before[0], before[1].result()
            before = following
        if before:
            yield before[0], before[1].result()
    yield b"", deflater.flush()


def _blocks(content: Content) -> Iterator[bytes]:
    """The content with small pieces joined: to hand one to a thread takes as long as to deflate it."""
    held: list[bytes] = []
    size = 0
    for piece in content:
        held.append(piece)
        size += len(piece)
        if size >= _BLOCK:
            yield b"".join(held)
            held, size = [], 0
    if held:
        yield b"".join(held)


def _central(info: zipfile.ZipInfo, entry: _Entry, start: int) -> bytes:
    name = info.orig_filename.encode("utf-8" if info.flag_bits & _UTF8 else "cp437")
    extra = _without_zip64(info.extra)
    return (
        struct.pack(
            "<4s6H3L5H2L",
            _CENTRAL,
            info.create_version | info.create_system << 8,
            max(20, min(info.extract_version, 45)),
            entry.flags,
            entry.method,
            *_dos(info),
            entry.crc,
            entry.packed,
            entry.size,
            len(name),
            len(extra),
            len(info.comment),
            0,
            info.internal_attr,
            info.external_attr,
            start,
        )
        + name
        + extra
        + info.comment
    )


def _dos(info: zipfile.ZipInfo) -> tuple[int, int]:
    year, month, day, hour, minute, second = info.date_time
    return hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day


def _without_zip64(extra: bytes) -> bytes:
    """The extra fields of a directory entry, without the sizes of a large file: ours fit without."""
    kept, at = b"", 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind != 1:
            kept += extra[at : at + 4 + length]
        at += 4 + length
    return kept
