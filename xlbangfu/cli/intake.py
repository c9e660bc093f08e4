"""Pages that come back: ``collect``, which can be looked at first."""

from __future__ import annotations

from argparse import Namespace

from xlbangfu.cli.perform import perform
from xlbangfu.cli.progress_bar import Bar
from xlbangfu.cli.shared import answer, call_of, open_book

_SHOWN = 50


def collect(options: Namespace, bar: Bar) -> int:
    """``collect``: what came back, taken in, or only shown."""
    from xlbangfu.actions.collect_pages import plan_collect

    if not options.dry_run:
        return perform("collect", options, bar)
    book, call = open_book(options, "collect", bar), call_of(options)
    doubts: list[str] = []

    def note(doubt: str) -> bool:
        doubts.append(doubt)
        return True

    plan = plan_collect(book, call, options.files, agrees=note)
    found = plan.problem_lines()
    more = [f"……还有 {len(found) - _SHOWN} 处，收回后全部列在“校验”里。"] if len(found) > _SHOWN else []
    code = 1 if any(line.startswith("错误") for line in found) else 0
    facts = {"lines": plan.lines, "doubts": doubts, "problems": found, "written": False, "exit_code": code}
    answer(options, facts, [*doubts, *plan.lines, *found[:_SHOWN], *more, "以上只是预览，没有写入。"])
    return code
