"""Watts (2002): when a random network lets a few adopters start a global cascade."""

from typing import ClassVar

import numpy as np
from scipy.stats import binom, poisson

from glasshouse.model import Column, Mechanism, Signal, Sum, param
from glasshouse.replications import (
    Chart,
    Line,
    Outcome,
    Replication,
    Simulation,
    build_population,
    from_replicates,
    generator,
    near,
)

PEOPLE, NETWORKS = 10_000, 4
THRESHOLD, SEEDS = 0.18, 0.005
LINKS = (2.0, 3.0, 4.0, 5.0, 8.0)


class Adoption(Mechanism):
    """A person adopts once the share of contacts who have adopted reaches the threshold, and never goes back.

    Watts (2002), Proceedings of the National Academy of Sciences 99, 5766-5771.
    """

    name = "adoption"
    columns = (Column("adopted", "u1", "yes or no", "has adopted"),)
    signals = (Signal("visible", "had adopted by this week"),)
    sums = (Sum("adopters", "persons", "who have adopted"),)

    threshold: float = param(
        THRESHOLD, "Share of contacts.", unit="share", bounds=(0.0, 1.0), source="Watts 2002", role="uncertainty"
    )

    @staticmethod
    def citizen(me, p, contacts, add, week):
        """The first adopters begin in week 0; all others compare their contacts with the threshold."""
        if week == 0 and me.first:
            me.adopted = True
        if week > 0 and me.present and me.links > 0 and contacts.visible >= p.threshold * me.links:
            me.adopted = True
        me.visible = me.adopted
        if me.adopted:
            add("adopters")


def expected_size(links):
    """Share of adopters in an infinite network (Gleeson and Cahalane 2007, Physical Review E 75, 056103)."""
    contacts = np.arange(1, 60)
    share = poisson.pmf(contacts, links)
    needed = np.ceil(THRESHOLD * contacts - 1e-9)
    reached, before = SEEDS, 0.0
    while abs(reached - before) > 1e-9:
        # Somebody who is reached over one of their links needs enough adopters among the other contacts.
        adopting = binom.sf(needed - 1, contacts - 1, reached)
        before, reached = reached, SEEDS + (1.0 - SEEDS) * np.sum(contacts / links * share * adopting)
    return float(SEEDS + (1.0 - SEEDS) * np.sum(share * binom.sf(needed - 1, contacts, reached)))


class WattsCascade(Replication):
    """Global cascades on random networks."""

    name: ClassVar[str] = "watts-cascade"
    title: ClassVar[str] = "A simple model of global cascades on random networks"
    citation: ClassVar[str] = (
        "D. J. Watts, “A simple model of global cascades on random networks”, Proceedings of the National Academy of "
        "Sciences 99, 2002, 5766-5771"
    )
    equations: ClassVar[str] = "a person with k contacts, m of whom have adopted, adopts if m / k >= 0.18"
    confidence: ClassVar[str] = "derived"
    targets: ClassVar = tuple(
        near(f"{links:g} links", f"adopters in the end, {links:g} links a person", expected_size(links), 0.01,
             "derived for infinite networks; .01 for networks of 10,000", "share")
        for links in LINKS
    )  # fmt: skip

    def simulate(self, seed):
        """Poisson networks with each mean number of links, 50 first adopters in each."""
        drawn = generator(seed, "watts-cascade")
        means = np.repeat(LINKS, NETWORKS)
        counts = drawn.poisson(means * PEOPLE / 2)
        network = np.repeat(np.arange(len(means)), counts)
        ends = drawn.integers(0, PEOPLE, (2, counts.sum()))
        links = np.zeros((len(means), PEOPLE), np.uint16)
        for end in ends:
            np.add.at(links, (network, end), 1)
        first = np.tile(np.arange(PEOPLE) < SEEDS * PEOPLE, (len(means), 1))
        population = build_population({"links": links, "first": first}, ties=(network, ends[0], ends[1]))
        adopters = Simulation(population, (Adoption(),)).last(150, seed).total("adopters")
        sizes = {links: from_replicates(adopters[means == links] / PEOPLE) for links in LINKS}
        found = {f"{links:g} links": size for links, size in sizes.items()}
        return Outcome(found, (self.chart(sizes),))

    @staticmethod
    def chart(sizes):
        """The share of adopters by the mean number of links."""
        grid = np.linspace(0.5, 8.0, 76)
        theory = Line("infinite network", grid, np.array([expected_size(x) for x in grid]), published=True)
        ours = np.array([size.mean for size in sizes.values()])
        said = "With few links and with many links nothing spreads; in between almost everybody adopts."
        lines = (theory, Line("Glasshouse", np.array(LINKS), ours, "points"))
        return Chart("Global cascades on random networks", "links a person", "share of adopters", lines, said)
