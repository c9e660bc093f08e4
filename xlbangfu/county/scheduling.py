"""Where the tasks run: in this process, in processes of this computer, or on a cluster that is there already."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from xlbangfu.county.file_reading import MASTERS
from xlbangfu.errors import BadArgument

NEEDS = '要先装上 Dask：pip install "xlbangfu[county]"，再做一次。'

# Python starts its processes by -c, which puts the current folder first on the path, where staff's files are.
_NO_CODE_FROM_HERE = {"PYTHONSAFEPATH": "1"}
_ALONE = {"distributed.nanny.pre-spawn-environ.POLARS_MAX_THREADS": 1}  # a process a processor is enough
_ANY_PORT = "127.0.0.1:0"  # of this computer only: a fixed one may be taken, and then a warning would be shown
PATIENCE = 10  # seconds for a cluster to answer
# Masters, half a second of a processor each; of a return talking to a worker takes twice as long as reading it.
_MANY = 40


def paying(files: Iterable[Path]) -> int:
    """How many processes of this computer make the work shorter: one for returns and few masters, else one a processor."""
    masters = sum(path.suffix.lower() in MASTERS for path in files)
    return 1 if masters < _MANY else os.cpu_count() or 1


@contextmanager
def scheduler(address: str, workers: int) -> Iterator[None]:
    """Dask computes there within the block: at ``address`` where one is given, else in ``workers`` processes of this computer (1: this
    process). Raises BadArgument where Dask is not installed or nobody answers at the address."""
    try:
        import dask
        import dask.dataframe
    except ImportError as problem:
        raise BadArgument(NEEDS) from problem
    if not address and workers == 1:
        # By its name dask would look for distributed first, which takes a second.
        with dask.config.set(scheduler=dask.get):
            yield
        return
    with _client(address, workers):
        yield


@contextmanager
def _client(address: str, workers: int) -> Iterator[None]:
    import logging

    import dask
    from distributed import Client, LocalCluster

    if not address:
        os.environ.update(_NO_CODE_FROM_HERE)
        quiet = logging.CRITICAL  # at the end workers complain of each other
        with (
            dask.config.set(_ALONE),
            LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                processes=True,
                dashboard_address=_ANY_PORT,
                scheduler_kwargs={"dashboard": False},
                silence_logs=quiet,
            ) as cluster,
            Client(cluster),
        ):
            yield
        gc.collect()  # what the processes talked through, before the command ends at once (cli.main)
        return
    try:
        client = Client(address, timeout=PATIENCE)
    except (OSError, ValueError) as problem:
        raise BadArgument(
            f"连不上 Dask 集群“{address}”，请核对地址（如 tcp://10.0.0.5:8786）和网络，再做一次。"
        ) from problem
    with client:
        yield
