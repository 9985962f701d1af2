"""The sections of a run's report that show its figures: charts, tables and the sentences about them."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from glasshouse.model.measure import Measure
from glasshouse.model.measures.governance import Cost, GovernanceSoon, Service
from glasshouse.model.measures.listing import ListedShare, UnlawfulShare, WronglyListedShare
from glasshouse.model.measures.panel import CONTROL, GOVERNANCE, Definition
from glasshouse.model.measures.speech import Chilling, Control
from glasshouse.model.measures.welfare import WelfareLost
from glasshouse.report import charts
from glasshouse.report.elements import Cell, Figure, Table
from glasshouse.report.run.report_data import ReportData
from glasshouse.results.estimate import Estimate
from glasshouse.results.groups import groupings
from glasshouse.results.key_figures import opposed

PERCENT = {"share"}


@dataclass(frozen=True)
class Tile:
    """One figure of the overview: its value, its interval (empty if there is none) and what it is."""

    value: str
    interval: str
    text: str


def shown(measure: type[Measure], found: Estimate) -> str:
    """A value in words.

    Parameters
    ----------
    measure : type of Measure
        What it is a value of.
    found : Estimate
        The value, in the measure's unit.

    Returns
    -------
    str
        The value with its interval; shares in per cent.
    """
    return found.text(100, " %") if measure.unit in PERCENT else found.text(1, "")


def changed(measure: type[Measure], found: Estimate) -> str:
    """An effect in words.

    Parameters
    ----------
    measure : type of Measure
        What it is an effect on.
    found : Estimate
        The effect, in the measure's unit.

    Returns
    -------
    str
        The effect with its interval; a difference of shares in percentage points.
    """
    if measure.unit in PERCENT and not measure.is_between():
        return found.change(100, " points")
    return "no change" if found.is_zero else shown(measure, found)


def unit(measure: type[Measure]) -> str:
    """The unit that stands beside a value.

    Parameters
    ----------
    measure : type of Measure
        The measure.

    Returns
    -------
    str
        The unit, spelled out; empty for shares, whose values carry it.
    """
    spelled = measure.unit.replace("ww", "welfare-weeks")
    return "" if measure.unit in PERCENT else spelled


def tiles(data: ReportData) -> list[Tile]:
    """The figures of the overview.

    Parameters
    ----------
    data : ReportData
        The figures of the run.

    Returns
    -------
    list of Tile
        Seven figures in words.
    """
    restricted, wrong, unlawful = (data.of(one).regime for one in (ListedShare, WronglyListedShare, UnlawfulShare))
    assert restricted is not None
    assert wrong is not None
    assert unlawful is not None
    found = (
        (restricted.text(100, " %"), "of adults are restricted at any moment under the regime"),
        (wrong.text(100, " %"), "of restrictions are wrong by the regime's own rule"),
        (unlawful.text(100, " %"), "of restrictions are wrong by law"),
        (data.of(Chilling).effect.text(100, " %"), "of complaints about the same problem are silenced"),
        (data.of(Control).effect.text(100, " %"), "of protest is avoided"),
        (data.of(GovernanceSoon).effect.text(100, ""), "percentage points: change in problems solved within 12 weeks"),
        (data.of(WelfareLost).effect.text(1, ""), "welfare-weeks lost an adult and year"),
    )
    return [_tile(number, text) for number, text in found]


def _tile(number: str, text: str) -> Tile:
    value, _, interval = number.partition(" (")
    return Tile(value, interval.rstrip(")"), text)


def over_time(data: ReportData) -> list[Figure]:
    """Both arms by year.

    Parameters
    ----------
    data : ReportData
        The figures of the run.

    Returns
    -------
    list of Figure
        A chart for each time series that has a value.
    """
    return [
        Figure(
            one.series.heading,
            charts.svg(charts.over_time(one.rows, one.series.unit, data.since_start), f"t{number}"),
            one.words,
            one.series.explained,
        )
        for number, one in enumerate(data.series)
        if one.rows
    ]


def control_and_governance(data: ReportData) -> Table:
    """What the regime changes by each definition of control and of the quality of governance.

    Parameters
    ----------
    data : ReportData
        The figures of the run.

    Returns
    -------
    Table
        A row for each definition: both arms, the effect with its interval, and what that comes to.
    """
    rows = []
    for term, definitions in TERMS:
        for one in definitions:
            found = data.of(one.measure)
            levels = (
                "" if level is None else shown(one.measure, level).partition(" (")[0]
                for level in (found.reference, found.regime)
            )
            per = f", {unit(one.measure)}" if unit(one.measure) else ""
            name = Cell(f"{term}: {one.name}", f"{one.measure.title}{per}")
            rows.append((name, *levels, changed(one.measure, found.effect), _direction(one, found.effect)))
    head = ("By definition", "Without", "With", "Effect (95 % interval)", "In this run")
    return Table(head, rows, numbers=(1, 2, 3))


TERMS = (("Control", CONTROL), ("Governance", GOVERNANCE))


def _direction(one: Definition, effect: Estimate) -> str:
    return one.direction(effect.low, effect.high)


def by_definition(data: ReportData) -> str:
    """What a run says about control and governance under each definition of them.

    Parameters
    ----------
    data : ReportData
        The figures of the run.

    Returns
    -------
    str
        Sentences: by how many definitions each improves and gets worse, and for the definitions of control by which it
        improves, under how many of governance the claim holds, fails and is open. What no interval decides is open.
    """
    found = {
        term: [(one.name, _direction(one, data.of(one.measure).effect)) for one in definitions]
        for term, definitions in TERMS
    }
    sentences = []
    for term, directions in found.items():
        parts = [
            f"{words} by {len(names)} ({', '.join(names)})"
            for words, way in (
                ("improves", "improves"),
                ("gets worse", "gets worse"),
                ("shows no certain change", "open"),
            )
            if (names := [name for name, direction in directions if direction == way])
        ]
        sentences.append(f"Of {len(directions)} definitions, {term.lower()} {', '.join(parts)}.")
    better = [name for name, direction in found["Control"] if direction == "improves"]
    ways = [direction for _, direction in found["Governance"]]
    counted = (
        f"holds in this run under {ways.count('gets worse')} of the {len(ways)} definitions of governance, fails under "
        f"{ways.count('improves')} and is open under {ways.count('open')}"
    )
    sentences.append(
        f"So with control defined by {' or by '.join(better)} the claim {counted}."
        if better
        else "So the claim holds in this run under none: no definition shows a certain improvement of control."
    )
    return " ".join(sentences)


def _interval(label: str, found: Estimate, factor: float, strong: bool) -> dict[str, object]:
    """A row for `charts.intervals`; an estimate without an interval has one of no width."""
    low, high = (found.mean if np.isnan(end) else end for end in (found.low, found.high))
    return {"label": label, "mean": factor * found.mean, "low": factor * low, "high": factor * high, "strong": strong}


def _known(rows: Iterable[dict[str, object]]) -> charts.Rows:
    return [row for row in rows if np.isfinite(row["mean"])]  # type: ignore[call-overload]


def verdict(control: Estimate, governance: Estimate) -> str:
    """What a run says about “Control may improve while the quality of governance does not”.

    Parameters
    ----------
    control : Estimate
        Share of protest that is avoided.
    governance : Estimate
        Change in the share of problems that are solved in time.

    Returns
    -------
    str
        A sentence that says whether the claim holds, does not hold or is open.
    """
    claim = "“Control may improve while the quality of governance does not”"
    if np.isnan(control.low) or np.isnan(governance.low):
        count = max(control.total, governance.total, 1)
        few = "one replicate" if count == 1 else f"{count:,} replicates"
        return f"{claim} cannot be judged from {few}. Run more of them, for instance --replicates {max(5, 2 * count)}."
    if opposed(control, governance):
        fate = "declines" if governance.high < 0 else "does not change"
        return f"{claim} holds in this run: protest is avoided, and the share of problems solved in time {fate}."
    if control.low > 0 and governance.low > 0:
        return f"{claim} does not hold in this run: both control and governance improve."
    if control.high < 0:
        return f"{claim} does not hold in this run: control itself gets worse, for protest rises."
    if control.low > 0:
        return (
            f"{claim} is open in this run: protest is avoided, but these replicates do not determine whether more problems are "
            "solved in time."
        )
    return f"{claim} is open in this run: these replicates do not determine whether control improves."


BURDEN_CHARTS = (
    (ListedShare, "More adults restricted", "percentage points", 100.0),
    (WelfareLost, "Welfare lost", "welfare-weeks an adult and year", 1.0),
    (Chilling, "Complaints silenced", "% of complaints", 100.0),
    (WronglyListedShare, "More restrictions wrong by the regime's own rule", "percentage points", 100.0),
    (UnlawfulShare, "More restrictions wrong by law", "percentage points", 100.0),
)
"""The measures in `BORNE`: title and unit of the chart, and the factor from the measure's unit."""


def who_bears_it(data: ReportData) -> list[Figure]:
    """Effects by group.

    Parameters
    ----------
    data : ReportData
        The figures of the run.

    Returns
    -------
    list of Figure
        A chart for each measure in `BORNE` that is defined for a group.
    """
    groups = groupings(data.scenario.society.groups)
    found = []
    for number, (measure, title, per, factor) in enumerate(BURDEN_CHARTS):
        effects = ((group, data.by_group[measure, group]) for group in groups)
        rows = _known(_interval(group, effect, factor, not group.startswith("not ")) for group, effect in effects)
        if rows:
            alt = f"{title}, {per}: " + "; ".join(f"{row['label']} {row['mean']:.2g}" for row in rows)
            found.append(Figure(title, charts.svg(charts.intervals(rows, per, width=230), f"g{number}"), alt))
    return found


def burdens(data: ReportData) -> Table:
    """What a member of each group bears over what one of the rest does.

    Parameters
    ----------
    data : ReportData
        The figures of the run.

    Returns
    -------
    Table
        A row for each burden, a column for each group.
    """
    rows = [
        (Cell(burden.title, burden.formula), *(ratio.text(1, "") for ratio in ratios))
        for burden, ratios in data.burdens
    ]
    head = ("A member of the group over one of the rest, in the regime (95 % interval)", *data.scenario.society.groups)
    return Table(head, rows, numbers=range(1, len(head)))


def costs(data: ReportData) -> Table:
    """What both arms spend.

    Parameters
    ----------
    data : ReportData
        The figures of the run.

    Returns
    -------
    Table
        Control, service and both together, welfare-weeks an adult and year.
    """
    rows = []
    for title, measure in (("Control and rewards", Cost), ("Service: work on people's problems", Service)):
        one = data.of(measure)
        rows.append((title, *(found.text(1, "") for found in (one.reference, one.regime, one.effect) if found)))
    rows.append(("Together", *(found.text(1, "") for found in data.spending), ""))
    head = ("Welfare-weeks an adult and year", "Without the regime", "With the regime", "Difference (95 % interval)")
    return Table(head, rows, numbers=(1, 2, 3))


def every_measure(data: ReportData) -> Table:
    """All measures that the run was asked.

    Parameters
    ----------
    data : ReportData
        The figures of the run.

    Returns
    -------
    Table
        Both arms, effect, unit, and whether more or less is better.
    """
    rows = [
        (
            Cell(one.measure.title, f"{one.measure.formula}. Source: {one.measure.source}"),
            *(
                "" if found is None else shown(one.measure, found).partition(" (")[0]
                for found in (one.reference, one.regime)
            ),
            changed(one.measure, one.effect),
            unit(one.measure),
            one.measure.better,
        )
        for one in data.measures
    ]
    head = ("Measure", "Without", "With", "Effect (95 % interval)", "Unit", "Better")
    return Table(head, rows, numbers=(1, 2, 3))
