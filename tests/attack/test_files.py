"""A sample of spoiled files; the whole: ``python -m tests.attack files``."""

from __future__ import annotations

import sys
from itertools import islice
from pathlib import Path

import pytest

from tests.attack import byte_mutations, files, package_mutations, text_mutations
from tests.attack.campaign import SEED
from tests.attack.limits import End
from tests.attack.seeds import seeds

pytestmark = [
    pytest.mark.damaged,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="limits of Linux"),
]
SAMPLE = 24


@pytest.mark.parametrize("at", range(SAMPLE))
def test_a_spoiled_file_costs_a_sentence(at: int, tmp_path: Path) -> None:
    case = next(islice(files.cases(SEED + 1), at, None))

    assert files.attack(case, tmp_path).faults == (), case.name


def test_a_sound_file_is_no_fault(tmp_path: Path) -> None:
    for at, file in enumerate(seeds()):
        case = files.Spoiled(
            number=0, seed=0, command=files.COMMANDS[file.kind][0], file=file, mutation=lambda data, _: data
        )
        (tmp_path / str(at)).mkdir()

        assert files.attack(case, tmp_path / str(at)).faults == (), case.file.name


def test_every_mutation_and_every_file_has_its_turn() -> None:
    known = {*byte_mutations.BYTES, *package_mutations.PACKAGE, *text_mutations.TEXT, *text_mutations.MAIL}
    cases = list(files.cases(SEED))

    assert len(cases) >= 3_000
    assert len({case.name for case in cases}) == len(cases)
    assert {case.mutation.__name__ for case in cases} == {one.__name__ for one in known}
    assert {case.file.name for case in cases} >= {file.name for file in seeds()}


@pytest.mark.parametrize(
    ("end", "words"),
    [
        (End(None, "", 0), "没完没了"),
        (End(-11, "", 0), "signal 11"),
        (End(1, "程序出错：见错误.log", 0), "程序出错"),
        (End(2, "Traceback (most recent call last):", 0), "Traceback"),
        (End(3, "x", 0), "exit code 3"),
        (End(2, "", 0), "nothing was said"),
        (End(0, "x", 2 << 30), "2048 MB"),
    ],
)
def test_what_must_not_be_is_a_fault(end: End, words: str) -> None:
    assert any(words in fault for fault in files.faults_of(end))
