"""What people lose, who loses it, and for what."""

from glasshouse.model.measure import FloatArray, Measure, Sums, ratio

SOURCE = "definition; welfare-weeks (ww) are weeks of the median citizen's welfare"


class WelfareLost(Measure):
    """Hardship in the regime less hardship in the reference, per adult and year. ww; less is better."""

    name, title = "welfare_lost", "Welfare lost to the regime"
    formula = "52 * (sum of h in the regime - sum of h in the reference) / adult-weeks"
    unit, better, source = "ww per adult and year", "less", SOURCE

    @staticmethod
    def between(reference: Sums, regime: Sums, pairs: Sums) -> FloatArray:
        return 52.0 * ratio(regime.hardship_sum - reference.hardship_sum, reference.adults)


class HarmlessShare(Measure):
    """Sanction that answers no harmful conduct over all sanction. Share; less is better."""

    name, title = "disproportion", "Sanctions on people who did no harm"
    formula = "sanction ww on citizens who deserve no point / sanction ww"
    unit, better, source = "share", "less", "EU AI Act, Art. 5(1)(c)(ii)"

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        return ratio(sums.sanction_harmless_ww, sums.sanction_ww)


class SanctionPerHarm(Measure):
    """Sanction imposed on those who did harm over the harm that breaches did. Ratio; neither direction is better."""

    name, title = "sanction_per_harm", "Sanction for a unit of harm"
    formula = "sanction ww on citizens with deserved points / harm of breaches in ww"
    unit, better, source = "ratio", "neither", "EU AI Act, Art. 5(1)(c)(ii)"

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        return ratio(sums.sanction_ww - sums.sanction_harmless_ww, sums.breach_harm)


class UnrelatedShare(Measure):
    """Sanction in contexts whose own agency holds nothing against the citizen. Share; less is better."""

    name, title = "unrelated_share", "Sanctions in unrelated contexts"
    formula = "sanction ww in contexts whose agency holds no point / sanction ww"
    unit, better, source = "share", "less", "EU AI Act, Art. 5(1)(c)(i)"

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        return ratio(sums.sanction_unrelated_ww, sums.sanction_ww)


class Collateral(Measure):
    """Welfare that household members and employees lose over all that sanctions take. Share; less is better."""

    name, title = "collateral", "Harm to people who did nothing"
    formula = "ww lost through restricted household members and employers / (that + sanction ww)"
    unit, better, source = "share", "less", SOURCE

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        spilled = sums.collateral_ww + sums.employee_ww
        return ratio(spilled, spilled + sums.sanction_ww)


class MinorShare(Measure):
    """Sanction on people whose deserved points are few, over all sanction. Share; less is better."""

    name, title = "minor_share", "Sanctions on people with minor acts alone"
    formula = "sanction ww on citizens with 1 to 3 deserved points / sanction ww"
    unit, better, source = "share", "less", "EU AI Act, Art. 5(1)(c)(ii)"

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        return ratio(sums.sanction_minor_ww, sums.sanction_ww)
