"""Which regimes are put side by side, on which populations."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from glasshouse.analysis.default_size import CITIZENS
from glasshouse.analysis.ranking.safeguards import SAFEGUARDS, check_names
from glasshouse.analysis.sharing import check_sharing
from glasshouse.errors import AnalysisError
from glasshouse.model.entities import GROUPS
from glasshouse.population import marginals_files
from glasshouse.population.groups import without_members
from glasshouse.scenario.files import library_names
from glasshouse.scenario.scenario import Scenario

COMMON: Mapping[str, Any] = {
    "run.weeks": 156,
    "run.start": 52,
    "society.citizens": CITIZENS,
    "society.marginals": "netherlands-2020s",
    "society.groups": ("woman", "lone parent", "minority", "below median income"),
}
"""Settings that all regimes get on one population, unless others are given."""

LEAST_REGIMES = 2


@dataclass(frozen=True)
class RankQuestion:
    """What is asked.

    Attributes
    ----------
    scenarios : tuple of Scenario
        The regimes, each as it is run.
    shared : bool
        Whether all have one population and common random numbers; else each has its own.
    own : tuple of str
        The marginals of each regime's own country, in the order of the scenarios.
    safeguards : tuple of str
        Safeguards that are tried on each; none if empty.
    """

    scenarios: tuple[Scenario, ...]
    shared: bool
    own: tuple[str, ...] = ()
    safeguards: tuple[str, ...] = SAFEGUARDS

    def check(self) -> None:
        """Refuse what cannot be put side by side.

        Raises
        ------
        AnalysisError
            If there are fewer than two regimes, two of one name, or a safeguard that does not exist.
        ScenarioError
            If regimes that are to share random numbers differ in [run] or [society].
        """
        check_names(self.safeguards)
        names = [one.name for one in self.scenarios]
        if len(names) < LEAST_REGIMES:
            raise AnalysisError(
                f"{', '.join(names) or 'No scenario'}: regimes are put side by side from two on. Name another scenario."
            )
        if twice := [name for name in names if names.count(name) > 1]:
            raise AnalysisError(f"{twice[0]} stands twice. Name each scenario once, and give files different names.")
        if self.shared:
            for other in self.scenarios[1:]:
                check_sharing(self.scenarios[0], other)


def usual_regimes() -> tuple[str, ...]:
    """The regimes of other countries that ship.

    Returns
    -------
    tuple of str
        Their names, as `load` takes them.
    """
    return tuple(name for name in library_names() if name.startswith("elsewhere/"))


def lacking_groups(scenario: Scenario) -> tuple[str, ...]:
    """Groups that a regime treats differently and that the population does not have.

    Parameters
    ----------
    scenario : Scenario
        The regime, with its population.

    Returns
    -------
    tuple of str
        Names of groups; what the scenario says of them has no effect.
    """
    missing = without_members(marginals_files.load(scenario.society.marginals))
    tables = (*scenario.mechanisms, *scenario.reference)
    return tuple(group for group in GROUPS if group in missing and any(_differs(table, group) for table in tables))


def other_meanings(scenario: Scenario, own: str) -> dict[str, tuple[str, str]]:
    """Groups whose words mean something else in a regime's own country than in the population.

    Parameters
    ----------
    scenario : Scenario
        The regime, with its population.
    own : str
        The marginals of the regime's own country.

    Returns
    -------
    dict of str to (str, str)
        For each such group what it means there and here; here it can be nothing.
    """
    here, there = (marginals_files.load(name).meanings.given() for name in (scenario.society.marginals, own))
    return {group: (text, here.get(group, "")) for group, text in there.items() if here.get(group) != text}


def _differs(table: Any, group: str) -> bool:
    """Whether a table has a factor or weight of a group that is not the default."""
    ending = f"_{group.replace(' ', '_')}"
    return any(
        name.endswith(ending) and getattr(table, name) != field.default
        for name, field in type(table).model_fields.items()
    )
