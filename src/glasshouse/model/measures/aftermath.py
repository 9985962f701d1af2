"""What becomes of the victims of wrongful restrictions: whether and when they are recognised and refunded."""

from glasshouse.model.ratio_measure import RatioMeasure
from glasshouse.model.scale import POSITIVE, SHARE


class VictimsRecognised(RatioMeasure):
    """Victims of wrongful restrictions who were recognised, over victims. Share; more is better."""

    name, title = "victims_recognised", "Victims recognised"
    numerator, denominator = "victims_known", "victims"
    unit, better, source = "share", "more", "facts.md E1"
    scale = SHARE


class RecognitionWait(RatioMeasure):
    """Weeks that victims went unrecognised, for each victim recognised. Weeks; less is better.

    Victims who are never recognised count in the numerator, so it is no less than the mean wait of those who are.
    """

    name, title = "recognition_wait", "Weeks until a victim is recognised"
    numerator, denominator = "victims_unknown", "victims_known"
    unit, better, source = "weeks", "less", "definition"
    scale = POSITIVE


class RefundWait(RatioMeasure):
    """Weeks that recognised victims waited for a refund, for each refund. Weeks; less is better."""

    name, title = "refund_wait", "Weeks from recognition to refund"
    numerator, denominator = "refunds_due", "refunds"
    unit, better, source = "weeks", "less", "definition"
    scale = POSITIVE


class HarmNotRefunded(RatioMeasure):
    """Welfare taken from victims that was not paid back, over all that was taken. Share; less is better."""

    name, title = "harm_not_refunded", "Harm not refunded"
    numerator, denominator = "taken_wrongly_ww - refunded_ww", "taken_wrongly_ww"
    unit, better, source = "share", "less", "definition"
    scale = SHARE
