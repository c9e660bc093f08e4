"""Where the ledger of a workbook's mails is. Most workbooks have none, and to ask takes no database."""

from __future__ import annotations

from pathlib import Path


def ledger_path(workbook: Path) -> Path:
    """Where the ledger of a workbook is.

    >>> ledger_path(Path("帮扶总表.xlsm")).name
    '帮扶总表-发件.sqlite'
    """
    return workbook.with_name(f"{workbook.stem}-发件.sqlite")
