"""档案册: the register of the tracked students, bound for the office."""

from __future__ import annotations

from xlbangfu.actions.call import Call, Outcome
from xlbangfu.actions.checked_school import ranks, read_checked
from xlbangfu.actions.reporting import codes_of, outcome_of, write
from xlbangfu.book.port import Book
from xlbangfu.rules.places import as_allowed
from xlbangfu.schema import AWARDS, PROBLEMS, RANKING


def register(book: Book, call: Call) -> Outcome:
    """档案册: everything of each tracked student, a page each, in one workbook for the office."""
    from xlbangfu.documents.register import register_of, staged_register

    checked, out = read_checked(book, call), call.folder(book, "register")
    awards = book.read(AWARDS)[AWARDS]

    book.progress("编档案册", 0.5)
    ranked = ranks(checked.school)
    allowed = as_allowed({RANKING: ranked.ranking}, checked.school.settings)[RANKING]
    made = register_of(checked.school, allowed, ranked.prizes, awards, made=call.now)
    with staged_register(made, out, progress=lambda share: book.progress("编档案册", 0.6 + 0.3 * share)) as staged:
        summary = f"档案册共 {len(made.students)} 名学生，在文件夹“{out.resolve().name}”；内部资料，不要外传。"
        outcome = outcome_of("register", checked, call, rows=len(made.students), sentence=summary, files=(staged.path,))
        codes = codes_of([(staged.path.stem, staged.digest)])
        return write(book, call, outcome, checked, {PROBLEMS: checked.sheet}, codes=codes, stage=staged.stage)
