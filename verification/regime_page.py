"""Compares frozen predictions with held-out figures and writes docs/regimes.md."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from pages import DOCS
from regime_models import Regime
from regime_stories import CELL, Request, Story, gaps_of_the_score, request, stories
from regimes import FOLDER, digest, figures_of, settings_at

EMPTY = 10.0
"""Width of an interval, its ends' ratio, above which a hit says nothing."""

Frozen = Mapping[str, Any]


@dataclass(frozen=True)
class Verdict:
    """A published figure beside the model's.

    Attributes
    ----------
    what : str
        What was published.
    published : float
        Its value.
    middle, low, high : float
        Median and 90 % interval of the model over the draws that were kept.
    unit : str
        Unit.
    """

    what: str
    published: float
    middle: float
    low: float
    high: float
    unit: str

    @property
    def width(self) -> float:
        """The interval's upper end over its lower end; infinite where that is 0."""
        return self.high / self.low if self.low > 0.0 else math.inf

    @property
    def inside(self) -> bool:
        """Whether the published figure lies in the interval."""
        return self.low <= self.published <= self.high

    @property
    def verdict(self) -> str:
        """Hit, miss or empty: inside an interval that is wider than a factor of ten."""
        return ("empty" if self.width > EMPTY else "hit") if self.inside else "miss"

    def line(self, use: str, why: str = "") -> str:
        """The row of the table."""
        unit = " %" if self.unit == "%" else ""
        model = f"{_digits(self.middle)}{unit} | {_digits(self.low)} to {_digits(self.high)}"
        width = f"×{self.width:.1f}" if math.isfinite(self.width) else "no end"
        verdict = f"**{self.verdict}**" if self.verdict == "miss" else self.verdict
        return f"| {self.what} | {_digits(self.published)}{unit} | {model} | {width} | {use} | {verdict} | {why} |"


def _digits(value: float) -> str:
    return f"{value:.2g}" if abs(value) < 10.0 else f"{value:.0f}"


def verdicts(frozen: Frozen, published: Mapping[str, Mapping[str, Any]]) -> list[Verdict]:
    """Each published figure beside the interval of the frozen predictions.

    Parameters
    ----------
    frozen : mapping of str to Any
        The frozen fit.
    published : mapping of str to mapping
        The figures.

    Returns
    -------
    list of Verdict
        One for each figure, in their order.
    """
    found = []
    for name, figure in published.items():
        scale = 100.0 if "error" in figure else 1.0
        values = scale * np.array([one[name] for one in frozen["predicted"]])
        low, middle, high = (float(one) for one in np.quantile(values, [0.05, 0.5, 0.95]))
        found.append(Verdict(figure["what"], scale * figure["value"], middle, low, high, figure.get("unit", "%")))
    return found


WHY = {
    "parental-benefit": "The score has one signal and one use of base rates; nothing has a factor of "
    "its own for a figure.",
    "student-grants": "No fitted figure says how base rates, the reviewer or findings differ by "
    "origin: the two stories below.",
    "income-averaging": "One figure is no test of a regime. In the model a debt is right or wrong as a whole, while those "
    "that were reviewed were also called too high, and no random sample was reviewed. The figure is known at second hand.",
}
"""Why figures of a regime are missed, or hit by a wide interval alone."""


def section(regime: Regime, frozen: Frozen) -> Iterator[str]:
    """The part of the page about a regime.

    Parameters
    ----------
    regime : Regime
        The regime.
    frozen : mapping of str to Any
        Its frozen fit.

    Yields
    ------
    str
        Lines.
    """
    held = verdicts(frozen, figures_of("held-out", regime.name))
    fitted = verdicts(frozen, figures_of("fitted", regime.name))
    inside = sum(one.inside for one in held)
    widths = sorted(one.width for one in held)
    empty = sum(one.verdict == "empty" for one in held)
    yield f"## {regime.title}"
    yield ""
    yield (
        f"Held-out figures inside their 90 % interval: {inside} of {len(held)} "
        f"({100 * inside / len(held):.0f} %), {empty} of them "
        f"in one so wide that it says nothing. The median width is ×{widths[len(widths) // 2]:.1f}. {WHY[regime.name]}"
    )
    yield ""
    yield (
        f"Scenario `elsewhere/{regime.name}`; {frozen['draws']} draws from the priors, "
        f"{len(frozen['kept'])} kept (effective sample "
        f"{frozen['effective']:.0f} before resampling)."
    )
    yield ""
    yield "| figure | published | model | 90 % interval | width | use | verdict | why |"
    yield "|---|---|---|---|---|---|---|---|"
    for one in sorted(held, key=lambda one: ("miss", "hit", "empty").index(one.verdict)):
        yield one.line("held out", _why(one))
    for one in fitted:
        yield one.line("fitted")
    yield ""
    yield from settings_learned(regime, frozen)


def _why(one: Verdict) -> str:
    if one.verdict == "miss":
        side = "too low" if one.published > one.high else "too high"
        return f"the model is {side}"
    return "the interval is that of the priors" if one.verdict == "empty" else ""


SHOWN = {
    "top_two_rest": "top two classes: Dutch origin (0.142)", "top_two_minority": "top two "
    "classes: outside Europe (0.281)",
    "lot": "found by lot (0.026)", "chosen_rest": "chosen, Dutch origin, % (0.59)",
    "chosen_minority": "chosen, outside Europe, % (3.67)", "found_rest": "found, Dutch origin, % (13)",
    "found_minority": "found, outside Europe, % (63)",
}  # fmt: skip
"""Figures of the two stories, with what was published."""

SHOWN_SETTINGS = {
    "recipients.odds_minority": "odds that a claim is irregular, outside Europe over the rest",
    "investigation.false_finding_minority": "false findings about the chosen, outside Europe over the rest",
    "investigation.confirmation": "false findings about the chosen over those by lot",
}
"""Settings of the two stories."""


def told_apart(unequal: Story, biased: Story, asked: Request) -> Iterator[str]:
    """The two stories of student grants.

    Parameters
    ----------
    unequal, biased : Story
        Both stories.
    asked : Request
        What would separate them.

    Yields
    ------
    str
        Lines.
    """
    yield "### Two stories that fit alike"
    yield ""
    yield (
        "The figures of 2014 by origin can come about in two ways. In one, base rates by origin are "
        "far apart and findings are true; in the "
        "other, base rates are equal and findings are biased. Both were fitted to all figures of "
        "2014 by origin, held-out ones "
        "included, so this is a diagnosis and no held-out evidence. In brackets behind names: what "
        "was published; elsewhere: the "
        "least and the greatest of eight fits. The publication does not say which of the two is "
        "true, and neither does the model."
    )
    yield ""
    yield f"| | {unequal.name} | {biased.name} |"
    yield "|---|---|---|"
    for key, what in SHOWN_SETTINGS.items():
        yield f"| {what} | {unequal.setting(key)} | {biased.setting(key)} |"
    for name, what in SHOWN.items():
        yield f"| {what} | {unequal.text(name)} | {biased.text(name)} |"
    yield f"| **findings that are wrong, %** | **{unequal.text('wrong_of_found')}** | **{biased.text('wrong_of_found')}** |"
    yield f"| found by lot, Dutch origin | {unequal.text('lot_rest')} | {biased.text('lot_rest')} |"
    yield f"| found by lot, outside Europe | {unequal.text('lot_minority')} | {biased.text('lot_minority')} |"
    yield ""
    power = f"{asked.for_power:,} cases" if asked.for_power else "more cases than a request could ask for"
    yield (
        "**The least request that separates them** is findings by lot with the origin of those "
        "drawn. A score test at 5 % tells rates of "
        f"{100 * asked.rates[0]:.1f} and {100 * asked.rates[1]:.1f} % from equal ones in four of five "
        f"samples from {power} on, judged by people who know neither origin nor why somebody was drawn; the lot of 2014 had "
        f"380, whose origin was not published. Where only cells of {CELL} people and more may be published, the lot needs about "
        f"{asked.for_cells:,} cases. A lot that the same officials judge shows their bias as a base rate, and then only a "
        "second, blind look at the findings tells the stories apart."
    )
    yield ""


def settings_learned(regime: Regime, frozen: Frozen) -> Iterator[str]:
    """What the fit says of each setting in doubt.

    Parameters
    ----------
    regime : Regime
        The regime.
    frozen : mapping of str to Any
        Its frozen fit.

    Yields
    ------
    str
        Lines.
    """
    yield "| setting | prior | after the fit: median | 90 % interval |"
    yield "|---|---|---|---|"
    lows, highs = (settings_at(regime, [getattr(one, end) for one in regime.factors()]) for end in ("low", "high"))
    for factor in regime.factors():
        values = [one[factor.key] for one in frozen["kept"]]
        low, middle, high = np.quantile(values, [0.05, 0.5, 0.95])
        prior = f"{lows[factor.key]:.3g} to {highs[factor.key]:.3g}"
        yield f"| `{factor.key}` | {prior} | {middle:.3g} | {low:.3g} to {high:.3g} |"
    yield ""


def by_hand(frozen: Frozen) -> Iterator[str]:
    """Pattern X1: whether a choice by hand widens the gap that the score opens at the same capacity.

    Parameters
    ----------
    frozen : mapping of str to Any
        The frozen fit of student grants.

    Yields
    ------
    str
        Lines.
    """
    alone = gaps_of_the_score(frozen["kept"])
    hand = np.array([one["chosen_ratio"] for one in frozen["predicted"]])
    low, middle, high = np.quantile(alone, [0.05, 0.5, 0.95])
    published = figures_of("held-out", "student-grants")["chosen_ratio"]["value"]
    yield "### Does a choice by hand widen the gap?"
    yield ""
    yield (
        f"The score alone, at the 13 of 1,000 that were chosen by hand, would choose {middle:.1f} times as many of an origin "
        f"outside Europe (90 % interval {low:.1f} to {high:.1f}), not twice as many as in its top two classes: a small "
        "capacity alone widens a gap. "
        f"The published ratio by hand, {published:g}, is above that in {np.mean(published > alone):.0%} of the "
        "fits, so that those who chose, or what they knew, widened it further. The fit itself does not say so: its own ratio by "
        f"hand is above that of the score in {np.mean(hand > alone):.0%} of the fits, since no fitted figure tells the sign of "
        "what officials add."
    )
    yield ""


def page(fits: Sequence[tuple[Regime, Frozen]], diagnosis: Sequence[str]) -> str:
    """The page.

    Parameters
    ----------
    fits : sequence of (Regime, mapping)
        Regimes with their frozen fits.
    diagnosis : sequence of str
        Lines about the two stories.

    Returns
    -------
    str
        Markdown.
    """
    held = [one for regime, frozen in fits for one in verdicts(frozen, figures_of("held-out", regime.name))]
    inside = sum(one.inside for one in held)
    lines = [
        "# Regimes against published figures",
        "",
        "Three regimes of the library are fitted to some published figures and predict others. Fitted "
        "are base rates of errors and "
        "the first stage of selection, or of decision; held out is what came of it. A hit is a published figure "
        "inside the model's 90 % interval over "
        "the draws that the fit kept; a hit in an interval wider than a factor of ten is called "
        "empty. Figures of a regime depend on "
        "each other, so that the shares below are no independent tests.",
        "",
        f"Of {len(held)} held-out figures {inside} lie inside ({100 * inside / len(held):.0f} %), "
        f"{sum(one.verdict == 'empty' for one in held)} of them in an empty interval. Misses come first.",
        "",
        "**Frozen, not blind.** Scenarios, priors, fitted figures and predictions were frozen by "
        "hash before the comparison read a "
        "held-out figure, and nothing was changed afterwards. But published tables show fitted and "
        "held-out figures side by side: "
        "those who wrote the scenarios had seen both, and which mechanisms exist was chosen with such figures in view.",
        "",
        "Written by `python verification/regimes.py compare`, after `python verification/regimes.py fit`.",
        "",
    ]
    for regime, frozen in fits:
        lines += section(regime, frozen)
        if regime.name == "student-grants":
            lines += [*by_hand(frozen), *diagnosis]
    lines += ["## Hashes", "", "| regime | scenario | priors | fitted figures | frozen fit | held-out figures |"]
    lines.append("|---|---|---|---|---|---|")
    for regime, frozen in fits:
        held_out = digest((FOLDER / "held-out" / f"{regime.name}.toml").read_text(encoding="utf-8"))
        hashes = [*frozen["basis"].values(), frozen["hash"], held_out]
        lines.append(f"| {regime.name} | " + " | ".join(f"`{one}`" for one in hashes) + " |")
    lines += [
        "",
        "A fit whose scenario, priors or fitted figures have changed since is refused. The frozen "
        "fits, with every draw that was kept and "
        "what it predicts, are in `verification/regime_figures/frozen`; held-out figures are in a "
        "folder of their own, which "
        "`compare` alone reads.",
    ]
    return "\n".join(lines) + "\n"


def write(fits: Sequence[tuple[Regime, Frozen]]) -> None:
    """Write docs/regimes.md.

    Parameters
    ----------
    fits : sequence of (Regime, mapping)
        Regimes with their frozen fits.
    """
    name = "student-grants"
    published = {
        key: one["value"] for folder in ("fitted", "held-out") for key, one in figures_of(folder, name).items()
    }
    both = stories(published)
    content = page(fits, list(told_apart(*both, request(*both))))
    (DOCS / "regimes.md").write_text(content, encoding="utf-8")
