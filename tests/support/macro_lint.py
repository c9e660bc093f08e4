"""What [MS-OVBA] asks of a project that is not written by Office, looked for with oletools.

Faults are sentences. A project that has modules of the staff's may keep what Office compiled for those: it is not used once
the header says that nothing is compiled.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from io import BytesIO

from olefile import OleFileIO
from oletools.olevba import VBA_Parser, decompress_stream

HEADER = b"\xcc\x61\xff\xff\x00\x00\x00"  # of _VBA_PROJECT, 2.3.4.1
_NO_MODULES = {"dir", "_VBA_PROJECT"}


def macro_faults(project: bytes, *, staffs: Container[str] = ()) -> list[str]:
    """The faults of a project; ``staffs`` are modules that are not the program's."""
    with OleFileIO(BytesIO(project)) as streams:
        return list(_faults(streams, staffs))


def modules(project: bytes) -> dict[str, str]:
    """The source of each module that oletools finds, by name."""
    parser = VBA_Parser("vbaProject.bin", data=project)
    return {path.rpartition("/")[2]: code for _, path, _, code in parser.extract_macros()}


def _faults(streams: OleFileIO, staffs: Container[str]) -> Iterator[str]:
    if streams.openstream("VBA/_VBA_PROJECT").read() != HEADER:
        yield "_VBA_PROJECT says that something is compiled"
    for storage, *rest in streams.listdir():
        name = rest[0] if storage == "VBA" and rest else ""
        if name.startswith("__SRP_"):
            yield f"{name} holds what another Office worked out"
        elif name and name not in _NO_MODULES and name not in staffs:
            yield from _module_faults(name, streams.openstream(["VBA", name]).read())
    declared = streams.openstream("PROJECT").read()
    if b"\n" in declared.replace(b"\r\n", b""):
        yield "PROJECT has other line ends"


def _module_faults(name: str, stream: bytes) -> Iterator[str]:
    try:
        source = bytes(decompress_stream(bytearray(stream)))
    except ValueError:
        yield f"{name} has something compiled before its source"
        return
    if b"\n" in source.replace(b"\r\n", b"") or b"\r" in source.replace(b"\r\n", b""):
        yield f"{name} has other line ends"
    if not source.startswith(f'Attribute VB_Name = "{name}"\r\n'.encode()):
        yield f"{name} does not begin with its name"
