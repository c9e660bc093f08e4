"""The same actions on a closed file: ``xlbangfu COMMAND BOOK …``.

Exit codes: 0 fine, 1 there are 错误 in 校验, 2 it could not run (one Chinese sentence on standard error, nothing changed).
With ``--json`` one JSON object goes to standard output instead of sentences.
"""

from __future__ import annotations

import json
import os
import sys
from argparse import BooleanOptionalAction, Namespace
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from xlbangfu.book.safety.permissions import as_private_as
from xlbangfu.catalog import BY_NAME, LABELS
from xlbangfu.cli.shared import add_out, answer, call_of, finish, folder_of, is_no_folder, open_book, perform, said_no
from xlbangfu.errors import BadArgument, BangfuError
from xlbangfu.errors.messages import sentence_of
from xlbangfu.terminal import Bar, ChineseParser, readable_streams, say

if TYPE_CHECKING:
    from xlbangfu.book.safety.backup import Backup, Change


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the answer is the exit code."""
    readable_streams()
    wanted = list(sys.argv[1:] if arguments is None else arguments)
    if not wanted:
        say([parser().format_help().rstrip()])
        return 0
    options = parser().parse_args(wanted)
    try:
        with Bar(quiet=options.json) as bar, as_private_as(getattr(options, "book", None)):
            code: int = options.command(options, bar)
    except KeyboardInterrupt:
        return _refused("已停下，总表没有改动。", as_json=options.json)
    except BrokenPipeError:  # whoever read our output has stopped reading
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - it must stay open to the end
        return 0
    except Exception as problem:  # the outermost door: staff get a sentence, the log gets the traceback
        return _refused(sentence_of(problem), as_json=options.json)
    return code


def entry() -> NoReturn:
    """What a terminal starts: ``main``, and then the end at once, for to take modules and frames apart takes a while."""
    code = main()
    with suppress(OSError):  # whoever read our output has stopped reading
        for stream in filter(None, (sys.stdout, sys.stderr)):
            stream.flush()
    os._exit(code)


def parser() -> ChineseParser:
    """All commands with their Chinese help."""
    root = ChineseParser(prog="xlbangfu", description="学困生帮扶：一个 Excel 总表，查、排、评、发。")
    from xlbangfu import __version__

    root.add_argument("--version", action="version", version=f"xlbangfu {__version__}", help="显示版本")
    commands = root.add_subparsers(metavar="命令", required=True, parser_class=ChineseParser, help="下面列出的一个")

    from xlbangfu.cli.families import Commands, meanings, overview, register

    family = Commands(commands)
    command, on_book = family.add, family.on_book
    new = on_book("new", "新建一个空白总表；加 --sample 放进一所虚构学校", _new)
    new.add_argument("--sample", action="store_true", help="放进一所虚构学校的数据")
    new.add_argument("--students", type=int, default=1200, metavar="N", help="虚构学校的学生数（默认 1200）")
    new.add_argument("--classes", type=int, default=24, metavar="N", help="班级数（默认 24）")
    new.add_argument("--exams", type=int, default=4, metavar="N", help="考试次数（默认 4）")
    new.add_argument("--logs", type=int, default=1000, metavar="N", help="帮扶记录条数（默认 1000）")
    new.add_argument("--seed", type=int, default=1, metavar="N", help="同一个数得到同一所学校（默认 1）")
    new.add_argument(
        "--with-problems",
        action="store_true",
        help="虚构学校里故意放进各种错误，看校验怎么说（V06、V75、V76、V80 除外）",
    )
    new.add_argument("--host", choices=("excel", "libreoffice"), help="按钮给哪个软件用（默认看本机）")

    take = on_book("import", BY_NAME["import"].help, _import)
    take.add_argument("files", metavar="文件", type=Path, nargs="+", help="xlsx、xls 或 csv")
    take.add_argument("--exam", metavar="考试编号", help="成绩属于哪次考试（文件里没写时用）")
    take.add_argument("--dry-run", action="store_true", help="只看会写什么，不写")

    on_book("validate", BY_NAME["validate"].help, _validate)
    on_book("refresh", BY_NAME["refresh"].help, _refresh)
    pages = on_book("pages", BY_NAME["pages"].help, _pages)
    add_out(pages, "pages")
    pages.add_argument(
        "--class", dest="classes", metavar="班级", action="append", default=[], help="只做这个班，可写多次"
    )
    run = on_book("run", BY_NAME["run"].help, _run)
    add_out(run, "run")

    undo = on_book("undo", BY_NAME["undo"].help, _undo)
    undo.add_argument("--yes", action="store_true", help="不再问，直接退回")

    restore = on_book("restore", "列出备份和每次操作改了什么；用 --take 取回一份", _restore)
    restore.add_argument("--take", type=int, metavar="序号", help="取回列表里的第几份")

    setup = command("setup", "让这台电脑的按钮能用，在桌面放快捷方式和新总表；可以反复运行", _setup)
    setup.add_argument(
        "--keep-alive",
        action=BooleanOptionalAction,
        help="程序一直开着等，点按钮更快（Windows）；--no-keep-alive 是关掉",
    )
    setup.add_argument("--no-desktop", action="store_true", help="不在桌面上放东西")
    doctor = command("doctor", "体检：按钮、窗口、命令为什么不能用，怎么办", _doctor)
    doctor.add_argument("book", metavar="总表", type=Path, nargs="?", help="也查这个总表")
    window = command("window", "打开帮扶窗口：不用宏、不用命令，点按钮做同样的事", _window)
    window.add_argument("book", metavar="总表", type=Path, nargs="?", help="不写就用上次的")

    demo = command("demo", "做一所虚构学校，从头到尾跑一遍，告诉您打开什么看", _demo)
    demo.add_argument(
        "folder", metavar="文件夹", type=Path, nargs="?", default=Path("帮扶演示"), help="放在哪里（默认 帮扶演示）"
    )
    register(family)
    root.meanings, root.epilog = meanings(family.helps), overview(family.helps)
    return root


def _new(options: Namespace, bar: Bar) -> int:
    from xlbangfu import sample
    from xlbangfu.book import template

    book = _new_path(options.book)
    now = datetime.now().replace(microsecond=0)
    bar("新建总表", 0.1)
    if options.sample or options.with_problems:
        _sensible_sizes(options)
        school = sample.make(
            students=options.students,
            classes=options.classes,
            exams=options.exams,
            logs=options.logs,
            seed=options.seed,
            with_problems=options.with_problems,
        )
        bar("写入工作簿", 0.4)
        template.build(
            book,
            frames=school.frames,
            planted=school.planted,
            faults=school.faults,
            host=_host(options.host),
            created=now,
        )
    else:
        template.build(book, host=_host(options.host), created=now)
    said = f"已新建“{book}”。"
    answer(options, {"book": str(book)}, [said, "下一步：打开它，从“控制台”开始。"])
    return 0


def _import(options: Namespace, bar: Bar) -> int:
    from xlbangfu import actions
    from xlbangfu.rules.problems import errors

    book, call = open_book(options, "import", bar), call_of(options)
    plan = actions.plan_import(book, call, options.files, exam=options.exam)
    if options.dry_run:
        found = plan.problem_lines()
        more = [f"……还有 {len(found) - 50} 处，导入后全部列在“校验”里。"] if len(found) > 50 else []
        code = 1 if errors(plan.problems).height else 0
        facts = {"lines": list(plan.lines), "problems": found, "written": False, "exit_code": code}
        answer(options, facts, [*plan.lines, *found[:50], *more, "以上只是预览，没有写入。"])
        return code
    return finish(options, actions.import_files(book, call, plan))


def _validate(options: Namespace, bar: Bar) -> int:
    from xlbangfu import actions

    return finish(options, actions.validate(open_book(options, "validate", bar), call_of(options)))


def _refresh(options: Namespace, bar: Bar) -> int:
    from xlbangfu import actions

    return finish(options, actions.refresh(open_book(options, "refresh", bar), call_of(options)))


def _pages(options: Namespace, bar: Bar) -> int:
    from xlbangfu import actions

    book = open_book(options, "pages", bar)
    out = folder_of(options, "pages")
    outcome = actions.pages(book, call_of(options), out=out, classes=options.classes)
    return finish(options, outcome, [f"班级页放在：{out.resolve()}"])


def _run(options: Namespace, bar: Bar) -> int:
    return perform(options, "run", bar, advice=[f"班级页放在：{folder_of(options, 'run').resolve()}"])


def _undo(options: Namespace, bar: Bar) -> int:
    from xlbangfu import actions

    outcome = actions.undo_closed(open_book(options, "undo", bar), call_of(options))
    return said_no(options, "undo") if outcome is None else finish(options, outcome)


def _restore(options: Namespace, bar: Bar) -> int:
    from xlbangfu.book.closed.closed_book import take_back
    from xlbangfu.book.safety.backup import backups

    is_no_folder(options.book)
    found = backups(options.book)
    if not found and not options.book.exists():
        raise BadArgument(
            f"找不到“{options.book}”，它也没有备份，请检查文件名和文件夹。{''.join(_other_names(options.book))}"
        )
    if options.take is None:
        rows = [f"{number}. {_backup_said(item)}" for number, item in enumerate(found, start=1)]
        lines = [*rows, f"取回第 1 份：xlbangfu restore {options.book} --take 1"]
        nothing = [f"“{options.book}”还没有备份；每次操作前会自动备份。", *_other_names(options.book)]
        answer(options, {"backups": [str(item.path) for item in found], "said": rows}, lines if rows else nothing)
        return 0
    if not 1 <= options.take <= len(found):
        raise BadArgument(f"没有第 {options.take} 份备份，共有 {len(found)} 份；先不带 --take 运行一次看列表。")
    chosen = found[options.take - 1]
    bar("取回备份", 0.5)
    take_back(options.book, chosen)
    said = f"已取回 {chosen.made:%Y-%m-%d %H:%M:%S} 的总表；取回之前的那份也留了备份。"
    note = _note_restored(options, said)
    answer(options, {"restored": str(chosen.path), "noted": not note}, [said, *note])
    return 0


def _other_names(book: Path) -> list[str]:
    """What to say where there are copies of a book of another name: copies go by the name that the book had."""
    from xlbangfu.book.safety.backup import books_of

    found = books_of(book.parent)
    if not found:
        return []
    names = "、".join(f"“{name}”" for name in found)
    return [f"“备份”文件夹里有 {names} 的备份；总表改过名的，写原来的名字，如 {found[0]}。"]


def _note_restored(options: Namespace, said: str) -> list[str]:
    """A row of 运行记录 in the book that is back; what to tell where it can't take one."""
    from xlbangfu.actions.restoring import note_restored
    from xlbangfu.book.closed.closed_book import ClosedBook

    try:
        note_restored(ClosedBook(options.book, action="restore", backs_up=False), call_of(options), said)
    except BangfuError as problem:
        return [f"只是没能记进“运行记录”：{problem}"]
    return []


def _backup_said(backup: Backup) -> str:
    """One line of the list: from before which action, and what that action then changed."""
    from xlbangfu.book.closed.closed_book import RESTORED

    if backup.action == RESTORED:
        return f"{backup.made:%Y-%m-%d %H:%M:%S}，取回备份之前的总表（{backup.size // 1024} KB）"
    label = LABELS.get(backup.action, backup.action) or "一次改动"
    changed = "、".join(_change_said(change) for change in backup.changes) or "没有记下改了什么"
    return f"{backup.made:%Y-%m-%d %H:%M:%S}，“{label}”之前的总表（{backup.size // 1024} KB）；它改了：{changed}"


def _change_said(change: Change) -> str:
    if change.before is None or change.before == change.after:
        return f"{change.sheet} {change.after} 行"
    return f"{change.sheet} {change.before}→{change.after} 行"


def _demo(options: Namespace, bar: Bar) -> int:
    from xlbangfu import actions, sample
    from xlbangfu.book import template
    from xlbangfu.book.closed.closed_book import ClosedBook

    folder: Path = options.folder
    folder.mkdir(parents=True, exist_ok=True)
    book = _new_path(folder / "帮扶总表.xlsm")
    call = call_of(options)
    bar("做一所虚构学校", 0.05)
    school = sample.make()
    template.build(
        book, frames=school.frames, planted=school.planted, host=_host(None), created=call.now.replace(microsecond=0)
    )
    outcome = actions.run(ClosedBook(book, action="run", progress=bar), call, out=folder / "班级页")
    first = max(outcome.files, key=lambda path: (path.name != "目录.xlsx", path.stat().st_size))
    advice = [
        f"打开“{book}”看总表：从“控制台”开始，再看“排名”“帮扶排名”“班级汇总”。",
        f"打开“{first}”看一个班的班级页。",
        "学校和学生都是虚构的；想用自己的数据：xlbangfu new 帮扶总表.xlsm，再 xlbangfu import。",
    ]
    return finish(options, outcome, advice)


def _setup(options: Namespace, bar: Bar) -> int:  # noqa: ARG001 - every command has the same shape
    from xlbangfu.doctor import ThisMachine
    from xlbangfu.setup_machine import Place, set_up

    steps = []
    for step in set_up(Place.here(ThisMachine()), keep_alive=options.keep_alive, on_desktop=not options.no_desktop):
        steps.append(step)
        if not options.json:
            say([step.line])
    code = int(not all(step.done for step in steps))
    if options.json:
        answer(options, {"steps": [asdict(step) for step in steps], "exit_code": code}, [])
    return code


def _doctor(options: Namespace, bar: Bar) -> int:  # noqa: ARG001
    from xlbangfu import doctor

    if options.book:
        is_no_folder(options.book)
    found = doctor.examine(doctor.ThisMachine(), options.book and options.book.absolute())
    answer(options, doctor.facts(found), doctor.lines(found))
    return doctor.exit_code(found)


def _window(options: Namespace, bar: Bar) -> int:  # noqa: ARG001
    from xlbangfu.window import open_window

    open_window(options.book)
    return 0


def _new_path(path: Path) -> Path:
    if path.suffix.lower() != ".xlsm":
        raise BadArgument(f"总表里有按钮，文件名要以 .xlsm 结尾，例如 {path.with_suffix('.xlsm').name}。")
    if path.exists():
        raise BadArgument(f"“{path}”已经有了，没有动它；请换一个名字或文件夹。")
    if not path.parent.is_dir():
        raise BadArgument(f"没有“{path.parent}”这个文件夹，请先建好。")
    return path


def _sensible_sizes(options: Namespace) -> None:
    limits = {"students": (1, 100_000), "classes": (1, 2_000), "exams": (0, 60), "logs": (0, 1_000_000)}
    for name, (low, high) in limits.items():
        if not low <= getattr(options, name) <= high:
            raise BadArgument(f"--{name} 应当在 {low} 到 {high} 之间。")
    if options.classes > options.students:
        raise BadArgument("班级数不能比学生数多。")


def _host(wanted: str | None) -> Any:
    return wanted or ("libreoffice" if sys.platform.startswith("linux") else "excel")


def _refused(sentence: str, *, as_json: bool) -> int:
    if as_json:
        say([json.dumps({"error": sentence, "exit_code": 2}, ensure_ascii=True)])
    else:
        sys.stderr.write(sentence + "\n")
    return 2


if __name__ == "__main__":
    entry()
