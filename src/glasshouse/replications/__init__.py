"""Published models that the engine reproduces: the catalogue."""

from difflib import get_close_matches

from glasshouse.errors import ScenarioError
from glasshouse.replications.base_rates.replication import BaseRates
from glasshouse.replications.civil_violence.replication import CivilViolence
from glasshouse.replications.degroot import DeGroot
from glasshouse.replications.dissent.replication import DissentAndCensorship
from glasshouse.replications.fair_lending.replication import FairLending
from glasshouse.replications.galton_watson import GaltonWatson
from glasshouse.replications.giant_component import GiantComponent
from glasshouse.replications.lending_dynamics.replication import LendingDynamics
from glasshouse.replications.linkage_errors.replication import LinkageErrors
from glasshouse.replications.performative_prediction.replication import PerformativePrediction
from glasshouse.replications.price_lists import PriceLists
from glasshouse.replications.replication import Replication
from glasshouse.replications.repress_or_coopt import RepressOrCoopt
from glasshouse.replications.runaway_urn.replication import RunawayUrn
from glasshouse.replications.spiral_of_silence.replication import SpiralWithBots
from glasshouse.replications.strategic_classification import StrategicClassification
from glasshouse.replications.threshold_models import Granovetter, Kuran

CATALOGUE: tuple[type[Replication], ...] = (
    Granovetter,
    Kuran,
    CivilViolence,
    RunawayUrn,
    FairLending,
    LendingDynamics,
    PerformativePrediction,
    StrategicClassification,
    SpiralWithBots,
    RepressOrCoopt,
    PriceLists,
    BaseRates,
    LinkageErrors,
    DissentAndCensorship,
    GiantComponent,
    GaltonWatson,
    DeGroot,
)
"""Every replication, in the order in which pages list them."""


def find(name: str) -> type[Replication]:
    """Find a replication by its name.

    Parameters
    ----------
    name : str
        Name as `glasshouse replicate` lists it, such as ``"granovetter"``.

    Returns
    -------
    type of Replication
        The class of the replication.

    Raises
    ------
    ScenarioError
        If there is none of that name. The message names the most similar one.
    """
    known = {one.name: one for one in CATALOGUE}
    if name in known:
        return known[name]
    nearest = get_close_matches(name, known, 1)
    advice = f"Did you mean {nearest[0]}?" if nearest else "“glasshouse replicate” lists them."
    raise ScenarioError(f"There is no replication called {name!r}. {advice}")
