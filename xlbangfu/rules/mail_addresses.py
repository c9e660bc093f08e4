"""Mail addresses that staff typed: what is doubtful about them.

An address is one ASCII ``name@host.tld``. A domain one slip of the finger away from a large provider's (qq.con, 16.com,
163.cmo) is doubtful unless three or more addresses have it, as a school's own would.
"""

from __future__ import annotations

import re
from collections import Counter

import polars as pl

from xlbangfu.late_pattern import late_pattern

PROVIDERS = (
    "qq.com",
    "163.com",
    "126.com",
    "foxmail.com",
    "sina.com",
    "sina.cn",
    "sohu.com",
    "139.com",
    "189.cn",
    "yeah.net",
    "aliyun.com",
    "outlook.com",
    "hotmail.com",
    "gmail.com",
    "icloud.com",
    "vip.qq.com",
    "vip.163.com",
    "vip.126.com",
)
_OTHERS = ("263.com", "263.net", "188.com", "163.net", "126.net", "21cn.com", "tom.com", "live.com", "sogou.com")
_WHOLE = late_pattern(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}"
)
_OWN = 3


def doubts(addresses: pl.Series) -> pl.Series:
    """Of each address what is doubtful about it, null where nothing is or the cell is empty; same length and order."""
    pairs = zip(addresses.to_list(), slips(addresses).to_list(), strict=True)
    return pl.Series("_doubt", [_doubt(cell, right) if cell else None for cell, right in pairs], dtype=pl.String)


def slips(addresses: pl.Series) -> pl.Series:
    """Of each address the provider whose domain it seems to mistype, null where it does not."""
    domains = [_domain(cell) if cell else "" for cell in addresses.to_list()]
    holders = Counter(_domain(cell) for cell in set(addresses.drop_nulls()))
    known = {domain: meant(domain) if holders[domain] < _OWN else "" for domain in set(domains)}
    return pl.Series("_meant", [known[domain] or None for domain in domains], dtype=pl.String)


def meant(domain: str) -> str:
    """The provider that a mistyped domain is one slip away from; empty if it is none's or right.

    >>> meant("qq.con"), meant("school.edu.cn")
    ('qq.com', '')
    """
    if domain in PROVIDERS or domain in _OTHERS:
        return ""
    return next((known for known in PROVIDERS if _one_slip(domain, known)), "")


def _doubt(address: str, right: str | None) -> str | None:
    if len(re.findall("[@＠]", address)) > 1:
        return "一格里写了几个邮箱，只能写一个"
    if re.search(r"\s", address):
        return "邮箱里有空格"
    if not address.isascii():
        return "邮箱里有全角或中文字符"
    if not _WHOLE.fullmatch(address) or len(address) > 254:
        return "不像邮箱地址"
    return f"@ 后面的 {_domain(address)} 像是写错了，是不是 {right}" if right else None


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()


def _one_slip(typed: str, right: str) -> bool:
    """Whether one letter is wrong, missing, too many, or two neighbours are swapped."""
    if len(typed) == len(right):
        off = [place for place in range(len(right)) if typed[place] != right[place]]
        swapped = (
            len(off) == 2 and off[1] == off[0] + 1 and typed[off[0]] == right[off[1]] and typed[off[1]] == right[off[0]]
        )
        return len(off) == 1 or swapped
    longer, shorter = (typed, right) if len(typed) > len(right) else (right, typed)
    return len(longer) - len(shorter) == 1 and any(
        longer[:place] + longer[place + 1 :] == shorter for place in range(len(longer))
    )
