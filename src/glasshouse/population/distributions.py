"""The conditional distributions that reproduce published marginals, worked out once for all districts.

What couples the marginals (who heads a household, who works and who is online at which age, how schooling falls with
age) is assumed in the file's shapes; its level is set by the published totals.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from glasshouse.errors import SynthesisError
from glasshouse.population.cells import AGES
from glasshouse.population.deviates import Floats
from glasshouse.population.marginals import ADULT_FROM, Marginal, Marginals, Shape

ROUNDING = 1e-9
"""How far rounding may take a chance above 1."""

_PARTY_BANDS = np.array([0, 0, 0, 0, *[0] * 2, *range(1, 7), *[7] * 7])
"""Row of the party's age table for each five-year band (18-30 begins with 20-24, one band late)."""


@dataclass(frozen=True)
class Distributions:
    """What a population is drawn from, worked out once for all districts."""

    household: Floats  # cumulative shares of household sizes, from 1
    head: Floats  # cumulative shares of age bands among heads of households
    other: Floats  # the same among all others
    head_female: float  # share of women among those who are not of a couple and head no lone-parent household
    lone: float  # share of lone parents among heads of households of two and more
    lone_female: float  # share of women among lone parents
    schooling: Floats  # cut points of the schooling score
    schooling_by_age: float  # standard scores lost with each age band
    schooling_in_town: float  # standard scores gained in a town
    migrant: Floats  # share by minority (no, yes) and residence (rural, urban)
    online: Floats  # chance of being online by residence (rural and urban) and age band
    work: Floats  # chance of work by age band
    farm: float  # share of rural workers on farms
    own_account: float  # share of self-employed among the workers off farms
    party: Floats  # chance of membership by age band, college and sex
    income: tuple[float, float]  # means over the median, rural and urban
    income_spread: tuple[float, float]
    poor: float  # income of the poorest fifth's upper end, over the median
    abroad: float  # share among adults
    generation: tuple[float, float]  # age of parents at birth, mean and standard deviation, in age bands
    children_at_home: float  # age band of heads around which the larger households lie
    parents_from: int  # age band from which further members of a household are parents of the head


def distributions(facts: Marginals) -> Distributions:
    """Solve the marginals for the conditional distributions that reproduce them.

    Parameters
    ----------
    facts : Marginals
        The published marginals.

    Returns
    -------
    Distributions
        The distributions from which the citizens of every district are drawn.

    Raises
    ------
    SynthesisError
        If tables and shapes contradict one another: it names each chance above 1 and what to change.
    """
    ages, sizes = facts.age.shares(), facts.household.shares()
    ages, sizes = ages / ages.sum(), sizes / sizes.sum()
    heads_per_person = 1.0 / float((sizes * np.arange(1, len(sizes) + 1)).sum())
    head = ages * facts.shapes.headship.chances
    head /= head.sum()
    other = np.clip(ages - heads_per_person * head, 0.0, None)
    lone = 0.0 if facts.lone_parents is None else facts.lone_parents.cells["lone parent"]
    employment = facts.employment.cells
    employed = 1.0 - employment["none"]
    schooling = _schooling(facts, ages, facts.urban)
    income, spread, poor = _incomes(facts)
    figures = facts.shapes.figures
    found = Distributions(
        household=np.cumsum(sizes),
        head=np.cumsum(head),
        other=np.cumsum(other) / other.sum(),
        head_female=_women(facts, heads_per_person, float(sizes[0]), lone),
        lone=lone / (1.0 - float(sizes[0])),
        lone_female=facts.figure("lone_parent_women"),
        schooling=schooling,
        schooling_by_age=figures.schooling_by_age.value,
        schooling_in_town=figures.schooling_in_town.value,
        migrant=_migration(facts),
        online=_online(facts, ages),
        work=_scaled(facts.shapes.work, ages, employed),
        farm=_farming(employment["farm"], employed * (1.0 - facts.urban)),
        own_account=employment["self-employed unit"] / (employment["legal unit"] + employment["self-employed unit"]),
        party=_membership(facts, facts.party, ages, schooling[3]) if facts.party else np.zeros((len(ages), 2, 2)),
        income=income,
        income_spread=spread,
        poor=poor,
        abroad=facts.figure("abroad") / float(ages[ADULT_FROM:].sum()),
        generation=(facts.figure("parent_age") / 5.0, facts.figure("parent_age_spread") / 5.0),
        children_at_home=figures.children_at_home.value / 5.0 - 0.5,
        parents_from=int(figures.parents_from.value / 5.0),
    )
    _require_chances(found, heads_per_person * head / ages)
    return found


def _women(facts: Marginals, heads: float, alone: float, lone: float) -> float:
    """Share of women among those who are not of a couple and no lone parents, from what these leave of all women.

    `heads` is the number of heads of households a person; `alone` and `lone` are shares of households.
    """
    paired, parents = 2 * heads * (1.0 - alone - lone), heads * lone
    women = facts.sex.cells["female"] - paired / 2 - parents * facts.figure("lone_parent_women")
    return women / (1.0 - paired - parents)


def _scaled(shape: Shape, ages: Floats, share: float) -> Floats:
    """Chance in each age band that has the proportions of a shape and a share of all people."""
    return shape.chances * (share / float((ages * shape.chances).sum()))


def _online(facts: Marginals, ages: Floats) -> Floats:
    """Chance of being online of rural and urban people in each age band."""
    shape = facts.shapes.online.chances
    return np.asarray((facts.by_residence("online") / float((ages * shape).sum()))[:, None] * shape)


def _farming(farms: float, rural: float) -> float:
    """Share of rural workers on farms; more than 1 where farms have workers and the countryside has none."""
    if farms == 0.0:
        return 0.0
    return farms / rural if rural > 0.0 else float("inf")


def _migration(facts: Marginals) -> Floats:
    """Chance of being a migrant by minority (no, yes) and residence (rural, urban), from the minority's share by migration.

    By Bayes' rule the minority multiplies each residence's share of migrants by its share among migrants over its share
    among all.
    """
    places = facts.by_residence("migrant")
    among, others = facts.minority_by_migration()
    if among == others:
        return np.array([places, places])
    minority = facts.minorities()
    return np.array([places * (1.0 - among) / (1.0 - minority), places * among / minority])


def _require_chances(known: Distributions, heads: Floats) -> None:
    """SynthesisError where tables and shapes together need a chance that is not one between 0 and 1."""
    by_age = {
        "[shapes.headship] and [household]: the chance of heading a household": heads,
        "[shapes.work] and [employment]: the chance of being employed": known.work,
        "[shapes.online] and [online]: the chance of being online": known.online.max(axis=0),
    }
    faults = [
        f"{what} would be {chances.max():.2f} at ages {AGES[int(chances.argmax())]}. Give the shape more of the other ages."
        for what, chances in by_age.items()
        if chances.max() > 1.0 + ROUNDING
    ]
    single = {
        "[sex] and [household]: the share of women among those who are not of a couple": known.head_female,
        "[lone_parents] and [household]: the share of lone parents among heads of several people": known.lone,
        "[migrant] and [minority]: the share of migrants in the minority": float(known.migrant.max()),
        "[employment] and [residence]: the share of rural workers who work on farms": known.farm,
        "[figures.abroad] and [age]: the share of adults who live abroad": known.abroad,
    }
    faults += [f"{what} would be {share:.2f}." for what, share in single.items() if not 0.0 <= share <= 1.0 + ROUNDING]
    if faults:
        raise SynthesisError("these marginals contradict one another.\n" + "\n".join(f"  {fault}" for fault in faults))


def _solve(function: Callable[[float], float], value: float, low: float, high: float) -> float:
    """Where a function that rises from `low` to `high` takes the value, by halving, rounded so that machines agree."""
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (low, middle) if function(middle) > value else (middle, high)
    return round(high, 9)


def _schooling(facts: Marginals, ages: Floats, urban: float) -> Floats:
    """Cut points of the schooling score that give the published shares of levels; children have theirs by age."""
    from scipy.special import ndtr

    cells = facts.education.cells
    figures = facts.shapes.figures
    mean, town = -figures.schooling_by_age.value * np.arange(len(ages))[ADULT_FROM:], figures.schooling_in_town.value
    weight = ages[ADULT_FROM:]

    def above(cut: float) -> float:
        towns = urban * ndtr(mean + town - cut) + (1 - urban) * ndtr(mean - cut)
        return float((weight * towns).sum())

    college = cells["college"]
    upper = college + cells["upper secondary"]
    lower = upper + cells["lower secondary"]
    primary = min(lower + max(cells["primary"] - float(ages[1:ADULT_FROM].sum()), 0.0), float(weight.sum()))
    return np.array([_solve(above, share, 20.0, -20.0) for share in (primary, lower, upper, college)])


def _membership(facts: Marginals, party: Marginal, ages: Floats, cut: float) -> Floats:
    """Chance of party membership by age band, college and sex, which meets the members' ages, schooling and sexes.

    Odds of schooling and sex multiply each age band's base, which is solved to meet its share with no chance above 1.
    """
    from scipy.special import ndtr

    figures = facts.shapes.figures
    mean = -figures.schooling_by_age.value * np.arange(len(ages))
    college = facts.urban * ndtr(mean + figures.schooling_in_town.value - cut) + (1 - facts.urban) * ndtr(mean - cut)
    female, women = facts.sex.cells["female"], facts.figure("party_women")
    people = np.stack([1 - college, college], axis=1)[:, :, None] * np.array([1 - female, female])
    sexes = np.array([(1 - women) / (1 - female), women / female])
    old = _PARTY_BANDS[4:]
    members = party.shares() / np.bincount(old, weights=ages[4:], minlength=8)
    chance = np.concatenate([np.zeros(4), members[old]]) * facts.figure("party_share")
    wanted = facts.figure("party_college") * float((ages * chance).sum())

    def chances(odds: float) -> Floats:
        lean, base = np.array([1.0, odds])[:, None] * sexes, chance.copy()
        found = np.zeros(people.shape)
        for _ in range(30):
            found = np.minimum(base[:, None, None] * lean, 1.0)
            base *= chance / np.maximum((people * found).sum(axis=(1, 2)), 1e-12)
        return found

    def schooled(odds: float) -> float:
        return float((ages[:, None] * (people * chances(odds))[:, 1]).sum())

    return np.round(chances(_solve(schooled, wanted, 0.01, 1000.0)), 9)


def _incomes(facts: Marginals) -> tuple[tuple[float, float], tuple[float, float], float]:
    """Means over the overall median, log spreads (rural, urban) and the bound of the poorest fifth.

    Incomes within a place are lognormal, so that their log spread follows from the Gini there: Gini = erf(spread / 2)
    (Aitchison and Brown 1957, section 11.3).
    """
    from scipy.special import erfinv, ndtr

    places = ("rural", "urban") if facts.urban < 1.0 else ("urban", "urban")
    means = (facts.figure(f"income_{places[0]}"), facts.figure("income_urban"))
    ginis = np.array([facts.figure(f"gini_{place}") for place in places])
    spreads = tuple(float(spread) for spread in np.round(2.0 * erfinv(ginis), 6))
    weights = (1.0 - facts.urban, facts.urban)

    def below(income: float) -> float:
        parts = zip(weights, means, spreads, strict=True)
        return float(sum(w * ndtr((np.log(income / mean) + s * s / 2) / s) for w, mean, s in parts))

    median, fifth = (_solve(below, share, 1.0, 1e7) for share in (0.5, 0.2))
    rural, urban = (round(mean / median, 6) for mean in means)
    return (rural, urban), (spreads[0], spreads[1]), round(fifth / median, 6)
