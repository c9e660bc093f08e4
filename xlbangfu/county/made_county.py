"""An invented county: returns of schools that do not exist, the same for the same seed, some with what goes wrong in life."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from msgspec.structs import replace

from xlbangfu.documents.bureau_return import BureauReturn, as_bytes
from xlbangfu.rules.indicators import GROUPS, SchoolFigures, return_figures
from xlbangfu.rules.indicators.indicators import SPLIT
from xlbangfu.schema import RETURNED

TERMS = (("2025-2026上", date(2026, 1, 16)), ("2025-2026下", date(2026, 6, 30)))
OLDER = "0.2.0"
_TOWNS = ("东河", "西山", "南坪", "北桥", "长安", "永宁", "清泉", "石门")
_KINDS = ("小学", "中心小学", "初级中学", "九年一贯制学校")
_FIRST_CODE = 9_900_000_001
Counts = dict[str, tuple[int, int | None]]


def made_return(number: int, term: int = 1, *, seed: int = 1) -> BureauReturn:
    """The return of the school with this number (from 0) for TERMS[term]."""
    chance = Random(f"{seed}-{number}-{term}")
    name, day = TERMS[term]
    roll = Random(f"{seed}-{number}").randrange(200, 2400) + chance.randrange(9)
    figures = return_figures(_figures(chance, roll), RETURNED.empty(), term=name, today=day)
    return BureauReturn(
        code=str(_FIRST_CODE + number),
        school=f"{_TOWNS[number % 8]}{_KINDS[number // 8 % 4]}{number // 32 + 1}",
        stage="义务教育",
        term=name,
        day=day,
        made=datetime.combine(day, datetime.min.time()) + timedelta(hours=9, days=chance.randrange(9)),
        errors=chance.choice((0, 0, 0, 0, 3)),
        figures=figures,
    )


def write_county(folder: Path, schools: int, *, seed: int = 1) -> None:
    """The returns of both terms, of about: every 20th in an older version, every 33rd damaged, every 100th twice, every 50th not
    sent in the last term."""
    for number in range(schools):
        for term in range(len(TERMS)):
            if number % 50 == 49 and term:
                continue
            made = made_return(number, term, seed=seed)
            made = replace(made, program=OLDER) if number % 20 == 19 else made
            for name, data in _files(number, term, made):
                place = folder / made.term / name
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(data)


def _files(number: int, term: int, made: BureauReturn) -> Iterator[tuple[str, bytes]]:
    data = as_bytes(made)
    name = f"上报_{made.code}_{made.school}_{made.day}"
    yield f"{name}.xlsx", data[: len(data) // 2] if term and number % 33 == 32 else data
    if term and number % 100 == 30:
        yield f"{name}_2.xlsx", data


def _figures(chance: Random, roll: int) -> SchoolFigures:
    listed = max(3, round(roll * chance.uniform(0.04, 0.07)))
    key = round(listed * chance.uniform(0.3, 0.5))
    away = chance.choice((0, 0, 0, 1, 2, 5))
    whole: Counts = {
        "K1": (chance.choice((0, 0, 0, 0, 1, 2, 4)), roll + chance.randrange(5)),
        "K2": (away, None),
        "K3": (chance.randint(0, away), away),
        "K4": (away * chance.randint(1, 4), None),
        "B1": (roll, None),
        "B2": (listed, roll),
        "B3": (key, listed),
        "B4": (chance.randint(0, listed // 4), listed),
        "G8": (chance.randrange(20), None),
    }
    better = round(listed * chance.uniform(0.35, 0.6))
    whole |= {"B5": (better, listed), "B6": (chance.randint(0, (listed - better) // 2), listed)}
    for indicator, base in (
        *((name, listed) for name in ("G1", "G2", "G3", "G4")),
        ("G6", roll // 15),
        ("G7", roll // 40 + 1),
    ):
        whole[indicator] = (round(base * chance.betavariate(30, 5)), base)
    owed = listed * 40
    whole["G5"] = (round(owed * chance.betavariate(20, 8)), owed)
    return SchoolFigures(whole=whole, split=dict(_split(chance, whole)), unknown={})


def _split(chance: Random, whole: Counts) -> Iterator[tuple[tuple[str, str], int]]:
    for group in GROUPS:
        share = chance.choice((0.0, 0.005, 0.01, 0.05, 0.3))
        counts: dict[str, int] = {}
        for indicator in SPLIT:
            total = whole[indicator.number][0]
            most = counts.get(indicator.within, total)
            counts[indicator.number] = min(most, round(total * share * chance.uniform(0.5, 1.5)))
            yield (indicator.number, group), counts[indicator.number]
