"""``python -m tests.attack CAMPAIGN [--seed N] [--most N] [--like TEXT] [--again]`` (by hand; a whole campaign takes a while).

Verdicts are kept in ``.attack/CAMPAIGN-SEED.jsonl``, and the next run goes on from there; ``--again`` does those with faults
once more, ``--most 0`` only reports. Ends with 1 if a case has a fault.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from tests.attack.campaign import CAMPAIGNS, SEED, Log, campaign, report, run

KEPT = Path(__file__).parents[2] / ".attack"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.attack")
    parser.add_argument("campaign", choices=CAMPAIGNS)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--most", type=int, default=None, help="the first so many cases (default: all)")
    parser.add_argument("--like", default="", help="only cases whose name has this")
    parser.add_argument("--again", action="store_true", help="forget the verdicts with faults")
    chosen = parser.parse_args(arguments)
    found, log = campaign(chosen.campaign), Log(KEPT / f"{chosen.campaign}-{chosen.seed}.jsonl")
    if chosen.again:
        log.forget_faults()
    cases = (case for case in found.cases(chosen.seed) if chosen.like in case.name)
    run(found, islice(cases, chosen.most), log, lambda line: print(line, flush=True))
    verdicts = log.verdicts()
    print(*report(verdicts), sep="\n")
    return int(any(one.faults for one in verdicts.values()))


if __name__ == "__main__":
    sys.exit(main())
