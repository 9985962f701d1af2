"""What each validated regime predicts: the published figures, as formulas over the sums of small runs.

Selection is taken from chances (`cases_expected`), not from the few cases that small populations open, and findings from the
chance that an investigation ends with one, as `investigation` has it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from math import log
from typing import Any

from glasshouse.engine import run as engine
from glasshouse.model.measure import Sums
from glasshouse.results.groups import EVERYBODY, cells_of
from glasshouse.results.result import Result
from glasshouse.scenario.scenario import load
from glasshouse.study.factor import Factor

Figures = dict[str, float]
Settings = Mapping[str, Any]
FASTER = 4.0
SMALL = {
    "society.district_size": 2048, "run.start": 0, "run.weeks": 26, "run.replicates": 1, "screening.every": 52.0 / FASTER,
    "reference.screening.every": 52.0 / FASTER,
}  # fmt: skip
"""Half a year in which everybody is scored every quarter, with four times the capacity: each score then has the chances that a
score a year has at the capacity, and a quarter of the weeks tells as much."""

TABLES = ("recipients", "screening", "investigation")
IDLE = ("mistake", "habit", "duration", "line")
"""Settings of these tables on which no published figure of these regimes depends."""


@dataclass(frozen=True)
class Chances:
    """What is expected about a group in an arm: those scored, and chances to be chosen and to be found irregular.

    Attributes
    ----------
    scored, irregular : float
        Scores, and those about irregular claims.
    chosen, chosen_irregular : float
        Chances to be chosen, added up, and those of irregular claims.
    right, wrong, wrong_by_lot : float
        Chances of a finding: where the claim is irregular, of one who was chosen where it is not, and of one drawn by lot.
    """

    scored: float
    irregular: float
    chosen: float
    chosen_irregular: float
    right: float
    wrong: float
    wrong_by_lot: float

    @property
    def found_by_lot(self) -> float:
        """Share of a random sample that is found irregular."""
        share = self.irregular / self.scored
        return share * self.right + (1.0 - share) * self.wrong_by_lot

    @property
    def wrongly_found(self) -> float:
        """Expected findings about those chosen whose claim is not irregular."""
        return (self.chosen - self.chosen_irregular) * self.wrong

    @property
    def found(self) -> float:
        """Expected findings about those chosen."""
        return self.chosen_irregular * self.right + self.wrongly_found


def chances(result: Result, group: str = EVERYBODY, arm: str = "regime") -> Chances:
    """The chances of a group in an arm of a run.

    Parameters
    ----------
    result : Result
        A run with one replicate.
    group : str
        A group whose members judge alike, or all where no finding depends on a group.
    arm : str
        The arm.

    Returns
    -------
    Chances
        Its chances over the window.
    """
    weekly = result.weekly_totals[0].arm(arm).weekly[result.window][:, cells_of(group, result.groups)]
    sums = Sums(weekly.sum(axis=(0, 1)), result.sums)
    judging: Any = next(one for one in result.scenario.mechanisms if one.name == "investigation")
    bias = judging.false_finding_minority if group == "minority" else 1.0
    false = 1.0 - judging.specificity
    return Chances(
        scored=float(sums.screened),
        irregular=float(sums.screened_irregular),
        chosen=float(sums.cases_expected),
        chosen_irregular=float(sums.cases_expected_irregular),
        right=judging.sensitivity,
        wrong=min(1.0, false * judging.confirmation * bias),
        wrong_by_lot=min(1.0, false * (1.0 + judging.bias_in_lot * (bias - 1.0))),
    )


def hastened(settings: Settings, capacity: float) -> dict[str, Any]:
    """Settings with the capacity of scores every quarter.

    Parameters
    ----------
    settings : mapping of str to object
        Settings over a scenario.
    capacity : float
        The capacity where they have none, per 1,000 recipients and year.

    Returns
    -------
    dict of str to object
        The settings, with `FASTER` times the capacity.
    """
    return {**settings, "screening.capacity": FASTER * settings.get("screening.capacity", capacity)}


def parental_benefit(settings: Settings) -> Figures:
    """Figures of Sweden's temporary parental benefit.

    Parameters
    ----------
    settings : mapping of str to object
        Settings over the scenario.

    Returns
    -------
    dict of str to float
        Shares, those of held-out figures in percent.
    """
    result = engine.run(
        load("elsewhere/parental-benefit", {**SMALL, "society.citizens": 20_000, **hastened(settings, 6.0)}), threads=1
    )
    names = {
        "woman": "woman",
        "man": "not woman",
        "low_income": "below median income",
        "high_income": "not below median income",
        "low_education": "not college",
        "high_education": "college",
        "foreign": "minority",
        "swedish": "not minority",
    }
    everybody = chances(result)
    found = {"hit_rate": 100.0 * everybody.found / everybody.chosen}
    for name, group in names.items():
        one = chances(result, group)
        found[f"lot_{name}"] = one.found_by_lot
        found[f"precision_{name}"] = 100.0 * one.found / one.chosen
        found[f"flagged_{name}"] = 100.0 * (one.chosen - one.found) / (one.scored * (1.0 - one.found_by_lot))
        found[f"chosen_{name}"] = (1.0 if name == "low_education" else 100.0) * one.chosen / everybody.chosen
    return found


def _choice(minority: Chances, rest: Chances) -> Figures:
    """What is published of a choice by hand: chosen and found in both groups."""
    shares = {name: 100.0 * one.chosen / one.scored for name, one in (("rest", rest), ("minority", minority))}
    hits = {name: 100.0 * one.found / one.chosen for name, one in (("rest", rest), ("minority", minority))}
    return {
        **{f"chosen_{name}": share for name, share in shares.items()},
        "chosen_ratio": shares["minority"] / shares["rest"],
        **{f"found_{name}": hit for name, hit in hits.items()},
        "found_all": 100.0 * (minority.found + rest.found) / (minority.chosen + rest.chosen),
        "found_ratio": hits["minority"] / hits["rest"],
    }


def student_grants(settings: Settings, *, later: bool = False) -> Figures:
    """Figures of Dutch student grants.

    All adults stand for students, since nothing in the chain depends on age; so fewer citizens are simulated. The reference arm
    has the risk profile alone, with as many selected as are in its top two classes.

    Parameters
    ----------
    settings : mapping of str to object
        Settings over the scenario.
    later : bool
        Whether figures of 2019 are wanted, in another run: 18.5 of 1,000 chosen.

    Returns
    -------
    dict of str to float
        Shares, those of held-out figures in percent.
    """
    profile = {
        "recipients.from_age": 0.0, "recipients.to_age": 120.0, "reference.screening.capacity": 172.0 * FASTER,
        "reference.screening.random_share": 0.0, "society.citizens": 10_000,
    }  # fmt: skip
    result = engine.run(load("elsewhere/student-grants", {**SMALL, **profile, **hastened(settings, 14.3)}), threads=1)
    minority, rest = chances(result, "minority"), chances(result, "not minority")
    found = _choice(minority, rest)
    for name, group in (("rest", "not minority"), ("minority", "minority")):
        one = chances(result, group, "reference")
        found[f"top_two_{name}"] = one.chosen / one.scored
        found[f"lot_{name}"] = chances(result, group).found_by_lot
    scored = minority.scored + rest.scored
    found["lot"] = (minority.scored * found["lot_minority"] + rest.scored * found["lot_rest"]) / scored
    found["wrong_of_found"] = 100.0 * (minority.wrongly_found + rest.wrongly_found) / (minority.found + rest.found)
    if later:
        more = student_grants({**settings, "screening.capacity": 18.5 / (1.0 - 0.107)})
        found |= {f"later_{name}": more[name] for name in _choice(minority, rest)}
    return found


def income_averaging(settings: Settings) -> Figures:
    """Figures of Robodebt, in which nearly half of the recipients get a letter a year.

    Parameters
    ----------
    settings : mapping of str to object
        Settings over the scenario.

    Returns
    -------
    dict of str to float
        Shares, the held-out one in percent.
    """
    year = {**SMALL, "run.weeks": 52, "screening.every": 52.0, "reference.screening.every": 52.0}
    result = engine.run(load("elsewhere/income-averaging", {**year, "society.citizens": 12_000, **settings}), threads=1)
    everybody = chances(result)
    return {
        "no_debt": 1.0 - everybody.found / everybody.chosen,
        "correctly": 1.0 - everybody.irregular / everybody.scored,
        "wrong_debts": 100.0 * everybody.wrongly_found / everybody.found,
    }


@dataclass(frozen=True)
class Regime:
    """A regime that is validated: its scenario, its figures, and settings that are set with others.

    Attributes
    ----------
    name : str
        Name of the scenario and of the files of figures.
    title : str
        Heading of its section.
    figures : callable
        The figures that are fitted at some settings.
    predicted : callable
        All figures at some settings.
    odds : mapping of str to (float, float)
        Prior ranges of the odds ratios of groups, all assumed.
    tied : mapping of str to str
        Settings that take another's value.
    """

    name: str
    title: str
    figures: Callable[[Settings], Figures]
    predicted: Callable[[Settings], Figures]
    odds: Mapping[str, tuple[float, float]]
    tied: Mapping[str, str] = field(default_factory=dict)

    def factors(self) -> tuple[Factor, ...]:
        """The settings in doubt, with their prior ranges, over which they are uniform.

        Returns
        -------
        tuple of Factor
            Those that the scenario's file leaves in doubt and on which a published figure depends. Factors of a ratio in great
            doubt are logarithms (`in_logarithms`).
        """
        return tuple(
            Factor(key, *(log(end) for end in ends) if in_logarithms(ends) else ends)
            for key, ends in self.priors().items()
        )

    def priors(self) -> dict[str, tuple[float, float]]:
        """Prior ranges of the settings in doubt.

        Returns
        -------
        dict of str to (float, float)
            Those that the scenario's file gives, and those of odds by group, which a scenario states without a range.
        """
        return {**_given(self.name), **self.odds}


@cache
def _given(name: str) -> dict[str, tuple[float, float]]:
    """Prior ranges in the scenario's file."""
    priors = load(f"elsewhere/{name}").priors.items()
    return {".".join(keys): ends for keys, ends in priors if keys[0] in TABLES and keys[1] not in IDLE}


def in_logarithms(ends: tuple[float, float]) -> bool:
    """Whether a prior is uniform in the logarithm: where both ends are positive and the one is five times the other or more.

    Parameters
    ----------
    ends : tuple of float
        Ends of the range.

    Returns
    -------
    bool
        True for ratios and odds in such doubt.
    """
    return 0.0 < 5.0 * ends[0] <= ends[1]


REGIMES = (
    Regime(
        "parental-benefit",
        "Sweden's temporary parental benefit, 2017",
        parental_benefit,
        parental_benefit,
        {
            "recipients.odds_woman": (0.6, 1.6),
            "recipients.odds_below_median_income": (0.8, 2.5),
            "recipients.odds_minority": (0.7, 2.5),
            "recipients.odds_college": (0.35, 1.2),
        },
    ),
    Regime(
        "student-grants",
        "Dutch student grants, 2014 and 2019",
        student_grants,
        lambda settings: student_grants(settings, later=True),
        {"recipients.odds_minority": (0.3, 7.8)},
        {"reference.screening.weight_minority": "screening.weight_minority"},
    ),
    Regime(
        "income-averaging",
        "Debts from averaged incomes in Australia, 2016 to 2019",
        income_averaging,
        income_averaging,
        {},
    ),
)
"""The regimes of the page, in its order."""
