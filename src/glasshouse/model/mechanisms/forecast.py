"""A forecast of trouble of stated quality, and the visits it sends."""

from collections.abc import Mapping
from statistics import NormalDist
from typing import ClassVar

from glasshouse.model.declarations import Column, Sum, param
from glasshouse.model.kernel_math import clip, normal, root, toward
from glasshouse.model.mechanism import Mechanism

STEP = 0.1
"""Step of the bar, in signal units, for visits as many again as are allowed."""

MOST_EXCESS = 2.0
"""Excess of visits, relative to those allowed, beyond which the bar rises no faster."""

LEAST_BAR, MOST_BAR = -8.0, 60.0
"""Ends of the bar, in signal units."""

MOST_SEPARATION = 100.0
"""End of the separation of signals, in signal units, to either side."""

SMOOTHING = 0.2
"""Share of the distance to the newly estimated separation that is covered in a week."""


class Forecast(Mechanism):
    """A number of stated quality about each adult, and visits to the top of each district.

    y_i = 1 where i protests in the reference arm in one of the next twelve weeks (that arm runs ahead). The signal is
    d' y_i + b points_i + normal noise; d' is solved each week so that the whole signal has the stated quality: with z the
    normal quantile of the AUC, d' = z sqrt(v_1 + v_0) - b (m_1 - m_0), v = 1 + b^2 var(points), m and var among those with
    and without y (binormal AUC; Hanley and McNeil 1982). Everyone above the district's bar is visited; the bar follows
    the number of visits that the capacity allows. The signal is drawn, not learned: nothing here recognises anybody, and
    it is measured against y as any forecast would be.
    """

    name: ClassVar[str] = "forecast"
    off: ClassVar = {"visits": 0.0}
    columns: ClassVar = (Column("visited", "?", "yes or no", "was visited this week"),)
    district_columns: ClassVar = (
        Column("visit_bar", "f4", "standard deviations", "signal above which a visit is made", -8.0, 60.0, 3.0),
    )
    centre_columns: ClassVar = (
        Column("separation", "f8", "standard deviations", "d' in force", -MOST_SEPARATION, MOST_SEPARATION),
    )
    sums: ClassVar = (
        Sum("forecast_made", "citizen-weeks", "adults with a signal"),
        Sum("forecast_true", "citizen-weeks", "of these, who will protest in the reference arm"),
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
    def citizen(me, here, nation, ahead, p, draw, add):
        me.visited = False
        if p.visits <= 0.0 or not me.adult:
            return
        will = ahead.recent > 0
        held = me.right[0] + me.right[1] + me.right[2] + me.right[3]
        held += me.wrong[0] + me.wrong[1] + me.wrong[2] + me.wrong[3]
        signal = p.by_points * held + normal(draw("signal"))
        add("forecast_made")
        if will:
            signal += nation.separation
            add("forecast_true")
            add("points_true", held)
            add("points_true_squares", held * held)
        elif held > 0:
            add("points_false", held)
            add("points_false_squares", held * held)
        if signal > here.visit_bar:
            me.visited = True
            add("visits")
            if will:
                add("visits_right")

    @staticmethod
    def district(here, total, p):
        if p.visits > 0.0:
            allowed = p.visits * here.size / 1000.0
            here.visit_bar = clip(
                here.visit_bar + STEP * clip(total.visits / allowed - 1.0, -1.0, MOST_EXCESS), LEAST_BAR, MOST_BAR
            )

    @staticmethod
    def centre(nation, total, p):
        few = 1.0 * total.forecast_true
        many = 1.0 * (total.forecast_made - total.forecast_true)
        if p.visits > 0.0 and many > 0.0:
            mean_few = total.points_true / max(few, 1.0)
            mean_many = total.points_false / many
            spread = 2.0 + p.by_points * p.by_points * (
                max(total.points_true_squares / max(few, 1.0) - mean_few * mean_few, 0.0)
                + max(total.points_false_squares / many - mean_many * mean_many, 0.0)
            )
            apart = mean_few - mean_many if few > 0.0 else 0.0
            solved = clip(p.z * root(spread) - p.by_points * apart, -MOST_SEPARATION, MOST_SEPARATION)
            nation.separation = solved if nation.separation == 0.0 else toward(nation.separation, solved, SMOOTHING)
