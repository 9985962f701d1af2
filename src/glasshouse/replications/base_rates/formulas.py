"""What a flag is worth, in closed form, and the standard errors of its simulation."""

from math import prod

from glasshouse.replications.base_rates.mechanisms import AGREE, CHANCE
from glasshouse.replications.replication import share_error


def predictive(rate: float, hit: float, alarm: float) -> float:
    """Compute the share of the flagged who are guilty: p s / (p s + (1-p) f) (Axelsson 2000).

    Parameters
    ----------
    rate : float
        Share of guilty p.
    hit : float
        Chance s that a guilty person is flagged.
    alarm : float
        Chance f that an innocent person is flagged.

    Returns
    -------
    float
        Predictive value, a share.
    """
    return rate * hit / (rate * hit + (1 - rate) * alarm)


def unequal_alarm(rate: float, value: float, miss: float) -> float:
    """Compute the false alarms that follow from predictive value and share missed: p/(1-p) (1-PPV)/PPV (1-FNR).

    Chouldechova 2017, Big Data 5(2).

    Parameters
    ----------
    rate : float
        Share of guilty p.
    value : float
        Predictive value PPV, a share.
    miss : float
        Share FNR of the guilty who are not flagged.

    Returns
    -------
    float
        Share of the innocent who are flagged.
    """
    return rate / (1 - rate) * (1 - value) / value * (1 - miss)


def once(alarm: float, checks: int) -> float:
    """Compute the chance of at least one wrong flag: 1 - (1-f)^k.

    Parameters
    ----------
    alarm : float
        Chance f of a wrong flag in each check.
    checks : int
        Number of checks k.

    Returns
    -------
    float
        A probability.
    """
    return 1 - (1 - alarm) ** checks


def posterior(file: float) -> float:
    """Compute the chance that two records that agree in every field are of one person (Fellegi and Sunter 1969).

    Parameters
    ----------
    file : float
        Number of other records in the file.

    Returns
    -------
    float
        A probability: odds prod(m) / prod(u) / `file`.
    """
    odds = prod(AGREE) / prod(CHANCE) / file
    return odds / (1 + odds)


def check_error(rate: float, hit: float, alarm: float, checked: float) -> float:
    """Compute the standard error of a simulated predictive value.

    Parameters
    ----------
    rate : float
        Share of guilty.
    hit : float
        Chance that a guilty person is flagged.
    alarm : float
        Chance that an innocent person is flagged.
    checked : float
        Number of persons checked.

    Returns
    -------
    float
        Standard error of the share of guilty among those expected to be flagged.
    """
    return share_error(predictive(rate, hit, alarm), checked * (rate * hit + (1 - rate) * alarm))
