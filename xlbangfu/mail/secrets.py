"""The 授权码 of the sending mailbox: in the operating system's keyring, never in the workbook.

A scheduled run, which nobody's keyring is open for, may have it in the environment as ``XLBANGFU_MAIL_CODE``.
"""

from __future__ import annotations

import os

from xlbangfu.mail.outlet import CannotSend

SERVICE = "xlbangfu 发信"
ENVIRONMENT = "XLBANGFU_MAIL_CODE"


def code_of(address: str) -> str:
    """The 授权码 of a mailbox. Raises CannotSend where none is kept."""
    from keyring import get_password
    from keyring.errors import KeyringError

    if os.environ.get(ENVIRONMENT):
        return os.environ[ENVIRONMENT]
    try:
        login_code = get_password(SERVICE, address)
    except KeyringError as problem:
        raise _no_keyring() from problem
    if not login_code:
        raise CannotSend(f"还没有存“{address}”的授权码；请在帮扶窗口点“发件邮箱”，或者运行 xlbangfu mail-login 总表。")
    return login_code


def keep(address: str, login_code: str) -> None:
    """Put a 授权码 into the keyring. Raises CannotSend where the computer has none."""
    from keyring import set_password
    from keyring.errors import KeyringError

    try:
        set_password(SERVICE, address, login_code)
    except KeyringError as problem:
        raise _no_keyring() from problem


def _no_keyring() -> CannotSend:
    return CannotSend(
        f"这台电脑没有可用的钥匙串（存密码的地方），授权码没处存；定时任务可以放在环境变量 {ENVIRONMENT} 里，"
        "或把发信方式改成 文件。"
    )
