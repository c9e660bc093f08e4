"""The command ``import``: files in; what is unclear is asked at a terminal, by ``--answers``, or in 导入核对.

With ``--json`` the questions come as data; ``--answers FILE`` gives their answers: one JSON object, question id to answer
(docs/import-answers.md).
"""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlbangfu.cli.progress_bar import Bar
from xlbangfu.cli.shared import answer, call_of, can_be_asked, finish, open_book
from xlbangfu.errors import BadArgument
from xlbangfu.terminal import say

if TYPE_CHECKING:
    from xlbangfu.documents.importing import ImportPlan
    from xlbangfu.documents.importing.questions import Question

_SHOWN = 50  # problems of a preview


def import_files(options: Namespace, bar: Bar) -> int:
    """``import``: what is certain is written at once, for whoever typed the names of the files has looked at them."""
    from xlbangfu.actions import import_files as importing
    from xlbangfu.actions.operator_name import with_operator

    book = open_book(options, "import", bar)
    call = call_of(options) if options.dry_run else with_operator(book, call_of(options))
    answers = _answers(Path(options.answers)) if options.answers else {}

    def plan_with(answers: Mapping[str, str]) -> ImportPlan:
        return importing.plan_import(book, call, options.files, exam=options.exam or None, answers=answers)

    plan = plan_with(answers)
    if can_be_asked(options):
        plan, answers = _ask_all(plan, answers, plan_with, call.off_the_clock(_typed_answer))
    if options.dry_run:
        return _preview(options, plan)
    outcome = importing.import_files(book, call, plan, files=options.files)
    return finish(options, outcome, more=_questions(plan))


def _preview(options: Namespace, plan: ImportPlan) -> int:
    from xlbangfu.actions.import_files import summary

    found = plan.problem_lines()
    code = plan.exit_code
    facts = {"lines": list(plan.lines), "problems": found, "written": False, "exit_code": code} | _questions(plan)
    answer(options, facts, [*summary(plan, problems=_SHOWN), "以上只是预览，没有写入。"])
    return code


def _questions(plan: ImportPlan) -> dict[str, Any]:
    """The questions for machines, and what memory decided."""
    from xlbangfu.documents.importing.review import question_facts

    return {
        "questions": [question_facts(question) for question in plan.questions],
        "recalled": [question_facts(question) | {"answer": said} for question, said in plan.answers.recalled],
        "rows_written": {table.name: frame.height for table, frame in plan.appends.items()},
    }


def _answers(path: Path) -> dict[str, str]:
    """The answers of a file. Raises BadArgument where it is no such file."""
    try:
        read = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as problem:
        raise BadArgument(f"“{path}”读不出回答，请给一个 JSON 文件：{{“问题编号”: “回答”}}。") from problem
    if not isinstance(read, dict) or not all(isinstance(text, str) for text in read.values()):
        raise BadArgument(f"“{path}”里应当是一个 JSON 对象，每个问题编号对一句回答。")
    return {str(key): text.strip() for key, text in read.items() if text.strip()}


def _ask_all(
    plan: ImportPlan, answers: dict[str, str], plan_with: Any, ask: Callable[[Question], str]
) -> tuple[ImportPlan, dict[str, str]]:
    """Ask at the terminal until nothing new is asked; a question passed over stays for 导入核对."""
    passed: set[str] = set()
    while waiting := [question for question in plan.questions if question.id not in passed]:
        say([*plan.lines, f"有 {len(waiting)} 个问题要您回答；直接按回车，留到“导入核对”里再答："])
        for question in waiting:
            text = ask(question)
            passed.add(question.id)
            if text:
                answers = {**answers, question.id: text}
        plan = plan_with(answers)
    return plan, answers


def _typed_answer(question: Question) -> str:
    from xlbangfu.documents.importing.review import question_line

    say(["", question_line(question)])
    say([f"  {number}. {choice}" for number, choice in enumerate(question.choices, start=1)])
    typed = input("回答（写序号，或直接写）：").strip()
    return _chosen(typed, question.choices)


def _chosen(typed: str, choices: Sequence[str]) -> str:
    """The choice of that number, else what was typed."""
    return choices[int(typed) - 1] if typed.isdigit() and 0 < int(typed) <= len(choices) else typed
