"""The figures of simulated audits in words, for the page and the command line."""

import math

from glasshouse.analysis.audit.least_requests import Request
from glasshouse.analysis.audit.methods import METHODS
from glasshouse.analysis.audit.power import MOST
from glasshouse.analysis.audit.report import AuditReport, Group

FEW = 50
"""Simulated people below which a figure that rests on them is marked."""

TITLES = {method.name: method.title for method in METHODS}
"""What each method is called."""


def truth_text(group: Group) -> str:
    """What is true of a group, in a sentence.

    Parameters
    ----------
    group : Group
        The group.

    Returns
    -------
    str
        The sentence, with a warning where the ratio rests on few simulated people.
    """
    few = (
        f" This rests on {group.cases} simulated people: take more citizens or replicates." if group.cases < FEW else ""
    )
    if math.isnan(group.truth.mean):
        return f"“{group.name}”: no ratio is defined, as nobody is of the group, or nobody of the rest is wrongly listed.{few}"
    return (
        f"“{group.name}”, {100 * group.share:.0f} % of adults: wrongly listed {group.truth.text(1, ' times')} as often a head "
        f"as the rest, {group.wrongly_listed[0]:.3g} against {group.wrongly_listed[1]:.3g} in 1,000 adults a year.{few}"
    )


def request_text(request: Request) -> str:
    """The size of a request.

    Parameters
    ----------
    request : Request
        The request.

    Returns
    -------
    str
        The number of cases.
    """
    return f"over {MOST:,} cases" if request.cases is None else f"{request.cases:,} cases"


def misleading(report: AuditReport, group: str) -> str:
    """The methods that mislead about a group, and how.

    Parameters
    ----------
    report : AuditReport
        The report.
    group : str
        The group.

    Returns
    -------
    str
        Titles with reasons; empty where none does.
    """
    found = [one for one in report.scores if one.group == group and one.faults]
    return "; ".join(f"{TITLES[one.method]} ({', '.join(one.faults)})" for one in found)
