"""argparse whose words are Chinese."""

from __future__ import annotations

import argparse
import json
import re
import sys
from typing import Any, NoReturn

from xlbangfu.terminal import say

_USAGE = "用法："
_MESSAGES: tuple[tuple[str, str], ...] = (
    (r"the following arguments are required: (.*)", r"还缺：\1"),
    (r"unrecognized arguments: (.*)", r"不认识：\1"),
    (r"argument 命令: invalid choice: '(.*?)' \(.*\)", r"没有“\1”这个命令"),
    (r"argument (.*?): invalid choice: '(.*?)' \(choose from (.*)\)", r"\1 不能写“\2”，可以写：\3"),
    (r"one of the arguments (.*) is required", r"还缺：\1 当中的一个"),
    (r"argument (.*?): not allowed with argument (.*)", r"\1 和 \2 不能一起写"),
    (r"argument (.*?): invalid int value: (.*)", r"\1 应当是整数，写的是 \2"),
    (r"argument (.*?): invalid fromisoformat value: (.*)", r"\1 应当是日期，如 2026-07-05，写的是 \2"),
    (r"argument (.*?): expected one argument", r"\1 后面要写一个值"),
    (r"argument (.*?): expected at least one argument", r"\1 后面至少要写一个值"),
    (r"argument (.*?): ignored explicit argument (.*)", r"\1 后面不写值，多了 \2"),
    (r"argument (.*?): (.*)", r"\1：\2"),
    (r"ambiguous option: (.*?) could match (.*)", r"\1 不明确，可能是 \2"),
)


class ChineseFormatter(argparse.RawDescriptionHelpFormatter):
    """Help whose first word is 用法."""

    def add_usage(self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, _USAGE if prefix is None else prefix)


class ChineseParser(argparse.ArgumentParser):
    """An argument parser that speaks Chinese and says a wrong call in one sentence, with exit code 2."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, formatter_class=ChineseFormatter, add_help=False)
        self._as_json = self._is_mixing = False
        self.meanings: dict[str, str] = {}  # what someone may type, and the command that it means
        self._positionals.title = "要写的"
        self._optionals.title = "可以加的"
        self.add_argument("-h", "--help", action="help", help="显示这段说明")

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Look for --json first: a wrong call is answered before the options are there. A word that may be left out may stand
        after the options too, which argparse itself would not see."""
        self._as_json = "--json" in (sys.argv[1:] if args is None else args)
        if self._is_mixing or not any(one.nargs in ("?", "*") for one in self._get_positional_actions()):
            return super().parse_known_args(args, namespace)
        self._is_mixing, self.usage = True, self.format_usage().removeprefix(_USAGE).rstrip()
        try:
            return self.parse_known_intermixed_args(args, namespace)
        finally:
            self._is_mixing, self.usage = False, None

    def error(self, message: str) -> NoReturn:
        for english, chinese in _MESSAGES:
            if re.fullmatch(english, message):
                message = re.sub(english, chinese, message)
                break
        sentence = f"{message}{self._meant(message)}。看说明：{self.prog} --help"
        if self._as_json:
            say([json.dumps({"error": sentence, "exit_code": 2}, ensure_ascii=True)])
        else:
            sys.stderr.write(f"{sentence}\n")
        raise SystemExit(2)

    def _meant(self, message: str) -> str:
        """The command that comes nearest to one that there is not."""
        from difflib import get_close_matches

        wrong = re.fullmatch("没有“(.*)”这个命令", message)
        near = get_close_matches(wrong[1], self.meanings, n=1) if wrong else []
        return f"，是不是“{self.meanings[near[0]]}”" if near else ""
