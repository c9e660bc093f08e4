"""zlib, by ISA-L where it can be had: half of the time. Windows on ARM has no wheel of it, and zlib does the same there."""

from __future__ import annotations

try:
    from isal import isal_zlib as zlib
    from isal.igzip_lib import IsalError as DeflateError
except ImportError:
    import zlib  # type: ignore[no-redef]  # two modules of one interface
    from zlib import error as DeflateError  # type: ignore[assignment]  # and their errors

__all__ = ["DeflateError", "zlib"]
