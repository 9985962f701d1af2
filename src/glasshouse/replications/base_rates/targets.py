"""Figures of the base rates in closed form, with the bands that their simulation must fall into."""

from math import log2, prod

from glasshouse.replications.base_rates.formulas import (
    check_error,
    once,
    posterior,
    predictive,
    unequal_alarm,
)
from glasshouse.replications.base_rates.mechanisms import AGREE, CHANCE, MISSED, SCORED, VALUE
from glasshouse.replications.replication import ClosedForm, Target, near, share_error

CHECKED, CHECKS = 100_000, 100
"""Persons in each copy who are checked, and how many times over, each time other persons."""

SCREENED = 50_000
"""Innocent persons who are checked again and again."""

PAIRS, TIMES = 1_000_000, 20
"""Pairs of records compared in each week, and weeks, for each size of file."""

RARE = {
    "T10.a 1/1000": (1e-3, 0.99, 0.01, 0.090164, 1e-6),
    "T10.a 1/10,000": (1e-4, 0.99, 0.01, 0.009804, 1e-6),
    "T10.a 1/100,000": (1e-5, 0.999, 0.001, 0.009891, 1e-6),
    "T10.b all detected": (2e-5, 1.0, 1e-5, 0.66667, 5e-6),
    "T10.b 70 % detected": (2e-5, 0.7, 1e-5, 0.58334, 5e-6),
    "T10.b more alarms": (2e-5, 1.0, 1e-3, 0.0196, 5e-5),
    "T10.c": (1e-3, 1.0, 1e-3 / (1 - 1e-3), 0.5, 1e-9),
}
"""Rate, detection, false alarms, and the predictive value with its last digit."""

PRINTED = {"T10.b all detected": "derived; Axelsson prints .66", "T10.b 70 % detected": "derived; Axelsson prints .58"}

IMPOSSIBLE = {0.1: 0.0333, 0.2: 0.0750, 0.3: 0.1286, 0.4: 0.2000, 0.5: 0.3000}
"""False alarms by share of guilty for a predictive value of 0.7 and 0.3 missed."""

SCREENS = ((0.01, 12, 0.11362), (0.01, 100, 0.63397), (0.001, 100, 0.09521))
"""False alarms, checks, and the chance of at least one."""

FILES = {1e3: 0.9311, 1e4: 0.5748, 1e5: 0.1191, 1e6: 0.0133}
"""Chance that a pair which agrees in everything is of one person, by size of the file."""

BITS = sum(log2(m / u) for m, u in zip(AGREE, CHANCE, strict=True))

CASES = (
    *(ClosedForm(name, f"guilty among the flagged ({p:g} guilty, {s:g} detected, {f:.4g} false alarms)", digits, last,
                 predictive(p, s, f), check_error(p, s, f, CHECKED * CHECKS), PRINTED.get(name, "derived"))
      for name, (p, s, f, digits, last) in RARE.items()),
    *(ClosedForm(f"T10.d {p:g}", f"false alarms in a group with {p:g} guilty", digits, 5e-5,
                 unequal_alarm(p, VALUE, MISSED), share_error(unequal_alarm(p, VALUE, MISSED), (1 - p) * SCORED),
                 "derived; Chouldechova") for p, digits in IMPOSSIBLE.items()),
    *(ClosedForm(f"T10.e {f:g} x {k}", f"flagged wrongly at least once in {k} checks, false alarms {f:g}", digits, 5e-6,
                 once(f, k), share_error(once(f, k), SCREENED), "derived") for f, k, digits in SCREENS),
    *(ClosedForm(f"T10.i {n:g}", f"same person where three fields agree, file of {n:,.0f}", digits, 5e-5, posterior(n),
                 check_error(1 / (n + 1), prod(AGREE), prod(CHANCE), TIMES * PAIRS), "derived; Fellegi and Sunter")
      for n, digits in FILES.items()),
)  # fmt: skip


def targets() -> tuple[Target, ...]:
    """List every figure of the sources that ours is compared with.

    Returns
    -------
    tuple of Target
        Targets, in the order in which pages show them.
    """
    return (
        *(target for case in CASES for target in case.targets()),
        near(
            "T10.c alarms",
            "false alarms for half the flags to be right, 0.001 guilty",
            1.001e-3,
            1e-6,
            "derived: p/(1-p)",
        ),
        near("T10.i bits", "weight of three fields that agree", 13.723, 5e-4, "derived", "bits"),
    )
