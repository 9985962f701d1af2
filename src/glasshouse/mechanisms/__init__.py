"""The catalogue of submodels, in the order of a week."""

from glasshouse.mechanism import Mechanism
from glasshouse.mechanisms.abroad import Abroad
from glasshouse.mechanisms.attitudes import Attitudes
from glasshouse.mechanisms.conduct import Conduct
from glasshouse.mechanisms.controllers import Controllers
from glasshouse.mechanisms.creep import Creep
from glasshouse.mechanisms.crowds import Crowds
from glasshouse.mechanisms.docket import Docket
from glasshouse.mechanisms.firms import Firms
from glasshouse.mechanisms.forecast import Forecast
from glasshouse.mechanisms.governance import Governance
from glasshouse.mechanisms.hearsay import Hearsay
from glasshouse.mechanisms.lists import Lists
from glasshouse.mechanisms.loyalty import Loyalty
from glasshouse.mechanisms.mobility import Mobility
from glasshouse.mechanisms.observation import Observation
from glasshouse.mechanisms.officials import Officials
from glasshouse.mechanisms.opinion import Opinion
from glasshouse.mechanisms.points import Points
from glasshouse.mechanisms.problems import Problems
from glasshouse.mechanisms.ratings import Ratings
from glasshouse.mechanisms.redress import Redress
from glasshouse.mechanisms.response import Response
from glasshouse.mechanisms.restrictions import Restrictions
from glasshouse.mechanisms.safeguards import Safeguards
from glasshouse.mechanisms.sanctions import Sanctions
from glasshouse.mechanisms.schemes import Schemes
from glasshouse.mechanisms.shifts import Shifts
from glasshouse.mechanisms.shocks import Shocks
from glasshouse.mechanisms.spells import Spells
from glasshouse.mechanisms.survey import Survey
from glasshouse.mechanisms.voice import Voice

CATALOGUE: tuple[type[Mechanism], ...] = (
    Shocks,
    Safeguards,
    Problems,
    Attitudes,
    Opinion,
    Survey,
    Voice,
    Crowds,
    Response,
    Conduct,
    Shifts,
    Hearsay,
    Observation,
    Points,
    Lists,
    Restrictions,
    Spells,
    Docket,
    Schemes,
    Sanctions,
    Forecast,
    Redress,
    Abroad,
    Loyalty,
    Mobility,
    Firms,
    Ratings,
    Officials,
    Governance,
    Controllers,
    Creep,
)
"""Every built-in mechanism. All of them are woven into one pass; parameters switch them."""
