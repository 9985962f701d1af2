"""F7 to F13: what people know, approve of, hide, fear and change.

F10 was the reason for a mechanism, the others of F7 to F12 are for calibration, and F13 is for validation.
"""

import math
from collections.abc import Sequence

from pattern import Figure, Pattern, Runs, RunSums

UP = math.inf
USE, MECHANISM = "calibration", "choice of a mechanism"
Chosen = Sequence[int]


def surveyed(main: RunSums, chosen: Chosen, above: str, below: str) -> float:
    """A ratio of the survey of the fifth year, 2018."""
    sums = main.since(chosen)
    return float(getattr(sums, above)[4] / getattr(sums, below)[4])


def later(main: RunSums, chosen: Chosen, above: str, below: str) -> float:
    """A ratio of the surveys since the fifth year, 2018."""
    sums = main.since(chosen)
    return float(getattr(sums, above)[4:].sum() / getattr(sums, below)[4:].sum())


def groups(main: RunSums, chosen: Chosen, above: str, below: str, one: str, other: str) -> float:
    """A ratio of all surveys in one group less that in another."""
    totals = (main.total(chosen, "regime", group) for group in (one, other))
    mine, others = (float(getattr(sums, above) / getattr(sums, below)) for sums in totals)
    return mine - others


def engagement(main: RunSums) -> Pattern:
    """F7."""

    def rewarded(chosen: Chosen) -> float:
        sums = main.total(chosen)
        return float(sums.rewarded / sums.adults)

    def aware(chosen: Chosen) -> float:
        return surveyed(main, chosen, "asked_aware", "asked_adults")

    def approval(chosen: Chosen) -> float:
        return surveyed(main, chosen, "asked_approving", "asked_aware")

    told = "restrictions of contacts are talked about more than they were"
    hurt = "those who are restricted know of it and disapprove; they weigh more among few aware"
    return Pattern(
        "F7",
        "high approval, low awareness, low engagement",
        USE,
        (
            Figure("aware of those covered, 2018", 0.05, 0.15, aware, "%", 100, told),
            Figure("approval of the aware, 2018", 0.75, 0.85, approval, "%", 100, hurt),
            Figure("adults with credit for a reward", 0.0, 0.5, rewarded, "%", 100, "too many seek the reward"),
        ),
    )


def information(main: RunSums) -> Pattern:
    """F8."""

    def lost(chosen: Chosen) -> float:
        return later(main, chosen, "untold_approving_told", "untold_approving") - 1.0

    return Pattern(
        "F8",
        "approval is fragile to information",
        USE,
        (
            Figure(
                "approval of the uninformed once told of repressive use",
                -0.15,
                -0.1,
                lost,
                "%",
                100,
                "spread of approval between people too wide or too narrow",
            ),
        ),
        "pros and cons of a score; a message about order",
    )


def approvers(main: RunSums) -> Pattern:
    """F9."""

    def apart(chosen: Chosen, who: str) -> float:
        sums = main.since(chosen)
        mine = getattr(sums, f"{who}_approving").sum() / getattr(sums, f"{who}_aware").sum()
        return float(mine - sums.asked_approving.sum() / sums.asked_aware.sum())

    def between(chosen: Chosen, one: str, other: str) -> float:
        return groups(main, chosen, "asked_approving", "asked_aware", one, other)

    poor, few = ("not poorest fifth", "poorest fifth"), "few aware among them"
    young = "the schooled are young, and age weighs more"
    old = "the old of the country are poorer and less schooled"
    member = "members are older and better schooled, which raises approval by more than membership lowers it"
    return Pattern(
        "F9",
        "who approves",
        USE,
        (
            Figure("poorest fifth, others less them", 0.0, UP, lambda c: between(c, *poor), "points", 100, few),
            Figure("town less country", 0.0, UP, lambda c: between(c, "not rural", "rural"), "points", 100, few),
            Figure("college less all", 0.0, UP, lambda c: apart(c, "college"), "points", 100, young),
            Figure("aged 50 or more less all", 0.0, UP, lambda c: apart(c, "older"), "points", 100, old),
            Figure("Party members less all", -UP, 0.0, lambda c: apart(c, "party"), "points", 100, member),
        ),
    )


def hidden(main: RunSums) -> Pattern:
    """F10."""

    def gap(chosen: Chosen) -> float:
        return later(main, chosen, "gap_all", "asked_adults")

    def wider(chosen: Chosen, who: str) -> float:
        return later(main, chosen, f"gap_{who}", f"asked_{who}") - gap(chosen)

    def between(chosen: Chosen, one: str, other: str) -> float:
        return groups(main, chosen, "gap_all", "asked_adults", one, other)

    calm = "fear of speaking is low, or discontent is"
    worse = "they have more problems, so they hide more"
    poor = ("not poorest fifth", "poorest fifth")
    sex, age = (
        "sex changes neither fear nor discontent in the model, so that the sign is that of chance",
        "age changes fear only by what one does online",
    )
    return Pattern(
        "F10",
        "stated less private support",
        MECHANISM,
        (
            Figure("gap, all adults", 0.04, 0.28, gap, "points", 100, calm),
            Figure("gap, town less country", 0.0, UP, lambda c: between(c, "not rural", "rural"), "points", 100, worse),
            Figure("gap, others less poorest fifth", 0.0, UP, lambda c: between(c, *poor), "points", 100, worse),
            Figure("gap, women less all", 0.0, UP, lambda c: wider(c, "women"), "points", 100, sex),
            Figure("gap, under 35 less all", 0.0, UP, lambda c: wider(c, "young"), "points", 100, age),
        ),
    )


def fear(main: RunSums) -> Pattern:
    """F11."""
    seen, frank = "fear follows how often sanctions for speech are seen", "the candour of answers is assumed"
    private, stated, asked = "fear_private", "fear_stated", "asked_adults"
    return Pattern(
        "F11",
        "fear is under-reported",
        USE,
        (
            Figure("private fear", 0.3, 0.5, lambda c: later(main, c, private, asked), "%", 100, seen),
            Figure("stated fear", 0.04, 0.12, lambda c: later(main, c, stated, asked), "%", 100, frank),
            Figure("private over stated fear", 3.0, 6.0, lambda c: later(main, c, private, stated), "", 1, frank),
        ),
    )


def changed(main: RunSums) -> Pattern:
    """F12."""

    def ever(chosen: Chosen) -> float:
        sums = main.years(chosen)
        return float(sums.shifted_any.sum() / sums.adults[-1] * 52)

    def rewards(chosen: Chosen) -> float:
        sums = main.years(chosen)
        return float(sums.shifted_reward.sum() / sums.shifted_penalty.sum())

    few = "announced detection moves too few"
    small = (
        "what is announced deters those who are seldom online too (the belief that F19 asks for), while rewards are small; "
        "a breach left undone for the policing that the reference announces counts as well"
    )
    return Pattern(
        "F12",
        "behaviour changes broadly but shallowly, more by reward than by penalty",
        USE,
        (
            Figure("adults who ever changed one of three behaviours", 0.5, 1.0, ever, "%", 100, few),
            Figure("changed by reward over changed by penalty", 1.0, UP, rewards, "", 1, small),
        ),
        "kinds changed in compulsory against commercial schemes",
    )


def chilled(told: RunSums) -> Pattern:
    """F13: the first chill and what of it lasts, where the regime begins everywhere in one week."""

    def missing(chosen: Chosen, weeks: slice) -> float:
        pairs = told.pairs(chosen)
        lost = (pairs.silenced_by_regime - pairs.said_in_regime_only)[weeks].sum()
        return float(lost / pairs.said_in_reference[weeks].sum())

    first, last = slice(0, 26), slice(104, 312)
    mild = "an announcement alone frightens less; the chill grows with the sanctions that are seen"
    return Pattern(
        "F13",
        "a chill on first salience, part of which lasts",
        "validation",
        (
            Figure("complaints missing, first half-year", 0.05, 0.2, lambda c: missing(c, first), "%", 100, mild),
            Figure("complaints missing, third year on", 0.0, UP, lambda c: missing(c, last), "%", 100, "it wears off"),
        ),
        "what people look up; complaints stand for it",
    )


def minds(runs: Runs) -> tuple[Pattern, ...]:
    """F7 to F13."""
    made = (engagement, information, approvers, hidden, fear, changed)
    return (*(pattern(runs.main) for pattern in made), chilled(runs.at_once))
