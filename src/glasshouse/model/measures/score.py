"""What a score is worth: whether it can be gamed, whether it sticks, who sees it."""

import numpy as np

from glasshouse.model.measure import FloatArray, Measure, Sums, ratio
from glasshouse.model.ratio_measure import CorrelationMeasure, RatioMeasure
from glasshouse.model.scale import POSITIVE, SHARE


class Gaming(RatioMeasure):
    """Acts that earn credit and have no real value, over acts that earn credit. Share; less is better."""

    name, title = "gaming", "Credit earned by show"
    numerator, denominator = "gamed_deeds", "good_deeds"
    unit, better, source = "share", "less", "Hardt et al. 2016; Milli et al. 2019"
    scale = SHARE


class ScoreTruth(CorrelationMeasure):
    """Local score against the score that deserved points would give. Correlation; more is better."""

    name, title = "score_truth", "Local scores that tell who deserves what"
    count, x, y = "scored", "score", "deserved"
    unit, better, source = "correlation", "more", "definition"


class Exposure(RatioMeasure):
    """Points held about a citizen. Points; less is better."""

    name, title = "exposure", "Points on file"
    numerator, denominator = "points_held", "adults"
    unit, better, source = "points an adult", "less", "definition"
    scale = POSITIVE
    kurtosis = 1.5  # unrest fills the files of single populations; fits docs/coverage.md


class Views(RatioMeasure):
    """Agencies whose list counts some record of a citizen. Agencies; less is better."""

    name, title = "views", "Agencies that count a citizen's records"
    numerator, denominator = "views", "adults"
    unit, better, source = "agencies an adult", "less", "definition; facts.md A3"
    scale = POSITIVE


class SharingSpread(Measure):
    """How much districts differ in what lists take over from other agencies. Ratio; neither direction is better."""

    name, title = "sharing_spread", "Use of shared points: spread between districts"
    formula = (
        "standard deviation over districts / mean over districts of (points that lists count of other agencies / points on "
        "file)"
    )
    unit, better, source = "ratio", "neither", "definition; Brussee 2023 (local differences)"
    scale = POSITIVE
    people, by_group, by_district = False, False, True

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        shares = ratio(sums.points_imported, sums.points_held)
        known = shares[np.isfinite(shares)]
        return ratio(known.std(), known.mean()) if len(known) > 1 else np.array(np.nan)


class Isolation(RatioMeasure):
    """Voices that contacts no longer heed because the speaker is restricted. Share; less is better."""

    name, title = "isolation", "Voices unheeded by shunning"
    numerator, denominator = "shunned", "voicings"
    unit, better, source = "share", "less", "definition"
    scale = SHARE


class ScoreMobility(CorrelationMeasure):
    """Points now against points a year ago. Correlation; less means that a past can be left behind."""

    name, title = "score_mobility", "Points now and a year ago"
    count, x, y = "followed_year", "year_ago", "year_now"
    unit, better, source = "correlation", "less", "definition"


class ScoreMobilityFive(CorrelationMeasure):
    """Points now against points five years ago. Correlation; less means that a past can be left behind."""

    name, title = "score_mobility_five", "Points now and five years ago"
    count, x, y = "followed_five", "five_ago", "five_now"
    unit, better, source = "correlation", "less", "definition"


class ExitRate(RatioMeasure):
    """Of those with points on file, how many hold none a year later. Share; more is better."""

    name, title = "exit_rate", "Files emptied within a year"
    numerator, denominator = "exits_year", "held_then_year"
    unit, better, source = "share", "more", "definition"
    scale = SHARE


class Scored(RatioMeasure):
    """Adults with a local score. Share; neither direction is better by itself."""

    name, title = "scored", "Adults with a local score"
    numerator, denominator = "scored", "adults"
    unit, better, source = "share", "neither", "facts.md A6"
    scale = SHARE
