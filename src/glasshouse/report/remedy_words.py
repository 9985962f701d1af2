"""The figures of remedies in words, for the page and the command line."""

import math

from glasshouse.analysis.remedies.report import RemedyReport
from glasshouse.model.measure import Measure
from glasshouse.report.i18n import ENGLISH, Words
from glasshouse.report.i18n import mark as _
from glasshouse.report.instrument_parts import estimate_text
from glasshouse.results.groups import EVERYBODY


def added_text(report: RemedyReport, harm: type[Measure], words: Words = ENGLISH) -> str:
    """What the regime adds of a harm, in a sentence.

    Parameters
    ----------
    report : RemedyReport
        The report.
    harm : type of Measure
        The harm.
    words : Words, default English
        The language.

    Returns
    -------
    str
        The sentence.
    """
    return words.say(
        _("{harm}: without a remedy the regime adds {added} {unit}, on average over its {years} years."),
        harm=words.gettext(harm.title),
        added=estimate_text(report.added[harm.name], words, change=True),
        unit=words.gettext(harm.unit),
        years=words.figures(f"{report.years:.3g}"),
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


def set_text(report: RemedyReport, words: Words = ENGLISH) -> str:
    """Which set of safeguards is enough, in a sentence.

    Parameters
    ----------
    report : RemedyReport
        The report.
    words : Words, default English
        The language.

    Returns
    -------
    str
        The sentence; empty where no set was asked for.
    """
    asked = report.plan.sets
    if asked is None or not report.sets:
        return ""
    goal = words.say(
        _("{share} % of what the regime adds of “{harm}”"),
        share=words.figures(f"{100 * asked.share:g}"),
        harm=words.gettext(asked.harm.title),
    )
    everything = report.sets[-1]
    if not everything.enough:
        removed = estimate_text(everything.removed, words, 100, " %")
        return words.say(
            _("All {size} safeguards together remove {removed}, not {goal}."),
            size=everything.size,
            removed=removed,
            goal=goal,
        )
    found = [one for one in report.sets if one.enough]
    if found[0].size == everything.size:
        return words.say(
            _("No set of up to {largest} safeguards removes {goal}; all {size} together do."),
            largest=asked.largest,
            goal=goal,
            size=everything.size,
        )
    names = "; ".join(", ".join(one.safeguards) for one in found if one.size == found[0].size)
    if found[0].size == 1:
        return words.say(_("One safeguard is enough to remove {goal}: {names}."), goal=goal, names=names)
    return words.say(
        _("{size} safeguards together are enough to remove {goal}: {names}."),
        size=found[0].size,
        goal=goal,
        names=names,
    )
