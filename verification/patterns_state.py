"""F14 to F21, for validation: protest and its answer, spending, firms, reports, lists that let go slowly."""

import math
from collections.abc import Sequence

import panels
from pattern import Figure, Find, Pattern, Runs, Told

from glasshouse.measure import Sums
from glasshouse.measures.machine import UpwardTruth
from glasshouse.measures.reach import ScoreConnection, ScoreLeverage, ScoreQuality

UP = math.inf
Chosen = Sequence[int]


def crowds(main: Told) -> tuple[Pattern, ...]:
    """F14 and F15."""

    def share(chosen: Chosen, above: str, *below: str) -> float:
        sums = main.total(chosen)
        return float(getattr(sums, above) / sum(getattr(sums, name) for name in below))

    def season(chosen: Chosen) -> float:
        protests = main.weeks(chosen).protests
        by_week = protests[: len(protests) // 52 * 52].reshape(-1, 52).sum(axis=0)
        return float(by_week[:9].mean() / by_week[9:].mean())

    def persecuted(chosen: Chosen) -> float:
        sums = main.total(chosen)
        others = sums.events_repressed - sums.events_minority_repressed
        events = sums.events_repressed + sums.events_conceded + sums.events_tolerated - sums.events_minority
        return float((sums.events_minority_repressed / sums.events_minority) / (others / events))

    sizes = ("events_small", "events_middle", "events_large")
    answers = ("events_repressed", "events_conceded", "events_tolerated")
    small = "a district of the model has two thousand citizens, a crowd is two of them or more, and few crowds grow"
    return (
        Pattern(
            "F14",
            "protest is frequent, small, local and economic",
            "validation",
            (
                Figure(
                    "events of 10 to 99 participants", 0.55, 0.65, lambda c: share(c, sizes[1], *sizes), "%", 100, small
                ),
                Figure(
                    "participants with a problem of their own",
                    0.6,
                    1.0,
                    lambda c: share(c, "protests_problem", "protests"),
                    "%",
                    100,
                    "focal events bring people without a problem into the street",
                ),
                Figure(
                    "protest in January and February over the rest of the year",
                    1.0,
                    UP,
                    season,
                    "",
                    1,
                    "problems peak then by a tenth, and a problem takes weeks to bring somebody into the street; bursts drown it",
                ),
            ),
            "events aimed at the centre; dips at high-security dates",
        ),
        Pattern(
            "F15",
            "the mix of answers",
            "validation",
            (
                Figure(
                    "events repressed",
                    0.2,
                    0.3,
                    lambda c: share(c, answers[0], *answers),
                    "%",
                    100,
                    "the chance for a small event is assumed, and nearly all are small",
                ),
                Figure(
                    "events answered with a concession",
                    0.03,
                    0.08,
                    lambda c: share(c, answers[1], *answers),
                    "%",
                    100,
                    "the chance is assumed",
                ),
                Figure(
                    "repression of events of minorities over that of others",
                    2.0,
                    UP,
                    persecuted,
                    "",
                    1,
                    "the added chance is 0.3, published repression of religious dissent is 94 %",
                ),
            ),
            "arrests",
        ),
    )


def spending(main: Told) -> tuple[Pattern, ...]:
    """F16 and F17."""
    effect = panels.rollout_effect
    return (
        Pattern(
            "F16",
            "unrest, then spending on control, then less unrest",
            "validation",
            (
                Figure(
                    "effect of protest on control spending a year later, standardised",
                    0.0,
                    UP,
                    lambda c: panels.spending_after_unrest(main, c),
                    "",
                    1,
                    "spending follows records, which fade from the budget within the year; there is no procurement",
                ),
                Figure(
                    "effect of control spending on protest a year later, standardised",
                    -UP,
                    0.0,
                    lambda c: panels.unrest_after_spending(main, c),
                    "",
                    1,
                    "more watch brings more grievance as well as more fear",
                ),
            ),
            "violence",
        ),
        Pattern(
            "F17",
            "better information: targeted repression up, public goods down",
            "validation",
            (
                Figure(
                    "staggered roll-out: speech sanctions and visits, per adult and year",
                    0.0,
                    UP,
                    lambda c: effect(main, c, "speech_sanctions", "visits"),
                    "",
                    1,
                    "nobody more is seen",
                ),
                Figure(
                    "staggered roll-out: service spending, ww per adult and year",
                    -UP,
                    0.0,
                    lambda c: effect(main, c, "cost_service"),
                    "",
                    1,
                    "automation frees more than control costs",
                ),
            ),
        ),
    )


def firms(main: Told) -> tuple[Pattern, ...]:
    """F18 and F19."""

    def correlation(measure: type[ScoreConnection] | type[ScoreQuality] | type[ScoreLeverage]) -> Find:
        return lambda chosen: float(measure.value(main.total(chosen)))

    def ordering(chosen: Chosen) -> float:
        sums = main.total(chosen)
        return float(ScoreConnection.value(sums) - abs(ScoreQuality.value(sums)))

    def avoided(chosen: Chosen, name: str) -> float:
        with_it, without = (_enlisted(main.since(chosen, world), name) for world in (1, 0))
        return with_it / without - 1.0

    young = "firms with the most credit breach as often as others, and points outweigh credit"
    return (
        Pattern(
            "F18",
            "firm scores follow connection, not governance",
            "validation",
            (
                Figure("correlation of standing with connection", 0.0, UP, correlation(ScoreConnection), "", 1, young),
                Figure("its lead over the correlation with governance", 0.0, UP, ordering, "", 1, young),
                Figure(
                    "correlation of standing with leverage",
                    -UP,
                    0.0,
                    correlation(ScoreLeverage),
                    "",
                    1,
                    "leverage raises breaches by little",
                ),
            ),
            "profit",
        ),
        Pattern(
            "F19",
            "narrow compliance does improve",
            "validation",
            (
                Figure(
                    "violations of firms, with over without the regime",
                    -0.18,
                    -0.08,
                    lambda c: avoided(c, "firm_harm"),
                    "%",
                    100,
                    "deterrence times announced coverage",
                ),
                Figure(
                    "breaches of citizens, with over without the regime",
                    -0.18,
                    -0.08,
                    lambda c: avoided(c, "breaches"),
                    "%",
                    100,
                    "people who are seldom online believe little of what is announced, and hardship raises breaches",
                ),
            ),
        ),
    )


def _enlisted(sums: Sums, name: str) -> float:
    """A sum an adult-week over the years in which all districts are enlisted."""
    return float(getattr(sums, name)[4:].sum() / sums.adults[4:].sum())


def reports(main: Told) -> tuple[Pattern, ...]:
    """F20 and F21."""

    def truth(chosen: Chosen, world: int) -> float:
        return float(UpwardTruth.value(main.total(chosen, world)))

    def waits(chosen: Chosen) -> float:
        sums = main.total(chosen)
        return float((sums.delisting_waits / sums.delistings) / (sums.listing_waits / sums.listings))

    def tail(chosen: Chosen) -> float:
        sums = main.total(chosen)
        return float(sums.spells_long / sums.spells_ended)

    return (
        Pattern(
            "F20",
            "upward reports leave out officials' faults, whatever the sensing",
            "validation",
            (
                Figure(
                    "officials' faults in reports, over other problems",
                    0.0,
                    0.8,
                    lambda c: truth(c, 1),
                    "",
                    1,
                    "suppression of faults is assumed too weak",
                ),
                Figure(
                    "that with the regime, less that without",
                    -0.1,
                    0.1,
                    lambda c: truth(c, 1) - truth(c, 0),
                    "",
                    1,
                    "sensing that complaints do not pass through tells of faults too",
                ),
            ),
            "ties to patrons",
        ),
        Pattern(
            "F21",
            "listing spreads faster than delisting",
            "validation",
            (
                Figure(
                    "weeks to the end of a restriction's effect, over weeks to its beginning",
                    1.0,
                    UP,
                    waits,
                    "",
                    1,
                    "delays are set in the scenario",
                ),
                Figure("spells of more than two years", 0.1, 1.0, tail, "%", 100, "points expire before"),
            ),
        ),
    )


def state(runs: Runs) -> tuple[Pattern, ...]:
    """F14 to F21."""
    main = runs.main
    return (*crowds(main), *spending(main), *firms(main), *reports(main))
