"""Pages that come back: ``collect`` and ``remind``."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from xlbangfu.catalog import BY_NAME
from xlbangfu.cli.shared import Commands, answer, call_of, open_book, perform
from xlbangfu.terminal import Bar

_SHOWN = 50


def register(commands: Commands) -> None:
    """Add the commands."""
    take = commands.on_book("collect", BY_NAME["collect"].help, _collect)
    take.add_argument(
        "files", metavar="文件", type=Path, nargs="+", help="班级页、放班级页的文件夹，或带附件的邮件 eml"
    )
    take.add_argument("--dry-run", action="store_true", help="只看会收什么，不写")
    take.add_argument("--yes", action="store_true", help="不在“运行记录”里的班级页也收，不再问")

    late = commands.on_book("remind", BY_NAME["remind"].help, _remind)
    late.add_argument("--out", metavar="文件夹", type=Path, help="邮件放在哪里（默认总表旁边的“邮件”）")


def _remind(options: Namespace, bar: Bar) -> int:
    return perform(options, "remind", bar)


def _collect(options: Namespace, bar: Bar) -> int:
    from xlbangfu import actions

    if not options.dry_run:
        return perform(options, "collect", bar, files=options.files)
    book, call = open_book(options, "collect", bar), call_of(options)
    doubts: list[str] = []

    def note(doubt: str) -> bool:
        doubts.append(doubt)
        return True

    plan = actions.plan_collect(book, call, options.files, agrees=note)
    found = plan.problem_lines()
    more = [f"……还有 {len(found) - _SHOWN} 处，收回后全部列在“校验”里。"] if len(found) > _SHOWN else []
    code = 1 if any(line.startswith("错误") for line in found) else 0
    facts = {"lines": plan.lines, "doubts": doubts, "problems": found, "written": False, "exit_code": code}
    answer(options, facts, [*doubts, *plan.lines, *found[:_SHOWN], *more, "以上只是预览，没有写入。"])
    return code
