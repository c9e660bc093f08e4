"""The commands that make papers: ``slips``, ``register`` and ``person``."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from pathlib import Path

from xlbangfu.catalog import BY_NAME
from xlbangfu.cli.shared import Commands, add_out, answer, call_of, finish, folder_of, open_book, perform
from xlbangfu.errors import BadArgument
from xlbangfu.terminal import Bar


def register(commands: Commands) -> None:
    """Add the commands."""
    slips = commands.on_book("slips", BY_NAME["slips"].help, _slips)
    add_out(slips, "slips")
    slips.add_argument(
        "--class", dest="classes", metavar="班级", action="append", default=[], help="只做这个班，可写多次"
    )
    bound = commands.on_book("register", BY_NAME["register"].help, _register)
    add_out(bound, "register")
    person = commands.on_book("person", "一名学生的个人信息：导出、删除，或列出过了「保存年限」的", _person)
    person.add_argument("number", metavar="学号", nargs="?", default="", help="哪名学生")
    what = person.add_mutually_exclusive_group(required=True)
    what.add_argument("--export", metavar="文件夹", type=Path, help="把全部资料导成一个文件，放在这里")
    what.add_argument("--delete", action="store_true", help="从每张表删去；问两遍，不能撤销")
    what.add_argument("--expired", action="store_true", help="列出过了「保存年限」的学生和行，不改动")
    person.add_argument("--backups", action="store_true", help="删除时把有这名学生的备份也删掉")
    person.add_argument("--yes", action="count", default=0, help="不再问；删除要写两遍 --yes --yes")


def _slips(options: Namespace, bar: Bar) -> int:
    from xlbangfu import actions

    book = open_book(options, "slips", bar)
    out = folder_of(options, "slips")
    outcome = actions.slips(book, call_of(options), out=out, classes=options.classes)
    return finish(options, outcome, [f"家长信放在：{out.resolve()}"])


def _register(options: Namespace, bar: Bar) -> int:
    return perform(options, "register", bar, advice=[f"档案册放在：{folder_of(options, 'register').resolve()}"])


def _person(options: Namespace, bar: Bar) -> int:
    from xlbangfu import actions

    if options.expired:
        return _expired(options, bar)
    number = options.number
    if not number:
        raise BadArgument("没有写学号；例如 xlbangfu person 帮扶总表.xlsm 0250101 --export 个人信息。")
    options.yes = options.yes >= 2
    call = replace(call_of(options), asks=lambda _: number)
    if options.export:
        outcome = actions.person_export(open_book(options, "person_export", bar), call, out=options.export)
        return finish(options, outcome, [f"文件放在：{options.export.resolve()}"])
    book = open_book(options, "person_delete", bar)
    gone = actions.person_delete(book, call, workbook=options.book, backups=options.backups)
    if gone is None:
        facts = {"action": "person_delete", "done": False, "exit_code": 1}
        answer(options, facts, ["没有删除，总表没有改动；不在终端里用时要写两遍 --yes --yes。"])
        return 1
    return finish(options, gone)


def _expired(options: Namespace, bar: Bar) -> int:
    from xlbangfu import actions

    lines = actions.expired_lines(open_book(options, "validate", bar), call_of(options))
    advice = [
        f"{len(lines)} 名学生的资料过了「保存年限」。",
        "离校的、已不在名册的：xlbangfu person 总表 学号 --delete；退出帮扶还在读的：只删上面列出的行。",
    ]
    answer(options, {"expired": lines, "exit_code": 0}, [*lines, *advice] if lines else ["没有过「保存年限」的资料。"])
    return 0
