"""From folders to 汇总.xlsx: find, read, choose, work out, write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from xlbangfu.county.choosing import NOT_SENT, UNUSABLE, chosen, latest_term, questions
from xlbangfu.county.county_book import CountyReport, write_county
from xlbangfu.county.file_reading import FileRead
from xlbangfu.county.gathering import found_files, gather
from xlbangfu.county.scheduling import paying, scheduler
from xlbangfu.errors import BadArgument, WriteFailed, disk_trouble

if TYPE_CHECKING:
    import pandas as pd

Progress = Callable[[str, float], None]


class Rollup(Struct, frozen=True, kw_only=True):
    """What was asked for. ``keep`` is the folder of what was read, ``expected`` a list of schools, ``term`` the one to show (empty: the
    latest), ``address`` and ``workers`` as for ``scheduler`` (0: as many as pay)."""

    folders: tuple[Path, ...]
    out: Path
    keep: Path
    expected: Path | None = None
    due: date | None = None
    term: str = ""
    address: str = ""
    workers: int = 0


class RolledUp(Struct, frozen=True, kw_only=True):
    """What came of it; ``asks`` is how many rows of each kind there are to ask about."""

    schools: int
    files: int
    term: str
    asks: dict[str, int]

    @property
    def exit_code(self) -> int:
        return 1 if self.asks.get(UNUSABLE) or self.asks.get(NOT_SENT) else 0

    @property
    def lines(self) -> list[str]:
        asked = "，".join(f"{kind} {count}" for kind, count in self.asks.items()) or "没有要过问的"
        return [f"汇总了 {self.schools} 所学校（{self.term}学期，{self.files} 个文件）；{asked}。"]


def roll_up(wanted: Rollup, progress: Progress) -> RolledUp:
    """Raises BadArgument where there is nothing to gather, WriteFailed."""
    _check(wanted)
    files = [path for path in found_files(wanted.folders) if path != wanted.out.absolute()]
    if not files:
        raise BadArgument("文件夹里没有 xlsx 或 xlsm 文件，请核对是不是选对了文件夹，再做一次。")
    with scheduler(wanted.address, wanted.workers or paying(files)):
        read = gather(files, wanted.keep.absolute(), lambda text, share: progress(text, 0.75 * share))
        return _roll_up(wanted, [replace(one, path=_shown(one.path, wanted.folders)) for one in read], progress)


def _shown(path: str, folders: tuple[Path, ...]) -> str:
    """The file as it is told of: from the folder that was named, and with its name where there are several."""
    for folder in map(Path.absolute, folders):
        start = folder.parent if len(folders) > 1 or folder.is_file() else folder
        if Path(path).is_relative_to(folder):
            return str(Path(path).relative_to(start))
    return path


def _check(wanted: Rollup) -> None:
    missing = next((folder for folder in wanted.folders if not folder.exists()), None)
    if missing is not None:
        raise BadArgument(f"没有“{missing}”这个文件夹，请核对，再做一次。")
    if not 0 <= wanted.workers <= 256:
        raise BadArgument("--workers 应当在 0 到 256 之间（0 = 总表多就处理器有几个就几个，不然一个）。")
    if wanted.out.suffix.lower() != ".xlsx":
        raise BadArgument(f"汇总要以 .xlsx 结尾，例如 {wanted.out.with_suffix('.xlsx').name}。")
    if not wanted.out.absolute().parent.is_dir():
        raise BadArgument(f"没有“{wanted.out.absolute().parent}”这个文件夹，请先建好。")


def _roll_up(wanted: Rollup, read: list[FileRead], progress: Progress) -> RolledUp:
    from xlbangfu.county.county_figures import as_one_county
    from xlbangfu.county.expected_schools import expected_schools

    expected = expected_schools(wanted.expected) if wanted.expected else {}
    term = wanted.term or latest_term(read)
    counted = chosen(read)
    if not any(one.term == term for one in counted):
        why = next((one.why for one in read if one.why), "没有这个学期的")
        raise BadArgument(f"{len(read)} 个文件里没有一个能用的上报文件（如：{why}），没有汇总；请核对文件夹和学期。")
    county = as_one_county(counted, wanted.keep.absolute(), term)
    schools_there = sum(one.term == term for one in counted)
    report = CountyReport(
        term=term,
        day=date.today(),
        files=len(read),
        counted=schools_there,
        county=county,
        schools=_told(county.schools(), schools_there, progress),
        questions=questions(read, term, expected=expected, due=wanted.due),
    )
    schools = _write(report, wanted.out)
    progress("完成", 1.0)
    return RolledUp(schools=schools, files=len(read), term=term, asks=dict(Counter(one.kind for one in report.asked)))


def _told(frames: Iterable[pd.DataFrame], schools: int, progress: Progress) -> Iterator[pd.DataFrame]:
    """The frames as they are, with progress by the schools in them."""
    done = 0
    progress(f"写各校的数 0/{schools}", 0.78)
    for frame in frames:
        yield frame
        done += len(frame)
        progress(f"写各校的数 {done}/{schools}", 0.78 + 0.2 * done / schools)


def _write(report: CountyReport, out: Path) -> int:
    """The workbook beside its place, and then there: what was there before stays until it is whole."""
    beside = out.with_name(f".{out.stem}.写{out.suffix}")
    try:
        schools = write_county(report, beside)
        beside.replace(out)
    except OSError as problem:
        raise WriteFailed(f"写不了“{out}”（{disk_trouble(problem)}）；请关掉它或换一个文件夹，再做一次。") from problem
    finally:
        beside.unlink(missing_ok=True)
    return schools
