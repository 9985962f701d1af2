"""How far the regime reaches: firms, people abroad, a foreign public, and what people think of it."""

from glasshouse.model.measure import FloatArray, Measure, Sums, correlation, ratio


class FirmsListed(Measure):
    """Firms restricted over firms. Share; neither direction is better by itself."""

    name, title = "firms_listed", "Firms restricted"
    formula = "firm-weeks restricted / firm-weeks"
    unit, better, source = "share", "neither", "facts.md A3.7"
    people, by_group = False, False

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        return ratio(sums.firms_listed, sums.firm_weeks)


class FirmShare(Measure):
    """Firms' part of all listings, for the number of each. Ratio; neither direction is better by itself."""

    name, title = "firm_share", "Listings a firm for each listing an adult"
    formula = "(firm listings / firm-weeks) / (listings of adults / adult-weeks)"
    unit, better, source = "ratio", "neither", "facts.md A3.6, A3.7, F6"
    people, by_group = False, False

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        return ratio(ratio(sums.firm_listings, sums.firm_weeks), ratio(sums.listings, sums.adults))


class ScoreConnection(Measure):
    """A firm's standing against its political connection. Correlation; less is better."""

    name, title = "score_connection", "Firms' standing and connection"
    formula = "correlation over larger firms of standing (credit worth less points) with political connection"
    unit, better, source = "correlation", "less", "facts.md A7.3, F18"
    people, by_group = False, False

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        s = sums
        return correlation(
            s.rated, s.rating, s.rating_squares, s.connections, s.connection_squares, s.rating_connection
        )


class ScoreQuality(Measure):
    """A firm's standing against the quality of its own governance. Correlation; more is better."""

    name, title = "score_quality", "Firms' standing and governance"
    formula = "correlation over larger firms of standing with the quality of their own governance"
    unit, better, source = "correlation", "more", "facts.md A7.3, F18"
    people, by_group = False, False

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        s = sums
        return correlation(s.rated, s.rating, s.rating_squares, s.qualities, s.quality_squares, s.rating_quality)


class ScoreLeverage(Measure):
    """A firm's standing against its leverage. Correlation; neither direction is better by itself."""

    name, title = "score_leverage", "Firms' standing and debt"
    formula = "correlation over larger firms of standing with leverage"
    unit, better, source = "correlation", "neither", "facts.md A7.3, F18"
    people, by_group = False, False

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        s = sums
        return correlation(s.rated, s.rating, s.rating_squares, s.leverages, s.leverage_squares, s.rating_leverage)


class ForeignCompliance(Measure):
    """Political demands that foreign firms meet, a firm and year. Demands; neither direction is better by itself."""

    name, title = "foreign_compliance", "Demands that foreign firms meet"
    formula = "52,000 * demands met / firm-weeks"
    unit, better, source = "per 1,000 firms and year", "less", "facts.md A1.1; S9, S16"
    people, by_group = False, False

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        return 52_000.0 * ratio(sums.demands_met, sums.firm_weeks)


class FirmHarm(Measure):
    """Harm done by breaches of firms. ww; less is better."""

    name, title = "firm_harm", "Harm done by firms"
    formula = "52 * harm of firms' breaches / firm-weeks"
    unit, better, source = "ww per firm and year", "less", "facts.md C8, F19"
    people, by_group = False, False

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        return 52.0 * ratio(sums.firm_harm, sums.firm_weeks)


class ReachAbroad(Measure):
    """Welfare that adults abroad lose. ww; less is better."""

    name, title = "reach_abroad", "Welfare lost abroad"
    formula = "52 * sum of h of adults abroad / their weeks"
    unit, better, source = "ww per adult and year", "less", "definition; S9"

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        return 52.0 * ratio(sums.abroad_hardship, sums.abroad_weeks)


class SilenceAbroad(Measure):
    """Adults abroad who speak up. Per thousand and year; more is better."""

    name, title = "voice_abroad", "Voice abroad"
    formula = "52,000 * adults abroad who spoke up / their weeks"
    unit, better, source = "per 1,000 adults and year", "more", "definition; S9"

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        return 52_000.0 * ratio(sums.abroad_voicings, sums.abroad_weeks)


class ForeignSilence(Measure):
    """What a foreign public does not say. Share; less is better."""

    name, title = "foreign_silence", "Silence of a foreign public"
    formula = "mean over weeks of the share of what it would say that a foreign public does not say"
    unit, better, source = "share", "less", "definition; S16"
    by_group = False

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        return ratio(sums.foreign_silence_sum, sums.foreign_weeks)


class Awareness(Measure):
    """Adults who know of the regime. Share; neither direction is better by itself."""

    name, title = "awareness", "Adults who know of the regime"
    formula = "adult-weeks aware / adult-weeks"
    unit, better, source = "share", "neither", "facts.md A6.11, F7"

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        return ratio(sums.aware_adults, sums.adults)


class Approval(Measure):
    """Approval of the regime, as it is said, among those who know of it. Share; neither direction is better."""

    name, title = "approval", "Stated approval of the regime"
    formula = "adult-weeks approving / adult-weeks aware"
    unit, better, source = "share", "neither", "facts.md B1.1, F7"

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        return ratio(sums.approving, sums.aware_adults)


class ApprovalInformed(Measure):
    """Approval of those who know of its repressive use, less that of the others who know of it. Points."""

    name, title = "approval_informed", "Approval lost by information"
    formula = "approval among the informed - approval among the aware who are not informed"
    unit, better, source = "share", "neither", "facts.md B1.3, F8"

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        others = sums.aware_adults - sums.informed_adults
        return ratio(sums.informed_approving, sums.informed_adults) - ratio(
            sums.approving - sums.informed_approving, others
        )
