"""One mutant and the tests of its module, in a process of its own; the source on disk stays as it is.

The process is forked before polars computes anything: its threads do not live through a fork, and whoever then waits for
them waits for ever.
"""

from __future__ import annotations

import ast
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import CodeType, ModuleType

import hypothesis
import pytest

KILLED, SURVIVED, TOO_LONG = "killed", "survived", "too long"
_OUTCOMES = {0: SURVIVED, -signal.SIGALRM: TOO_LONG}


def trial(module: str, source: str, tests: Sequence[Path], *, seconds: int) -> str:
    """Whether the tests notice that ``module`` reads ``source``: KILLED, SURVIVED or TOO_LONG."""
    child = os.fork()
    if not child:
        signal.alarm(seconds)
        os._exit(_run(module, source, tests))
    _, status = os.waitpid(child, 0)
    return _OUTCOMES.get(os.waitstatus_to_exitcode(status), KILLED)


def _run(module: str, source: str, tests: Sequence[Path]) -> int:
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    hypothesis.settings.register_profile(
        "mutation",
        phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate),  # nobody reads the smallest example
        database=None,
        derandomize=True,
    )
    hypothesis.settings.load_profile("mutation")
    sys.meta_path.insert(0, _Finder(module, source))
    options = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-m", "not office and not slow"]
    return int(pytest.main([*options, *map(str, tests)], plugins=[_ExamplesFirst()]))


class _ExamplesFirst:
    """Drawn examples before laws: they are quicker and find most."""

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items.sort(key=lambda item: getattr(getattr(item, "obj", None), "is_hypothesis_test", False))


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, module: str, source: str) -> None:
        self.module, self.source = module, source

    def find_spec(self, name: str, path: object, target: ModuleType | None = None) -> object:  # noqa: ARG002 - the protocol
        if name != self.module:
            return None
        found = importlib.machinery.PathFinder.find_spec(name, path)  # type: ignore[arg-type]
        assert found is not None
        assert found.origin is not None
        return importlib.util.spec_from_loader(name, _Loader(name, found.origin, self.source), origin=found.origin)


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, name: str, path: str, source: str) -> None:
        super().__init__(name, path)
        self.mutated = source

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002 - the protocol
        return compile(ast.parse(self.mutated), self.path, "exec")
