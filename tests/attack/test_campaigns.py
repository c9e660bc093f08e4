"""A sample of each campaign, and that none leaves a command out."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.attack import errors, kills
from tests.attack.campaign import SEED, Case, Log, Verdict, attack_in_new_folder, run
from tests.attack.scenes import SCENES
from xlbangfu.catalog import ACTIONS

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")]


def test_every_action_is_attacked() -> None:
    assert {action.name for action in ACTIONS} <= {scene.name for scene in SCENES}


def test_an_error_of_the_file_system_leaves_the_old_or_the_new_and_a_true_sentence() -> None:
    verdicts = {case.name: attack_in_new_folder(errors, case) for case in errors.sample(SEED, 12)}
    assert {name: one.faults for name, one in verdicts.items() if one.faults} == {}
    assert len({one.seen for one in verdicts.values()}) > 1


def test_a_kill_leaves_the_old_or_the_new_and_the_next_action_mends_the_rest() -> None:
    verdicts = {case.name: attack_in_new_folder(kills, case) for case in kills.cases(SEED)[:8]}
    assert {name: one.faults for name, one in verdicts.items() if one.faults} == {}
    assert len({one.seen for one in verdicts.values()}) > 1


class Counting:
    """A campaign that counts."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def cases(self, seed: int) -> list[Case]:
        return [kills.Case(f"{seed}"), kills.Case(f"{seed + 1}")]

    def attack(self, case: Case, folder: Path) -> Verdict:
        assert folder.is_dir()
        self.done.append(case.name)
        return Verdict("old", ("torn",) if case.name.startswith("2") else ())


def test_a_campaign_that_was_cut_short_goes_on_where_it_was(tmp_path: Path) -> None:
    campaign, log = Counting(), Log(tmp_path / "log.jsonl")
    run(campaign, campaign.cases(1)[:1], log, print)
    with log.path.open("a") as file:
        file.write('{"case": "half')

    run(campaign, campaign.cases(1), log, print)
    log.forget_faults()
    run(campaign, campaign.cases(1), log, print)

    assert campaign.done == [case.name for case in (*campaign.cases(1), campaign.cases(1)[1])]
