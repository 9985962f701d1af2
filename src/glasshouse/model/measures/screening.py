"""What a risk score and a lot select for investigation, what is found, and who is investigated for nothing."""

from collections.abc import Mapping
from typing import ClassVar

from glasshouse.model.measure import FloatArray, Measure, Sums, ratio
from glasshouse.model.ratio_measure import RatioMeasure
from glasshouse.model.scale import POSITIVE, SHARE


class _Screened(RatioMeasure):
    """A ratio of sums of `screening` and `investigation`, whose terms are here, since most scenarios lack these sums."""

    terms: ClassVar[Mapping[str, str]] = {
        "cases_model": "cases opened by the score",
        "cases_model_irregular": "cases opened by the score about irregular claims",
        "cases_lot": "cases opened by lot",
        "cases_lot_irregular": "cases opened by lot about irregular claims",
        "cases_allowed": "cases allowed",
        "overridden": "recommendations that a reviewer turned down",
        "reviewed": "recommendations reviewed",
        "decided_model": "cases decided of those selected by the score",
        "decided_lot": "cases decided of those drawn by lot",
        "found_model": "findings about those selected by the score",
        "found_lot": "findings about those drawn by lot",
        "found_nothing": "findings about people with nothing irregular",
        "found_mistake": "findings about mistakes",
        "withheld_regular": "full rates withheld in open cases of people with nothing irregular",
        "benefits": "full rates drawn",
    }


class HitRate(_Screened):
    """Findings about those selected by the score, of their cases decided. Share; neither is better.

    It counts false findings as hits, as published hit rates do.
    """

    name, title = "hit_rate", "Selected by the score: found irregular"
    numerator, denominator = "found_model", "decided_model"
    unit, better, source = "share", "neither", "definition"
    scale = SHARE


class HitRateTrue(_Screened):
    """Irregular claims, of the cases that the score opened: its precision, which no office knows. Share; more is better."""

    name, title = "hit_rate_true", "Selected by the score: irregular in fact"
    numerator, denominator = "cases_model_irregular", "cases_model"
    unit, better, source = "share", "more", "definition"
    scale = SHARE


class HitRateLot(_Screened):
    """Findings about those drawn by lot, of their cases decided. Share; neither is better."""

    name, title = "hit_rate_lot", "Drawn by lot: found irregular"
    numerator, denominator = "found_lot", "decided_lot"
    unit, better, source = "share", "neither", "definition"
    scale = SHARE


class Lift(Measure):
    """The hit rate of the score over that of the lot; undefined where nobody is drawn by lot. Ratio; more is better."""

    name, title = "lift", "Hit rate of the score over that of the lot"
    formula = (
        "(findings about those selected by the score / their cases decided) / "
        "(findings about those drawn by lot / their cases decided)"
    )
    unit, better, source = "ratio", "more", "definition"
    scale = POSITIVE

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        """The ratio of two hit rates in one arm.

        Parameters
        ----------
        sums : Sums
            Sums of the arm, of any shape.

        Returns
        -------
        FloatArray
            One ratio for each row of sums; NaN without a finding about those drawn by lot.
        """
        return ratio(ratio(sums.found_model, sums.decided_model), ratio(sums.found_lot, sums.decided_lot))


class Investigated(_Screened):
    """Cases opened, per 1,000 recipients and year; for a group, its selection rate. Neither is better."""

    name, title = "investigated", "Recipients investigated"
    numerator, denominator = "cases_model + cases_lot", "drawing"
    factor = 52_000.0
    unit, better, source = "per 1,000 recipients and year", "neither", "definition"
    scale = POSITIVE


class InvestigatedForNothing(_Screened):
    """Cases opened about people whose claim is not irregular, per 1,000 recipients and year; less is better."""

    name, title = "investigated_for_nothing", "Recipients investigated who had nothing irregular"
    numerator = "cases_model + cases_lot - cases_model_irregular - cases_lot_irregular"
    denominator = "drawing"
    factor = 52_000.0
    unit, better, source = "per 1,000 recipients and year", "less", "definition"
    scale = POSITIVE


class FindingRate(_Screened):
    """Findings, of all cases decided; for a group, its finding rate. Share; neither is better."""

    name, title = "finding_rate", "Investigated people found irregular"
    numerator, denominator = "found_model + found_lot", "decided_model + decided_lot"
    unit, better, source = "share", "neither", "definition"
    scale = SHARE


class WrongOfFound(_Screened):
    """Findings about people whose claim was not irregular, of all findings. Share; less is better."""

    name, title = "wrong_of_found", "Findings that were wrong"
    numerator, denominator = "found_nothing", "found_model + found_lot"
    unit, better, source = "share", "less", "definition"
    scale = SHARE


class MistakesOfFound(_Screened):
    """Findings about claims that were irregular by mistake, of all findings. Share; neither is better."""

    name, title = "mistakes_of_found", "Findings that were mistakes without intent"
    numerator, denominator = "found_mistake", "found_model + found_lot"
    unit, better, source = "share", "neither", "definition"
    scale = SHARE


class Overrides(_Screened):
    """Recommendations of the score that a reviewer changed, of those reviewed. Share; neither is better."""

    name, title = "overrides", "Recommendations of the score that a reviewer changed"
    numerator, denominator = "overridden", "reviewed"
    unit, better, source = "share", "neither", "definition"
    scale = SHARE


class CapacityUsed(_Screened):
    """Cases opened over cases that the capacity allows. Ratio; neither is better."""

    name, title = "capacity_used", "Cases opened over cases allowed"
    numerator, denominator = "cases_model + cases_lot", "cases_allowed"
    unit, better, source = "ratio", "neither", "definition"
    scale = POSITIVE
    by_group = False


class WithheldForNothing(_Screened):
    """Benefits withheld in open cases of people with nothing irregular, per 1,000 full rates drawn; less is better."""

    name, title = "withheld_for_nothing", "Benefits withheld from people who had nothing irregular"
    numerator, denominator = "withheld_regular", "benefits"
    factor = 1000.0
    unit, better, source = "per 1,000 full rates drawn", "less", "definition"
    scale = POSITIVE


SCREENING: tuple[type[Measure], ...] = (
    HitRate,
    HitRateTrue,
    HitRateLot,
    Lift,
    Investigated,
    InvestigatedForNothing,
    FindingRate,
    WrongOfFound,
    MistakesOfFound,
    Overrides,
    CapacityUsed,
    WithheldForNothing,
)
"""Measures of a scenario with the tables `screening` and `investigation`."""
