"""What staff are told of an exception: one Chinese sentence. What they can't mend goes to a log for a maintainer."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from traceback import format_exception

from xlbangfu.errors import BangfuError, disk_trouble


def sentence_of(problem: BaseException) -> str:
    """Why an action could not run and what to do; nothing was changed."""
    if isinstance(problem, BangfuError):
        return str(problem)
    if isinstance(problem, OSError):
        return _disk_sentence(problem)
    if isinstance(problem, ImportError):
        return _package_sentence(problem)
    return f"程序出错，工作簿没有改动；请把“{log(problem)}”交给维护人员。"


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
    return f"少了程序用的部件“{package}”，工作簿没有改动；请运行“体检”（xlbangfu doctor），再重新安装一次。"


def _disk_sentence(problem: OSError) -> str:
    name = problem.filename or ""
    if isinstance(problem, FileNotFoundError):
        return f"找不到“{name}”，请检查文件名和文件夹。"
    if isinstance(problem, PermissionError):
        return f"没有权限读写“{name}”，或者它正在别的程序里打开；请关闭后再试。"
    return f"读写“{name}”时出错（{disk_trouble(problem)}），工作簿没有改动；请检查磁盘空间和网络盘后再试。"
