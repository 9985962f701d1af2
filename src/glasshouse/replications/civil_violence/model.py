"""Epstein 2002 on civil violence: bursts of rebellion, and how much of them hangs on how one ratio is rounded."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from glasshouse.model.mechanism import Mechanism
from glasshouse.replications.civil_violence.rules import (
    EVEN,
    FLOOR,
    LITERAL,
    PaperRules,
    independent,
    lattice,
    offsets,
    scattered,
    town,
)
from glasshouse.replications.civil_violence.variants import MesaRules, NetLogoRules
from glasshouse.replications.replication import Chart, Line, Outcome, Replication, Target, above, exactly, near, shown
from glasshouse.replications.sandbox import Simulation, Ties, run_parallel
from glasshouse.results import estimate
from glasshouse.results.estimate import Estimate
from glasshouse.rng import derive

Figures = Mapping[str, NDArray[np.float64]]
Found = dict[str, Estimate]

SIDE, DENSITY = 40, 0.7
VIEWS = {"disc": (49.0, 0), "beside": (2.89, 0), "diamond": (0.0, 7)}
"""Who is in view: a vision of 7, of 1.7, and of 7 in Mesa, where it is counted in steps."""

LIFE = 1e9
"""Longest sentence where it has no end."""

ROUNDINGS = {"literal": LITERAL, "floor": FLOOR, "even": EVEN}
CHANGE, SOON, SALAMI = 77, 10, 147
"""Runs 3 and 4: when legitimacy begins to fall, the ticks then compared first, and when the salami is eaten."""

WITHDRAWN = (50, 550)
"""Run 5: between which ticks the cops are withdrawn one by one."""


@cache
def ties(view: str) -> Ties:
    """The ties of sites with those in view."""
    return lattice(SIDE, offsets(*VIEWS[view]))


@dataclass(frozen=True)
class Setup:
    """Rules and the town that they are played in; `cops` is their density."""

    rules: Mechanism
    view: str = "disc"
    cops: float = 0.04
    own: bool = False
    drawn: bool = False
    withdrawing: bool = False

    def play(self, seed: int) -> Simulation:
        """The play of one seed: exact numbers of citizens and cops, or (`drawn`) each site by chance."""
        sites = (independent if self.drawn else scattered)(SIDE, DENSITY, self.cops, seed)
        leaves = withdrawals(int((sites == 2).sum())) if self.withdrawing else None
        return Simulation(town(sites, ties(self.view), seed, leaves, own=self.own), (self.rules,), "sequential")

    def played(self, seed: int, number: int, ticks: int) -> "Histories":
        """So many plays of so many ticks each; the same seed lays out the same towns in every set-up."""
        seeds = [derive(seed, "civil-violence", k) for k in range(number)]
        active, jailed, arrests = run_parallel(self.play, ticks + 1, seeds, ("active", "jailed", "arrests"))[:, :, 1:]
        return Histories(active.cumsum(axis=1), jailed.cumsum(axis=1), arrests)


def withdrawals(cops: int) -> NDArray[np.int64]:
    """The tick in which each cop goes, evenly from first to last."""
    first, last = WITHDRAWN
    found: NDArray[np.int64] = first + (last - first) * np.arange(1, cops + 1) // cops
    return found


@dataclass(frozen=True)
class Histories:
    """What a set-up gave, (seeds, ticks) from tick 1: who is active, who is in jail, and the arrests of each tick."""

    active: NDArray[np.float64]
    jailed: NDArray[np.float64]
    arrests: NDArray[np.float64]

    def figures(self) -> Figures:
        """For each seed: outbursts, waits and activation with their spread, peaks, and the level of all ticks."""
        every = [np.array(list(outbursts(line)), float).reshape(-1, 4) for line in self.active]
        waits = [found[1:, 0] - found[:-1, 1] for found in every]
        return {
            "outbursts": np.array([float(len(found)) for found in every]),
            "wait": np.array([_mean(found) for found in waits]),
            "spread of waits": np.array([_spread(found) for found in waits]),
            "activation": np.array([_mean(found[:, 2]) for found in every]),
            "spread of activation": np.array([_spread(found[:, 2]) for found in every]),
            "peak": np.array([_mean(found[:, 3]) for found in every]),
            "largest": self.active.max(axis=1),
            "mean": self.active.mean(axis=1),
            "calm": (self.active < 10).mean(axis=1),
            "jailed": self.jailed.mean(axis=1),
        }

    def waits(self) -> NDArray[np.float64]:
        """All waits between outbursts, of all seeds, from the shortest to the longest."""
        every = [np.array(list(outbursts(line)), float).reshape(-1, 4) for line in self.active]
        return np.sort(np.concatenate([found[1:, 0] - found[:-1, 1] for found in every]))


def outbursts(active: NDArray[np.float64]) -> Iterator[tuple[int, int, float, float]]:
    """Each outburst: its first tick, the first tick after it, activation (sum of actives) and peak.

    It begins when more than 50 are active and ends when fewer are; one that the end cuts off counts as it is.
    """
    begun = -1
    for tick, number in enumerate(np.append(active, 0.0)):
        if begun < 0 and number > 50.0:
            begun = tick
        elif begun >= 0 and number < 50.0:
            yield begun, tick, float(active[begun:tick].sum()), float(active[begun:tick].max())
            begun = -1


def _mean(values: NDArray[np.float64]) -> float:
    return float(values.mean()) if len(values) else float("nan")


def _spread(values: NDArray[np.float64]) -> float:
    return float(values.std(ddof=1)) if len(values) > 1 else float("nan")


def run_2(rounding: float) -> Setup:
    """The paper's run 2: bursts."""
    return Setup(PaperRules(rounding=rounding))


RUN_1 = Setup(PaperRules(reach=2.89, moving=False, before=0.89, longest=15.0), "beside")
NETLOGO = Setup(NetLogoRules(), own=True)
MESA_APP = Setup(MesaRules(), "diamond", drawn=True)
MESA_CLASS = Setup(MesaRules(legitimacy=0.8, longest=1000.0), "diamond", 0.074, drawn=True)


def falling(rounding: float, jump: float, slope: float) -> Setup:
    """The paper's runs 3 and 4: legitimacy of 0.9 falls to 0.2 slice by slice, or to 0.7 at once."""
    rules = PaperRules(
        rounding=rounding, before=0.9, since=float(CHANGE), jump=jump, slope=slope, least=0.2, longest=LIFE
    )
    return Setup(rules, cops=0.074)


def tipping(rounding: float) -> Setup:
    """The paper's run 5: cops are withdrawn one by one."""
    return Setup(PaperRules(rounding=rounding, before=0.8, longest=LIFE), cops=0.074, withdrawing=True)


SIZES = {"run 2": (20, 3000), "run 1": (20, 700), "fall": (30, SALAMI), "run 5": (20, 600), "app": (240, 300),
         "class": (30, 300)}  # fmt: skip
"""Seeds and ticks of each set-up."""

OURS, HOW = "measured by two independent programs, which agree", "20 seeds of 3000 ticks: four standard errors or more"
SAME = "the same relative width as for the paper's rules"
MESA_WHY = "measured on Mesa 3.3.1 (32 seeds) and an independent program (160 seeds): two standard errors of both"
TABLE = "printed in the paper; nobody is known to have found it again, so it is not judged"


def targets() -> tuple[Target, ...]:
    """All figures, those that are judged first."""
    return (
        near("T2.a", "outbursts in all plays, literal C/A, run 2", 0.0, 0.0, f"{OURS}; exact"),
        near("T2.b outbursts", "outbursts in 3000 ticks, floor, run 2", 111.0, 6.0, f"{OURS}; {HOW}"),
        near("T2.b wait", "mean wait between outbursts", 21.4, 1.5, f"{OURS}; {HOW}", "ticks"),
        near("T2.b activation", "active citizens added up over an outburst", 812.0, 100.0, f"{OURS}; {HOW}"),
        near("T2.b calm", "ticks with fewer than 10 active", 0.643, 0.03, f"{OURS}; {HOW}", "share"),
        near("T2.c outbursts", "outbursts in 3000 ticks, NetLogo's rules", 103.0, 5.5, f"{OURS}; {SAME}"),
        near("T2.c wait", "mean wait between outbursts", 22.6, 1.58, f"{OURS}; {SAME}", "ticks"),
        near("T2.c activation", "active citizens added up over an outburst", 1142.0, 140.0, f"{OURS}; {SAME}"),
        near("T2.c' outbursts", "outbursts in 300 ticks, Mesa's rules, values of its app", 6.4, 0.8, MESA_WHY),
        near("T2.c' largest", "largest number active", 180.0, 25.0, MESA_WHY, "persons"),
        near("T2.c' calm", "ticks with fewer than 10 active", 0.51, 0.04, MESA_WHY, "share"),
        near("T2.c' jailed", "in jail on average", 217.0, 12.0, MESA_WHY, "persons"),
        Target("T2.c''", "plays of 30 with an outburst, Mesa's class defaults", 0.0, (0.0, 1.0),
               "none in 30 plays of Mesa 3.3.1; at most one"),
        above("T2.d tips", "plays of 20 that tip, floor, run 5", 19.0, "20 of 20 measured independently; at least 19"),
        near("T2.d cops", "cops left of 118 when most are active", 87.0, 10.0, "measured independently", "cops"),
        above("T2.e", "plays of 30 in which the jump has the larger peak within 10 ticks, floor", 28.0,
              "30 of 30 measured independently; at least 28"),
        *not_judged(),
    )  # fmt: skip


def not_judged() -> tuple[Target, ...]:
    """What is put beside ours: the paper's own figures for run 2, and what other programs found under other roundings."""
    other = "measured by an independent program; not judged"
    none = "no figure for this rounding; shown because the result hangs on it"
    return (
        shown("wait 60", "the paper's mean wait, beside ours with the floor", 60.0, TABLE, "ticks"),
        shown("spread of waits 55", "the paper's spread of waits", 55.0, TABLE, "ticks"),
        shown("activation 708", "the paper's activation of an outburst", 708.0, TABLE),
        shown("spread of activation 230", "the paper's spread of activation", 230.0, TABLE),
        shown("literal largest", "largest number active, literal C/A", 21.0, other, "persons"),
        shown("even outbursts", "outbursts in 3000 ticks, C/A to the nearest", 92.2, other),
        shown("even wait", "mean wait between outbursts", 28.6, other, "ticks"),
        shown("even activation", "active citizens added up over an outburst", 397.0, other),
        shown("floor jailed", "in jail on average, floor", 250.0, other, "persons"),
        shown("NetLogo jailed", "in jail on average, NetLogo's rules", 241.0, other, "persons"),
        shown("run 1 active", "active on average where only cops move, vision 1.7, floor", 52.0, other, "persons"),
        shown("run 1 largest", "largest number active", 63.0, other, "persons"),
        shown("run 1 jailed", "in jail on average", 24.0, other, "persons"),
        *(
            shown(f"{how} {what}", f"{said}, {how}", published.get(how), other if how in published else none)
            for what, said, published in (
                ("salami", "largest number active within 10 ticks, legitimacy falling by 0.01 a tick",
                 {"floor": 1.0, "literal": 1.0}),
                ("jump", "the same, legitimacy falling to 0.7 at once", {"floor": 32.5, "literal": 10.7}),
                ("salami arrests", "arrests within 10 ticks, salami", {"floor": 22.0, "literal": 22.0}),
                ("jump arrests", "arrests within 10 ticks, jump", {"floor": 124.0, "literal": 74.0}),
                ("salami arrests to 147", "arrests to the end of the salami, salami", {"floor": 383.0, "literal": 334.0}),
                ("jump arrests to 147", "arrests to the end of the salami, jump", {"floor": 207.0, "literal": 74.0}),
                ("jump larger", "plays of 30 in which the jump has the larger peak", {"floor": 30.0, "literal": 30.0}),
                ("tips", "plays of 20 of run 5 that tip", {"floor": 20.0, "literal": 0.0}),
                ("tipping largest", "largest number active in run 5", {"floor": 232.0, "literal": 25.0}),
            )
            for how in ROUNDINGS
        ),
    )  # fmt: skip


class CivilViolence(Replication):
    """A town of citizens who rebel when grievance outweighs the risk of arrest, and of cops who arrest them.

    The paper's text takes C/A as it is; then nothing ever breaks out. Bursts need C/A in whole numbers, and how many, how
    large and how far apart they are hangs on how it is rounded and on details of the rules, so all are played.
    """

    name: ClassVar[str] = "civil-violence"
    title: ClassVar[str] = "Modeling civil violence"
    citation: ClassVar[str] = (
        "J. M. Epstein, “Modeling civil violence: An agent-based computational approach”, PNAS 99 (suppl. 3), 2002, "
        "7243-7250; U. Wilensky, “NetLogo Rebellion model”, 2004; Mesa 3.3.1, example epstein_civil_violence"
    )
    equations: ClassVar[str] = (
        "grievance G = H (1 - L);  arrest estimate P = 1 - exp(-2.3 q(C/A));  active if G - R P > 0.1\n"
        "H, R ~ U(0, 1);  L legitimacy;  C cops in view, A active citizens in view and oneself\n"
        "q(x) = x (literal, as in the text), the whole number below (floor), or the nearest, halves to the even one\n"
        "one after the other in random order: move to a random free site in view, then act (citizens) or arrest a random\n"
        "active citizen in view for 1 to Jmax ticks (cops); torus of 40 x 40, 1120 citizens, vision 7\n"
        "an outburst begins when more than 50 are active and ends when fewer are; its activation is the sum of actives;\n"
        "a wait runs from one's end to the next one's beginning"
    )
    confidence: ClassVar[str] = (
        "the paper's table and figures: a transcription; the bands: two independent programs of the paper's and NetLogo's "
        "rules, and Mesa's own program"
    )
    targets: ClassVar = targets()
    differs: ClassVar = dict.fromkeys(
        ("wait 60", "spread of waits 55", "activation 708", "spread of activation 230"),
        "No program known to us gives the paper's figures for run 2, whichever way C/A is rounded: the program behind them "
        "must have had rules that the text does not tell. Model II of the paper (two groups, runs 6 to 8) is not played.",
    )
    brief: ClassVar[bool] = False

    def play(self, seed: int) -> Outcome:
        """All runs of model I, under the paper's rules with each rounding, NetLogo's and Mesa's."""
        second = {how: run_2(q).played(seed, *SIZES["run 2"]) for how, q in ROUNDINGS.items()}
        found = bursting(second) | programs(seed)
        charts = [waiting(second["floor"]), course(second)]
        for how, q in ROUNDINGS.items():
            salami, jump = (falling(q, *way).played(seed, *SIZES["fall"]) for way in ((0.0, 0.01), (0.2, 0.0)))
            found |= compared(how, salami, jump)
            fifth = tipping(q).played(seed, *SIZES["run 5"])
            found |= tipped(how, fifth)
            if how == "floor":
                charts += [falls(salami, jump), withdrawal(fifth)]
        found["T2.e"], found["T2.d tips"] = found["floor jump larger"], found["floor tips"]
        return Outcome(found, tuple(charts))


def bursting(second: Mapping[str, Histories]) -> Found:
    """The figures of run 2 under the paper's rules."""
    literal, floor, even = (second[how].figures() for how in ROUNDINGS)
    found = {
        f"T2.b {name}": estimate.from_replicates(floor[name]) for name in ("outbursts", "wait", "activation", "calm")
    }
    found |= {f"even {name}": estimate.from_replicates(even[name]) for name in ("outbursts", "wait", "activation")}
    return found | {
        "T2.a": exactly(literal["outbursts"].sum()),
        "literal largest": estimate.from_replicates(literal["largest"]),
        "floor jailed": estimate.from_replicates(floor["jailed"]),
        "wait 60": found["T2.b wait"],
        "spread of waits 55": estimate.from_replicates(floor["spread of waits"]),
        "activation 708": found["T2.b activation"],
        "spread of activation 230": estimate.from_replicates(floor["spread of activation"]),
    }


def programs(seed: int) -> Found:
    """The figures of NetLogo's and Mesa's rules, and of run 1."""
    netlogo = NETLOGO.played(seed, *SIZES["run 2"]).figures()
    app, quiet = MESA_APP.played(seed, *SIZES["app"]).figures(), MESA_CLASS.played(seed, *SIZES["class"]).figures()
    first = RUN_1.played(seed, *SIZES["run 1"])
    found = {f"T2.c {name}": estimate.from_replicates(netlogo[name]) for name in ("outbursts", "wait", "activation")}
    found |= {
        f"T2.c' {name}": estimate.from_replicates(app[name]) for name in ("outbursts", "largest", "calm", "jailed")
    }
    return found | {
        "T2.c''": exactly((quiet["outbursts"] > 0).sum()),
        "NetLogo jailed": estimate.from_replicates(netlogo["jailed"]),
        "run 1 active": estimate.from_replicates(first.active[:, 100:].mean(axis=1)),
        "run 1 largest": estimate.from_replicates(first.active[:, 100:].max(axis=1)),
        "run 1 jailed": estimate.from_replicates(first.jailed[:, 100:].mean(axis=1)),
    }


def compared(how: str, salami: Histories, jump: Histories) -> Found:
    """Runs 3 and 4 beside one another."""
    soon, whole = slice(CHANGE - 1, CHANGE - 1 + SOON), slice(CHANGE - 1, SALAMI)
    peaks = [one.active[:, soon].max(axis=1) for one in (salami, jump)]
    found = {f"{how} jump larger": exactly((peaks[1] > peaks[0]).sum())}
    for name, one, peak in (("salami", salami, peaks[0]), ("jump", jump, peaks[1])):
        found[f"{how} {name}"] = estimate.from_replicates(peak)
        found[f"{how} {name} arrests"] = estimate.from_replicates(one.arrests[:, soon].sum(axis=1))
        found[f"{how} {name} arrests to 147"] = estimate.from_replicates(one.arrests[:, whole].sum(axis=1))
    return found


def tipped(how: str, fifth: Histories) -> Found:
    """Run 5: whether more than 50 are ever active, and how many cops are left when most are."""
    largest = fifth.active.max(axis=1)
    found = {
        f"{how} tips": exactly((largest > 50.0).sum()),
        f"{how} tipping largest": estimate.from_replicates(largest),
    }
    if how == "floor":
        found["T2.d cops"] = estimate.from_replicates(left(fifth.active.argmax(axis=1) + 1))
    return found


def left(ticks: NDArray[np.int64]) -> NDArray[np.float64]:
    """Cops that run 5 has left in these ticks."""
    return np.array([float((withdrawals(118) > tick).sum()) for tick in ticks])


def course(second: Mapping[str, Histories]) -> Chart:
    """The paper's picture of run 2: who is active, tick by tick, here under each rounding."""
    ticks = np.arange(1.0, 301.0)
    return Chart(
        "Active citizens in run 2, one play under each rounding of C/A",
        "tick",
        "active citizens",
        tuple(Line(how, ticks, one.active[0, :300]) for how, one in second.items()),
        "With the floor, rebellion breaks out every twenty-odd ticks; rounded to the nearest number bursts are smaller; "
        "with C/A as it is, as the paper's text has it, nothing happens.",
    )


def waiting(floor: Histories) -> Chart:
    """The paper's picture of waits, whose logarithm falls by about 0.07 a tick beyond 30."""
    waits = floor.waits()
    longer = 1.0 - np.arange(1.0, len(waits) + 1.0) / (len(waits) + 1.0)
    beyond = np.arange(30.0, 81.0)
    return Chart(
        "How long one waits for the next outburst",
        "ticks",
        "share of waits that are longer",
        (
            Line("Glasshouse, floor", waits, longer, "steps"),
            Line("published slope beyond 30", beyond, 0.93 ** (beyond - 30.0), published=True),
        ),
        "Our waits are shorter and much more regular than the published ones, whose mean is 60 and spread 55.",
        log_y=True,
    )


def falls(salami: Histories, jump: Histories) -> Chart:
    """Runs 3 and 4: actives around the fall of legitimacy, means over plays."""
    ticks = np.arange(60.0, SALAMI + 1.0)
    return Chart(
        "Active citizens as legitimacy falls in slices or at once, floor, mean of 30 plays",
        "tick",
        "active citizens",
        tuple(Line(name, ticks, one.active[:, 59:].mean(axis=0)) for name, one in (("slices", salami), ("jump", jump))),
        "A fall to 0.7 at once brings a spike within ticks; in slices nothing happens until legitimacy is far lower.",
    )


def withdrawal(fifth: Histories) -> Chart:
    """Run 5: one play, and the cops that are left."""
    ticks = np.arange(1, fifth.active.shape[1] + 1)
    return Chart(
        "Active citizens as cops are withdrawn, floor, one play",
        "tick",
        "persons",
        (
            Line("active", ticks.astype(float), fifth.active[0]),
            Line("cops left", ticks.astype(float), left(ticks), "steps"),
        ),
        "For a long while nothing happens; then, with most of the cops still there, the town tips.",
    )
