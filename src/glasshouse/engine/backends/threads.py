"""Processor threads for the loops of the compiled pass, which hold no interpreter lock."""

import itertools
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any

import numpy as np


class LoopThreads:
    """Runs loops over blocks on threads, which are started when a loop needs them.

    Parameters
    ----------
    count : int
        How many threads; 1 for the calling thread alone.
    """

    def __init__(self, count: int) -> None:
        self.count = count
        self._lock = Lock()
        self._pool: ThreadPoolExecutor | None = None

    def run(self, loop: Callable[..., None], blocks: int, arguments: tuple[Any, ...]) -> None:
        """Run a loop over all blocks and wait for its end.

        Parameters
        ----------
        loop : callable
            Takes the first block, the block after the last, and the arguments.
        blocks : int
            How many blocks there are.
        arguments : tuple
            What the loop takes beside its range.
        """
        if self.count == 1:
            loop(0, blocks, *arguments)
            return
        with self._lock:
            self._pool = self._pool or ThreadPoolExecutor(self.count)
            pieces = [self._pool.submit(loop, *edges, *arguments) for edges in _pieces(blocks, self.count)]
        try:
            for piece in pieces:
                piece.result()
        except BaseException:
            # After Ctrl-C nobody waits for a loop that may still take long.
            self._end(wait=False)
            raise

    def close(self) -> None:
        """Ends the threads once they have done what was begun. Another loop starts new ones."""
        self._end(wait=True)

    def _end(self, *, wait: bool) -> None:
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=wait, cancel_futures=not wait)


def processors() -> int:
    """Count the processors that this process may use.

    Returns
    -------
    int
        At least 1.
    """
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed is not None else os.cpu_count() or 1


def _pieces(blocks: int, threads: int) -> Iterator[tuple[int, int]]:
    """Stretches of blocks, four to a thread, so that a slow stretch does not keep the others waiting."""
    # Blocks differ in what happens in them, threads in how fast they are.
    edges = np.linspace(0, blocks, min(blocks, 4 * threads) + 1).astype(int)
    return ((int(a), int(b)) for a, b in itertools.pairwise(edges))
