"""The command line as staff and machines meet it."""

from __future__ import annotations

import json
import re
import shlex
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from xlbangfu import cli, sample
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.book.safety import atomic_save
from xlbangfu.book.safety.backup import backups
from xlbangfu.cli import main
from xlbangfu.cli.commands import Command, commands
from xlbangfu.declarations import Option
from xlbangfu.errors import messages
from xlbangfu.schema import LAYOUT, LOG, RUNS, TABLES

COMMANDS = re.findall(r"^    ([a-z-]+) {2,}\S", cli.parser().format_help(), flags=re.M)


@pytest.fixture(autouse=True)
def _failures_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(problem: BaseException) -> Path:
        raise problem  # the exception that the command line is about to hide

    monkeypatch.setattr(messages, "log", fail)


@pytest.fixture(scope="module")
def sample_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cli") / "总表.xlsm"
    assert main(["new", str(path), "--sample", "--students", "60", "--classes", "3", "--logs", "30"]) == 0
    return path


@pytest.fixture
def book(sample_book: Path, tmp_path: Path) -> Path:
    copy = tmp_path / sample_book.name
    copy.write_bytes(sample_book.read_bytes())
    return copy


def but_the_runs(book: Path) -> dict[str, list[dict[str, object]]]:
    """The records of every sheet but 运行记录."""
    return {
        table.name: frame.to_dicts()
        for table, frame in ClosedBook(book).read(*TABLES).items()
        if table not in (RUNS, LAYOUT)
    }


def runs(book: Path) -> list[str]:
    return ClosedBook(book).read(RUNS)[RUNS]["操作"].to_list()


def refused(*arguments: object, capsys: pytest.CaptureFixture[str]) -> str:
    """The one Chinese sentence with which the command refuses."""
    try:
        code = main([str(argument) for argument in arguments])
    except SystemExit as exit:
        code = int(exit.code or 0)
    said = capsys.readouterr().err
    assert code == 2
    assert said.count("\n") == 1
    assert re.search("[一-鿿]", said)
    return said


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_in_chinese(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit:
        main([command, "--help"])

    assert exit.value.code == 0
    said = capsys.readouterr().out
    assert "用法：" in said
    assert not re.search("usage|positional|options:|show this", said)


@pytest.mark.parametrize(
    "arguments",
    [
        ["new"],
        ["fly"],
        ["person", "a.xlsm"],
        ["person", "a.xlsm", "1", "--delete", "--expired"],
        ["new", "a.xlsm", "--students", "many"],
        ["new", "a.xlsm", "--host", "gnumeric"],
    ],
)
def test_a_wrong_call_is_one_chinese_sentence(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert "--help" in refused(*arguments, capsys=capsys)


OPEN_WORDS = [
    (command, word)
    for command in commands().values()
    for word in command.options
    if not word.flag.startswith("-") and not word.required
]


@pytest.mark.parametrize(("command", "word"), OPEN_WORDS, ids=lambda one: getattr(one, "name", None) or one.flag)
def test_a_word_that_may_be_left_out_may_stand_before_or_after_what_is_typed_with_it(
    command: Command, word: Option[Any]
) -> None:
    book = ["总表.xlsm"] if command.on_book else []
    typed = ["--json", *next(([one.flag] for one in command.one_of if one.default is False), [])]
    valued = (one for one in command.options if one.flag.startswith("-") and one.default == "" and not one.choices)
    typed += next(([one.flag, "甲"] for one in valued), [])
    before, after, left_out = (
        vars(cli.parser().parse_args([command.name, *words]))
        for words in ([*book, "1", *typed], [*typed, *book, "1"], [*book, *typed])
    )
    between = vars(cli.parser().parse_args([command.name, *book, *typed, "1"]))

    for one in (before, after, between, left_out):
        one.pop("command")  # made anew each time
    assert before == after == between
    assert before.pop(word.key) and left_out.pop(word.key) == word.default
    assert before == left_out


@pytest.mark.parametrize(("typed", "meant"), [("vaildate", "validate"), ("一键完成", "run"), ("采纳排查", "screen")])
def test_a_command_that_there_is_not_brings_the_nearest(
    typed: str, meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert f"没有“{typed}”这个命令，是不是“{meant}”" in refused(typed, "a.xlsm", capsys=capsys)


def test_by_itself_it_lists_every_command_once_by_what_it_is_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    listed = re.findall(r"^    ([a-z-]+) {2,}\S", capsys.readouterr().out, flags=re.M)
    assert listed == list(commands())
    assert len(listed) == len(set(listed))
    assert set(cli.parser().meanings.values()) == set(listed)


def test_without_a_folder_the_pages_go_beside_the_workbook(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pages", str(book)]) == 0
    assert len(list((book.parent / "班级页").glob("*_*.xlsx"))) == 3
    assert str(book.parent / "班级页") in capsys.readouterr().out


def test_where_no_one_answers_a_question_it_says_how_to_answer(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", str(book)]) == 0
    before = book.read_bytes()

    assert main(["undo", str(book)]) == 1
    said = capsys.readouterr()
    assert "--yes" in said.out
    assert "“校验”" in said.err, "what would be done can be read before --yes is added"
    assert book.read_bytes() == before


def test_a_master_that_was_renamed_is_told_the_name_its_copies_have(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["validate", str(book)]) == 0
    renamed = book.rename(book.with_name("总表（新）.xlsm"))
    capsys.readouterr()

    assert main(["restore", str(renamed)]) == 0
    assert f"写原来的名字，如 {book.name}" in capsys.readouterr().out
    assert main(["restore", str(book), "--take", "1"]) == 0
    assert book.exists()


def test_a_new_master_never_replaces_a_file(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = book.read_bytes()

    assert "已经有了" in refused("new", book, capsys=capsys)
    assert book.read_bytes() == before


def test_a_new_master_must_be_able_to_hold_buttons(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "帮扶.xlsm" in refused("new", tmp_path / "帮扶.xlsx", capsys=capsys)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("option", [["--students", "0"], ["--classes", "61", "--students", "60"], ["--exams", "-1"]])
def test_impossible_schools_are_refused(option: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refused("new", tmp_path / "总表.xlsm", "--sample", *option, capsys=capsys)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["validate", "refresh"])
def test_a_sound_school_ends_with_zero_and_a_next_step(
    command: str, book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, str(book)]) == 0
    assert "下一步：" in capsys.readouterr().out


def test_errors_in_the_data_end_with_one(tmp_path: Path) -> None:
    path = tmp_path / "总表.xlsm"
    main(["new", str(path), "--with-problems", "--students", "120", "--classes", "6", "--logs", "60"])

    assert main(["validate", str(path)]) == 1


def test_machines_get_one_json_object(book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(book), "--out", str(tmp_path / "页"), "--json"]) == 0

    answer = json.loads(capsys.readouterr().out)
    assert answer["action"] == "run"
    assert answer["errors"] == 0
    *pages, index, note = (Path(file).name for file in answer["files"])
    assert len(pages) == 3
    assert (index, note) == ("目录.xlsx", "群通知.txt")
    assert all(Path(file).is_file() for file in answer["files"])


def test_machines_get_refusals_as_json_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", str(tmp_path / "没有.xlsm"), "--json"]) == 2
    answer = json.loads(capsys.readouterr().out)
    assert answer["exit_code"] == 2
    assert "没有.xlsm" in answer["error"]


def test_backups_are_listed_with_what_each_action_changed_and_one_is_taken_back(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = but_the_runs(book)
    main(["refresh", str(book)])
    after = but_the_runs(book)
    capsys.readouterr()

    assert main(["restore", str(book)]) == 0
    listed = capsys.readouterr().out
    assert "“刷新排名”之前的总表" in listed
    assert "排名 " in listed and "运行记录 0→1 行" in listed

    assert main(["restore", str(book), "--take", "1"]) == 0
    assert but_the_runs(book) == before
    assert runs(book) == ["取回备份"]
    assert len(backups(book)) == 2  # that a copy was taken back is noted without another one
    assert main(["restore", str(book), "--take", "1"]) == 0
    assert but_the_runs(book) == after
    assert runs(book) == ["刷新排名", "取回备份"]


def test_what_is_strange_in_the_folder_of_copies_is_named_and_stops_nothing(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = but_the_runs(book)
    folder = book.parent / "备份"
    folder.mkdir()
    impossible = folder / f"{book.stem}_20251399-120000_刷新{book.suffix}"
    impossible.write_bytes(b"x")
    (folder / f"{book.stem}.备份记录.jsonl").write_text('{"file": 7, "changes": {}}', encoding="utf-8")

    assert main(["validate", str(book)]) == 0
    capsys.readouterr()

    assert main(["restore", str(book)]) == 0
    listed = capsys.readouterr().out
    assert impossible.name in listed and "第 1 行" in listed
    assert main(["undo", str(book), "--yes"]) == 0
    assert but_the_runs(book) == before


def test_the_first_copy_is_never_what_the_workbook_is_already(
    book: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = but_the_runs(book)
    main(["validate", str(book)])

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(atomic_save, "put_in_place", killed)
        main(["refresh", str(book)])
    capsys.readouterr()

    assert main(["restore", str(book)]) == 0
    assert "刷新排名" not in capsys.readouterr().out
    assert main(["restore", str(book), "--take", "1"]) == 0
    assert but_the_runs(book) == before


def test_somebodys_other_workbook_is_no_master(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "工资.xlsx"
    workbook = openpyxl.Workbook()
    workbook.save(other)
    before = other.read_bytes()

    for command in (["validate"], ["plan", "--yes"], ["pair", "--accept"], ["person", "1", "--delete"]):
        arguments = [command[0], other, *command[1:]]
        assert "“工资.xlsx”不是帮扶总表" in refused(*arguments, capsys=capsys)
    assert other.read_bytes() == before
    assert list(tmp_path.iterdir()) == [other]


def test_a_wrong_call_is_one_json_object_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    for wrong in (["validate", "--json"], ["restore", "甲.xlsm", "--take", "一", "--json"], ["跳舞", "--json"]):
        with pytest.raises(SystemExit) as exit:
            main(wrong)
        told = capsys.readouterr()
        assert (exit.value.code, told.err) == (2, "")
        assert json.loads(told.out)["exit_code"] == 2


def test_a_backup_that_is_not_there_is_refused(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "没有第 3 份" in refused("restore", book, "--take", 3, capsys=capsys)


def test_an_import_can_be_looked_at_first(book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "班级.csv"
    file.write_text("班级,年级,班主任\n初三9班,初三,\n", encoding="gb18030")
    before = book.read_bytes()

    main(["import", str(book), str(file), "--dry-run"])

    said = capsys.readouterr().out
    assert "新增 1 行" in said and "没有写入" in said
    assert book.read_bytes() == before


def test_the_demo_makes_all_that_a_term_makes_says_where_it_lies_and_what_came_back_can_be_collected(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    small = partial(sample.make, students=90, classes=6, logs=60, with_awards=True)
    monkeypatch.setattr(sample, "make_example", small)
    folder = tmp_path / "演示"

    assert main(["demo", str(folder)]) == 0

    said = capsys.readouterr().out
    opened = [Path(name) for name in re.findall("打开“(.+?)”", said)]
    assert [path.suffix for path in opened] == [".xlsm", ".xlsx"]
    assert all(path.is_file() for path in opened)
    there = {path.name for path in folder.iterdir() if path.is_dir()}
    assert there == {name for name in there if f"“{name}”" in said} > {"班级页", "帮扶页", "文书", "家长信", "上报"}
    (papers,) = re.findall("Word 文书：(.+?)；", said)
    made = [path.name for path in (folder / "文书").glob("*.docx")]
    assert all(any(name in path for path in made) for name in papers.split("、"))

    (collect,) = re.findall("xlbangfu (collect .+)", said)
    before = ClosedBook(opened[0]).read(LOG)[LOG].height
    assert main(shlex.split(collect)) == 0
    assert "没动" not in capsys.readouterr().out
    assert ClosedBook(opened[0]).read(LOG)[LOG].height == before + 6


def test_several_papers_are_made_by_one_command(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["paper", str(book), "--month", "2026-06", "月报", "计划", "案例"]) == 0

    said = capsys.readouterr().out
    assert "2 份文书" in said and "没有做案例" in said
    assert len([*(book.parent / "文书").glob("*.docx")]) == 2
    assert runs(book).count("文书") == 1


def test_templates_are_said_to_be_where_they_are(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["paper", str(book), "--templates"]) == 0

    (place,) = re.findall("放在：(.+)", capsys.readouterr().out)
    assert list(Path(place).glob("*.docx"))


def test_a_wrong_call_with_json_is_one_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["import", "总表.xlsm", "--json"], ["validate", "总表.xlsm", "--json", "--dance"]):
        with pytest.raises(SystemExit) as stopped:
            main(arguments)
        told = capsys.readouterr()
        assert stopped.value.code == 2
        assert json.loads(told.out)["exit_code"] == 2
        assert told.err == ""
