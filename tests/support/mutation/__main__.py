"""``python -m tests.support.mutation [--most N] [--again] [module …]`` (by hand; needs ``fork``).

Goes through the mutants of a module in an order that a seed decides, so that a run that is cut short is a fair sample. What
was found is kept in ``.mutation/`` until the function changes, and the next run goes on from there; ``--again`` tries the
survivors once more, after a test was added. Ends with 1 if a mutant survives that docs/mutation.md does not explain.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.mutation.mutants import Mutant, mutants
from tests.support.mutation.trial import SURVIVED, Trial, with_trials

ROOT = Path(__file__).parents[3]
KEPT = ROOT / ".mutation"
EXPLAINED = ROOT / "docs" / "mutation.md"
MODULES = ("prizes", "contacts", "screening", "progress", "ranking", "appraisal", "turnaround")
# The tests that say what a module does, besides those that bear its name.
MORE = {
    "prizes": ("test_across_groups.py",),
    "ranking": ("test_across_groups.py", "test_chosen_subjects.py"),
    "progress": ("test_across_groups.py",),
    "appraisal": ("test_oracle_honours.py",),
}
NOT_THESE = ("test_screening_accept.py", "test_screening_live.py", "test_screening_worth.py")
SEED = 20261128


@dataclass(frozen=True)
class Campaign:
    """The mutants of one module, and what is known of them."""

    module: str
    source: str
    all: tuple[Mutant, ...]

    @classmethod
    def of(cls, module: str) -> Campaign:
        source = (ROOT / "xlbangfu" / "rules" / f"{module}.py").read_text(encoding="utf-8")
        drawn = mutants(module, source)
        random.Random(SEED).shuffle(drawn)
        return cls(module, source, tuple(drawn))

    @property
    def path(self) -> Path:
        return KEPT / f"{self.module}.jsonl"

    def outcomes(self) -> dict[str, str]:
        """The last outcome of each mutant, by name, of those whose function still reads as it did then."""
        if not self.path.exists():
            return {}
        code = {mutant.name: mutant.code for mutant in self.all}
        kept = (json.loads(line) for line in self.path.read_text(encoding="utf-8").splitlines())
        return {name: outcome for name, then, outcome in kept if code.get(name) == then}

    def keep(self, mutant: Mutant, outcome: str) -> None:
        self.path.parent.mkdir(exist_ok=True)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps([mutant.name, mutant.code, outcome], ensure_ascii=False) + "\n")


def tests_of(module: str) -> list[Path]:
    """The quick test files of a module, its own before the others."""
    own = [path for path in (ROOT / "tests").rglob(f"test_{module}*.py") if path.name not in NOT_THESE]
    return sorted(own) + [path for name in MORE.get(module, ()) for path in (ROOT / "tests").rglob(name)]


def run(campaign: Campaign, *, most: int, again: bool) -> None:
    known = campaign.outcomes()
    left = [one for one in campaign.all if (known.get(one.name) == SURVIVED if again else one.name not in known)]

    def work(trial: Trial) -> None:
        started = time.monotonic()
        if trial(campaign.source, 600) != SURVIVED:
            pytest.exit(f"{campaign.module}: its tests fail as it is", returncode=1)
        seconds = 30 + 5 * round(time.monotonic() - started)
        for mutant in left[:most]:
            campaign.keep(mutant, trial(mutant.source, seconds))

    if left[:most]:
        with_trials(f"xlbangfu.rules.{campaign.module}", tests_of(campaign.module), work)


def explained() -> set[str]:
    """The names that stand in the list of docs/mutation.md, one a line after "- "."""
    lines = EXPLAINED.read_text(encoding="utf-8").splitlines() if EXPLAINED.exists() else []
    return {line.removeprefix("- ") for line in lines if line.startswith("- ")}


def report(campaign: Campaign, known: set[str]) -> int:
    """Prints the figure and the survivors that nobody explained; how many these are."""
    outcomes = campaign.outcomes()
    survivors = [one for one in campaign.all if outcomes.get(one.name) == SURVIVED]
    unexplained = [one for one in survivors if one.name not in known]
    killed = sum(outcome != SURVIVED for outcome in outcomes.values())
    print(
        f"{campaign.module}: {len(campaign.all)} mutants, {len(outcomes)} tried, {killed} killed, "
        f"{len(survivors)} survived, {len(unexplained)} of them unexplained"
    )
    for mutant in sorted(unexplained, key=lambda one: one.line):
        print(f"  line {mutant.line}: {mutant.name}")
    for name in sorted(_superfluous(campaign, known)):
        print(f"  explained without need: {name}")
    return len(unexplained)


def _superfluous(campaign: Campaign, known: set[str]) -> set[str]:
    """The explained mutants of the module that were killed, or that there are no more."""
    here = {name for name in known if name.startswith(f"{campaign.module}.")}
    outcomes = campaign.outcomes()
    open_ones = {one.name for one in campaign.all if outcomes.get(one.name, SURVIVED) == SURVIVED}
    return here - open_ones


def main(arguments: Iterable[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.support.mutation")
    parser.add_argument("modules", nargs="*", default=MODULES, metavar="module")
    parser.add_argument("--most", type=int, default=10_000, help="stop after so many a module (0: only report)")
    parser.add_argument("--again", action="store_true", help="try the survivors once more")
    chosen = parser.parse_args(arguments if arguments is None else list(arguments))
    unexplained = 0
    for module in chosen.modules:
        campaign = Campaign.of(module)
        if chosen.most:
            run(campaign, most=chosen.most, again=chosen.again)
        unexplained += report(campaign, explained())
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
