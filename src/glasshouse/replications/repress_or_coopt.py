"""To repress or to co-opt: a small companion in closed form to Xu 2021 on digital surveillance."""

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from glasshouse.model.declarations import Column, Sum
from glasshouse.model.mechanism import Mechanism
from glasshouse.replications.replication import Chart, Line, Outcome, Replication, above, exactly, near
from glasshouse.replications.sandbox import Simulation, Snapshot, build_population
from glasshouse.results.estimate import Estimate

FINE = 1 << 40
"""Scale of the sums that the state plans with."""

HARM = 1.0
"""What a citizen loses by being repressed, whether radical or not; the transfer is counted in the same unit."""

SETTINGS = {"r .1": (0.1, 0.2, 0.5, 3.0), "r .05": (0.05, 0.1, 0.5, 3.0), "r .02": (0.02, 0.05, 1.0, 5.0)}
"""Share of radicals r, transfer b, cost of repressing one person k, and damage of a radical left alone D."""

SWITCHES = {"r .1": 0.78571, "r .05": 0.87500, "r .02": 0.97170}
"""Accuracy from which repression is the cheaper."""

CITIZENS, PLANNERS = 100_000, 1000
"""Citizens where signals are drawn, and where only the plan is looked at."""


class State(Mechanism):
    """A state that pays everybody off or represses those flagged, whichever it expects to be cheaper.

    A transfer b to everybody pacifies all. A signal says of each citizen what they are and is right with chance s; repression
    costs k a head, and a radical who is not flagged costs D:
    k (r s + (1-r) (1-s)) + r (1-s) D against b.
    """

    name: ClassVar[str] = "state"
    draws: ClassVar = ("signal",)
    columns: ClassVar = (
        Column("repressed", "u1", "yes or no", "is repressed"),
        Column("welfare", "f8", "money", "transfer less what repression takes", low=-10.0, high=10.0),
    )
    district_columns: ClassVar = (
        Column("represses", "u1", "yes or no", "the plan is to repress those flagged"),
        Column("planned", "u1", "yes or no", "a plan is made"),
    )
    sums: ClassVar = (
        Sum("citizens", "persons", "everybody"),
        Sum("flags", "persons", "flags that are to be expected", FINE),
        Sum("missed", "persons", "radicals who are to be expected without a flag", FINE),
        Sum("hit", "persons", "who is repressed"),
        Sum("innocent", "persons", "who is repressed and no radical"),
        Sum("transfers", "money", "paid to citizens", FINE),
        Sum("wellbeing", "money", "transfers less what repression takes", FINE),
    )

    @staticmethod
    def citizen(me, here, draw, add):
        # Tells what is to be expected of the signal; lives under the plan once there is one.
        if not me.present:
            return
        add("citizens")
        add("flags", here.accuracy if me.radical else 1.0 - here.accuracy)
        if me.radical:
            add("missed", 1.0 - here.accuracy)
        if not here.planned:
            return
        flagged = me.radical if draw("signal") < here.accuracy else not me.radical
        me.repressed = here.represses and flagged
        transfer = 0.0 if here.represses else here.transfer
        me.welfare = transfer - (HARM if me.repressed else 0.0)
        add("transfers", transfer)
        add("wellbeing", me.welfare)
        if me.repressed:
            add("hit")
            if not me.radical:
                add("innocent")

    @staticmethod
    def district(here, total):
        # Compares the bills.
        repression = here.cost * total.flags + here.damage * total.missed
        here.represses = repression < here.transfer * total.citizens
        here.planned = True


def states(setting: NDArray[np.float64], accuracy: NDArray[np.float64], citizens: int) -> Simulation:
    """Build a simulation of states; radicals come first.

    Parameters
    ----------
    setting : ndarray of float, shape (copies, 4)
        Rows of settings, as in `SETTINGS`.
    accuracy : ndarray of float, shape (copies,)
        Chance that a signal is right.
    citizens : int
        Citizens of each state.

    Returns
    -------
    Simulation
        The mechanism `State`, with one copy for each row.
    """
    radical = np.arange(citizens) < np.round(setting[:, :1] * citizens)
    _, transfer, cost, damage = setting.T
    places = {"accuracy": accuracy, "transfer": transfer, "cost": cost, "damage": damage}
    return Simulation(build_population({"radical": radical}, places=places), (State(),))


def switches() -> NDArray[np.float64]:
    """Find the accuracy at which each state changes its plan.

    Searches in three rounds, each a hundred times finer than the one before.

    Returns
    -------
    ndarray of float, shape (settings,)
        Accuracies.
    """
    settings = np.array(list(SETTINGS.values()))
    low, high = np.full(len(settings), 0.5), np.ones(len(settings))
    for _ in range(3):
        tried = np.linspace(low, high, 101, axis=1)
        plan = states(np.repeat(settings, 101, axis=0), tried.ravel(), PLANNERS).last(1, 0).places("represses")
        first = np.argmax(plan.reshape(tried.shape), axis=1)
        rows = np.arange(len(settings))
        low, high = tried[rows, first - 1], tried[rows, first]
    return (low + high) / 2


def outcomes(snapshot: Snapshot) -> dict[str, NDArray[np.float64]]:
    """Compute what happens to citizens.

    Parameters
    ----------
    snapshot : Snapshot
        State of all copies.

    Returns
    -------
    dict of str to ndarray
        Per head and by copy: repressed, innocent and repressed, transfers, and welfare.
    """
    names = ("hit", "innocent", "transfers", "wellbeing")
    return {name: snapshot.total(name) / snapshot.total("citizens") for name in names}


def _error(share: float, number: float) -> float:
    """Standard error of a share of that many."""
    return float((share * (1.0 - share) / number) ** 0.5)


R, AT = 0.1, SWITCHES["r .1"]
FLAGGED = R * AT + (1.0 - R) * (1.0 - AT)
INNOCENT = (1.0 - R) * (1.0 - AT)
POOR, GOOD = 0.7, 0.85
"""Accuracies below and above the switch of the first setting."""


class RepressOrCoopt(Replication):
    """A state that sees better stops paying everybody off and represses those whom it takes for radicals.

    This is a companion in closed form and not Xu's model, of which only the abstract could be read: it holds the engine to
    the abstract's directions, and to numbers that follow from assumptions of our own. Beyond the switch, more accuracy
    lowers repression again, since fewer innocent people are flagged.
    """

    name: ClassVar[str] = "repress-or-coopt"
    title: ClassVar[str] = "To repress or to co-opt: a companion"
    citation: ClassVar[str] = (
        "X. Xu, “To Repress or to Co-opt? Authoritarian Control in the Age of Digital Surveillance”, American Journal of "
        "Political Science 65(2), 2021, 309-325 (directions only)"
    )
    equations: ClassVar[str] = (
        "transfer: b a head;  repression: k (r s + (1-r) (1-s)) + r (1-s) D a head;  the cheaper is chosen\n"
        "repression from s* = (k (1-r) + r D - b) / (k (1-2r) + r D) on\n"
        "welfare: the transfer, less 1 for who is repressed"
    )
    confidence: ClassVar[str] = "directions: from the abstract; numbers: derived from a model of our own"
    targets: ClassVar = (
        *(near(f"T8 switch {name}", f"accuracy from which the state represses, {name}", s, 6e-6,
               "derived: s*, as many digits as are given") for name, s in SWITCHES.items()),
        near("T8 innocent", "innocent among the repressed at the switch", INNOCENT / FLAGGED,
             3 * _error(INNOCENT / FLAGGED, CITIZENS * FLAGGED), "derived: 71 %; three standard errors of 100,000 citizens"),
        near("T8 hit innocent", "innocent and repressed at the switch, of everybody", INNOCENT,
             3 * _error(INNOCENT, CITIZENS), "derived: 19 %; three standard errors"),
        near("T8 transfer lost", "transfer a head that goes at the switch", 0.2, 1e-6, "derived: b, from everybody at once"),
        above("T8.a repression", f"rise of repression, accuracy {POOR} to {GOOD}", 0.1, "abstract: it rises; derived: .22"),
        above("T8.a transfers", f"fall of transfers, accuracy {POOR} to {GOOD}", 0.1, "abstract: they fall; derived: .2"),
        above("T8.a welfare", f"fall of welfare, accuracy {POOR} to {GOOD}", 0.1,
              "abstract: citizens are worse off; derived: .42, and .2 if repression harmed nobody"),
    )  # fmt: skip

    def simulate(self, seed: int) -> Outcome:
        # The switches, both sides of one, and the first setting over all accuracies.
        found = {f"T8 switch {name}": exactly(s) for name, s in zip(SETTINGS, switches(), strict=True)}
        found |= self._around(seed)
        return Outcome(found, (self._chart(seed),))

    @staticmethod
    def _around(seed: int) -> dict[str, Estimate]:
        """Just below and just above the switch of the first setting, and well below and above it."""
        accuracy = np.array([AT - 1e-5, AT + 1e-5, POOR, GOOD])
        setting = np.tile(SETTINGS["r .1"], (4, 1))
        a_head = outcomes(states(setting, accuracy, CITIZENS).last(2, seed))
        hit, innocent, transfers, welfare = a_head.values()
        found = {
            "T8 innocent": innocent[1] / hit[1],
            "T8 hit innocent": innocent[1],
            "T8 transfer lost": transfers[0] - transfers[1],
            "T8.a repression": hit[3] - hit[2],
            "T8.a transfers": transfers[2] - transfers[3],
            "T8.a welfare": welfare[2] - welfare[3],
        }
        return {name: exactly(value) for name, value in found.items()}

    @staticmethod
    def _chart(seed: int) -> Chart:
        """The first setting at accuracies from a coin's to a sure one."""
        accuracy = np.linspace(0.5, 1.0, 101)
        setting = np.tile(SETTINGS["r .1"], (len(accuracy), 1))
        hit, innocent, transfers, welfare = outcomes(states(setting, accuracy, 10_000).last(2, seed)).values()
        lines = (
            Line("repressed", accuracy, hit, "steps"),
            Line("of them innocent", accuracy, innocent, "steps"),
            Line("transfers", accuracy, transfers, "steps"),
            Line("welfare", accuracy, welfare, "steps"),
            Line("switch, derived", np.array([AT, AT]), np.array([welfare.min(), hit.max()]), published=True),
        )
        caption = (
            "Up to an accuracy of 0.786 everybody is paid; from there on nobody is, and those flagged are repressed, most of "
            "them innocent. More accuracy still spares the innocent."
        )
        return Chart("What a state that sees better does", "accuracy of the signal", "a head", lines, caption)
