"""The county: as many figures as a plain computation gives, however the files were read, and no file that stops it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pandas as pd
import polars as pl
import pytest
from msgspec.structs import replace
from python_calamine import CalamineWorkbook

from tests.support.layers import layers
from tests.support.mail_school import set_up
from tests.support.mixed_county import computed, differences, plain_rows, shown
from tests.support.planted_modules import BESIDE, imported, plant
from xlbangfu import sample
from xlbangfu.book import template
from xlbangfu.cli import main
from xlbangfu.county import file_reading, gathering, scheduling
from xlbangfu.county.expected_schools import expected_schools
from xlbangfu.county.file_reading import FileRead
from xlbangfu.county.gathering import found_files, gather
from xlbangfu.county.made_county import TERMS, made_return, write_county
from xlbangfu.county.rollup import RolledUp, Rollup, roll_up
from xlbangfu.county.scheduling import scheduler
from xlbangfu.documents.bureau_return import as_bytes
from xlbangfu.errors import BadArgument, Stopped
from xlbangfu.rules.indicators import WHOLE
from xlbangfu.schema import CLASSES, ROSTER
from xlbangfu.window import workbook_jobs

TERM, DAY = TERMS[1]
SCHOOLS = 34


def quiet(text: str, share: float) -> None:
    pass


def rolled(folder: Path, out: Path, **more: Any) -> RolledUp:
    wanted = Rollup(folders=(folder,), out=out, **({"keep": out.parent / "已读", "workers": 1} | more))
    return roll_up(wanted, quiet)


def sheet(book: Path, name: str) -> list[list[Any]]:
    return CalamineWorkbook.from_path(book).get_sheet_by_name(name).to_python()


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small school's own workbook, as a 集团校 hands them in."""
    path = tmp_path_factory.mktemp("master") / "集团总表.xlsm"
    school = sample.make(students=60, classes=2, exams=2, logs=30)
    template.build(path, frames=school.frames, created=DAY_TIME)
    set_up(path, 学校代码="7700000001", 学校名称="集团校一")
    return path


DAY_TIME = made_return(0).made


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, master: Path) -> Path:
    """Returns of two terms, a master, and what comes with them."""
    folder = tmp_path_factory.mktemp("county") / "收到的"
    write_county(folder, SCHOOLS)
    place = folder / TERM
    shutil.copy(master, place)
    (place / "说明.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    (place / "~$上报.xlsx").write_bytes(b"lock")
    made = made_return(500)
    too_many = pl.when(编号="B2", 群体=WHOLE).then(100_000).otherwise("分子")
    part = made.figures.with_columns(分子=too_many.cast(pl.Int64))
    (place / "矛盾.xlsx").write_bytes(as_bytes(replace(made, figures=part)))
    return folder


@pytest.fixture(scope="module")
def out(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("out") / "汇总.xlsx"
    lines = ["学校代码,学校名称", "9900000001,东河小学1", "8800000001,没有交的学校"]
    (path.parent / "名单.csv").write_text("\n".join(lines), encoding="gb18030")
    rolled(folder, path, expected=path.parent / "名单.csv", due=DAY)
    return path


def test_every_figure_is_that_of_one_plain_computation(folder: Path, out: Path, tmp_path: Path) -> None:
    plain = computed(plain_rows(folder, tmp_path))

    assert differences(plain, shown(out)) == []
    assert len(plain.schools) == SCHOOLS + 2 - 1  # the damaged one did not send another


def test_a_row_a_school_by_its_code_and_none_is_placed(out: Path) -> None:
    rows = sheet(out, "各校")
    codes = [row[0] for row in rows[4:]]

    assert codes == sorted(codes)
    assert {"7700000001", "9900000001"} <= set(codes)
    assert not any("名次" in str(cell) for cell in rows[2] + rows[3])


def test_what_is_to_be_asked_is_listed_with_the_file(out: Path) -> None:
    asked = [(kind, code, file.rsplit("/")[-1]) for kind, code, _, _, file in sheet(out, "要过问的")[3:]]
    kinds = {kind for kind, *_ in asked}

    assert kinds >= {"不能用的文件", "没有交", "晚交", "旧版本", "数有矛盾", "交了两份", "总表有错误"}
    assert ("没有交", "8800000001", "") in asked
    assert ("不能用的文件", "", "说明.xlsx") in asked
    assert any(code == "9900000501" and kind == "数有矛盾" for kind, code, _ in asked)
    assert next(kind for kind, *_ in asked) == "不能用的文件"


def test_a_return_that_was_changed_by_hand_is_seen(tmp_path: Path) -> None:
    import openpyxl

    (tmp_path / "来").mkdir()
    path = tmp_path / "来" / "改过.xlsx"
    path.write_bytes(as_bytes(made_return(3)))
    book = openpyxl.load_workbook(path)
    cell = next(row[3] for row in book["机读"].iter_rows() if row[0].value == "K1" and row[2].value == WHOLE)
    cell.value += 1
    book.save(path)
    rolled(tmp_path / "来", tmp_path / "汇总.xlsx")

    assert "改动过" in [row[0] for row in sheet(tmp_path / "汇总.xlsx", "要过问的")]


def test_one_that_a_spreadsheet_program_saved_again_is_not(tmp_path: Path) -> None:
    import openpyxl

    path = tmp_path / "存过.xlsx"
    path.write_bytes(as_bytes(made_return(3)))
    openpyxl.load_workbook(path).save(path)

    assert not file_reading.read_file(path, tmp_path / "已读").altered


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The names of the files that were really opened."""
    names: list[str] = []
    real = file_reading._read

    def counted(path: Path, *rest: Any) -> FileRead:
        names.append(path.name)
        return real(path, *rest)

    monkeypatch.setattr(file_reading, "_read", counted)
    yield names


def test_the_second_run_reads_only_what_changed(tmp_path: Path, reads: list[str]) -> None:
    write_county(tmp_path / "来", 6)
    first = rolled(tmp_path / "来", tmp_path / "汇总.xlsx")
    before = len(reads)
    changed = next((tmp_path / "来" / TERM).glob("*0001*.xlsx"))
    changed.write_bytes(as_bytes(replace(made_return(0), school="改了名的学校")))
    (tmp_path / "来" / "别的名字.xlsx").write_bytes(as_bytes(made_return(1)))
    second = rolled(tmp_path / "来", tmp_path / "汇总.xlsx")

    assert (before, reads[before:]) == (12, [changed.name])
    assert first.schools == second.schools == 6


def test_a_run_that_was_killed_goes_on_where_it_was(
    tmp_path: Path, reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_county(tmp_path / "来", 8)
    files = found_files([tmp_path / "来"])
    monkeypatch.setattr(gathering, "AT_ONCE", 5)

    def killed(text: str, share: float) -> None:
        if share > 0.5:
            raise KeyboardInterrupt

    with scheduler("", 1), pytest.raises(KeyboardInterrupt):
        gather(files, tmp_path / "已读", killed)
    done = len(reads)
    rolled(tmp_path / "来", tmp_path / "汇总.xlsx")

    assert 0 < done < len(files)
    assert len(reads) == len(files)


def test_a_return_with_a_value_far_out_is_a_row_in_the_list_and_ends_no_process(tmp_path: Path) -> None:
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    path, source = tmp_path / "远.xlsx", ZipFile(BytesIO(as_bytes(made_return(1))))
    with ZipFile(path, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(b"</sheetData>", far))

    assert "太大" in file_reading.read_file(path, tmp_path / "已读").why


@pytest.mark.parametrize(
    ("returns", "masters", "one"), [(1, 0, True), (1_000, 10, True), (10_000, 0, True), (0, 100, False)]
)
def test_more_than_one_process_is_for_many_masters(
    returns: int, masters: int, one: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduling.os, "cpu_count", lambda: 4)
    files = [Path("上报.xlsx")] * returns + [Path("总表.XLSM")] * masters

    assert scheduling.paying(files) == (1 if one else 4)


def test_two_processes_give_the_same_workbook_and_take_no_code_from_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_county(tmp_path / "来", 4)
    beside = plant(tmp_path / "旁", (*BESIDE, "multiprocessing", "distributed", "tokenize"))
    monkeypatch.chdir(beside)
    for workers in (1, 2):
        rolled(tmp_path / "来", tmp_path / f"汇总{workers}.xlsx", workers=workers, keep=tmp_path / f"已读{workers}")

    assert imported(beside) == []
    for name in ("汇总", "各校", "特殊群体", "趋势", "要过问的"):
        assert sheet(tmp_path / "汇总1.xlsx", name) == sheet(tmp_path / "汇总2.xlsx", name)


def test_of_a_master_only_the_indicators_are_kept(master: Path, out: Path) -> None:
    from xlbangfu.book.closed.closed_book import ClosedBook

    roster = ClosedBook(master).read(ROSTER)[ROSTER]
    kept = [path for path in (out.parent / "已读").rglob("*") if path.is_file()]
    rows = [pd.read_parquet(path) for path in kept if path.suffix == ".parquet"]
    texts = {str(cell) for frame in rows for cell in frame.select_dtypes("str").to_numpy().ravel()}
    told = [text for _, text in layers("汇总.xlsx", out.read_bytes())] + [
        path.read_text("utf-8") for path in kept if path.suffix == ".json"
    ]

    assert len(rows) > SCHOOLS
    assert not texts & {*roster["学号"], *roster["姓名"]}
    rooms = ClosedBook(master).read(CLASSES)[CLASSES]["班级"]
    for word in (*roster["学号"], *roster["姓名"], *rooms, "学困", "班级页", "帮扶页"):
        assert not any(word in text for text in told), word


def test_without_a_file_that_can_be_used_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "坏.xlsx").write_bytes(b"")
    assert main(["county", str(tmp_path), "--out", str(tmp_path / "汇总.xlsx"), "--workers", "1"]) == 2
    assert "没有一个能用的上报文件" in capsys.readouterr().err
    assert not (tmp_path / "汇总.xlsx").exists()


def test_the_window_gathers_returns_and_one_that_is_stopped_leaves_what_was_there(tmp_path: Path) -> None:
    write_county(tmp_path / "来", 3)
    out, told = tmp_path / "汇总.xlsx", list[tuple[str, float]]()

    lines = workbook_jobs.gather_returns(tmp_path / "来", out, lambda text, share: told.append((text, share)))
    whole = out.read_bytes()

    assert "汇总了 3 所学校" in lines[0]
    assert [share for _, share in told] == sorted(share for _, share in told)
    assert told[-1] == ("完成", 1.0)
    for text, _ in told[:-1]:
        with pytest.raises(Stopped):
            workbook_jobs.gather_returns(tmp_path / "来", out, partial(stop_at, text))
        assert {path.name for path in tmp_path.iterdir()} == {"来", "汇总.xlsx", "汇总_已读"}
        assert out.read_bytes() == whole


def stop_at(when: str, text: str, share: float) -> None:
    if text == when:
        raise Stopped("已停止。")


def test_a_cluster_that_is_not_there_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduling, "PATIENCE", 0.2)
    with pytest.raises(BadArgument, match="连不上"), scheduler("tcp://127.0.0.1:9", 0):
        pass


def test_the_copies_beside_a_master_were_not_handed_in(tmp_path: Path) -> None:
    for place in ("甲校/总表.xlsm", "甲校/备份/总表_2026-06-30.xlsm", "上报.xlsx"):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_bytes(b"")

    assert [path.name for path in found_files([tmp_path])] == ["上报.xlsx", "总表.xlsm"]


def test_a_list_of_schools_is_read_as_people_keep_it(tmp_path: Path) -> None:
    lines = "应交学校\n学校代码,学校名称\n0900000001,东河小学\n\n8800000001\n"
    for encoding in ("utf-8-sig", "gb18030", "utf-16"):
        (tmp_path / "名单.csv").write_text(lines, encoding=encoding)
        assert expected_schools(tmp_path / "名单.csv") == {"0900000001": "东河小学", "8800000001": ""}


@pytest.mark.parametrize("data", [b"", b"\xd0\xcf\x11\xe0" * 900, b"PK\x03\x04 no workbook", b"a,b\n1,2\n"])
def test_a_list_that_is_none_is_said_in_a_sentence(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "名单.xls").write_bytes(data)

    with pytest.raises(BadArgument, match=r"名单.*。$"):
        expected_schools(tmp_path / "名单.xls")


def test_late_is_what_was_made_after_the_day(tmp_path: Path) -> None:
    (tmp_path / "来").mkdir()
    (tmp_path / "来" / "一.xlsx").write_bytes(as_bytes(made_return(2)))
    done = rolled(tmp_path / "来", tmp_path / "汇总.xlsx", due=date(2026, 6, 1))
    assert done.asks.get("晚交") == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [(["--due", "七月"], "应当是日期"), (["--workers", "-2"], "--workers"), (["--out", "汇总.xls"], "以 .xlsx 结尾")],
)
def test_what_was_typed_wrongly_is_said_in_a_sentence(
    typed: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        code = main(["county", str(tmp_path), *typed])
    except SystemExit as end:
        code = int(end.code or 0)
    assert (code, said in capsys.readouterr().err) == (2, True)
