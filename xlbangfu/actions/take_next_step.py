"""做下一步: what 下一步 on 控制台 says, done: its button pressed, or the sheet shown that staff are to look at or to fill in."""

from __future__ import annotations

from msgspec.structs import replace

from xlbangfu.actions.call import Call, Outcome
from xlbangfu.actions.checked_school import Checked, read_checked
from xlbangfu.actions.reporting import write_sight
from xlbangfu.book.port import Book
from xlbangfu.catalog import BY_NAME
from xlbangfu.declarations import Action
from xlbangfu.front_page.next_step import Step, proposed
from xlbangfu.rules.ticks import ticked
from xlbangfu.schema import PROBLEMS, REVIEW


def take_next_step(book: Book, call: Call) -> Outcome | None:
    """Do what is due; None where staff were asked and said no.

    Where they have to tick first and have not, or no file was chosen for an action that reads one, the sheet of the step
    is shown instead and nothing is written.
    """
    checked = read_checked(book, call, needs=())
    step = _due(book, checked)
    action = BY_NAME.get(step.action)
    if action is None or _waits_for_ticks(book, step):
        return _show(book, call, checked, step)
    files = call.chooses(f"{action.label}：选文件（可以多选）", action.files) if action.files else ()
    if action.files and not files:
        shown = _show(book, call, checked, step)
        return replace(shown, sentence=_without_files(action, step), presses=action.name)
    return _perform(book, replace(call, files=tuple(files)), action)


def _due(book: Book, checked: Checked) -> Step:
    frames = {**checked.frames, **book.read(REVIEW), PROBLEMS: checked.causes}
    return proposed(frames, today=checked.school.today, settings=checked.school.settings)


def _waits_for_ticks(book: Book, step: Step) -> bool:
    if not step.ticks or step.sheet is None:
        return False
    return ticked(book.read(step.sheet)[step.sheet], step.sheet, step.ticks).is_empty()


def _show(book: Book, call: Call, checked: Checked, step: Step) -> Outcome:
    """Let staff see the sheet of the step; its sentence says what to do there."""
    hidden = book.hidden()
    if away := [table for table in step.sheets if table in hidden]:
        book.reveal(*away)
        write_sight(book)
    return Outcome(
        action="next",
        sentence=f"请看“{step.sheet.name}”。" if step.sheet else "",
        next_step=step.sentence,
        errors=checked.errors,
        warnings=checked.warnings,
        sheet=step.sheet.name if step.sheet else "",
        seconds=call.seconds,
    )


def _without_files(action: Action, step: Step) -> str:
    instead = f"，或者自己填“{step.sheet.name}”" if step.sheet else ""
    return f"没有选文件，什么也没有写：点“{action.label}”选文件{instead}。"


def _perform(book: Book, call: Call, action: Action) -> Outcome | None:
    from xlbangfu.actions import function_of

    book.note_action(action.name)
    return function_of(action.run)(book, call)
