"""What can stop an action: one base class, each message one Chinese sentence that says what, where and what to do.

Problems in the data are no exceptions; they are rows of 校验 (``xlbangfu.rules.problems``).
"""

from __future__ import annotations


class BangfuError(Exception):
    """The action could not run; nothing was changed. ``str`` of it is shown to staff as it is."""


class NotAWorkbook(BangfuError):
    """The file is no workbook, or a broken, encrypted or hostile one."""


class WrongWorkbook(BangfuError):
    """A workbook, but a sheet that the action must write is missing or renamed."""


class BookLocked(BangfuError):
    """The workbook is open somewhere else."""


class WriteFailed(BangfuError):
    """The write was not made; the old file is as it was."""


class UnreadableFile(BangfuError):
    """A file to import could not be understood."""


class BadArgument(BangfuError):
    """What was asked for does not exist in this workbook: a class, an exam, a folder."""
