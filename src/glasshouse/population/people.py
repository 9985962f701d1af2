"""Citizens of a stretch of districts, drawn from marginals: residence, schooling, income, work, personal traits.

Shares that are published are met by construction: systematic instead of independent sampling where a marginal is to be
exact, and one distribution for each published total. What couples them (who lives with whom, who is online at which
age) is assumed and named in `docs/model.md`.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from glasshouse.model.entities import CITIZEN, NOBODY
from glasshouse.population.deviates import Floats, Ints, lognormal, normal
from glasshouse.population.distributions import Distributions
from glasshouse.population.groups import memberships
from glasshouse.population.households import ages, households
from glasshouse.population.marginals import ADULT_FROM

UNITS = ("legal unit", "self-employed unit", "farm", "none")


@dataclass(frozen=True)
class Traits:
    """Assumed spreads of personal traits that nothing published gives."""

    propensity_spread: float
    threshold_correlation: float


def populate(
    sizes: Ints, urban: Floats, minority: Floats, known: Distributions, traits: Traits, rng: Generator
) -> tuple[NDArray[np.void], NDArray[np.uint8]]:
    """Draw the citizens of some districts.

    Parameters
    ----------
    sizes : ndarray of int, shape (districts,)
        Citizens of each district.
    urban : ndarray of float, shape (districts,)
        Share of households that live in town, in each district.
    minority : ndarray of float, shape (districts,)
        Share of households that belong to a minority, in each district.
    known : Distributions
        The distributions that reproduce the marginals.
    traits : Traits
        Assumed spreads of personal traits.
    rng : numpy.random.Generator
        Source of the random draws.

    Returns
    -------
    people : structured ndarray of `CITIZEN`, shape (citizens,)
        The citizens by district and household; `workplace` and `cell` are empty.
    work : ndarray of uint8, shape (citizens,)
        Employment of each citizen, an index into `UNITS`.
    """
    size, district = households(sizes, known, rng)
    first = np.concatenate([[0], np.cumsum(size)[:-1]])
    home = np.repeat(np.arange(len(size)), size)
    people = np.zeros(len(home), CITIZEN)
    people["household_size"] = size[home]
    people["household_place"] = np.arange(len(home)) - first[home]
    town = rng.random(len(size)) < urban[district]
    moving, other = rng.random(len(size)), rng.random(len(size)) < minority[district]
    people["urban"], people["minority"] = town[home], other[home]
    people["migrant"] = (moving < known.migrant[other.astype(int), town.astype(int)])[home]
    u = rng.random(len(size))
    income = np.where(
        town,
        known.income[1] * lognormal(u, known.income_spread[1]),
        known.income[0] * lognormal(u, known.income_spread[0]),
    )
    people["income"] = income[home]
    age, second, lone = ages(size, first, known, rng)
    people["age"], people["adult"] = age, age >= ADULT_FROM
    people["female"] = _sexes(len(home), second, lone, known, rng)
    _education(people, known, rng)
    work = _employment(people, known, rng)
    _traits(people, known, traits, rng)
    people["groups"] = memberships(people, lone, people["income"] < known.poor)
    return people, work


def _sexes(count: int, second: Ints, lone: Ints, known: Distributions, rng: Generator) -> NDArray[np.bool_]:
    """Who is a woman: of every couple one, of lone parents and of all others the shares that the marginals leave."""
    women = np.full(count, known.head_female)
    women[lone] = known.lone_female
    female = rng.random(count) < women
    female[second] = ~female[second - 1]
    return female


def _education(people: NDArray[np.void], known: Distributions, rng: Generator) -> None:
    score = normal(rng.random(len(people))) - known.schooling_by_age * people["age"]
    score += known.schooling_in_town * people["urban"]
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

    rate = known.online[people["urban"], people["age"]]
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
