"""Record types: how columns lie in the state of a citizen, firm, district or the centre."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from glasshouse.model.component import Component
from glasshouse.model.declarations import Column

STORED = ("?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "f4", "f8")
"""Types that a column can have."""

INDEX = "index"
"""The field of `me` that gives the citizen's own number, which nobody declares."""


def record(columns: Sequence[Column]) -> np.dtype[Any]:
    """Record type of some columns, widest first, so that none is misaligned and little is lost to padding.

    Parameters
    ----------
    columns : sequence of Column
        In the order of their declaration.

    Returns
    -------
    numpy.dtype
    """
    fields = [item for column in columns for item in column.fields().items()]
    fields.sort(key=lambda item: -np.dtype(item[1]).itemsize)
    # NumPy has no empty records: one without columns keeps a padding byte.
    return np.dtype(fields or [("nothing", "u1")], align=True)


def fields(dtype: np.dtype[Any]) -> dict[str, np.dtype[Any]]:
    """The fields of a record type with what each holds.

    Parameters
    ----------
    dtype : numpy.dtype
        A record type.

    Returns
    -------
    dict
    """
    return {name: dtype[name] for name in dtype.names or ()}


def columns_of(mechanism: type[Component], kind: str) -> tuple[Column, ...]:
    """The columns that a mechanism owns in the records of one kind (one of `KERNELS`).

    Parameters
    ----------
    mechanism : Component class
        The owner.
    kind : str
        One of `KERNELS`.

    Returns
    -------
    tuple of Column
    """
    return {
        "citizen": mechanism.columns,
        "firm": mechanism.firm_columns,
        "district": mechanism.district_columns,
        "centre": mechanism.centre_columns,
    }[kind]
