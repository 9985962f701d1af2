"""Firms under the same machine: records, points, a list, and what foreign ones are asked for."""

from collections.abc import Mapping
from typing import ClassVar

from glasshouse.model.agencies import LONGEST, MOST_POINTS, RESTRICTED
from glasshouse.model.declarations import WELFARE, Column, Sum, param
from glasshouse.model.kernel_math import WEEKS, clip, thinned, toward
from glasshouse.model.list_state_machine import listing
from glasshouse.model.mechanism import Mechanism

MEAN_LEVERAGE = 0.5
"""Leverage at which debt neither raises nor lowers breaches."""

MOST_BREACHES = 3.0
"""Multiple of the usual breaches that the worst-governed firms commit."""

OWN_ACCOUNT_SHARE = 0.2
"""Breaches of a self-employed unit over those of a firm."""

LEAVING_SHARE = 0.5
"""Share of the threshold below which a listed firm may leave the list."""

REVENUE_ADJUSTMENT = 0.25
"""Share of the distance to its new revenue that a firm covers in a week."""

RECOVERED = 0.9999
"""Share of the usual revenue from which a firm has recovered."""


class Firms(Mechanism):
    """Breaches, records, points, a list and credit of firms; political demands on foreign ones and carriers.

    rate of breaches = breach / 52 * (1 - deterrence * announced) * (1 - by_governance * governance), more for indebted
    firms; recorded with probability coverage (1 + alert)(1 - forbearance * connection) * volume, the last by automation
    (`budget`). Connected firms earn “social responsibility” credit at
    responsibility * connection a week, whatever they do (`facts.md` A7.3, C3, F18). score = points - credit_worth *
    credit; from `threshold` on a firm is listed (`agencies.listing`), which costs it a share of revenue that its
    employees feel. Foreign firms are asked for political compliance at `demand` a year and weigh it against the market:
    they comply with probability market * (1 - countermeasure).
    """

    name: ClassVar[str] = "firms"
    off: ClassVar = {"coverage": 0.0, "loss": 0.0, "responsibility": 0.0}
    firm_columns: ClassVar = (
        Column("points", "i2", "points", "points on file", high=MOST_POINTS),
        Column("credit", "i2", "points", "credit points", high=MOST_POINTS),
        Column("state", "u1", "state", "list state: 0 clear, 1 pending, 2 restricted, 3 leaving", high=3),
        Column("since", "i2", "weeks", "weeks in that state", high=LONGEST),
        Column("standing", "f4", "points", "credit worth less points", -MOST_POINTS, 10.0 * MOST_POINTS),
        Column("revenue", "f4", "share", "revenue relative to usual", initial=1.0),
    )
    sums: ClassVar = (
        Sum("firm_weeks", "firm-weeks", "firms counted"),
        Sum("firms_listed", "firm-weeks", "firms restricted"),
        Sum("firm_listings", "listings", "firms newly restricted"),
        Sum("firm_records", "records", "records made about firms"),
        Sum("firm_harm", "ww", "harm done by breaches of firms", WELFARE),
        Sum("firm_lost", "firm-weeks", "revenue lost by firms, in weeks of a firm's revenue", WELFARE),
        Sum("demands", "demands", "political demands on foreign firms"),
        Sum("demands_met", "demands", "of these, complied with"),
    )
    draws: ClassVar = ("breach", "seen", "credit", "expires", "fades", "asked", "complies")

    breach: float = param(
        0.6,
        "Breaches of a firm of average governance.",
        unit="per year",
        bounds=(0, 52),
        prior=(0.3, 1.2),
        role="uncertainty",
    )
    harm: float = param(
        5.0, "Harm of a firm's breach.", unit="ww", bounds=(0, MOST_POINTS), prior=(2.5, 10), role="uncertainty"
    )
    by_governance: float = param(
        0.2,
        "Fall of the rate by a standard deviation of governance.",
        unit="share",
        bounds=(0, 0.33),
        prior=(0.1, 0.3),
        role="uncertainty",
    )
    by_leverage: float = param(
        0.5, "Rise of the rate with leverage.", unit="ratio", bounds=(0, 5), prior=(0.25, 1.0), role="uncertainty"
    )
    deterrence: float = param(
        0.25,
        "Share of breaches that certain detection would prevent.",
        unit="share",
        bounds=(0, 1),
        prior=(0.1, 0.5),
        source="facts.md C8: 13 % fewer violations in pilot cities",
        role="uncertainty",
    )
    coverage: float = param(
        0.2,
        "Chance that a firm's breach is recorded.",
        unit="share",
        bounds=(0, 1),
        prior=(0.1, 0.4),
        role="lever",
    )
    forbearance: float = param(
        0.0,
        "Share of the breaches of a fully connected firm that inspectors pass over.",
        unit="share",
        bounds=(0, 1),
        prior=(0.0, 1.0),
        source="facts.md A7.3, F18 (direction); size assumed",
        role="uncertainty",
    )
    record_points: float = param(
        3.0, "Points of a record.", unit="points", bounds=(0, 40), prior=(1.5, 6), role="lever"
    )
    half_life: float = param(
        78.0, "Half-life of a point.", unit="weeks", bounds=(1, 5200), prior=(39, 156), role="lever"
    )
    responsibility: float = param(
        0.0,
        "Credit that a fully connected firm earns.",
        unit="points a week",
        bounds=(0, 1),
        prior=(0.0, 0.2),
        source="facts.md A7.3, F18 (direction); size assumed",
        role="lever",
    )
    credit_worth: float = param(
        0.5,
        "Points that a credit point outweighs.",
        unit="points",
        bounds=(0, 10),
        prior=(0.2, 1),
        role="lever",
    )
    threshold: float = param(
        6.0,
        "Score at which a firm is listed.",
        unit="points",
        bounds=(0.5, MOST_POINTS),
        prior=(3, 12),
        role="lever",
    )
    delay_on: float = param(4.0, "Weeks to the listing.", unit="weeks", bounds=(0, 520), prior=(2, 8), role="lever")
    spell: float = param(52.0, "Shortest listing.", unit="weeks", bounds=(0, 2600), prior=(26, 104), role="lever")
    delay_off: float = param(
        12.0, "Weeks to the end of its effect.", unit="weeks", bounds=(0, 520), prior=(6, 24), role="lever"
    )
    loss: float = param(
        0.2, "Revenue lost by a listed firm.", unit="share", bounds=(0, 1), prior=(0.1, 0.4), role="lever"
    )
    demand: float = param(
        0.0,
        "Political demands on a foreign firm.",
        unit="per year",
        bounds=(0, 52),
        prior=(0.0, 1.0),
        role="lever",
    )
    market: float = param(
        0.8,
        "Share of demands that a firm meets for the sake of the market.",
        unit="share",
        bounds=(0, 1),
        prior=(0.4, 1.0),
        role="uncertainty",
    )
    countermeasure: float = param(
        0.0,
        "Share of that which laws abroad undo.",
        unit="share",
        bounds=(0, 1),
        prior=(0.0, 0.5),
        role="assumption",
    )

    def constants(self) -> Mapping[str, float]:
        """Weekly chance that a point is deleted.

        Returns
        -------
        Mapping[str, float]
            `fade`, the probability in a week, from the half-life of points.
        """
        return {"fade": 1.0 - 0.5 ** (1.0 / self.half_life)}

    @staticmethod
    def firm(firm, here, p, draw, add):
        add("firm_weeks")
        if firm.points > 0:
            firm.points = thinned(firm.points, p.fade, draw("expires"))
        if firm.credit > 0:
            firm.credit = thinned(firm.credit, p.fade, draw("fades"))
        rate = (
            p.breach
            / WEEKS
            * (1.0 - p.deterrence * here.announced)
            * (1.0 + p.by_leverage * (firm.leverage - MEAN_LEVERAGE))
        )
        rate *= clip(1.0 - p.by_governance * firm.governance, 0.0, MOST_BREACHES) * (
            OWN_ACCOUNT_SHARE if firm.own_account else 1.0
        )
        if draw("breach") < rate:
            add("firm_harm", p.harm)
            seen = p.coverage * (1.0 + here.alert) * (1.0 - p.forbearance * firm.connection) * here.volume
            if draw("seen") < min(seen, 1.0):
                firm.points = min(firm.points + int(p.record_points), MOST_POINTS)
                add("firm_records")
        if firm.connection > 0.0 and draw("credit") < p.responsibility * firm.connection:
            firm.credit = min(firm.credit + 1, MOST_POINTS)
        firm.standing = p.credit_worth * firm.credit - firm.points
        was = firm.state
        firm.state, firm.since = listing(
            firm.state,
            firm.since,
            -firm.standing,
            p.threshold,
            LEAVING_SHARE * p.threshold,
            p.delay_on,
            p.spell,
            p.delay_off,
        )
        target = 1.0
        if firm.state >= RESTRICTED:
            target = 1.0 - p.loss
            add("firms_listed")
            if was < RESTRICTED:
                add("firm_listings")
        moved = toward(firm.revenue, target, REVENUE_ADJUSTMENT)
        firm.revenue = 1.0 if moved > RECOVERED else moved
        if firm.revenue < 1.0:
            add("firm_lost", 1.0 - firm.revenue)
        if firm.foreign and draw("asked") < p.demand / WEEKS:
            add("demands")
            if draw("complies") < p.market * (1.0 - p.countermeasure):
                add("demands_met")
