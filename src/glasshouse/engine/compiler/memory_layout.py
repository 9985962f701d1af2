"""The memory layout of a model: every column, signal, sum, channel and parameter of its mechanisms has a place."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from glasshouse.engine.compiler import packing
from glasshouse.engine.compiler.effects import inboxes_sent
from glasshouse.engine.compiler.records import columns_of, fields, record
from glasshouse.model.component import KERNELS, Component
from glasshouse.model.declarations import Signal, Sum
from glasshouse.model.entities import CITIZEN, DISTRICT, FIRM
from glasshouse.model.packed_numbers import Packing


@dataclass(frozen=True)
class MemoryLayout:
    """Mechanisms in week order with the layout of everything they own.

    Parameters
    ----------
    mechanisms : tuple of mechanism classes
        In the order in which their kernels run.
    traits, district_traits, firm_traits : numpy.dtype
        Record types of what synthesis gives a citizen, district and firm.
    schedule : {"synchronous", "sequential"}
        What citizens see of one another. Synchronous: all of last week's signals, so that their order means nothing.
        Sequential: one citizen acts after the other, in an order drawn anew each week; each sees the present signals and
        has `read`, `write`, `tie` and `ties` of other citizens (see `agent_access`).
    """

    mechanisms: tuple[type[Component], ...]
    traits: np.dtype[Any] = CITIZEN
    district_traits: np.dtype[Any] = DISTRICT
    firm_traits: np.dtype[Any] = field(default=FIRM, kw_only=True)
    schedule: Literal["synchronous", "sequential"] = "synchronous"

    @cached_property
    def state(self) -> np.dtype[Any]:
        """Record type of a citizen's columns and inboxes.

        Returns
        -------
        numpy.dtype
            One field for each stored value, inboxes first.
        """
        # Inboxes are stored like columns, so that one store clears and one load reads them.
        inboxes = [inbox.column() for m in self.mechanisms for inbox in m.inboxes]
        return record(inboxes + [column for m in self.mechanisms for column in m.columns])

    @cached_property
    def firm(self) -> np.dtype[Any]:
        """Record type of a firm's columns.

        Returns
        -------
        numpy.dtype
            One field for each stored value.
        """
        return record([column for m in self.mechanisms for column in m.firm_columns])

    @cached_property
    def district(self) -> np.dtype[Any]:
        """Record type of a district's columns.

        Returns
        -------
        numpy.dtype
            One field for each stored value.
        """
        return record([column for m in self.mechanisms for column in m.district_columns])

    @cached_property
    def centre(self) -> np.dtype[Any]:
        """Record type of the centre's columns.

        Returns
        -------
        numpy.dtype
            One field for each stored value.
        """
        return record([column for m in self.mechanisms for column in m.centre_columns])

    @cached_property
    def signals(self) -> tuple[Signal, ...]:
        """All signals of the mechanisms.

        Returns
        -------
        tuple of Signal
            The signals; the position of a signal is its bit.
        """
        return tuple(signal for m in self.mechanisms for signal in m.signals)

    @cached_property
    def bits(self) -> int:
        """Bits of a word of shown signals that one citizen takes.

        Returns
        -------
        int
            1, 2, 4 or 8.
        """
        # A power of two, so that no citizen's signals lie across two words.
        return next(bits for bits in (1, 2, 4, 8) if bits >= len(self.signals))

    @cached_property
    def sums(self) -> tuple[Sum, ...]:
        """All sums of the mechanisms.

        Returns
        -------
        tuple of Sum
            The sums; the position of a sum is its slot.
        """
        return tuple(total for m in self.mechanisms for total in m.sums)

    @cached_property
    def channels(self) -> tuple[tuple[str, str], ...]:
        """Sender and inbox for each way that something is sent.

        Returns
        -------
        tuple of (str, str)
            Pairs of the sending mechanism and the inbox; the position of a pair is its channel.
        """
        # A channel for each sender and inbox: then each block has room for one letter a citizen, and none can overflow.
        inboxes = [inbox.name for m in self.mechanisms for inbox in m.inboxes]
        found = []
        for mechanism in self.mechanisms:
            kernel = mechanism.kernel("citizen")
            sent = inboxes_sent(kernel) if kernel else set()
            found += [(mechanism.name, inbox) for inbox in inboxes if inbox in sent]
        return tuple(found)

    @cached_property
    def slots(self) -> dict[tuple[str, str], int]:
        """Position of each parameter; each element of a vector has its own.

        Returns
        -------
        dict of (str, str) to int
            Position of each parameter by mechanism and field.
        """
        found: dict[tuple[str, str], int] = {}
        for mechanism in self.mechanisms:
            # Defaults stand for all tables: which parameters there are does not depend on their values.
            for name, value in mechanism().values().items():
                names = [f"{name}_{k}" for k in range(len(value))] if isinstance(value, tuple) else [name]
                for field_name in names:
                    found[mechanism.name, field_name] = len(found)
        return found

    def pack(self, mechanisms: Iterable[Component]) -> NDArray[np.float64]:
        """The parameter vector for these tables.

        Parameters
        ----------
        mechanisms : iterable of Component
            The tables of a scenario.

        Returns
        -------
        array of float64, shape (slots,)
        """
        packed = np.zeros(len(self.slots))
        for mechanism in mechanisms:
            for name, value in mechanism.values().items():
                elements = value if isinstance(value, tuple) else (value,)
                suffixes = [f"_{k}" for k in range(len(elements))] if isinstance(value, tuple) else [""]
                for suffix, element in zip(suffixes, elements, strict=True):
                    packed[self.slots[mechanism.name, name + suffix]] = element
        return packed

    def initial(self, kind: str, size: int) -> NDArray[np.void]:
        """Fresh records of one kind (one of `KERNELS`), each column at its initial value.

        Parameters
        ----------
        kind : str
            One of `KERNELS`.
        size : int
            How many records.

        Returns
        -------
        structured array, shape (size,)
        """
        types = {"citizen": self.state, "firm": self.firm, "district": self.district, "centre": self.centre}
        records = np.zeros(size, types[kind])
        for mechanism in self.mechanisms:
            for column in columns_of(mechanism, kind):
                for name in column.fields():
                    records[name] = packing.spread(column.initial, column.packing)
        return records

    @cached_property
    def arrays(self) -> dict[str, str]:
        """Array of the pass that holds each field of a citizen.

        Returns
        -------
        dict of str to str
            `_traits` or `_state` for each field; packed fields are left out.
        """
        # A packed field means nothing to `read`, which names no element.
        plain = [name for name in fields(self.state) if name not in self.packings["citizen"]]
        return {**dict.fromkeys(fields(self.traits), "_traits"), **dict.fromkeys(plain, "_state")}

    @cached_property
    def packings(self) -> dict[str, dict[str, Packing]]:
        """The packed columns and inboxes in the records of each kind.

        Returns
        -------
        dict of str to dict of str to Packing
            For each kind of kernel (one of `KERNELS`), the packing of each packed column by name.
        """
        found: dict[str, dict[str, Packing]] = {}
        for kind in KERNELS:
            columns = [column for m in self.mechanisms for column in columns_of(m, kind)]
            if kind == "citizen":
                columns += [inbox.column() for m in self.mechanisms for inbox in m.inboxes]
            found[kind] = {column.name: column.packing for column in columns if column.packing is not None}
        return found
