"""Figures of Ensign et al. 2018 and of formulas, with the bands that ours must fall into."""

from glasshouse.replications.replication import Target, above, near
from glasshouse.replications.runaway_urn.simulations import MIXED, POLYA

ROOTS = {
    "top-2": {0.1: 0.7759, 0.2: 0.6826, 0.3: 0.6387, 0.4: 0.6143, 0.5: 0.5989, 1.0: 0.5668},
    "top-vs-random": {0.1: 0.8552, 0.3: 0.7147, 0.5: 0.6594},
}
"""Stable root of f by the weight of reported incidents."""

LATER = {
    "T3.e": ("top-2", "discovered", {100: 0.6433, 500: 0.8108, 1000: 0.9291}, 0.01),
    "T3.f": ("top-2", "corrected", {100: 0.6023, 500: 0.5720, 1000: 0.5707}, 0.01),
    "T3.g": ("top-vs-random", "discovered", {100: 0.9909, 500: 0.9938, 1000: 0.9941}, 0.003),
    "T3.h": ("top-vs-random", "corrected", {100: 0.9784, 500: 0.6227, 1000: 0.6116}, 0.01),
}
"""Mean share of A by day: places, rule, values, tolerance."""

MIXED_LATER = {"top-2": (0.7626, 0.6377, 0.6001), "top-vs-random": (0.8579, 0.7164, 0.6598)}
"""Mean share of A on day 1000 by weight .1, .3, .5."""

OURS = "measured independently"


def targets() -> tuple[Target, ...]:
    """List every figure of the sources that ours is compared with.

    Returns
    -------
    tuple of Target
        Targets, in the order in which pages show them.
    """
    return (
        *(
            above(f"T3.a {a:g},{b:g}", f"chance of as large a distance from Beta({a:g}, {b:g}) by chance", 0.01,
                  "derived: Kolmogorov-Smirnov, 4000 urns of 20,000 draws; a true model fails once in 100 seeds")
            for a, b in POLYA
        ),
        *(
            near(f"T3.{key} w={w:g}", f"share at rest, {pair}, weight {w:g} on what is reported", root, 1e-4,
                 "derived: stable root of f, four digits given")
            for key, (pair, roots) in zip("bc", ROOTS.items(), strict=True)
            for w, root in roots.items()
        ),
        near("T3.d top-2", "share after 20,000 corrected draws without decay (truth .5668)", 0.5674, 0.003,
             f"{OURS}, 400 runs of fixed rows; still on its way"),
        near("T3.d top-2 spread", "its standard deviation over runs", 0.0036, 0.0006,
             f"{OURS}; four standard errors with 400 runs"),
        near("T3.d top-vs-random", "the same share, top against random (truth .6100)", 0.6152, 0.01,
             f"{OURS}, 400 runs; still on its way"),
        *(
            near(f"{key} day {day}", f"share on day {day}, {pair}, {named}", value, tolerance,
                 f"{OURS}, 1000 runs; three standard errors or more")
            for key, (pair, named, values, tolerance) in LATER.items()
            for day, value in values.items()
        ),
        near("T3.e spread", "standard deviation over runs on day 1000, top-2, discovered", 0.061, 0.01, f"{OURS}, 1000 runs"),
        *(
            near(f"T3.i {pair} {w}", f"share on day 1000, {pair}, weight {w.removeprefix('w=')}", value, 0.01,
                 f"{OURS}, 1000 runs")
            for pair, values in MIXED_LATER.items()
            for w, value in zip(MIXED, values, strict=True)
        ),
        above("trend", "rise of the share of a place with a tenth more incidents, draw 2000 to 20,000", 0.0,
              "derived: it tends to 1, but so slowly that only the direction can be simulated"),
    )  # fmt: skip
