"""Daymude, Axelrod and Forrest 2025: an authority that gropes for the policy that costs it least, and who falls silent."""

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from glasshouse.replications.dissent.mechanisms import Course, Trial, answers, course, defiant_from, full_surveillance
from glasshouse.replications.replication import Chart, Line, Outcome, Replication, Target, above, exactly, near, shown
from glasshouse.replications.sandbox import generator
from glasshouse.results import estimate
from glasshouse.results.estimate import Estimate

CASES = {
    "flat 2": Trial(False, 0.25, 2.0),
    "flat 8": Trial(False, 0.25, 8.0),
    "graded 1": Trial(True, 0.25, 1.0),
    "graded 3": Trial(True, 0.25, 3.0),
}
"""Penalty and mean boldness of the four published trials."""

GIVING_WAY = ("flat 2", "graded 1")
"""Cases in which dissent is suppressed; these are simulated with the strict rule as well."""

HEADS, ROUNDS, SEEDS, WINDOW = 100_000, 5000, 8, 500
FEWER = 20_000

SPREAD = 3.0 * (1.0 + 1.0 / SEEDS) ** 0.5
"""Published is one run, ours the mean of eight: three standard errors of the difference in units of one run's spread."""

TRIALS = {
    "round 0 dissent": ((0.24059, 0.00036), (0.24728, 0.00038), (0.24439, 0.00040), (0.24793, 0.00039)),
    "round 0 punishment": ((0.016887, 0.00012), (0.019216, 0.00013), (0.005328, 0.00004), (0.005591, 0.00004)),
    "tau": ((0.011, 0.002), (0.974, 0.015), (0.011, 0.002), (0.979, 0.012)),
    "psi": ((8.87, 0.36), (0.72, None), (10.1, 0.53), (0.027, None)),
    "nu": ((0.897, None), (0.24, None), (0.958, 0.015), (0.395, None)),
    "dissent": ((0.0182, 0.0019), (0.2496, 0.0004), (0.0177, 0.0019), (0.2496, 0.0004)),
    "punishment": ((0.0025, 0.0007), (0.0001, 0.0001), (0.0001, 0.0001), (0.0, 0.0001)),
    "below half": ((697.0, 106.0), (None, None), (232.0, 48.0), (None, None)),
}
"""Published figures of the trials, read from vector figures, each with the spread of single runs or None if only shown."""

CELLS = (
    (False, 0.245, 0.908, 508), (False, 0.495, 0.908, 506), (False, 0.245, 2.12, 922), (False, 0.495, 2.12, 1105),
    (True, 0.245, 0.504, 532), (True, 0.405, 0.706, 556), (True, 0.245, 0.908, 665), (True, 0.495, 1.11, 1053),
)  # fmt: skip
"""Penalty, mean desire, mean boldness and published rounds to suppression, away from where it is never reached."""

REPEATS = 20
BARRIERS = {2.0: (0.2837, 0.70), 3.0: (0.3457, 1.99), 8.0: (0.7056, None)}
"""Highest cost on the way to full surveillance, and the severity beyond which idleness costs more, by mean boldness."""

STEP, STEPS = 0.01, 1200


def label(trial: Trial) -> str:
    """Short name of a setting of the sweep."""
    return f"{'graded' if trial.graded else 'flat'}, mean desire {trial.desire:g}, boldness {trial.boldness:g}"


def trial_targets() -> tuple[Target, ...]:
    """The published trials, case by case."""
    found = []
    for row, held in TRIALS.items():
        for case, (published, spread) in zip(CASES, held, strict=True):
            if row == "below half" and published is None:
                what = f"runs whose dissent never falls below half of what is desired, {case}"
                found.append(
                    near(f"T11.c {case} never", what, 100.0, 0.0, "paper and ours measured independently", "%")
                )
                continue
            what = f"{row if row.startswith('round') else PHRASES[row]}, {case}"
            unit = "rounds" if row == "below half" else ""
            if published is None or spread is None:
                found.append(shown(f"T11.c {case} {row}", what, published, "paper's figure, a single run", unit))
            else:
                why = f"paper's figure, a single run; {SPREADS.get(row, MEASURED)} {spread:g}"
                found.append(near(f"T11.c {case} {row}", what, published, SPREAD * spread, why, unit))
    return tuple(found)


MEASURED = "single runs of ours, measured independently, spread by"
SPREADS = {
    "round 0 punishment": "who is seen is random, which by itself spreads single runs by",
    "punishment": "single runs of ours, measured independently, where next to nobody is punished those of graded 1, by",
}
"""Where the spread of single runs is from."""

PHRASES = {
    "tau": "tolerance, last 500 rounds", "psi": "severity, last 500 rounds", "nu": "surveillance, last 500 rounds",
    "dissent": "dissent per head, last 500 rounds", "punishment": "punishment per head, last 500 rounds",
    "below half": "first round with dissent below half of what is desired",
}  # fmt: skip


def rule_targets() -> tuple[Target, ...]:
    """Runs that end in suppression under either rule of comparison."""
    ours = "ours measured independently, 8 of 8 runs; one may miss"
    return (
        *(near(f"T11.f {case} measured", f"runs suppressed, yardstick of the round before, {case}", 100.0, 12.5, ours, "%")
          for case in GIVING_WAY),
        near("T11.f flat 2 strict", "runs suppressed, yardstick of the policy in force, flat 2", 50.0, 37.5,
             "ours measured independently, 4 of 8 runs; eight runs cannot tell more than neither none nor all", "%"),
        near("T11.f graded 1 strict", "the same, graded 1", 100.0, 12.5, ours, "%"),
        near("T11.f 20,000 flat 2 measured", "the same with 20,000 people, yardstick of the round before, flat 2", 100.0,
             12.5, "ours measured independently, 5 of 5 runs", "%"),
        near("T11.f 20,000 flat 2 strict", "the same, yardstick of the policy in force", 0.0, 25.0,
             "ours measured independently, 0 of 5 runs", "%"),
        near("T11.f 20,000 flat 2 psi", "severity with 20,000 people, last 500 rounds, flat 2", 6.6, 0.9,
             "ours measured independently, few runs: three standard errors"),
        near("T11.f 20,000 graded 1 psi", "the same, graded 1", 8.0, 0.9, "as above"),
        shown("T11.f 20,000 graded 1 psi suppressed", "the same, runs that end in suppression alone", 8.0, "as above"),
        above("T11.f lost", "runs of flat 2 that the strict rule loses, both sizes together", 12.5,
              "direction: at least one run in eight", "points"),
    )  # fmt: skip


def surveillance_targets() -> tuple[Target, ...]:
    """The barrier of punishing many bold people at once: C(psi) = E[(d + psi) exp(-psi / (B d))]."""
    why = "derived: C(psi), which an integration of few points gave"
    found = [near("T11.e B=1", "highest cost of psi 0.01 to 12 less that of idleness, B=1", -0.0005, 0.0005,
                  "derived: no barrier", "a head")]  # fmt: skip
    for boldness, (highest, back) in BARRIERS.items():
        found.append(near(f"T11.e B={boldness:g}", f"highest cost, B={boldness:g}", highest, 0.001, why, "a head"))
        if back is not None:
            what = f"severity from which it costs less than idleness, B={boldness:g}"
            found.append(near(f"T11.e B={boldness:g} back", what, back, 0.02, f"{why}; two steps of 0.01"))
    found.append(above("T11.e B=8 never", "cost at psi 12 less that of idleness, B=8", 0.0, "derived", "a head"))
    return tuple(found)


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
    targets: ClassVar = (
        near("T11.a flat nu=.2", "D_f at b=1, nu=.2, tau=.25, psi=.6", 0.711538, 1e-6, "closed form, as printed"),
        near("T11.a flat nu=.5", "D_f at b=1, nu=.5, tau=.25, psi=.6", 0.785714, 1e-6, "closed form, as printed"),
        near("T11.a graded nu=.2", "D_g at b=1, nu=.2, tau=.25, psi=1", 0.625, 1e-6, "closed form, as printed"),
        near("T11.a graded nu=.5", "D_g at b=1, nu=.5, tau=.25, psi=1.5", 0.291667, 1e-6, "closed form, as printed"),
        near("T11.b", "most that a grid of 2001 points improves on the best answer, 8000 cases", 0.0, 1e-9, "derived"),
        *trial_targets(),
        *(
            near(f"T11.d {label(Trial(g, d, b))}", f"rounds to suppression, {label(Trial(g, d, b))}", float(r), 0.1 * r,
                 "paper's vector figure, 50 trials; 10 % away from where it is never reached", "rounds")
            for g, d, b, r in CELLS
        ),
        *surveillance_targets(),
        *rule_targets(),
    )  # fmt: skip
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
        """Closed forms, full surveillance, the four trials under both rules, smaller populations, and the sweep."""
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


def closed_forms(seed: int) -> dict[str, Estimate]:
    """D_f and D_g as people act, and the best answer beside a search."""
    found = {
        f"T11.a flat nu={text}": exactly(defiant_from(1.0, 0.25, 0.6, nu)) for text, nu in ((".2", 0.2), (".5", 0.5))
    }
    asked = {"desire": np.ones(2), "boldness": np.ones(2), "tau": np.full(2, 0.25), "graded": np.ones(2)}
    act, _ = answers(asked | {"psi": np.array([1.0, 1.5]), "nu": np.array([0.2, 0.5])})
    found |= {f"T11.a graded nu={text}": exactly(a) for text, a in zip((".2", ".5"), act, strict=True)}
    drawn = generator(seed, "dissent", "cases").random((7, 8000))
    cases = dict(zip(("desire", "boldness", "tau", "psi", "nu"), drawn, strict=False))
    cases |= {"boldness": 4.0 * drawn[1], "psi": 1e-9 + 4.0 * drawn[3], "graded": np.where(drawn[5] < 0.5, 1.0, 0.0)}
    cases["nu"] = np.where(drawn[6] < 0.1, 1.0, cases["nu"])
    return found | {"T11.b": exactly(answers(cases)[1].max())}


def barrier(costs: NDArray[np.float64]) -> dict[str, Estimate]:
    """The highest cost on the way to full surveillance, and where it falls below that of idleness again."""
    idle = 0.25
    found = {
        "T11.e B=1": exactly(costs[:, 0].max() - idle),
        "T11.e B=8 never": exactly(costs[-1, list(BARRIERS).index(8.0) + 1] - idle),
    }
    for place, boldness in enumerate(BARRIERS, 1):
        cost = costs[:, place]
        found[f"T11.e B={boldness:g}"] = exactly(cost.max())
        found[f"T11.e B={boldness:g} back"] = exactly(STEP * (2 + np.flatnonzero(cost >= idle)[-1]))
    return found


def rules(seed: int, heads: int) -> dict[tuple[str, bool], Course]:
    """The trials by case and rule; all cases with 100,000 heads, those that give way with fewer."""
    cases = tuple(CASES) if heads == HEADS else GIVING_WAY
    kept = [(case, strict) for case in cases for strict in ((False, True) if case in GIVING_WAY else (False,))]
    trials = [
        Trial(CASES[case].graded, 0.25, CASES[case].boldness, strict) for case, strict in kept for _ in range(SEEDS)
    ]
    trajectory = course(seed, trials, list(range(SEEDS)) * len(kept), heads, ROUNDS)
    return {one: trajectory.of(range(place * SEEDS, (place + 1) * SEEDS)) for place, one in enumerate(kept)}


def last_rounds(courses: dict[tuple[str, bool], Course]) -> dict[str, Estimate]:
    """The figures of the published trials."""
    found: dict[str, Estimate] = {}
    for case in CASES:
        trajectory = courses[case, False]
        half = trajectory.dissent < 0.5 * trajectory.desired
        first = np.where(half.any(axis=0), half.argmax(axis=0), np.nan)
        found |= {
            f"T11.c {case} round 0 dissent": estimate.from_replicates(trajectory.dissent[0]),
            f"T11.c {case} round 0 punishment": estimate.from_replicates(trajectory.punishment[0]),
            **{f"T11.c {case} {row}": estimate.from_replicates(getattr(trajectory, row)[-WINDOW:].mean(axis=0))
               for row in ("tau", "psi", "nu", "dissent", "punishment")},
            f"T11.c {case} below half": estimate.from_replicates(first),
            f"T11.c {case} never": estimate.from_replicates(np.where(half.any(axis=0), 0.0, 100.0)),
        }  # fmt: skip
    return found


def suppressed(trajectory: Course) -> NDArray[np.float64]:
    """For each trial 100 if over the last 500 rounds less than half of what is desired is said, else 0."""
    return np.where(trajectory.dissent[-WINDOW:].mean(axis=0) < 0.5 * trajectory.desired, 100.0, 0.0)


def suppression(courses: dict[tuple[str, bool], Course], fewer: dict[tuple[str, bool], Course]) -> dict[str, Estimate]:
    """Both rules of comparison side by side."""
    found = {}
    for size, trajectory in (("", courses), ("20,000 ", fewer)):
        for case in GIVING_WAY:
            for strict, word in ((False, "measured"), (True, "strict")):
                found[f"T11.f {size}{case} {word}"] = estimate.from_replicates(suppressed(trajectory[case, strict]))
            severity, silent = (
                trajectory[case, False].psi[-WINDOW:].mean(axis=0),
                suppressed(trajectory[case, False]) > 0.0,
            )
            found[f"T11.f {size}{case} psi"] = estimate.from_replicates(severity)
            found[f"T11.f {size}{case} psi suppressed"] = estimate.from_replicates(severity[silent])
    pairs = [
        suppressed(trajectory["flat 2", False]) - suppressed(trajectory["flat 2", True])
        for trajectory in (courses, fewer)
    ]
    return found | {"T11.f lost": estimate.from_replicates(np.concatenate(pairs))}


def sweep(seed: int, trial: Trial, published: int) -> float:
    """First round at which the mean over trials of dissent, over 500 rounds, is under a quarter of what is desired.

    Policies begin anywhere in the unit cube, at the same points in every setting.
    """
    starts = generator(seed, "dissent", "starts").random((REPEATS, 3))
    trials = [Trial(trial.graded, trial.desire, trial.boldness, first=(t, p, n)) for t, p, n in starts.tolist()]
    trajectory = course(seed, trials, range(REPEATS), HEADS, int(1.3 * published))
    whole = np.concatenate([[0.0], np.cumsum(trajectory.dissent.mean(axis=1))])
    low = (whole[WINDOW:] - whole[:-WINDOW]) / WINDOW < 0.25 * trajectory.desired.mean()
    return float(WINDOW + low.argmax()) if low.any() else np.nan


def course_chart(courses: dict[tuple[str, bool], Course]) -> Chart:
    """Dissent by round: the mean of eight trials under the rule of the article's programme, and under the strict one."""
    rounds = np.arange(0, ROUNDS, 20)
    lines = [
        Line(
            f"{case}{', strict rule' if strict else ''}", rounds.astype(float), trajectory.dissent[rounds].mean(axis=1)
        )
        for (case, strict), trajectory in courses.items()
    ]
    for place, case in enumerate(CASES):
        y = np.array([TRIALS[row][place][0] for row in ("round 0 dissent", "dissent")], dtype=float)
        lines.append(Line(f"published, {case}", np.array([0.0, ROUNDS - WINDOW / 2]), y, "points", published=True))
    return Chart(
        "Dissent while the authority adapts",
        "round",
        "dissent per head",
        tuple(lines),
        "With bold people the authority gives up; with less bold ones dissent is suppressed within a few hundred rounds. "
        "Judged by the policy in force, an authority with flat penalties suppresses it in some runs only.",
    )


def cost_chart(costs: NDArray[np.float64]) -> Chart:
    """What full surveillance costs by severity: the barrier of punishing many bold people at once."""
    severity: NDArray[np.float64] = STEP * np.arange(1.0, STEPS + 1)
    shown_until = severity <= 4.0
    lines = [
        Line(f"mean boldness {boldness:g}", severity[shown_until], costs[shown_until, place])
        for place, boldness in enumerate((1.0, *BARRIERS))
    ]
    derived = np.array([held[0] for held in BARRIERS.values()])
    tops = severity[costs[:, 1:].argmax(axis=0)]
    lines.append(Line("highest, derived", tops, derived, "points", published=True))
    return Chart(
        "Cost of full surveillance and no tolerance, by severity",
        "severity of the flat penalty",
        "cost per head",
        tuple(lines),
        "Idleness costs 0.25 a head. The bolder the people, the more must be punished before silence pays.",
    )


def sweep_chart(reached: dict[Trial, float]) -> Chart:
    """Rounds to suppression beside the published ones, by boldness."""
    lines = []
    for is_graded, word in ((False, "flat"), (True, "graded")):
        cells = [(b, float(r), reached[Trial(g, d, b)]) for g, d, b, r in CELLS if g == is_graded]
        x, printed, ours = (np.array(column) for column in zip(*sorted(cells), strict=True))
        lines.append(Line(f"{word}, Glasshouse", x, ours, "points"))
        lines.append(Line(f"{word}, published", x, printed, "points", published=True))
    return Chart(
        "Rounds until three quarters of dissent are gone",
        "mean boldness",
        "rounds",
        tuple(lines),
        "The bolder people are, the longer it takes; 500 is the least that the measure can show.",
    )
