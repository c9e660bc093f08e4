"""A message box for when there is no workbook to say it in, or a package is missing: neither xlwings nor polars is counted on.

Only LibreOffice on Linux has been run; the boxes of Windows and macOS keep to their systems' own ways.
"""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from typing import Any

TITLE = "帮扶总表"
_DEBIAN_PACKAGES = "/usr/lib/python3/dist-packages"
_ERROR_SIGN = 0x10


def show(sentence: str, pipe: str) -> None:
    """Show a sentence in the LibreOffice behind the pipe, else in a box of the system, and write it to the errors."""
    sys.stderr.write(f"{sentence}\n")
    with suppress(ImportError, OSError):  # nothing is left to say it with
        if pipe:
            _in_libreoffice(sentence, pipe)
        elif sys.platform == "win32":
            import ctypes

            ctypes.windll.user32.MessageBoxW(0, sentence, TITLE, _ERROR_SIGN)
        elif sys.platform == "darwin":
            script = "on run told\ndisplay alert item 1 of told message item 2 of told\nend run"
            subprocess.run(["osascript", "-e", script, TITLE, sentence], check=False)


def _in_libreoffice(sentence: str, pipe: str) -> None:
    sys.path.append(_DEBIAN_PACKAGES)
    import uno

    local: Any = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    try:
        context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
    except uno.getClass("com.sun.star.connection.NoConnectException"):
        return  # it has been closed: there is no window to say it in
    services = context.ServiceManager
    window = services.createInstanceWithContext("com.sun.star.frame.Desktop", context).getCurrentFrame()
    toolkit = services.createInstanceWithContext("com.sun.star.awt.Toolkit", context)
    sign = uno.Enum("com.sun.star.awt.MessageBoxType", "ERRORBOX")
    toolkit.createMessageBox(window.getContainerWindow(), sign, 1, TITLE, sentence).execute()
