"""What people lose, who loses it, and for what."""

from glasshouse.model.ratio_measure import ArmsRatioMeasure, RatioMeasure
from glasshouse.model.scale import IDENTITY, POSITIVE, SHARE

SOURCE = "definition; welfare-weeks (ww) are weeks of the median citizen's welfare"


class WelfareLost(ArmsRatioMeasure):
    """Hardship in the regime less hardship in the reference, per adult and year. ww; less is better."""

    name, title = "welfare_lost", "Welfare lost to the regime"
    numerator, denominator = "regime.hardship_sum - reference.hardship_sum", "reference.adults"
    factor = 52.0
    unit, better, source = "ww per adult and year", "less", SOURCE
    scale = IDENTITY


class HarmlessShare(RatioMeasure):
    """Sanction that answers no harmful conduct over all sanction. Share; less is better."""

    name, title = "disproportion", "Sanctions on people who did no harm"
    numerator, denominator = "sanction_harmless_ww", "sanction_ww"
    unit, better, source = "share", "less", "EU AI Act, Art. 5(1)(c)(ii)"
    scale = SHARE


class UnlawfulSanctions(RatioMeasure):
    """Sanction by unlawful restrictions over all sanction. Share; less is better."""

    name, title = "unlawful_sanctions", "Sanctions wrong by law"
    numerator, denominator = "sanction_unlawful_ww", "sanction_ww"
    unit, better, source = "share", "less", "definition; what a later court would call lawful is a setting (law)"
    scale = SHARE


class SanctionPerHarm(RatioMeasure):
    """Sanction imposed on those who did harm over the harm that breaches did. Ratio; neither direction is better."""

    name, title = "sanction_per_harm", "Sanction for a unit of harm"
    numerator, denominator = "sanction_ww - sanction_harmless_ww", "breach_harm"
    unit, better, source = "ratio", "neither", "EU AI Act, Art. 5(1)(c)(ii)"
    scale = POSITIVE


class UnrelatedShare(RatioMeasure):
    """Sanction in contexts whose own agency holds nothing against the citizen. Share; less is better."""

    name, title = "unrelated_share", "Sanctions in unrelated contexts"
    numerator, denominator = "sanction_unrelated_ww", "sanction_ww"
    unit, better, source = "share", "less", "EU AI Act, Art. 5(1)(c)(i)"
    scale = SHARE


class Collateral(RatioMeasure):
    """Welfare that household members and employees lose over all that sanctions take. Share; less is better."""

    name, title = "collateral", "Harm to people who did nothing"
    numerator, denominator = "collateral_ww + employee_ww", "collateral_ww + employee_ww + sanction_ww"
    unit, better, source = "share", "less", SOURCE
    scale = SHARE
    kurtosis = 0.7  # a few households bear most of it; fits docs/coverage.md


class CoerciveShare(RatioMeasure):
    """Welfare that police and courts take over all that agencies take. Share; neither direction is better by itself."""

    name, title = "coercive_share", "Sanctions by police and courts"
    numerator, denominator = "sanction_coercive_ww + visit_ww", "sanction_ww + visit_ww"
    unit, better, source = "share", "neither", "facts.md A1.8"
    scale = SHARE


class ThirdPartyShare(RatioMeasure):
    """Welfare lost to refusals by third parties over that and all sanctions. Share; less is better."""

    name, title = "third_party_share", "Harm by refusals of third parties"
    numerator, denominator = "third_party_ww", "sanction_ww + representative_ww + third_party_ww"
    unit, better, source = "share", "less", SOURCE
    scale = SHARE


class MinorShare(RatioMeasure):
    """Sanction on people whose deserved points are few, over all sanction. Share; less is better."""

    name, title = "minor_share", "Sanctions on people with minor acts alone"
    numerator, denominator = "sanction_minor_ww", "sanction_ww"
    unit, better, source = "share", "less", "EU AI Act, Art. 5(1)(c)(ii)"
    scale = SHARE
