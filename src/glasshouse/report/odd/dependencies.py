"""The week as the kernels' sources tell it: its steps in order, and who reads what of whom.

Nothing here runs. What a kernel reads, assigns, draws, adds and sends is taken from its source, and whose it is from the
declarations, so that a drawing of the week cannot disagree with the week.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from glasshouse.engine.compiler.effects import KernelEffects, kernel_effects
from glasshouse.engine.compiler.layout import ARGUMENTS, ModelLayout
from glasshouse.engine.compiler.records import columns_of
from glasshouse.engine.compiler.symbols import CROWDS
from glasshouse.model.component import KERNELS, Component
from glasshouse.model.declarations import Column, Trait
from glasshouse.model.entities import CITIZEN_TRAITS, DISTRICT_TRAITS, FIRM_TRAITS

TRAITS: Mapping[str, tuple[Trait, ...]] = {
    "citizen": CITIZEN_TRAITS,
    "firm": FIRM_TRAITS,
    "district": DISTRICT_TRAITS,
}
"""What each kind of entity is for good."""

KINDS = tuple(kind for kind in dict.fromkeys((*KERNELS, *TRAITS)))
"""Every kind of entity: those that have kernels in week order, then those that only have traits."""

PLURALS = {"citizen": "citizens", "firm": "firms", "district": "districts", "centre": "the centre"}

How = Literal["this week", "last week", "others", "total", "sent", "ahead"]
"""How a step comes by what another keeps: as of this or of last week; shown by others last week; added up this week;
sent last week; or taken from a record of its own kind that is not its own, which lies ahead."""


@dataclass(frozen=True)
class Step:
    """One kernel in the order of a week; `place` counts all steps from 1."""

    place: int
    kind: str
    mechanism: type[Component]
    effects: KernelEffects

    @property
    def name(self) -> str:
        """The mechanism's name."""
        return self.mechanism.name

    @property
    def words(self) -> str:
        """For example “step 3, every citizen”: when and for whom it runs."""
        return f"step {self.place}, {PLURALS[self.kind] if self.kind == 'centre' else f'every {self.kind}'}"


@dataclass(frozen=True)
class Link:
    """That `reader` reads `field`, which `owner` keeps, adds to or sends, and from which `record` it does."""

    reader: Step
    owner: Step
    record: str
    field: str
    how: How


@dataclass(frozen=True)
class Wiring:
    """The steps of a week for these mechanisms, and every link between them."""

    mechanisms: tuple[type[Component], ...]

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """All kernels in week order: kind after kind, and within a kind in the order of the mechanisms.

        Returns
        -------
        tuple of Step
            The steps, numbered from 1.
        """
        kernels = [
            (kind, mechanism, kernel)
            for kind in KERNELS
            for mechanism in self.mechanisms
            if (kernel := mechanism.kernel(kind)) is not None
        ]
        return tuple(Step(n, kind, owner, kernel_effects(kernel)) for n, (kind, owner, kernel) in enumerate(kernels, 1))

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """Every reading of what a step keeps; a step's own columns are left out.

        Returns
        -------
        tuple of Link
            The readings, sorted by reader, owner, field and record.
        """
        found = {link for step in self.steps for link in self._links(step)}
        return tuple(
            sorted(found, key=lambda link: (link.reader.place, link.owner.place, link.field, link.record, link.how))
        )

    def traits_read(self, step: Step) -> tuple[tuple[str, str], ...]:
        """List the traits that a step reads.

        Parameters
        ----------
        step : Step
            The step.

        Returns
        -------
        tuple of tuple of str
            Kind of entity and name of each trait, in the order of the declarations.
        """
        read = {(self._kinds.get((step.kind, record), ""), name) for record, name in step.effects.reads}
        return tuple(
            (kind, trait.name) for kind in KINDS for trait in TRAITS.get(kind, ()) if (kind, trait.name) in read
        )

    def steps_of(self, mechanism: type[Component]) -> tuple[Step, ...]:
        """Select the steps of one mechanism.

        Parameters
        ----------
        mechanism : type of Component
            The mechanism.

        Returns
        -------
        tuple of Step
            Its steps, in week order.
        """
        return tuple(step for step in self.steps if step.mechanism is mechanism)

    def summary(self, step: Step) -> str:
        """Say what a step does.

        Parameters
        ----------
        step : Step
            The step.

        Returns
        -------
        str
            The first sentence of its mechanism's docstring; for its further steps, what they keep or add up.
        """
        if step == self.steps_of(step.mechanism)[0]:
            return summary(step.mechanism)
        columns = sorted({name for _, name in step.effects.assigns})
        return f"keeps {', '.join(columns)}" if columns else f"adds up {', '.join(step.effects.adds) or 'nothing'}"

    def _links(self, step: Step) -> Iterator[Link]:
        own = ARGUMENTS[step.kind][0]
        for record, name in step.effects.reads:
            if record == "total":
                adders = [s for s in self.steps if name in s.effects.adds and s.place < step.place]
                yield from (Link(step, adder, record, name, "total") for adder in adders)
                continue
            kind = "citizen" if record in CROWDS else self._kinds.get((step.kind, record), "")
            column = self._columns.get((kind, name))
            if column is None:
                continue
            mechanism, declared = column
            if record == own and any(inbox.name == name for inbox in mechanism.inboxes):
                senders = [s for s in self.steps if name in s.effects.sends]
                yield from (Link(step, sender, record, name, "sent") for sender in senders)
                continue
            owner = next((s for s in self.steps if s.kind == kind and s.mechanism is mechanism), None)
            if owner is not None and (record in CROWDS or owner is not step):
                yield Link(step, owner, record, declared, self._how(step, owner, record, kind))

    def _how(self, step: Step, owner: Step, record: str, kind: str) -> How:
        if record in CROWDS:
            return "others"
        if kind == step.kind and record != ARGUMENTS[kind][0]:
            return "ahead"
        return "this week" if owner.place < step.place else "last week"

    @cached_property
    def _kinds(self) -> dict[tuple[str, str], str]:
        """The kind of entity that each record of each kind of kernel is.

        A record is of the kind that shares most fields with what the kernels' vocabulary knows of it.
        """
        layout = ModelLayout(self.mechanisms)
        fields = {
            kind: {name for owner, name in self._columns if owner == kind} | {t.name for t in TRAITS.get(kind, ())}
            for kind in KINDS
        }
        found: dict[tuple[str, str], str] = {}
        for step in self.steps:
            known = layout.symbol_table(step.mechanism, step.kind).known
            for record in known.keys() - CROWDS - {"p", "total"}:
                found[step.kind, record] = max(KINDS, key=lambda kind: len(fields[kind] & known[record]))
            found[step.kind, ARGUMENTS[step.kind][0]] = step.kind
        return found

    @cached_property
    def _columns(self) -> dict[tuple[str, str], tuple[type[Component], str]]:
        """The mechanism that owns each (kind, field), and the name under which it declares it."""
        found: dict[tuple[str, str], tuple[type[Component], str]] = {}
        for mechanism in self.mechanisms:
            for kind in KERNELS:
                for column in columns(mechanism, kind):
                    found |= {(kind, name): (mechanism, column.name) for name in (column.name, *column.fields())}
            found |= {("citizen", signal.name): (mechanism, signal.name) for signal in mechanism.signals}
            found |= {("citizen", inbox.name): (mechanism, inbox.name) for inbox in mechanism.inboxes}
        return found


def columns(mechanism: type[Component], kind: str) -> Sequence[Column]:
    """List the columns that a mechanism owns in the records of a kind.

    Parameters
    ----------
    mechanism : type of Component
        The mechanism.
    kind : str
        The kind of entity.

    Returns
    -------
    sequence of Column
        The columns; none where a kind has no kernels.
    """
    return columns_of(mechanism, kind) if kind in KERNELS else ()


def heading(kind: str) -> str:
    """Name a kind of entity as a heading: “Citizens”, “Centre”.

    Parameters
    ----------
    kind : str
        The kind of entity.

    Returns
    -------
    str
        The heading.
    """
    return PLURALS.get(kind, kind).removeprefix("the ").capitalize()


def summary(mechanism: type[Component]) -> str:
    """Take the first sentence of a mechanism's docstring.

    Parameters
    ----------
    mechanism : type of Component
        The mechanism.

    Returns
    -------
    str
        The sentence on one line, without its full stop.
    """
    first = (mechanism.__doc__ or "").strip().split("\n\n")[0].replace("\n", " ")
    return " ".join(first.split()).removesuffix(".")
