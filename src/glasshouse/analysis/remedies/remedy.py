"""What a remedy changes in the rules of a regime, from which week on, and for how long."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from glasshouse.errors import AnalysisError
from glasshouse.model.agencies import AGENCIES
from glasshouse.model.agency_sizes import original
from glasshouse.model.component import Component
from glasshouse.model.group_factors import GroupWeights
from glasshouse.model.mechanisms.feedback import Feedback
from glasshouse.model.mechanisms.investigation import Investigation
from glasshouse.model.mechanisms.lists import Lists
from glasshouse.model.mechanisms.safeguards import Safeguards
from glasshouse.model.mechanisms.screening import Screening
from glasshouse.scenario.messages import nearest

Tables = tuple[Component, ...]

RELEASE_WEEKS = 4
"""Weeks that a release takes: a restriction that ends leaves by two steps of a week each."""

USUAL = ("stop", "notice", "hearing", "review", "purge")
"""Remedies that are compared where none is named."""


@dataclass(frozen=True)
class Kind:
    """What a kind of remedy does.

    Attributes
    ----------
    title : str
        What it does, in a few words.
    safeguards : mapping of str to float
        Safeguards that it raises to these strengths, and never lowers.
    lists : mapping of str to object
        Settings of the lists that it replaces.
    screening : mapping of str to mapping of str to object
        Settings that it replaces, by table, where a scenario screens recipients.
    weeks : int
        How long it lasts; 0 for good.
    ends : bool
        Whether the tables of the reference are in force again.
    """

    title: str
    safeguards: Mapping[str, float] = field(default_factory=dict)
    lists: Mapping[str, Any] = field(default_factory=dict)
    screening: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    weeks: int = 0
    ends: bool = False


KINDS: dict[str, Kind] = {
    "stop": Kind("the regime ends, and the reference's rules are in force again", ends=True),
    "purge": Kind("all points on file are deleted once, but wrong matches and unpaid debts", {"expiry": 1.0}, weeks=1),
    "release": Kind(
        "all points are deleted once, and everybody's restrictions end within a month",
        {"expiry": 1.0},
        {"threshold": (1000.0,) * AGENCIES, "leave": 1.0, "spell": (0.0,) * AGENCIES, "delay_off": 0.0},
        weeks=RELEASE_WEEKS,
    ),
    "notice": Kind("the restricted are told of it and of the reason", {"notice": 1.0}),
    "review": Kind(
        "a human reviews every listing before it takes effect, and every choice of a score before a case is opened",
        {"review": 1.0},
        screening={Screening.name: {"reviewed": 1.0}},
    ),
    "hearing": Kind("citizens are heard before a listing takes effect", {"hearing": 1.0}),
    "appeal": Kind("every appeal is admitted", {"appeal": 1.0}),
    "kin": Kind("no sanction spills onto the household", {"kin": 1.0}),
    "speech": Kind("no record about speech is kept", {"speech": 1.0}),
    "audit": Kind("an outside audit of full strength", {"audit": 1.0}),
    "purpose": Kind("points of unrelated agencies do not count", {"purpose": 1.0}),
    "minimisation": Kind("a third of exposure is left unused", {"minimisation": 0.3}),
    "expiry": Kind("a point is deleted with a chance of 2 % a week more", {"expiry": 0.02}),
    "traits": Kind(
        "a score uses nothing about groups of people",
        screening={
            Screening.name: {**dict.fromkeys(GroupWeights.model_fields, 0.0), "use_of_base_rates": 0.0},
            Feedback.name: {"gain": 0.0},
        },
    ),
    "blind": Kind(
        "those who decide a case do not know whether a score or the lot opened it",
        screening={Investigation.name: {"confirmation": 1.0}},
    ),
}
"""The remedies by name. Expiry and minimisation have the upper ends of their prior ranges: at 1 no regime is left."""

SAFEGUARDS = tuple(name for name, kind in KINDS.items() if tuple(kind.safeguards) == (name,))
"""Remedies that are one safeguard each, for good."""


@dataclass(frozen=True)
class Remedy:
    """A remedy by its name.

    Attributes
    ----------
    name : str
        One of `KINDS`.
    """

    name: str

    @classmethod
    def named(cls, name: str) -> "Remedy":
        """The remedy of a name.

        Parameters
        ----------
        name : str
            One of `KINDS`.

        Returns
        -------
        Remedy
            The remedy.

        Raises
        ------
        AnalysisError
            If there is none of that name.
        """
        if name not in KINDS:
            raise AnalysisError(
                f"{name}: there is no such remedy.{nearest(name, KINDS)} Choose one of {', '.join(KINDS)}."
            )
        return cls(name)

    @property
    def kind(self) -> Kind:
        """What it does."""
        return KINDS[self.name]

    def applied(self, tables: Tables, reference: Tables) -> Tables:
        """The tables of a regime with this remedy.

        Parameters
        ----------
        tables : tuple of Component
            Tables in force.
        reference : tuple of Component
            Tables of the reference.

        Returns
        -------
        tuple of Component
            The tables with what the remedy changes.
        """
        kind = self.kind
        return reference if kind.ends else tuple(_changed(table, kind) for table in tables)


@dataclass(frozen=True)
class Treatment:
    """One or more remedies that begin in the same week.

    Attributes
    ----------
    remedies : tuple of Remedy
        The remedies; none for the regime as it is.
    week : int
        Week of the run from which they are in force.
    """

    remedies: tuple[Remedy, ...] = ()
    week: int = 0

    @property
    def dates(self) -> tuple[int, ...]:
        """Weeks in which something changes."""
        return tuple(
            sorted({self.week + one.kind.weeks for one in self.remedies} | {self.week}) if self.remedies else ()
        )

    def tables(self, week: int, in_force: Tables, reference: Tables) -> Tables:
        """The tables of a week.

        Parameters
        ----------
        week : int
            The week.
        in_force : tuple of Component
            Tables that the regime has in that week.
        reference : tuple of Component
            Tables of the reference.

        Returns
        -------
        tuple of Component
            The tables with all remedies that are in force.
        """
        for one in self.remedies:
            if self.week <= week and (not one.kind.weeks or week < self.week + one.kind.weeks):
                in_force = one.applied(in_force, reference)
        return in_force


def lacking(remedies: Sequence[Remedy], tables: Tables) -> list[str]:
    """Mechanisms that remedies change and a scenario does not have.

    Parameters
    ----------
    remedies : sequence of Remedy
        The remedies.
    tables : tuple of Component
        Tables of the scenario.

    Returns
    -------
    list of str
        Names of the mechanisms that are missing.
    """
    present = {original(type(table)) for table in tables}
    wanted = {
        model
        for one in remedies
        for model, settings in (
            (Safeguards, one.kind.safeguards),
            (Lists, one.kind.lists),
            # A safeguard of lists that screening has as well needs lists alone.
            (Screening, {} if one.kind.safeguards else one.kind.screening),
        )
        if settings
    }
    return sorted(model.name for model in wanted - present)


def _changed(table: Component, kind: Kind) -> Component:
    if isinstance(table, Safeguards) and kind.safeguards:
        update = {name: max(value, getattr(table, name)) for name, value in kind.safeguards.items()}
        return table.model_copy(update=update)
    if isinstance(table, Lists) and kind.lists:
        # All agencies alike, however many the scenario has.
        each = {
            name: value[:1] * table.agencies.number for name, value in kind.lists.items() if isinstance(value, tuple)
        }
        return table.model_copy(update={**kind.lists, **each})
    if table.name in kind.screening:
        return table.model_copy(update=kind.screening[table.name])
    return table
