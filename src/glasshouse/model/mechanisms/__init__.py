"""The catalogue of submodels, in the order of a week."""

from glasshouse.model.component import Component
from glasshouse.model.mechanisms.abroad import Abroad
from glasshouse.model.mechanisms.aftermath import Aftermath
from glasshouse.model.mechanisms.attitudes import Attitudes
from glasshouse.model.mechanisms.budget import Budget
from glasshouse.model.mechanisms.conduct import Conduct
from glasshouse.model.mechanisms.controllers import Controllers
from glasshouse.model.mechanisms.discipline import Discipline
from glasshouse.model.mechanisms.discontent import Discontent
from glasshouse.model.mechanisms.firms import Firms
from glasshouse.model.mechanisms.forecast import Forecast
from glasshouse.model.mechanisms.function_creep import FunctionCreep
from glasshouse.model.mechanisms.law import Law
from glasshouse.model.mechanisms.legality import Legality
from glasshouse.model.mechanisms.lists import Lists
from glasshouse.model.mechanisms.local_scores import LocalScores
from glasshouse.model.mechanisms.loyalty import Loyalty
from glasshouse.model.mechanisms.observation import Observation
from glasshouse.model.mechanisms.officials import Officials
from glasshouse.model.mechanisms.opinion import Opinion
from glasshouse.model.mechanisms.peer_reports import PeerReports
from glasshouse.model.mechanisms.points import Points
from glasshouse.model.mechanisms.problems import Problems
from glasshouse.model.mechanisms.recipients import Recipients
from glasshouse.model.mechanisms.redress import Redress
from glasshouse.model.mechanisms.representatives import Representatives
from glasshouse.model.mechanisms.response import Response
from glasshouse.model.mechanisms.restrictions import Restrictions
from glasshouse.model.mechanisms.safeguards import Safeguards
from glasshouse.model.mechanisms.sanctions import Sanctions
from glasshouse.model.mechanisms.shocks import Shocks
from glasshouse.model.mechanisms.third_parties import ThirdParties
from glasshouse.model.mechanisms.voice import Voice
from glasshouse.model.statistics.behaviour_change import BehaviourChange
from glasshouse.model.statistics.court_list import CourtList
from glasshouse.model.statistics.firm_scores import FirmScores
from glasshouse.model.statistics.mobility import Mobility
from glasshouse.model.statistics.protests import Protests
from glasshouse.model.statistics.restriction_spells import RestrictionSpells
from glasshouse.model.statistics.survey import Survey

CATALOGUE: tuple[type[Component], ...] = (
    Shocks,
    Safeguards,
    Problems,
    Discontent,
    Attitudes,
    Opinion,
    Survey,
    Voice,
    Protests,
    Response,
    Recipients,
    Conduct,
    BehaviourChange,
    PeerReports,
    Observation,
    Law,
    Points,
    Lists,
    Legality,
    Representatives,
    Restrictions,
    RestrictionSpells,
    CourtList,
    LocalScores,
    ThirdParties,
    Discipline,
    Sanctions,
    Forecast,
    Redress,
    Aftermath,
    Abroad,
    Loyalty,
    Mobility,
    Firms,
    FirmScores,
    Officials,
    Budget,
    Controllers,
    FunctionCreep,
)
"""Every built-in mechanism. All of them are compiled into one pass; parameters switch them."""
