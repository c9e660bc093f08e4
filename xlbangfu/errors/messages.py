"""What staff are told of an exception: one Chinese sentence. What they can't mend goes to a log for a maintainer."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from traceback import format_exception

from xlbangfu.errors import BangfuError, FilesNotPlaced, ProgramGone, disk_trouble

_UNCHANGED = "，总表没有改动"


def sentence_after(problem: BaseException, *, is_written: bool) -> str:
    """The same for a workbook on the disk; ``is_written`` says that it was saved before the trouble came."""
    if isinstance(problem, FilesNotPlaced | ProgramGone):
        return str(problem)
    stopped = isinstance(problem, KeyboardInterrupt)
    if not is_written:
        return "已停下，总表没有改动。" if stopped else sentence_of(problem)
    why = "按您的要求停下了。" if stopped else sentence_of(problem).replace(_UNCHANGED, "")
    return f"总表已经写好，后面的没有做完：{why}"


def sentence_of(problem: BaseException) -> str:
    """Why an action could not run and what to do; nothing was changed."""
    if isinstance(problem, BangfuError):
        return str(problem)
    if isinstance(problem, OSError):
        return _disk_sentence(problem)
    if isinstance(problem, ImportError):
        return _package_sentence(problem)
    try:
        return f"程序出错{_UNCHANGED}；请把“{log(problem)}”交给维护人员。"
    except OSError as trouble:  # the user's folder is full or may not be written
        what = f"{type(problem).__name__}: {problem}"[:200]
        return f"程序出错{_UNCHANGED}，记录也没有写成（{disk_trouble(trouble)}）；请把这句话交给维护人员：{what}"


def log(problem: BaseException) -> Path:
    """Add the traceback to ~/.xlbangfu/错误.log."""
    path = Path.home() / ".xlbangfu" / "错误.log"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)  # a traceback may quote what was in a cell
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{datetime.now():%Y-%m-%d %H:%M:%S}\n{''.join(format_exception(problem))}\n")
    return path


def _package_sentence(problem: ImportError) -> str:
    package = (problem.name or str(problem)).split(".")[0]
    return f"少了程序用的部件“{package}”{_UNCHANGED}；请运行“体检”（xlbangfu doctor），再重新安装一次。"


def _disk_sentence(problem: OSError) -> str:
    name = problem.filename or ""
    if isinstance(problem, FileNotFoundError):
        return f"找不到“{name}”，请检查文件名和文件夹。"
    if isinstance(problem, PermissionError):
        return f"没有权限读写“{name}”，或者它正在别的程序里打开；请关闭后再试。"
    return f"读写“{name}”时出错（{disk_trouble(problem)}）{_UNCHANGED}；请检查磁盘空间和网络盘后再试。"
