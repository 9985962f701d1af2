"""Parameters that differ by group of citizens: a factor for each group that a scenario can declare.

A factor holds for its group whether or not the scenario declares it, since a declaration says what is counted. A study
varies the factors of declared groups, and others only by name.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from glasshouse.model.declarations import Role, Table, param
from glasshouse.model.entities import GROUPS

WOMAN, LONE_PARENT, UNDER_25, FROM_50, POOREST, BELOW_MEDIAN, MINORITY, MIGRANT, RURAL, COLLEGE_GRADUATE = (
    1 << place for place in range(len(GROUPS))
)
"""Bits of the trait `groups`."""

NAMES = {
    "woman": "women",
    "lone parent": "lone parents",
    "under 25": "people under 25",
    "50 and over": "people of 50 and over",
    "poorest fifth": "the poorest fifth",
    "below median income": "people below median income",
    "minority": "minorities",
    "migrant": "migrants",
    "rural": "people in the countryside",
    "college": "people who went to college",
}
"""Groups as sentences name them."""


def of_groups(
    groups: int,
    others: float,
    woman: float,
    lone_parent: float,
    under_25: float,
    from_50: float,
    poorest: float,
    below_median: float,
    minority: float,
    migrant: float,
    rural: float,
    college: float,
) -> float:
    """The product of the factors of the groups that a citizen belongs to.

    Parameters
    ----------
    groups : int
        The citizen's groups, the trait `groups`.
    others : float
        Zero if all factors but those of minorities and migrants are 1.
    woman : float
        Factor of women.
    lone_parent : float
        Factor of lone parents.
    under_25 : float
        Factor of people under 25.
    from_50 : float
        Factor of people of 50 and over.
    poorest : float
        Factor of the poorest fifth.
    below_median : float
        Factor of people below median income.
    minority : float
        Factor of minorities.
    migrant : float
        Factor of migrants.
    rural : float
        Factor of people in the countryside.
    college : float
        Factor of people who went to college.

    Returns
    -------
    float
        The product.
    """
    factor = (minority if groups & MINORITY else 1.0) * (migrant if groups & MIGRANT else 1.0)
    if others > 0.0:
        factor *= woman if groups & WOMAN else 1.0
        factor *= lone_parent if groups & LONE_PARENT else 1.0
        factor *= under_25 if groups & UNDER_25 else 1.0
        factor *= from_50 if groups & FROM_50 else 1.0
        factor *= poorest if groups & POOREST else 1.0
        factor *= below_median if groups & BELOW_MEDIAN else 1.0
        factor *= rural if groups & RURAL else 1.0
        factor *= college if groups & COLLEGE_GRADUATE else 1.0
    return factor


def sum_of_groups(
    groups: int,
    woman: float,
    lone_parent: float,
    under_25: float,
    from_50: float,
    poorest: float,
    below_median: float,
    minority: float,
    migrant: float,
    rural: float,
    college: float,
) -> float:
    """The sum of the weights of the groups that a citizen belongs to.

    Parameters
    ----------
    groups : int
        The citizen's groups, the trait `groups`.
    woman : float
        Weight of women.
    lone_parent : float
        Weight of lone parents.
    under_25 : float
        Weight of people under 25.
    from_50 : float
        Weight of people of 50 and over.
    poorest : float
        Weight of the poorest fifth.
    below_median : float
        Weight of people below median income.
    minority : float
        Weight of minorities.
    migrant : float
        Weight of migrants.
    rural : float
        Weight of people in the countryside.
    college : float
        Weight of people who went to college.

    Returns
    -------
    float
        The sum.
    """
    weight = woman if groups & WOMAN else 0.0
    weight += lone_parent if groups & LONE_PARENT else 0.0
    weight += under_25 if groups & UNDER_25 else 0.0
    weight += from_50 if groups & FROM_50 else 0.0
    weight += poorest if groups & POOREST else 0.0
    weight += below_median if groups & BELOW_MEDIAN else 0.0
    weight += minority if groups & MINORITY else 0.0
    weight += migrant if groups & MIGRANT else 0.0
    weight += rural if groups & RURAL else 0.0
    weight += college if groups & COLLEGE_GRADUATE else 0.0
    return weight


def _intensity(group: str, default: float = 1.0, prior: tuple[float, float] = (0.5, 2.0)) -> Any:
    return _factor(
        group, f"Intensity of observation of {NAMES[group]}, relative to others.", default, prior, "assumption"
    )


def _base_rate(group: str) -> Any:
    return _factor(group, f"Rate of breaches by {NAMES[group]}, relative to others.", 1.0, (0.5, 2.0), "uncertainty")


def _factor(group: str, doc: str, default: float, prior: tuple[float, float], role: Role) -> Any:
    return param(default, doc, unit="ratio", bounds=(0, 20), prior=prior, role=role, group=group)


def _weight(group: str) -> Any:
    doc = f"What the risk score adds for {NAMES[group]}."
    return param(0.0, doc, unit="standard deviations", bounds=(-3, 3), prior=(-0.5, 0.5), role="lever", group=group)


def _eligible(group: str) -> Any:
    return param(
        1.0,
        f"Share of {NAMES[group]} who are entitled to the benefit, relative to others.",
        unit="ratio",
        bounds=(0, 20),
        source="who draws the benefit, by its published statistics; equal by default",
        role="design",
        group=group,
    )


def _odds(group: str) -> Any:
    return param(
        1.0,
        f"Odds that the claim of {NAMES[group]} is irregular, relative to others.",
        unit="odds ratio",
        bounds=(0.02, 50),
        source="errors found by lot in each group, where a regime publishes them; equal by default",
        role="design",
        group=group,
    )


def _leaning(group: str) -> Any:
    return param(
        0.0,
        f"What a reviewer who chooses adds for {NAMES[group]}.",
        unit="standard deviations",
        bounds=(-3, 3),
        prior=(-0.8, 0.8),
        role="uncertainty",
        group=group,
    )


def _found_rightly(group: str) -> Any:
    doc = f"Chance that an irregular claim of {NAMES[group]} is found out in an investigation, relative to others."
    return _factor(group, doc, 1.0, (0.8, 1.2), "assumption")


def _found_wrongly(group: str) -> Any:
    doc = f"Chance that {NAMES[group]} are found irregular who are not, relative to others."
    return _factor(group, doc, 1.0, (0.5, 4.0), "assumption")


class GroupFactors(Table):
    """A factor for each group of citizens, under names with one prefix."""

    prefix: ClassVar[str]
    """How the names of the factors begin."""

    def other_groups(self) -> Mapping[str, float]:
        """Whether a group other than minorities and migrants has a factor.

        Returns
        -------
        Mapping[str, float]
            `other_groups`, 0 if all of their factors are 1, and 1 otherwise.
        """
        names = (self.prefix + group.replace(" ", "_") for group in GROUPS if group not in ("minority", "migrant"))
        return {"other_groups": float(any(getattr(self, name) != 1.0 for name in names))}


class GroupIntensities(GroupFactors):
    """How closely agencies watch members of each group, all else equal."""

    prefix: ClassVar[str] = "intensity_"

    intensity_woman: float = _intensity("woman")
    intensity_lone_parent: float = _intensity("lone parent")
    intensity_under_25: float = _intensity("under 25")
    intensity_50_and_over: float = _intensity("50 and over")
    intensity_poorest_fifth: float = _intensity("poorest fifth")
    intensity_below_median_income: float = _intensity("below median income")
    intensity_minority: float = _intensity("minority", 1.5, (1.0, 3.0))
    intensity_migrant: float = _intensity("migrant", 1.2, (1.0, 2.0))
    intensity_rural: float = _intensity("rural")
    intensity_college: float = _intensity("college")


class GroupBaseRates(GroupFactors):
    """How often members of each group breach rules, all else equal."""

    prefix: ClassVar[str] = "base_rate_"

    base_rate_woman: float = _base_rate("woman")
    base_rate_lone_parent: float = _base_rate("lone parent")
    base_rate_under_25: float = _base_rate("under 25")
    base_rate_50_and_over: float = _base_rate("50 and over")
    base_rate_poorest_fifth: float = _base_rate("poorest fifth")
    base_rate_below_median_income: float = _base_rate("below median income")
    base_rate_minority: float = _base_rate("minority")
    base_rate_migrant: float = _base_rate("migrant")
    base_rate_rural: float = _base_rate("rural")
    base_rate_college: float = _base_rate("college")


class GroupWeights(Table):
    """What a risk score adds for members of each group, on top of its signal."""

    weight_woman: float = _weight("woman")
    weight_lone_parent: float = _weight("lone parent")
    weight_under_25: float = _weight("under 25")
    weight_50_and_over: float = _weight("50 and over")
    weight_poorest_fifth: float = _weight("poorest fifth")
    weight_below_median_income: float = _weight("below median income")
    weight_minority: float = _weight("minority")
    weight_migrant: float = _weight("migrant")
    weight_rural: float = _weight("rural")
    weight_college: float = _weight("college")


class GroupReviewerWeights(Table):
    """What a reviewer who chooses adds for members of each group, on top of what the score adds."""

    reviewer_weight_woman: float = _leaning("woman")
    reviewer_weight_lone_parent: float = _leaning("lone parent")
    reviewer_weight_under_25: float = _leaning("under 25")
    reviewer_weight_50_and_over: float = _leaning("50 and over")
    reviewer_weight_poorest_fifth: float = _leaning("poorest fifth")
    reviewer_weight_below_median_income: float = _leaning("below median income")
    reviewer_weight_minority: float = _leaning("minority")
    reviewer_weight_migrant: float = _leaning("migrant")
    reviewer_weight_rural: float = _leaning("rural")
    reviewer_weight_college: float = _leaning("college")


class GroupClaims(Table):
    """Who is entitled to a benefit in each group, and how often their claims are irregular."""

    eligible_woman: float = _eligible("woman")
    eligible_lone_parent: float = _eligible("lone parent")
    eligible_under_25: float = _eligible("under 25")
    eligible_50_and_over: float = _eligible("50 and over")
    eligible_poorest_fifth: float = _eligible("poorest fifth")
    eligible_below_median_income: float = _eligible("below median income")
    eligible_minority: float = _eligible("minority")
    eligible_migrant: float = _eligible("migrant")
    eligible_rural: float = _eligible("rural")
    eligible_college: float = _eligible("college")

    odds_woman: float = _odds("woman")
    odds_lone_parent: float = _odds("lone parent")
    odds_under_25: float = _odds("under 25")
    odds_50_and_over: float = _odds("50 and over")
    odds_poorest_fifth: float = _odds("poorest fifth")
    odds_below_median_income: float = _odds("below median income")
    odds_minority: float = _odds("minority")
    odds_migrant: float = _odds("migrant")
    odds_rural: float = _odds("rural")
    odds_college: float = _odds("college")


class GroupFindings(Table):
    """How well an investigation judges members of each group, with errors of both kinds."""

    sensitivity_woman: float = _found_rightly("woman")
    sensitivity_lone_parent: float = _found_rightly("lone parent")
    sensitivity_under_25: float = _found_rightly("under 25")
    sensitivity_50_and_over: float = _found_rightly("50 and over")
    sensitivity_poorest_fifth: float = _found_rightly("poorest fifth")
    sensitivity_below_median_income: float = _found_rightly("below median income")
    sensitivity_minority: float = _found_rightly("minority")
    sensitivity_migrant: float = _found_rightly("migrant")
    sensitivity_rural: float = _found_rightly("rural")
    sensitivity_college: float = _found_rightly("college")

    false_finding_woman: float = _found_wrongly("woman")
    false_finding_lone_parent: float = _found_wrongly("lone parent")
    false_finding_under_25: float = _found_wrongly("under 25")
    false_finding_50_and_over: float = _found_wrongly("50 and over")
    false_finding_poorest_fifth: float = _found_wrongly("poorest fifth")
    false_finding_below_median_income: float = _found_wrongly("below median income")
    false_finding_minority: float = _found_wrongly("minority")
    false_finding_migrant: float = _found_wrongly("migrant")
    false_finding_rural: float = _found_wrongly("rural")
    false_finding_college: float = _found_wrongly("college")
