"""One student's data: ``person``."""

from __future__ import annotations

from argparse import Namespace

from msgspec.structs import replace

from xlbangfu.catalog import BACKUPS
from xlbangfu.cli.arguments import values
from xlbangfu.cli.progress_bar import Bar
from xlbangfu.cli.shared import answer, call_of, finish, open_book
from xlbangfu.errors import BadArgument


def person(options: Namespace, bar: Bar) -> int:
    """``person``: export a student's data, delete it, or list whose is past its time."""
    if options.expired:
        return _list_expired(options, bar)
    if not options.number:
        raise BadArgument("没有写学号；例如 xlbangfu person 帮扶总表.xlsm 0250101 --export 个人信息。")
    options.yes = options.yes >= 2
    return _export(options, bar) if options.export else _delete(options, bar)


def _export(options: Namespace, bar: Bar) -> int:
    from xlbangfu.actions.export_person import person_export
    from xlbangfu.actions.operator_name import with_operator

    book = open_book(options, "person_export", bar)
    call = replace(with_operator(book, call_of(options)), asks=lambda _: options.number, out=options.export)
    outcome = person_export(book, call)
    return finish(options, outcome, [f"文件放在：{options.export.resolve()}"])


def _delete(options: Namespace, bar: Bar) -> int:
    from xlbangfu.actions.delete_person import person_delete
    from xlbangfu.actions.operator_name import with_operator

    book = open_book(options, "person_delete", bar)
    call = with_operator(book, call_of(options, values(options, [BACKUPS])))
    outcome = person_delete(book, replace(call, asks=lambda _: options.number))
    if outcome is None:
        facts = {"action": "person_delete", "done": False, "exit_code": 1}
        answer(options, facts, ["没有删除，总表没有改动；不在终端里用时要写两遍 --yes --yes。"])
        return 1
    return finish(options, outcome)


def _list_expired(options: Namespace, bar: Bar) -> int:
    from xlbangfu.actions.list_expired import expired_lines

    lines = expired_lines(open_book(options, "validate", bar), call_of(options))
    advice = [
        f"上面 {len(lines)} 条过了「保存年限」。",
        "离校的、已不在名册的：xlbangfu person 总表 学号 --delete；还在读的（退出帮扶、多年前的缺勤和劝返）：只删上面列出的行。",
    ]
    answer(options, {"expired": lines, "exit_code": 0}, [*lines, *advice] if lines else ["没有过「保存年限」的资料。"])
    return 0
