"""Files that come in: ``import`` and ``collect``, which can both be looked at first."""

from __future__ import annotations

from argparse import Namespace

from xlbangfu.cli.perform import perform
from xlbangfu.cli.progress_bar import Bar
from xlbangfu.cli.shared import answer, call_of, finish, open_book

_SHOWN = 50


def import_files(options: Namespace, bar: Bar) -> int:
    """``import``: the files are written at once, for whoever typed their names has looked at them."""
    from xlbangfu.actions import import_files as importing
    from xlbangfu.rules.problems import errors

    book, call = open_book(options, "import", bar), call_of(options)
    plan = importing.plan_import(book, call, options.files, exam=options.exam or None)
    if options.dry_run:
        found = plan.problem_lines()
        more = [f"……还有 {len(found) - _SHOWN} 处，导入后全部列在“校验”里。"] if len(found) > _SHOWN else []
        code = 1 if errors(plan.problems).height else 0
        facts = {"lines": list(plan.lines), "problems": found, "written": False, "exit_code": code}
        answer(options, facts, [*plan.lines, *found[:_SHOWN], *more, "以上只是预览，没有写入。"])
        return code
    return finish(options, importing.import_files(book, call, plan))


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
