"""Letters as files, one workbook a class."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from xlbangfu.documents.class_files import ClassFile, Progress, Staged, staged_class_files
from xlbangfu.documents.slips.letter import ClassSlips
from xlbangfu.documents.slips.letter_sheet import as_bytes
from xlbangfu.documents.staging import MakePdfs
from xlbangfu.file_names import in_a_name


def file_name(made: ClassSlips) -> str:
    """班级_家长信_day: nothing in it says why these students."""
    return f"{in_a_name(made.class_name)}_家长信_{made.day}.xlsx"


def staged_slips(
    classes: Sequence[ClassSlips], folder: Path, *, progress: Progress | None = None, pdfs: MakePdfs | None = None
) -> AbstractContextManager[Staged]:
    """The letters as ``staged_class_files`` makes them. Raises WriteFailed."""
    return staged_class_files("家长信", classes, _file, folder, progress=progress, pdfs=pdfs)


def _file(made: ClassSlips) -> ClassFile:
    return ClassFile(class_name=made.class_name, name=file_name(made), students=len(made.letters), data=as_bytes(made))
