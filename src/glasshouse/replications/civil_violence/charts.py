"""Pictures of civil violence: run 2 by tick, waits, and the runs in which legitimacy falls or cops are withdrawn."""

from collections.abc import Mapping

import numpy as np

from glasshouse.replications.civil_violence.figures import cops_left
from glasshouse.replications.civil_violence.simulations import SALAMI, Histories
from glasshouse.replications.replication import Chart, Line


def run_2_chart(second: Mapping[str, Histories]) -> Chart:
    """Draw the paper's picture of run 2: who is active, tick by tick, here under each rounding.

    Parameters
    ----------
    second : mapping of str to Histories
        Histories of run 2 by rounding.

    Returns
    -------
    Chart
        The first 300 ticks of one simulation each.
    """
    ticks = np.arange(1.0, 301.0)
    return Chart(
        "Active citizens in run 2, one simulation under each rounding of C/A",
        "tick",
        "active citizens",
        tuple(Line(how, ticks, one.active[0, :300]) for how, one in second.items()),
        "With the floor, rebellion breaks out every twenty-odd ticks; rounded to the nearest number bursts are smaller; "
        "with C/A as it is, as the paper's text has it, nothing happens.",
    )


def waiting_chart(floor: Histories) -> Chart:
    """Draw the paper's picture of waits between outbursts.

    Parameters
    ----------
    floor : Histories
        Histories of run 2 with C/A rounded down.

    Returns
    -------
    Chart
        Share of waits that are longer, and the published slope, whose logarithm falls by about 0.07 a tick beyond
        30.
    """
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


def legitimacy_chart(salami: Histories, jump: Histories) -> Chart:
    """Draw runs 3 and 4: active citizens around the fall of legitimacy.

    Parameters
    ----------
    salami : Histories
        Histories in which legitimacy falls in slices.
    jump : Histories
        Histories in which it falls at once.

    Returns
    -------
    Chart
        Means over simulations.
    """
    ticks = np.arange(60.0, SALAMI + 1.0)
    return Chart(
        "Active citizens as legitimacy falls in slices or at once, floor, mean of 30 simulations",
        "tick",
        "active citizens",
        tuple(Line(name, ticks, one.active[:, 59:].mean(axis=0)) for name, one in (("slices", salami), ("jump", jump))),
        "A fall to 0.7 at once brings a spike within ticks; in slices nothing happens until legitimacy is far lower.",
    )


def withdrawal_chart(fifth: Histories) -> Chart:
    """Draw run 5: active citizens as cops are withdrawn.

    Parameters
    ----------
    fifth : Histories
        Histories of run 5.

    Returns
    -------
    Chart
        One simulation, with the cops that are left.
    """
    ticks = np.arange(1, fifth.active.shape[1] + 1)
    return Chart(
        "Active citizens as cops are withdrawn, floor, one simulation",
        "tick",
        "persons",
        (
            Line("active", ticks.astype(float), fifth.active[0]),
            Line("cops left", ticks.astype(float), cops_left(ticks), "steps"),
        ),
        "For a long while nothing happens; then, with most of the cops still there, the town tips.",
    )
