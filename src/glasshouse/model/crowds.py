"""When the protesters of a district are a crowd, and when chance alone would bring as many into the street.

People who come each for themselves number about a Poisson variable (Le Cam 1960, “An approximation theorem for the Poisson
binomial distribution”, Pacific Journal of Mathematics 10(4)).
"""

from glasshouse.model.codes import SMALLEST_EVENT
from glasshouse.model.kernel_math import e_to, root
from glasshouse.model.normal_distribution import above

BY_CHANCE = 0.001
"""A crowd is larger than chance makes the gathering of a district in this share of weeks."""

MIDDLE, LARGE = 10, 100
"""Citizens from which a protest event or crowd counts as middle or large."""

MANY = 30.0
"""Mean from which the normal distribution stands for the Poisson."""


def poisson_below(mean: float, count: int) -> float:
    """The chance that a Poisson variable is smaller than a number.

    Below a mean of `MANY` the terms are added up. From there on 2 sqrt(N) is taken as normal with variance 1, which is right to
    two thirds of a percentage point and puts the least crowd one citizen too high.

    Parameters
    ----------
    mean : float
        Mean of the variable.
    count : int
        The number.

    Returns
    -------
    float
        The chance.
    """
    if count <= 0:
        return 0.0
    if mean >= MANY:
        return above(2.0 * (root(mean) - root(count - 0.25)))
    share = e_to(-mean)
    below = share
    happened = 1
    while happened < count:
        share *= mean / happened
        below += share
        happened += 1
    return min(below, 1.0)


def is_crowd(number: int, alone: float) -> bool:
    """Whether protesters are so many that chance alone would hardly bring them together.

    Parameters
    ----------
    number : int
        Citizens of a district who protest in a week.
    alone : float
        How many of them would be expected if each came for themselves.

    Returns
    -------
    bool
        True for a gathering of `SMALLEST_EVENT` or more that a Poisson variable of that mean reaches in less than
        `BY_CHANCE` of weeks.
    """
    return number >= SMALLEST_EVENT and 1.0 - poisson_below(alone, number) < BY_CHANCE
