"""F14 to F21: protest and its answer, spending, firms, reports, lists that let go slowly."""

import math
from collections.abc import Sequence

import panels
from pattern import Figure, Find, Pattern, Runs, RunSums

from glasshouse.model.measure import Sums
from glasshouse.model.measures.administration import UpwardTruth
from glasshouse.model.measures.firms_and_abroad import ScoreConnection, ScoreLeverage, ScoreQuality
from glasshouse.model.measures.protest_events import EventsBeyondChance

UP = math.inf
USE, MECHANISM = "validation", "choice of a mechanism"
Chosen = Sequence[int]


SIZES = ("crowds_small", "crowds_middle", "crowds_large")
ANSWERS = ("crowds_repressed", "crowds_conceded", "crowds_tolerated")


def share(main: RunSums, chosen: Chosen, above: str, *below: str) -> float:
    """A sum over all weeks of the regime over others."""
    sums = main.total(chosen)
    return float(getattr(sums, above) / sum(getattr(sums, name) for name in below))


def crowds(main: RunSums) -> Pattern:
    """F14."""

    def season(chosen: Chosen) -> float:
        protests = main.weeks(chosen).protests
        by_week = protests[: len(protests) // 52 * 52].reshape(-1, 52).sum(axis=0)
        return float(by_week[:9].mean() / by_week[9:].mean())

    def middle(chosen: Chosen) -> float:
        return share(main, chosen, "crowds_middle", *SIZES)

    def beyond(chosen: Chosen) -> float:
        return float(EventsBeyondChance.value(main.total(chosen)))

    def own(chosen: Chosen) -> float:
        return share(main, chosen, "protests_problem", "protests")

    small = "published events are found in media, which pass over small ones; in the model all are counted"
    alone = "those who come each for themselves are as many"
    focal = "focal events bring people without a problem into the street"
    slow = "problems peak then by a tenth, and it takes weeks to bring somebody into the street; bursts drown it"
    return Pattern(
        "F14",
        "protest is frequent, small, local and economic",
        MECHANISM,
        (
            Figure("crowds of 10 to 99 participants", 0.55, 0.65, middle, "%", 100, small),
            Figure("events of 2 to 9 participants beyond chance", 0.0, UP, beyond, "%", 100, alone),
            Figure("participants with a problem of their own", 0.6, 1.0, own, "%", 100, focal),
            Figure("protest in January and February over other months", 1.0, UP, season, "", 1, slow),
        ),
        "events aimed at the centre; dips at high-security dates",
    )


def answers(main: RunSums) -> Pattern:
    """F15."""

    def persecuted(chosen: Chosen) -> float:
        sums = main.total(chosen)
        others = sums.crowds_repressed - sums.crowds_minority_repressed
        crowds = sums.crowds_repressed + sums.crowds_conceded + sums.crowds_tolerated - sums.crowds_minority
        return float((sums.crowds_minority_repressed / sums.crowds_minority) / (others / crowds))

    def repressed(chosen: Chosen) -> float:
        return share(main, chosen, "crowds_repressed", *ANSWERS)

    def conceded(chosen: Chosen) -> float:
        return share(main, chosen, "crowds_conceded", *ANSWERS)

    small = "the chance for a small event is assumed, and most are small"
    added = "the added chance is 0.3; published repression of religious dissent is 94 %"
    return Pattern(
        "F15",
        "the mix of answers",
        USE,
        (
            Figure("crowds repressed", 0.2, 0.3, repressed, "%", 100, small),
            Figure("crowds answered with a concession", 0.03, 0.08, conceded, "%", 100, "the chance is assumed"),
            Figure("repression of minorities' crowds over others", 2.0, UP, persecuted, "", 1, added),
        ),
        "arrests",
    )


def spending(main: RunSums) -> tuple[Pattern, ...]:
    """F16 and F17."""
    effect = panels.rollout_effect
    return (
        Pattern(
            "F16",
            "unrest, then spending on control, then less unrest",
            USE,
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
            USE,
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


def ratings(main: RunSums) -> Pattern:
    """F18."""

    def correlation(measure: type[ScoreConnection] | type[ScoreQuality] | type[ScoreLeverage]) -> Find:
        return lambda chosen: float(measure.value(main.total(chosen)))

    def lead(chosen: Chosen) -> float:
        sums = main.total(chosen)
        return float(ScoreConnection.value(sums) - abs(ScoreQuality.value(sums)))

    few = "few firms are connected enough to be spared or to earn much credit, while governance lowers the breaches of all"
    little = "leverage raises breaches by little"
    return Pattern(
        "F18",
        "firm scores follow connection, not governance",
        MECHANISM,
        (
            Figure("standing and connection, correlation", 0.0, UP, correlation(ScoreConnection), "", 1, few),
            Figure("its lead over that with governance", 0.0, UP, lead, "", 1, few),
            Figure("standing and leverage, correlation", -UP, 0.0, correlation(ScoreLeverage), "", 1, little),
        ),
        "profit",
    )


def compliance(main: RunSums) -> Pattern:
    """F19."""

    def avoided(chosen: Chosen, name: str) -> float:
        with_it, without = (_enlisted(main.since(chosen, arm), name) for arm in ("regime", "reference"))
        return with_it / without - 1.0

    told = "deterrence times announced coverage, of which the reference arm has some"
    offline = "people who are seldom online believe less of what is announced, and hardship raises breaches"
    return Pattern(
        "F19",
        "narrow compliance does improve",
        MECHANISM,
        (
            Figure(
                "violations of firms, with over without",
                -0.18,
                -0.08,
                lambda c: avoided(c, "firm_harm"),
                "%",
                100,
                told,
            ),
            Figure("breaches of citizens, the same", -0.18, -0.08, lambda c: avoided(c, "breaches"), "%", 100, offline),
        ),
    )


def _enlisted(sums: Sums, name: str) -> float:
    """A sum an adult-week over the years in which all districts have joined."""
    return float(getattr(sums, name)[4:].sum() / sums.adults[4:].sum())


def reports(main: RunSums) -> tuple[Pattern, ...]:
    """F20 and F21."""

    def truth(chosen: Chosen, arm: str) -> float:
        return float(UpwardTruth.value(main.total(chosen, arm)))

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
            USE,
            (
                Figure(
                    "officials' faults in reports, over other problems",
                    0.0,
                    0.8,
                    lambda c: truth(c, "regime"),
                    "",
                    1,
                    "suppression of faults is assumed too weak",
                ),
                Figure(
                    "that with the regime, less that without",
                    -0.1,
                    0.1,
                    lambda c: truth(c, "regime") - truth(c, "reference"),
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
            USE,
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
    return (crowds(main), answers(main), *spending(main), ratings(main), compliance(main), *reports(main))
