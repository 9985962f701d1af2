"""How a risk score follows past findings about a group."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from glasshouse.model.declarations import Column, param
from glasshouse.model.entities import GROUPS
from glasshouse.model.kernel_math import clip, toward
from glasshouse.model.mechanism import Mechanism

MOST_LEAN = 1.5
"""End of what past findings add to the score of a group, to either side."""

BY_SHARE, BY_RATE, BY_LOT_RATE = 0.0, 1.0, 2.0
"""Rules of the feedback as numbers."""


class Feedback(Mechanism):
    """What past findings add to the score of members of a group.

    lean <- lean + speed * (clip(gain * (r - 1), -1.5, 1.5) - lean). r is the group's share of all findings over its share of
    those scored (rule "share"), the share of its investigated members who are found irregular over that of all (rule "rate"), or
    the same among those drawn by lot (rule "lot"); findings and what they are divided by are smoothed at the same speed.

    With equal base rates "rate" and "lot" return to parity. "share" runs away above a gain of 1 / ((1 - group's share) h), h the
    hazard of the normal distribution at the bar less the separation. It is a model of retraining on past findings, without a
    learner; that such loops run away is Ensign et al. 2018.
    """

    name: ClassVar[str] = "feedback"
    after: ClassVar[str] = "investigation"
    off: ClassVar = {"gain": 0.0}
    centre_columns: ClassVar = (
        Column("leaning", "f8", "groups", "bit of the group that the score leans on", high=2.0 ** len(GROUPS)),
        Column("lean", "f8", "standard deviations", "what past findings add for it", -MOST_LEAN, MOST_LEAN),
        Column("past_found", "f8", "findings", "findings about the group and about all, smoothed", high=1e12, length=2),
        Column("past_base", "f8", "people", "what they are divided by, smoothed", high=1e12, length=2),
    )

    gain: float = param(
        0.0,
        "How strongly the score follows past findings.",
        unit="standard deviations", bounds=(0, 3), prior=(0.0, 0.5), role="uncertainty",
    )  # fmt: skip
    speed: float = param(
        0.02,
        "Share of a week's findings in the smoothed findings, and of the distance that the score moves.",
        unit="share a week", bounds=(0.001, 1), prior=(0.005, 0.04), role="uncertainty",
    )  # fmt: skip
    group: Literal[
        "woman", "lone parent", "under 25", "50 and over", "poorest fifth", "below median income", "minority", "migrant",
        "rural", "college",
    ] = param(
        "minority", "Group about which the score follows past findings.", unit="group", source="the regime's rule", role="lever"
    )  # fmt: skip
    rule: Literal["share", "rate", "lot"] = param(
        "share",
        "What it follows: the group's share of findings, the share of its investigated members who are found irregular, or "
        "that among those drawn by lot.",
        unit="rule", source="the regime's rule", role="lever",
    )  # fmt: skip

    def constants(self) -> Mapping[str, float]:
        """The group and the rule as numbers.

        Returns
        -------
        Mapping[str, float]
            `group_bit`, the bit of the group if there is a feedback; `rule_number`, the number of the rule.
        """
        bit = 1 << GROUPS.index(self.group)
        return {
            "group_bit": float(bit) if self.gain > 0.0 else 0.0,
            "rule_number": {"share": BY_SHARE, "rate": BY_RATE, "lot": BY_LOT_RATE}[self.rule],
        }

    @staticmethod
    def centre(nation, total, p):
        nation.leaning = p.group_bit
        if p.gain <= 0.0:
            nation.lean = 0.0
            return
        group, everybody = 1.0 * total.screened_leaning, 1.0 * total.screened
        found_group, found = 1.0 * total.found_leaning, 1.0 * (total.found_model + total.found_lot)
        if p.rule_number == BY_RATE:
            group, everybody = 1.0 * total.decided_leaning, 1.0 * (total.decided_model + total.decided_lot)
        elif p.rule_number == BY_LOT_RATE:
            group, everybody = 1.0 * total.decided_lot_leaning, 1.0 * total.decided_lot
            found_group, found = 1.0 * total.found_lot_leaning, 1.0 * total.found_lot
        nation.past_found[0] = toward(nation.past_found[0], found_group, p.speed)
        nation.past_found[1] = toward(nation.past_found[1], found, p.speed)
        nation.past_base[0] = toward(nation.past_base[0], group, p.speed)
        nation.past_base[1] = toward(nation.past_base[1], everybody, p.speed)
        if nation.past_base[0] > 0.0 and nation.past_found[1] > 0.0:
            ratio = nation.past_found[0] * nation.past_base[1] / (nation.past_base[0] * nation.past_found[1])
            nation.lean = toward(nation.lean, clip(p.gain * (ratio - 1.0), -MOST_LEAN, MOST_LEAN), p.speed)
