"""Figures of Daymude, Axelrod and Forrest 2025, with the bands that ours must fall into."""

from glasshouse.replications.dissent.simulations import Trial
from glasshouse.replications.replication import Target, above, near, shown

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


def label(trial: Trial) -> str:
    """Name a setting of the sweep.

    Parameters
    ----------
    trial : Trial
        Penalty, desire and boldness.

    Returns
    -------
    str
        Such as ``"flat, mean desire 0.245, boldness 0.908"``.
    """
    return f"{'graded' if trial.graded else 'flat'}, mean desire {trial.desire:g}, boldness {trial.boldness:g}"


def _trial_targets() -> tuple[Target, ...]:
    """The published trials, case by case."""
    found = []
    for row, pairs in TRIALS.items():
        for case, (published, spread) in zip(CASES, pairs, strict=True):
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


def _rule_targets() -> tuple[Target, ...]:
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


def _surveillance_targets() -> tuple[Target, ...]:
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


def targets() -> tuple[Target, ...]:
    """List every figure of the sources that ours is compared with.

    Returns
    -------
    tuple of Target
        Targets, in the order in which pages show them.
    """
    return (
        near("T11.a flat nu=.2", "D_f at b=1, nu=.2, tau=.25, psi=.6", 0.711538, 1e-6, "closed form, as printed"),
        near("T11.a flat nu=.5", "D_f at b=1, nu=.5, tau=.25, psi=.6", 0.785714, 1e-6, "closed form, as printed"),
        near("T11.a graded nu=.2", "D_g at b=1, nu=.2, tau=.25, psi=1", 0.625, 1e-6, "closed form, as printed"),
        near("T11.a graded nu=.5", "D_g at b=1, nu=.5, tau=.25, psi=1.5", 0.291667, 1e-6, "closed form, as printed"),
        near("T11.b", "most that a grid of 2001 points improves on the best answer, 8000 cases", 0.0, 1e-9, "derived"),
        *_trial_targets(),
        *(
            near(f"T11.d {label(Trial(g, d, b))}", f"rounds to suppression, {label(Trial(g, d, b))}", float(r), 0.1 * r,
                 "paper's vector figure, 50 trials; 10 % away from where it is never reached", "rounds")
            for g, d, b, r in CELLS
        ),
        *_surveillance_targets(),
        *_rule_targets(),
    )  # fmt: skip
