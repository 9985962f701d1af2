"""Published models that the engine plays: the catalogue."""

from difflib import get_close_matches

from glasshouse.errors import ScenarioError
from glasshouse.replication import Replication
from glasshouse.replications.dissent_and_censorship import DissentAndCensorship
from glasshouse.replications.granovetter import Granovetter
from glasshouse.replications.kuran import Kuran
from glasshouse.replications.spiral_of_silence import SpiralWithBots

CATALOGUE: tuple[type[Replication], ...] = (Granovetter, Kuran, SpiralWithBots, DissentAndCensorship)
"""Every replication, in the order in which pages list them."""


def find(name: str) -> type[Replication]:
    """The replication of that name; ScenarioError names the nearest where there is none."""
    known = {one.name: one for one in CATALOGUE}
    if name in known:
        return known[name]
    nearest = get_close_matches(name, known, 1)
    advice = f"Did you mean {nearest[0]}?" if nearest else "«glasshouse replicate» lists them."
    raise ScenarioError(f"There is no replication called {name!r}. {advice}")
