"""Which safeguards a regime can be given, and the arms that have them, each alone and all together."""

from collections.abc import Sequence
from dataclasses import dataclass

from glasshouse.analysis.remedies import remedy
from glasshouse.analysis.remedies.remedy import Remedy, Tables, Treatment, lacking
from glasshouse.errors import AnalysisError
from glasshouse.model.component import Component
from glasshouse.model.mechanisms.feedback import Feedback
from glasshouse.model.mechanisms.investigation import Investigation
from glasshouse.model.mechanisms.screening import Screening
from glasshouse.scenario.messages import nearest
from glasshouse.scenario.scenario import Scenario

SAFEGUARDS = (*remedy.SAFEGUARDS, "traits", "blind")
"""Safeguards by name: those of lists, and those of screening."""

TOGETHER = "all together"
"""Name of the arm with all safeguards."""


@dataclass(frozen=True)
class ScreeningTreatment(Treatment):
    """Safeguards of a regime that is about screening alone: its lists, which are those of the reference, stay as they are."""

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
            The tables with what the safeguards change in screening.
        """
        treated = super().tables(week, in_force, reference)
        return tuple(
            new if is_of_screening(new) else old for new, old in zip(treated, in_force, strict=True)
        )  # fmt: skip


def is_of_screening(table: Component) -> bool:
    """Whether a table is one of screening.

    Parameters
    ----------
    table : Component
        A table of a scenario.

    Returns
    -------
    bool
        True for `screening`, `investigation` and `feedback`.
    """
    return isinstance(table, Screening | Investigation | Feedback)


def only_screens(scenario: Scenario) -> bool:
    """Whether a regime differs from its reference in screening alone, so that lists and agencies are the same in both.

    Parameters
    ----------
    scenario : Scenario
        The scenario.

    Returns
    -------
    bool
        False for a regime that differs in nothing.
    """
    versions = (scenario.mechanisms, *(change.tables for change in scenario.changes))
    differing = [
        one for tables in versions for one, other in zip(tables, scenario.reference, strict=True) if one != other
    ]
    return bool(differing) and all(map(is_of_screening, differing))


def check_names(names: Sequence[str]) -> None:
    """Refuse what is no safeguard.

    Parameters
    ----------
    names : sequence of str
        The names.

    Raises
    ------
    AnalysisError
        If one is no safeguard.
    """
    for name in names:
        if name not in SAFEGUARDS:
            raise AnalysisError(
                f"{name}: there is no such safeguard.{nearest(name, SAFEGUARDS)} Choose from {', '.join(SAFEGUARDS)}."
            )


def treatments(scenario: Scenario, names: Sequence[str]) -> dict[str, Treatment]:
    """The arms that have safeguards from the start of the regime on.

    Parameters
    ----------
    scenario : Scenario
        The regime.
    names : sequence of str
        Safeguards, some of `SAFEGUARDS`.

    Returns
    -------
    dict of str to Treatment
        An arm for each safeguard that changes something in the regime, and one for all of these if there are several.
        A safeguard of lists changes nothing in a regime whose lists are those of its reference.
    """
    kind = ScreeningTreatment if only_screens(scenario) else Treatment
    found: dict[str, Treatment] = {}
    for one in map(Remedy, names):
        treatment = kind((one,), scenario.run.start)
        before = scenario.mechanisms
        if not lacking([one], before) and treatment.tables(treatment.week, before, scenario.reference) != before:
            found[one.name] = treatment
    if len(found) > 1:
        together = tuple(each.remedies[0] for each in found.values())
        found[TOGETHER] = kind(together, scenario.run.start)
    return found
