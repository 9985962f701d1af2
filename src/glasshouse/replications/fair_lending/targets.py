"""Figures of Liu et al. 2018, with the bands that ours must fall into."""

from collections.abc import Mapping

from glasshouse.replications.fair_lending.simulations import GROUPS, POLICIES
from glasshouse.replications.replication import Target, above, near, shown

PRINTED: Mapping[tuple[float, str], tuple[tuple[float | None, ...], tuple[float | None, ...], float]] = {
    (-4.0, "maximum utility"): ((0.1677, 0.4496, 645.0, 8.40), (0.6634, 0.8335, 613.8, 38.67), 0.4574),
    (-4.0, "demographic parity"): ((0.5773, None, 480.2, -17.12), (0.5773, None, 649.3, 35.03), 0.3355),
    (-4.0, "equal opportunity"): ((0.3563, 0.7916, 557.2, 6.00), (0.6251, 0.7916, 630.9, 37.25), 0.4305),
    (-10.0, "maximum utility"): ((0.0772, None, 716.2, 4.40), (0.5576, None, 656.5, 34.0), 0.3347),
    (-10.0, "demographic parity"): ((0.3415, None, 562.5, 6.83), (0.3415, None, 731.0, 20.28), 0.1810),
    (-10.0, "equal opportunity"): ((0.2579, 0.6412, 601.3, 9.37), (0.4985, 0.6412, 678.0, 30.56), 0.2968),
}
"""By loss and policy: share accepted, true-positive rate, FICO cut and mean change of the black and of the white group, and
the bank's utility a head."""

AUTHORS = {-4.0: (645.0, 480.10, 557.29), -10.0: (716.18, 562.50, 601.25)}
"""FICO cuts of the black group that the authors' code prints, in the order of the policies."""

FACTS = {"white": (0.7587, 651.3), "black": (0.3366, 515.8), "hispanic": (0.5681, 582.9), "asian": (0.8068, 658.5)}
"""Mean repayment and mean FICO score."""

PARTS = (
    ("share", "share accepted", 0.002, ""),
    ("tpr", "true-positive rate", 0.002, ""),
    ("cut", "lowest FICO score accepted", 0.5, "points"),
    ("change", "mean change of scores", 0.15, "points"),
)

OURS = "measured independently on the published distributions; deterministic"


def _tabled() -> list[Target]:
    """The targets of the table of policies."""
    found = []
    for (loss, policy), (*by_group, utility) in PRINTED.items():
        setting = f"{policy}, loss {-loss:g} to 1"
        for group, values in zip(GROUPS, by_group, strict=True):
            found += [
                near(
                    f"4.1 {loss:g} {policy} {group} {part}", f"{what}, {group}, {setting}", value, tolerance, OURS, unit
                )
                for (part, what, tolerance, unit), value in zip(PARTS, values, strict=True)
                if value is not None
            ]
        found.append(near(f"4.1 {loss:g} {policy} utility", f"bank's utility a head, {setting}", utility, 0.002, OURS))
    return found


def targets() -> tuple[Target, ...]:
    """List every figure of the sources that ours is compared with.

    Returns
    -------
    tuple of Target
        Targets, in the order in which pages show them.
    """
    return (
        *_tabled(),
        *(
            near(f"4.1 authors {loss:g} {policy}", f"lowest score accepted, black, {policy}, loss {-loss:g} to 1", value, 0.5,
                 "printed by the authors' code", "points")
            for loss, values in AUTHORS.items()
            for policy, value in zip(POLICIES, values, strict=True)
        ),
        near("4.1 beta*", "share with the largest mean change, black", 0.2384, 0.002, OURS),
        near("4.1 peak", "that change", 9.484, 0.15, OURS, "points"),
        near("4.1 beta0", "share at which the change is zero again, black", 0.4312, 0.002, OURS),
        near("4.1 beta0 cut", "score of that share as the authors' code would draw it", 529.8, 0.5,
             f"{OURS}; moved up from the level below by the share accepted, as their code does for this line", "points"),
        shown("4.1 beta0 cut, rightly split", "lowest score accepted there, split like every other cut", None,
              "the authors' code moves all other cuts by the share refused", "points"),
        near("4.1 all", "mean change if everybody is accepted, black", -55.03, 0.15, OURS, "points"),
        near("4.1 beta0 unlimited", "beta0 without the limits 300 and 850", 0.4361, 0.002, OURS),
        near("4.1 all unlimited", "everybody accepted, without the limits", -74.28, 0.15, OURS, "points"),
        near("4.1 white beta*", "share with the largest mean change, white", 0.7378, 0.002, OURS),
        near("4.1 white peak", "that change", 39.83, 0.15, OURS, "points"),
        near("4.1 white all", "mean change if everybody is accepted, white", 20.9, 0.15, OURS, "points"),
        above("4.1 white least", "least change at any share, white", 0.0, "published: never negative", "points"),
        above("4.1 harm", "parity lends so far past beta0, loss 4 to 1", 0.0, "published: active harm"),
        above("4.1 no harm", "equal opportunity stays so far below beta0, loss 4 to 1", 0.0, "published: no active harm"),
        above("4.1 no harm at 10", "least change under any policy, loss 10 to 1, black", 0.0, "published: no active harm", "points"),
        *(
            above(f"4.1 better {policy}", f"change beyond that under maximum utility, black, {policy}, loss 10 to 1", 0.0,
                  "published: both criteria do better by the black group", "points")
            for policy in POLICIES[1:]
        ),
        shown("4.1 erratum", "score where active harm is drawn in the authors' notebook", 497.5,
              "authors' notebook, whose line pairs the black group's scores with the white group's repayment; ours: with "
              "that mistake made on purpose", "points"),
        shown("4.1 erratum share", "share accepted at that score", 0.5398, "the same, derived independently"),
        *(
            near(f"4.1 mean repayment {group}", f"mean repayment, {group}", repays, 0.0002, "from the published tables, four digits")
            for group, (repays, _) in FACTS.items()
        ),
        *(
            near(f"4.1 mean score {group}", f"mean FICO score, {group}", score, 0.2,
                 "from the published tables, one decimal, and how levels are mapped", "points")
            for group, (_, score) in FACTS.items()
        ),
    )  # fmt: skip
