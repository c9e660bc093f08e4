"""``python -m tests.support.mutation [--most N] [--again] [module …]`` (by hand; needs ``fork``).

Goes through the mutants of a module in an order that a seed decides, so that a run that is cut short is a fair sample. What
was found is kept in ``.mutation/`` until the module changes, and the next run goes on from there; ``--again`` tries the
survivors once more, after a test was added. Ends with 1 if a mutant survives that docs/mutation.md does not explain.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
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
MODULES = ("prizes", "contacts", "screening", "progress", "ranking", "appraisal")
# The tests that say what a module does, besides those that bear its name.
MORE = {
    "prizes": ("test_across_groups.py",),
    "ranking": ("test_across_groups.py",),
    "progress": ("test_across_groups.py",),
    "appraisal": ("test_oracle_honours.py",),
}
NOT_THESE = ("test_screening_accept.py", "test_screening_live.py", "test_screening_worth.py")
SEED = 20261128


@dataclass(frozen=True)
class Campaign:
    """What is known of the mutants of one module, by their names."""

    module: str
    source: str
    path: Path
    all: tuple[Mutant, ...]

    @classmethod
    def of(cls, module: str) -> Campaign:
        source = (ROOT / "xlbangfu" / "rules" / f"{module}.py").read_text(encoding="utf-8")
        drawn = mutants(module, source)
        state = hashlib.sha256(_code(source).encode()).hexdigest()[:12]
        random.Random(SEED).shuffle(drawn)
        return cls(module, source, KEPT / f"{module}-{state}.jsonl", tuple(drawn))

    def outcomes(self) -> dict[str, str]:
        if not self.path.exists():
            return {}
        names = {mutant.name for mutant in self.all}
        found = dict(json.loads(line) for line in self.path.read_text(encoding="utf-8").splitlines())
        return {name: outcome for name, outcome in found.items() if name in names}

    def keep(self, mutant: Mutant, outcome: str) -> None:
        self.path.parent.mkdir(exist_ok=True)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps([mutant.name, outcome], ensure_ascii=False) + "\n")


def _code(source: str) -> str:
    """What a module does, without comments and imports, whose changes leave the mutants as they are."""
    body = ast.parse(source).body
    return "\n".join(ast.unparse(one) for one in body if not isinstance(one, (ast.Import, ast.ImportFrom)))


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
    return len(unexplained)


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
