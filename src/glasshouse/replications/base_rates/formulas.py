"""What a flag is worth, in closed form, and the standard errors of its simulation."""

from math import prod, sqrt

from glasshouse.replications.base_rates.mechanisms import AGREE, CHANCE


def predictive(rate: float, hit: float, alarm: float) -> float:
    """Share of the flagged who are guilty: p s / (p s + (1-p) f)."""
    return rate * hit / (rate * hit + (1 - rate) * alarm)


def unequal_alarm(rate: float, value: float, miss: float) -> float:
    """False alarms that follow from a predictive value and a share missed: p/(1-p) (1-PPV)/PPV (1-FNR) (Chouldechova 2017)."""
    return rate / (1 - rate) * (1 - value) / value * (1 - miss)


def once(alarm: float, checks: int) -> float:
    """Chance of at least one wrong flag: 1 - (1-f)^k."""
    return 1 - (1 - alarm) ** checks


def posterior(file: float) -> float:
    """Chance that a pair that agrees in everything is of one person, in a file of that many others."""
    odds = prod(AGREE) / prod(CHANCE) / file
    return odds / (1 + odds)


def share_error(share: float, number: float) -> float:
    """Standard error of a share of that many."""
    return sqrt(share * (1 - share) / number)


def check_error(rate: float, hit: float, alarm: float, checked: float) -> float:
    """Standard error of the predictive value among those of so many that are flagged."""
    return share_error(predictive(rate, hit, alarm), checked * (rate * hit + (1 - rate) * alarm))
