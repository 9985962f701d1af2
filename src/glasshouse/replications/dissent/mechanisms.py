"""Dissenters and an authority (Daymude, Axelrod and Forrest 2025) as mechanisms."""

from typing import ClassVar

from glasshouse.model.declarations import Column, Sum
from glasshouse.model.mechanism import Mechanism

FINE = 1 << 20
"""Sums are kept to about a millionth of a unit of dissent a person."""

GRID = 2000
"""Steps between nothing and the desired dissent in which a better answer is looked for."""


def flat(d: float, b: float, tau: float, psi: float, nu: float) -> float:
    """Choose the best answer to one penalty for all: all or the tolerated part.

    All, if its gain b (d - tau) is worth the penalty psi (nu + (1 - nu) d): the article's D_f without its division.

    Parameters
    ----------
    d : float
        Desired dissent, 0 to 1.
    b : float
        Boldness.
    tau : float
        Tolerance, 0 to 1.
    psi : float
        Severity of the penalty.
    nu : float
        Surveillance, 0 to 1.

    Returns
    -------
    float
        Dissent expressed.
    """
    if d <= tau or b * (d - tau) >= psi * (nu + (1.0 - nu) * d):
        return d
    return tau


def graded(d: float, b: float, tau: float, psi: float, nu: float) -> float:
    """Choose the best answer to a penalty that grows with what exceeds the tolerance.

    min(d, max(tau, (tau + (b - nu psi) / ((1 - nu) psi)) / 2)); at nu = 1 all if b >= psi, else tau.

    Parameters
    ----------
    d : float
        Desired dissent, 0 to 1.
    b : float
        Boldness.
    tau : float
        Tolerance, 0 to 1.
    psi : float
        Severity of the penalty.
    nu : float
        Surveillance, 0 to 1.

    Returns
    -------
    float
        Dissent expressed.
    """
    if d <= tau:
        return d
    if nu >= 1.0:
        return d if b >= psi else tau
    return min(d, max(tau, (tau + (b - nu * psi) / ((1.0 - nu) * psi)) / 2.0))


def _loss(a: float, d: float, b: float, tau: float, psi: float, nu: float, by_degree: float) -> float:
    """What expressing `a` costs: what is kept back, times boldness, and the expected punishment."""
    punishment = 0.0
    if a > tau:
        punishment = (nu + (1.0 - nu) * a) * psi * (a - tau if by_degree > 0.0 else 1.0)
    return b * (d - a) + punishment


class BestResponse(Mechanism):
    """Answers a policy of one's own, and looks whether any point of a grid would have been better."""

    name: ClassVar[str] = "best_response"
    columns: ClassVar = (
        Column("act", "f8", "dissent", "what is expressed"),
        Column("shortfall", "f8", "loss", "by how much the best point of the grid costs less", high=1e6),
    )

    @staticmethod
    def citizen(me):
        # The closed form beside a search of the grid.
        d, b, tau, psi, nu = me.desire, me.boldness, me.tau, me.psi, me.nu
        act = graded(d, b, tau, psi, nu) if me.graded > 0.0 else flat(d, b, tau, psi, nu)
        least = _loss(0.0, d, b, tau, psi, nu, me.graded)
        step = 1
        while step <= GRID:
            least = min(least, _loss(d * step / GRID, d, b, tau, psi, nu, me.graded))
            step += 1
        me.act = act
        me.shortfall = max(0.0, _loss(act, d, b, tau, psi, nu, me.graded) - least)


class Subjects(Mechanism):
    """Everybody answers best to the policy in force; the authority sees nu + (1 - nu) a and punishes what exceeds tau."""

    sums: ClassVar = (
        Sum("dissent", "dissent", "what is expressed", FINE),
        Sum("punishment", "penalties", "punishments handed out", FINE),
    )
    district_columns: ClassVar[tuple[Column, ...]] = (
        Column("tolerance", "f8", "dissent", "tau in force", initial=1.0),
        Column("severity", "f8", "penalties", "psi in force", high=1e6),
        Column("surveillance", "f8", "share", "nu in force"),
    )
    draws: ClassVar[tuple[str, ...]] = ("seen",)

    @staticmethod
    def citizen(me, here, draw, add):
        # One round of one person. Random numbers are drawn only for those who can be punished.
        d, tau, psi, nu = me.desire, here.tolerance, here.severity, here.surveillance
        if d <= tau:
            add("dissent", d)
            return
        act = graded(d, me.boldness, tau, psi, nu) if here.graded else flat(d, me.boldness, tau, psi, nu)
        add("dissent", act)
        if act > tau and draw("seen") < nu + (1.0 - nu) * act:
            add("punishment", psi * (act - tau) if here.graded else psi)


class FullSurveillance(Subjects):
    """No tolerance, everything seen, and a severity that grows by one step a week."""

    name: ClassVar[str] = "full_surveillance"

    @staticmethod
    def district(here, week):
        # The policy of the next week.
        here.tolerance = 0.0
        here.surveillance = 1.0
        here.severity = here.step * (week + 1)


class AdaptiveAuthority(Subjects):
    """Tries one change a round and goes back on it if the round cost more than the yardstick.

    Cost = sum of dissent + sum of punishments. One of tau, psi, nu, chosen at random, is drawn uniformly within eps of its
    value; tau and nu stay in [0, 1], psi at 1e-9 or more. The yardstick is what the round before cost, whether its
    policy was kept or not; under the strict rule it is what the policy in force cost when it was adopted. Week 0 brings
    the first policy, week r + 1 is round r.
    """

    name: ClassVar[str] = "adaptive_authority"
    eps: float = 0.05
    district_columns: ClassVar[tuple[Column, ...]] = (
        *Subjects.district_columns,
        Column("tau", "f8", "dissent", "tolerance kept"),
        Column("psi", "f8", "penalties", "severity kept", high=1e6),
        Column("nu", "f8", "share", "surveillance kept"),
        Column("yardstick", "f8", "cost", "cost that the next round must not exceed", high=1e12),
    )
    draws: ClassVar[tuple[str, ...]] = ("seen", "which", "where")

    @staticmethod
    def district(here, total, draw, p, week):
        # Judges the round and draws the next candidate.
        if week == 0:
            here.tolerance = here.first_tau
            here.severity = here.first_psi
            here.surveillance = here.first_nu
            return
        cost = total.dissent + total.punishment
        accepted = week == 1 or cost <= here.yardstick
        if accepted:
            here.tau = here.tolerance
            here.psi = here.severity
            here.nu = here.surveillance
        if accepted or not here.strict:
            here.yardstick = cost
        which, where = draw("which"), draw("where")
        here.tolerance = candidate(here.tau, 0.0, 1.0, where, p.eps) if which * 3.0 < 1.0 else here.tau
        here.severity = here.psi
        if 1.0 <= which * 3.0 < 2.0:
            here.severity = candidate(here.psi, 1e-9, 1e9, where, p.eps)
        here.surveillance = candidate(here.nu, 0.0, 1.0, where, p.eps) if which * 3.0 >= 2.0 else here.nu


def candidate(value: float, low: float, high: float, u: float, eps: float) -> float:
    """Draw uniformly within eps of a value and within its range.

    Parameters
    ----------
    value : float
        Value in force.
    low : float
        Lowest value.
    high : float
        Highest value.
    u : float
        Uniform random number in [0, 1).
    eps : float
        Largest change.

    Returns
    -------
    float
        The new value.
    """
    low = max(low, value - eps)
    high = min(high, value + eps)
    return low + (high - low) * u
