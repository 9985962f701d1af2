"""Protest events: how many, how many of them are crowds, how large, and how they are answered."""

from glasshouse.model.ratio_measure import RatioMeasure
from glasshouse.model.scale import BELOW_ONE, POSITIVE, SHARE

EVENTS = "events_small + events_middle + events_large"
"""Sums of protest events of every size."""

CROWDS = "crowds_small + crowds_middle + crowds_large"
"""Sums of crowds of every size."""


class ProtestEvents(RatioMeasure):
    """Weeks in which two or more citizens of a district protest. Per hundred districts and year; neither is better by itself."""

    name, title = "events", "Protest events"
    numerator, denominator = EVENTS, "district_weeks"
    factor = 5200.0
    unit, better, source = "per 100 districts and year", "neither", "facts.md B4.2"
    scale = POSITIVE
    people, by_group = False, False


class Crowds(RatioMeasure):
    """Weeks in which more citizens of a district protest than chance brings together. Per hundred districts and year."""

    name, title = "crowds", "Crowds"
    numerator, denominator = CROWDS, "district_weeks"
    factor = 5200.0
    unit, better, source = "per 100 districts and year", "neither", "facts.md B4.2, F14"
    scale = POSITIVE
    people, by_group = False, False


class EventsBeyondChance(RatioMeasure):
    """Protest events of 2 to 9 citizens beyond those to be expected if each came alone. Share; negative below them."""

    name, title = "events_beyond_chance", "Small protest events beyond chance"
    numerator, denominator = "events_small_alone", "events_small"
    complement = True
    unit, better, source = "share", "neither", "facts.md F14"
    scale = BELOW_ONE
    less_bias = True
    people, by_group = False, False


class CrowdsMiddle(RatioMeasure):
    """Crowds of 10 to 99 citizens, over all crowds. Share; neither direction is better by itself."""

    name, title = "crowds_middle", "Crowds of 10 to 99 people"
    numerator, denominator = "crowds_middle", CROWDS
    unit, better, source = "share", "neither", "facts.md B4.3, F14"
    scale = SHARE
    less_bias = True
    people, by_group = False, False


class Repressed(RatioMeasure):
    """Protest events repressed. Share; less is better."""

    name, title = "repressed", "Protest events repressed"
    numerator, denominator = "events_repressed", "events_repressed + events_conceded + events_tolerated"
    unit, better, source = "share", "less", "facts.md B4.3, F15"
    scale = SHARE
    less_bias = True
    people, by_group = False, False


class CrowdsRepressed(RatioMeasure):
    """Crowds repressed. Share; less is better."""

    name, title = "crowds_repressed", "Crowds repressed"
    numerator, denominator = "crowds_repressed", "crowds_repressed + crowds_conceded + crowds_tolerated"
    unit, better, source = "share", "less", "facts.md B4.3, F15"
    scale = SHARE
    less_bias = True
    people, by_group = False, False
