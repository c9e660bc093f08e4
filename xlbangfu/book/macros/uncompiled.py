"""A project of macros as source only: Office compiles it anew, whatever version it is, and trusts no code from another.

By [MS-OVBA]: what is compiled stands before the source in each module's stream, in ``_VBA_PROJECT`` and in ``__SRP_``
streams; it is only valid for the version of VBA that made it, and a writer that is not VBA leaves it out and writes a
``_VBA_PROJECT`` of seven bytes with the version 0xFFFF (2.3.4.1), offsets of 0 (2.3.4.2.3.2.6) and no ``__SRP_`` (2.2.6).
"""

from __future__ import annotations

from typing import Any

_VBA, _CACHE, _DIRECTORY, _RESULTS = "VBA", "_VBA_PROJECT", "dir", "__SRP_"
HEADER = b"\xcc\x61\xff\xff\x00\x00\x00"
_RESERVED = 5  # bytes before what is compiled


def as_source(project: bytes) -> bytes:
    """A project that is all the program's own, with the source of its modules and nothing compiled."""
    from pyopenvba.cfb import CFB
    from pyopenvba.vba import compress, parse_vba_project, serialize_dir_stream, write_back_modules

    streams = CFB.from_bytes(project)
    parsed = parse_vba_project(streams)
    for module in parsed.modules:
        module.source, module.dirty = module.source, True
    write_back_modules(streams, parsed)
    streams.write_stream_in_storage(_VBA, _DIRECTORY, compress(serialize_dir_stream(parsed)))
    return _with_header(streams)


def to_be_compiled(project: bytes) -> bytes:
    """A project with modules of the staff's, whose streams stay as they are: Office compiles those anew, too."""
    from pyopenvba.cfb import CFB

    return _with_header(CFB.from_bytes(project))


def is_half_compiled(project: bytes) -> bool:
    """Whether a project says that it was compiled by some version, and holds nothing compiled: versions before 0.3.0
    wrote that, Office never does."""
    from pyopenvba.cfb import CFB

    streams = CFB.from_bytes(project)
    if _CACHE not in streams.list_streams_in_storage(_VBA):
        return False
    compiled = streams.get_stream_in_storage(_VBA, _CACHE)[_RESERVED:]
    return len(compiled) > len(HEADER) - _RESERVED and not any(compiled)


def _with_header(streams: Any) -> bytes:
    streams.write_stream_in_storage(_VBA, _CACHE, HEADER)
    for name in streams.list_streams_in_storage(_VBA):
        if name.startswith(_RESULTS):
            streams.remove_stream_in_storage(_VBA, name)
    return bytes(streams.to_bytes())
