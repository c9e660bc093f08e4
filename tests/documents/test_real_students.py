"""The whole job on real input: 395 students of two schools, from the files that staff have to class pages."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from tests.support.real_students import (
    EXAMS,
    FULL,
    MEAN_OF_G3,
    NOUGHTS_IN_G3,
    PASS,
    PASSES_IN_G3,
    SUBJECT,
    find_csv,
    read_students,
    write_files,
)
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.cli import main
from xlbangfu.schema import CLASS_FIGURES, PRIZES, RANKING, ROSTER, SCORES, SUBJECTS, TRACKED, YES

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A master with the school's 科目 and its files imported, students with failures behind them tracked, then run."""
    source = find_csv()
    folder = tmp_path_factory.mktemp("real")
    path = folder / "帮扶总表.xlsm"
    assert main(["new", str(path)]) == 0
    opened = ClosedBook(path)
    opened.append(
        SUBJECTS,
        pl.DataFrame(
            [{"科目": SUBJECT, "满分": FULL, "优秀线": 16, "及格线": PASS, "低分线": 1, "计入总分": YES}],
            schema_overrides=dict.fromkeys(("满分", "优秀线", "及格线", "低分线"), pl.Float64),
        ),
    )
    opened.save()
    main(["import", str(path), *map(str, write_files(source, folder).all)])
    failed = [s["学号"] for s in read_students(source) if int(s["failures"]) > 0]
    opened = ClosedBook(path)
    opened.amend(ROSTER, pl.DataFrame({"学号": failed}).with_columns(帮扶类别=pl.lit(TRACKED)))
    opened.save()
    assert main(["run", str(path), "--out", str(folder / "班级页")]) in (0, 1)
    return path


def whole_grade(book: Path, exam: str) -> dict[str, object]:
    figures = ClosedBook(book).read(CLASS_FIGURES)[CLASS_FIGURES]
    rows = figures.filter(pl.col("考试编号") == EXAMS[exam], pl.col("班级").is_null(), pl.col("科目") == SUBJECT)
    assert rows.height == 1
    return rows.row(0, named=True)


def test_the_known_figures_come_out(book: Path) -> None:
    row = whole_grade(book, "G3")

    assert row["实考"] == 395
    assert row["平均分"] == pytest.approx(MEAN_OF_G3, abs=0.0005)
    assert row["及格率"] == pytest.approx(PASSES_IN_G3 / 395)
    assert row["低分率"] == pytest.approx(NOUGHTS_IN_G3 / 395)  # the line is 1: noughts only


def test_every_student_and_mark_went_in_once_however_often_imported(book: Path, tmp_path: Path) -> None:
    before = ClosedBook(book).read(ROSTER, SCORES)
    assert (before[ROSTER].height, before[SCORES].height) == (395, 3 * 395)

    copy = tmp_path / book.name
    copy.write_bytes(book.read_bytes())
    main(["import", str(copy), *map(str, write_files(find_csv(), tmp_path).all)])

    after = ClosedBook(copy).read(ROSTER, SCORES)
    assert after[ROSTER].equals(before[ROSTER])
    assert after[SCORES].equals(before[SCORES])


def test_each_period_is_ranked_against_the_one_before(book: Path) -> None:
    ranking = ClosedBook(book).read(RANKING)[RANKING]

    baselines = ranking.group_by("考试编号").agg(pl.col("基线考试").drop_nulls().unique())
    assert {exam: found for exam, (*found,) in baselines.iter_rows()} == {
        EXAMS["G1"]: [],
        EXAMS["G2"]: [EXAMS["G1"]],
        EXAMS["G3"]: [EXAMS["G2"]],
    }
    moved = ranking.filter(pl.col("进退").is_not_null())
    assert moved.height == 2 * 395
    assert (moved["基线名次"] - moved["年级名次"] == moved["进退"]).all()


def test_prizes_go_to_those_who_moved_up(book: Path) -> None:
    prizes = ClosedBook(book).read(PRIZES)[PRIZES]

    won = prizes.filter(pl.col("奖项").str.ends_with("等奖"))
    assert won.height > 0
    assert (won["进步名次"] > 0).all()
    assert (prizes.filter(pl.col("进步名次") <= 0)["奖项"] == "不评").all()


def test_each_class_has_its_page(book: Path) -> None:
    classes = {s["班级"] for s in read_students(find_csv())}

    pages = {path.name.split("_")[0] for path in (book.parent / "班级页").glob("*_*.xlsx")}
    assert pages == classes


def test_the_answer_for_machines_counts_what_was_done(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["refresh", str(book), "--json"])

    answer = json.loads(capsys.readouterr().out)
    assert answer["action"] == "refresh"
    assert answer["rows"] > 3 * 395
    assert answer["exit_code"] == (1 if answer["errors"] else 0)
