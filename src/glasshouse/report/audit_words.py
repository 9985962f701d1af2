"""The figures of simulated audits in words, for the page and the command line."""

import math

from glasshouse.analysis.audit.least_requests import Request
from glasshouse.analysis.audit.methods import METHODS
from glasshouse.analysis.audit.power import MOST
from glasshouse.analysis.audit.report import AuditReport, Group
from glasshouse.report.i18n import ENGLISH, Words
from glasshouse.report.i18n import mark as _
from glasshouse.report.instrument_parts import estimate_text

FEW = 50
"""Simulated people below which a figure that rests on them is marked."""

TITLES = {method.name: method.title for method in METHODS}
"""What each method is called."""


def truth_text(group: Group, words: Words = ENGLISH) -> str:
    """What is true of a group, in a sentence.

    Parameters
    ----------
    group : Group
        The group.
    words : Words, default English
        The language.

    Returns
    -------
    str
        The sentence, with a warning where the ratio rests on few simulated people.
    """
    few = words.say(
        _("This rests on {people} simulated people: take more citizens or replicates."), people=group.cases
    ) if group.cases < FEW else ""  # fmt: skip
    name = words.gettext(group.name)
    if math.isnan(group.truth.mean):
        none = _("“{group}”: no ratio is defined, as nobody is of the group, or nobody of the rest is wrongly listed.")
        return f"{words.say(none, group=name)} {few}".strip()
    times = words.gettext(_("times"))
    told = words.say(
        _(
            "“{group}”, {share} % of adults: wrongly listed {ratio} as often a head as the rest, {one} against {other} in 1,000 "
            "adults a year."
        ),
        group=name,
        share=f"{100 * group.share:.0f}",
        ratio=estimate_text(group.truth, words, 1, f" {times}"),
        one=words.figures(f"{group.wrongly_listed[0]:.3g}"),
        other=words.figures(f"{group.wrongly_listed[1]:.3g}"),
    )
    return f"{told} {few}".strip()


def request_text(request: Request, words: Words = ENGLISH) -> str:
    """The size of a request.

    Parameters
    ----------
    request : Request
        The request.
    words : Words, default English
        The language.

    Returns
    -------
    str
        The number of cases.
    """
    if request.cases is None:
        return words.say(_("over {cases} cases"), cases=words.figures(f"{MOST:,}"))
    return words.say(_("{cases} cases"), cases=words.figures(f"{request.cases:,}"))


def request_title(request: Request, words: Words = ENGLISH) -> str:
    """What is asked for.

    Parameters
    ----------
    request : Request
        The request.
    words : Words, default English
        The language.

    Returns
    -------
    str
        What is drawn by lot, how, and which counts are needed beside it.
    """
    if words.language == "en":
        return request.title
    listed = request.source == "files"
    drawn = _("files by lot from the listed") if listed else _("people by lot from all adults")
    half = words.say(_("half of them “{group}”"), group=words.gettext(request.group))
    counts = words.gettext(_("with counts of the listed by group"))
    parts = (words.gettext(drawn), half if request.halves else "", counts if listed else "")
    return ", ".join(filter(None, parts))


def misleading(report: AuditReport, group: str, words: Words = ENGLISH) -> str:
    """The methods that mislead about a group, and how.

    Parameters
    ----------
    report : AuditReport
        The report.
    group : str
        The group.
    words : Words, default English
        The language.

    Returns
    -------
    str
        Titles with reasons; empty where none does.
    """
    found = [one for one in report.scores if one.group == group and one.faults]
    return "; ".join(
        f"{words.gettext(TITLES[one.method])} ({', '.join(map(words.gettext, one.faults))})" for one in found
    )
