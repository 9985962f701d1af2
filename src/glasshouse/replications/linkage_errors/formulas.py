"""What linkage errors do, in closed form, and the standard errors of their simulation."""

from math import exp, sqrt

from glasshouse.replications.linkage_errors.mechanisms import LINKED, LISTED, LISTS, NOISE, POSTS, SLOPE, TRAVELLERS
from glasshouse.replications.replication import share_error


def stray(rate: float, right: float) -> float:
    """Compute the chance that an innocent person is charged: 1 - exp(-p (1-t)).

    Parameters
    ----------
    rate : float
        Offences p a person and week.
    right : float
        Share t of charges that are directed rightly.

    Returns
    -------
    float
        A probability.
    """
    return 1 - exp(-rate * (1 - right))


def innocents(rate: float, right: float) -> float:
    """Compute the share of the innocent among the charged.

    (1-p) h / ((1-p) h + p (1 - (1-t) exp(-p (1-t)))), h being the chance that an innocent person is charged.

    Parameters
    ----------
    rate : float
        Offences p a person and week.
    right : float
        Share t of charges that are directed rightly.

    Returns
    -------
    float
        A share.
    """
    hit = stray(rate, right)
    return (1 - rate) * hit / ((1 - rate) * hit + rate * (1 - (1 - right) * exp(-rate * (1 - right))))


def taken(identities: float) -> float:
    """Compute the chance that somebody listed has the traveller's identity: 1 - (1 - 1/k)^m.

    Parameters
    ----------
    identities : float
        Number of identities k that there are.

    Returns
    -------
    float
        A probability, m being `LISTED`.
    """
    return 1 - (1 - 1 / identities) ** LISTED


def list_error(identities: float) -> float:
    """Compute the standard error of the share taken for somebody listed.

    It has two parts: sampling of travellers, and sampling of lists, in which entries may be alike.

    Parameters
    ----------
    identities : float
        Number of identities that there are.

    Returns
    -------
    float
        Standard error of a share.
    """
    k, travellers = identities, LISTS * POSTS * TRAVELLERS
    none, neither = (1 - 1 / k) ** LISTED, (1 - 2 / k) ** LISTED
    different = k * none + k * (k - 1) * neither - (k * none) ** 2
    return sqrt(share_error(1 - none, travellers) ** 2 + max(different, 0.0) / k**2 / LISTS)


def slope_error(right: float) -> float:
    """Compute the standard error of the slope among linked records.

    It has two parts: sampling of persons, and sampling of links, in which a wrong one leaves y - slope x as it is.

    Parameters
    ----------
    right : float
        Share of links that are right.

    Returns
    -------
    float
        Standard error of the slope.
    """
    var = SLOPE**2 + NOISE**2
    own = 3 * (SLOPE * (1 - right)) ** 2 + NOISE**2
    other = var + 3 * (SLOPE * right) ** 2
    return sqrt((right * own + (1 - right) * other) / LINKED)


def fit_error(right: float) -> float:
    """Compute the standard error of R^2, from the influence of each pair on the correlation.

    Parameters
    ----------
    right : float
        Share of links that are right.

    Returns
    -------
    float
        Standard error of R^2.
    """
    whole = SLOPE**2 / (SLOPE**2 + NOISE**2)
    r = right * sqrt(whole)
    own = 1 + 2 * whole - 6 * r * sqrt(whole) + r**2 * (2 + whole)
    return 2 * r * sqrt((right * own + (1 - right) * (1 + 2 * r**2)) / LINKED)


def attenuated(right: float) -> float:
    """Compute the slope among linked records: slope (t - (1-t) / (n-1)) (Neter, Maynes and Ramanathan 1965).

    Parameters
    ----------
    right : float
        Share t of links that are right.

    Returns
    -------
    float
        The slope, with the true slope `SLOPE` and n = `LINKED` records.
    """
    return SLOPE * (right - (1 - right) / (LINKED - 1))
