"""Shipped mechanisms that take part only where a scenario has their table, with the measures that read their sums."""

from glasshouse.model.measures.commercial import COMMERCIAL
from glasshouse.model.measures.screening import SCREENING
from glasshouse.model.mechanisms.commercial_scores import CommercialScores
from glasshouse.model.mechanisms.feedback import Feedback
from glasshouse.model.mechanisms.investigation import Investigation
from glasshouse.model.mechanisms.screening import Screening
from glasshouse.model.plugin import Origin, Plugin

OPTIONAL: tuple[Plugin, ...] = (
    Plugin(
        Origin("screening", "", ""),
        "where a scenario has its table",
        (Screening, Investigation, Feedback),
        SCREENING,
        True,
        True,
    ),
    Plugin(
        Origin("commercial scores", "", ""),
        "where a scenario has its table",
        (CommercialScores,),
        COMMERCIAL,
        True,
        True,
    ),
)
"""They join as installed packages do. State, sums and weekly pass of all other scenarios are as if they did not exist."""
