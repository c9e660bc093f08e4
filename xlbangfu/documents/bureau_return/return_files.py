"""A return on its way to its place: made, looked through, and only then given out."""

from __future__ import annotations

from contextlib import AbstractContextManager
from io import BytesIO
from pathlib import Path

from xlbangfu.documents.bureau_return.bureau_return import BureauReturn
from xlbangfu.documents.bureau_return.return_reading import read_return
from xlbangfu.documents.bureau_return.return_sheets import as_bytes, known_words
from xlbangfu.documents.staging import StagedFile, staged_file
from xlbangfu.errors import WriteFailed, WrongWorkbook
from xlbangfu.file_names import in_a_name
from xlbangfu.rules.indicators import contradictions

NAME = "上报"


def file_name(made: BureauReturn) -> str:
    """上报_code_school_day."""
    return f"{NAME}_{made.code}_{in_a_name(made.school)}_{made.day}.xlsx"


def staged_return(made: BureauReturn, folder: Path) -> AbstractContextManager[StagedFile]:
    """The return, put in its place when the block ends well. Raises WrongWorkbook for numbers that cannot be, WriteFailed."""
    if found := contradictions(made.figures):
        raise WrongWorkbook(f"数对不上，没有做：{'；'.join(found[:3])}。请先点“校验”，照着改好，再做一次。")
    data = as_bytes(made)
    check_content(made, data)
    return staged_file(folder, file_name(made), lambda: data, label=NAME)


def check_content(made: BureauReturn, data: bytes) -> None:
    """Look through the file as the bureau will read it. Raises WriteFailed if it says anything else than the return."""
    from python_calamine import CalamineWorkbook

    back, whole = read_return(data)
    known = set(known_words(made))
    book = CalamineWorkbook.from_filelike(BytesIO(data))
    cells = (cell for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row)
    strange = next((cell for cell in cells if isinstance(cell, str) and cell and cell not in known), None)
    if strange is not None or not whole or back.machine_rows != made.machine_rows:
        raise WriteFailed("上报文件做出来和算的不一样，没有放出去；请再做一次，还这样就把这句话告诉维护的人。")
