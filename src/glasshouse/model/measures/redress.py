"""Whether a wrong can be put right: who appeals, what comes of it, how long it takes."""

from glasshouse.model.ratio_measure import RatioMeasure
from glasshouse.model.scale import POSITIVE, SHARE


class RedressUse(RatioMeasure):
    """Appeals against wrongful restrictions over wrongful restrictions. Share; more is better."""

    name, title = "redress_use", "Wrongful restrictions appealed"
    numerator, denominator = "appeals_wrongful", "wrong_begun"
    unit, better, source = "share", "more", "facts.md B6.4, F24"
    scale = SHARE


class RedressRight(RatioMeasure):
    """Wrongful restrictions undone by an appeal over wrongful restrictions. Share; more is better."""

    name, title = "redress_right", "Wrongful restrictions undone by appeal"
    numerator, denominator = "appeals_upheld", "wrong_begun"
    unit, better, source = "share", "more", "facts.md B6.4, F24"
    scale = SHARE


class AppealWin(RatioMeasure):
    """Appeals granted over appeals decided. Share; neither direction is better by itself."""

    name, title = "appeal_win", "Appeals granted"
    numerator, denominator = "appeals_upheld + appeals_lenient", "appeals_decided"
    unit, better, source = "share", "neither", "facts.md B6.4, B6.5, F24"
    scale = SHARE


class RoutineWin(RatioMeasure):
    """Appeals granted over appeals decided, of those without speech on file. Share; neither direction is better by itself."""

    name, title = "routine_win", "Routine appeals granted"
    numerator, denominator = "routine_granted", "routine_decided"
    unit, better, source = "share", "neither", "facts.md B6.4, F24"
    scale = SHARE


class AppealWait(RatioMeasure):
    """Weeks that decided appeals had waited. Weeks; less is better."""

    name, title = "appeal_wait", "Waiting for a decision on an appeal"
    numerator, denominator = "appeal_wait", "appeals_decided"
    unit, better, source = "weeks", "less", "definition"
    scale = POSITIVE


class Reviewed(RatioMeasure):
    """Listings dismissed by a human reviewer over listings reviewed. Share; neither direction is better by itself."""

    name, title = "review_dismissed", "Listings dismissed on review"
    numerator, denominator = "reviews_dismissed", "reviews"
    unit, better, source = "share", "neither", "EU AI Act, Art. 14"
    scale = SHARE
