"""The launcher that WPS's buttons start: a batch file in a fixed place under the user's own folder."""

from __future__ import annotations

from pathlib import Path

from xlbangfu.doctor.wps import LAUNCHER
from xlbangfu.setup_machine.place import Place
from xlbangfu.setup_machine.shortcuts import batch_path
from xlbangfu.setup_machine.step import Step

NAME = "WPS 按钮"
MODULE = "xlbangfu.wps_click"


def write(place: Place) -> Step:
    """Write it over that of an earlier setup, so that it always starts the Python that is installed now."""
    launcher = place.home / Path(*LAUNCHER)
    try:
        content = batch(place)
    except UnicodeEncodeError:
        return Step(
            NAME, f"没有做成：程序所在的文件夹名字里有中文（{place.interpreter}），请装到纯英文的文件夹。", False
        )
    launcher.parent.mkdir(parents=True, exist_ok=True)
    launcher.write_bytes(content)
    return Step(NAME, "用 WPS 的，先运行 xlbangfu host 总表 wps，总表里的按钮就能在 WPS 里点（WPS 上还没有试过）。")


def batch(place: Place) -> bytes:
    """ASCII, as all batch files; ``%1`` is the number of the request."""
    python = batch_path(place.home, place.interpreter.with_name("pythonw.exe"))
    return f'@echo off\r\nstart "" "{python}" -P -m {MODULE} "%1"\r\n'.encode("ascii")
