"""Linkage errors: records that belong to others, and what they do to a slope, to sanctions and to names on a list."""

from math import exp, sqrt
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from glasshouse.model.declarations import Column, Inbox, Sum
from glasshouse.model.mechanism import Mechanism
from glasshouse.replications.replication import Chart, ClosedForm, Line, Outcome, Replication, exactly
from glasshouse.replications.sandbox import Simulation, build_population, generator
from glasshouse.results import estimate
from glasshouse.results.estimate import Estimate

LINKED, SLOPE, NOISE = 100_000, 2.0, 1.0
"""Records linked, and the line that they follow: y = SLOPE x + NOISE e, with R^2 = 0.8."""

CHARGED, WEEKS = 200_000, 10
"""Persons among whom offences happen, and for how many weeks."""

POSTS, TRAVELLERS, LISTS, LISTED = 2048, 500, 8, 1000
"""Border posts to a list, travellers that each looks up, lists drawn, and entries of a list."""

ROOMS, GUESTS = 50_000, 23
"""Rooms, and the guests in each."""


class Link(Mechanism):
    """A person is linked to their own record with chance `right`, else to another person's (Neter et al. 1965)."""

    name: ClassVar[str] = "link"
    draws: ClassVar = ("right", "other")
    sums: ClassVar = tuple(Sum(name, "1", f"sum of {name}", 1 << 24) for name in ("x", "y", "xx", "xy", "yy"))

    @staticmethod
    def citizen(me, here, read, draw, add):
        """Adds up x of the person and y of the record."""
        if not me.present:
            return
        record = me.index
        if draw("right") >= here.right:
            other = int(draw("other") * (here.persons - 1))
            record += other - me.local_index + (1 if other >= me.local_index else 0)
        y = SLOPE * read("x", record) + NOISE * read("noise", record)
        add("x", me.x)
        add("y", y)
        add("xx", me.x * me.x)
        add("xy", me.x * y)
        add("yy", y * y)


class Charge(Mechanism):
    """An offence, of chance `rate` a week, is charged to the person who did it with chance `right`, else to any other person."""

    name: ClassVar[str] = "charge"
    draws: ClassVar = ("offence", "right", "other")
    columns: ClassVar = (Column("offended", "u1", "yes or no", "offended last week"),)
    inboxes: ClassVar = (Inbox("charges", "charges", "charges of last week's offences"),)
    sums: ClassVar = (
        Sum("sanctioned", "persons", "who is charged at least once"),
        Sum("innocent", "persons", "who did nothing"),
        Sum("misdirected", "persons", "who is charged and did nothing"),
    )

    @staticmethod
    def citizen(me, here, draw, add, send, week):
        """Last week's charges, then this week's offence."""
        if not me.present:
            return
        if week > 0:
            if me.charges > 0:
                add("sanctioned")
            if not me.offended:
                add("innocent")
                if me.charges > 0:
                    add("misdirected")
        me.offended = draw("offence") < here.rate
        if me.offended:
            charged = me.index
            if draw("right") >= here.right:
                other = int(draw("other") * (here.persons - 1))
                charged += other - me.local_index + (1 if other >= me.local_index else 0)
            send("charges", charged, 1)


class BorderPost(Mechanism):
    """Looks travellers up in a list in the order of identities, which agents with a local index below LISTED hold one each.

    A traveller has any of `identities` with equal chance, so that they are taken for somebody listed by accident alone.
    """

    name: ClassVar[str] = "border_post"
    draws: ClassVar = ("traveller",)
    sums: ClassVar = (Sum("taken", "travellers", "who is taken for somebody on the list"),)

    @staticmethod
    def citizen(me, here, read, draw, add):
        """Halves the list until one entry is left."""
        first = me.index - me.local_index
        traveller = 0
        while me.present and me.local_index >= LISTED and traveller < TRAVELLERS:
            identity = int(draw("traveller", traveller) * here.identities)
            low = 0
            high = LISTED - 1
            while low < high:
                middle = (low + high) // 2
                if read("listed", first + middle) < identity:
                    low = middle + 1
                else:
                    high = middle
            if read("listed", first + low) == identity:
                add("taken")
            traveller += 1


class Room(Mechanism):
    """A room of GUESTS, each born on any day of 365."""

    name: ClassVar[str] = "room"
    draws: ClassVar = ("birthday",)
    columns: ClassVar = (Column("shared", "u1", "yes or no", "two guests share a birthday"),)

    @staticmethod
    def citizen(me, draw):
        """Compares every two guests."""
        guest = 1
        while guest < GUESTS:
            day = int(365.0 * draw("birthday", guest))
            other = 0
            while other < guest:
                if int(365.0 * draw("birthday", other)) == day:
                    me.shared = True
                other += 1
            guest += 1


def stray(rate: float, right: float) -> float:
    """Chance that an innocent person is charged: 1 - exp(-p (1-t))."""
    return 1 - exp(-rate * (1 - right))


def innocents(rate: float, right: float) -> float:
    """Share of the innocent among the charged."""
    hit = stray(rate, right)
    return (1 - rate) * hit / ((1 - rate) * hit + rate * (1 - (1 - right) * exp(-rate * (1 - right))))


def share_error(share: float, number: float) -> float:
    """Standard error of a share of that many."""
    return sqrt(share * (1 - share) / number)


def taken(identities: float) -> float:
    """Chance that one of the listed has the traveller's identity: 1 - (1 - 1/k)^m."""
    return 1 - (1 - 1 / identities) ** LISTED


def list_error(identities: float) -> float:
    """Standard error of the share taken for somebody listed: sampling of travellers, and of lists with entries alike."""
    k, travellers = identities, LISTS * POSTS * TRAVELLERS
    none, neither = (1 - 1 / k) ** LISTED, (1 - 2 / k) ** LISTED
    different = k * none + k * (k - 1) * neither - (k * none) ** 2
    return sqrt(share_error(1 - none, travellers) ** 2 + max(different, 0.0) / k**2 / LISTS)


def slope_error(right: float) -> float:
    """Standard error of the slope: sampling of persons and of links, in which a wrong one leaves y - slope x as it is."""
    var = SLOPE**2 + NOISE**2
    own = 3 * (SLOPE * (1 - right)) ** 2 + NOISE**2
    other = var + 3 * (SLOPE * right) ** 2
    return sqrt((right * own + (1 - right) * other) / LINKED)


def fit_error(right: float) -> float:
    """Standard error of R^2, from the influence of each pair on the correlation."""
    whole = SLOPE**2 / (SLOPE**2 + NOISE**2)
    r = right * sqrt(whole)
    own = 1 + 2 * whole - 6 * r * sqrt(whole) + r**2 * (2 + whole)
    return 2 * r * sqrt((right * own + (1 - right) * (1 + 2 * r**2)) / LINKED)


def attenuated(right: float) -> float:
    """The slope among linked records: slope (t - (1-t) / (n-1))."""
    return SLOPE * (right - (1 - right) / (LINKED - 1))


LINKS = {0.9: (1.8, 0.648), 0.5: (1.0, 0.2)}
"""Share linked rightly, the slope, and R^2."""

MISDIRECTED = {(0.02, 0.95): 0.0490, (0.05, 0.9): 0.0952}
"""Offences, charges directed rightly, and the share of the innocent among the charged."""

IDENTITIES = {365 * 80: (0.03367, 5e-6), 10_000_000: (1.0e-4, 5e-7)}
"""Identities that there are, and the chance to be taken for somebody listed with its last digit."""

SHARED = 1.0 - float(np.prod(1.0 - np.arange(GUESTS) / 365.0))
"""Chance that two guests share a birthday."""

CASES = (
    *(ClosedForm(f"T10.f slope {t:g}", f"slope, {t:g} of the links right", slope, 5e-4, attenuated(t), slope_error(t),
                 "derived; Neter, Maynes and Ramanathan") for t, (slope, _) in LINKS.items()),
    *(ClosedForm(f"T10.f R2 {t:g}", f"R², {t:g} of the links right", fit, 5e-4, 0.8 * t**2, fit_error(t),
                 "derived; Neter, Maynes and Ramanathan") for t, (_, fit) in LINKS.items()),
    *(ClosedForm(f"T10.g {p:g}, {t:g}", f"innocent among the charged, offences {p:g}, rightly charged {t:g}", digits,
                 5e-5, innocents(p, t), share_error(innocents(p, t), CHARGED * WEEKS * p), "derived")
      for (p, t), digits in MISDIRECTED.items()),
    *(ClosedForm(f"T10.h {k}", f"taken for one of 1000 listed, {k:,} identities", digits, last, taken(k), list_error(k),
                 "derived") for k, (digits, last) in IDENTITIES.items()),
    ClosedForm("T10.h birthdays", "two of 23 guests share a birthday", 0.507297, 1e-6, SHARED, share_error(SHARED, ROOMS),
               "derived"),
)  # fmt: skip


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
    targets: ClassVar = tuple(target for case in CASES for target in case.targets())

    def simulate(self, seed: int) -> Outcome:
        """Links, charges, lists and birthdays."""
        found = {f"{case.name} formula": exactly(case.value) for case in CASES}
        rights = np.linspace(0.1, 1.0, 10)
        slopes, fits = self.links(seed, rights)
        for t in LINKS:
            at = int(np.argmin(np.abs(rights - t)))
            found |= {f"T10.f slope {t:g}": exactly(slopes[at]), f"T10.f R2 {t:g}": exactly(fits[at])}
        shares = self.charges(seed)
        found |= {f"T10.g {p:g}, {t:g}": one for (p, t), one in zip(MISDIRECTED, shares, strict=True)}
        for k in IDENTITIES:
            found[f"T10.h {k}"] = self.listed(seed, k)
        rooms = Simulation(build_population({"weight": np.ones((1, ROOMS), np.uint8)}), (Room(),)).last(1, seed)
        found["T10.h birthdays"] = estimate.from_replicates(rooms.agents("shared")[0].astype(float))
        lines = (
            Line("slope", rights, slopes, "points"),
            Line("R²", rights, fits, "points"),
            Line("slope, formula", rights, SLOPE * rights, published=True),
            Line("R², formula", rights, 0.8 * rights**2, published=True),
        )
        said = "The slope falls in proportion to the share of right links, and R² with its square."
        chart = Chart("A line through linked records", "share of links that are right", "slope; R²", lines, said)
        return Outcome(found, (chart,))

    @staticmethod
    def links(seed: int, rights: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Slope and R² by the share of right links, from sums alone."""
        drawn = generator(seed, "linkage-errors", "links")
        traits = {name: drawn.normal(size=(len(rights), LINKED)) for name in ("x", "noise")}
        places = {"right": rights, "persons": np.full(len(rights), LINKED)}
        snapshot = Simulation(build_population(traits, places=places), (Link(),), "sequential").last(1, seed)
        x, y, xx, xy, yy = (snapshot.total(name) / LINKED for name in ("x", "y", "xx", "xy", "yy"))
        both, of_x, of_y = xy - x * y, xx - x * x, yy - y * y
        return both / of_x, both**2 / (of_x * of_y)

    @staticmethod
    def charges(seed: int) -> list[Estimate]:
        """Share of the innocent among the charged, by case."""
        rates, rights = np.array(list(MISDIRECTED)).T
        places = {"rate": rates, "right": rights, "persons": np.full(len(rates), CHARGED)}
        people = {"weight": np.ones((len(rates), CHARGED), np.uint8)}
        simulation = Simulation(build_population(people, places=places), (Charge(),))
        sums = simulation.history(WEEKS + 1, seed, ["sanctioned", "misdirected"])
        weekly = sums["misdirected"][1:] / sums["sanctioned"][1:]
        return [estimate.from_replicates(weekly[:, case]) for case in range(len(rates))]

    @staticmethod
    def listed(seed: int, identities: int) -> Estimate:
        """Share of travellers who are taken for somebody listed, over lists drawn anew."""
        entries = generator(seed, "linkage-errors", "lists", identities).integers(0, identities, (LISTS, LISTED))
        listed = np.concatenate([np.sort(entries, axis=1), np.full((LISTS, POSTS), -1)], axis=1)
        places = {"identities": np.full(LISTS, identities)}
        snapshot = Simulation(build_population({"listed": listed}, places=places), (BorderPost(),), "sequential").last(
            1, seed
        )
        return estimate.from_replicates(snapshot.total("taken") / (POSTS * TRAVELLERS))
