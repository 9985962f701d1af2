"""Linkage errors: records that belong to others, and what they do to a slope, to sanctions and to names on a list."""

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from glasshouse.replications.linkage_errors.mechanisms import (
    LINKED,
    LISTED,
    LISTS,
    POSTS,
    ROOMS,
    SLOPE,
    TRAVELLERS,
    BorderPost,
    Charge,
    Link,
    Room,
)
from glasshouse.replications.linkage_errors.targets import (
    CASES,
    CHARGED,
    IDENTITIES,
    LINKS,
    MISDIRECTED,
    WEEKS,
    targets,
)
from glasshouse.replications.replication import Chart, Line, Outcome, Replication, exactly
from glasshouse.replications.sandbox import Simulation, build_population, generator
from glasshouse.results import estimate
from glasshouse.results.estimate import Estimate


class LinkageErrors(Replication):
    """Records linked to the wrong person: slopes flatten, sanctions go astray, and strangers are taken for the listed."""

    name: ClassVar[str] = "linkage-errors"
    title: ClassVar[str] = "Linkage errors: whose record is it"
    citation: ClassVar[str] = (
        "J. Neter, E. S. Maynes, R. Ramanathan, “The Effect of Mismatching on the Measurement of Response Errors”, Journal "
        "of the American Statistical Association 60, 1965, 1005-1027"
    )
    equations: ClassVar[str] = (
        "slope among linked records: slope (t - (1-t)/(n-1));  R² t²\n"
        "an innocent person is charged with chance h = 1 - exp(-p (1-t));  innocent among the charged: "
        "(1-p) h / ((1-p) h + p (1 - (1-t) exp(-p (1-t))))\n"
        "taken for one of m listed, k identities: 1 - (1 - 1/k)^m"
    )
    confidence: ClassVar[str] = "all derived"
    targets: ClassVar = targets()

    def simulate(self, seed: int) -> Outcome:
        # Links, charges, lists and birthdays.
        found = {f"{case.name} formula": exactly(case.value) for case in CASES}
        rights = np.linspace(0.1, 1.0, 10)
        slopes, fits = _links(seed, rights)
        for t in LINKS:
            at = int(np.argmin(np.abs(rights - t)))
            found |= {f"T10.f slope {t:g}": exactly(slopes[at]), f"T10.f R2 {t:g}": exactly(fits[at])}
        shares = _charges(seed)
        found |= {f"T10.g {p:g}, {t:g}": one for (p, t), one in zip(MISDIRECTED, shares, strict=True)}
        for k in IDENTITIES:
            found[f"T10.h {k}"] = _listed(seed, k)
        rooms = Simulation(build_population({"weight": np.ones((1, ROOMS), np.uint8)}), (Room(),)).last(1, seed)
        found["T10.h birthdays"] = estimate.from_replicates(rooms.agents("shared")[0].astype(float))
        lines = (
            Line("slope", rights, slopes, "points"),
            Line("R²", rights, fits, "points"),
            Line("slope, formula", rights, SLOPE * rights, published=True),
            Line("R², formula", rights, 0.8 * rights**2, published=True),
        )
        caption = "The slope falls in proportion to the share of right links, and R² with its square."
        chart = Chart("A line through linked records", "share of links that are right", "slope; R²", lines, caption)
        return Outcome(found, (chart,))


def _links(seed: int, rights: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Slope and R² by the share of right links, from sums alone."""
    drawn = generator(seed, "linkage-errors", "links")
    traits = {name: drawn.normal(size=(len(rights), LINKED)) for name in ("x", "noise")}
    places = {"right": rights, "persons": np.full(len(rights), LINKED)}
    snapshot = Simulation(build_population(traits, places=places), (Link(),), "sequential").last(1, seed)
    x, y, xx, xy, yy = (snapshot.total(name) / LINKED for name in ("x", "y", "xx", "xy", "yy"))
    both, of_x, of_y = xy - x * y, xx - x * x, yy - y * y
    return both / of_x, both**2 / (of_x * of_y)


def _charges(seed: int) -> list[Estimate]:
    """Share of the innocent among the charged, by case."""
    rates, rights = np.array(list(MISDIRECTED)).T
    places = {"rate": rates, "right": rights, "persons": np.full(len(rates), CHARGED)}
    people = {"weight": np.ones((len(rates), CHARGED), np.uint8)}
    simulation = Simulation(build_population(people, places=places), (Charge(),))
    sums = simulation.history(WEEKS + 1, seed, ["sanctioned", "misdirected"])
    weekly = sums["misdirected"][1:] / sums["sanctioned"][1:]
    return [estimate.from_replicates(weekly[:, case]) for case in range(len(rates))]


def _listed(seed: int, identities: int) -> Estimate:
    """Share of travellers who are taken for somebody listed, over lists drawn anew."""
    entries = generator(seed, "linkage-errors", "lists", identities).integers(0, identities, (LISTS, LISTED))
    listed = np.concatenate([np.sort(entries, axis=1), np.full((LISTS, POSTS), -1)], axis=1)
    places = {"identities": np.full(LISTS, identities)}
    snapshot = Simulation(build_population({"listed": listed}, places=places), (BorderPost(),), "sequential").last(
        1, seed
    )
    return estimate.from_replicates(snapshot.total("taken") / (POSTS * TRAVELLERS))
