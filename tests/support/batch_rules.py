"""What every batch file must hold that the project ships or writes."""

from __future__ import annotations

import re

MOST_LINES = 3


def faults_of(data: bytes) -> list[str]:
    """Why cmd in code page 936 could misread it; empty when it cannot.

    >>> faults_of(b"@echo off\\r\\npause\\r\\n")
    []
    >>> faults_of("@echo off\\nchcp 65001\\necho 好\\n".encode())
    ['not ASCII', 'a line without CRLF', 'chcp']
    """
    text = data.decode("latin-1")
    faults = {
        "not ASCII": not data.isascii(),
        "a line without CRLF": not text.endswith("\r\n") or bool(re.search(r"(?<!\r)\n|\r(?!\n)", text)),
        "chcp": "chcp" in text.lower(),
        "a label": bool(re.search(r"\bgoto\b|\bcall\b|^\s*:", text, re.IGNORECASE | re.MULTILINE)),
        "too many lines": text.count("\n") > MOST_LINES,
        "a path outside quotes": bool(re.search(r"%(?!%)", re.sub(r'"[^"]*"', "", text).replace("%%P", ""))),
    }
    return [fault for fault, found in faults.items() if found]
