"""体检: what on this computer would stop the buttons, the window or the commands, and what to do about it.

The checks are pure functions over one seam, ``machine.Machine``. Nothing here imports polars or xlwings: the doctor must
run where they do not (``python -P -m xlbangfu.doctor``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from xlbangfu.doctor import excel, libreoffice, python, security, workbook_checks, wps
from xlbangfu.doctor.finding import Finding
from xlbangfu.doctor.machine import Machine
from xlbangfu.doctor.this_machine import ThisMachine

__all__ = ["Finding", "Machine", "ThisMachine", "examine", "exit_code", "facts", "lines"]


def examine(machine: Machine, book: Path | None = None) -> list[Finding]:
    """Everything that applies to this computer and, if one is given, to this workbook."""
    found = [
        python.interpreter(machine),
        python.packages(machine),
        python.processor(machine),
        excel.installed(machine),
        excel.opens_with(machine),
        excel.macros(machine),
        excel.configuration(machine, book),
        excel.run_python(machine),
        security.child_processes(machine),
        security.products(machine),
        libreoffice.installed(machine),
        libreoffice.bridge(machine),
        python.window(machine),
        python.keyring(machine),
    ]
    if book is not None:
        found += _examine_book(machine, book)
    return [finding for finding in found if finding is not None]


def exit_code(found: Sequence[Finding]) -> int:
    """1 where something does not work, else 0."""
    return int(any(finding.level == "fail" for finding in found))


def lines(found: Sequence[Finding]) -> list[str]:
    """All findings and one sentence on the whole."""
    failed = sum(finding.level == "fail" for finding in found)
    noted = sum(finding.level == "warn" for finding in found)
    if failed:
        last = f"有 {failed} 处不行、{noted} 处要注意，请照“怎么办”做，再体检一次。"
    elif noted:
        last = f"可以用，有 {noted} 处要注意。"
    else:
        last = "全部正常。"
    return [line for finding in found for line in finding.lines] + [last]


def facts(found: Sequence[Finding]) -> dict[str, Any]:
    """The same for machines."""
    return {"findings": [asdict(finding) for finding in found], "exit_code": exit_code(found)}


def _examine_book(machine: Machine, book: Path) -> list[Finding | None]:
    missing = workbook_checks.there(machine, book)
    if missing is not None and missing.level == "fail":
        return [missing]
    return [
        missing,
        workbook_checks.mark_of_the_web(machine, book),
        workbook_checks.macros_fit(machine, book),
        wps.buttons(machine, book),
        workbook_checks.buttons_there(machine, book),
        workbook_checks.version(machine, book),
        workbook_checks.readable(machine, book),
        workbook_checks.waiting_files(machine, book),
        workbook_checks.launches_nothing_else(machine, book),
        workbook_checks.unpacked(machine, book),
        workbook_checks.name_fits(machine, book),
        workbook_checks.in_cloud(machine, book),
        workbook_checks.writable(machine, book),
        workbook_checks.space(machine, book),
        workbook_checks.free_to_write(machine, book),
    ]
