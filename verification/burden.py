"""Are the poorest wrongly restricted more often than others, over all that is in doubt?

    python verification/burden.py [SCENARIO …] [--draws 24] [--citizens 8000] [--levers]

Takes about ten minutes on two cores. Each draw gives every uncertain parameter that has a prior range a value from it (a Latin
hypercube), and has a population of its own. What the regime sets stays, since it is what a scenario is about; `--levers` varies
it too, so that a welfare office may then share its files with the police. The figure is the ratio of adult-weeks in wrongful
restriction for each adult-week, in the poorest fifth over all others, under the regime: wrongful by the regime's own rule,
undeserved, which a restriction is too that rests on a claim that was irregular by mistake, and by law. Draws without such a
restriction among others have no ratio and count as no.

The share of draws above 1 is wanted between 60 and 95 %. Its error is binomial: with 24 draws a share of 80 % has a standard
error of 8 points. Noise within draws counts as well, since a draw is one population. Writes the table into docs/model.md, but
for a choice of scenarios or with --levers.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from pages import MODEL, replace_table

from glasshouse.engine import run as engine
from glasshouse.model.measure import Sums
from glasshouse.results.groups import cells_of
from glasshouse.results.result import Result
from glasshouse.scenario.scenario import Scenario, load, override
from glasshouse.study.design import settings_of
from glasshouse.study.design_points import latin_hypercube
from glasshouse.study.prior_factors import GROUPS, UNCERTAINTIES, Group, prior_factors

WELFARE = ("elsewhere/machine-accusations", "elsewhere/sticky-list")
SCENARIOS = ("social-governance", *WELFARE)
GROUP = "poorest fifth"
COUNTS = {"by the own rule": "listed_wrongly", "undeserved": "listed_undeserved", "by law": "listed_unlawfully"}
"""Which adult-weeks in wrongful restriction each yardstick counts."""

PUBLISHED = (
    "Published: people below median income wrongly flagged 3.1 times as often as those above (Sweden, parental benefit, 2017); "
    "over 40 % of the victims from the lowest fifth of incomes (Netherlands, childcare benefit), a ratio of 2.7."
)


@dataclass(frozen=True)
class Burden:
    """Ratios of a scenario's draws by one yardstick, NaN where a draw has none."""

    scenario: str
    yardstick: str
    ratios: tuple[float, ...]

    @property
    def share(self) -> float:
        """Share of the draws in which the ratio is above 1."""
        return sum(ratio > 1.0 for ratio in self.ratios) / len(self.ratios)

    @property
    def error(self) -> float:
        """Binomial standard error of this share."""
        return float(np.sqrt(self.share * (1.0 - self.share) / len(self.ratios)))

    def line(self) -> str:
        """The row of the table."""
        known = [ratio for ratio in self.ratios if np.isfinite(ratio)]
        low, middle, high = np.quantile(known, [0.05, 0.5, 0.95]) if known else (np.nan,) * 3
        share = f"{100 * self.share:.0f} ± {100 * self.error:.0f} %"
        figures = f"{share} | {middle:.2f} | {low:.2f} to {high:.2f} | {len(self.ratios) - len(known)}"
        return f"| `{self.scenario}` | {self.yardstick} | {figures} |"


def ratio(one: Sums, others: Sums, name: str) -> float:
    """A count for each adult-week, in a group over all others; NaN where others have none."""
    if not getattr(others, name):
        return float("nan")
    return float((getattr(one, name) / one.adults) / (getattr(others, name) / others.adults))


def group_sums(result: Result, group: str) -> Sums:
    """Sums of the regime arm over all its weeks, of one group."""
    weeks = [
        totals.arm("regime").weekly[result.window][:, cells_of(group, result.groups)] for totals in result.weekly_totals
    ]
    return Sums(np.sum(weeks, axis=(0, 1, 2)), result.sums)


def burdens(
    name: str, scenario: Scenario, groups: tuple[Group, ...], draws: int, rng: np.random.Generator
) -> tuple[Burden, ...]:
    """The ratios at draws from the priors of a scenario's parameters of some groups."""
    factors = prior_factors(scenario, groups=groups)
    found: dict[str, list[float]] = {yardstick: [] for yardstick in COUNTS}
    for number, point in enumerate(latin_hypercube(factors, draws, rng)):
        result = engine.run(override(scenario, {**settings_of(factors, point), "run.seed": number + 1}))
        one, others = (group_sums(result, group) for group in (GROUP, f"not {GROUP}"))
        for yardstick, count in COUNTS.items():
            found[yardstick].append(ratio(one, others, count))
    return tuple(Burden(name, yardstick, tuple(ratios)) for yardstick, ratios in found.items())


def table(found: Sequence[Burden], command: str) -> list[str]:
    """The page's lines."""
    return [
        f"Written by `{command}`; intervals of the share are one binomial standard error.",
        "",
        "| scenario | wrongful | draws above 1 | median ratio | 5 to 95 % of draws | draws without a ratio |",
        "|---|---|---|---|---|---|",
        *(one.line() for one in found),
        "",
        PUBLISHED,
    ]


def main() -> None:
    """Draws, runs and writes the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("scenarios", nargs="*", default=SCENARIOS)
    parser.add_argument("--draws", type=int, default=24)
    parser.add_argument("--citizens", type=int, default=8000)
    parser.add_argument("--seed", type=int, default=23)
    parser.add_argument("--levers", action="store_true")
    given = parser.parse_args()
    found: list[Burden] = []
    for name in given.scenarios:
        scenario = override(load(name), {"society.citizens": given.citizens, "run.replicates": 1})
        groups = GROUPS if given.levers else UNCERTAINTIES
        found += burdens(name, scenario, groups, given.draws, np.random.default_rng(given.seed))
        print("\n".join(one.line() for one in found[-len(COUNTS) :]), flush=True)
    if tuple(given.scenarios) == SCENARIOS and not given.levers:
        command = f"python verification/burden.py --draws {given.draws} --citizens {given.citizens}"
        replace_table("burden", table(found, command), MODEL)


if __name__ == "__main__":
    main()
