"""The state of one arm, which carries over from week to week: all of a run that changes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glasshouse.engine.blocks import BLOCK_SIZE, block_bounds
from glasshouse.engine.compiler.layout import SIGNALS_PER_WORD, ModelLayout
from glasshouse.engine.compiler.records import fields
from glasshouse.errors import RunningError
from glasshouse.model.entities import ALIGN, CELLS, Population
from glasshouse.rng import TURNS, stream

ORDER = stream(TURNS)
"""The stream whose draws decide the order of turns in the sequential schedule."""

STEP = 1 << 20
"""Citizens whose ties are checked at a time, to need little memory."""

MOST_TIES = (1 << 64 // SIGNALS_PER_WORD) - 256
"""Ties that a count can hold beside a household of at most 255."""


@dataclass
class ArmState:
    """State arrays of one arm.

    Shapes: n citizens, f firms, d districts, b blocks of citizens, s sums, c channels of messages.

    Attributes
    ----------
    population : Population
        The population, which all arms of a replicate share.
    blocks : ndarray of int64, shape (b, 3)
        First citizen, end and district of the blocks that threads step.
    citizens, firms, districts, centre : structured ndarray, shapes (n,), (f + 1,), (d,), (1,)
        Records of the layout's types. The last of `firms` is no firm and keeps its initial values; citizens without a
        workplace read it.
    shown, showing : ndarray of uint64
        Last week's signals and this week's, as packed bits.
    parameters : ndarray of float64, shape (3, slots)
        Parameters before the regime, under it and once it has changed.
    active_table : ndarray of uint8, shape (d,)
        Which row of `parameters` is in force in each district.
    rows, totals : ndarray of int64, shapes (b, cells, s), (d, cells, s)
        The week's sums by block and by district.
    post_target, post_amount : ndarray, shape (c, n)
        Receivers and amounts of the messages that citizens send one another.
    post_count : ndarray of int64, shape (b, c)
        How many of them each block has sent.
    ahead : structured ndarray, shape (n,), or None
        Citizens of the look-ahead arm, which kernels read as `ahead`; None: this arm's own citizens.
    """

    population: Population
    blocks: NDArray[np.int64]
    citizens: NDArray[np.void]
    firms: NDArray[np.void]
    districts: NDArray[np.void]
    centre: NDArray[np.void]
    shown: NDArray[np.uint64]
    showing: NDArray[np.uint64]
    parameters: NDArray[np.float64]
    active_table: NDArray[np.uint8]
    rows: NDArray[np.int64]
    totals: NDArray[np.int64]
    post_target: NDArray[np.uint32]
    post_amount: NDArray[np.int32]
    post_count: NDArray[np.int64]
    ahead: NDArray[np.void] | None = None

    STORED = ("citizens", "firms", "districts", "centre", "shown", "active_table")
    """The arrays that carry over from week to week: what a checkpoint stores."""

    @classmethod
    def fresh(
        cls, layout: ModelLayout, population: Population, parameters: NDArray[np.float64], *, block: int = BLOCK_SIZE
    ) -> "ArmState":
        """An arm at week 0: every column has its initial value and no district is under the regime.

        Parameters
        ----------
        layout : ModelLayout
            Memory layout of the mechanisms.
        population : Population
            The population.
        parameters : ndarray of float64, shape (2 + changes, slots)
            Parameters before the regime, under it and from each of its changes on.
        block : int
            Citizens (a multiple of 64) that one thread steps at a time; the results do not depend on it.

        Returns
        -------
        ArmState
            The fresh state.

        Raises
        ------
        RunningError
            If the population breaks the order that `Population` promises.
        """
        _check(layout, population, block)
        people, places = len(population.citizens), len(population.districts)
        stretch = block_bounds(population.districts, block)
        words = (people * layout.bits + 63) // 64
        sums, channels = max(len(layout.sums), 1), len(layout.channels)
        return cls(
            population=population,
            blocks=stretch,
            citizens=layout.initial("citizen", people),
            firms=layout.initial("firm", len(population.firms) + 1),
            districts=layout.initial("district", places),
            centre=layout.initial("centre", 1),
            shown=np.zeros(words, np.uint64),
            showing=np.zeros(words, np.uint64),
            parameters=parameters,
            active_table=np.zeros(places, np.uint8),
            rows=np.zeros((len(stretch), CELLS, sums), np.int64),
            totals=np.zeros((places, CELLS, sums), np.int64),
            post_target=np.empty((channels, people if channels else 0), np.uint32),
            post_amount=np.empty((channels, people if channels else 0), np.int32),
            post_count=np.zeros((len(stretch), max(channels, 1)), np.int64),
        )

    def take_over(self, other: "ArmState") -> None:
        """Copy all that carries over from week to week from another arm of the same population.

        Parameters
        ----------
        other : ArmState
            The arm to copy.
        """
        for name in self.STORED:
            getattr(self, name)[...] = getattr(other, name)

    def swap_signals(self) -> None:
        """End the week for signals: what citizens showed this week is what their contacts see in the next."""
        self.shown, self.showing = self.showing, self.shown

    def activation_order(self, keys: NDArray[np.uint64]) -> NDArray[np.int64]:
        """The order in which citizens act in the sequential schedule.

        Parameters
        ----------
        keys : ndarray of uint64, shape (n,)
            Each holds a citizen's draw in the upper half and their index in the lower, so that equal draws go by index.

        Returns
        -------
        ndarray of int64, shape (n, 2)
            Citizens in their order, and the block of each.
        """
        order = (np.sort(keys) & np.uint64(0xFFFFFFFF)).astype(np.int64)
        return np.stack([order, np.searchsorted(self.blocks[:, 0], order, side="right") - 1], axis=1)


def _check(layout: ModelLayout, population: Population, block: int) -> None:
    """What the compiled pass relies on without looking: a population that breaks it would overwrite memory."""
    people = len(population.citizens)
    first, size = (population.districts[name].astype(np.int64) for name in ("first", "size"))
    if len(first) and (first[0] != 0 or first[-1] + size[-1] != people or (first[1:] != (first + size)[:-1]).any()):
        raise RunningError(f"The districts do not follow one another from citizen 0 to citizen {people - 1}.")
    if (first % ALIGN).any() or block % ALIGN or block < ALIGN:
        raise RunningError(f"A district or block begins at a citizen whose number is no multiple of {ALIGN}.")
    # Where membership of a group is state, any byte gives a cell.
    known = layout.membership is not None or "cell" not in fields(layout.traits) or people == 0
    if not known and population.citizens["cell"].max() >= CELLS:
        raise RunningError(
            f"A citizen is of cell {population.citizens['cell'].max()}; there are cells 0 to {CELLS - 1}."
        )
    homes = (
        population.firms["district"]
        if "district" in fields(layout.firm_traits)
        else np.zeros(len(population.firms), "i1")
    )
    if len(homes) and not 0 <= homes.min() <= homes.max() < len(first):
        raise RunningError(f"A firm stands in district {homes.max()}; there are districts 0 to {len(first) - 1}.")
    if len(population.tie_start) != people + 1 or population.tie_start[-1] > len(population.ties):
        raise RunningError(f"{people} citizens need {people + 1} starts of ties; {len(population.tie_start)} came.")
    for start in range(0, people, STEP):
        most = int(np.diff(population.tie_start[start : start + STEP + 1].astype(np.int64)).max())
        if most > MOST_TIES:
            raise RunningError(f"A citizen has {most} ties; {MOST_TIES} at most can be counted.")
