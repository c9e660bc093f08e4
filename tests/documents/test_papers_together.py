"""文书, several at a time: each as it would be alone, what cannot be made keeps no other from being made, and is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.fake_book import FakeBook
from xlbangfu import actions, sample
from xlbangfu.actions import Call, Outcome
from xlbangfu.actions.paper_choice import chosen_papers, wanted_papers
from xlbangfu.catalog import ALL_PAPERS, BY_NAME, PAPER, PAPERS
from xlbangfu.documents.papers.blocks import para
from xlbangfu.documents.papers.paper_list import PAPERS as LISTED
from xlbangfu.documents.papers.paper_styles import OFFICIAL
from xlbangfu.documents.papers.template_file import template_file
from xlbangfu.errors import BadArgument, TemplateUnfit
from xlbangfu.schema import RUNS, SEPARATOR, Kind

MADE = datetime(2026, 6, 30, 9)
NOTHING_TO_SAY = ("奖状", "案例")  # of this school: no honours yet, nobody has left the list
TITLES = {one.name: one.title for one in LISTED}


@cache
def _frames() -> dict[Any, pl.DataFrame]:
    return dict(sample.make(students=60, classes=3, exams=2, logs=40).frames)


@pytest.fixture
def book(tmp_path: Path) -> FakeBook:
    made = FakeBook().at(tmp_path)
    for table, frame in _frames().items():
        if table.kind is not Kind.OUTPUT:
            made.append(table, frame)
    made.save()
    made.saves = 0
    return made


def write(book: FakeBook, *names: str, answer: str | None = None, out: Path | None = None) -> Outcome:
    asks = {"asks": lambda _: answer} if answer is not None else {}
    call = Call(user="王老师", now=MADE, options={PAPER: names}, out=out, **asks)
    outcome = actions.perform("paper", book, call)
    assert outcome is not None
    return outcome


def put_template(book: FakeBook, name: str, text: str) -> None:
    folder = book.path.parent / "文书模板"
    folder.mkdir(exist_ok=True)
    (folder / f"{TITLES[name]}.docx").write_bytes(template_file(TITLES[name], (para(text),), OFFICIAL, made=MADE))


def names_of(files: Iterator[Path] | tuple[Path, ...]) -> set[str]:
    return {path.name.partition("_")[0] for path in files}


def test_papers_made_together_are_those_made_one_by_one(book: FakeBook, tmp_path: Path) -> None:
    some = ("计划", "简报", "月报", "检查目录")  # by marks and not
    alone = [write(book, name, out=tmp_path / "一份一份") for name in some]
    together = write(book, *reversed(some), out=tmp_path / "一次")

    made = {path.name: path.read_bytes() for path in together.files}
    assert {path.name: path.read_bytes() for one in alone for path in one.files} == made
    assert names_of(together.files) == {TITLES[name] for name in some}


def test_all_of_them_are_asked_for_by_one_word(book: FakeBook) -> None:
    made = write(book, ALL_PAPERS)

    assert names_of(made.files) == {TITLES[name] for name in PAPERS if name not in NOTHING_TO_SAY}
    assert f"{len(made.files)} 份" in made.sentence and made.rows == len(made.files)


def test_they_are_one_reading_one_save_and_one_row_of_the_ledger_with_the_hash_of_each(book: FakeBook) -> None:
    outcome = write(book, "月报", "计划")

    assert book.saves == 1
    (row,) = book.read(RUNS)[RUNS].tail(1).iter_rows(named=True)
    assert (row["操作"], row["行数"]) == (BY_NAME["paper"].label, 2)
    assert [code.partition(":")[0] for code in row["校验码"].split(SEPARATOR)] == [one.name for one in outcome.files]


def test_what_has_nothing_to_say_costs_a_sentence_and_no_other_paper(book: FakeBook) -> None:
    outcome = write(book, "奖状", "计划", "案例", "月报")

    assert names_of(outcome.files) == {TITLES["计划"], TITLES["月报"]}
    assert [line.partition("：")[0] for line in outcome.details] == [f"没有做{name}" for name in NOTHING_TO_SAY]
    assert outcome.sentence.startswith("2 份文书") and "计划、月报：没有学生姓名，可以报送" in outcome.sentence
    assert outcome.exit_code == 0


def test_where_none_has_anything_to_say_no_file_and_no_folder_is_made(book: FakeBook, tmp_path: Path) -> None:
    outcome = write(book, *NOTHING_TO_SAY)

    assert (outcome.files, outcome.rows) == ((), 0)
    assert all(f"没有做{name}" in outcome.sentence for name in NOTHING_TO_SAY)
    assert not (tmp_path / "文书").exists()
    assert book.read(RUNS)[RUNS]["行数"][-1] == 0


def test_a_template_that_cannot_be_filled_in_keeps_no_other_paper_from_being_made_and_is_told(book: FakeBook) -> None:
    put_template(book, "计划", "{{ 不认识 }}")
    outcome = write(book, "计划", "月报")

    assert names_of(outcome.files) == {TITLES["月报"]}
    assert outcome.exit_code == 1
    assert [line for line in outcome.details if "没有做计划" in line and "没有“不认识”这一项" in line]


def test_where_templates_are_why_there_is_no_paper_at_all_nothing_is_written(book: FakeBook, tmp_path: Path) -> None:
    put_template(book, "计划", "{{ 不认识 }}")
    put_template(book, "月报", "{% if %}")

    with pytest.raises(TemplateUnfit, match="不认识"):
        write(book, "计划", "月报")
    assert book.saves == 0 and not (tmp_path / "文书").exists()


def test_the_inspection_list_counts_the_papers_made_with_it(book: FakeBook) -> None:
    among = write(book, "检查目录", "计划", "月报").files[-1].read_bytes()
    again = write(book, "检查目录").files[0].read_bytes()

    assert among == again


WORDS = st.lists(st.sampled_from(range(len(LISTED))), min_size=1, max_size=10)
FORMS = st.lists(st.sampled_from(("number", "name", "title")), min_size=10, max_size=10)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(WORDS, FORMS, st.sampled_from(["、", " ", "，", ",", " 、 ", "；", "\n", "　"]))
def test_numbers_names_and_titles_are_understood_however_they_are_parted(
    wanted: list[int], forms: list[str], between: str
) -> None:
    said = {"number": lambda at: str(at + 1), "name": lambda at: LISTED[at].name, "title": lambda at: LISTED[at].title}
    words = [said[form](at) for at, form in zip(wanted, forms, strict=False)]
    answered = Call(user="", now=MADE, asks=lambda _: f" {between.join(words)}{between}")
    typed = Call(user="", now=MADE, options={PAPER: tuple(words)})

    asked_for = tuple(LISTED[at] for at in sorted(set(wanted)))
    assert chosen_papers(wanted_papers(answered)) == chosen_papers(wanted_papers(typed)) == asked_for
    assert chosen_papers((*words, ALL_PAPERS)) == LISTED


@pytest.mark.parametrize("words", [("计划", "9"), ("简报单",), ("模板", "计划"), ("0",), (ALL_PAPERS, "全校")])
def test_a_word_that_means_no_paper_stops_all_before_anything_is_read(book: FakeBook, words: tuple[str, ...]) -> None:
    with pytest.raises(BadArgument):
        write(book, *words)
    assert book.saves == 0


def test_the_question_names_every_paper_by_its_number_and_the_two_other_answers() -> None:
    asked: list[str] = []
    wanted_papers(Call(user="", now=MADE, asks=lambda question: asked.append(question) or ""))

    (question,) = asked
    assert all(f"\n{number} {name}\n" in question for number, name in enumerate(PAPERS, 1))
    assert ALL_PAPERS in question and "模板" in question
