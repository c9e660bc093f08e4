"""``xlbangfu setup``: make this computer ready for the buttons. Safe to run as often as one likes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from xlbangfu.errors.messages import sentence_of
from xlbangfu.setup_machine import compiling, master, shortcuts, wps_launcher, xlwings_conf
from xlbangfu.setup_machine.place import Place
from xlbangfu.setup_machine.step import Step

__all__ = ["Place", "Step", "set_up"]


def set_up(place: Place, *, keep_alive: bool | None = None, on_desktop: bool = True) -> Iterator[Step]:
    """Do one step after the other, and yield each when it is done; a step that fails does not stop the next."""
    steps: list[Callable[[], Step]] = []
    if place.platform != "linux":
        steps.append(lambda: xlwings_conf.write(place, keep_alive=keep_alive))
    if place.platform == "windows":
        steps.append(lambda: wps_launcher.write(place))
    if place.platform == "macos":
        steps.append(lambda: _run_python(place))
    steps.append(compiling.write)
    if on_desktop:
        steps += [lambda: shortcuts.write(place), lambda: master.write(place)]
    for step in steps:
        yield _tried(step)


def _tried(step: Callable[[], Step]) -> Step:
    try:
        return step()
    except OSError as problem:
        why = f"没有做成（{problem.strerror or problem}）：{problem.filename or ''}；请检查这里能不能写入，再运行一次。"
        return Step("设置", why, False)
    except (
        Exception
    ) as problem:  # the outermost door of an installer: a part that does not load is told, the others go on
        return Step("设置", f"没有做成：{sentence_of(problem)}", False)


def _run_python(place: Place) -> Step:
    """xlwings's script by which Excel on macOS starts Python."""
    if place.run([str(place.interpreter), "-P", "-m", "xlwings.cli", "runpython", "install"], {}):
        return Step("启动脚本", "Excel 可以启动 Python 了。")
    return Step("启动脚本", "没有装上，请先打开一次 Excel，再运行 xlbangfu setup。", False)
