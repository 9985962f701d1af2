"""Sums of evidence made by hand, for tests of elements of the AI Act."""

import numpy as np

from glasshouse.analysis.ai_act import relatedness
from glasshouse.analysis.ai_act.elements.element import RunStatistics
from glasshouse.analysis.ai_act.totals import EvidenceTotals
from glasshouse.analysis.ai_act.variants import VARIANTS
from glasshouse.model.declarations import Sum
from glasshouse.model.entities import DEFAULT_GROUPS


def statistics(*names: str) -> RunStatistics:
    """Empty sums of one replicate, with sums of mechanisms of these names, in units of one."""
    declared = tuple(Sum(name, "units", "a sum") for name in names)
    return RunStatistics(
        EvidenceTotals.empty(VARIANTS, len(names)), relatedness.load("usual"), declared, DEFAULT_GROUPS
    )


def set_sum(statistics: RunStatistics, arm: str, name: str, by_cell: object) -> None:
    """Set a mechanism's sum in an arm, for all group cells or each of them."""
    place = [total.name for total in statistics.declared].index(name)
    statistics.totals.variants[arm].sums[:, place] = np.asarray(by_cell)
