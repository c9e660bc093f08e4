"""The ZIP itself: written beside, then put in its place; the same files give the same bytes."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

from xlbangfu.setup_machine.bundle.contents import Member, data
from xlbangfu.setup_machine.bundle.pip_downloads import BundleFailure

_DAY = (2026, 1, 1, 0, 0, 0)
_PACKED = (".whl", ".xlsm", ".xlsx", ".docx", ".pdf")  # deflating them again would save nothing


def write(out: Path, members: Mapping[str, Member]) -> None:
    """Raises BundleFailure where it can't be written; what was there before stays then."""
    beside = out.with_name(f"{out.name}.part")
    try:
        with zipfile.ZipFile(beside, "w") as package:
            for name, member in members.items():
                info = zipfile.ZipInfo(name, _DAY)
                info.compress_type = zipfile.ZIP_STORED if name.endswith(_PACKED) else zipfile.ZIP_DEFLATED
                package.writestr(info, data(member), compresslevel=9)
        beside.replace(out)
    except OSError as problem:
        raise BundleFailure(f"写不了“{out}”（{problem.strerror}），请检查文件夹和磁盘空间。") from problem
    finally:
        beside.unlink(missing_ok=True)
