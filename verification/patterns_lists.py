"""F1 to F6, for calibration: the court list, its spells and refusals, and the part of firms."""

import math
from collections.abc import Sequence

from pattern import Figure, Pattern, Runs

TURN = 7
"""The year of the change, counted from the year in which the regime begins: 2021."""
UP = math.inf
Chosen = Sequence[int]


def lists(runs: Runs) -> tuple[Pattern, ...]:
    """F1 to F6: the court list, its spells and refusals, and the part of firms."""
    main = runs.main

    def flow(chosen: Chosen, name: str) -> float:
        found = getattr(main.since(chosen), name)
        return float(found[TURN] / found[TURN - 1] - 1.0)

    def exits(chosen: Chosen, year: int) -> float:
        sums = main.since(chosen)
        return float(sums.court_delistings[year] / sums.court_listings[year])

    def inflow(chosen: Chosen) -> float:
        sums = main.since(chosen)
        return float((sums.court_listings / sums.adults)[4:].mean() * 52)

    def cumulative(chosen: Chosen) -> float:
        sums = main.since(chosen)
        return float(sums.court_listings[:6].sum() / sums.adults[5] * 52)

    def complied(chosen: Chosen) -> float:
        sums = main.since(chosen)
        return float(sums.court_complied[:5].sum() / sums.court_listings[:5].sum())

    def refused(chosen: Chosen, weeks: int) -> float:
        sums = main.weeks(chosen)
        return float(sums.trips_refused_debtors[:weeks].sum() / sums.court_listings[:weeks].sum())

    def spell(chosen: Chosen) -> float:
        sums = main.since(chosen)
        return float(sums.court_listed[TURN:].sum() / 52 / sums.court_delistings[TURN:].sum())

    def firms(chosen: Chosen) -> float:
        sums = main.total(chosen)
        return float(sums.firm_listings / (sums.firm_listings + sums.court_listings))

    def records(chosen: Chosen) -> float:
        sums = main.total(chosen)
        return float((sums.firm_records / sums.firm_weeks) / (sums.records / sums.adults))

    def scored(chosen: Chosen) -> float:
        sums = main.total(chosen)
        return float(sums.scored / sums.adults)

    moved = "the model has one date of change, 2021, for reforms that came from 2021 to 2025 one after the other"
    lone = "courts list a debtor for one debt and the model gives nearly everybody one debt at most"
    return (
        Pattern(
            "F1",
            "the court list grows, then exits overtake entries",
            "calibration",
            (
                Figure(
                    "entries, year of the change over the year before",
                    -0.33,
                    -0.13,
                    lambda c: flow(c, "court_listings"),
                    "%",
                    100,
                    moved,
                ),
                Figure(
                    "exits, year of the change over the year before",
                    0.2,
                    0.5,
                    lambda c: flow(c, "court_delistings"),
                    "%",
                    100,
                    moved,
                ),
                Figure(
                    "exits for an entry, year before the change", 0.5, 0.8, lambda c: exits(c, TURN - 1), "", 1, moved
                ),
                Figure(
                    "exits for an entry, year after the change", 1.0, 1.3, lambda c: exits(c, TURN + 1), "", 1, moved
                ),
            ),
        ),
        Pattern(
            "F2",
            "few people are listed by courts",
            "calibration",
            (
                Figure("listed in a year, of adults", 0.0015, 0.003, inflow, "%", 100, lone),
                Figure("listed within six years, of adults", 0.01, 0.015, cumulative, "%", 100, lone),
            ),
        ),
        Pattern(
            "F3",
            "a minority complies because of the list",
            "calibration",
            (
                Figure(
                    "debts paid for each listing within five years",
                    0.2,
                    0.3,
                    complied,
                    "%",
                    100,
                    "everybody pays in the end: nobody in the model is unable for good",
                ),
            ),
        ),
        Pattern(
            "F4",
            "refused trips for each listing rise",
            "calibration",
            (
                Figure(
                    "trips refused for each listing by the end of 2017",
                    1.16,
                    1.56,
                    lambda c: refused(c, 208),
                    "",
                    1,
                    "those listed before 2014 are refused trips too and are not counted as listings since",
                ),
                Figure(
                    "trips refused for each listing by March 2019",
                    1.74,
                    2.14,
                    lambda c: refused(c, 270),
                    "",
                    1,
                    "attempts to travel do not grow: people learn that they are refused, prices and incomes stand still",
                ),
            ),
            "flights and rail apart",
        ),
        Pattern(
            "F5",
            "a spell on the court list",
            "calibration",
            (
                Figure(
                    "stock over exits, since the change",
                    2.5,
                    3.2,
                    spell,
                    "years",
                    1,
                    "repayment from income sets it; low incomes and hardship draw it out",
                ),
            ),
        ),
        Pattern(
            "F6",
            "firms, not people, fill the lists",
            "calibration",
            (
                Figure(
                    "firms among firms and court debtors newly listed",
                    0.5,
                    1.0,
                    firms,
                    "%",
                    100,
                    "self-employed units, three quarters of all, are rarely listed in the model",
                ),
                Figure(
                    "records a firm for each record an adult",
                    1.0,
                    UP,
                    records,
                    "",
                    1,
                    "traffic fines count as records of adults; a self-employed unit breaks a fifth of a firm's rules",
                ),
                Figure("adults with a local score", 0.0, 0.2, scored, "%", 100, "more districts run a scheme than did"),
            ),
            "the appraisal of all firms is built in, not found",
        ),
    )
