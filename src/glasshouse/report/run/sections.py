"""The parts of the report, each from a result to HTML."""

import numpy as np

from glasshouse.model.entities import GROUPS
from glasshouse.model.measure import Measure
from glasshouse.model.measures.governance import Compliance, Cost, GovernanceSoon, Service, ServiceGap, Waiting
from glasshouse.model.measures.listing import ListedShare, WronglyListedShare
from glasshouse.model.measures.speech import Chilling, Control
from glasshouse.model.measures.welfare import WelfareLost
from glasshouse.report import charts
from glasshouse.report.html import escape, figure, table
from glasshouse.report.run.series import in_words, points, years
from glasshouse.results import estimate, group_ratios
from glasshouse.results.estimate import Estimate
from glasshouse.results.groups import EVERYBODY
from glasshouse.results.key_figures import opposed
from glasshouse.results.result import Result
from glasshouse.results.time_series import SERIES
from glasshouse.results.totals import ARMS

PERCENT = {"share"}


def shown(measure: type[Measure], found: Estimate) -> str:
    """An estimate in the unit that a reader expects: shares in per cent."""
    return found.text(100, " %") if measure.unit in PERCENT else found.text(1, "")


def changed(measure: type[Measure], found: Estimate) -> str:
    """An effect: a difference of shares in percentage points, all else in its own unit."""
    if measure.unit in PERCENT and not measure.is_between():
        return found.text(100, " points")
    return shown(measure, found)


def unit(measure: type[Measure]) -> str:
    """The unit beside it, spelled out."""
    spelled = measure.unit.replace("ww", "welfare-weeks")
    return "" if measure.unit in PERCENT else spelled


def figures(result: Result) -> str:
    """The row of headline figures."""
    restricted = estimate.from_replicates(result.values(ListedShare, "regime"))
    wrong = estimate.from_replicates(result.values(WronglyListedShare, "regime"))
    tiles = (
        (restricted.text(100, " %"), "of adults are restricted at any moment under the regime"),
        (wrong.text(100, " %"), "of restrictions are wrong by the regime's own rule"),
        (result.effect(Chilling).text(100, " %"), "of complaints about the same problem are silenced"),
        (result.effect(Control).text(100, " %"), "of protest is avoided"),
        (result.effect(GovernanceSoon).text(100, ""), "percentage points: change in problems solved within 12 weeks"),
        (result.effect(WelfareLost).text(1, ""), "welfare-weeks lost an adult and year"),
    )
    return '<div class="tiles">' + "".join(_tile(number, text) for number, text in tiles) + "</div>"


def _tile(number: str, text: str) -> str:
    value, _, interval = number.partition(" (")
    spread = f"<small>{escape(interval.rstrip(')'))}</small>" if interval else ""
    return f"<div><b>{escape(value)}</b>{spread}<span>{escape(text)}</span></div>"


def over_time(result: Result) -> str:
    """Both worlds by year."""
    _, starts = years(result)
    found = []
    for number, series in enumerate(SERIES):
        rows = points(result, series)
        if rows:
            drawn = charts.svg(charts.over_time(rows, series.unit, starts), f"t{number}")
            found.append(figure(series.heading, drawn, in_words(rows, series), series.explained))
    range_ = "; the shade around a line is the range over replicates" if len(result.ledgers) > 1 else ""
    rollout = result.scenario.run.rollout
    joined = f" Districts join the regime one after the other over {rollout} weeks." if starts and rollout else ""
    return (
        f"<p>Each line is a yearly mean{range_}. Dashed: the same people without the regime. Solid: with it. "
        f"Lists and queues start empty and fill in the first years of both worlds.{joined}</p>"
        f'<div class="charts">{"".join(found)}</div>'
    )


def _relative(result: Result, measure: type[Measure], sign: float) -> Estimate:
    """Per cent by which the regime improves a measure of both worlds."""
    before, after = (result.values(measure, arm) for arm in ARMS)
    with np.errstate(divide="ignore", invalid="ignore"):
        return estimate.from_replicates(100.0 * sign * (after / before - 1.0))


def _hundredfold(found: Estimate) -> Estimate:
    return Estimate(100 * found.mean, 100 * found.low, 100 * found.high, found.replicates)


def control_and_governance(result: Result) -> str:
    """The claim at the heart: whether control improves and governance does not, in words and as a chart."""
    control, governance = result.effect(Control), result.effect(GovernanceSoon)
    rows = [
        ("Control: protest avoided", _hundredfold(control)),
        ("Control: harm of breaches avoided", _hundredfold(result.effect(Compliance))),
        ("Governance: problems solved within 12 weeks", _relative(result, GovernanceSoon, 1)),
        ("Governance: shorter duration of problems", _relative(result, Waiting, -1)),
        ("Governance: fewer open problems unknown to the state", _relative(result, ServiceGap, -1)),
        ("Governance: money left for service", _relative(result, Service, 1)),
    ]
    data = [
        {
            "label": label,
            "mean": found.mean,
            "low": found.mean if np.isnan(found.low) else found.low,
            "high": found.mean if np.isnan(found.high) else found.high,
            "strong": label.startswith("Control"),
        }
        for label, found in rows
        if np.isfinite(found.mean)
    ]
    said = "; ".join(f"{label}: {found.text(1, ' %')}" for label, found in rows)
    drawn = charts.svg(
        charts.intervals(data, "change that the regime makes, % (right of the line: better for the state)"), "cg"
    )
    caption = "Filled: control. Hollow: quality of governance. Lines are 95 % intervals over replicates."
    return f"<p>{escape(verdict(control, governance))}</p>" + figure("What the state gains", drawn, said, caption)


def verdict(control: Estimate, governance: Estimate) -> str:
    """What this run says about «control may improve while the quality of governance does not»."""
    claim = "«Control may improve while the quality of governance does not»"
    if np.isnan(control.low) or np.isnan(governance.low):
        return f"{claim} cannot be judged from one replicate. Run more of them: --replicates 5."
    if opposed(control, governance):
        fate = "declines" if governance.high < 0 else "shows no certain improvement"
        return f"{claim} holds in this run: protest is avoided, and the share of problems solved in time {fate}."
    if control.low > 0 and governance.low > 0:
        return f"{claim} does not hold in this run: both control and governance improve."
    if control.high < 0:
        return f"{claim} does not hold in this run: control itself gets worse, for protest rises."
    return f"{claim} is open in this run: whether control improves cannot be told from these replicates."


BORNE = (
    (ListedShare, "More adults restricted", "percentage points", 100.0),
    (WelfareLost, "Welfare lost", "welfare-weeks an adult and year", 1.0),
    (Chilling, "Complaints silenced", "% of complaints", 100.0),
    (WronglyListedShare, "More restrictions wrong by the regime's own rule", "percentage points", 100.0),
)


def who_bears_it(result: Result) -> str:
    """Effects by group, as charts and as a table."""
    found = []
    labels = {"not " + name: f"not {name}" for name in GROUPS}
    groups = [group for name in GROUPS for group in (name, f"not {name}")]
    for number, (measure, title, per, factor) in enumerate(BORNE):
        rows = []
        for group in (EVERYBODY, *groups):
            effect = result.effect(measure, group)
            if np.isfinite(effect.mean):
                low, high = (effect.mean if np.isnan(end) else end for end in (effect.low, effect.high))
                rows.append(
                    {
                        "label": labels.get(group, group),
                        "mean": factor * effect.mean,
                        "low": factor * low,
                        "high": factor * high,
                        "strong": not group.startswith("not "),
                    }
                )
        if rows:
            said = f"{title}, {per}: " + "; ".join(f"{row['label']} {row['mean']:.2g}" for row in rows)
            found.append(figure(title, charts.svg(charts.intervals(rows, per, width=230), f"g{number}"), said))
    return (
        "<p>What the regime changes for each group, beside everybody who does not belong to it (hollow). Lines are 95 % "
        f'intervals over replicates.</p><div class="charts">{"".join(found)}</div>{_ratios(result)}'
    )


def _ratios(result: Result) -> str:
    """What a member of each group bears over what one of the rest does."""
    rows = [
        (
            f"{escape(one.title)}<br><small>{escape(one.formula)}</small>",
            *(
                escape(group_ratios.group_ratio(one, result.total, len(result.ledgers), group).text(1, ""))
                for group in GROUPS
            ),
        )
        for one in group_ratios.BURDENS
    ]
    head = ("A member of the group over one of the rest, in the regime (95 % interval)", *GROUPS)
    return f"<p>1 is an equal burden.</p>{table(head, rows, numbers=range(1, len(head)))}"


def costs(result: Result) -> str:
    """What both worlds spend."""
    total = [estimate.from_replicates(result.values(Cost, arm) + result.values(Service, arm)) for arm in ARMS]
    rows = []
    for title, measure in (("Control and rewards", Cost), ("Service: work on people's problems", Service)):
        worlds = [estimate.from_replicates(result.values(measure, arm)).text(1, "") for arm in ARMS]
        rows.append((escape(title), *map(escape, worlds), escape(result.effect(measure).text(1, ""))))
    rows.append(("Together", *(escape(value.text(1, "")) for value in total), ""))
    head = ("Welfare-weeks an adult and year", "Without the regime", "With the regime", "Difference (95 % interval)")
    return (
        "<p>Both worlds have the same budget. What control takes, service does not get; a welfare-week is one week of the "
        f"median citizen's welfare.</p>{table(head, rows, numbers=(1, 2, 3))}"
    )


def every_measure(result: Result) -> str:
    """All measures that the run was asked."""
    rows = []
    for measure in result.catalogue:
        worlds = (
            ["", ""]
            if measure.is_between()
            else [shown(measure, estimate.from_replicates(result.values(measure, arm))) for arm in ARMS]
        )
        rows.append(
            (
                f"{escape(measure.title)}<br><small>{escape(measure.formula)}. Source: {escape(measure.source)}</small>",
                *(escape(_mean(text)) for text in worlds),
                escape(changed(measure, result.effect(measure))),
                escape(unit(measure)),
                {"more": "more", "less": "less", "neither": "neither"}[measure.better],
            )
        )
    head = ("Measure", "Without", "With", "Effect (95 % interval)", "Unit", "Better")
    return table(head, rows, numbers=(1, 2, 3))


def _mean(text: str) -> str:
    return text.partition(" (")[0]
