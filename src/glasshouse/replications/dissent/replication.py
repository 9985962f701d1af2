"""Daymude, Axelrod and Forrest 2025: an authority that looks for the policy that costs it least, and who falls silent."""

from typing import ClassVar

import numpy as np

from glasshouse.replications.dissent.charts import cost_chart, course_chart, sweep_chart
from glasshouse.replications.dissent.figures import (
    STEP,
    STEPS,
    barrier,
    closed_forms,
    last_rounds,
    rules,
    suppression,
    sweep,
)
from glasshouse.replications.dissent.simulations import Trial, full_surveillance
from glasshouse.replications.dissent.targets import BARRIERS, CELLS, FEWER, HEADS, label, targets
from glasshouse.replications.replication import Outcome, Replication
from glasshouse.results.estimate import Estimate


class DissentAndCensorship(Replication):
    """What people dare to say under a given policy, and where an authority ends that feels its way to a cheaper one."""

    name: ClassVar[str] = "dissent-and-censorship"
    title: ClassVar[str] = "Strategic analysis of dissent and self-censorship"
    citation: ClassVar[str] = (
        "J. J. Daymude, R. Axelrod, S. Forrest, “Strategic Analysis of Dissent and Self-Censorship”, arXiv 2509.03731, 2025; "
        "figures and programme: doi 10.5281/zenodo.15150163"
    )
    equations: ClassVar[str] = (
        "a in [0, d] minimises b (d - a) + (nu + (1 - nu) a) P(a) where a > tau, P = psi (flat) or psi (a - tau) (graded);  "
        "flat: a = d if d <= tau or d >= D_f = (b tau + nu psi) / (b - (1 - nu) psi) with b > (1 - nu) psi, else tau;  "
        "graded: a = min(d, max(tau, (tau + (b - nu psi) / ((1 - nu) psi)) / 2)), at nu = 1 all if b >= psi, else tau;  "
        "authority: a random one of tau, psi, nu moves uniformly within 0.05, cost = sum of a + penalties handed out; back "
        "to the policy before if the cost exceeds that of the last round, whether that round's policy was kept or not "
        "(strict rule: that of the policy in force)"
    )
    confidence: ClassVar[str] = "the authors' programme and vector figures; the article's text was not available"
    brief: ClassVar[bool] = False
    targets: ClassVar = targets()
    differs: ClassVar = {
        "T11.c flat 2 nu": (
            "One published run: once next to nobody defies the authority, surveillance costs nothing, and where it wanders "
            "below its ceiling is chance. Runs of an independent programme lie above the published one as well."
        ),
        "T11.f 20,000 graded 1 psi": (
            "The mean takes in runs in which the authority gives up: among few people the randomness of punishments blurs its "
            "first comparisons. Where it goes through with it the severity lies near the figure, as shown below."
        ),
    }

    def simulate(self, seed: int) -> Outcome:
        # Closed forms, full surveillance, the four trials under both rules, smaller populations, and the sweep.
        found = closed_forms(seed)
        costs = full_surveillance((1.0, *BARRIERS), STEP, STEPS)
        found |= barrier(costs)
        courses, fewer = (rules(seed, heads) for heads in (HEADS, FEWER))
        found |= last_rounds(courses)
        found |= suppression(courses, fewer)
        reached = {Trial(g, d, b): sweep(seed, Trial(g, d, b), r) for g, d, b, r in CELLS}
        found |= {f"T11.d {label(trial)}": Estimate(r, np.nan, np.nan, 1) for trial, r in reached.items()}
        wanted = {target.name for target in self.targets}
        found = {name: figure for name, figure in found.items() if name in wanted}
        return Outcome(found, (course_chart(courses), cost_chart(costs), sweep_chart(reached)))
