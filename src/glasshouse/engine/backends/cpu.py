"""The pass compiled by LLVM and run on processor threads.

Blocks are dealt to Python threads; the compiled code holds no interpreter lock. The source file is in the user's cache
folder under the hash of its text, with the machine code beside it.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasshouse.engine.backends.generated_module import GeneratedModule
from glasshouse.engine.backends.native.llvm_import import import_llvm
from glasshouse.engine.backends.native.machine_code import type_of
from glasshouse.engine.backends.threads import LoopThreads, processors
from glasshouse.engine.compiler.codegen import CodeGenerator
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.compiler.sum_limits import SumLimits
from glasshouse.engine.state import ORDER, ArmState
from glasshouse.errors import CompilationError
from glasshouse.model.entities import CELLS
from glasshouse.model.pairing import Pairing, paired_sums

HEADER = '''"""Compiled by Glasshouse; a new file is written when any mechanism changes, so editing this one changes nothing."""


def inline(function):
    """Marks what becomes part of the functions that call it."""
    return function


def outer(function):
    """Marks what is called from outside."""
    return function
'''


NO_TURNS = np.zeros((0, 2), np.int64)
"""The order of turns in the synchronous schedule, which has none."""


class CompiledBackend(AbstractContextManager["CompiledBackend"]):
    """Steps the arms of a run with the compiled pass.

    It can be used as a context manager, which ends its threads.

    Parameters
    ----------
    layout : ModelLayout
        The model.
    pairings : sequence of Pairing classes
        Comparisons of two arms.
    threads : int, optional
        Processors to use; all that the process may use if not given.
    folder : Path, optional
        Where the generated file and its machine code are kept, if its user alone may write there; the user's cache folder
        if not given.

    Examples
    --------
    >>> with CompiledBackend(layout, threads=2) as backend:  # doctest: +SKIP
    ...     backend.step(state, seed=1, week=0)
    """

    def __init__(
        self,
        layout: ModelLayout,
        pairings: Sequence[type[Pairing]] = (),
        *,
        threads: int | None = None,
        folder: Path | None = None,
    ) -> None:
        self.layout = layout
        self.paired = paired_sums(pairings)
        self.generator = CodeGenerator(layout, pairings)
        self.threads = threads or processors()
        self._loop_threads = LoopThreads(self.threads)
        self._folder = folder
        self._limits = SumLimits(layout)
        self._functions: dict[tuple[object, ...], SimpleNamespace] = {}

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the threads. The backend can still be used: another step starts new ones."""
        self._loop_threads.close()

    @cached_property
    def text(self) -> str:
        """Source of the compiled file.

        Returns
        -------
        str
            Python source.
        """
        return HEADER + self.generator.text

    @cached_property
    def module(self) -> GeneratedModule:
        """The compiled file.

        Returns
        -------
        GeneratedModule
            Where it is kept.
        """
        return GeneratedModule(self.text, self._folder)

    def warm(self, state: ArmState) -> None:
        """Compiles the pass for arrays like those of a state, or loads its machine code; the state does not change.

        Parameters
        ----------
        state : ArmState
            The state of an arm.

        Raises
        ------
        CompilationError
            For a kernel that cannot be compiled, and if LLVM cannot be imported.
        StoringError
            If the generated file or its machine code cannot be stored.
        """
        self._functions_for(state)

    def _functions_for(self, state: ArmState) -> SimpleNamespace:
        """The compiled loops for the types of a state; populations of one layout may store a trait in different widths."""
        population = state.population
        key = (
            population.citizens.dtype, population.districts.dtype, population.firms.dtype, population.ties.dtype,
            population.tie_start.dtype,
        )  # fmt: skip
        if key not in self._functions:
            import_llvm()
            examples = self._examples(state)
            loops = {name: tuple(map(type_of, arguments)) for name, arguments in examples.items()}
            try:
                self._functions[key] = self.module.load(loops)
            except CompilationError as error:
                raise CompilationError(
                    f"A kernel cannot be compiled; the generated source is {self.module.path}.\n{error}"
                ) from error
        return self._functions[key]

    def _examples(self, state: ArmState) -> dict[str, tuple[Any, ...]]:
        """Arguments with which each loop could be called, whose types are those of all calls."""
        population, nowhere = state.population, state.totals[:0]
        # The seed as two words, as the generator takes its key.
        key = np.uint32(0), np.uint32(0)
        places = (
            state.districts, population.districts, state.centre, state.parameters, state.active_table, nowhere,
        )  # fmt: skip
        found: dict[str, tuple[Any, ...]] = {
            "citizens": (0, 0, *self.arguments(state, 0, 0), NO_TURNS),
            "reduce": (state.blocks, state.rows[:0], nowhere),
            "post": (state.blocks, state.citizens, state.post_target, state.post_amount, state.post_count),
            "districts": (0, *key, *places),
            "pairs": (0, 0, *_pair_arguments(state, state, len(self.paired))),
        }
        if self.layout.schedule == "sequential":
            found["order"] = *key, 0, np.uint32(0), np.zeros(0, np.uint64)
        if self.generator.firm:
            found["firms"] = 0, *key, state.firms, population.firms, *places
        return found

    def step(self, state: ArmState, seed: int, week: int) -> None:
        """One week of one arm; afterwards `state.totals` holds its sums.

        Parameters
        ----------
        state : ArmState
            The state of the arm, changed in place.
        seed : int
            Random seed of the replicate, 64 bits.
        week : int
            Weeks since the start of the run, from 0.

        Raises
        ------
        RunningError
            If a sum of a plug-in reached its limit.
        """
        loops, arguments = self._functions_for(state), self.arguments(state, seed, week)
        if self.layout.schedule == "sequential":
            activation_order = self._activation_order(state, seed, week)
            loops.citizens(0, len(activation_order), *arguments, activation_order)
        else:
            self._loop_threads.run(loops.citizens, len(state.blocks), (*arguments, NO_TURNS))
        self.settle(state, seed, week)

    def _activation_order(self, state: ArmState, seed: int, week: int) -> NDArray[np.int64]:
        """The order in which citizens take their turns this week, in the sequential schedule."""
        keys = np.empty(len(state.citizens), np.uint64)
        self._functions_for(state).order(
            np.uint32(seed & 0xFFFFFFFF), np.uint32(seed >> 32), week, np.uint32(ORDER), keys
        )
        return state.activation_order(keys)

    def settle(self, state: ArmState, seed: int, week: int) -> None:
        """The end of a week, after the citizens: sums, post, firms, districts and the centre.

        Parameters
        ----------
        state : ArmState
            The state of the arm, changed in place.
        seed : int
            Random seed of the replicate.
        week : int
            Weeks since the start of the run.

        Raises
        ------
        RunningError
            If a sum of a plug-in reached its limit.
        """
        loops, population = self._functions_for(state), state.population
        self._limits.hold(self._limits.sizes(state.rows), week)
        key = np.uint32(seed & 0xFFFFFFFF), np.uint32(seed >> 32)
        loops.reduce(state.blocks, state.rows, state.totals)
        if self.layout.channels:
            loops.post(state.blocks, state.citizens, state.post_target, state.post_amount, state.post_count)
        places = (
            state.districts, population.districts, state.centre, state.parameters, state.active_table, state.totals,
        )  # fmt: skip
        if self.generator.firm:
            loops.firms(week, *key, state.firms, population.firms, *places)
        loops.districts(week, *key, *places)
        self._limits.hold(self._limits.sizes(state.totals), week)
        if self.layout.schedule == "synchronous":
            state.swap_signals()

    def arguments(self, state: ArmState, seed: int, week: int) -> tuple[Any, ...]:
        """What the loop over citizens is given beside its range and the order of turns.

        Parameters
        ----------
        state : ArmState
            The state of the arm.
        seed : int
            Random seed of the replicate.
        week : int
            Weeks since the start of the run.

        Returns
        -------
        tuple
        """
        population = state.population
        return (
            week, np.uint32(seed & 0xFFFFFFFF), np.uint32(seed >> 32), state.blocks, state.citizens, population.citizens,
            state.districts, population.districts, state.centre, state.parameters, state.active_table, state.shown, state.showing,
            population.tie_start, population.ties, state.rows, state.post_target, state.post_amount, state.post_count,
            state.firms, population.firms, state.citizens if state.ahead is None else state.ahead,
        )  # fmt: skip

    def compare(self, reference: ArmState, regime: ArmState) -> NDArray[np.int64]:
        """Compute the sums of the comparisons of two arms in the week through which both have just been stepped.

        Parameters
        ----------
        reference : ArmState
            The state of the reference arm.
        regime : ArmState
            The state of the regime arm.

        Returns
        -------
        array of int64, shape (cells, sums)
            The sums by cell.
        """
        arguments = _pair_arguments(reference, regime, len(self.paired))
        self._loop_threads.run(self._functions_for(reference).pairs, len(reference.blocks), arguments)
        totals: NDArray[np.int64] = arguments[-1].sum(axis=0)
        return totals


def _pair_arguments(reference: ArmState, regime: ArmState, sums: int) -> tuple[Any, ...]:
    """What the loop over pairs is given beside its range."""
    # Sums by block, so that threads never add to the same place.
    rows = np.zeros((len(reference.blocks), CELLS, max(sums, 1)), np.int64)
    return (
        reference.blocks, reference.citizens, regime.citizens, reference.population.citizens, reference.shown,
        regime.shown, rows,
    )  # fmt: skip
