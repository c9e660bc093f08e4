"""个人信息删除: one student taken out of every sheet (DOMAIN, Privacy)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
from msgspec.structs import replace

from xlbangfu.actions.call import Call, Outcome
from xlbangfu.actions.checked_school import Checked, read_checked
from xlbangfu.actions.find_person import ASKED, FoundPerson, find_person, listed
from xlbangfu.actions.reporting import outcome_of, write
from xlbangfu.book.port import Book
from xlbangfu.book.safety import journal
from xlbangfu.book.safety.backup import FOLDER as BACKUP_FOLDER
from xlbangfu.catalog import BACKUPS
from xlbangfu.documents.person.traces import Trace
from xlbangfu.errors import BadArgument
from xlbangfu.rules import personal
from xlbangfu.rules.helpers import LABEL, helpers
from xlbangfu.rules.personal import Belongings, Person
from xlbangfu.schema import (
    CLASSES,
    COLLECTED,
    OUTBOX,
    PAIRINGS,
    PROBLEMS,
    RUNS,
    Table,
)

if TYPE_CHECKING:
    from xlbangfu.mail.ledger import Entry

_MARKED = "运行记录里这名学生的代号是 {}，和学号没有关系、推不出是谁；以后要查的，请把它写在删除申请单上。"
_DELETED = "预览之后有学生的资料要求删除，没有寄；请再点一次“预览邮件”"
_WITHDRAWN = "还没寄出、有这名学生的班级页不会寄了，列在“发件箱”里；请再点一次“预览邮件”。"


def person_delete(book: Book, call: Call) -> Outcome | None:
    """个人信息删除: asks twice, then takes the student out of every sheet; None if staff thought better of it.

    The answer lists the files beside the workbook that still name the student; with BACKUPS the backups among them
    are deleted too, also those of a student who was deleted before. Raises BadArgument where a row cannot be told from
    another or may be somebody else's.
    """
    from xlbangfu.documents.person import files_beside, new_mark, traces

    workbook, backups = book.path, call.option(BACKUPS)
    number = call.asks(ASKED)
    try:
        found = find_person(book, call, number)
    except personal.NotThere:
        if not backups or not number:
            raise
        return _delete_old_copies(book, call, number)
    person, mine = found.person, found.mine
    _check_clear(found)
    looked = set(files_beside(workbook))
    held = traces(workbook, person.words)

    if not call.agrees(_first_question(found)) or not call.agrees(_second_question(held, backups=backups)):
        return None
    withdrawn = _withdraw(book, call, found, held)
    mark = new_mark()
    book.forget()
    _take_out(book, found, mark)
    book.apply()
    checked = _without_mentions(read_checked(book, call, needs=()), person)
    summary = f"已从总表删去这名学生：{personal.counted(mine.own)}；不能撤销。"
    outcome = outcome_of("person_delete", checked, call, rows=mine.rows, sentence=summary)
    write(
        book,
        call,
        outcome,
        checked,
        {PROBLEMS: checked.sheet, **withdrawn},
        note=f"学生代号 {mark}；总表外还有 {len(held)} 个文件。",
    )
    journal.discard(workbook)
    if backups:
        _delete_backups(workbook, looked, held)
    now = [one for one in held if one.path.exists()] + traces(workbook, person.words, known=looked)
    also = [_WITHDRAWN] if withdrawn else []
    return replace(outcome, details=(_MARKED.format(mark), *also, *_remaining_lines(workbook, found, now)))


def _check_clear(found: FoundPerson) -> None:
    if found.mine.doubtful:
        where = listed(found.mine.doubtful)
        raise BadArgument(f"{where}写的学号和姓名对不上，分不清是不是这名学生，没有删除；请先改好这几行，再做一次。")
    for table, shared in found.mine.shared.items():
        personal.check_keys(found.school, table, shared)


def _withdraw(book: Book, call: Call, found: FoundPerson, held: Sequence[Trace]) -> dict[Table, pl.DataFrame]:
    """Mails that wait and bring a page on which the student is do not go; 发件箱 where there were any."""
    from xlbangfu.actions.posting import withdraw
    from xlbangfu.mail.ledger import read_ledger
    from xlbangfu.mail.outbox_sheet import outbox_sheet

    files = {trace.path.name for trace in held if trace.certain}
    helping = helpers(found.school).filter(pl.col("学号") == found.person.number)[LABEL]
    whose = {found.person.class_name, *helping}

    def is_concerned(entry: Entry) -> bool:
        return bool(entry.attachment) and (not whose.isdisjoint(entry.owners) or entry.file in files)

    if not withdraw(book, call, _DELETED, is_concerned):
        return {}
    return {OUTBOX: outbox_sheet(read_ledger(book.path), found.school[CLASSES]["班级"].drop_nulls().to_list())}


def _take_out(book: Book, found: FoundPerson, mark: str) -> None:
    for table, rows in found.mine.own.items():
        book.delete(table, rows.select(table.names))
    for table, rows in found.mine.shared.items():
        book.amend(table, personal.without(found.person, table, rows))
    _clean_ledgers(book, found, mark)


def _clean_ledgers(book: Book, found: FoundPerson, mark: str) -> None:
    """Older rows of 运行记录 and 收回记录 keep only the mark, and no code that was made of the student's rows; what a page once
    replaced goes with its row, where something of it was the student's."""
    cleaned = personal.cleaned(pl.col("说明"), found.person, mark)
    gone = pl.lit(f"{personal.OLD_VALUES}删去 {mark} 时一起去掉了")
    runs = found.school[RUNS]
    clean = runs.with_columns(
        pl.when(personal.told_before(found.mine.own, found.person)).then(gone).otherwise(cleaned).alias("_clean")
    )
    changed = clean.filter(pl.col("_clean") != pl.col("说明")).select(*RUNS.keys)
    if changed.height:
        texts = clean.join(changed, on=list(RUNS.keys), how="semi", nulls_equal=True)
        book.amend(RUNS, texts.group_by(RUNS.keys, maintain_order=True).agg(说明=pl.col("_clean").str.join(" ")))
    for frame in personal.collected_without(found.school[COLLECTED], found.person, found.mine, mark):
        if frame.height:
            book.amend(COLLECTED, frame)


def _without_mentions(checked: Checked, person: Person) -> Checked:
    """Rows that an earlier import left in 校验 may quote the student."""
    named = [pl.col("问题").str.contains(personal.token(person.number))]
    if person.name:
        named.append(pl.col("问题").str.contains(person.name, literal=True))
    return replace(checked, carried=checked.carried.filter(~pl.any_horizontal(named).fill_null(False)))


def _first_question(found: FoundPerson) -> str:
    person, mine = found.person, found.mine
    lines = [
        f"要从总表删去 {person.class_name} {person.name}（学号 {person.number}）的全部资料吗？",
        personal.counted(mine.own),
    ]
    if mine.shared:
        lines.append(f"还要从几人合写的行里去掉：{personal.counted(mine.shared)}")
    if person.tracked:
        lines.append("注意：这名学生现在还在帮扶名单上。")
    if person.helps:
        lines.append(f"注意：这名学生正做 {person.helps} 名同学的学习帮手，删后要另派帮手。")
    return "\n".join(lines)


def _second_question(held: Sequence[Trace], *, backups: bool) -> str:
    kept = f"总表以外还有 {len(held)} 个文件里有或可能有这名学生，删完会列出来。" if held else ""
    also = "备份也一起删，以后不能从备份取回总表。" if backups else "旧备份里的要等到期才没有。"
    return f"再问一遍：删了不能撤销，要留底请先做“个人信息导出”。{kept}{also}确定删除吗？"


def _delete_backups(workbook: Path, known: set[Path], held: Sequence[Trace]) -> None:
    """The copies that name the student, and those of the deletion itself."""
    from xlbangfu.book.safety.backup import backups, remove

    named = {trace.path for trace in held}
    remove(workbook, [one.path for one in backups(workbook) if one.path not in known or one.path in named])


def _delete_old_copies(book: Book, call: Call, number: str) -> Outcome | None:
    """The backups that still have a student of whom the workbook has nothing any more. Raises BadArgument for none."""
    from xlbangfu.book.safety.backup import remove
    from xlbangfu.documents.person import traces

    workbook = book.path
    held = traces(workbook, (number,))
    copies = [trace.path for trace in held if trace.path.parent.name == BACKUP_FOLDER and trace.certain]
    if not copies:
        raise BadArgument(f"总表和备份里都没有学号“{number}”，什么也没有做；请照删除申请单核对。")

    asked = f"总表里已经没有学号 {number}，{len(copies)} 份备份里还有。要删去这些备份吗？"
    if not call.agrees(asked) or not call.agrees("再问一遍：删了的备份取不回来，确定删除吗？"):
        return None
    remove(workbook, copies)

    checked = read_checked(book, call, needs=())
    summary = f"删去了 {len(copies)} 份备份，总表里早已没有这名学生。"
    outcome = outcome_of("person_delete", checked, call, rows=0, sentence=summary)
    write(book, call, outcome, checked, {PROBLEMS: checked.sheet})
    gone = FoundPerson(checked.school, Person(number=number), Belongings({}, {}, [], []))
    return replace(outcome, details=tuple(_remaining_lines(workbook, gone, [one for one in held if one.path.exists()])))


def _remaining_lines(workbook: Path, found: FoundPerson, held: Sequence[Trace]) -> list[str]:
    """What still names the student: in the workbook, and in files beside it."""
    from xlbangfu.documents.person import parts_naming

    lines = []
    if found.mine.mentions:
        lines.append(f"别人的行里还写到这名学生或同名的人，请看一下要不要改：{listed(found.mine.mentions)}。")
    if PAIRINGS in found.mine.shared:
        lines.append(f"“结对”有 {found.mine.shared[PAIRINGS].height} 行没有了学习帮手，请另派或删去那几行。")
    if workbook.is_file() and (parts := parts_naming(workbook, (found.person.number,))):
        lines.append(
            f"磁盘上的总表里还有：总表正打开着就请保存；已经保存的，请刷新数据透视表、看看自己加的表（{listed(parts)}）。"
        )
    copies = [trace for trace in held if trace.path.parent.name == BACKUP_FOLDER]
    files = [trace for trace in held if trace.path.parent.name != BACKUP_FOLDER]
    for certain, advice in (
        (True, "这些文件里还有，请删去或重做"),
        (False, "这些文件打不开看，可能还有，请自己看一下"),
    ):
        if those := [_relative(trace.path, workbook) for trace in files if trace.certain is certain]:
            lines.append(f"{advice}：{listed(those)}。")
    if copies:
        days = found.school.settings.backup_days
        lines.append(
            f"{len(copies)} 份备份里还有（{listed([trace.path.name for trace in copies])}），满 {days} 天到期删去"
            "（之后要有几天照常使用总表）；现在就删：xlbangfu person 总表 学号 --delete --backups。"
        )
    return [*lines, "存到别的文件夹、拷走或寄走的文件，程序看不到；有这名学生的，也请删去。"]


def _relative(path: Path, workbook: Path) -> str:
    return str(path.relative_to(workbook.parent))
