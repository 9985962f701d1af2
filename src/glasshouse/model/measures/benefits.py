"""Who draws the benefit that they are entitled to, and whose mistakes are recorded."""

from glasshouse.model.ratio_measure import RatioMeasure
from glasshouse.model.scale import SHARE


class TakeUp(RatioMeasure):
    """Adults who draw a benefit, of those who are entitled to one. Share; more is better."""

    name, title = "take_up", "Entitled people who draw their benefit"
    numerator, denominator = "drawing", "entitled"
    unit, better, source = "share", "more", "definition"
    scale = SHARE


class MistakesRecorded(RatioMeasure):
    """Mistakes without intent, of the irregular claims that are recorded. Share; less is better."""

    name, title = "mistakes_recorded_share", "Recorded irregular claims that were mistakes"
    numerator, denominator = "mistakes_recorded", "irregularities_recorded"
    unit, better, source = "share", "less", "definition"
    scale = SHARE
