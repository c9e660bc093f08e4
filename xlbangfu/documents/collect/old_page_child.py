"""The process that reads old workbooks (.xls, .et): python-calamine ends it on some damaged ones.

Run as a script, so that nothing of the program is loaded: for each length and bytes on its input, a length and a pickle of
the rows by sheet on its output, or of one of the words below.
"""

from __future__ import annotations

import pickle
import struct
import sys
from io import BytesIO
from typing import Any

import python_calamine as calamine

MOST_CELLS = 2_000_000
MOST_MEMORY = 1 << 30
ENCRYPTED, BROKEN, TOO_WIDE = "encrypted", "broken", "too wide"


def main() -> None:
    _limit_memory()
    while head := sys.stdin.buffer.read(8):
        data = sys.stdin.buffer.read(struct.unpack("<Q", head)[0])
        answer = pickle.dumps(_read(data))
        sys.stdout.buffer.write(struct.pack("<Q", len(answer)) + answer)
        sys.stdout.buffer.flush()


def _read(data: bytes) -> dict[str, list[list[Any]]] | str:
    sheets: dict[str, list[list[Any]]] = {}
    try:
        book = calamine.CalamineWorkbook.from_filelike(BytesIO(data))
        for meta in book.sheets_metadata:
            if meta.typ == calamine.SheetTypeEnum.WorkSheet:
                sheet = book.get_sheet_by_name(meta.name)
                if sheet.total_height * sheet.total_width > MOST_CELLS:
                    return TOO_WIDE
                sheets[meta.name] = sheet.to_python(skip_empty_area=False)
    except calamine.PasswordError:
        return ENCRYPTED
    except BaseException:  # a panic of calamine is no Exception, and this process does nothing else
        return BROKEN
    return sheets


def _limit_memory() -> None:
    if sys.platform == "win32":
        _limit_by_job()
        return
    import resource

    try:
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    except (OSError, ValueError):  # macOS knows no such limit; time is limited there too
        return


def _limit_by_job() -> None:
    """Windows limits the memory of a job; a process may put itself into one."""
    import ctypes

    kernel = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined,unused-ignore]  # Windows has it
    kernel.CreateJobObjectW.restype = kernel.GetCurrentProcess.restype = ctypes.c_void_p
    # JOBOBJECT_EXTENDED_LIMIT_INFORMATION: LimitFlags at 16, ProcessMemoryLimit behind the counters of input and output.
    wide = ctypes.sizeof(ctypes.c_void_p) == 8
    limits = bytearray(144 if wide else 112)
    struct.pack_into("<I", limits, 16, 0x100)  # JOB_OBJECT_LIMIT_PROCESS_MEMORY
    struct.pack_into("<Q" if wide else "<I", limits, 112 if wide else 96, MOST_MEMORY)
    job = ctypes.c_void_p(kernel.CreateJobObjectW(None, None))
    information = (ctypes.c_char * len(limits)).from_buffer(limits)
    kernel.SetInformationJobObject(job, 9, information, len(limits))
    kernel.AssignProcessToJobObject(job, ctypes.c_void_p(kernel.GetCurrentProcess()))


if __name__ == "__main__":
    main()
