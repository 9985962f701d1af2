"""Whether a wrong can be put right: who appeals, what comes of it, how long it takes."""

from glasshouse.model.measure import FloatArray, Measure, Sums, ratio


class RedressUse(Measure):
    """Appeals against wrongful restrictions over wrongful restrictions. Share; more is better."""

    name, title = "redress_use", "Wrongful restrictions appealed"
    formula = "appeals against wrongful restrictions / spells of wrongful restriction that began"
    unit, better, source = "share", "more", "facts.md B6.4, F24"

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        return ratio(sums.appeals_wrongful, sums.wrong_begun)


class RedressRight(Measure):
    """Wrongful restrictions undone by an appeal over wrongful restrictions. Share; more is better."""

    name, title = "redress_right", "Wrongful restrictions undone by appeal"
    formula = "wrongful restrictions undone by appeal / spells of wrongful restriction that began"
    unit, better, source = "share", "more", "facts.md B6.4, F24"

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        return ratio(sums.appeals_upheld, sums.wrong_begun)


class AppealWin(Measure):
    """Appeals granted over appeals decided. Share; neither direction is better by itself."""

    name, title = "appeal_win", "Appeals granted"
    formula = "appeals granted / appeals decided"
    unit, better, source = "share", "neither", "facts.md B6.4, B6.5, F24"

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        return ratio(sums.appeals_upheld + sums.appeals_lenient, sums.appeals_decided)


class AppealWait(Measure):
    """Weeks that decided appeals had waited. Weeks; less is better."""

    name, title = "appeal_wait", "Waiting for a decision on an appeal"
    formula = "weeks waited by decided appeals / decided appeals"
    unit, better, source = "weeks", "less", "definition"

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        return ratio(sums.appeal_wait, sums.appeals_decided)


class Reviewed(Measure):
    """Listings dismissed by a human reviewer over listings reviewed. Share; neither direction is better by itself."""

    name, title = "review_dismissed", "Listings dismissed on review"
    formula = "listings dismissed by a reviewer / listings reviewed"
    unit, better, source = "share", "neither", "EU AI Act, Art. 14"

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        return ratio(sums.reviews_dismissed, sums.reviews)
