"""What people no longer say, and what the state gains from that."""

import numpy as np

from glasshouse.model.measure import FloatArray, Measure, Sums, ratio
from glasshouse.model.measures.governance import UNREST
from glasshouse.model.ratio_measure import ArmsRatioMeasure, RatioMeasure
from glasshouse.model.scale import BELOW_ONE, IDENTITY, POSITIVE, SHARE


class Chilling(ArmsRatioMeasure):
    """Complaints about the same problem that the regime silences, net of those it brings forth. Share; less is better."""

    name, title = "chilling", "Complaints silenced"
    numerator, denominator = "pairs.silenced_by_regime - pairs.said_in_regime_only", "pairs.said_in_reference"
    unit, better, source = "share", "less", "Penney 2016; facts.md B3"
    scale = BELOW_ONE


class ChillingByFear(ArmsRatioMeasure):
    """Of complaints that the regime silences, those that come back with the fear of the reference arm. Share; neither."""

    name, title = "chilling_restored", "Silenced complaints that less fear would restore"
    numerator, denominator = "pairs.silenced_by_fear", "pairs.silenced_by_regime"
    unit, better, source = "share", "neither", "Penney 2016; facts.md B3"
    scale = SHARE


class LatentUnrest(ArmsRatioMeasure):
    """Protest that fear alone keeps back, over protest made. Ratio; less is better for the state."""

    name, title = "latent_unrest", "Protest kept back by fear"
    numerator, denominator = "pairs.would_protest - pairs.do_protest", "regime.adults"
    factor = 52_000.0
    unit, better, source = "per 1,000 adults and year", "less", "Kuran 1991"
    scale = POSITIVE
    people = False


class BelievedRisk(RatioMeasure):
    """Probability that adults give to a sanction for speaking. Share; less is better."""

    name, title = "believed_risk", "Believed risk of speaking"
    numerator, denominator = "risk_sum", "adults"
    unit, better, source = "share", "less", "facts.md B2.2, F11"
    scale = SHARE


class FalsificationGap(Measure):
    """Support stated openly less support held privately. Percentage points; less is better."""

    name, title = "falsification_gap", "Gap between stated and private support"
    formula = "100 * (stated support - private support) / adult-weeks, private support being 1 - G"
    unit, better, source = "points", "less", "Kuran 1991; facts.md B2"
    scale = IDENTITY

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        return 100.0 * (ratio(sums.stated_sum + sums.opposition_sum, sums.adults) - 1.0)


class Control(ArmsRatioMeasure):
    """Unrest avoided. Share; more is better for the state, which is not to say for people."""

    name, title = "control", "Protest avoided"
    numerator, denominator = "regime.protests", "reference.protests"
    complement = True
    unit, better, source = "share", "neither", "facts.md C2"
    scale = BELOW_ONE
    kurtosis = UNREST
    less_bias = True
    people, by_group = False, True


class ControlExpected(ArmsRatioMeasure):
    """Unrest avoided, from chances to protest instead of protests: free of the random numbers of the week. Share."""

    name, title = "control_expected", "Expected protest avoided"
    numerator, denominator = "regime.protests_expected", "reference.protests_expected"
    complement = True
    unit, better, source = "share", "neither", "facts.md C2"
    scale = BELOW_ONE
    kurtosis = UNREST
    less_bias = True
    people = False


class ControlAtEqualGrievance(Measure):
    """Unrest avoided if people in both arms were equally aggrieved. Share."""

    name, title = "control_equal", "Protest avoided at equal grievance"
    formula = (
        "1 - sum over classes of grievance of (reference occasions * regime protests an occasion) / reference protests; "
        "classes without occasions in the regime are left out of both"
    )
    unit, better, source = "share", "neither", "facts.md C2; direct standardisation"
    scale = BELOW_ONE
    kurtosis = UNREST
    less_bias = True
    people = False

    @staticmethod
    def between(reference: Sums, regime: Sums, pairs: Sums) -> FloatArray:
        expected = made = 0.0 * reference.protests
        for name in ("calm", "uneasy", "bitter", "furious"):
            before, after = (getattr(arm, f"{name}_occasions") for arm in (reference, regime))
            share = ratio(getattr(regime, f"{name}_protests"), after)
            expected = expected + np.where(after > 0, before * np.nan_to_num(share), 0.0)
            made = made + np.where(after > 0, getattr(reference, f"{name}_protests"), 0.0)
        return 1.0 - ratio(expected, made)
