"""What can go wrong, and how it is said: ``classes``, ``messages`` for staff, and the dialog of last resort."""

from xlbangfu.errors.exceptions import (
    BadArgument,
    BangfuError,
    BookLocked,
    FilesNotPlaced,
    FolderInUse,
    NoOffice,
    NotAWorkbook,
    ProgramGone,
    Stopped,
    TemplateUnfit,
    UnreadableFile,
    WriteFailed,
    WrongWorkbook,
    disk_trouble,
)

__all__ = [
    "BadArgument",
    "BangfuError",
    "BookLocked",
    "FilesNotPlaced",
    "FolderInUse",
    "NoOffice",
    "NotAWorkbook",
    "ProgramGone",
    "Stopped",
    "TemplateUnfit",
    "UnreadableFile",
    "WriteFailed",
    "WrongWorkbook",
    "disk_trouble",
]
