"""F1 to F6, for calibration but for F6: the court list, its spells and refusals, and the part of firms."""

import math
from collections.abc import Sequence

from pattern import Figure, Pattern, Runs, RunSums

TURN = 10
"""The year in which exits overtake entries, counted from the year in which the regime begins: 2024."""
UP = math.inf
USE, MECHANISM = "calibration", "choice of a mechanism"
Chosen = Sequence[int]


def flow(main: RunSums, chosen: Chosen, name: str) -> float:
    """Growth of a yearly sum in the turning year."""
    found = getattr(main.since(chosen), name)
    return float(found[TURN] / found[TURN - 1] - 1.0)


def exits(main: RunSums, chosen: Chosen, year: int) -> float:
    """Exits from the court list for each entry of a year."""
    sums = main.since(chosen)
    return float(sums.court_delistings[year] / sums.court_listings[year])


def inflow(main: RunSums, chosen: Chosen) -> float:
    """Entries to the court list an adult and year, once all districts have joined."""
    sums = main.since(chosen)
    return float((sums.court_listings / sums.adults)[4:].mean() * 52)


def cumulative(main: RunSums, chosen: Chosen) -> float:
    """Entries to the court list within six years, an adult."""
    sums = main.since(chosen)
    return float(sums.court_listings[:6].sum() / sums.adults[5] * 52)


def complied(main: RunSums, chosen: Chosen) -> float:
    """Debts paid by people on the court list for each entry, within five years."""
    sums = main.since(chosen)
    return float(sums.court_complied[:5].sum() / sums.court_listings[:5].sum())


def refused(main: RunSums, chosen: Chosen, weeks: int) -> float:
    """Trips refused to people on the court list for each entry, within so many weeks."""
    sums = main.weeks(chosen)
    return float(sums.trips_refused_debtors[:weeks].sum() / sums.court_listings[:weeks].sum())


def spell(main: RunSums, chosen: Chosen) -> float:
    """Stock over yearly exits of the court list in the turning year, as A4.4 derives it."""
    sums = main.since(chosen)
    return float(sums.court_listed[TURN:].sum() / 52 / sums.court_delistings[TURN:].sum())


def turning(main: RunSums) -> Pattern:
    """F1."""
    wrong = "two in five entries come from wrong records, which the reform of the court list does not touch"
    early = "inflow stops growing when the roll-out ends in 2017, so that exits have nearly caught up before the reform"
    moved = "the reforms have the dates of the fact sheet, 2021, 2023 and 2024, but sizes that are assumed and not fitted to it"
    entries, out = "court_listings", "court_delistings"
    return Pattern(
        "F1",
        "the court list grows, then exits overtake entries",
        USE,
        (
            Figure("entries, turning year", -0.33, -0.13, lambda c: flow(main, c, entries), "%", 100, wrong),
            Figure("exits, turning year", 0.2, 0.5, lambda c: flow(main, c, out), "%", 100, moved),
            Figure("exits for an entry, year before it", 0.5, 0.8, lambda c: exits(main, c, TURN - 1), "", 1, early),
            Figure("exits for an entry, turning year", 1.0, 1.3, lambda c: exits(main, c, TURN), "", 1, moved),
        ),
    )


def court(main: RunSums) -> tuple[Pattern, ...]:
    """F2, F3 and F5."""
    lone = "courts list a debtor for one debt and the model gives nearly everybody one debt at most"
    able = "everybody pays in the end: nobody in the model is unable for good"
    slow = "repayment from income sets it; low incomes and hardship draw it out"
    return (
        Pattern(
            "F2",
            "few people are listed by courts",
            USE,
            (
                Figure("listed in a year, of adults", 0.0015, 0.003, lambda c: inflow(main, c), "%", 100, lone),
                Figure(
                    "listed within six years, of adults", 0.01, 0.015, lambda c: cumulative(main, c), "%", 100, lone
                ),
            ),
        ),
        Pattern(
            "F3",
            "a minority complies because of the list",
            USE,
            (Figure("debts paid for a listing, five years", 0.2, 0.3, lambda c: complied(main, c), "%", 100, able),),
        ),
        Pattern(
            "F5",
            "a spell on the court list",
            USE,
            (Figure("stock over exits, turning year", 2.5, 3.2, lambda c: spell(main, c), "years", 1, slow),),
        ),
    )


def travel(main: RunSums) -> Pattern:
    """F4."""
    before = "those listed before 2014 are refused trips too and are not counted as listings since"
    still = "attempts to travel do not grow: prices and incomes stand still, and nobody learns that they are refused"
    return Pattern(
        "F4",
        "refused trips for each listing rise",
        USE,
        (
            Figure("trips refused a listing, end of 2017", 1.16, 1.56, lambda c: refused(main, c, 208), "", 1, before),
            Figure("trips refused a listing, March 2019", 1.74, 2.14, lambda c: refused(main, c, 270), "", 1, still),
        ),
        "flights and rail apart",
    )


def firms(main: RunSums) -> Pattern:
    """F6."""

    def listed(chosen: Chosen) -> float:
        sums = main.total(chosen)
        return float(sums.firm_listings / (sums.firm_listings + sums.court_listings))

    def records(chosen: Chosen) -> float:
        sums = main.total(chosen)
        return float((sums.firm_records / sums.firm_weeks) / ((sums.records - sums.records_traffic) / sums.adults))

    def scored(chosen: Chosen) -> float:
        sums = main.total(chosen)
        return float(sums.scored / sums.adults)

    small = "self-employed units, three quarters of all, are rarely listed in the model"
    fines = "a self-employed unit breaks a fifth of a firm's rules"
    return Pattern(
        "F6",
        "firms, not people, fill the lists",
        MECHANISM,
        (
            Figure("firms among firms and court debtors newly listed", 0.5, 1.0, listed, "%", 100, small),
            Figure("records a firm for each record an adult, traffic left out", 1.0, UP, records, "", 1, fines),
            Figure("adults with a local score", 0.0, 0.2, scored, "%", 100, "more districts run a scheme than did"),
        ),
        "the appraisal of all firms is built in, not found",
    )


def lists(runs: Runs) -> tuple[Pattern, ...]:
    """F1 to F6."""
    listing, paying, staying = court(runs.main)
    return (turning(runs.main), listing, paying, travel(runs.main), staying, firms(runs.main))
