"""Epstein 2002 on civil violence: bursts of rebellion, and how much of them depends on how one ratio is rounded."""

from typing import ClassVar

from glasshouse.replications.civil_violence.charts import legitimacy_chart, run_2_chart, waiting_chart, withdrawal_chart
from glasshouse.replications.civil_violence.figures import (
    legitimacy_figures,
    program_figures,
    run_2_figures,
    withdrawal_figures,
)
from glasshouse.replications.civil_violence.simulations import ROUNDINGS, SIZES, falling, run_2, tipping
from glasshouse.replications.civil_violence.targets import targets
from glasshouse.replications.replication import Outcome, Replication


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
        # All runs of model I, under the paper's rules with each rounding, NetLogo's and Mesa's.
        second = {how: run_2(q).run(seed, *SIZES["run 2"]) for how, q in ROUNDINGS.items()}
        found = run_2_figures(second) | program_figures(seed)
        charts = [waiting_chart(second["floor"]), run_2_chart(second)]
        for how, q in ROUNDINGS.items():
            salami, jump = (falling(q, *way).run(seed, *SIZES["fall"]) for way in ((0.0, 0.01), (0.2, 0.0)))
            found |= legitimacy_figures(how, salami, jump)
            fifth = tipping(q).run(seed, *SIZES["run 5"])
            found |= withdrawal_figures(how, fifth)
            if how == "floor":
                charts += [legitimacy_chart(salami, jump), withdrawal_chart(fifth)]
        found["T2.e"], found["T2.d tips"] = found["floor jump larger"], found["floor tips"]
        return Outcome(found, tuple(charts))
