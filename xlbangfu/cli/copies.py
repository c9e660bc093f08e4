"""The copies from before each action: ``restore``."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from xlbangfu.catalog import LABELS
from xlbangfu.cli.progress_bar import Bar
from xlbangfu.cli.shared import answer, call_of, is_no_folder
from xlbangfu.errors import BadArgument, NotAWorkbook, WrongWorkbook

if TYPE_CHECKING:
    from xlbangfu.book.safety.backup import Backup, Change


def restore(options: Namespace, bar: Bar) -> int:
    """``restore``: the copies as a list, or one of them put back."""
    from xlbangfu.book.safety.backup import not_understood, other_states

    is_no_folder(options.book)
    found = other_states(options.book)
    if not found and not options.book.exists():
        raise BadArgument(
            f"找不到“{options.book}”，它也没有备份，请检查文件名和文件夹。{''.join(_other_names(options.book))}"
        )
    if options.take is None:
        rows = [f"{number}. {_backup_line(item)}" for number, item in enumerate(found, start=1)]
        lines = [*rows, f"取回第 1 份：xlbangfu restore {options.book} --take 1"]
        nothing = [f"“{options.book}”还没有和现在不同的备份；每次操作前会自动备份。", *_other_names(options.book)]
        strange = _strange(not_understood(options.book))
        facts = {"backups": [str(item.path) for item in found], "said": rows + strange}
        answer(options, facts, [*(lines if rows else nothing), *strange])
        return 0
    if not 1 <= options.take <= len(found):
        raise BadArgument(f"没有第 {options.take} 份备份，共有 {len(found)} 份；先不带 --take 运行一次看列表。")
    chosen = found[options.take - 1]
    bar("取回备份", 0.5)
    kept = "；取回之前的那份也留了备份。" if options.book.exists() else "。"
    sentence = f"已取回 {chosen.made:%Y-%m-%d %H:%M:%S} 的总表{kept}"
    told, note = _take(options, chosen, sentence)
    answer(options, {"restored": str(chosen.path), "noted": not note}, [told, *note])
    return 0


def _strange(names: list[str]) -> list[str]:
    """What in 备份 was passed over."""
    return [f"“备份”文件夹里这些看不懂，没有算进来，也没有动：{'、'.join(names)}。"] if names else []


def _other_names(book: Path) -> list[str]:
    """What to say where there are copies of a book of another name: copies go by the name that the book had."""
    from xlbangfu.book.safety.backup import books_of

    found = books_of(book.parent)
    if not found:
        return []
    names = "、".join(f"“{name}”" for name in found)
    return [f"“备份”文件夹里有 {names} 的备份；总表改过名的，写原来的名字，如 {found[0]}。"]


def _take(options: Namespace, chosen: Backup, sentence: str) -> tuple[str, list[str]]:
    """The copy in the book's place with a row in its 运行记录, in one save; what to tell, and what to add where it can't take
    one."""
    from xlbangfu.actions.note_restored import note_restored
    from xlbangfu.book.closed.closed_book import ClosedBook, take_back

    try:
        now = ClosedBook(options.book)
        return note_restored(now.go_back(chosen), call_of(options), sentence, now=now), []
    except (NotAWorkbook, WrongWorkbook) as problem:
        take_back(options.book, chosen)
        return sentence, [f"只是没能记进“运行记录”：{problem}"]


def _backup_line(backup: Backup) -> str:
    """One line of the list: from before which action, and what that action then changed."""
    from xlbangfu.book.closed.closed_book import RESTORED

    if backup.action == RESTORED:
        return f"{backup.made:%Y-%m-%d %H:%M:%S}，取回备份之前的总表（{backup.size // 1024} KB）"
    label = LABELS.get(backup.action, backup.action) or "一次改动"
    changed = "、".join(_change_phrase(change) for change in backup.changes) or _unlisted(backup)
    state = f"上次保存的样子（{backup.saved:%Y-%m-%d %H:%M:%S}）" if backup.saved else "的总表"
    return f"{backup.made:%Y-%m-%d %H:%M:%S}，“{label}”之前{state}（{backup.size // 1024} KB）；它改了：{changed}"


def _unlisted(backup: Backup) -> str:
    """What an action did that changed no record, or of which no more is known than that it changed something."""
    from xlbangfu.book.safety.backup import BUTTONS_BACK, BUTTONS_TURNED

    only_buttons = backup.action in (BUTTONS_BACK, BUTTONS_TURNED)
    return "只有按钮，各张表的行都没有动" if only_buttons else "没有记下改了什么"


def _change_phrase(change: Change) -> str:
    if change.before is None or change.before == change.after:
        return f"{change.sheet} {change.after} 行"
    return f"{change.sheet} {change.before}→{change.after} 行"
