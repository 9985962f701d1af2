"""What becomes of those who are selected: their case, the payment meanwhile and what is found."""

from collections.abc import Mapping
from typing import ClassVar

from glasshouse.model.codes import BY_LOT, BY_MISTAKE, IRREGULARITY, NOT_CLAIMED
from glasshouse.model.declarations import WELFARE, Column, Sum, param
from glasshouse.model.entities import GROUPS
from glasshouse.model.group_factors import GroupFindings, of_groups
from glasshouse.model.mechanism import Mechanism

MOST_WEEKS = 200
"""End of the time that a case takes."""


class Investigation(Mechanism, GroupFindings):
    """A case for each recipient who is selected, decided after `duration` weeks.

    With y = 1 where the claim was irregular when the case was opened, it is found so with probability
    y * sensitivity * a + (1 - y) * (1 - specificity) * c * b. a and b are the products of the factors of the groups that one
    belongs to, b for those drawn by lot only in part: 1 + bias_in_lot * (b - 1); c = `confirmation` for those whom the score selected, of whom investigators expect it, and 1 for those drawn by lot.
    The share `stop` of the benefit is withheld while the case is open. A finding leaves the claim as it is.
    """

    name: ClassVar[str] = "investigation"
    after: ClassVar[str] = "screening"
    columns: ClassVar = (
        Column(
            "case",
            "u1",
            "code",
            f"open case: the code of the selection, {IRREGULARITY} times how the claim was irregular included; 0 if there is none",
            high=BY_LOT + 2 * IRREGULARITY,
        ),
        Column("case_weeks", "u1", "weeks", "weeks that it has been open", high=MOST_WEEKS),
    )
    sums: ClassVar = (
        Sum("decided_model", "cases", "cases decided of those selected by the score"),
        Sum("decided_lot", "cases", "cases decided of those drawn by lot"),
        Sum("decided_leaning", "cases", "cases decided of the group that the feedback is about"),
        Sum("decided_lot_leaning", "cases", "of these, those drawn by lot"),
        Sum("found_model", "findings", "findings about those selected by the score"),
        Sum("found_lot", "findings", "findings about those drawn by lot"),
        Sum("found_leaning", "findings", "findings about the group that the feedback is about"),
        Sum("found_lot_leaning", "findings", "of these, about those drawn by lot"),
        Sum("found_nothing", "findings", "findings about people whose claim was not irregular"),
        Sum("found_mistake", "findings", "findings about people whose claim was irregular by mistake"),
        Sum("case_weeks_open", "citizen-weeks", "weeks with an open case"),
        Sum("case_weeks_regular", "citizen-weeks", "of these, of people whose claim was not irregular"),
        Sum("withheld", "full rates", "benefits withheld while a case was open", WELFARE),
        Sum("withheld_regular", "full rates", "of these, from people whose claim was not irregular", WELFARE),
    )
    draws: ClassVar = ("finding",)

    duration: float = param(
        8.0,
        "Time from selection to decision.",
        unit="weeks", bounds=(1, MOST_WEEKS), prior=(2.0, 26.0), role="lever",
    )  # fmt: skip
    stop: float = param(
        0.0,
        "Share of the benefit that is withheld while the case is open.",
        unit="share", bounds=(0, 1), prior=(0.0, 1.0), role="lever",
    )  # fmt: skip
    sensitivity: float = param(
        0.85,
        "Chance that an irregular claim is found out.",
        unit="share", bounds=(0, 1), prior=(0.6, 0.98), role="assumption",
    )  # fmt: skip
    specificity: float = param(
        0.99,
        "Chance that nothing is found where nothing is irregular, of those drawn by lot.",
        unit="share", bounds=(0, 1), prior=(0.97, 0.999), role="assumption",
    )  # fmt: skip
    confirmation: float = param(
        1.0,
        "False findings about those whom the score selected, over those about people drawn by lot.",
        unit="ratio", bounds=(1, 100), prior=(1.0, 10.0), role="assumption",
    )  # fmt: skip

    bias_in_lot: float = param(
        1.0,
        "Part of what groups' false findings are above or below others' that is there in cases drawn by lot as well.",
        unit="share", bounds=(0, 1), prior=(0.0, 1.0), role="assumption",
    )  # fmt: skip

    def constants(self) -> Mapping[str, float]:
        """Whether findings differ by group.

        Returns
        -------
        Mapping[str, float]
            `differs`, 1 if some factor is not 1.
        """
        names = [
            f"{prefix}_{group.replace(' ', '_')}" for prefix in ("sensitivity", "false_finding") for group in GROUPS
        ]
        return {"differs": float(any(getattr(self, name) != 1.0 for name in names))}

    @staticmethod
    def citizen(me, nation, p, draw, add):
        if me.selected > 0:
            me.case, me.case_weeks = me.selected, 0
            return
        if me.case == 0:
            return
        regular = 1 if me.case < IRREGULARITY else 0
        by_lot = 1 if me.case % IRREGULARITY == BY_LOT else 0
        me.case_weeks += 1
        add("case_weeks_open")
        add("case_weeks_regular", regular)
        if p.stop > 0.0 and me.benefit != NOT_CLAIMED:
            add("withheld", p.stop * me.benefit / 100.0)
            add("withheld_regular", regular * p.stop * me.benefit / 100.0)
        if me.case_weeks < p.duration:
            return
        chance, factor = p.sensitivity, 1.0
        if regular > 0:
            chance = (1.0 - p.specificity) * (1.0 if by_lot > 0 else p.confirmation)
        if p.differs > 0.0 and regular > 0:
            factor = of_groups(
                me.groups, 1.0, p.false_finding_woman, p.false_finding_lone_parent, p.false_finding_under_25,
                p.false_finding_50_and_over, p.false_finding_poorest_fifth,
                p.false_finding_below_median_income, p.false_finding_minority, p.false_finding_migrant,
                p.false_finding_rural, p.false_finding_college
            )  # fmt: skip
            if by_lot > 0 and p.bias_in_lot < 1.0:
                factor = 1.0 + p.bias_in_lot * (factor - 1.0)
        elif p.differs > 0.0:
            factor = of_groups(
                me.groups, 1.0, p.sensitivity_woman, p.sensitivity_lone_parent, p.sensitivity_under_25,
                p.sensitivity_50_and_over, p.sensitivity_poorest_fifth, p.sensitivity_below_median_income,
                p.sensitivity_minority, p.sensitivity_migrant, p.sensitivity_rural, p.sensitivity_college
            )  # fmt: skip
        found = 1 if draw("finding") < chance * factor else 0
        leans = 1 if me.groups & int(nation.leaning) else 0
        add("decided_lot", by_lot)
        add("decided_model", 1 - by_lot)
        add("decided_leaning", leans)
        add("decided_lot_leaning", leans * by_lot)
        add("found_lot", found * by_lot)
        add("found_model", found * (1 - by_lot))
        add("found_leaning", found * leans)
        add("found_lot_leaning", found * leans * by_lot)
        add("found_nothing", found * regular)
        add("found_mistake", found if me.case // IRREGULARITY == BY_MISTAKE else 0)
        me.case, me.case_weeks = 0, 0
