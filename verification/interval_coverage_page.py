"""The page docs/coverage.md: how often intervals hold the truth."""

from collections.abc import Mapping, Sequence
from typing import Any

from interval_populations import SETTINGS, Populations

from glasshouse.model.measures import CATALOGUE

INTRODUCTION = """# Coverage of confidence intervals

How often does a nominal 95 % interval of a run hold the true figure? `python verification/interval_coverage.py FOLDER --write`
measured it and wrote this page: {populations:,} populations of {citizens:,} citizens were simulated over {weeks} weeks, the truth
is the figure of all of them together, and samples of 2, 3, 5 and 10 were drawn from them with replacement, {samples:,} of each
size. The intervals come from the code that runs use (`results/intervals.py`): jackknife over replicates, Student's t, on
the scale that the measure declares. The scenario is the main one with events that are rare in it made frequent; see
`verification/interval_populations.py`.

Aim: at five replicates 92 to 97 % of the intervals of every figure hold the truth, none reaches an impossible value, and
the mean of the figures is within 2 % of the truth (of the larger level, for an effect). A figure fails if it is outside by
more than chance: among all {rows} figures together a table without any fault would show one in 5 % of cases (Bonferroni).
The bias is judged of figures without an interval too.

{verdict}

{count} of {measures} measures that have a value in these populations have figures that are given no interval in most samples
of five replicates: {without}. Without a value, or with the same in all of them, are {never}.

Some ratios of bursts are less their leading bias, which the jackknife shows (Quenouille 1956, doi:10.1093/biomet/43.3-4.353):
ratios between groups, control and its two forms, shares of crowds and of small events. Without that, control is 5 % too low
and the share of events beyond chance 8 %. Where the bias would move a figure to a limit of its possible values, the distance
d from the limit becomes d exp(-bias / d). It is also taken out of `service_equality`, the least of several ratios, but
the intervals around that figure hold the truth too seldom, so that it has none.

What this table rests on: the scenario was changed twice. Its size went from 2,000 to 4,000 citizens, and rare events were made
frequent, then still more frequent, so that most measures have a value in five populations; where they are rarer, more figures
have no interval. The scales, the measures without an interval and the excess kurtosis that some measures declare were chosen on
1,000 other populations of the same scenario (`--fitting`). The table rests on none of those.

A half added to all counts, which is often recommended, was tried on 15 measures with 100 populations of 2,000 citizens and
left out: the coverage of shares and rates of rare events fell, mostly by 1 to 5 percentage points and by 10 to 90 where an
interval is seldom given, since these events come in bursts. An interval of such a figure is held back instead, until more
than half of the replicates have an event.

| figure | of | scale | true value | bias | 2 | 3 | 5 | 10 | given at 5 | |
|---|---|---|---:|---:|---:|---:|---:|---:|---:|---|
"""

CAUSES = {
    "coverage": "coverage outside the aim",
    "bias": "bias beyond the aim",
    "impossible values": "reaches impossible values",
}


def page(rows: Sequence[Any], faults: Mapping[tuple[str, str], Sequence[str]], known: Populations) -> str:
    """The page as Markdown.

    Parameters
    ----------
    rows : sequence of interval_coverage.Row
        A row for each figure.
    faults : mapping of (figure, kind) to list of str
        What is wrong with each.
    known : Populations
        The populations that were sampled.

    Returns
    -------
    str
        Text and table.
    """
    given = [row for row in rows if row.has_interval]
    aim = [row for row in given if 0.92 <= row.covered[5] <= 0.97]
    failed = [key for key, found in faults.items() if found]
    asked = {row.figure for row in rows}
    without = _without(rows)
    never = [measure.name for measure in CATALOGUE if measure.name not in asked]
    verdict = (
        f"Found: {len(aim)} of {len(given)} figures that are given an interval lie within 92 to 97 % at five replicates, "
        f"all of them between {min(row.covered[5] for row in given):.1%} and {max(row.covered[5] for row in given):.1%}; "
        f"{len(failed)} fail beyond chance. Most of those outside are of rare events: an interval is given only to samples with "
        "events in most replicates."
    )
    if failed:
        verdict += " They are marked in the last column."
    head = INTRODUCTION.format(
        populations=len(known.totals),
        citizens=SETTINGS["citizens"],
        weeks=SETTINGS["weeks"],
        samples=rows[0].samples,
        rows=len(rows),
        verdict=verdict,
        count=len(without),
        measures=len(CATALOGUE) - len(never),
        without=", ".join(f"`{name}` ({kinds})" for name, kinds in without.items()) or "none",
        never=", ".join(f"`{name}`" for name in never) or "none",
    )
    lines = [_line(row, faults[row.figure, row.kind]) for row in rows]
    return head + "\n".join(lines) + "\n"


def _without(rows: Sequence[Any]) -> dict[str, str]:
    """Of each measure with a figure that is given no interval, which figures these are."""
    found: dict[str, str] = {}
    for measure in CATALOGUE:
        own = [row for row in rows if row.figure == measure.name]
        kinds = [row.kind for row in own if not row.has_interval]
        if kinds:
            found[measure.name] = "all" if len(kinds) == len(own) else ", ".join(kinds)
    return found


def _line(row: Any, faults: Sequence[str]) -> str:
    shares = " | ".join("" if row.told[size] <= 0.5 else f"{row.covered[size]:.1%}" for size in row.covered)
    wrong = "; ".join(CAUSES[fault] for fault in faults)
    return (
        f"| {row.figure} | {row.kind} | {row.scale.name} | {row.truth:.3g} | {row.bias:+.1%} | {shares} | "
        f"{row.told[5]:.0%} | {wrong} |"
    )
