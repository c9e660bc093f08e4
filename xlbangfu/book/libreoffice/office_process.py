"""The LibreOffice process: start it with a named pipe, connect to it, find its process id. No TCP port is opened."""

import os
import shutil
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from xlbangfu.book.libreoffice.bridge import NoConnection, uno
from xlbangfu.book.libreoffice.lacking import OfficeError, lacking
from xlbangfu.xml_text import escape

_PROGRAMS = ("soffice", "libreoffice")
_POLL = 0.1
_PEER_CREDENTIALS = 12  # three ints: process, user, group

# A fresh profile greets with dialogs that would stand in the way of a script, and each save in a format that is not
# LibreOffice's own would ask whether to keep it.
_QUIET = {
    "/org.openoffice.Office.Common/Misc": {"FirstRun": "false", "ShowTipOfTheDay": "false"},
    "/org.openoffice.Office.Common/Save/Document": {"WarnAlienFormat": "false"},
    "/org.openoffice.Setup/Product": {"ooSetupLastVersion": "99.9", "WhatsNew": "false"},
}

_NO_SETTINGS = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"></oor:items>'
)


def start_office(
    pipe_name: str,
    profile: Path | None = None,
    *,
    headless: bool = True,
    display: str | None = None,
) -> "subprocess.Popen[bytes]":
    """Start LibreOffice listening on a pipe; `connect` waits until it does.

    `profile` is its user folder (made if missing; None: the user's own), `display` the X display for its windows.
    It lives on when the terminal that started it is closed. The process may be a wrapper of the office: end it with
    the app's quit() or kill(), not with the process's.
    """
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        raise OfficeError("LibreOffice was not found; install it and put soffice on the PATH.")
    command = [program, "--norestore", "--nologo", "--nodefault", "--nofirststartwizard"]
    command.append(f"--accept=pipe,name={pipe_name};urp;")
    if headless:
        command.append("--headless")
    if profile is not None:
        _prepare(profile)
        command.append(f"-env:UserInstallation={profile.resolve().as_uri()}")
    environment = {**os.environ, **({"DISPLAY": display} if display else {})}
    nowhere = subprocess.DEVNULL
    return subprocess.Popen(command, env=environment, stdout=nowhere, stderr=nowhere, start_new_session=True)


def context_of(pipe_name: str, *, wait: float) -> Any:
    """The component context of the office that listens on the pipe."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    deadline = time.monotonic() + wait
    while True:
        try:
            return resolver.resolve(f"uno:pipe,name={pipe_name};urp;StarOffice.ComponentContext")
        except NoConnection as error:
            if time.monotonic() > deadline:
                raise OfficeError(
                    f"No LibreOffice listens on the pipe {pipe_name!r}; open it with the pipe."
                ) from error
            time.sleep(_POLL)


def process_at(pipe_name: str) -> int:
    """The process id of the office at the other end of this process's connection to the pipe."""
    if not sys.platform.startswith("linux"):
        raise lacking("The process id of LibreOffice outside Linux")
    for entry in Path("/proc/self/fd").iterdir():
        found = _peer(int(entry.name), pipe_name)
        if found:
            return found
    raise OfficeError(f"The connection to the pipe {pipe_name!r} is gone; open LibreOffice again.")


def _peer(descriptor: int, pipe_name: str) -> int | None:
    try:
        if not stat.S_ISSOCK(os.fstat(descriptor).st_mode):
            return None
        connection = socket.socket(fileno=os.dup(descriptor))
    except OSError:
        return None
    with connection:
        if connection.family != socket.AF_UNIX:
            return None
        try:
            if Path(str(connection.getpeername())).name != f"OSL_PIPE_{os.getuid()}_{pipe_name}":
                return None
            credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _PEER_CREDENTIALS)
        except OSError:
            return None
        return int.from_bytes(credentials[:4], sys.byteorder)


def _prepare(profile: Path) -> None:
    """Write what a profile lacks of our settings; one that is there keeps all others."""
    settings = profile / "user" / "registrymodifications.xcu"
    there = settings.read_text(encoding="utf-8") if settings.exists() else _NO_SETTINGS
    items = "".join(
        f'<item oor:path="{escape(path)}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, values in _QUIET.items()
        for name, value in values.items()
        if f'oor:name="{name}"' not in there
    )
    if not items or "</oor:items>" not in there:
        return
    settings.parent.mkdir(parents=True, exist_ok=True)
    head, end, tail = there.rpartition("</oor:items>")
    settings.write_text(head + items + end + tail, encoding="utf-8")
