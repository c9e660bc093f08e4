"""The code on a page that goes out to be filled in, by which it is known as this workbook's when it comes back.

The code is an HMAC-SHA256 under a secret that only the master has (制页台账). It covers the facts of 页信息 (whose page, which
edition, its id, the digests of its locked sheets) and the rows that the page carries. Signs that programs add or drop when they save do not
count. Class pages and teacher pages carry it in the same way; what kind a page is, is one of its facts.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Collection, Iterable, Mapping
from enum import Enum

from xlbangfu.late_pattern import late_pattern

CODE_NAME = "防伪码"  # beside the code, on 页信息
_BYTES, _FIGURES, _KEY_FIGURES = 16, 32, 8
_NO_TEXT = late_pattern(r"[\s\x00-\x1f\ufffd]|_x[0-9A-Fa-f]{4}_")


class Origin(Enum):
    """What the code says of a page."""

    OURS = "ours"
    CHANGED = "changed"  # made with a secret of ours, and something that the code covers is not as it was
    FOREIGN = "foreign"  # made with another secret
    UNCODED = "uncoded"  # no code: of a version before there was one, or it was taken off


def new_secret() -> str:
    """A secret that nobody can guess; it begins with a letter, so that no program takes it for a number."""
    import secrets

    return f"K{secrets.token_hex(_BYTES)}"


def code_of(secret: str, facts: Mapping[str, str], rows: Iterable[str]) -> str:
    """The code of a page: which secret it is of (eight figures that tell nothing of it), and the HMAC."""
    return f"{_name_of(secret)}-{_figures(secret, _message(facts, rows))[:_FIGURES]}"


def origin_of(code: str, known_secrets: Collection[str], facts: Mapping[str, str], rows: Iterable[str]) -> Origin:
    """What a code says under the secrets that the workbook knows; ``facts`` and ``rows`` as the page has them now.

    >>> code = code_of("K1", {"班级": "初二1班"}, ["0101 王明"])
    >>> origin_of(code, ["K1"], {"班级": "初二1班"}, ["0101 王明"])
    <Origin.OURS: 'ours'>
    >>> origin_of(code, ["K1"], {"班级": "初二2班"}, ["0101 王明"])
    <Origin.CHANGED: 'changed'>
    >>> origin_of(code, ["K2"], {"班级": "初二1班"}, ["0101 王明"])
    <Origin.FOREIGN: 'foreign'>
    """
    if not code:
        return Origin.UNCODED
    mine = [secret for secret in known_secrets if code.startswith(f"{_name_of(secret)}-")]
    if not mine:
        return Origin.FOREIGN
    carried = list(rows)
    fits = any(hmac.compare_digest(code.encode(), code_of(secret, facts, carried).encode()) for secret in mine)
    return Origin.OURS if fits else Origin.CHANGED


def _name_of(secret: str) -> str:
    return _figures(secret, "密钥号")[:_KEY_FIGURES]


def _message(facts: Mapping[str, str], rows: Iterable[str]) -> str:
    """The facts in one order and the rows in theirs, so joined that no two pages give the same text."""
    plain_facts = sorted((_plain(name), _plain(value)) for name, value in facts.items())
    return json.dumps([plain_facts, [_plain(row) for row in rows]], ensure_ascii=False)


def _plain(text: str) -> str:
    return _NO_TEXT.sub("", text)


def _figures(secret: str, message: str) -> str:
    return hmac.new(secret.encode(), message.encode(), hashlib.sha256).hexdigest()
