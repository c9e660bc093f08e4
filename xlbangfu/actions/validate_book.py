"""校验: every sheet checked, the problems listed."""

from __future__ import annotations

from xlbangfu.actions.call import Call, Outcome
from xlbangfu.actions.checked_school import Checked, read_checked
from xlbangfu.actions.reporting import outcome_of, write
from xlbangfu.book.port import Book
from xlbangfu.schema import PROBLEMS


def validate(book: Book, call: Call) -> Outcome:
    """校验: check every sheet and list the problems (DOMAIN rule 1)."""
    checked = read_checked(book, call, needs=())

    outcome = outcome_of("validate", checked, call, rows=checked.causes.height, sentence=problems_summary(checked))

    return write(book, call, outcome, checked, {PROBLEMS: checked.sheet})


def problems_summary(checked: Checked) -> str:
    """How many problems there are, and how many that imports and pages left."""
    left = checked.carried.height
    imported = f"另有 {left} 处导入或收回时没能用的，改好后再导入、再收，或删掉“校验”里那几行。" if left else ""
    if not checked.problems.height:
        return "全部检查过，没有问题。" + imported
    return f"发现 {checked.errors} 个错误、{checked.warnings} 个警告，列在“校验”里。{imported}"
