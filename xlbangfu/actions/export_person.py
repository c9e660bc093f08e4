"""个人信息导出: every row that is one student's, as a workbook of its own."""

from __future__ import annotations

import hashlib

import polars as pl

from xlbangfu.actions.call import Call, Outcome
from xlbangfu.actions.checked_school import read_checked
from xlbangfu.actions.find_person import ASKED, FoundPerson, find_person, listed
from xlbangfu.actions.reporting import codes_of, outcome_of, write
from xlbangfu.book.port import Book
from xlbangfu.rules import personal
from xlbangfu.rules.personal import Belongings
from xlbangfu.schema import RUNS


def person_export(book: Book, call: Call) -> Outcome:
    """个人信息导出: every row that is the student's, others blacked out, as one workbook."""
    from xlbangfu.documents.person import as_bytes, file_name
    from xlbangfu.documents.staging import disk_errors_explained, stage

    found = find_person(book, call, call.asks(ASKED))
    checked, out = read_checked(book, call, marks=False), call.folder(book, "person_export")

    person = found.person
    runs = _runs_of(found)
    data = as_bytes(found.school, person, found.mine, runs, call.now)
    with stage(out, label="个人信息") as beside:
        with disk_errors_explained(out):
            path = beside.put(file_name(person, call.today), data)
        outcome = outcome_of(
            "person_export",
            checked,
            call,
            rows=found.mine.rows,
            sentence=f"学号 {person.number} 的资料 {found.mine.rows} 行导到“{path.name}”，交给本人或监护人后请删去这份文件。",
            files=(path,),
            details=tuple(_doubts(found.mine)),
        )
        codes = codes_of([("个人信息", hashlib.sha256(data).hexdigest())])
        return write(book, call, outcome, checked, {}, codes=codes, stage=beside)


def _runs_of(found: FoundPerson) -> pl.DataFrame:
    """The rows of 运行记录 that speak of the student, with the time, what was done and by whom only."""
    named = pl.col("说明").str.contains(personal.token(found.person.number)).fill_null(False)
    return found.school[RUNS].filter(named).select("时间", "操作", "操作人")


def _doubts(mine: Belongings) -> list[str]:
    if not mine.doubtful:
        return []
    return [f"{listed(mine.doubtful)}写的学号和姓名对不上，没有导出；请改好再导一次。"]
