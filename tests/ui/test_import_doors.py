"""An import asks the same at every door: 导入核对, a terminal, a file of answers; what was answered is kept, and forgotten."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from tests.documents.importing.school import STUDENTS
from xlbangfu import actions
from xlbangfu.actions import Call, import_files
from xlbangfu.book import template
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.cli import importing
from xlbangfu.cli.main import main
from xlbangfu.schema import EXAMS, MEMORY, PROBLEMS, REVIEW, SCORES, Table

NOW = datetime(2026, 11, 28, 9, 0)
MARKS = [f"{number},{name},{60 + n},{'病假' if n == 1 else 80 + n}" for n, (number, name, _) in enumerate(STUDENTS[:5])]
TABLE = ["学号,姓名,语文(120),数学(120)", *MARKS]


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A new workbook with a roster."""
    path = tmp_path / "帮扶总表.xlsm"
    template.build(path, host="excel", created=NOW)
    roster = tmp_path / "名册.csv"
    roster.write_text("\n".join(["学号,姓名,班级", *(",".join(row) for row in STUDENTS)]), encoding="utf-8")
    run_import(path, roster)
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with one word that is not known, and without a date."""
    return written(tmp_path / "期中.csv", TABLE)


def written(path: Path, lines: list[str]) -> Path:
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def run_import(book: Path, *files: Path) -> actions.Outcome:
    """The import as a click does it, with a yes."""
    call = Call(user="教务处", now=NOW, agrees=lambda _: True, files=files)
    outcome = actions.perform("import", ClosedBook(book, action="import"), call)
    assert outcome is not None
    return outcome


def rows(book: Path, table: Table) -> pl.DataFrame:
    return ClosedBook(book).read(table)[table]


def kinds(book: Path) -> list[tuple[str, str]]:
    return rows(book, REVIEW).select("种类", "列或词").rows()


def reply(book: Path, about: str, answer: str) -> None:
    """Staff choose an answer in 导入核对."""
    opened = ClosedBook(book)
    mine = opened.read(REVIEW)[REVIEW].filter(pl.col("列或词") == about)
    opened.amend(REVIEW, mine.select(*REVIEW.keys, pl.lit(answer).alias("您的回答")))
    opened.save()


def mark(book: Path, number: str, subject: str) -> object:
    row = rows(book, SCORES).filter(pl.col("学号") == number)
    return row.select(pl.coalesce(f"{subject}·状态", pl.col(subject).cast(pl.String))).item()


def test_what_is_certain_goes_in_and_each_question_is_a_row_with_its_choices(book, file):
    outcome = run_import(book, file)

    assert outcome.exit_code == 1
    assert "导入核对" in outcome.sentence
    assert kinds(book) == [("要回答", "病假"), ("要回答", "2026上期中")]
    asked = rows(book, REVIEW).row(0, named=True)
    assert (asked["文件"], asked["选项1"], asked["选项2"]) == ("期中.csv", "缺考", "免考")
    assert mark(book, "260102", "数学") is None
    assert mark(book, "260101", "数学") == "80.0"
    assert rows(book, EXAMS)["日期"].to_list() == [None]


def test_with_the_answers_the_import_goes_on_and_the_answer_is_kept_for_next_month(book, file, tmp_path):
    run_import(book, file)
    reply(book, "病假", "缺考")
    reply(book, "2026上期中", "2026-11-10")

    run_import(book, file)

    assert mark(book, "260102", "数学") == "缺考"
    assert [str(day) for day in rows(book, EXAMS)["日期"]] == ["2026-11-10"]
    assert rows(book, MEMORY).select("提问", "列或词", "回答").rows() == [("这个词是什么意思", "病假", "缺考")]
    assert {kind for kind, _ in kinds(book)} == {"已回答"}

    later = run_import(book, written(tmp_path / "期末（2027年1月9日）.csv", TABLE))
    assert ("按记忆", "病假") in kinds(book)
    assert any("按以前的回答决定了 1 处：病假→缺考" in line for line in later.details)


def test_a_row_deleted_from_the_memory_is_forgotten(book, file, tmp_path):
    run_import(book, file)
    reply(book, "病假", "缺考")
    run_import(book, file)
    opened = ClosedBook(book)
    opened.delete(MEMORY, opened.read(MEMORY)[MEMORY].select(MEMORY.keys))
    opened.save()

    run_import(book, written(tmp_path / "期末.csv", TABLE))

    assert ("要回答", "病假") in kinds(book)


def test_another_answer_goes_before_what_memory_says_and_replaces_it(book, file, tmp_path):
    run_import(book, file)
    reply(book, "病假", "缺考")
    run_import(book, file)
    later = written(tmp_path / "期末（2027年1月9日）.csv", TABLE)
    opened = ClosedBook(book)
    plan = import_files.plan_import(opened, Call(user="", now=NOW), [later])
    question, _ = plan.answers.recalled[0]

    changed = import_files.plan_import(opened, Call(user="", now=NOW), [later], answers={question.id: "未录"})
    import_files.import_files(opened, Call(user="", now=NOW), changed, files=[later])

    assert rows(book, MEMORY)["回答"].to_list() == ["未录"]


def test_taking_an_import_back_takes_back_what_it_learned(book, file):
    run_import(book, file)
    reply(book, "病假", "缺考")
    run_import(book, file)
    assert rows(book, MEMORY).height == 1

    call = Call(user="教务处", now=NOW, agrees=lambda _: True)
    actions.perform("undo", ClosedBook(book, action="undo"), call)

    assert rows(book, MEMORY).height == 0
    assert mark(book, "260102", "数学") is None


def test_what_cannot_be_used_stands_in_导入核对_with_its_cell_and_goes_away_when_it_is_mended(book, tmp_path):
    bad = ["学号,姓名,语文(120)", "260101,程一,60", "260102,杜二,999", "999999,无名,50"]
    file = written(tmp_path / "期中（2026年11月10日）.csv", bad)

    outcome = run_import(book, file)

    found = rows(book, REVIEW).filter(pl.col("种类") == "错误")
    assert found.select("文件", "单元格", "姓名").rows() == [(file.name, "C3", "杜二"), (file.name, "第 4 行", "无名")]
    assert rows(book, PROBLEMS).filter(pl.col("编号") == "导入").height == 0
    assert outcome.exit_code == 1
    assert "导入核对" not in outcome.next_step

    written(file, [*bad[:2], "260102,杜二,99"])
    assert run_import(book, file).rows == 1
    assert kinds(book) == []


def test_an_error_that_staff_have_seen_is_not_listed_again(book, tmp_path):
    file = written(tmp_path / "期中（2026年11月10日）.csv", ["学号,姓名,语文(120)", "260101,程一,60", "999999,无名,50"])
    run_import(book, file)
    reply(book, "学号", "知道了")

    run_import(book, file)

    assert kinds(book) == []


def test_questions_of_another_file_stay_open(book, file, tmp_path):
    run_import(book, file)

    run_import(book, written(tmp_path / "月考（2026年10月9日）.csv", ["学号,姓名,语文", "260101,程一,60"]))

    assert ("要回答", "病假") in kinds(book)


def test_machines_get_the_questions_and_give_the_answers(book, file, tmp_path, capsys):
    assert main(["import", str(book), str(file), "--json", "--dry-run"]) == 1
    asked = json.loads(capsys.readouterr().out)["questions"]
    assert [(one["kind"], one["about"]) for one in asked] == [("WORD", "病假"), ("DAY", "2026上期中")]

    answers = tmp_path / "答案.json"
    answers.write_text(json.dumps({asked[0]["id"]: "缺考", asked[1]["id"]: "2026-11-10"}), encoding="utf-8")
    main(["import", str(book), str(file), "--json", "--answers", str(answers)])
    facts = json.loads(capsys.readouterr().out)

    assert facts["questions"] == []
    assert mark(book, "260102", "数学") == "缺考"


def test_at_a_terminal_the_questions_are_put_one_by_one(book, file, monkeypatch, capsys):
    replies = iter(["1", "2026-11-10"])
    monkeypatch.setattr(importing, "can_be_asked", lambda _: True)
    monkeypatch.setattr("builtins.input", lambda _: next(replies))

    main(["import", str(book), str(file)])

    assert "1. 缺考" in capsys.readouterr().out
    assert mark(book, "260102", "数学") == "缺考"
    assert next(replies, None) is None


@pytest.mark.parametrize("content", ["", "[]", '{"a": 1}'])
def test_a_file_of_answers_that_is_none_is_refused_in_a_sentence(book, file, tmp_path, capsys, content):
    answers = written(tmp_path / "答案.json", [content])

    assert main(["import", str(book), str(file), "--answers", str(answers)]) == 2
    assert "JSON" in capsys.readouterr().err
