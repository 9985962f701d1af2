"""What people no longer say, and what the state gains from that."""

from typing import ClassVar

from glasshouse.measure import Measure, Numbers, Sums, ratio
from glasshouse.pairing import Pairing
from glasshouse.schema import Sum


class SameProblem(Pairing):
    """Complaints about the same open problem in the two worlds, person by person and week by week."""

    name: ClassVar[str] = "same_problem"
    sums: ClassVar = (
        Sum("same_problems", "citizen-weeks", "weeks with the same open problem in both worlds"),
        Sum("said_in_reference", "complaints", "complaints made about it in the reference world"),
        Sum("silenced_by_regime", "complaints", "of these, not made in the regime world"),
        Sum("said_in_regime_only", "complaints", "complaints made about it in the regime world alone"),
    )

    @staticmethod
    def pair(reference, regime, add):  # type: ignore[no-untyped-def]
        if reference.problem_start >= 0 and reference.problem_start == regime.problem_start:
            add("same_problems")
            if reference.complaint:
                add("said_in_reference")
                if not regime.complaint:
                    add("silenced_by_regime")
            elif regime.complaint:
                add("said_in_regime_only")


class Chilling(Measure):
    """Complaints about the same problem that the regime silences, net of those it brings forth. Share; less is better."""

    name, title = "chilling", "Complaints silenced"
    formula = (
        "(complaints made in the reference world and not in the regime world - the reverse) / complaints made in the "
        "reference world, among person-weeks with the same open problem in both"
    )
    unit, better, source = "share", "less", "Penney 2016; facts.md B3"

    @staticmethod
    def between(reference: Sums, regime: Sums, pairs: Sums) -> Numbers:
        return ratio(pairs.silenced_by_regime - pairs.said_in_regime_only, pairs.said_in_reference)


class FalsificationGap(Measure):
    """Support stated openly less support held privately. Percentage points; less is better."""

    name, title = "falsification_gap", "Gap between stated and private support"
    formula = "100 * (stated support - private support) / adult-weeks, private support being 1 - g"
    unit, better, source = "points", "less", "Kuran 1991; facts.md B2"

    @staticmethod
    def value(sums: Sums) -> Numbers:
        return 100.0 * (ratio(sums.stated_sum + sums.grievance_sum, sums.adults) - 1.0)


class Control(Measure):
    """Unrest avoided. Share; more is better for the state, which is not to say for people."""

    name, title = "control", "Protest avoided"
    formula = "1 - protest participation in the regime / protest participation in the reference"
    unit, better, source = "share", "neither", "facts.md C2"
    people, by_group = False, True

    @staticmethod
    def between(reference: Sums, regime: Sums, pairs: Sums) -> Numbers:
        return 1.0 - ratio(regime.protests, reference.protests)
