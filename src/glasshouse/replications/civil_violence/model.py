"""Epstein 2002 on civil violence: bursts of rebellion, and how much of them depends on how one ratio is rounded."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from glasshouse.replications.civil_violence.simulations import (
    CHANGE,
    MESA_APP,
    MESA_CLASS,
    NETLOGO,
    ROUNDINGS,
    RUN_1,
    SALAMI,
    SIZES,
    SOON,
    Histories,
    falling,
    run_2,
    tipping,
    withdrawals,
)
from glasshouse.replications.civil_violence.targets import targets
from glasshouse.replications.replication import Chart, Line, Outcome, Replication, exactly
from glasshouse.results import estimate
from glasshouse.results.estimate import Estimate

Found = dict[str, Estimate]


class CivilViolence(Replication):
    """A town of citizens who rebel when grievance outweighs the risk of arrest, and of cops who arrest them.

    The paper's text takes C/A as it is; then nothing ever breaks out. Bursts need C/A in whole numbers, and how many, how
    large and how far apart they are hangs on how it is rounded and on details of the rules, so all are simulated.
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
        "must have had rules that the text does not tell. Model II of the paper (two groups, runs 6 to 8) is not simulated.",
    )
    brief: ClassVar[bool] = False

    def simulate(self, seed: int) -> Outcome:
        """All runs of model I, under the paper's rules with each rounding, NetLogo's and Mesa's."""
        second = {how: run_2(q).run(seed, *SIZES["run 2"]) for how, q in ROUNDINGS.items()}
        found = bursting(second) | programs(seed)
        charts = [waiting(second["floor"]), course(second)]
        for how, q in ROUNDINGS.items():
            salami, jump = (falling(q, *way).run(seed, *SIZES["fall"]) for way in ((0.0, 0.01), (0.2, 0.0)))
            found |= compared(how, salami, jump)
            fifth = tipping(q).run(seed, *SIZES["run 5"])
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
    netlogo = NETLOGO.run(seed, *SIZES["run 2"]).figures()
    app, quiet = MESA_APP.run(seed, *SIZES["app"]).figures(), MESA_CLASS.run(seed, *SIZES["class"]).figures()
    first = RUN_1.run(seed, *SIZES["run 1"])
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
        "Active citizens in run 2, one simulation under each rounding of C/A",
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
    """Runs 3 and 4: actives around the fall of legitimacy, means over simulations."""
    ticks = np.arange(60.0, SALAMI + 1.0)
    return Chart(
        "Active citizens as legitimacy falls in slices or at once, floor, mean of 30 simulations",
        "tick",
        "active citizens",
        tuple(Line(name, ticks, one.active[:, 59:].mean(axis=0)) for name, one in (("slices", salami), ("jump", jump))),
        "A fall to 0.7 at once brings a spike within ticks; in slices nothing happens until legitimacy is far lower.",
    )


def withdrawal(fifth: Histories) -> Chart:
    """Run 5: one simulation, and the cops that are left."""
    ticks = np.arange(1, fifth.active.shape[1] + 1)
    return Chart(
        "Active citizens as cops are withdrawn, floor, one simulation",
        "tick",
        "persons",
        (
            Line("active", ticks.astype(float), fifth.active[0]),
            Line("cops left", ticks.astype(float), left(ticks), "steps"),
        ),
        "For a long while nothing happens; then, with most of the cops still there, the town tips.",
    )
