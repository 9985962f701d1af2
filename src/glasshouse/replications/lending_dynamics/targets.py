"""Figures of D'Amour et al. 2020 and of an independent program, with the bands that ours must fall into."""

from glasshouse.replications.lending_dynamics.simulations import LONG, MARKS
from glasshouse.replications.replication import Target, above, near, shown

MEASURED = {
    "max reward": {"loans": (3607.0, 2233.0), "repayment": (0.466, 0.414), "recall": (0.487, 0.346)},
    "equal opportunity": {"loans": (4004.0, 3184.0), "repayment": (0.410, 0.325), "recall": (0.564, 0.564)},
}
"""Means over 100 independent runs, for groups 1 and 2."""

DRAWN = {
    "max reward": {"loans": (3750.0, 2100.0), "repayment": (0.48, 0.43)},
    "equal opportunity": {"loans": (4100.0, 3200.0), "repayment": (0.405, 0.31)},
}
"""Read off the paper's figure 4."""

PROFITS = {"max reward": (0.1109, 0.110022, 0.1732), "equal opportunity": (0.1327, 0.132426, 0.1899)}
"""Profit a step: measured independently; printed in the repository; measured independently after 5000 steps."""

GAPS = {
    "equal opportunity": (0.0621, 0.0260, 0.0141, 0.0114, 0.0089),
    "equal opportunity, static": (0.0628, 0.0226, 0.0099, 0.0071, 0.0050),
}
"""Mean distance between the true-positive rates of the two groups so far, at the marks."""

WORDS = {"loans": "loans to group", "repayment": "mean repayment probability of group", "recall": "recall of group"}

WIDTHS = {
    "max reward": {"loans": (180.0, 350.0), "repayment": (0.006, 0.03), "recall": (0.02, 0.0)},
    "equal opportunity": {"loans": (180.0, 350.0), "repayment": (0.016, 0.06), "recall": (0.02, 0.0)},
}
"""Half-widths of bands: against the means measured independently, against the paper's figure."""

OURS = "measured independently, 100 runs"


def _after(setting: str) -> list[Target]:
    """The targets after 20,000 steps."""
    found = []
    for what, pair in MEASURED[setting].items():
        narrow, wide = WIDTHS[setting][what]
        for group, value in enumerate(pair, 1):
            name, statement = f"4.3 {setting} {what} {group}", f"{WORDS[what]} {group}, {setting}"
            found.append(
                near(name, statement, value, narrow, f"{OURS}; four standard errors of the difference, for recall .02")
            )
            if what in DRAWN[setting]:
                why = "read off the paper's figure: about two standard deviations of single runs, and the reading"
                found.append(near(f"{name}, figure 4", statement, DRAWN[setting][what][group - 1], wide, why))
    measured, printed, early = PROFITS[setting]
    return [
        *found,
        near(f"4.3 {setting} profit", f"profit a step, {setting}", measured, 0.004, f"{OURS}; 2.5 standard errors of the difference"),
        near(f"4.3 {setting} profit, repository", f"profit a step, {setting}", printed, 0.008, "printed in the repository's quick start: one run"),
        near(f"4.3 {setting} profit 5000", f"profit a step after 5000 steps, {setting}", early, 0.006, f"{OURS}; 2.5 standard errors"),
        shown(f"4.3 {setting} profit 5000, repository", f"the same, {setting}", printed,
              "the quick start's command says 5000 steps, but prints what belongs to 20,000"),
    ]  # fmt: skip


def targets() -> tuple[Target, ...]:
    """List every figure of the sources that ours is compared with.

    Returns
    -------
    tuple of Target
        Targets, in the order in which pages show them.
    """
    return (
        *(target for setting in MEASURED for target in _after(setting)),
        near("4.3 first policy 1.3", "accepted at score 3 by the first equal-opportunity policy, group 1", 1.0, 0.0, "exact"),
        near("4.3 first policy 1.2", "at score 2, group 1", 0.0, 0.0, "exact"),
        near("4.3 first policy 2.3", "at score 3, group 2", 1.0, 0.0, "exact"),
        near("4.3 first policy 2.2", "at score 2, group 2", 0.7274, 5e-5, "derived, four digits"),
        *(
            near(f"4.3 gap {setting.rpartition(', ')[2]} {mark}",
                 f"distance between true-positive rates so far, after {mark:,} steps, {setting}", value, round(0.37 * value, 4),
                 f"{OURS}; 3.5 standard errors of the difference of two such means")
            for setting, values in GAPS.items()
            for mark, value in zip(MARKS, values, strict=True)
        ),
        above("4.3 slower", "by how much the distance after 20,000 steps is larger where scores move", 0.0,
              "published: the gap closes more slowly"),
        near("4.3 absorbed 1", f"mean repayment of group 1 after {LONG:,} steps of maximum reward", 0.425, 0.001,
             "derived: all mass that was at score 3 or more ends at 2"),
        near("4.3 absorbed 2", f"mean repayment of group 2 after {LONG:,} steps of maximum reward", 0.390, 0.001, "derived likewise"),
    )  # fmt: skip
