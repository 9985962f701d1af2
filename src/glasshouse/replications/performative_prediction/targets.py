"""Figures of Perdomo et al. 2020 and of formulas, with the bands that ours must fall into."""

import numpy as np

from glasshouse.replications.performative_prediction.mechanisms import DEPLOYMENTS
from glasshouse.replications.performative_prediction.simulations import (
    BASE,
    BETA,
    GAMMA,
    MU,
    PERSONS,
    PULL,
    PULLS,
    RESPONSES,
)
from glasshouse.replications.replication import Target, above, near


def _sampled_error() -> float:
    """Standard error of theta in the sampled simulation of T5.a: noise of a round, of which the next keeps PULL."""
    stable = MU / (1 - PULL)
    once = (0.25 - (MU + PULL * stable) ** 2) / PERSONS
    return float((once / (1 - PULL**2)) ** 0.5)


STABLE = BASE / (1 - np.array(list(PULLS.values())[:2]))

FACTOR = "published mean over 20 seeds, within a factor of 1.5"

PLACES = {"T5.d every step": 1.4175, "T5.d lazy": 0.0141}


def targets() -> tuple[Target, ...]:
    """List every figure of the sources that ours is compared with.

    Returns
    -------
    tuple of Target
        Targets, in the order in which pages show them.
    """
    return (
        near("T5.a stable", "stable point of the two kinds", MU / (1 - PULL), 1e-6, "derived: mu/(1-eps); exact recursion"),
        near("T5.a optimum", "prediction of least risk, two kinds", MU / (1 - 2 * PULL), 1e-6, "derived: mu/(1-2 eps)"),
        near("T5.a risk", "risk at the optimum", 0.225, 1e-6, "derived: 1/4 - 2 theta mu + (1-2 eps) theta²"),
        near("T5.a sampled", "stable point with labels drawn anew, 200,000 persons", MU / (1 - PULL), 3 * _sampled_error(),
             "derived; three standard errors"),
        near("T5.b eps .9", "stable point of the moving mean, eps .9", STABLE[0], 1e-6, "derived: mu/(1-eps)"),
        near("T5.b eps -.9", "the same, eps -.9", STABLE[1], 1e-6, "derived: mu/(1-eps)"),
        near("T5.b after 40", "distance from it after 40 steps, eps .9", 100 * 0.9**40, 1e-6, "derived: 100 eps^40"),
        near("T5.b eps 1", "growth in each of 40 steps, eps 1", BASE, 1e-6, "derived: grows linearly"),
        near("T5.b eps 1.01", "ratio of the 40th step to the 39th, eps 1.01", 1.01, 1e-6, "derived: steps grow by eps"),
        near("T5.c edge", "strength of response up to which retraining contracts", GAMMA / BETA, 6e-4,
             "theorem: gamma/beta; the sweep goes in steps of 0.001"),
        near("T5.c below", "stable point at 0.95 gamma/beta", BETA / GAMMA / 0.05, 1e-6, "derived"),
        above("T5.c beyond", "growth from step 50 to step 100 at 1.05 gamma/beta", 10.0,
              "it diverges, and 1.05^50 is 11.5", "times"),
        *(Target(name, f"mean distance from 100 after 50,000 samples, {name[5:]}", value, (value / 1.5, value * 1.5), FACTOR)
          for name, value in PLACES.items()),
        *(near(f"T5.e eps {pull:g}", f"change of weights at deployment {DEPLOYMENTS}, response {pull:g}", 0.0, 1e-4,
               "the response is weak enough: retraining settles")
          if settles else
          above(f"T5.e eps {pull:g}", f"change of weights at deployment {DEPLOYMENTS}, response {pull:g}", 0.1,
                "the response is too strong: weights swing for ever")
          for pull, settles in RESPONSES.items()),
    )  # fmt: skip
