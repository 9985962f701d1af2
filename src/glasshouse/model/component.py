"""The contract that every submodel keeps, built in or a plug-in's: mechanisms and statistics alike.

A component is a class whose fields are its table in a scenario file, whose docstring gives the equation and its source,
and whose static methods `citizen`, `firm`, `district` and `centre` are its kernels. A kernel is a plain function of the
arguments below, takes any subset of those that its kind has by name, and returns nothing:

=============  =====================================================================================================
`me`           the citizen: any trait or column can be read, the component's own columns and signals can be assigned
               (`me.index` is the citizen's index in the population, to send to them or, by `household_place`, to their
               household)
`ahead`        in `citizen` kernels: the same citizen's columns in the reference arm `LEAD` weeks later, as that week
               leaves them there; their own columns, as last week left them, unless a mechanism `needs_ahead`
`work`         in `citizen` kernels: the citizen's workplace, traits and columns, as last week left it; for those who
               have none, every trait reads 0 and every column its initial value
`firm`         in `firm` kernels: this firm, traits and columns, own columns writable
`here`         the citizen's or firm's district, as last week left it (in a `district` kernel: this district, own columns
               writable)
`nation`       the centre's columns, as last week left them (in a `centre` kernel: own columns writable)
`contacts`     how many contacts, household included, showed a signal last week; `contacts.number` is how many there are
`household`    the same for the other household members alone; `household.number` likewise
`p`            the component's own parameters and constants
`draw`         `draw("purpose")`: uniform on [0, 1), of this citizen (or firm, or district) and week; a second argument
               replaces the week
`add`          `add("sum")` or `add("sum", amount)`: adds to this district's and cell's total of the week (a firm adds to
               its district's, cell 0)
`send`         `send("inbox", citizen, whole_number)`: reaches the citizen with that index next week; an inbox of several
               elements takes the element as a fourth argument
`read` …       in `citizen` kernels of the sequential schedule: `read`, `write`, `tie` and `ties` of any citizen
               (`engine/compiler/agent_access.py`)
`total`        in `district` and `centre` kernels: this week's sums over the district or the nation
`week`         weeks since the start of the run, from 0
=============  =====================================================================================================

Inside a kernel: arithmetic with + - * / and comparisons, `if`, `while`, `for k in range(constant)`, calls of plain
helper functions, and numbers that the module declares as constants. A `while` counts its turns with a local whole number
up to a limit, so that it is shown to end. No exp, log, power or trigonometry (tables
instead), so that machines agree to the last bit. A column that a component earlier in the week owns reads as of this
week, one of a later component as of the last.

An element of a vector is named by a constant (`me.right[2]`, `me.right[k]` in a loop over constants). Packed columns,
parameter vectors and global tuples of numbers also take an index that is known only at run time (`p.points[me.breach]`).
`any(me.filed)` says whether some element of a vector is not zero.

A week goes through all citizens, gathers what they added and sent, and then goes through firms, districts and the
centre. Parameters are those in force in the district: a firm's is the one that its trait `district` names.
"""

from collections.abc import Callable, Mapping
from math import frexp
from typing import Any, ClassVar

from glasshouse.model.agencies import THE_FOUR, Agencies
from glasshouse.model.declarations import Column, Inbox, Signal, Sum, Table

KERNELS = ("citizen", "firm", "district", "centre")
"""Kinds of kernels, in the order of a week."""

CONSTANT_BITS = 40
"""Significant bits of a constant, so that the last bits of one machine's library do not travel into results."""


class Component(Table):
    """What mechanisms and statistics have in common; subclass `Mechanism` or `Statistic`, never this.

    Fields are parameters, class variables declare what the component owns, static methods are its kernels.
    """

    name: ClassVar[str]
    """Its table in scenario files, and what others call it."""

    stream_key: ClassVar[str] = ""
    """What its random draws are keyed by, if not its name: a component that is renamed declares its old name here, so
    that its draws stay the same."""

    columns: ClassVar[tuple[Column, ...]] = ()
    firm_columns: ClassVar[tuple[Column, ...]] = ()
    district_columns: ClassVar[tuple[Column, ...]] = ()
    centre_columns: ClassVar[tuple[Column, ...]] = ()
    signals: ClassVar[tuple[Signal, ...]] = ()
    sums: ClassVar[tuple[Sum, ...]] = ()
    inboxes: ClassVar[tuple[Inbox, ...]] = ()
    draws: ClassVar[tuple[str, ...]] = ()
    """Purposes it draws for. The order is part of the results: new ones go to the end."""

    shared_draws: ClassVar[Mapping[str, int]] = {}
    """Purposes of the citizen kernel that nearly all citizens draw for nearly every week, each with its word (0 to 3) of
    one generator call that all components share. No two components may use the same word; one component may use a word
    for several purposes if a citizen never needs two of them in one week."""

    after: ClassVar[str] = ""
    """The component that one of a plug-in comes after in the week, by name; without one it comes last."""

    off: ClassVar[Mapping[str, Any]] = {}
    """Settings with which it changes nothing for the others, as if it had no kernels; none where it cannot be switched
    off. `glasshouse.testing` checks it."""

    agencies: ClassVar[Agencies] = THE_FOUR
    """The agencies that its vectors and kernels are for. Where a scenario declares further ones, `agency_sizes` makes a
    class for them."""

    sums_by_context: ClassVar[tuple[Sum, ...]] = ()
    """Sums that it keeps for the context of each further agency as well; {k} and {context} in their names and meanings
    stand for its place and its name."""

    def constants(self) -> Mapping[str, float]:
        """Values that kernels read as `p.name` beside the parameters, computed once from them (rates, factors).

        Here, and only here, powers and logarithms are allowed: each constant is rounded to `CONSTANT_BITS`.

        Returns
        -------
        Mapping[str, float]
            The value of each constant by the name that kernels read it under.
        """
        return {}

    def needs_ahead(self) -> bool:
        """Whether its kernel, with this table, reads `ahead`; then a third arm runs ahead of the two.

        It must be False for a table of the reference arm, which cannot be forecast from itself.

        Returns
        -------
        bool
            False, unless a subclass says otherwise.
        """
        return False

    @classmethod
    def kernel(cls, kind: str) -> Callable[..., None] | None:
        """The kernel for one kind of entity.

        Parameters
        ----------
        kind : str
            One of `KERNELS`.

        Returns
        -------
        Callable or None
            The plain function, or None where the component has no kernel of that kind.
        """
        kernel: Any = getattr(cls, kind, None)
        return kernel if callable(kernel) else None

    @classmethod
    def stream_name(cls, kind: str) -> str:
        """The name of the random stream that the kernel of one kind draws from.

        Parameters
        ----------
        kind : str
            One of `KERNELS`.

        Returns
        -------
        str
            The key of the component's draws and the kind, as `rng.stream` takes it.
        """
        return f"{cls.stream_key or cls.name}.{kind}"

    def values(self) -> dict[str, float | tuple[float, ...]]:
        """All that its kernels can read as `p.name`: parameters and constants, texts left out.

        Returns
        -------
        dict[str, float or tuple of float]
            A number for each scalar, a tuple for each vector; constants are rounded to `CONSTANT_BITS`.
        """
        found: dict[str, float | tuple[float, ...]] = {}
        for name in type(self).model_fields:
            value = getattr(self, name)
            if isinstance(value, bool | int | float):
                found[name] = float(value)
            elif isinstance(value, tuple):
                found[name] = tuple(float(element) for element in value)
        for name, constant in self.constants().items():
            found[name] = rounded(constant)
        return found


def rounded(value: float) -> float:
    """A number rounded to `CONSTANT_BITS` significant bits.

    Parameters
    ----------
    value : float
        Any finite number.

    Returns
    -------
    float
        The nearest number with that many significant bits.
    """
    mantissa, exponent = frexp(value)
    return float(round(mantissa * 2.0**CONSTANT_BITS)) * 2.0 ** (exponent - CONSTANT_BITS)
