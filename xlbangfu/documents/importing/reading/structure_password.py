"""Workbooks that Excel encrypted by itself, because their structure is protected: it opens them without asking anyone.

Excel uses one password for it, the same everywhere ([MS-OFFCRYPTO] 2.4.2.3).
"""

from __future__ import annotations

import io

_OF_EXCEL = "VelvetSweatshop"


def without_structure_password(data: bytes) -> bytes | None:
    """The file as Excel opens it without a question; None if it has a password of its own."""
    import msoffcrypto

    decrypted = io.BytesIO()
    try:
        file = msoffcrypto.OfficeFile(io.BytesIO(data))
        file.load_key(password=_OF_EXCEL)
        file.decrypt(decrypted)
    except Exception:  # whatever it stumbles over, the file stays locked
        return None
    return decrypted.getvalue()
