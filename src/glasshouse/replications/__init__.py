"""Published models simulated by the engine, and what authors need to add their own.

A replication is a subclass of `Replication`: mechanisms, a population made for them, and targets that its figures are
judged by. `glasshouse replicate --plugin FILE` runs those of a file; docs/tutorial-replication.md shows how to write one.
The replications that ship with the package are listed in `glasshouse.replications.catalogue`.
"""

from glasshouse.replications.replication import (
    Chart,
    ClosedForm,
    Figure,
    Line,
    Outcome,
    Replication,
    Target,
    above,
    direction,
    exactly,
    near,
    shown,
)
from glasshouse.replications.sandbox import (
    AgentPopulation,
    Simulation,
    Snapshot,
    Ties,
    build_population,
    generator,
    run_parallel,
)
from glasshouse.results.estimate import Estimate, from_replicates

__all__ = [
    "AgentPopulation",
    "Chart",
    "ClosedForm",
    "Estimate",
    "Figure",
    "Line",
    "Outcome",
    "Replication",
    "Simulation",
    "Snapshot",
    "Target",
    "Ties",
    "above",
    "build_population",
    "direction",
    "exactly",
    "from_replicates",
    "generator",
    "near",
    "run_parallel",
    "shown",
]
