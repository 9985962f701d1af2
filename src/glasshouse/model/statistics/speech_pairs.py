"""What the same citizen says in the two arms: complaints silenced, and protest that only fear keeps back."""

from typing import ClassVar

from glasshouse.model.declarations import Sum
from glasshouse.model.pairing import Pairing


class SameProblem(Pairing):
    """Complaints about the same open problem in the two arms, citizen by citizen and week by week."""

    name: ClassVar[str] = "same_problem"
    sums: ClassVar = (
        Sum("same_problems", "citizen-weeks", "weeks with the same open problem in both arms"),
        Sum("said_in_reference", "complaints", "complaints made about it in the reference arm"),
        Sum("silenced_by_regime", "complaints", "of these, not made in the regime arm"),
        Sum("silenced_by_fear", "complaints", "of these, which the fear of the reference arm would have let be made"),
        Sum("said_in_regime_only", "complaints", "complaints made about it in the regime arm alone"),
    )

    @staticmethod
    def pair(reference, regime, add):
        if reference.problem_start >= 0 and reference.problem_start == regime.problem_start:
            add("same_problems")
            if reference.complaint:
                add("said_in_reference")
                if not regime.complaint:
                    add("silenced_by_regime")
                    if regime.complaint_margin + regime.complaint_fear * (regime.risk - reference.risk) > 0.0:
                        add("silenced_by_fear")
            elif regime.complaint:
                add("said_in_regime_only")


class Latent(Pairing):
    """Protest that only the fear of the regime keeps back: who would protest if r fell to its reference value."""

    name: ClassVar[str] = "latent"
    sums: ClassVar = (
        Sum("would_protest", "citizen-weeks", "citizens who would protest in the regime with r of the reference arm"),
        Sum("do_protest", "citizen-weeks", "citizens who protest in the regime"),
    )

    @staticmethod
    def pair(reference, regime, add):
        if regime.protest:
            add("do_protest")
        if regime.protest_margin + regime.protest_fear * (regime.risk - reference.risk) > 0.0:
            add("would_protest")
