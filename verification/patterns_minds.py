"""F7 to F13: what people know, approve of, hide, fear and change. F7 to F12 are for calibration, F13 for validation."""

import math
from collections.abc import Sequence

from pattern import Figure, Pattern, Runs

UP = math.inf
Chosen = Sequence[int]


def opinions(runs: Runs) -> tuple[Pattern, ...]:
    """F7 to F9: approval."""
    main = runs.main

    def surveyed(chosen: Chosen, above: str, below: str) -> float:
        sums = main.since(chosen)
        return float(getattr(sums, above)[4] / getattr(sums, below)[4])

    def informed(chosen: Chosen) -> float:
        sums = main.since(chosen)
        return float(sums.untold_approving_told[4:].sum() / sums.untold_approving[4:].sum() - 1.0)

    def apart(chosen: Chosen, who: str) -> float:
        sums = main.since(chosen)
        mine = getattr(sums, f"{who}_approving").sum() / getattr(sums, f"{who}_aware").sum()
        return float(mine - sums.asked_approving.sum() / sums.asked_aware.sum())

    def groups(chosen: Chosen, one: str, other: str) -> float:
        rates = [float(s.asked_approving / s.asked_aware) for s in (main.total(chosen, 1, g) for g in (one, other))]
        return rates[0] - rates[1]

    return (
        Pattern(
            "F7",
            "high approval, low awareness, low engagement",
            "calibration",
            (
                Figure(
                    "aware of those covered, survey of 2018",
                    0.05,
                    0.15,
                    lambda c: surveyed(c, "asked_aware", "asked_adults"),
                    "%",
                    100,
                    "restrictions of contacts are talked about more than they were",
                ),
                Figure(
                    "approval of the aware, survey of 2018",
                    0.75,
                    0.85,
                    lambda c: surveyed(c, "asked_approving", "asked_aware"),
                    "%",
                    100,
                    "whoever is restricted knows of it and disapproves; they weigh more among few aware",
                ),
                Figure(
                    "adults with enough credit for a reward",
                    0.0,
                    0.5,
                    lambda c: float(main.total(c).rewarded / main.total(c).adults),
                    "%",
                    100,
                    "too many seek the reward",
                ),
            ),
        ),
        Pattern(
            "F8",
            "approval is fragile to information",
            "calibration",
            (
                Figure(
                    "approval of the uninformed once told of repressive use",
                    -0.15,
                    -0.1,
                    informed,
                    "%",
                    100,
                    "spread of approval between people too wide or too narrow",
                ),
            ),
            "pros and cons of a score; a message about order",
        ),
        Pattern(
            "F9",
            "who approves",
            "calibration",
            (
                Figure(
                    "all but the poorest fifth less the poorest fifth",
                    0.0,
                    UP,
                    lambda c: groups(c, "not poorest fifth", "poorest fifth"),
                    "points",
                    100,
                    "few aware among the poorest",
                ),
                Figure(
                    "town less country",
                    0.0,
                    UP,
                    lambda c: groups(c, "not rural", "rural"),
                    "points",
                    100,
                    "few aware in the country",
                ),
                Figure(
                    "college less all",
                    0.0,
                    UP,
                    lambda c: apart(c, "college"),
                    "points",
                    100,
                    "the schooled are young, and age weighs more",
                ),
                Figure(
                    "aged 50 or more less all",
                    0.0,
                    UP,
                    lambda c: apart(c, "older"),
                    "points",
                    100,
                    "the old of the country are poorer and less schooled",
                ),
                Figure(
                    "Party members less all",
                    -UP,
                    0.0,
                    lambda c: apart(c, "party"),
                    "points",
                    100,
                    "members are older and better schooled than others, which raises approval by more than membership lowers it",
                ),
            ),
        ),
    )


def preferences(runs: Runs) -> tuple[Pattern, ...]:
    """F10 to F12: what is hidden, and what is changed."""
    main = runs.main
    calm = (
        "grievance comes from everyday problems, hardship and wrongs alone, and is 5 % on average: with so little to hide, "
        "little is hidden"
    )

    def gap(chosen: Chosen) -> float:
        sums = main.since(chosen)
        return float(sums.gap_all[4:].sum() / sums.asked_adults[4:].sum())

    def wider(chosen: Chosen, who: str) -> float:
        sums = main.since(chosen)
        mine = getattr(sums, f"gap_{who}")[4:].sum() / getattr(sums, f"asked_{who}")[4:].sum()
        return float(mine - gap(chosen))

    def between(chosen: Chosen, one: str, other: str) -> float:
        rates = [float(s.gap_all / s.asked_adults) for s in (main.total(chosen, 1, g) for g in (one, other))]
        return rates[0] - rates[1]

    def fear(chosen: Chosen, name: str, of: str) -> float:
        sums = main.since(chosen)
        return float(getattr(sums, name)[4:].sum() / getattr(sums, of)[4:].sum())

    def ever(chosen: Chosen, name: str) -> float:
        sums = main.since(chosen)
        return float(getattr(sums, name).sum() / sums.adults[-1] * 52)

    def rewards(chosen: Chosen) -> float:
        sums = main.since(chosen)
        return float(sums.shifted_reward.sum() / sums.shifted_penalty.sum())

    return (
        Pattern(
            "F10",
            "stated less private support",
            "calibration",
            (
                Figure("gap, all adults", 0.04, 0.28, gap, "points", 100, calm),
                Figure(
                    "town less country",
                    0.0,
                    UP,
                    lambda c: between(c, "not rural", "rural"),
                    "points",
                    100,
                    "those of the country have more problems to hide",
                ),
                Figure(
                    "all but the poorest fifth less the poorest fifth",
                    0.0,
                    UP,
                    lambda c: between(c, "not poorest fifth", "poorest fifth"),
                    "points",
                    100,
                    "the poorest are more aggrieved, so they hide more",
                ),
                Figure(
                    "women less all",
                    0.0,
                    UP,
                    lambda c: wider(c, "women"),
                    "points",
                    100,
                    "sex changes neither fear nor grievance in the model",
                ),
                Figure(
                    "under 35 less all",
                    0.0,
                    UP,
                    lambda c: wider(c, "young"),
                    "points",
                    100,
                    "age changes fear only by what one does online",
                ),
            ),
        ),
        Pattern(
            "F11",
            "fear is under-reported",
            "calibration",
            (
                Figure(
                    "private fear",
                    0.3,
                    0.5,
                    lambda c: fear(c, "fear_private", "asked_adults"),
                    "%",
                    100,
                    "fear follows how often sanctions for speech are seen",
                ),
                Figure(
                    "stated fear",
                    0.04,
                    0.12,
                    lambda c: fear(c, "fear_stated", "asked_adults"),
                    "%",
                    100,
                    "the candour of answers is assumed",
                ),
                Figure(
                    "private over stated fear",
                    3.0,
                    6.0,
                    lambda c: fear(c, "fear_private", "fear_stated"),
                    "",
                    1,
                    "the candour of answers is assumed",
                ),
            ),
        ),
        Pattern(
            "F12",
            "behaviour changes broadly but shallowly, more by reward than by penalty",
            "calibration",
            (
                Figure(
                    "adults who ever changed one of three behaviours",
                    0.5,
                    1.0,
                    lambda c: ever(c, "shifted_any"),
                    "%",
                    100,
                    "announced detection moves too few",
                ),
                Figure(
                    "changed by reward over changed by penalty, adults",
                    1.0,
                    UP,
                    rewards,
                    "",
                    1,
                    "rewards are small and detection is announced to all",
                ),
            ),
            "kinds changed in compulsory against commercial schemes",
        ),
    )


def chilled(runs: Runs) -> Pattern:
    """F13: the first chill and what of it lasts."""

    def missing(chosen: Chosen, weeks: slice) -> float:
        pairs = runs.at_once.pairs(chosen)
        lost = (pairs.silenced_by_regime - pairs.said_in_regime_only)[weeks].sum()
        return float(lost / pairs.said_in_reference[weeks].sum())

    first, last = slice(0, 26), slice(104, 312)
    return Pattern(
        "F13",
        "a chill on first salience, part of which lasts",
        "validation",
        (
            Figure(
                "complaints missing, first half-year",
                0.05,
                0.2,
                lambda c: missing(c, first),
                "%",
                100,
                "an announcement alone frightens less; the chill grows with the sanctions that are seen",
            ),
            Figure(
                "complaints missing, from the third year on",
                0.0,
                UP,
                lambda c: missing(c, last),
                "%",
                100,
                "the threat wears off",
            ),
        ),
        "what people look up; complaints stand for it",
    )


def minds(runs: Runs) -> tuple[Pattern, ...]:
    """F7 to F13."""
    return (*opinions(runs), *preferences(runs), chilled(runs))
