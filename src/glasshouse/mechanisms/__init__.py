"""The catalogue of submodels, in the order of a week."""

from glasshouse.mechanism import Mechanism
from glasshouse.mechanisms.attitudes import Attitudes
from glasshouse.mechanisms.conduct import Conduct
from glasshouse.mechanisms.governance import Governance
from glasshouse.mechanisms.lists import Lists
from glasshouse.mechanisms.observation import Observation
from glasshouse.mechanisms.points import Points
from glasshouse.mechanisms.problems import Problems
from glasshouse.mechanisms.sanctions import Sanctions
from glasshouse.mechanisms.shocks import Shocks
from glasshouse.mechanisms.voice import Voice

CATALOGUE: tuple[type[Mechanism], ...] = (
    Shocks,
    Problems,
    Attitudes,
    Voice,
    Conduct,
    Observation,
    Points,
    Lists,
    Sanctions,
    Governance,
)
"""Every built-in mechanism. All of them are woven into one pass; parameters switch them."""
