"""What every program that makes PDFs is held to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from xlbangfu.errors import WriteFailed

Progress = Callable[[float], None]


def check_made(files: Sequence[Path], folder: Path, program: str) -> None:
    """Raise WriteFailed unless every workbook has its PDF."""
    lacking = [file.name for file in files if not (folder / f"{file.stem}.pdf").is_file()]
    if lacking:
        raise WriteFailed(
            f"{program} 没有做成“{lacking[0]}”的 PDF（共 {len(lacking)} 份没做成）；请关掉打开着的文件，再做一次。"
        )
