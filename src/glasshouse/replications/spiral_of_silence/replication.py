"""Ross et al. 2019: a spiral of silence on a network, and how few bots it takes to turn it."""

from typing import ClassVar

import numpy as np

from glasshouse.replications.replication import Outcome, Replication
from glasshouse.replications.spiral_of_silence.charts import bot_chart, plane_chart
from glasshouse.replications.spiral_of_silence.simulations import (
    LINKS,
    NEIGHBOURS,
    PLACEMENTS,
    RUNS,
    SHARES,
    alone,
    graphs,
    winners,
    wins,
)
from glasshouse.replications.spiral_of_silence.targets import targets
from glasshouse.results import estimate
from glasshouse.results.estimate import Estimate


def winning_share(won: dict[float, float]) -> float:
    """Find the share of bots at which they win two runs in three, on straight lines between the simulated shares.

    Parameters
    ----------
    won : dict of float to float
        Runs won in per cent, by share of bots.

    Returns
    -------
    float
        Bots in per cent of the humans; undefined if they never win as often.
    """
    shares, found = np.array(list(won)), np.array(list(won.values()))
    after = int(np.argmax(found >= 200.0 / 3.0))
    if after == 0:
        return float(shares[0]) if found[0] >= 200.0 / 3.0 else float("nan")
    step = (200.0 / 3.0 - found[after - 1]) / (found[after] - found[after - 1])
    return float(shares[after - 1] + step * (shares[after] - shares[after - 1]))


class SpiralWithBots(Replication):
    """Who is silenced on networks of 1000 people, and the share of bots that decides it."""

    name: ClassVar[str] = "spiral-of-silence"
    title: ClassVar[str] = "Are social bots a real threat? A spiral of silence with manipulative actors"
    citation: ClassVar[str] = (
        "B. Ross, L. Pilz, B. Cabrera, F. Brachten, G. Neubaum, S. Stieglitz, “Are social bots a real threat? An "
        "agent-based model of the spiral of silence to analyse the impact of manipulative actors in social networks”, "
        "European Journal of Information Systems 28(4), 2019, 394-412; on a plane: D. Sohn, N. Geidner, “Collective "
        "Dynamics of the Spiral of Silence”, International Journal of Public Opinion Research 28(1), 2016, 25-45"
    )
    equations: ClassVar[str] = (
        "network: each newcomer joins m people, with chances proportional to A_i = m (gamma - 2) + q_i, gamma = 2.5, q_i "
        "links received;  delta = (same - other) / (same + other) over neighbours who speak;  h <- max(h + delta, 0);  "
        "c = 2 / (1 + exp(-h)) - 1;  speaks while c > Phi;  at rest once no human's c moves by 0.001 or more. The article "
        "leaves out the - 1 and turns the last inequality round. The exponential is a table with straight lines between "
        "points 1/64 apart: c is right to 7e-6, and stands at 1 beyond h = 8, where it lacks 0.0007 of 1"
    )
    confidence: ClassVar[str] = "full text and the authors' programme; the article's rules where the two differ"
    brief: ClassVar[bool] = False
    targets: ClassVar = targets()
    differs: ClassVar = {
        f"T7.b 5 % {placement} m=1": (
            "The row seems to be permuted in print: its largest entry stands under “random”, ours under “preferential”, "
            "as in every other row, and the article's own text has preferential bots win two runs in three with 2.5 %."
        )
        for placement in PLACEMENTS
    }

    def simulate(self, seed: int) -> Outcome:
        # Every network with every share of bots that a figure needs, and the plane.
        wanted = {target.name for target in self.targets}
        found: dict[str, Estimate] = {}
        curves = {}
        for links in LINKS:
            joined = graphs(seed, links)
            found |= {name: figure for name, figure in alone(seed, links, joined).items() if name in wanted}
            won = {s: estimate.from_replicates(wins(seed, links, joined[:RUNS], "preferential", s)) for s in SHARES}
            curves[links] = won
            crossing = winning_share({share: won[share].mean for share in SHARES})
            found[f"T7.a m={links}"] = Estimate(crossing, float("nan"), float("nan"), 1)
            for share in (5.0, 10.0):
                found[f"T7.b {share:g} % preferential m={links}"] = won[share]
                for placement in PLACEMENTS[1:]:
                    drawn = wins(seed, links, joined[:RUNS], placement, share)
                    found[f"T7.b {share:g} % {placement} m={links}"] = estimate.from_replicates(drawn)
        plane = [estimate.from_replicates(winners(seed, neighbours)) for neighbours in NEIGHBOURS]
        rises = np.diff([one.mean for one in plane])
        found["T7.e"] = Estimate(float(rises.min()), float("nan"), float("nan"), 1)
        return Outcome(found, (bot_chart(curves), plane_chart(plane)))
