"""One mutant and the tests of its module, in a forked process; the source on disk stays as it is.

The tests are collected once. Each mutant is then forked off before any of them runs: the threads that polars computes
with do not live through a fork, and whoever then waits for them waits for ever.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FunctionType, ModuleType

import hypothesis
import pytest
from _pytest.runner import runtestprotocol

KILLED, SURVIVED, TOO_LONG = "killed", "survived", "too long"
_OUTCOMES = {0: SURVIVED, -signal.SIGALRM: TOO_LONG}
_OPTIONS = [
    "-qq",
    "--no-header",
    "--no-summary",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:xdist",
    "-m",
    "not office and not slow",
]

Trial = Callable[[str, int], str]  # the source of a mutant and the seconds that it may take: its outcome


def with_trials(module: str, tests: Sequence[Path], work: Callable[[Trial], None]) -> None:
    """Collects the tests and lets ``work`` try sources of ``module`` on them; ends the program if that fails."""
    hypothesis.settings.register_profile(
        "mutation",
        phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate),  # nobody reads the smallest example
        database=None,
        derandomize=True,
    )
    hypothesis.settings.load_profile("mutation")
    code = pytest.main([*_OPTIONS, *map(str, tests)], plugins=[_Loop(module, work)])
    if code:
        sys.exit(code)


class _Loop:
    """The plugin that forks where pytest would run the tests."""

    def __init__(self, module: str, work: Callable[[Trial], None]) -> None:
        self.module, self.work = module, work

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Drawn examples before laws: they are quicker and find most."""
        items.sort(key=lambda item: getattr(getattr(item, "obj", None), "is_hypothesis_test", False))

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.work(lambda source, seconds: _trial(importlib.import_module(self.module), source, session.items, seconds))
        return True


def _trial(module: ModuleType, source: str, items: Sequence[pytest.Item], seconds: int) -> str:
    child = os.fork()
    if not child:
        signal.alarm(seconds)
        try:
            _become(module, source)
            failed = _any_fails(items)
        except BaseException:  # a mutant may break anything
            os._exit(1)
        os._exit(int(failed))
    _, status = os.waitpid(child, 0)
    return _OUTCOMES.get(os.waitstatus_to_exitcode(status), KILLED)


def _become(module: ModuleType, source: str) -> None:
    """The module does what ``source`` says, also for those who imported from it before."""
    before = dict(vars(module))
    exec(compile(source, str(module.__file__), "exec"), vars(module))
    for name, old in before.items():
        new = vars(module)[name]
        if isinstance(old, FunctionType) and isinstance(new, FunctionType):
            old.__code__, old.__defaults__, old.__kwdefaults__ = new.__code__, new.__defaults__, new.__kwdefaults__
        elif new is not old and not name.startswith("__"):
            _rebind(name, old, new)


def _rebind(name: str, old: object, new: object) -> None:
    for other in [one for one in sys.modules.values() if vars(one).get(name) is old]:
        vars(other)[name] = new


def _any_fails(items: Sequence[pytest.Item]) -> bool:
    for item, following in zip(items, [*items[1:], None], strict=True):
        if any(report.failed for report in runtestprotocol(item, log=False, nextitem=following)):
            return True
    return False
