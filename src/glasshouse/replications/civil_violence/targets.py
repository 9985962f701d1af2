"""The published figures of the civil violence models, with the bands that ours must fall into."""

from glasshouse.replications.civil_violence.simulations import ROUNDINGS
from glasshouse.replications.replication import Target, above, near, shown

OURS, HOW = "measured by two independent programs, which agree", "20 seeds of 3000 ticks: four standard errors or more"
SAME = "the same relative width as for the paper's rules"
MESA_WHY = "measured on Mesa 3.3.1 (32 seeds) and an independent program (160 seeds): two standard errors of both"
TABLE = "printed in the paper; nobody is known to have found it again, so it is not judged"


def targets() -> tuple[Target, ...]:
    """List every figure of the sources that ours is compared with.

    Returns
    -------
    tuple of Target
        Targets, in the order in which pages show them.
    """
    return (
        near("T2.a", "outbursts in all simulations, literal C/A, run 2", 0.0, 0.0, f"{OURS}; exact"),
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
        Target("T2.c''", "simulations of 30 with an outburst, Mesa's class defaults", 0.0, (0.0, 1.0),
               "none in 30 simulations of Mesa 3.3.1; at most one"),
        above("T2.d tips", "simulations of 20 that tip, floor, run 5", 19.0, "20 of 20 measured independently; at least 19"),
        near("T2.d cops", "cops left of 118 when most are active", 87.0, 10.0, "measured independently", "cops"),
        above("T2.e", "simulations of 30 in which the jump has the larger peak within 10 ticks, floor", 28.0,
              "30 of 30 measured independently; at least 28"),
        *_not_judged(),
    )  # fmt: skip


def _not_judged() -> tuple[Target, ...]:
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
            shown(f"{how} {what}", f"{statement}, {how}", published.get(how), other if how in published else none)
            for what, statement, published in (
                ("salami", "largest number active within 10 ticks, legitimacy falling by 0.01 a tick",
                 {"floor": 1.0, "literal": 1.0}),
                ("jump", "the same, legitimacy falling to 0.7 at once", {"floor": 32.5, "literal": 10.7}),
                ("salami arrests", "arrests within 10 ticks, salami", {"floor": 22.0, "literal": 22.0}),
                ("jump arrests", "arrests within 10 ticks, jump", {"floor": 124.0, "literal": 74.0}),
                ("salami arrests to 147", "arrests to the end of the salami, salami", {"floor": 383.0, "literal": 334.0}),
                ("jump arrests to 147", "arrests to the end of the salami, jump", {"floor": 207.0, "literal": 74.0}),
                ("jump larger", "simulations of 30 in which the jump has the larger peak", {"floor": 30.0, "literal": 30.0}),
                ("tips", "simulations of 20 of run 5 that tip", {"floor": 20.0, "literal": 0.0}),
                ("tipping largest", "largest number active in run 5", {"floor": 232.0, "literal": 25.0}),
            )
            for how in ROUNDINGS
        ),
    )  # fmt: skip
