"""Citizens of a stretch of districts, drawn from marginals: households, ages, residence, schooling, income, traits.

Shares that are published are met by construction: systematic instead of independent sampling where a marginal is to be
exact, and one distribution for each published total. What couples them (who lives with whom, who is online at which
age) is assumed and named in `docs/design.md`. Only uniform draws are taken; every other distribution is a table of
quantiles, rounded to float32, so that no mathematics library of a machine can change a population.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from glasshouse.model.entities import CITIZEN, GROUPS, NOBODY
from glasshouse.population.marginals import Marginals

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ADULT_FROM = 3
"""The first age band of adults: 15 to 19."""

# Chance that a person of an age band heads a household (assumed; only its shape counts).
_HEADSHIP = np.array([0, 0, 0, 0.03, 0.25, 0.4, *[0.55] * 6, *[0.6] * 4, 0.55, 0.5, 0.45])
# Chance of work by age band (assumed; its level is set by the published number of employed).
_WORK = np.array([0, 0, 0, 0.2, *[0.8] * 8, 0.5, 0.35, 0.2, 0.1, 0.05, 0, 0])
# Chance of being online by age band, relative (assumed from the published gap between old and young).
_ONLINE = np.array([0.2, 0.8, *[1.0] * 10, 0.85, 0.75, 0.6, 0.45, 0.3, 0.2, 0.1])
# Schooling: standard scores lost with each age band, and gained in a town (assumed).
_SCHOOL_AGE, _SCHOOL_URBAN = 0.17, 0.8
_PARTY_BANDS = np.array([0, 0, 0, 0, *[0] * 2, *range(1, 7), *[7] * 7])
"""Row of the party's age table for each five-year band (18-30 begins with 20-24, one band late)."""

UNITS = ("legal unit", "self-employed unit", "farm", "none")


@cache
def _grid() -> Floats:
    """Probabilities at which quantiles are tabled: even steps and ever finer ones towards both ends."""
    tail = 2.0 ** -np.arange(11, 33)
    return np.unique(np.concatenate([np.arange(1, 1024) / 1024, tail, 1.0 - tail]))


@cache
def _normal_knots() -> Floats:
    from scipy.special import ndtri

    return ndtri(_grid()).astype(np.float32).astype(np.float64)  # type: ignore[no-any-return]


def normal(u: Floats) -> Floats:
    """Turn uniform draws into standard normal deviates.

    Parameters
    ----------
    u : ndarray of float
        Uniform draws between 0 and 1.

    Returns
    -------
    ndarray of float
        The deviates, in the shape of `u`.
    """
    return np.interp(u, _grid(), _normal_knots())


@cache
def _exponential_knots(spread: float) -> Floats:
    return np.exp(spread * _normal_knots() - spread * spread / 2).astype(np.float32).astype(np.float64)


def lognormal(u: Floats, spread: float) -> Floats:
    """Turn uniform draws into lognormal deviates of mean 1.

    Parameters
    ----------
    u : ndarray of float
        Uniform draws between 0 and 1.
    spread : float
        Standard deviation of the logarithm.

    Returns
    -------
    ndarray of float
        The deviates, in the shape of `u`.
    """
    return np.interp(u, _grid(), _exponential_knots(spread))


def clustered(mean: float, concentration: float, places: Ints) -> Floats:
    """Shares of a group in districts, from a beta distribution of that mean; `places` are the districts' ranks.

    `concentration` is the sum of the beta's two parameters: near 0 puts the group into districts of its own, a large
    one spreads it evenly. Even quantiles in place of draws keep the mean over districts at the published one.
    """
    from scipy.special import betaincinv

    u = (places + 0.5) / len(places)
    shares = np.round(betaincinv(mean * concentration, (1 - mean) * concentration, u), 6)
    for _ in range(20):
        shares = np.clip(shares * (mean / max(shares.mean(), 1e-9)), 0.0, 1.0)
    return np.asarray(shares)


@dataclass(frozen=True)
class Traits:
    """Assumed spreads of personal traits that nothing published gives."""

    propensity_spread: float
    threshold_correlation: float


@dataclass(frozen=True)
class Distributions:
    """What a population is drawn from, worked out once for all districts."""

    household: Floats  # cumulative shares of household sizes, from 1
    head: Floats  # cumulative shares of age bands among heads of households
    other: Floats  # the same among all others
    head_female: float
    schooling: Floats  # cut points of the schooling score
    migrant: Floats  # share among rural and urban people
    online: Floats
    work: Floats  # chance of work by age band
    farm: float  # share of rural workers on farms
    own_account: float  # share of self-employed among the workers off farms
    party: Floats  # chance of membership by age band, college and sex
    income: tuple[float, float]  # means over the median, rural and urban
    income_spread: tuple[float, float]
    poor: float  # income of the poorest fifth's upper end, over the median
    abroad: float  # share among adults


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
    """
    ages, sizes = facts.age.shares(), facts.household.shares()
    ages, sizes = ages / ages.sum(), sizes / sizes.sum()
    heads_per_person = 1.0 / float((sizes * np.arange(1, len(sizes) + 1)).sum())
    head = ages * _HEADSHIP
    head /= head.sum()
    other = np.clip(ages - heads_per_person * head, 0.0, None)
    urban, female = facts.urban, facts.sex.cells["female"]
    adults = float(ages[ADULT_FROM:].sum())
    paired = 2 * heads_per_person * (1.0 - sizes[0])
    employment = facts.employment.cells
    employed = 1.0 - employment["none"]
    off_farm = employment["legal unit"] + employment["self-employed unit"]
    online = np.array([facts.online.cells[f"{place}/online"] for place in ("rural", "urban")])
    schooling = _schooling(facts, ages, urban)
    income, spread, poor = _incomes(facts)
    return Distributions(
        household=np.cumsum(sizes),
        head=np.cumsum(head),
        other=np.cumsum(other) / other.sum(),
        head_female=(female - paired / 2) / (1.0 - paired),
        schooling=schooling,
        migrant=np.array([facts.migrant.cells[f"{place}/migrant"] for place in ("rural", "urban")]),
        online=online / float((ages * _ONLINE).sum()),
        work=_WORK * (employed / float((ages * _WORK).sum())),
        farm=employment["farm"] / (employed * (1.0 - urban)),
        own_account=employment["self-employed unit"] / off_farm,
        party=_membership(facts, ages, schooling[3]),
        income=income,
        income_spread=spread,
        poor=poor,
        abroad=facts.figure("abroad") / adults,
    )


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
    mean = -_SCHOOL_AGE * np.arange(len(ages))[ADULT_FROM:]
    weight = ages[ADULT_FROM:]

    def above(cut: float) -> float:
        towns = urban * ndtr(mean + _SCHOOL_URBAN - cut) + (1 - urban) * ndtr(mean - cut)
        return float((weight * towns).sum())

    college = cells["college"]
    upper = college + cells["upper secondary"]
    lower = upper + cells["lower secondary"]
    primary = min(lower + max(cells["primary"] - float(ages[1:ADULT_FROM].sum()), 0.0), float(weight.sum()))
    return np.array([_solve(above, share, 20.0, -20.0) for share in (primary, lower, upper, college)])


def _membership(facts: Marginals, ages: Floats, cut: float) -> Floats:
    """Chance of party membership by age band, college and sex, which meets the members' ages, schooling and sexes.

    Odds of schooling and sex multiply each age band's base, which is solved to meet its share with no chance above 1.
    """
    from scipy.special import ndtr

    mean = -_SCHOOL_AGE * np.arange(len(ages))
    college = facts.urban * ndtr(mean + _SCHOOL_URBAN - cut) + (1 - facts.urban) * ndtr(mean - cut)
    female, women = facts.sex.cells["female"], facts.figure("party_women")
    people = np.stack([1 - college, college], axis=1)[:, :, None] * np.array([1 - female, female])
    sexes = np.array([(1 - women) / (1 - female), women / female])
    old = _PARTY_BANDS[4:]
    members = facts.party.shares() / np.bincount(old, weights=ages[4:], minlength=8)
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
    """Means over the overall median, log spreads (rural, urban) and the bound of the poorest fifth."""
    from scipy.special import ndtr

    means = (facts.figure("income_rural"), facts.figure("income_urban"))
    spreads = (facts.figure("income_spread_rural"), facts.figure("income_spread_urban"))
    weights = (1.0 - facts.urban, facts.urban)

    def below(income: float) -> float:
        parts = zip(weights, means, spreads, strict=True)
        return float(sum(w * ndtr((np.log(income / mean) + s * s / 2) / s) for w, mean, s in parts))

    median, fifth = (_solve(below, share, 1.0, 1e7) for share in (0.5, 0.2))
    rural, urban = (round(mean / median, 6) for mean in means)
    return (rural, urban), spreads, round(fifth / median, 6)


def households(sizes: Ints, known: Distributions, rng: Generator) -> tuple[Ints, Ints]:
    """Sizes of the households that fill districts of the given sizes exactly, and the district of each.

    The last household of a district is cut to fit.
    """
    found, place = [], []
    for district, size in enumerate(sizes):
        drawn = np.zeros(0, np.int64)
        while drawn.sum() < size:
            more = np.searchsorted(known.household, rng.random(int(size) // 2 + 8), side="right") + 1
            drawn = np.concatenate([drawn, np.minimum(more, len(known.household))])
        ends = np.cumsum(drawn)
        last = int(np.searchsorted(ends, size))
        drawn = drawn[: last + 1]
        drawn[last] -= ends[last] - size
        found.append(drawn)
        place.append(np.full(len(drawn), district))
    return np.concatenate(found), np.concatenate(place)


def _even(cumulative: Floats, count: int, rng: Generator) -> Ints:
    """`count` values of a distribution in ascending order, by systematic sampling: shares are met to one in `count`."""
    return np.minimum(
        np.searchsorted(cumulative, (np.arange(count) + rng.random()) / max(count, 1), side="right"),
        len(cumulative) - 1,
    )


def _ages(size: Ints, first: Ints, known: Distributions, rng: Generator) -> tuple[Ints, Ints]:
    """Age band of every citizen, and the index of each couple's second member (couples are close in age)."""
    count, total = len(size), int(size.sum())
    age = np.full(total, -1, np.int64)
    head = rng.permutation(_even(known.head, count, rng))
    age[first] = head
    pool = _even(known.other, total - count, rng)
    couples = np.flatnonzero(size > 1)
    grown = rng.permutation(np.flatnonzero(pool > ADULT_FROM))[: len(couples)]
    couples = rng.permutation(couples)[: len(grown)]
    couples = couples[np.argsort(head[couples] + 0.7 * normal(rng.random(len(couples))), kind="stable")]
    second = first[couples] + 1
    age[second] = np.sort(pool[grown])
    rest = np.ones(len(pool), bool)
    rest[grown] = False
    age[age < 0] = rng.permutation(pool[rest])
    return age, second


def populate(
    sizes: Ints, urban: Floats, minority: Floats, known: Distributions, traits: Traits, rng: Generator
) -> tuple[NDArray[np.void], NDArray[np.uint8]]:
    """The citizens of districts with the given sizes and shares, and each one's employment (index into UNITS)."""
    size, district = households(sizes, known, rng)
    first = np.concatenate([[0], np.cumsum(size)[:-1]])
    home = np.repeat(np.arange(len(size)), size)
    people = np.zeros(len(home), CITIZEN)
    people["household_size"] = size[home]
    people["household_place"] = np.arange(len(home)) - first[home]
    town = rng.random(len(size)) < urban[district]
    moved = rng.random(len(size)) < known.migrant[town.astype(int)]
    people["urban"], people["migrant"] = town[home], moved[home]
    people["minority"] = (rng.random(len(size)) < minority[district])[home]
    u = rng.random(len(size))
    income = np.where(
        town,
        known.income[1] * lognormal(u, known.income_spread[1]),
        known.income[0] * lognormal(u, known.income_spread[0]),
    )
    people["income"] = income[home]
    age, second = _ages(size, first, known, rng)
    people["age"], people["adult"] = age, age >= ADULT_FROM
    female = rng.random(len(home)) < known.head_female
    female[second] = ~female[second - 1]
    people["female"] = female
    _education(people, known, rng)
    work = _employment(people, known, rng)
    _traits(people, known, traits, rng)
    people["cell"] = (
        people["minority"] * GROUPS["minority"]
        + people["migrant"] * GROUPS["migrant"]
        + (people["income"] < known.poor) * GROUPS["poorest fifth"]
        + (1 - people["urban"]) * GROUPS["rural"]
    )
    people["lookalike"] = _lookalikes(people, np.repeat(np.arange(len(sizes)), sizes), rng)
    return people, work


def _education(people: NDArray[np.void], known: Distributions, rng: Generator) -> None:
    score = normal(rng.random(len(people))) - _SCHOOL_AGE * people["age"] + _SCHOOL_URBAN * people["urban"]
    level = np.searchsorted(known.schooling, score)
    people["education"] = np.where(people["adult"], level, people["age"] > 0)


def _employment(people: NDArray[np.void], known: Distributions, rng: Generator) -> NDArray[np.uint8]:
    """Where each citizen works: a legal unit, a unit of their own, a farm (only in the country), or nowhere."""
    at_work = rng.random(len(people)) < known.work[people["age"]]
    farm = (people["urban"] == 0) & (rng.random(len(people)) < known.farm)
    own = rng.random(len(people)) < known.own_account
    return np.where(at_work, np.where(farm, 2, np.where(own, 1, 0)), 3).astype(np.uint8)


def _traits(people: NDArray[np.void], known: Distributions, traits: Traits, rng: Generator) -> None:
    count, adult = len(people), people["adult"] == 1

    def draw() -> Any:
        return rng.random(count)

    rate = known.online[people["urban"]] * _ONLINE[people["age"]]
    people["exposure"] = np.where(draw() < rate, 0.3 + 0.7 * draw(), 0.05)
    college = (people["education"] == 4).astype(int)
    people["party"] = draw() < known.party[people["age"], college, people["female"]]
    people["abroad"] = adult & (draw() < known.abroad)
    people["risk_aversion"] = draw()
    people["propensity"] = lognormal(draw(), traits.propensity_spread)
    shared, rho = normal(draw()), traits.threshold_correlation
    people["complaint_threshold"] = shared
    people["protest_threshold"] = rho * shared + np.sqrt(1.0 - rho * rho) * normal(draw())
    people["temper"] = normal(draw())
    linked = draw() < np.where(people["party"] == 1, 0.5, 0.05)
    people["connection"] = np.where(adult & linked, draw(), 0.0)
    people["workplace"] = NOBODY


def _lookalikes(people: NDArray[np.void], district: Ints, rng: Generator) -> NDArray[np.uint32]:
    """For every adult the next one, in drawn order, of the same district and cell; NOBODY for who is alone there.

    Indices count from the first citizen of the stretch; the caller shifts them.
    """
    found = np.full(len(people), NOBODY, np.uint32)
    adults = rng.permutation(np.flatnonzero(people["adult"]))
    key = district[adults] * 16 + people["cell"][adults]
    order = np.argsort(key, kind="stable")
    adults, key = adults[order], key[order]
    if len(adults) == 0:
        return found
    starts = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
    sizes = np.diff(np.concatenate([starts, [len(adults)]]))
    group = np.repeat(np.arange(len(starts)), sizes)
    following = np.arange(len(adults)) + 1
    following = np.where(following == (starts + sizes)[group], starts[group], following)
    found[adults] = np.where(sizes[group] > 1, adults[following], NOBODY)
    return found
