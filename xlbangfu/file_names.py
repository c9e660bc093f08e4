"""Names of files: in what every file system takes, without the word that stays in the office, and the one of a link."""

from __future__ import annotations

import re
from pathlib import Path

from xlbangfu.late_pattern import late_pattern

_UNFIT = late_pattern(r'[\x00-\x1f<>:"/\\|?*]')
# Devices of Windows, locks of Excel, options of a command.
_DEVICE_OR_LOCK = late_pattern(r"^(?=(?:CON|PRN|AUX|NUL|COM\d|LPT\d)(?:\.|$)|[~-])", re.IGNORECASE)
_INSIDE_WORD = late_pattern(r"学[\W_]*困")  # as a name has it: signs and blanks between may be invisible
_NEUTRAL = "重点关爱"
_MOST_BYTES = 80  # of UTF-8 in one part: three of them and a date are a name, and file systems take 255


def in_a_name(text: str) -> str:
    """A part of a file name. Names are seen in mailboxes and on shared drives: whatever staff call a class, the word 学困
    stands in none.

    >>> in_a_name("初二/1班. "), in_a_name("学困提高班"), len(in_a_name("长" * 100))
    ('初二_1班', '重点关爱提高班', 26)
    >>> in_a_name("CON"), in_a_name("aux.一班"), in_a_name("~$初二"), in_a_name("CON班")
    ('_CON', '_aux.一班', '_~$初二', 'CON班')
    """
    plain = _UNFIT.sub("_", _INSIDE_WORD.sub(_NEUTRAL, text))
    return _DEVICE_OR_LOCK.sub("_", plain.encode(errors="replace")[:_MOST_BYTES].decode(errors="ignore").strip(" ."))


def real_file(path: Path) -> Path:
    """The file that a link to a file means; any other path is the answer itself.

    A book has one set of backups and one mail ledger, whichever of its links it is opened by. Folders and drives stay as
    they are named: on Windows a drive letter would become its server.
    """
    return path.resolve() if path.is_symlink() else path
