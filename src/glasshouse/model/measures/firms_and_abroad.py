"""How far the regime reaches: firms, people abroad, a foreign public, and what people think of it."""

from glasshouse.model.measure import FloatArray, Measure, Sums, ratio
from glasshouse.model.ratio_measure import CorrelationMeasure, RatioMeasure
from glasshouse.model.scale import IDENTITY, POSITIVE, SHARE, SIGNED


class FirmsListed(RatioMeasure):
    """Firms restricted over firms. Share; neither direction is better by itself."""

    name, title = "firms_listed", "Firms restricted"
    numerator, denominator = "firms_listed", "firm_weeks"
    unit, better, source = "share", "neither", "facts.md A3.7"
    scale = SHARE
    people, by_group = False, False


class ThroughFirms(RatioMeasure):
    """Of contexts restricted, the share restricted through a firm alone. Share; neither direction is better by itself."""

    name, title = "through_firms", "Restrictions of people through a firm"
    numerator, denominator = "restrictions_by_firm", "restrictions + restrictions_by_firm"
    unit, better, source = "share", "neither", "facts.md A4.7"
    scale = SHARE


class FirmShare(Measure):
    """Firms' part of all listings, for the number of each. Ratio; neither direction is better by itself."""

    name, title = "firm_share", "Listings a firm for each listing an adult"
    formula = "(firm listings / firm-weeks) / (listings of adults / adult-weeks)"
    unit, better, source = "ratio", "neither", "facts.md A3.6, A3.7, F6"
    scale = POSITIVE
    people, by_group = False, False

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        return ratio(ratio(sums.firm_listings, sums.firm_weeks), ratio(sums.listings, sums.adults))


class ScoreConnection(CorrelationMeasure):
    """A firm's standing against its political connection. Correlation; less is better."""

    name, title = "score_connection", "Firms' standing and connection"
    count, x, y = "rated", "standing", "connection"
    unit, better, source = "correlation", "less", "facts.md A7.3, F18"
    people, by_group = False, False


class ScoreQuality(CorrelationMeasure):
    """A firm's standing against the quality of its own governance. Correlation; more is better."""

    name, title = "score_quality", "Firms' standing and governance"
    count, x, y = "rated", "standing", "quality"
    unit, better, source = "correlation", "more", "facts.md A7.3, F18"
    people, by_group = False, False


class ScoreLeverage(CorrelationMeasure):
    """A firm's standing against its leverage. Correlation; neither direction is better by itself."""

    name, title = "score_leverage", "Firms' standing and debt"
    count, x, y = "rated", "standing", "leverage"
    unit, better, source = "correlation", "neither", "facts.md A7.3, F18"
    people, by_group = False, False


class ForeignCompliance(RatioMeasure):
    """Political demands that foreign firms meet, a firm and year. Demands; neither direction is better by itself."""

    name, title = "foreign_compliance", "Demands that foreign firms meet"
    numerator, denominator = "demands_met", "firm_weeks"
    factor = 52_000.0
    unit, better, source = "per 1,000 firms and year", "less", "facts.md A1.1; S9, S16"
    scale = POSITIVE
    people, by_group = False, False


class FirmHarm(RatioMeasure):
    """Harm done by breaches of firms. ww; less is better."""

    name, title = "firm_harm", "Harm done by firms"
    numerator, denominator = "firm_harm", "firm_weeks"
    factor = 52.0
    unit, better, source = "ww per firm and year", "less", "facts.md C8, F19"
    scale = POSITIVE
    people, by_group = False, False


class ReachAbroad(RatioMeasure):
    """Welfare that adults abroad lose. ww; less is better."""

    name, title = "reach_abroad", "Welfare lost abroad"
    numerator, denominator = "abroad_hardship", "abroad_weeks"
    factor = 52.0
    unit, better, source = "ww per adult and year", "less", "definition; S9"
    scale = IDENTITY


class SilenceAbroad(RatioMeasure):
    """Adults abroad who speak up. Per thousand and year; more is better."""

    name, title = "voice_abroad", "Voice abroad"
    numerator, denominator = "abroad_voicings", "abroad_weeks"
    factor = 52_000.0
    unit, better, source = "per 1,000 adults and year", "more", "definition; S9"
    scale = POSITIVE


class ForeignSilence(RatioMeasure):
    """What a foreign public does not say. Share; less is better."""

    name, title = "foreign_silence", "Silence of a foreign public"
    numerator, denominator = "foreign_silence_sum", "foreign_weeks"
    unit, better, source = "share", "less", "definition; S16"
    scale = SHARE
    by_group = False


class Awareness(RatioMeasure):
    """Adults who know of the regime. Share; neither direction is better by itself."""

    name, title = "awareness", "Adults who know of the regime"
    numerator, denominator = "aware_adults", "adults"
    unit, better, source = "share", "neither", "facts.md A6.11, F7"
    scale = SHARE


class Approval(RatioMeasure):
    """Approval of the regime, as it is said, among those who know of it. Share; neither direction is better."""

    name, title = "approval", "Stated approval of the regime"
    numerator, denominator = "approving", "aware_adults"
    unit, better, source = "share", "neither", "facts.md B1.1, F7"
    scale = SHARE


class ApprovalInformed(Measure):
    """Approval of those who know of its repressive use, less that of the others who know of it. Points."""

    name, title = "approval_informed", "Approval lost by information"
    formula = "approval among the informed - approval among the aware who are not informed"
    unit, better, source = "share", "neither", "facts.md B1.3, F8"
    scale = SIGNED

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        others = sums.aware_adults - sums.informed_adults
        return ratio(sums.informed_approving, sums.informed_adults) - ratio(
            sums.approving - sums.informed_approving, others
        )
