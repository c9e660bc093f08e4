"""Where the mailboxes that schools use are sent from, and what their servers mean by their refusals."""

from __future__ import annotations

import re

from msgspec import Struct

from xlbangfu.late_pattern import late_pattern

MB = 1024 * 1024
SSL, STARTTLS = "SSL", "STARTTLS"
_WRITTEN = late_pattern(r"(?P<host>[A-Za-z0-9.-]+)(:(?P<port>\d{1,5}))?(\s+(?P<security>SSL|STARTTLS))?", re.IGNORECASE)


class Server(Struct, frozen=True, kw_only=True):
    """A provider's server. ``limit``: the largest mail that it takes, in bytes, attachments encoded."""

    name: str
    host: str
    port: int = 465
    security: str = SSL
    limit: int = 20 * MB
    code_help: str = "用户名是完整的邮箱地址，口令要用邮箱网页版“设置”里开通 SMTP 后给的授权码"


_QQ = "在网页版 QQ 邮箱“设置—账号与安全”开启 SMTP 服务，用它给的 16 位授权码，不是 QQ 密码"
_NETEASE = "在网页版邮箱“设置—POP3/SMTP/IMAP”开启 SMTP 服务，用它给的授权码，不是登录密码"
_EXMAIL = "在腾讯企业邮箱“设置—客户端设置”开启 SMTP，绑定了微信的要生成客户端专用密码"

PRESETS: dict[str, Server] = {
    "qq.com": Server(name="QQ 邮箱", host="smtp.qq.com", limit=50 * MB, code_help=_QQ),
    "foxmail.com": Server(name="QQ 邮箱", host="smtp.qq.com", limit=50 * MB, code_help=_QQ),
    "163.com": Server(name="163 邮箱", host="smtp.163.com", limit=50 * MB, code_help=_NETEASE),
    "126.com": Server(name="126 邮箱", host="smtp.126.com", limit=50 * MB, code_help=_NETEASE),
    "yeah.net": Server(name="yeah 邮箱", host="smtp.yeah.net", limit=50 * MB, code_help=_NETEASE),
    "exmail.qq.com": Server(name="腾讯企业邮箱", host="smtp.exmail.qq.com", limit=50 * MB, code_help=_EXMAIL),
}


def server_of(address: str, written: str) -> Server | None:
    """The server for a mailbox: what 「发件服务器」 says, else the provider's of the address; None if neither is known.

    ``written`` is a provider of PRESETS or ``host``, ``host:port``, ``host:port SSL`` or ``host:port STARTTLS``; without
    a port it is 465 with SSL; any other port is STARTTLS unless it says SSL. There is no way without TLS.

    >>> server_of("a@163.com", "").host, server_of("a@school.cn", "mail.school.cn:587").security
    ('smtp.163.com', 'STARTTLS')
    """
    name = (written or address.rpartition("@")[2]).strip().lower()
    if name in PRESETS:
        return PRESETS[name]
    found = _WRITTEN.fullmatch(written.strip())
    if not found:
        return None
    for preset in PRESETS.values():
        if preset.host == found["host"].lower() and not found["port"]:
            return preset
    port = int(found["port"] or 465)
    security = (found["security"] or (SSL if port == 465 else STARTTLS)).upper()
    return Server(name=found["host"], host=found["host"], port=port, security=security)
