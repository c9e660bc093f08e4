"""What Excel's VBA would start: xlwings's module as it goes into a workbook, run where there is no Excel.

The procedures that put the command together are run as they stand; what they ask Excel and Windows for is made up.
"""

from __future__ import annotations

import re
import sys
from functools import cache

from pyopenvba.interpreter import Interpreter

from xlbangfu.book.macros import vba

PYTHON = r"C:\a b\venv\Scripts\python.exe"
WORKBOOK = r"C:\a b\book.xlsm"
_EXCEL = f"""
Public started As String
Public settings As String
Public Type Book
    FullName As String
    Name As String
End Type
Public Type Program
    Path As String
    Name As String
    Hwnd As Long
End Type
Public ThisWorkbook As Book
Public Application As Program
Public Sub Open_(ByVal python As String)
    settings = python
    ThisWorkbook.FullName = "{WORKBOOK}"
    ThisWorkbook.Name = "book.xlsm"
    Application.Path = "C:\\Office"
    Application.Name = "Microsoft Excel"
    Application.Hwnd = 7
End Sub
Public Function GetConfig(ByVal key As String, Optional ByVal default As Variant = "") As Variant
    GetConfig = default
    If key = "INTERPRETER_WIN" And settings <> "" Then GetConfig = settings
End Function
Public Function FileExists(ByVal path As String) As Boolean
    FileExists = (path <> "")
End Function
Public Function CreateGUID() As String
    CreateGUID = "guid"
End Function
Public Function Environ(ByVal name As String) As String
    Environ = "C:\\Of " & name
End Function
Public Function Started_() As String
    Started_ = started
End Function
Public Function StartHidden(ByVal command, ByVal style, ByVal waits) As Long
    started = command
End Function
Public Sub NotStarted()
    started = "not started"
End Sub
"""


@cache
def module() -> str:
    """xlwings's module as it goes into a workbook."""
    return vba.modules_of("excel")["xlwings"].replace("\r\n", "\n")


def clicked(command: str, python: str = PYTHON) -> str:
    """The command line that a click starts on Windows; ``python`` is what the user's settings name."""
    machine = _excel(python, "ExecuteWindows")
    machine.run("ExecuteWindows", [False, command, python, f"false;{WORKBOOK};{WORKBOOK};;;;"])
    return str(machine.run("Started_", []))


def kept_alive(python: str = PYTHON) -> str:
    """The command line of the Python that stays and waits for clicks."""
    return str(_excel(python, "XLPyCommand").run("XLPyCommand", []))


def as_run_here(command: str) -> list[str]:
    """A command line of Windows as words for this computer: its Python with the same options and the same code."""
    found = re.search(r'python\.exe"((?: -\w)*) -c "((?:\\"|[^"])*)"(.*)', command)
    assert found, command
    options, code, rest = found.groups()
    words = [word.replace('"', "") for word in re.findall(r"--\w+=\S+", rest)]
    return [sys.executable, *options.split(), "-c", code.replace('\\"', '"'), *words]


def _excel(python: str, procedure: str) -> Interpreter:
    machine = Interpreter()
    machine.add_module(_EXCEL, name="Excel")
    text = "".join(_procedure(name) for name in ("ParentFolder", procedure))
    text = text.replace("WScript.Run(", "StartHidden(").replace("Kill LOG_FILE", "")
    machine.add_module(f'#Const App = "Microsoft Excel"\n{text}', name="xlwings")
    machine.run("Open_", [python])
    return machine


def _procedure(name: str) -> str:
    found = re.search(rf"^(?:Public )?(Function|Sub) {name}\b(?:.*\n)*?End \1\n", module(), re.MULTILINE)
    assert found, name
    return found[0]
