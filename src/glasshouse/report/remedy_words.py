"""The figures of remedies in words, for the page and the command line."""

import math

from glasshouse.analysis.remedies.report import RemedyReport
from glasshouse.model.measure import Measure
from glasshouse.results.groups import EVERYBODY


def added_text(report: RemedyReport, harm: type[Measure]) -> str:
    """What the regime adds of a harm, in a sentence.

    Parameters
    ----------
    report : RemedyReport
        The report.
    harm : type of Measure
        The harm.

    Returns
    -------
    str
        The sentence.
    """
    return (
        f"{harm.title}: without a remedy the regime adds {report.added[harm.name].change(1, '')} {harm.unit}, on average "
        f"over its {report.years:.3g} years."
    )


def averted_rows(report: RemedyReport, harm: type[Measure]) -> list[tuple[str, str]]:
    """What each remedy averts of a harm, in rows for a terminal.

    Parameters
    ----------
    report : RemedyReport
        The report.
    harm : type of Measure
        The harm.

    Returns
    -------
    list of tuple of str
        The remedy with its month, and the figure.
    """
    return [
        (f"{one.remedy} in month {one.month:g}", f"averts {one.averted.change(1, '')}")
        for one in report.averted
        if one.harm == harm.name and one.group == EVERYBODY
    ]


def delay_text(report: RemedyReport, harm: type[Measure]) -> str:
    """What a month of delay costs at most, in a sentence.

    Parameters
    ----------
    report : RemedyReport
        The report.
    harm : type of Measure
        The harm.

    Returns
    -------
    str
        The sentence; empty where only one month was asked about.
    """
    mine = [one for one in report.delays if one.harm == harm.name and one.group == EVERYBODY]
    mine = [one for one in mine if math.isfinite(one.cost.mean)]
    if not mine:
        return ""
    most = max(mine, key=lambda one: one.cost.mean)
    return (
        f"Waiting costs most where the {most.remedy} is put off from month {most.first:g} to {most.last:g}: "
        f"{most.cost.change(1, '')} for each month."
    )


def set_text(report: RemedyReport) -> str:
    """Which set of safeguards is enough, in a sentence.

    Parameters
    ----------
    report : RemedyReport
        The report.

    Returns
    -------
    str
        The sentence; empty where no set was asked for.
    """
    asked = report.plan.sets
    if asked is None or not report.sets:
        return ""
    goal = f"{100 * asked.share:g} % of what the regime adds of “{asked.harm.title}”"
    everything = report.sets[-1]
    if not everything.enough:
        return f"All {everything.size} safeguards together remove {everything.removed.text(100, ' %')}, not {goal}."
    found = [one for one in report.sets if one.enough]
    if found[0].size == everything.size:
        return f"No set of up to {asked.largest} safeguards removes {goal}; all {everything.size} together do."
    names = "; ".join(", ".join(one.safeguards) for one in found if one.size == found[0].size)
    number = "One safeguard is" if found[0].size == 1 else f"{found[0].size} safeguards together are"
    return f"{number} enough to remove {goal}: {names}."
