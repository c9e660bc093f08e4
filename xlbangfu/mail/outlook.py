"""Drafts in classic Outlook on Windows, through COM: staff look at each and click send.

The new Outlook for Windows has no COM; it is recognised and said. What talks to Outlook is given by the caller, so that
it can be tried without Windows.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from xlbangfu.book.safety.temporary import temporary_folder
from xlbangfu.mail.ledger import DRAFTED, UNKNOWN, Entry
from xlbangfu.mail.outlet import STOP, CannotSend, Result

Dispatch = Callable[[str], Any]
Errors = tuple[type[Exception], ...]
_MAIL_ITEM = 0
_NOT_REGISTERED = -2147221005  # CO_E_CLASSSTRING: no classic Outlook on this computer


class OutlookOutlet:
    """Each mail becomes a draft. ``Save`` is the last call: until then Outlook keeps nothing.

    ``errors`` are what its calls raise. Raises CannotSend, with the reason where it is the new Outlook or none.
    """

    def __init__(self, dispatch: Dispatch, errors: Errors = (OSError,)) -> None:
        self._errors = errors
        try:
            self._outlook = dispatch("Outlook.Application")
        except errors as problem:
            raise _cannot_open(problem) from problem

    def deliver(self, entry: Entry, mail: bytes) -> Result:
        parsed = message_from_bytes(mail, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        with temporary_folder() as folder:
            try:
                item = self._filled(parsed, entry.address, folder)
            except self._errors as problem:
                return Result(STOP, f"Outlook 没有接受：{problem}")
            try:
                item.Save()
            except self._errors as problem:
                return Result(UNKNOWN, f"Outlook 没有回答存好没有：{problem}；请看“草稿”文件夹")
        return Result(DRAFTED, "已在 Outlook 的“草稿”里，看过再点发送")

    def close(self) -> None:
        self._outlook = None

    def _filled(self, parsed: EmailMessage, address: str, folder: Path) -> Any:
        item = self._outlook.CreateItem(_MAIL_ITEM)
        item.To = address
        item.Subject = str(parsed["Subject"])
        html = parsed.get_body(("html", "plain"))
        assert html is not None
        item.HTMLBody = html.get_content()
        for part in parsed.iter_attachments():
            path = folder / re.sub(r'[\x00-\x1f<>:"/\\|?*]', "_", part.get_filename() or "附件.xlsx")
            path.write_bytes(part.get_payload(decode=True))  # type: ignore[arg-type]  # bytes of a leaf part
            item.Attachments.Add(str(path))
        return item


def windows_drafts() -> OutlookOutlet:
    """Drafts in this computer's Outlook. Raises CannotSend where there is no Windows or the new Outlook is in use."""
    if sys.platform != "win32":
        raise CannotSend("Outlook 只在 Windows 上能用；请在“设置”把发信方式改成 文件 或 SMTP。")
    if new_outlook_is_used():
        raise CannotSend(
            "现在用的是新版 Outlook，程序不能在里面建草稿；关掉右上角的“新 Outlook”开关，或改用 文件、SMTP。"
        )
    import pywintypes
    from win32com.client import Dispatch

    return OutlookOutlet(Dispatch, (pywintypes.com_error, OSError))


def _cannot_open(problem: Exception) -> CannotSend:
    if _NOT_REGISTERED in problem.args:
        return CannotSend(
            "这台电脑没有经典 Outlook（新版 Outlook 不能由程序建草稿）；请在“设置”把发信方式改成 文件 或 SMTP。"
        )
    return CannotSend(f"打不开 Outlook（{problem}）；先自己打开 Outlook，关掉它的提示框，再做一次。")


def new_outlook_is_used(read: Callable[[str, str], Any] | None = None) -> bool:
    """Whether the switch to the new Outlook is on. ``read`` gives a value of the user's registry by key and name."""
    key, name = r"Software\Microsoft\Office\16.0\Outlook\Preferences", "UseNewOutlook"
    try:
        return bool((read or _registry)(key, name))
    except OSError:
        return False


def _registry(key: str, name: str) -> Any:
    if sys.platform != "win32":
        raise OSError(f"no registry: {key} {name}")
    import winreg

    with winreg.OpenKey(winreg.HKEY_CURRENT_USER, key) as opened:
        return winreg.QueryValueEx(opened, name)[0]
