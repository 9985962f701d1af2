"""The replications that ship with the package, and those in files of your own."""

import inspect
import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path

from glasshouse.engine.plugin_loader import classes_of, load_file
from glasshouse.errors import PluginError, ScenarioError
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


def find(name: str, catalogue: Sequence[type[Replication]] = CATALOGUE) -> type[Replication]:
    """Find a replication by its name.

    Parameters
    ----------
    name : str
        Name of the replication.
    catalogue : sequence of type
        The replications to look among.

    Returns
    -------
    type
        The class of the replication.

    Raises
    ------
    ScenarioError
        If there is none of that name; it names the nearest.
    """
    known = {one.name: one for one in catalogue}
    if name in known:
        return known[name]
    nearest = get_close_matches(name, known, 1)
    advice = f"Did you mean {nearest[0]}?" if nearest else "“glasshouse replicate” lists them."
    raise ScenarioError(f"There is no replication called {name!r}. {advice}")


def from_files(files: Sequence[Path]) -> tuple[type[Replication], ...]:
    """Load the replications that Python files define.

    Parameters
    ----------
    files : sequence of Path
        Python files, which are executed. Every subclass of `Replication` that they define counts, but for abstract ones.

    Returns
    -------
    tuple of type
        The classes, in the order of the files and of their definitions.

    Raises
    ------
    PluginError
        If a file cannot be loaded, defines no replication, or one of them lacks what its page needs.
    """
    found: list[type[Replication]] = []
    for file in files:
        label, module, _ = load_file(file)
        classes = classes_of(module, Replication)
        own = [kind for kind in classes if issubclass(kind, Replication) and not inspect.isabstract(kind)]
        if not own:
            raise PluginError(
                f"{label}: it defines no replication. Subclass Replication and its method simulate in it."
            )
        faults = [f"{label}: {kind.__name__} {fault}" for kind in own for fault in _faults(kind, (*CATALOGUE, *found))]
        if faults:
            raise PluginError(*faults)
        found += own
    return tuple(found)


def _faults(kind: type[Replication], before: Sequence[type[Replication]]) -> Iterator[str]:
    """What keeps a replication from being listed, simulated and judged."""
    texts = ("name", "title", "citation", "equations", "confidence")
    missing = [name for name in (*texts, "targets") if not getattr(kind, name, None)]
    if missing:
        yield f"lacks {', '.join(missing)}. Declare what the contract asks for."
        return
    if not re.fullmatch(r"[a-z][a-z0-9-]*", kind.name):
        yield f"is called {kind.name!r}. A name has lower-case letters, digits and hyphens."
    if kind.name in {other.name for other in before}:
        yield f"is called {kind.name!r}, as another replication is. Give it another name."
    names = [target.name for target in kind.targets]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        yield f"has two targets called {twice[0]!r}. Give each target a name of its own."
    if unknown := sorted(set(kind.differs) - set(names)):
        yield f"explains in `differs` the target {unknown[0]!r}, which it does not have."
