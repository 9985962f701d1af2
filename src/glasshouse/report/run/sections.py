"""The sections of a run's report that show its figures: charts, tables and the sentences about them."""

from collections.abc import Iterable

import numpy as np

from glasshouse.model.measure import Measure
from glasshouse.model.measures.governance import Cost, Service
from glasshouse.model.measures.listing import ListedShare, UnlawfulShare, WronglyListedShare
from glasshouse.model.measures.panel import CONTROL, GOVERNANCE, Definition
from glasshouse.model.measures.speech import Chilling
from glasshouse.model.measures.welfare import WelfareLost
from glasshouse.report import charts
from glasshouse.report.chart import Chart
from glasshouse.report.elements import Cell, Figure, Table
from glasshouse.report.i18n import ENGLISH, Words
from glasshouse.report.i18n import mark as _
from glasshouse.report.run.chart_tools import drawn, tools_of
from glasshouse.report.run.report_data import ReportData
from glasshouse.report.run.result_charts import Origin, citation
from glasshouse.results.estimate import Estimate
from glasshouse.results.groups import groupings
from glasshouse.results.key_figures import opposed
from glasshouse.results.table import Table as Figures

PERCENT = {"share"}


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


def over_time(data: ReportData, words: Words = ENGLISH) -> list[Figure]:
    """Both arms by year.

    Parameters
    ----------
    data : ReportData
        The figures of the run.
    words : Words, default English
        The language.

    Returns
    -------
    list of Figure
        A chart for each time series that has a value.
    """
    return [drawn(data, one, f"t{number}", words) for number, one in enumerate(data.series) if one.rows]


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
    ways = [direction for _name, direction in found["Governance"]]
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


CLAIM = _("“Control may improve while the quality of governance does not”")
JUDGEMENTS = {
    "few": _("{claim} cannot be judged from {count} replicates. Run more of them, for instance --replicates {more}."),
    "one": _("{claim} cannot be judged from one replicate. Run more of them, for instance --replicates {more}."),
    "declines": _("{claim} holds in this run: protest is avoided, and the share of problems solved in time declines."),
    "stays": _(
        "{claim} holds in this run: protest is avoided, and the share of problems solved in time does not change."
    ),
    "both": _("{claim} does not hold in this run: both control and governance improve."),
    "worse": _("{claim} does not hold in this run: control itself gets worse, for protest rises."),
    "open": _(
        "{claim} is open in this run: protest is avoided, but these replicates do not determine whether more problems are solved "
        "in time."
    ),
    "unknown": _("{claim} is open in this run: these replicates do not determine whether control improves."),
}


def verdict(control: Estimate, governance: Estimate, words: Words = ENGLISH) -> str:
    """What a run says about “Control may improve while the quality of governance does not”.

    Parameters
    ----------
    control : Estimate
        Share of protest that is avoided.
    governance : Estimate
        Change in the share of problems that are solved in time.
    words : Words, default English
        The language.

    Returns
    -------
    str
        A sentence that says whether the claim holds, does not hold or is open.
    """
    count = max(control.total, governance.total, 1)
    facts = {"claim": words.gettext(CLAIM), "count": f"{count:,}", "more": max(5, 2 * count)}
    return words.say(JUDGEMENTS[_judged(control, governance, count)], **facts)


def _judged(control: Estimate, governance: Estimate, count: int) -> str:
    """Which of `JUDGEMENTS` the intervals allow."""
    if np.isnan(control.low) or np.isnan(governance.low):
        return "one" if count == 1 else "few"
    if opposed(control, governance):
        return "declines" if governance.high < 0 else "stays"
    if control.low > 0 and governance.low > 0:
        return "both"
    if control.high < 0:
        return "worse"
    return "open" if control.low > 0 else "unknown"


BURDEN_CHARTS = (
    (ListedShare, _("More adults restricted"), "percentage points", 100.0),
    (WelfareLost, _("Welfare lost"), "welfare-weeks an adult and year", 1.0),
    (Chilling, _("Complaints silenced"), "% of complaints", 100.0),
    (WronglyListedShare, _("More restrictions wrong by the regime's own rule"), "percentage points", 100.0),
    (UnlawfulShare, _("More restrictions wrong by law"), "percentage points", 100.0),
)
"""The measures in `BORNE`: title and unit of the chart, and the factor from the measure's unit."""


def who_bears_it(data: ReportData, words: Words = ENGLISH) -> list[Figure]:
    """Effects by group.

    Parameters
    ----------
    data : ReportData
        The figures of the run.
    words : Words, default English
        The language of titles and buttons.

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
            columns = {key: np.array([row[key] for row in rows]) for key in ("label", "mean", "low", "high")}
            origin = Origin(data.scenario, data.provenance, data.window)
            chart = Chart(
                _apart(data, measure, title, words),
                citation(data.of(measure), origin),
                charts.intervals(rows, per, width=230),
                Figures(f"{measure.name}_by_group", columns),
            )
            found.append(Figure(chart.title, charts.svg(chart.spec, f"g{number}"), alt, "", tools_of(chart, words)))
    return found


def _apart(data: ReportData, measure: type[Measure], title: str, words: Words) -> str:
    """Which groups certainly bear more than everybody outside them: their intervals do not meet."""
    more = []
    for group in data.scenario.society.groups:
        inside, outside = (data.by_group[measure, name] for name in (group, f"not {group}"))
        if inside.low > outside.high:
            more.append(words.gettext(group))
    if not more:
        return words.say(_("{title}: no group certainly more than everybody outside it"), title=words.gettext(title))
    message = _("{title}: certainly more for {groups} than for everybody outside")
    return words.say(message, title=words.gettext(title), groups=", ".join(more))


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
