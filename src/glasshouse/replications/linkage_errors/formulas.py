"""What linkage errors do, in closed form, and the standard errors of their simulation."""

from math import exp, sqrt

from glasshouse.replications.linkage_errors.mechanisms import LINKED, LISTED, LISTS, NOISE, POSTS, SLOPE, TRAVELLERS


def stray(rate: float, right: float) -> float:
    """Chance that an innocent person is charged: 1 - exp(-p (1-t))."""
    return 1 - exp(-rate * (1 - right))


def innocents(rate: float, right: float) -> float:
    """Share of the innocent among the charged."""
    hit = stray(rate, right)
    return (1 - rate) * hit / ((1 - rate) * hit + rate * (1 - (1 - right) * exp(-rate * (1 - right))))


def share_error(share: float, number: float) -> float:
    """Standard error of a share of that many."""
    return sqrt(share * (1 - share) / number)


def taken(identities: float) -> float:
    """Chance that one of the listed has the traveller's identity: 1 - (1 - 1/k)^m."""
    return 1 - (1 - 1 / identities) ** LISTED


def list_error(identities: float) -> float:
    """Standard error of the share taken for somebody listed: sampling of travellers, and of lists with entries alike."""
    k, travellers = identities, LISTS * POSTS * TRAVELLERS
    none, neither = (1 - 1 / k) ** LISTED, (1 - 2 / k) ** LISTED
    different = k * none + k * (k - 1) * neither - (k * none) ** 2
    return sqrt(share_error(1 - none, travellers) ** 2 + max(different, 0.0) / k**2 / LISTS)


def slope_error(right: float) -> float:
    """Standard error of the slope: sampling of persons and of links, in which a wrong one leaves y - slope x as it is."""
    var = SLOPE**2 + NOISE**2
    own = 3 * (SLOPE * (1 - right)) ** 2 + NOISE**2
    other = var + 3 * (SLOPE * right) ** 2
    return sqrt((right * own + (1 - right) * other) / LINKED)


def fit_error(right: float) -> float:
    """Standard error of R^2, from the influence of each pair on the correlation."""
    whole = SLOPE**2 / (SLOPE**2 + NOISE**2)
    r = right * sqrt(whole)
    own = 1 + 2 * whole - 6 * r * sqrt(whole) + r**2 * (2 + whole)
    return 2 * r * sqrt((right * own + (1 - right) * (1 + 2 * r**2)) / LINKED)


def attenuated(right: float) -> float:
    """The slope among linked records: slope (t - (1-t) / (n-1))."""
    return SLOPE * (right - (1 - right) / (LINKED - 1))
