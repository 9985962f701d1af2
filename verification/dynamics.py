"""Is the loop of problems, attitudes and voice alive? Three experiments and their figures for docs/model.md.

    python verification/dynamics.py [--citizens 100000] [--out docs/figures]

Takes about five minutes on two cores. Prints every figure that docs/model.md quotes.
"""

import argparse
import math
from pathlib import Path
from typing import Any

import numpy as np

import glasshouse
from glasshouse.model.measure import Sums
from glasshouse.report import charts
from glasshouse.results.result import Result
from glasshouse.results.totals import ARMS, YEAR

WARM = 3 * YEAR
LIFE = 8 * YEAR


def reference(citizens: int, **settings: Any) -> Result:
    """Eight years of the reference arm under settings of uncertainties (“mechanism__parameter”), the regime never beginning."""
    given = {key.replace("__", "."): value for key, value in settings.items()}
    # Nothing is forecast where no regime begins; this spares a third arm.
    short = {"run.weeks": LIFE, "run.start": LIFE, "run.rollout": 0, "forecast.visits": 0.0}
    return glasshouse.run("social-governance", citizens=citizens, replicates=1, settings={**short, **given})


def settled(result: Result) -> Sums:
    """Sums over everybody and the weeks after the first three years."""
    return Sums(result.weekly_totals[0].arm("reference").weekly[WARM:].sum(axis=(0, 1)), result.sums)


def capacity(citizens: int) -> tuple[list[dict[str, Any]], list[str]]:
    """Service capacity from half to one and a half times what the arrivals need."""
    ample = settled(reference(citizens, budget__service_cost=0.01))
    known, budget = float(ample.problems_known / ample.adults), 0.03 * citizens / float(ample.adults / (LIFE - WARM))
    rows, lines = (
        [],
        ["capacity / need   waiting (known, per 1,000 adults)   weeks a problem lasts   protest (per 1,000 a year)"],
    )
    for ratio in (0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4, 1.5):
        found = settled(reference(citizens, budget__service_cost=budget / (ratio * known)))
        figures = {
            "queue (known problems per 1,000 adults)": 1000 * float(found.problems_known / found.adults),
            "duration of a problem (weeks)": float(found.weeks_to_end / found.problems_ended),
            "protest (per 1,000 adults and year)": 52_000 * float(found.protests / found.adults),
        }
        rows += [{"x": ratio, "what": what, "y": value} for what, value in figures.items()]
        lines.append(f"{ratio:15.1f}   " + "   ".join(f"{value:10.2f}" for value in figures.values()))
    return rows, lines


def wearing_off(citizens: int) -> tuple[list[dict[str, Any]], list[str]]:
    """Coverage is announced and nothing follows: nobody's speech is recorded or sanctioned."""
    quiet = {
        "observation.speech_coverage": 0.0, "observation.misread": 0.0, "forecast.visits": 0.0, "abroad.pressure": 0.0,
        "function_creep.rate": 0.0,
    }  # fmt: skip
    settings = {f"{arm}{key}": value for key, value in quiet.items() for arm in ("", "reference.")}
    settings |= {"run.weeks": 416, "run.start": 104, "run.rollout": 0}
    result = glasshouse.run("social-governance", citizens=citizens, replicates=1, settings=settings)
    rows, lines = [], ["weeks since announcement   believed risk with / without   complaints with / without"]
    for week in range(-26, 312, 13):
        part = slice(104 + week, 104 + week + 13)
        arms = [Sums(result.weekly_totals[0].arm(arm).weekly[part].sum(axis=(0, 1)), result.sums) for arm in ARMS]
        risk = [100 * float(sums.risk_sum / sums.adults) for sums in arms]
        said = [100 * float(sums.complaints / sums.problems_open) for sums in arms]
        gap = 100 * (1 - said[1] / said[0])
        rows += [
            {"x": week + 6, "what": "believed risk added by the announcement (points)", "y": risk[1] - risk[0]},
            {"x": week + 6, "what": "complaints missing (%)", "y": gap},
        ]
        lines.append(
            f"{week:24d}   {risk[1]:10.2f} / {risk[0]:.2f}   {said[1]:10.2f} / {said[0]:.2f}  ({gap:.1f} % missing)"
        )
    return rows, lines


def bursts(citizens: int) -> tuple[list[dict[str, Any]], list[str]]:
    """Sizes of protest events: citizens of a district protesting in a week."""
    result = reference(citizens)
    flagged = [total.name for total in result.sums if total.weekly_by_district]
    sizes = result.weekly_totals[0].arm("reference").districts[YEAR:, :, flagged.index("protests")].ravel()
    sizes = np.sort(sizes[sizes > 1])
    rows, lines = [], ["size at least   share of events"]
    for edge in sorted({round(2 ** (k / 2)) for k in range(2, 22)}):
        share = float((sizes >= edge).mean())
        if share > 0:
            rows.append({"x": edge, "what": "events", "y": share})
            lines.append(f"{edge:13d}   {share:.5f}   ({int((sizes >= edge).sum())} events)")
    return rows, lines


def small_multiples(rows: list[dict[str, Any]], x: str, *, rule: float | None = None) -> charts.Spec:
    """One small line chart for each figure."""
    layers: list[charts.Spec] = [
        {
            "mark": {"type": "line", "point": True, "color": charts.REGIME},
            "encoding": {
                "x": {"field": "x", "type": "quantitative", "title": x, "scale": {"zero": False}},
                "y": {"field": "y", "type": "quantitative", "title": None},
            },
        }
    ]
    if rule is not None:
        layers.append(
            {"mark": {"type": "rule", "color": "#777", "strokeDash": [2, 2]}, "encoding": {"x": {"datum": rule}}}
        )
    return charts.framed(
        {
            "data": {"values": rows},
            "facet": {"field": "what", "type": "nominal", "title": None},
            "columns": 3,
            "spec": {"width": 230, "height": 150, "layer": layers},
            "resolve": {"scale": {"y": "independent"}},
        }
    )


def tail(rows: list[dict[str, Any]]) -> charts.Spec:
    """The share of events of at least a size, both axes logarithmic."""
    x = {"field": "x", "type": "quantitative", "title": "citizens taking part, at least", "scale": {"type": "log"}}
    y = {
        "field": "y",
        "type": "quantitative",
        "title": "share of events",
        "scale": {"type": "log"},
        "axis": {"format": "~g"},
    }
    mark = {"type": "line", "point": True, "color": charts.REGIME}
    return charts.framed(
        {"data": {"values": rows}, "width": 320, "height": 220, "mark": mark, "encoding": {"x": x, "y": y}}
    )


def main() -> None:
    """Runs the three experiments and writes the figures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--citizens", type=int, default=100_000)
    parser.add_argument("--out", type=Path, default=Path("docs/figures"))
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    for name, experiment, drawn in (
        ("capacity", capacity, lambda rows: small_multiples(rows, "capacity / need", rule=1.0)),
        ("wearing-off", wearing_off, lambda rows: small_multiples(rows, "weeks since the announcement", rule=0.0)),
        ("bursts", bursts, tail),
    ):
        rows, lines = experiment(given.citizens)
        print(f"\n{name}\n" + "\n".join(lines), flush=True)
        known = [row for row in rows if math.isfinite(row["y"])]
        (given.out / f"{name}.svg").write_text(charts.svg_file(drawn(known)), encoding="utf-8")


if __name__ == "__main__":
    main()
