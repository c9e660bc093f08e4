"""A Word file packed again, so that the same content at the same time is the same file: its hash stands in 运行记录."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo


def packed(paper: bytes, made: datetime) -> bytes:
    """The same parts in the same order, all of the time ``made``."""
    content = BytesIO()
    with ZipFile(BytesIO(paper)) as parts, ZipFile(content, "w", ZIP_DEFLATED) as package:
        for name in parts.namelist():
            package.writestr(ZipInfo(name, made.timetuple()[:6]), parts.read(name), ZIP_DEFLATED)
    return content.getvalue()
