"""Where the tasks run: in this process, in processes of this computer, or on a cluster that is there already."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager

from xlbangfu.errors import BadArgument

NEEDS = '要先装上 Dask：pip install "xlbangfu[county]"，再做一次。'


# Python starts its processes by -c, which puts the current folder first on the path, where staff's files are.
_NO_CODE_FROM_HERE = {"PYTHONSAFEPATH": "1"}
_ALONE = {"distributed.nanny.pre-spawn-environ.POLARS_MAX_THREADS": 1}  # a process a processor is enough
PATIENCE = 10  # seconds for a cluster to answer


@contextmanager
def scheduler(address: str, workers: int) -> Iterator[None]:
    """Dask computes there within the block: at ``address`` where one is given, else in ``workers`` processes of this computer (0: one a
    processor, 1: this process). Raises BadArgument where Dask is not installed or nobody answers at the address."""
    try:
        import dask
        import dask.dataframe
    except ImportError as problem:
        raise BadArgument(NEEDS) from problem
    wanted = workers or os.cpu_count() or 1
    if not address and wanted == 1:
        with dask.config.set(
            scheduler=dask.get
        ):  # by its name dask would look for distributed first, which takes a second
            yield
        return
    with _client(address, wanted):
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
                n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=quiet
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
