"""Two stories that the figures of Dutch student grants of 2014 do not tell apart, and the least request that would.

Base rates by origin far apart and findings that are true, or equal base rates and findings that are biased. Both are fitted to
all figures by origin, held-out ones included, so that neither is held-out evidence. Settings are searched in the closed form of
the chain (a binormal score, a reviewer, two bars), and the best of them are simulated.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from regime_models import Figures, student_grants
from scipy.special import ndtr, ndtri

from glasshouse.analysis.audit.power import Comparison, least_request

Array = NDArray[np.float64]
SHARE, TOP_TWO, CHOSEN = 0.2205, 0.172, 0.0128
"""Students of an origin outside Europe; those in the top two of six classes; those chosen by hand. Shares, 2014."""

ROWS = ("top_two_rest", "top_two_minority", "lot", "chosen_rest", "chosen_minority", "found_rest", "found_minority")
"""Figures of 2014 to which both stories are fitted."""

SEED, CELL = 15, 50
"""Random seed of the search, and the least people in a cell that may be published."""

Ranges = Mapping[str, tuple[float, float]]
COMMON: Ranges = {
    "screening.quality": (0.55, 0.8), "screening.weight_minority": (0.2, 0.8), "screening.reviewer_quality": (0.55, 0.95),
    "screening.trust": (0.2, 0.9), "screening.reviewer_weight_minority": (-0.3, 1.2), "investigation.sensitivity": (0.6, 0.95),
}  # fmt: skip
UNEQUAL: Ranges = {
    "recipients.odds": (0.003, 0.02), "recipients.odds_minority": (8.0, 20.0), "investigation.specificity": (0.995, 0.9995),
    "investigation.confirmation": (1.0, 1.001), "investigation.false_finding_minority": (1.0, 1.001),
}  # fmt: skip
BIASED: Ranges = {
    "recipients.odds": (0.005, 0.04), "recipients.odds_minority": (1.0, 1.001), "investigation.specificity": (0.97, 0.999),
    "investigation.confirmation": (1.0, 15.0), "investigation.false_finding_minority": (3.0, 15.0),
}  # fmt: skip


@dataclass(frozen=True)
class Story:
    """A story that fits: its name, the settings of its draws and their simulated figures.

    Attributes
    ----------
    name : str
        What it says.
    settings : tuple of mapping of str to float
        Settings of each draw.
    figures : tuple of mapping of str to float
        What the model shows at each.
    """

    name: str
    settings: tuple[Mapping[str, float], ...]
    figures: tuple[Figures, ...]

    def median(self, name: str) -> float:
        """Median of a figure over the draws."""
        return float(np.median([one[name] for one in self.figures]))

    def text(self, name: str) -> str:
        """A figure with its range over the draws."""
        values = [one[name] for one in self.figures]
        return f"{np.median(values):.3g} ({min(values):.3g} to {max(values):.3g})"

    def setting(self, key: str) -> str:
        """A setting with its range over the draws."""
        values = [one[key] for one in self.settings]
        return f"{np.median(values):.2g} ({min(values):.2g} to {max(values):.2g})"


def _bar(share: float, means: Sequence[Array], weights: Sequence[Array]) -> Array:
    """The bar above which a share of a mixture of normal scores lies, for each draw."""
    low, high = np.full_like(means[0], -8.0), np.full_like(means[0], 16.0)
    for _ in range(50):
        bar = 0.5 * (low + high)
        above = sum(weight * ndtr(mean - bar) for mean, weight in zip(means, weights, strict=True))
        low, high = np.where(above > share, bar, low), np.where(above > share, high, bar)
    return 0.5 * (low + high)


def chain(x: Mapping[str, Array]) -> dict[str, Array]:
    """The chain in closed form.

    Parameters
    ----------
    x : mapping of str to ndarray of float
        Values of the settings of `COMMON` and `UNEQUAL`, one for each draw.

    Returns
    -------
    dict of str to ndarray of float
        The figures of `ROWS`.
    """
    odds = (x["recipients.odds"], x["recipients.odds"] * x["recipients.odds_minority"])
    rates = [one / (1.0 + one) for one in odds]
    shares = (1.0 - SHARE, SHARE)
    weights = [part * chance for part, rate in zip(shares, rates, strict=True) for chance in (1.0 - rate, rate)]
    d, own = (np.sqrt(2.0) * ndtri(x[f"screening.{name}"]) for name in ("quality", "reviewer_quality"))
    trust = x["screening.trust"]
    norm = np.sqrt(trust**2 + (1.0 - trust) ** 2)
    by_hand = (trust * d + (1.0 - trust) * own) / norm
    lean = trust * x["screening.weight_minority"] / norm + x["screening.reviewer_weight_minority"]
    found: dict[str, Array] = {}
    false = 1.0 - x["investigation.specificity"]
    groups = (("rest", 0.0, 1.0), ("minority", 1.0, x["investigation.false_finding_minority"]))
    for stage, cut, separation, weight in (
        ("top_two", TOP_TWO, d, x["screening.weight_minority"]), ("chosen", CHOSEN, by_hand, lean)
    ):  # fmt: skip
        means = [member * weight + y * separation for _, member, _ in groups for y in (0.0, 1.0)]
        bar = _bar(cut, means, weights)
        for place, (name, _, bias) in enumerate(groups):
            regular, irregular = (1.0 - rates[place]), rates[place]
            wrong, right = (regular * ndtr(means[2 * place] - bar), irregular * ndtr(means[2 * place + 1] - bar))
            found[f"{stage}_{name}"] = (1.0 if stage == "top_two" else 100.0) * (wrong + right)
            chance = np.minimum(false * x["investigation.confirmation"] * bias, 1.0)
            findings = right * x["investigation.sensitivity"] + wrong * chance
            found[f"found_{name}"] = 100.0 * findings / (wrong + right)
    irregular = shares[0] * rates[0] + shares[1] * rates[1]
    found["lot"] = irregular * x["investigation.sensitivity"] + (1.0 - irregular) * false
    return found


def searched(ranges: Ranges, published: Mapping[str, float], draws: int, best: int) -> list[dict[str, float]]:
    """The settings that come nearest to the published figures.

    Parameters
    ----------
    ranges : mapping of str to (float, float)
        Ranges of the settings; those of ratios and odds are searched in the logarithm.
    published : mapping of str to float
        The published figures of `ROWS`.
    draws : int
        Settings tried.
    best : int
        How many to return.

    Returns
    -------
    list of dict of str to float
        Settings, the nearest first.
    """
    rng = np.random.default_rng(SEED)
    tried = {
        key: low * (high / low) ** rng.random(draws) if low > 0.0 and high > 1.5 * low else rng.uniform(low, high, draws)
        for key, (low, high) in ranges.items()
    }  # fmt: skip
    figures = chain(tried)
    errors = np.square([np.log(figures[name] / published[name]) for name in ROWS])
    # The lot has ten findings: its error is a third, as large as all others together.
    errors[ROWS.index("lot")] /= 9.0
    order = np.argsort(errors.mean(axis=0))[:best]
    return [{key: float(values[place]) for key, values in tried.items()} for place in order]


def stories(published: Mapping[str, float], draws: int = 60_000, best: int = 8) -> tuple[Story, Story]:
    """Both stories, searched and simulated.

    Parameters
    ----------
    published : mapping of str to float
        The published figures of `ROWS`, held-out ones included.
    draws : int
        Settings tried for each.
    best : int
        Settings simulated of each.

    Returns
    -------
    tuple of Story
        Base rates far apart, and findings that are biased.
    """
    found = []
    for name, ranges in (("base rates far apart", UNEQUAL), ("findings biased", BIASED)):
        settings = searched({**COMMON, **ranges}, published, draws, best)
        # A lot that people judge blind to origin: where they do not, it shows their bias as a base rate.
        fixed = {"investigation.bias_in_lot": 0.0, "recipients.by_volatility": 0.0}
        figures = tuple(
            student_grants({
                **one, **fixed, "reference.screening.weight_minority": one["screening.weight_minority"],
                "run.seed": 100 + place,
            })
            for place, one in enumerate(settings)
        )  # fmt: skip
        found.append(Story(name, tuple(settings), figures))
    return found[0], found[1]


def gaps_of_the_score(kept: Sequence[Mapping[str, float]]) -> Array:
    """How many times as often the score alone would choose from the group, at the capacity of those who choose by hand.

    Parameters
    ----------
    kept : sequence of mapping of str to float
        Settings of each draw.

    Returns
    -------
    ndarray of float
        The ratio of shares chosen at each draw.
    """
    values = {key: np.array([one[key] for one in kept]) for key in kept[0]}
    alone = chain(
        {**values, "screening.trust": np.ones(len(kept)), "screening.reviewer_weight_minority": np.zeros(len(kept))}
    )
    return np.asarray(alone["chosen_minority"] / alone["chosen_rest"])


@dataclass(frozen=True)
class Request:
    """Cases by lot, with origin, that tell two stories apart.

    Attributes
    ----------
    rates : tuple of float
        Rate of findings by lot outside Europe and of the rest if base rates are far apart.
    for_power : int or None
        Cases with which a score test finds the difference in four of five samples.
    for_cells : int
        Cases with which every cell (origin, found or not) is expected to have `CELL` people under both stories.
    """

    rates: tuple[float, float]
    for_power: int | None
    for_cells: int


def request(unequal: Story, biased: Story) -> Request:
    """The least request that separates the stories.

    Parameters
    ----------
    unequal, biased : Story
        Both stories.

    Returns
    -------
    Request
        Cases by lot, with origin.
    """
    mine, rest = unequal.median("lot_minority"), unequal.median("lot_rest")
    lowest = min(
        part * story.median(f"lot_{name}")
        for story in (unequal, biased)
        for name, part in (("minority", SHARE), ("rest", 1.0 - SHARE))
    )
    needed = least_request(Comparison(0, SHARE, mine, rest))
    return Request((mine, rest), needed, int(np.ceil(CELL / lowest)))
