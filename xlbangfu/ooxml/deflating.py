"""zlib, by ISA-L where it can be had: half of the time. Windows on ARM has no wheel of it, and zlib does the same there."""

from __future__ import annotations

from typing import cast

try:
    from isal import isal_zlib as zlib
except ImportError:
    import zlib  # type: ignore[no-redef]  # two modules of one interface

DeflateError = cast("type[Exception]", zlib.error)  # isal's stubs type it as a value

__all__ = ["DeflateError", "zlib"]
