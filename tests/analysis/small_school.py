"""A small school in a workbook, with a marker in everything that Python gets only where it asks for it by name, or never."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from xlbangfu import sample
from xlbangfu.book import template
from xlbangfu.rules.personal import OLD_VALUES
from xlbangfu.schema import CLASSES, EDITIONS, FILES, LOG, PASSWORDS, ROSTER, RUNS, Table

SENSITIVE, SECRET = "闾丘", "闾丘-Kq7-口令"
MADE = datetime(2026, 6, 30)


def put(path: Path) -> Path:
    """The workbook under that name."""
    path.write_bytes(_workbook())
    return path


def lock(path: Path) -> Path:
    """Excel's owner file beside a workbook that is open."""
    owner, name = path.with_name(f"~${path.name}"), "教务处"
    narrow = name.encode("gb18030")
    owner.write_bytes(
        bytes([len(narrow)]) + narrow.ljust(54) + bytes([len(name), 0]) + name.ljust(54).encode("utf-16-le")
    )
    return owner


@cache
def _workbook() -> bytes:
    frames = dict(sample.make(students=24, classes=2, exams=2, logs=60).frames)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "总表.xlsm"
        template.build(path, frames=_marked(frames), created=MADE)
        return path.read_bytes()


def _marked(frames: dict[Table, pl.DataFrame]) -> dict[Table, pl.DataFrame]:
    file, log, runs = frames[FILES], frames[LOG], frames.get(RUNS, RUNS.empty())
    private = [
        column.name
        for column in FILES
        if column.type.dtype == pl.String and column.name not in ("学号", "姓名", "班级")
    ]
    counselled = pl.col("类型") == "心理咨询"
    said = [
        pl.when(counselled).then(pl.lit(SENSITIVE)).otherwise(n).alias(n) for n in ("内容", "优点", "不足", "下次安排")
    ]
    replaced = {"时间": MADE, "操作": "收回班级页", "说明": f"{OLD_VALUES}内容 {SENSITIVE}"}
    page = {"版次": 1, "制表时间": MADE, "密钥": SECRET}
    return frames | {
        FILES: file.with_columns(pl.lit(SENSITIVE).alias(name) for name in private),
        LOG: log.with_columns(
            类型=pl.when(pl.int_range(pl.len()) % 3 == 0).then(pl.lit("心理咨询")).otherwise("类型")
        ).with_columns(said),
        ROSTER: frames[ROSTER].with_columns(特殊群体=pl.lit(SENSITIVE)),
        RUNS: pl.concat([runs, pl.DataFrame([replaced], schema=RUNS.frame_schema)], how="diagonal"),
        EDITIONS: pl.DataFrame([page], schema=EDITIONS.frame_schema),
        PASSWORDS: pl.DataFrame([{"班级": frames[CLASSES]["班级"][0], "口令": SECRET}], schema=PASSWORDS.frame_schema),
    }
