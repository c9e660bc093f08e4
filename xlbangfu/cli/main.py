"""The same actions on a closed file: ``xlbangfu COMMAND BOOK …``.

Exit codes: 0 fine, 1 there are 错误 in 校验, 2 it could not run, or not to its end (one Chinese sentence on standard error,
which says whether the workbook was written).
With ``--json`` one JSON object goes to standard output instead of sentences.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import NoReturn

from xlbangfu.book.safety.permissions import as_private_as
from xlbangfu.cli.chinese_parser import ChineseParser
from xlbangfu.cli.commands import commands
from xlbangfu.cli.overview import meanings, overview
from xlbangfu.cli.progress_bar import Bar
from xlbangfu.errors.messages import sentence_after
from xlbangfu.terminal import readable_streams, say


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the answer is the exit code."""
    readable_streams()
    wanted = list(sys.argv[1:] if arguments is None else arguments)
    if not wanted:
        say([parser().format_help().rstrip()])
        return 0
    options = parser(wanted[0]).parse_args(wanted)
    from xlbangfu.book.safety.atomic_save import saves_of  # not for --help

    book = getattr(options, "book", None)
    saved = saves_of(book)
    try:
        with Bar(quiet=options.json) as bar, as_private_as(book):
            code: int = options.command(options, bar)
    except BrokenPipeError:  # whoever read our output has stopped reading
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - it must stay open to the end
        return 0
    except (Exception, KeyboardInterrupt) as problem:  # the outermost door: staff get a sentence, the log the traceback
        return _refused(sentence_after(problem, is_written=saves_of(book) > saved), as_json=options.json)
    return code


def entry() -> NoReturn:
    """What a terminal starts: ``main``, and then the end at once, for to take modules and frames apart takes a while."""
    code = main()
    with suppress(OSError):  # whoever read our output has stopped reading
        for stream in filter(None, (sys.stdout, sys.stderr)):
            stream.flush()
    os._exit(code)


def parser(only: str = "") -> ChineseParser:
    """All commands with their Chinese help; ``only`` the one of that name, if there is one, for it takes as long as a look
    at a workbook to make them all."""
    from xlbangfu import __version__

    root = ChineseParser(prog="xlbangfu", description="学困生帮扶：一个 Excel 总表，查、排、评、发。")
    root.add_argument("--version", action="version", version=f"xlbangfu {__version__}", help="显示版本")
    subparsers = root.add_subparsers(metavar="命令", required=True, parser_class=ChineseParser, help="下面列出的一个")
    found = commands()
    for command in [found[only]] if only in found else found.values():
        command.add_to(subparsers)
    root.meanings, root.epilog = meanings(found), overview(found)
    return root


def _refused(sentence: str, *, as_json: bool) -> int:
    if as_json:
        say([json.dumps({"error": sentence, "exit_code": 2}, ensure_ascii=True)])
    else:
        sys.stderr.write(sentence + "\n")
    return 2


if __name__ == "__main__":
    entry()
