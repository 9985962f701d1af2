"""F22 to F25, and what must not appear: errors, who bears them, redress, creep."""

import math
from collections.abc import Sequence
from functools import partial

import panels
from pattern import Figure, Pattern, Runs, RunSums

from glasshouse.model.measures.redress import RedressUse, RoutineWin

UP = math.inf
Chosen = Sequence[int]


def precision(runs: Runs) -> Pattern:
    """F22."""
    main = runs.main

    def wrong_visits(chosen: Chosen) -> float:
        sums = main.total(chosen)
        return float(1.0 - sums.visits_right / sums.visits)

    def rare(chosen: Chosen) -> float:
        sums = main.total(chosen)
        hit = sums.visits_right / sums.forecast_true
        false = (sums.visits - sums.visits_right) / (sums.forecast_made - sums.forecast_true)
        odds = hit * 0.001 / (false * 0.999)
        return float(odds / (1.0 + odds))

    def wrong_findings(chosen: Chosen) -> float:
        sums = runs.automated.total(chosen)
        return float(sums.restrictions_wrong / sums.restrictions)

    return Pattern(
        "F22",
        "precision collapses at low base rates",
        "choice of a mechanism",
        (
            Figure(
                "visits to people who will not protest",
                0.5,
                1.0,
                wrong_visits,
                "%",
                100,
                "protest comes in bursts that the signal, by its stated quality, sees coming",
            ),
            Figure(
                "right visits if one in 1,000 were to protest, at the rates found",
                0.0,
                0.16,
                rare,
                "%",
                100,
                "the false-positive rate of so few visits is far below the 1 % of the arithmetic",
            ),
            Figure(
                "wrong restrictions under automated findings (E6)",
                0.9,
                0.96,
                wrong_findings,
                "%",
                100,
                "the rate of irregularities and a false-positive rate of 1 % decide it",
            ),
        ),
        "appeals of case E6",
    )


OFFLINE = "the poorest live in the country and do little online, so that less of them is seen"
BURDENS = (
    ("records an adult", "poorest fifth", "records", OFFLINE),
    ("wrongly restricted by the own rule", "poorest fifth", "listed_wrongly", OFFLINE),
    (
        "undeservedly restricted",
        "poorest fifth",
        "listed_undeserved",
        "mistakes in claims are few beside wrong records",
    ),
    ("unlawfully restricted", "poorest fifth", "listed_unlawfully", OFFLINE),
    ("wrongly restricted by the own rule", "migrant", "listed_wrongly", "migrants are younger, and voice little"),
    (
        "wrongly restricted by the own rule",
        "minority",
        "listed_wrongly",
        "minorities live in the country, do little online",
    ),
)
"""What falls on whom, the count of it, and why it might fall on others more."""


def burdens(runs: Runs) -> Pattern:
    """F23."""
    main = runs.main

    def rate(chosen: Chosen, group: str, count: str) -> float:
        one, other = (main.total(chosen, "regime", name) for name in (group, f"not {group}"))
        return float((getattr(one, count) / one.adults) / (getattr(other, count) / other.adults))

    return Pattern(
        "F23",
        "errors and audits fall on the poor, migrants and minorities",
        "choice of a mechanism",
        tuple(
            Figure(f"{what}, {group} over others", 1.0, UP, partial(rate, group=group, count=count), "", 1, why)
            for what, group, count, why in BURDENS
        ),
        "unstable earners",
    )


def redress(runs: Runs) -> Pattern:
    """F24."""
    main = runs.main

    def removed(chosen: Chosen) -> float:
        sums = main.total(chosen)
        return float((sums.appeals_upheld + sums.appeals_lenient) / sums.spells_begun)

    rightful = "part of the appeals without speech on file are against rightful restrictions, which are rarely undone"
    return Pattern(
        "F24",
        "redress is rarely used and rarely works",
        "choice of a mechanism",
        (
            Figure(
                "routine appeals granted, of those decided",
                0.33,
                0.42,
                lambda c: float(RoutineWin.value(main.total(c))),
                "%",
                100,
                rightful,
            ),
            Figure(
                "wrongful restrictions appealed",
                0.0,
                0.5,
                lambda c: float(RedressUse.value(main.total(c))),
                "%",
                100,
                "nobody is kept from appealing for good: a long spell gives many chances",
            ),
            Figure(
                "restrictions that end by appeal",
                0.0,
                0.05,
                removed,
                "%",
                100,
                "half of all appeals are admitted, more readily than in case E2",
            ),
        ),
        "petitions",
    )


def creep(runs: Runs) -> Pattern:
    """F25."""

    def held(told: RunSums, chosen: Chosen) -> float:
        sums = told.total(chosen)
        return float(sums.creep_held / sums.district_weeks)

    def added(told: RunSums, chosen: Chosen) -> float:
        sums = told.total(chosen)
        return float(5200 * sums.creep_added / sums.district_weeks)

    rare = "local officials are tempted only after weeks of much protest, and few weeks have it"
    return Pattern(
        "F25",
        "function creep, checked only after publicity",
        "validation",
        (
            Figure(
                "turned to another purpose, per 100 districts and year",
                0.0001,
                UP,
                lambda c: added(runs.main, c),
                "",
                1,
                rare,
            ),
            Figure("the same under a full outside audit", 0.0, 0.0, lambda c: added(runs.audited, c), "", 1, rare),
            Figure(
                "in use with ten times the publicity, less without",
                -UP,
                0.0,
                lambda c: held(runs.exposed, c) - held(runs.loose, c),
                "kinds a district",
                1,
                rare,
            ),
        ),
    )


def never(runs: Runs) -> tuple[Pattern, ...]:
    """What must not appear under default settings."""
    main = runs.main

    def scored(chosen: Chosen) -> float:
        sums = main.total(chosen)
        return float(sums.scored / sums.adults)

    def penalty(chosen: Chosen) -> float:
        return float(main.total(chosen).scheme_penalty_ww)

    def gain(chosen: Chosen, group: str) -> float:
        lost = []
        for name in (group, f"not {group}"):
            with_it, without = (main.total(chosen, arm, name) for arm in ("regime", "reference"))
            lost.append(52 * float((with_it.hardship_sum - without.hardship_sum) / without.adults))
        return abs(lost[0] - lost[1])

    def crime(chosen: Chosen) -> float:
        return panels.watch_and_breaches(main, chosen)

    built, alike = "see the scenario's settings", "the groups are hit alike"
    booked = "control spending follows records, and records follow breaches"
    found = (
        ("no single national score", Figure("adults with any score", 0.0, 0.5, scored, "%", 100, built)),
        ("no loss of basic services from a low local score", Figure("penalties", 0.0, 0.0, penalty, "ww", 1, built)),
        (
            "watch hardly predicts less crime",
            Figure("spending and breaches, correlation", -0.5, UP, crime, "", 1, booked),
        ),
    )
    apart = [
        Figure(
            f"{group}, welfare change apart from others", 0.001, UP, partial(gain, group=group), "ww a year", 1, alike
        )
        for group in ("migrant", "minority")
    ]
    every = (*((title, (figure,)) for title, figure in found), ("gains are not shared equally", tuple(apart)))
    return tuple(Pattern(f"N{n}", title, "must not appear", figures) for n, (title, figures) in enumerate(every, 1))


def wrongs(runs: Runs) -> tuple[Pattern, ...]:
    """F22 to F25, and what must not appear."""
    return (precision(runs), burdens(runs), redress(runs), creep(runs), *never(runs))
