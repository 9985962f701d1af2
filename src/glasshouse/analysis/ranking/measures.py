"""What regimes of different kinds are compared in: harms, redress, work and stated purposes, a head.

One regime keeps a list, another lets a score open investigations. Both decide against people, and people stand under these
decisions for weeks; that is counted alike. A purpose is what the tables of a scenario are there for: to find irregular claims
or to restrict those whose conduct deserves it. Protest and control are no purpose here.
"""

from glasshouse.analysis.harm_rates import ADULTS, AtAnyTime, Yearly
from glasshouse.model.measure import FloatArray, Measure, Sums
from glasshouse.model.mechanisms.feedback import Feedback
from glasshouse.model.mechanisms.investigation import Investigation
from glasshouse.model.mechanisms.recipients import Recipients
from glasshouse.model.mechanisms.screening import Screening
from glasshouse.model.ratio_measure import RULE_OF_THREE, RatioMeasure
from glasshouse.scenario.scenario import Scenario

OF_SCREENING = frozenset(one.name for model in (Screening, Investigation, Feedback) for one in model.sums)
"""Sums that a scenario without screening lacks: nobody is investigated there, so that they are zero."""


class _OfEveryRegime(RatioMeasure):
    """Reads sums of screening as zero where a scenario has none."""

    @classmethod
    def value(cls, sums: Sums) -> FloatArray:
        """The figure of one arm.

        Parameters
        ----------
        sums : Sums
            Sums of the arm, of any shape.

        Returns
        -------
        FloatArray
            One figure for each row of sums.
        """
        return cls._figure(lambda name: _read(sums, name))

    @classmethod
    def ceiling(cls, sums: Sums) -> FloatArray:
        """The figure with three more events.

        Parameters
        ----------
        sums : Sums
            Sums of the arm, of any shape.

        Returns
        -------
        FloatArray
            One figure for each row of sums.
        """
        return cls._figure(lambda name: _read(sums, name), RULE_OF_THREE)


def _read(sums: Sums, name: str) -> FloatArray:
    try:
        found: FloatArray = getattr(sums, name)
    except AttributeError:
        if name not in OF_SCREENING:
            raise
        found = 0.0 * sums.adults
    return found


class WrongDecisions(_OfEveryRegime, Yearly):
    """Wrong restrictions that begin, and findings about people with nothing irregular. Decisions a year; less is better."""

    name, title = "wrong_decisions", "Wrong decisions against people"
    numerator, unit = "wrong_begun + found_nothing", f"decisions a year per {ADULTS:,} adults"


class TreatedWrongly(_OfEveryRegime, AtAnyTime):
    """Adults restricted without conduct that deserves it, or investigated with nothing irregular; less is better.

    Somebody who is both counts twice.
    """

    name, title = "treated_wrongly", "Adults restricted or investigated without cause"
    numerator = "listed_undeserved + case_weeks_regular"


class Undone(Yearly):
    """Wrong restrictions undone by an appeal. Decisions a year; more is better."""

    name, title = "undone", "Wrong decisions undone by appeal"
    numerator, better, unit = "appeals_upheld", "more", f"decisions a year per {ADULTS:,} adults"


class CasesHandled(_OfEveryRegime, Yearly):
    """Listings, reviews, appeals and investigations. Cases a year; neither is better."""

    name, title = "cases_handled", "Cases that the office handles"
    numerator, better = "listings + reviews + appeals_decided + cases_model + cases_lot", "neither"
    unit = f"cases a year per {ADULTS:,} adults"


class ClaimsFound(_OfEveryRegime, Yearly):
    """Irregular claims that an investigation finds. Claims a year; more is better."""

    name, title = "claims_found", "Irregular claims that are found"
    numerator, better = "found_model + found_lot - found_nothing", "more"
    unit = f"claims a year per {ADULTS:,} adults"


class ClaimsRecorded(Yearly):
    """Breaches by people whose claim is irregular that come on file. Records a year; more is better."""

    name, title = "claims_recorded", "Irregular claims that come on file"
    numerator, better, unit = "irregularities_recorded", "more", f"records a year per {ADULTS:,} adults"


class RestrictedRightly(AtAnyTime):
    """Adults restricted whose conduct deserves it. People at any time; more is better."""

    name, title = "restricted_rightly", "Adults restricted whose conduct deserves it"
    numerator, better = "listed - listed_undeserved", "more"


HARMS: tuple[type[Measure], ...] = (WrongDecisions, TreatedWrongly)
"""What regimes are compared by; they are sorted by the first."""

PURPOSES: tuple[type[Measure], ...] = (ClaimsFound, ClaimsRecorded, RestrictedRightly)
"""What a regime can be there for."""


def purpose_of(scenario: Scenario) -> type[Measure]:
    """What a regime is there for, as the tables of its scenario say.

    Parameters
    ----------
    scenario : Scenario
        The scenario.

    Returns
    -------
    type of Measure
        One of `PURPOSES`: irregular claims found where it screens recipients; irregular claims on file where it has
        recipients whose claims can be irregular; else people restricted whose conduct deserves it.
    """
    for table in scenario.mechanisms:
        if isinstance(table, Screening) and table.capacity > 0.0:
            return ClaimsFound
    for table in scenario.mechanisms:
        if isinstance(table, Recipients) and table.odds > 0.0:
            return ClaimsRecorded
    return RestrictedRightly
