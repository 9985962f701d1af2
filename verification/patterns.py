"""Does the model show what is known of such regimes? Every stylised fact of docs/facts.md that it can speak of.

    python verification/patterns.py [--citizens 40000] [--replicates 5] [--out docs]

Takes under ten minutes on two cores. Writes patterns.md and figures/patterns.svg and prints the table.
"""

import argparse
import math
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pattern import ABSENT, MISSED, NEAR, PARTLY, Pattern, Runs, runs
from patterns_lists import lists
from patterns_minds import minds
from patterns_state import state
from patterns_wrongs import wrongs

from glasshouse.report import charts
from glasshouse.results.estimate import Estimate

Judged = tuple[Pattern, list[Estimate]]


def patterns(found: Runs) -> list[Judged]:
    """Every pattern with its figures, in the order of the fact sheet."""
    every = (*lists(found), *minds(found), *state(found), *wrongs(found))
    return [(pattern, [figure.found(found.main.replicates) for figure in pattern.figures]) for pattern in every]


def verdicts(judged: Judged) -> list[str]:
    """The verdict on each figure of a pattern."""
    pattern, figures = judged
    return [figure.verdict(found) for figure, found in zip(pattern.figures, figures, strict=True)]


def table(judged: Sequence[Judged]) -> list[str]:
    """The figures as a Markdown table."""
    lines = ["| fact | pattern | figure | target | found (95 % interval) | verdict |", "|---|---|---|---|---|---|"]
    for pattern, figures in judged:
        told = verdicts((pattern, figures))
        for k, (figure, found) in enumerate(zip(pattern.figures, figures, strict=True)):
            first = (pattern.row, pattern.title) if k == 0 else ("", "")
            unit = f" {figure.unit}" if figure.unit else ""
            doubt = "" if figure.certain(found) else ", not certain"
            cells = (*first, figure.what, figure.target, found.text(figure.shown, unit), told[k] + doubt)
            lines.append(f"| {' | '.join(cells)} |")
    return lines


def summary(judged: Sequence[Judged]) -> list[str]:
    """How many patterns are near, by what they are used for."""
    lines = ["| used for | near | partly near | missed | not expressible |", "|---|---|---|---|---|"]
    for use in ("calibration", "choice of a mechanism", "validation", "must not appear"):
        told = [pattern.verdict(verdicts((pattern, found))) for pattern, found in judged if pattern.use == use]
        counts = (str(told.count(verdict)) for verdict in (NEAR, PARTLY, MISSED, ABSENT))
        lines.append(f"| {use} | {' | '.join(counts)} |")
    return lines


def causes(judged: Sequence[Judged]) -> list[str]:
    """Why each figure that is missed is likely to be missed."""
    return [
        f"- **{pattern.row}, {figure.what}**: {figure.cause}."
        for pattern, found in judged
        for figure, verdict in zip(pattern.figures, verdicts((pattern, found)), strict=True)
        if verdict == MISSED
    ]


def unsaid(judged: Sequence[Judged]) -> list[str]:
    """What of each pattern the model has no words for."""
    return [f"- **{pattern.row}**: {pattern.unsaid}." for pattern, _ in judged if pattern.unsaid]


def rows(judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """Figures with a closed target range, scaled so that the range is 0 to 1."""
    found = []
    for pattern, figures in judged:
        for figure, one in zip(pattern.figures, figures, strict=True):
            width = figure.high - figure.low
            if math.isfinite(width) and width > 0 and math.isfinite(one.mean):
                placed = [min(max((value - figure.low) / width, -2.0), 3.0) for value in (one.mean, one.low, one.high)]
                mean, low, high = (value if math.isfinite(value) else placed[0] for value in placed)
                found.append({"label": f"{pattern.row}  {figure.what}", "mean": mean, "low": low, "high": high})
    return found


def chart(found: list[dict[str, Any]]) -> charts.Spec:
    """Every figure beside its target range."""
    order = [row["label"] for row in found]
    y = {"field": "label", "type": "nominal", "sort": order, "title": None, "axis": {"labelLimit": 460, "ticks": False}}
    title = "0 to 1 is the target range; what lies beyond −2 or 3 is drawn there"
    x = {"field": "mean", "type": "quantitative", "title": title, "scale": {"domain": [-2, 3]}}
    layers: list[charts.Spec] = [
        {
            "data": {"values": [{"from": 0, "to": 1}]},
            "mark": {"type": "rect", "color": "#dfe8dc"},
            "encoding": {"x": {"field": "from", "type": "quantitative"}, "x2": {"field": "to"}},
        },
        {
            "mark": {"type": "rule", "strokeWidth": 2, "color": charts.REGIME},
            "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 60, "color": charts.REGIME},
            "encoding": {"y": y, "x": x},
        },
    ]
    return charts.framed({"data": {"values": found}, "width": 420, "height": {"step": 22}, "layer": layers})


def page(judged: Sequence[Judged], citizens: int, replicates: int) -> str:
    """docs/patterns.md."""
    command = f"python verification/patterns.py --citizens {citizens} --replicates {replicates}"
    parts = [
        "# What is known of such regimes, and what the model shows",
        f"Written by `{command}`; do not edit. Facts are section F of [facts.md](facts.md), with their sources. F1 to "
        "F12 were used to choose values within their priors, by hand and not by a search. Some facts have since been "
        "the reason for a mechanism or a measure, and are validation no longer: F6 (records without traffic, as in "
        "credit files), F10 (political discontent), F14 (the local pull of protesters, whose strength it gave), F18 "
        "(forbearance of inspectors), F19 (belief in what is announced), F22 and F23 (scrutiny and judgement; F23 "
        "visibility by agency too) and F24 (appeals of the rightfully restricted; routine appeals apart). F13, F15 to "
        "F17, F20, F21 and F25 were not "
        "used. F14 and F15 are of crowds: more people than chance brings together. A figure is *near* if it lies in "
        "the target range, and not certain where its interval does not lie wholly inside or outside. Intervals are "
        "over populations, not over assumptions. F19 is taken once all districts have joined, for the published "
        "effect is in treated localities; that was decided after a first figure over all weeks, −7 % for firms, was "
        "seen.",
        "\n".join(summary(judged)),
        "![Every figure with a closed target range, beside that range](figures/patterns.svg)",
        "\n".join(table(judged)),
        "## Why what is missed is likely to be missed",
        "\n".join(causes(judged) or ["- Nothing is missed."]),
        "## What the model cannot say",
        "\n".join(unsaid(judged)),
    ]
    return "\n\n".join(parts) + "\n"


def main() -> None:
    """Runs everything and writes the page and its figure."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--citizens", type=int, default=40_000)
    parser.add_argument("--replicates", type=int, default=5)
    parser.add_argument("--out", type=Path, default=Path("docs"))
    given = parser.parse_args()
    begun = time.perf_counter()
    judged = patterns(runs(given.citizens, given.replicates))
    (given.out / "figures").mkdir(parents=True, exist_ok=True)
    drawn = charts.svg_file(chart(rows(judged)))
    (given.out / "figures" / "patterns.svg").write_text(drawn, encoding="utf-8")
    (given.out / "patterns.md").write_text(page(judged, given.citizens, given.replicates), encoding="utf-8")
    print("\n".join([*table(judged), *summary(judged), f"{time.perf_counter() - begun:.0f} seconds"]))


if __name__ == "__main__":
    main()
