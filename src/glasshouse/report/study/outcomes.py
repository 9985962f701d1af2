"""How the outcomes of a study are named and shown: which come first, in which unit, with which words."""

from collections.abc import Sequence

import numpy as np

from glasshouse.analysis.safeguard_effects import HARMS
from glasshouse.model.measure import Measure
from glasshouse.model.measures import CATALOGUE
from glasshouse.model.measures.governance import Compliance, GovernanceSoon, Waiting
from glasshouse.model.measures.listing import ListedShare, UnlawfulShare, WronglyListedShare
from glasshouse.model.measures.score import Exposure
from glasshouse.model.measures.speech import BelievedRisk, Chilling, Control, ControlExpected
from glasshouse.model.measures.welfare import Collateral, WelfareLost
from glasshouse.results.estimate import Estimate, significant
from glasshouse.study.findings import Findings

CONTROL = (Control, ControlExpected)
GOVERNANCE = (GovernanceSoon, Waiting, Compliance)
FIRST = (WelfareLost, Chilling, WronglyListedShare, UnlawfulShare, ListedShare, Collateral, BelievedRisk, Exposure)
"""Harms in the order in which they are shown."""
DOES: dict[type[Measure], str] = {
    Control: "avoids protest",
    ControlExpected: "lowers the protest to be expected",
    Compliance: "avoids harm from breaches",
    GovernanceSoon: "lets the state solve more problems in time",
    Waiting: "makes problems last longer",
    WelfareLost: "costs people welfare",
    Chilling: "silences complaints",
    WronglyListedShare: "makes restrictions wrong more often",
    UnlawfulShare: "makes restrictions unlawful more often",
    ListedShare: "restricts more adults",
    Collateral: "harms more people who did nothing",
    BelievedRisk: "makes speaking up seem more dangerous",
    Exposure: "keeps more points on people",
}
"""What the regime does where an effect is positive."""


ENOUGH = 0.5
"""Share of the points at which an outcome must be defined to be drawn."""


def drawable(findings: Findings, measures: Sequence[type[Measure]]) -> list[type[Measure]]:
    """Select the measures that were kept, vary, and are defined at enough points.

    Parameters
    ----------
    findings : Findings
        What the study found.
    measures : sequence of type of Measure
        The measures to choose from.

    Returns
    -------
    list of type of Measure
        Those that can be drawn; those defined at every run come first.
    """
    shares = {}
    for measure in measures:
        if measure.name in findings.measures:
            means = findings.means(measure.name)
            known = means[np.isfinite(means)]
            if len(known) >= ENOUGH * len(means) and np.ptp(known) > 1e-12 * np.abs(known).max():
                shares[measure] = len(known) / len(means)
    return sorted(shares, key=lambda measure: shares[measure] < 1.0)


def harms(findings: Findings) -> list[type[Measure]]:
    """List the harms that can be shown.

    Parameters
    ----------
    findings : Findings
        What the study found.

    Returns
    -------
    list of type of Measure
        Those defined at every run, then the others; within both, the most informative first.
    """
    return drawable(findings, (*FIRST, *(harm for harm in HARMS if harm not in FIRST)))


def recorded_measures(findings: Findings) -> list[type[Measure]]:
    """List the measures that the study kept, as far as they are in the catalogue.

    Parameters
    ----------
    findings : Findings
        What the study found.

    Returns
    -------
    list of type of Measure
        The measures, in the order of the catalogue.
    """
    return [measure for measure in CATALOGUE if measure.name in findings.measures]


def factor_of(measure: type[Measure]) -> float:
    """Factor by which a figure is multiplied for a reader: shares are shown in per cent.

    Parameters
    ----------
    measure : type of Measure
        The measure.

    Returns
    -------
    float
        100 for shares, 1 for everything else.
    """
    return 100.0 if measure.unit == "share" else 1.0


def unit_of(measure: type[Measure]) -> str:
    """Unit to write after a number: of a change of shares, percentage points.

    Parameters
    ----------
    measure : type of Measure
        The measure.

    Returns
    -------
    str
        The unit, with a space before it.
    """
    if measure.unit == "share":
        return " %" if measure.is_between() else " points"
    return f" {measure.unit.replace('ww', 'welfare-weeks')}"


def scaled(measure: type[Measure], found: Estimate) -> str:
    """Write an estimate as a reader expects it, without its unit.

    Parameters
    ----------
    measure : type of Measure
        The measure.
    found : Estimate
        The value with its interval.

    Returns
    -------
    str
        The estimate and its interval; shares are in per cent.
    """
    return found.text(factor_of(measure), "")


def number(measure: type[Measure], value: float, spread: float) -> str:
    """Write a figure as a reader expects it, with digits that fit a spread.

    Parameters
    ----------
    measure : type of Measure
        The measure.
    value : float
        The value.
    spread : float
        The range of values; it decides how many digits are shown.

    Returns
    -------
    str
        The figure without its unit, or “undefined”; shares are in per cent.
    """
    if not np.isfinite(value):
        return "undefined"
    digits = significant(spread * factor_of(measure))
    text = f"{value * factor_of(measure):,.{digits}f}"
    return text.lstrip("-") if float(text.replace(",", "")) == 0.0 else text.replace("-", "−")
