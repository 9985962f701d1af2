"""Hmaidi 2018 on ways to give points: an open price list, a black box, and officials who add points of their own."""

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from glasshouse.model.declarations import Column, Sum
from glasshouse.model.mechanism import Mechanism
from glasshouse.replications.replication import Chart, Line, Outcome, Replication, above, direction, near
from glasshouse.replications.sandbox import Simulation, Snapshot, build_population, generator
from glasshouse.results import estimate
from glasshouse.results.estimate import Estimate

WORTH = (0.0, 0.0, 0.5, 1.0, 3.0)
"""Points that one unit of effort earns in each kind of act that looks creditable; the last is the cheapest way."""

KINSHIP = -0.3
"""Correlation of closeness to officials with reliability (assumed): those with ties rely on them."""

COPIES, PEOPLE, WEEKS = 24, 2000, 120


class PointsOffice(Mechanism):
    """Points of one citizen: what they keep, what they buy, what an official adds, less a share that expires.

    s' = (1 - d) s + [u < r] + x w(a) + D c: kept obligations come with reliability r; effort x goes to act a that earns w(a)
    a unit. Under a price list everybody finds the best act in time (chance `found` a week) and spends all they have to spare;
    in a black box they act on a belief of their own and spend less, since they must expect less. D is the discretion of
    officials, c closeness to them. Ours after the abstract of Hmaidi 2018, who gives no equations.
    """

    name: ClassVar[str] = "points_office"
    columns: ClassVar = (
        Column("score", "f8", "points", "points held", low=-1e6, high=1e6),
        Column("effort", "f8", "units", "effort that has not expired", high=1e6),
        Column("knows", "u1", "yes or no", "has found the cheapest act"),
    )
    sums: ClassVar = (
        Sum("bought", "points", "points earned by acts for show", 1 << 20),
        Sum("cheapest", "points", "those earned by the cheapest act", 1 << 20),
    )
    draws: ClassVar = ("kept", "finds")

    expires: float = 0.05
    found: float = 0.05

    @staticmethod
    def citizen(me, here, p, draw, add):
        # One week: obligations kept, acts for show, and the official.
        if not me.present:
            return
        obliging = 1.0 if draw("kept") < me.reliability else 0.0
        if here.listed and draw("finds") < p.found:
            me.knows = True
        spent = 0.0
        worth = 0.0
        if here.listed and me.knows:
            spent = me.spare
            worth = WORTH[4]
        elif not here.listed:
            # A mean of 0.9 points a unit instead of 3: less is worth the trouble.
            spent = me.spare * ((WORTH[0] + WORTH[1] + WORTH[2] + WORTH[3] + WORTH[4]) / 5.0 / WORTH[4])
            for act in range(5):
                if me.belief == act:
                    worth = WORTH[act]
        add("bought", spent * worth)
        if worth == WORTH[4]:
            add("cheapest", spent * worth)
        me.effort = (1.0 - p.expires) * me.effort + obliging + spent
        me.score = (1.0 - p.expires) * me.score + obliging + spent * worth + here.discretion * me.closeness


def office(seed: int, name: str, listed: bool, discretion: NDArray[np.float64], spare: float) -> Simulation:
    """Build a simulation of people before an office of one kind.

    Reliability is uniform; closeness is a standard score, correlated with it by `KINSHIP`; effort to spare is
    exponential and unrelated to both.

    Parameters
    ----------
    seed : int
        Random seed.
    name : str
        Name of the office; offices of different names have different people.
    listed : bool
        Whether there is a price list, or a black box.
    discretion : ndarray of float, shape (copies,)
        Points that officials add for each unit of closeness.
    spare : float
        Mean effort that people have for acts that only look good.

    Returns
    -------
    Simulation
        The mechanism `PointsOffice`, with one copy for each discretion.
    """
    rng = generator(seed, "price-lists", name)
    shape = (len(discretion), PEOPLE)
    reliability = rng.random(shape)
    own = (reliability - 0.5) * np.sqrt(12.0)
    closeness = KINSHIP * own + np.sqrt(1.0 - KINSHIP**2) * rng.standard_normal(shape)
    traits = {
        "reliability": reliability,
        "closeness": closeness,
        "spare": spare * rng.exponential(1.0, shape),
        "belief": rng.integers(0, 5, shape).astype(np.uint8),
    }
    places = {"listed": np.full(len(discretion), listed), "discretion": discretion}
    return Simulation(build_population(traits, places=places), (PointsOffice(),))


def _ranks(snapshot: Snapshot, one: str, other: str) -> NDArray[np.float64]:
    """Rank correlation of two things about people (copies)."""
    from scipy.stats import spearmanr

    def values(name: str) -> NDArray[np.float64]:
        traits = snapshot.simulation.population.agents.citizens
        known = name in (traits.dtype.names or ())
        return traits[name][snapshot.simulation.population.index] if known else snapshot.agents(name)

    pairs = zip(values(one), values(other), strict=True)
    return np.array([spearmanr(a, b).statistic for a, b in pairs])


class PriceLists(Replication):
    """Three directions that a talk at 35C3 claims for ways to give points; no figures of it are known.

    A model of our own with as few parts as the claims need. Reliability is what the points are meant to measure.
    """

    name: ClassVar[str] = "price-lists"
    title: ClassVar[str] = "Price list, black box and officials' points"
    citation: ClassVar[str] = (
        "A. Hmaidi, “'The' Social Credit System”, 35th Chaos Communication Congress, Leipzig, 27 December 2018"
    )
    equations: ClassVar[str] = (
        "s(t+1) = (1 - d) s(t) + [u < r] + x w(a) + D c\n"
        "price list: a = argmax w once found, x = all to spare;  black box: a = own belief, x lower by mean w / max w\n"
        "cov(s, r) = 0 at D* = sd(r) / |cor(r, c)|, beyond which allocation by points is worse than by lot"
    )
    confidence: ClassVar[str] = "abstract and summaries alone: directions, no figures"
    targets: ClassVar = (
        direction("T9.a fall", "rank correlation of points and reliability, first weeks less last, price list",
                  "claimed: a price list lets points say less and less"),
        above("T9.a cheapest", "share of points for show that the cheapest act earns, price list", 0.95,
              "claimed: those who optimise take the cheapest; a twentieth for those still looking", "share"),
        direction("T9.b gaming", "points for show a head and week, price list less black box",
                  "claimed: less gaming in a black box"),
        direction("T9.b effort", "rank correlation of effort and points, price list less black box",
                  "claimed: effort counts for less in a black box"),
        direction("T9.c closeness", "rank correlation of points and closeness, discretion 1 less 0",
                  "claimed: officials' points go to those close to them"),
        near("T9.c lot", "reliability of the best tenth by points less that of all, at D*", 0.0, 0.012,
             "closed form: no better than by lot; 3 standard errors of a mean over 24 copies of 200 people"),
        direction("T9.c below", "the same at half of D*", "claimed: better than by lot with little discretion"),
        direction("T9.c beyond", "that of all less the best tenth's, at twice D*", "claimed: worse than by lot with much"),
    )  # fmt: skip

    def simulate(self, seed: int) -> Outcome:
        # Three offices; for officials' points the discretions around the closed form's.
        none = np.zeros(COPIES)
        listed = list(self._course(office(seed, "list", True, none, 0.5), seed))
        boxed = list(self._course(office(seed, "box", False, none, 0.5), seed))
        found = {
            "T9.a fall": estimate.from_replicates(listed[0][0] - listed[-1][0]),
            "T9.a cheapest": estimate.from_replicates(listed[-1][3] / listed[-1][2]),
            "T9.b gaming": estimate.from_replicates((listed[-1][2] - boxed[-1][2]) / PEOPLE),
            "T9.b effort": estimate.from_replicates(listed[-1][1] - boxed[-1][1]),
        }
        weeks = np.arange(4.0, WEEKS + 1, 4.0)
        lines = tuple(
            Line(name, weeks, np.array([snapshot[0].mean() for snapshot in course]))
            for name, course in (("price list", listed), ("black box", boxed))
        )
        chart = Chart(
            "What points say about reliability",
            "weeks since the office opened",
            "rank correlation of points and reliability",
            lines,
            "Under a price list points say less and less about reliability as people find the cheapest act.",
        )
        officials, second = self._officials(seed)
        return Outcome(found | officials, (chart, second))

    @staticmethod
    def _course(simulation: Simulation, seed: int) -> list[tuple[NDArray[np.float64], ...]]:
        """Every fourth week: correlations with reliability and effort, points for show, those of the cheapest act."""
        return [
            (
                _ranks(snapshot, "score", "reliability"),
                _ranks(snapshot, "score", "effort"),
                snapshot.total("bought"),
                snapshot.total("cheapest"),
            )
            for snapshot in simulation.weeks(WEEKS, seed)
            if snapshot.week % 4 == 3
        ]

    @staticmethod
    def _officials(seed: int) -> tuple[dict[str, Estimate], Chart]:
        """What officials' discretion does to an allocation by points to the best tenth."""
        edge = np.sqrt(1.0 / 12.0) / -KINSHIP
        steps = np.array([0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 1.0 / edge])
        simulation = office(seed, "officials", False, np.repeat(steps * edge, COPIES), 0.0)
        last = simulation.last(WEEKS, seed)
        score, index = last.agents("score"), simulation.population.index
        reliability = simulation.population.agents.citizens["reliability"][index]
        best = np.argsort(-score, axis=1)[:, : PEOPLE // 10]
        gain = (np.take_along_axis(reliability, best, 1).mean(1) - reliability.mean(1)).reshape(len(steps), COPIES)
        close = _ranks(last, "score", "closeness").reshape(len(steps), COPIES)
        found = {
            "T9.c closeness": estimate.from_replicates(close[7] - close[0]),
            "T9.c lot": estimate.from_replicates(gain[4]),
            "T9.c below": estimate.from_replicates(gain[2]),
            "T9.c beyond": estimate.from_replicates(-gain[6]),
        }
        gains = [estimate.from_replicates(row) for row in gain[:7]]
        low, high = (np.array([getattr(one, end) for one in gains]) for end in ("low", "high"))
        chart = Chart(
            "Allocation by points, as officials add points of their own",
            "discretion of officials over the closed form's D*",
            "reliability of the best tenth less that of all",
            (
                Line("by points", steps[:7], np.array([one.mean for one in gains]), low=low, high=high),
                Line("by lot", steps[:7], np.zeros(7), published=True),
            ),
            "Allocation by points is better than by lot below D*, as good at it, and worse beyond.",
        )
        return found, chart
