"""What a score is worth: whether it can be gamed, whether it sticks, who sees it."""

from glasshouse.model.measure import FloatArray, Measure, Sums, correlation, ratio


class Gaming(Measure):
    """Acts that earn credit and have no real value, over acts that earn credit. Share; less is better."""

    name, title = "gaming", "Credit earned by show"
    formula = "good deeds without real value / good deeds"
    unit, better, source = "share", "less", "Hardt et al. 2016; Milli et al. 2019"

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        return ratio(sums.gamed_deeds, sums.good_deeds)


class ScoreTruth(Measure):
    """Local score against the score that deserved points would give. Correlation; more is better."""

    name, title = "score_truth", "Local scores that tell who deserves what"
    formula = "correlation over citizen-weeks of the local score with the score from deserved points"
    unit, better, source = "correlation", "more", "definition"

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        s = sums
        return correlation(s.scored, s.score_sum, s.score_squares, s.deserved_sum, s.deserved_squares, s.score_products)


class Exposure(Measure):
    """Points held about a citizen. Points; less is better."""

    name, title = "exposure", "Points on file"
    formula = "points held / adult-weeks"
    unit, better, source = "points an adult", "less", "definition"

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        return ratio(sums.points_held, sums.adults)


class Views(Measure):
    """Agencies whose list counts some record of a citizen. Agencies; less is better."""

    name, title = "views", "Agencies that count somebody's records"
    formula = "agency-weeks in which a list counts some record of a citizen / adult-weeks"
    unit, better, source = "agencies an adult", "less", "definition; facts.md A3"

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        return ratio(sums.views, sums.adults)


class Isolation(Measure):
    """Voices that contacts no longer heed because the speaker is restricted. Share; less is better."""

    name, title = "isolation", "Voices unheeded by shunning"
    formula = "voices of restricted citizens that went unseen / voices"
    unit, better, source = "share", "less", "definition"

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        return ratio(sums.shunned, sums.voicings)


class ScoreMobility(Measure):
    """Points now against points a year ago. Correlation; less means that a past can be left behind."""

    name, title = "score_mobility", "Points now and a year ago"
    formula = "correlation over adults of points held at two turns of a year"
    unit, better, source = "correlation", "less", "definition"

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        s = sums
        return correlation(
            s.followed_year, s.then_sum_year, s.then_squares_year, s.now_sum_year, s.now_squares_year, s.then_now_year
        )


class ScoreMobilityFive(Measure):
    """Points now against points five years ago. Correlation; less means that a past can be left behind."""

    name, title = "score_mobility_five", "Points now and five years ago"
    formula = "correlation over adults of points held five years apart"
    unit, better, source = "correlation", "less", "definition"

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        s = sums
        return correlation(
            s.followed_five, s.then_sum_five, s.then_squares_five, s.now_sum_five, s.now_squares_five, s.then_now_five
        )


class ExitRate(Measure):
    """Of those with points on file, how many hold none a year later. Share; more is better."""

    name, title = "exit_rate", "Files emptied within a year"
    formula = "adults with points a year ago and none now / adults with points a year ago"
    unit, better, source = "share", "more", "definition"

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        return ratio(sums.exits_year, sums.held_then_year)


class Scored(Measure):
    """Adults with a local score. Share; neither direction is better by itself."""

    name, title = "scored", "Adults with a local score"
    formula = "adult-weeks with a local score / adult-weeks"
    unit, better, source = "share", "neither", "facts.md A6"

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        return ratio(sums.scored, sums.adults)
