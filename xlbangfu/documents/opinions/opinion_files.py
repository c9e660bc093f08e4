"""The forms as files, one workbook a class."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from xlbangfu.documents.class_files import ClassFile, Progress, Staged, staged_class_files
from xlbangfu.documents.opinions.opinion_forms import ClassOpinions
from xlbangfu.documents.opinions.opinion_sheet import as_bytes
from xlbangfu.documents.staging import MakePdfs
from xlbangfu.file_names import in_a_name


def file_name(made: ClassOpinions) -> str:
    """班级_意见表_day."""
    return f"{in_a_name(made.class_name)}_意见表_{made.day}.xlsx"


def staged_opinions(
    classes: Sequence[ClassOpinions], folder: Path, *, progress: Progress | None = None, pdfs: MakePdfs | None = None
) -> AbstractContextManager[Staged]:
    """The forms as ``staged_class_files`` makes them. Raises WriteFailed."""
    return staged_class_files("意见表", classes, _file, folder, progress=progress, pdfs=pdfs)


def _file(made: ClassOpinions) -> ClassFile:
    return ClassFile(class_name=made.class_name, name=file_name(made), students=len(made.names), data=as_bytes(made))
