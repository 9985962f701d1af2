"""A forecast of trouble of stated quality, and the visits it sends within a capacity."""

from collections.abc import Mapping
from statistics import NormalDist
from typing import ClassVar

from glasshouse.model.declarations import WELFARE, Column, Sum, param
from glasshouse.model.kernel_math import clip, root, toward
from glasshouse.model.mechanism import Mechanism
from glasshouse.model.normal_distribution import above, normal
from glasshouse.model.selection import (
    FINE,
    LEAST_BAR,
    MAKING_UP,
    MOST_BAR,
    MOST_MISFIT,
    MOST_SEPARATION,
    bar_for,
    expected_above,
    still_due,
)

SMOOTHING = 0.2
"""Share of the distance to the newly estimated separation that is covered in a week."""

TRUST = 0.25
"""Share of the distance to the newly found misfit of the normal distributions that is covered in a week."""


class Forecast(Mechanism):
    """A number of stated quality about each adult, and visits to those above the nation's bar.

    y_i = 1 where i protests in the reference arm in one of the next twelve weeks (that arm runs ahead). The signal is
    d' y_i + b points_i + normal noise; d' is solved each week so that the whole signal has the stated quality: with z the
    normal quantile of the AUC, d' = z sqrt(v_1 + v_0) - b (m_1 - m_0), v = 1 + b^2 var(points), m and var among those with
    and without y (binormal AUC; Hanley and McNeil 1982). Everyone above the bar is visited, wherever they live.

    bar:  f (n_1 (1 - Phi((bar - m_1) / s_1)) + n_0 (1 - Phi((bar - m_0) / s_0))) = allowed + 0.2 due, with last week's
          numbers n, means m and standard deviations s of the signals with and without y.
    f:    visits expected at last week's bar from the points of each, over what normal distributions give there; smoothed.
    due:  visits allowed so far less those made, at most 26 weeks' visits and ten. What is made too much or too little is
          made up, so that the capacity holds. In the first week nobody is visited, since there are no numbers yet.

    The signal is drawn, not learned: nothing here recognises anybody, and it is measured against y as any forecast would be.
    """

    name: ClassVar[str] = "forecast"
    off: ClassVar = {"visits": 0.0}
    columns: ClassVar = (Column("visited", "?", "yes or no", "was visited this week"),)
    centre_columns: ClassVar = (
        Column("separation", "f8", "standard deviations", "d' in force", -MOST_SEPARATION, MOST_SEPARATION),
        Column(
            "visit_bar",
            "f8",
            "standard deviations",
            "signal above which a visit is made",
            LEAST_BAR,
            MOST_BAR,
            initial=MOST_BAR,
        ),
        Column("misfit", "f8", "ratio", "f", 1.0 / MOST_MISFIT, MOST_MISFIT, 1.0),
        Column("visits_due", "f8", "visits", "visits allowed so far less those made", -1e12, 1e12),
    )
    sums: ClassVar = (
        Sum("forecast_made", "citizen-weeks", "adults with a signal"),
        Sum("forecast_true", "citizen-weeks", "of these, who will protest in the reference arm"),
        Sum("visits_allowed", "visits", "visits that the capacity allows", WELFARE),
        Sum("visits_expected", "visits", "chances of a visit at the bar in force", FINE),
        Sum("visits", "visits", "visits made"),
        Sum("visits_right", "visits", "of these, to someone who will protest in the reference arm"),
        Sum("points_true", "points", "points of those who will protest"),
        Sum("points_true_squares", "points squared", "their squares"),
        Sum("points_false", "points", "points of those who will not"),
        Sum("points_false_squares", "points squared", "their squares"),
    )
    draws: ClassVar = ("signal",)

    quality: float = param(
        0.75,
        "Area under the ROC curve of the whole signal.",
        unit="AUC",
        bounds=(0.5, 0.999),
        prior=(0.55, 0.9),
        role="uncertainty",
    )
    by_points: float = param(
        0.05,
        "Weight b of a point on file in the signal.",
        unit="per point",
        bounds=(0, 2),
        prior=(0.0, 0.1),
        role="lever",
    )
    visits: float = param(
        0.0,
        "Visits that can be made.",
        unit="per 1,000 citizens and week",
        bounds=(0, 1000),
        prior=(0.0, 2.0),
        role="lever",
    )

    def constants(self) -> Mapping[str, float]:
        """The normal quantile of the quality.

        Returns
        -------
        Mapping[str, float]
            `z`, the standard normal quantile of the stated AUC.
        """
        return {"z": NormalDist().inv_cdf(self.quality)}

    def needs_ahead(self) -> bool:
        """Whether anybody is visited: only then must the reference arm run ahead.

        Returns
        -------
        bool
            True if the capacity for visits is above zero.
        """
        return self.visits > 0.0

    @staticmethod
    def citizen(me, nation, ahead, p, draw, add):
        me.visited = False
        if p.visits <= 0.0 or not me.adult:
            return
        will = ahead.recent > 0
        total_points = me.right[0] + me.right[1] + me.right[2] + me.right[3]
        total_points += me.wrong[0] + me.wrong[1] + me.wrong[2] + me.wrong[3]
        mean = p.by_points * total_points
        add("forecast_made")
        if will:
            mean += nation.separation
            add("forecast_true")
            add("points_true", total_points)
            add("points_true_squares", total_points * total_points)
        elif total_points > 0:
            add("points_false", total_points)
            add("points_false_squares", total_points * total_points)
        add("visits_expected", above(nation.visit_bar - mean))
        if mean + normal(draw("signal")) > nation.visit_bar:
            me.visited = True
            add("visits")
            if will:
                add("visits_right")

    @staticmethod
    def district(here, p, add):
        if p.visits > 0.0:
            add("visits_allowed", p.visits * here.size / 1000.0)

    @staticmethod
    def centre(nation, total, p):
        few = 1.0 * total.forecast_true
        many = 1.0 * (total.forecast_made - total.forecast_true)
        if total.visits_allowed > 0.0 and many > 0.0:
            b = p.by_points
            mean_few = total.points_true / max(few, 1.0)
            mean_many = total.points_false / many
            variance_few = 1.0 + b * b * max(total.points_true_squares / max(few, 1.0) - mean_few * mean_few, 0.0)
            variance_many = 1.0 + b * b * max(total.points_false_squares / many - mean_many * mean_many, 0.0)
            s_few = root(variance_few)
            s_many = root(variance_many)
            m_few = b * mean_few + nation.separation
            m_many = b * mean_many
            normally = expected_above(nation.visit_bar, few, m_few, s_few, many, m_many, s_many)
            if normally > 0.0 and total.visits_expected > 0.0:
                misfit = clip(total.visits_expected / normally, 1.0 / MOST_MISFIT, MOST_MISFIT)
                nation.misfit = toward(nation.misfit, misfit, TRUST)
            apart = mean_few - mean_many if few > 0.0 else 0.0
            solved = clip(p.z * root(variance_few + variance_many) - b * apart, -MOST_SEPARATION, MOST_SEPARATION)
            nation.separation = solved if nation.separation == 0.0 else toward(nation.separation, solved, SMOOTHING)
            m_few = b * mean_few + nation.separation
            nation.visits_due = still_due(nation.visits_due, total.visits_allowed, total.visits)
            wanted = (total.visits_allowed + MAKING_UP * nation.visits_due) / nation.misfit
            nation.visit_bar = bar_for(wanted, few, m_few, s_few, many, m_many, s_many)
