"""Figures of Ross et al. 2019, with the bands that ours must fall into."""

from glasshouse.replications.replication import Target, above, near, shown
from glasshouse.replications.spiral_of_silence.simulations import LINKS, PLACEMENTS

WINS = {
    (5.0, 1): (70.6, 73.2, 80.4), (5.0, 5): (82.4, 75.2, 77.3), (5.0, 10): (83.2, 78.6, 80.7),
    (10.0, 1): (90.8, 86.1, 86.2), (10.0, 5): (94.3, 90.3, 91.3), (10.0, 10): (97.3, 92.9, 94.5),
}  # fmt: skip
"""Runs in per cent that the bots' opinion dominates, by share of bots and links, for each placement."""

PERMUTED = (5.0, 1)


def _cells() -> tuple[Target, ...]:
    """The published table, of which one row is only shown."""
    found = []
    for (share, links), row in WINS.items():
        for placement, published in zip(PLACEMENTS, row, strict=True):
            name = f"T7.b {share:g} % {placement} m={links}"
            what = f"runs that {share:g} % bots win, {placement} placement, m={links}"
            if (share, links) == PERMUTED:
                found.append(shown(name, what, published, "paper, Table 1", "%"))
            else:
                found.append(
                    near(name, what, published, 8.0, "paper, Table 1; rules that the article leaves open", "%")
                )
    return tuple(found)


def targets() -> tuple[Target, ...]:
    """List every figure of the sources that ours is compared with.

    Returns
    -------
    tuple of Target
        Targets, in the order in which pages show them.
    """
    return (
        *(
            near(f"T7.a m={m}", f"preferential bots that win two runs in three, m={m}", 2.25, 0.75,
                 "paper: 2.0 to 2.5 %, from a smoothed curve; 400 runs a point", "% of humans")
            for m in LINKS
        ),
        near("T7.b best-connected m=1", "runs won by the best-connected person's opinion, m=1", 70.4, 8.0,
             "paper, section 5.2.2; rules that the article leaves open", "%"),
        near("T7.b best-connected m=10", "the same, m=10", 59.8, 8.0, "paper, section 5.2.2; as above", "%"),
        *_cells(),
        near("T7.c m=1", "people who speak for the minority at rest, m=1", 16.8, 2.0, "paper, section 5.2.1", "%"),
        near("T7.c m=5", "the same, m=5", 5.6, 2.0, "ours measured independently; the tolerance of m=1", "%"),
        Target("T7.c m=10", "the same, m=10", 0.1, (0.0, 1.0), "paper, section 5.2.1; below 1 %", "%"),
        *(
            near(f"T7.d m={m}", f"ticks to rest, m={m}", ticks, 0.2 * ticks, "paper, section 5.2.3; 20 %", "ticks")
            for m, ticks in zip(LINKS, (36.0, 210.1, 63.9), strict=True)
        ),
        above("T7.e", "least rise of the runs with one winner everywhere from a radius to the next", 0.0,
              "direction only: the article gives no parameters; mean neighbours 20, 40, 80, 160", "points"),
    )  # fmt: skip
