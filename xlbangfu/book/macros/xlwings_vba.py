"""What is changed in xlwings's VBA module before it goes into a workbook.

* Where Python can't be started, our sentence stands in place of English messages and tracebacks.
* No code from the workbook or its folder. Python starts with -P, and nothing is put on its path (``prepare_sys_path``
  adds the workbook's folder where it is told to, and the current one where no PYTHONPATH is set). The settings are the
  user's only: a sheet or a file xlwings.conf could name another interpreter. A sheet ending in .py is no program. What
  Windows would look for in the current folder first is not looked for: ``cmd`` has its path, and without a setting there
  is no ``python``.
* xlwings is imported by way of ``light_xlwings``.
"""

from __future__ import annotations

import re

from xlbangfu.errors import BangfuError

_FAILURE = r"    NotStarted\n"
# Each pattern with what takes its place, and how often it stands in the module.
_CHANGES = (
    (r'[ ]*MsgBox "Could not find Interpreter!", vbCritical\n', _FAILURE, 1),
    (
        r'(Sub ShowError\(FileName As String, Optional Message As String = ""\)\n)(?:.*\n)*?(?=End Sub)',
        rf"\1{_FAILURE}",
        1,
    ),
    (r'If source = "" Or source = "(sheet|directory)" Then', r'If source = "\1" Then', 2),
    (r"[ ]*uses_embedded_code = True\n(?=[ ]*Exit For)", "", 1),
    (r'GetConfig\("INTERPRETER", "pythonw?"\)', 'GetConfig("INTERPRETER", "")', 3),
    (r'import xlwings\.utils;xlwings\.utils\.prepare_sys_path\(\\""" & PYTHONPATH & "\\""\); ?', "", 2),
    (r'" -B -c ""', '" -B -P -c ""import xlbangfu.book.light_xlwings;', 2),
    (r'WScript\.Run\("cmd\.exe /C "', 'WScript.Run(Environ("ComSpec") & " /C "', 1),
    (r'ParameterString = PYTHONPATH \+ ";"', 'ParameterString = "false"', 1),
    (r'(ParameterString \+ "\|" \+ PythonInterpreter)\n', r'\1 + " -B -P -m xlbangfu.book.light_command"\n', 1),
)


def adapted(xlwings: str) -> str:
    """xlwings's module with all changes made. Raises BangfuError where it is not the module that they are for."""
    for pattern, instead, times in _CHANGES:
        xlwings, count = re.subn(pattern, instead, xlwings)
        if count != times:
            raise BangfuError("这一版 xlwings 和程序不配套，请按 pyproject.toml 写的版本安装。")
    return xlwings
