"""The least that an auditor has to ask for, so that a difference of a stated size is found often enough.

It is computed by exact sums (`power.py`) for cases drawn by lot and examined without error. Which cases are drawn matters
more than how many: files of the listed, of which a good part may be wrong, say far more than people drawn from
everybody, of whom hardly anyone is listed.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from glasshouse.analysis.audit.power import ENOUGH, Comparison, least_request
from glasshouse.analysis.audit.scoring import Question
from glasshouse.analysis.audit.world import World, heads

Source = Literal["files", "people"]
"""Where cases are drawn from: the listed, or all adults."""

HALF = 0.5


@dataclass(frozen=True)
class Request:
    """The smallest request of one kind that settles a question.

    Attributes
    ----------
    group : str
        The group that is asked about.
    source : {"files", "people"}
        What is drawn by lot.
    halves : bool
        Whether half of the cases are drawn from the group; otherwise they come as they are.
    cases : int or None
        The number of cases with which a difference of the stated size is found in 80 % of audits; None if more than
        `power.MOST` would be needed, or if nobody is wrongly listed.
    """

    group: str
    source: Source
    halves: bool
    cases: int | None

    @property
    def kind(self) -> str:
        """Its name in tables."""
        return f"{self.source}{' by halves' if self.halves else ''}"

    @property
    def title(self) -> str:
        """What is asked for, in words."""
        drawn = "files by lot from the listed" if self.source == "files" else "people by lot from all adults"
        how = f", half of them “{self.group}”" if self.halves else ""
        more = ", with counts of the listed by group" if self.source == "files" else ""
        return f"{drawn}{how}{more}"


def least_requests(world: World, question: Question, *, wanted: float = ENOUGH) -> list[Request]:
    """The least request of each kind for one question.

    Parameters
    ----------
    world : World
        The population as the run left it.
    question : Question
        The group, and how many times as often its members are wrongly listed where the difference is to be found.
    wanted : float
        The power that is enough.

    Returns
    -------
    list of Request
        Files before people.
    """
    unequal = world.with_ratio(question.group, question.times)
    found = []
    for source in ("files", "people"):
        rates = comparison(unequal, question.group, source)
        for halves in (True, False):
            asked = Comparison(0, HALF if halves else rates.share, rates.rate, rates.rest_rate, rates.null)
            possible = 0 < asked.rate <= 1 and 0 < asked.rest_rate <= 1 and 0 < asked.share < 1
            found.append(
                Request(question.group, source, halves, least_request(asked, wanted=wanted) if possible else None)
            )
    return found


def comparison(world: World, group: str, source: Source, cases: int = 0) -> Comparison:
    """What cases drawn by lot compare.

    Of people, the rates are those of wrongly listed among adults, and the test is of equal rates. Of files, they are the
    rates of wrong files among the listed. Members of the group are listed k times as often a head, which the office's
    counts say; so they are wrongly listed equally often if their files are wrong 1/k times as often, and this is tested.

    Parameters
    ----------
    world : World
        A population.
    group : str
        The group that is compared with the rest.
    source : {"files", "people"}
        What is drawn.
    cases : int
        How many cases.

    Returns
    -------
    Comparison
        The cases as they come.
    """
    members = world.members(group)
    listed = world.wrong + world.right
    whole = listed if source == "files" else world.adults
    rate, rest = (heads(world.wrong, whole, members, inside) for inside in (True, False))
    null = 1.0
    if source == "files":
        mine, others = (heads(listed, world.adults, members, inside) for inside in (True, False))
        null = others / mine if mine > 0 else np.nan
    total = float(whole.sum())
    return Comparison(cases, float(whole[members].sum()) / total if total > 0 else np.nan, rate, rest, null)
