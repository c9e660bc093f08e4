"""What can stop an action: one base class, each message one Chinese sentence that says what, where and what to do.

Problems in the data are no exceptions; they are rows of 校验 (``xlbangfu.rules.problems``).
"""

from __future__ import annotations

import errno

_DISK = {
    errno.ENOENT: "找不到它",
    errno.EACCES: "没有写的权限，或文件正开着",
    errno.EPERM: "没有写的权限，或文件正开着",
    errno.EROFS: "这个磁盘只能读",
    errno.EEXIST: "已经有同名的文件",
    errno.ENOTDIR: "它是文件，不是文件夹",
    errno.EISDIR: "它是文件夹，不是文件",
    errno.ENOSPC: "磁盘满了",
    errno.ENAMETOOLONG: "名字太长",
    errno.EINVAL: "名字里有不能用的符号",
}


class BangfuError(Exception):
    """The action could not run; nothing was changed. ``str`` of it is shown to staff as it is."""


class Stopped(BangfuError):
    """Staff stopped the work, at a moment when nothing had been written."""


class NotAWorkbook(BangfuError):
    """The file is no workbook, or a broken, encrypted or hostile one."""


class WrongWorkbook(BangfuError):
    """A workbook, but a sheet that the action must write is missing or renamed."""


class BookLocked(BangfuError):
    """The workbook is open somewhere else."""


class ProgramGone(BookLocked):
    """The program that had the workbook open was closed in the middle: what was written in it and not saved is gone too."""


class WriteFailed(BangfuError):
    """The write was not made; the old file is as it was."""


class TemplateUnfit(WriteFailed):
    """A template of the school's own cannot be read or filled in; other papers may be made."""


class FolderInUse(BangfuError):
    """Another program puts files into the folder right now."""


class FilesNotPlaced(BangfuError):
    """The workbook is written; files that follow it wait for their place, and the next action puts them there."""

    def __init__(self, label: str, why: str, remedy: str) -> None:
        super().__init__(f"总表已写好；{label}没有放好：{why}；{remedy}")
        self.label, self.why, self.remedy = label, why, remedy


class NoOffice(BangfuError):
    """The computer has no spreadsheet program that could do it."""


class UnreadableFile(BangfuError):
    """A file to import could not be understood."""


class BadArgument(BangfuError):
    """What was asked for does not exist in this workbook: a class, an exam, a folder."""


def disk_trouble(problem: OSError) -> str:
    """Why the file system refused, in Chinese; the system's own words are in its own language.

    >>> disk_trouble(NotADirectoryError(errno.ENOTDIR, "Not a directory"))
    '它是文件，不是文件夹'
    """
    return _DISK.get(problem.errno or 0, f"磁盘或网络盘出错，代号 {problem.errno}")
