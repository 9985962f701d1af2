"""Liu and others 2018 on the delayed impact of fair lending: a bank's published policies, and what they do to scores."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from glasshouse.model.declarations import Column, Sum
from glasshouse.model.kernel_math import clip
from glasshouse.model.mechanism import Mechanism
from glasshouse.replications.replication import Chart, Line, Outcome, Replication, Target, above, exactly, near, shown
from glasshouse.replications.sandbox import Simulation, build_population

Numbers = NDArray[np.float64]

APPLICANTS = 10_000
"""Applicants of a group: the tables give hundredths of a per cent, so that these are the published shares exactly."""

GROUPS = ("black", "white")
WEIGHTS = {"black": 18_274 / (18_274 + 133_165), "white": 133_165 / (18_274 + 133_165)}
"""Shares of the two groups by the number of scored people in the source."""

FICO = np.arange(300.0, 851.0, 50.0)
MASSES = (2.1, 4.2, 5.4, 6.5, 7.9, 9.6, 12.0, 13.8, 17.0, 15.8, 5.7)
"""Per cent of the population between one of the FICO scores and the next: the map from levels to the FICO range."""

LOSSES = (-4.0, -10.0)
"""What a loan that is not repaid brings the bank, where one that is repaid brings 1."""

POLICIES = ("maximum utility", "demographic parity", "equal opportunity")
UNIT = 1 << 20


class LendingRound(Mechanism):
    """A bank lends to the best-ranked applicants of a group; scores move by what is to be expected of each.

    Those who rank before `heads` are accepted, the marginal one in part. With repayment probability rho the bank gains
    rho + loss (1 - rho), and the applicant's score moves by 75 rho - 150 (1 - rho), held within 300 and 850 where scores
    are limited. Nobody else changes (Liu, Dean, Rolf, Simchowitz and Hardt 2018).
    """

    name: ClassVar[str] = "lending_round"
    up: float = 75.0
    down: float = -150.0
    columns: ClassVar = (Column("accepted", "f8", "share", "accepted this round, in whole or in part"),)
    sums: ClassVar = (
        Sum("repaid", "loans", "expected to be repaid", UNIT),
        Sum("utility", "loans", "expected gain of the bank", UNIT),
        Sum("change", "points", "expected change of scores", UNIT),
        Sum("points", "points", "scores of who was accepted", UNIT),
    )

    @staticmethod
    def citizen(me, here, add, p, week):
        """One applicant in one round of lending; `local_index` is the rank, 0 the best."""
        if not me.present:
            return
        me.accepted = clip(here.heads + here.more * week - me.local_index, 0.0, 1.0)
        if me.accepted == 0.0:
            return
        add("repaid", me.accepted * me.repays)
        add("utility", me.accepted * (me.repays + here.loss * (1.0 - me.repays)))
        after = me.score + p.up * me.repays + p.down * (1.0 - me.repays)
        if here.limited:
            after = clip(after, 300.0, 850.0)
        add("change", me.accepted * (after - me.score))
        add("points", me.accepted * me.score)


@cache
def table() -> Mapping[str, Numbers]:
    """The published percentages by column, and `fico`, the FICO score of each level."""
    path = resources.files("glasshouse") / "replications" / "data" / "transrisk.csv"
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    found = list(csv.DictReader(lines))
    columns = {name: np.array([float(row[name]) for row in found]) for name in found[0]}
    edges = np.concatenate([[0.0], np.cumsum(MASSES)])
    return {**columns, "fico": np.interp(columns["score"], edges, FICO)}


@dataclass(frozen=True)
class Lot:
    """Applicants of a group for one copy: how many are accepted in round 0 and how many more in each round after it.

    `repaying` names the group whose repayment curve holds, the own one where it is empty.
    """

    group: str
    heads: float = 1.0
    more: float = 0.0
    loss: float = LOSSES[0]
    limited: bool = True
    repaying: str = ""


def lending(lots: list[Lot]) -> Simulation:
    """A simulation with one copy for each lot, the best scores first."""
    held = table()
    traits: dict[str, list[Numbers]] = {"score": [], "repays": []}
    for lot in lots:
        up_to = np.rint(held[f"{lot.group}_at_or_below"] * (APPLICANTS / 100.0)).astype(int)
        counts = np.diff(up_to, prepend=0)[::-1]
        repays = 1.0 - held[f"{lot.repaying or lot.group}_bad"] / 100.0
        traits["score"].append(np.repeat(held["fico"][::-1], counts))
        traits["repays"].append(np.repeat(repays[::-1], counts))
    places: dict[str, NDArray[Any]] = {
        "heads": np.array([lot.heads for lot in lots]),
        "more": np.array([lot.more for lot in lots]),
        "loss": np.array([lot.loss for lot in lots]),
        "limited": np.array([lot.limited for lot in lots]),
    }
    return Simulation(
        build_population({name: np.stack(rows) for name, rows in traits.items()}, places=places), (LendingRound(),)
    )


@dataclass(frozen=True)
class Curve:
    """What comes of accepting 0, 1, …, all applicants of a group, per head of the group; linear in between."""

    repaid: Numbers
    utility: Numbers
    change: Numbers

    @property
    def caught(self) -> Numbers:
        """True-positive rate: who is accepted among those who would repay."""
        shares: Numbers = self.repaid / self.repaid[-1]
        return shares


HEADS = np.arange(APPLICANTS + 1.0)


def curves(lots: list[Lot], seed: int) -> list[Curve]:
    """The curve of each lot: one applicant more is accepted in every round."""
    history = lending(lots).history(APPLICANTS, seed, ["repaid", "utility", "change"])
    cut = {name: np.vstack([np.zeros(len(lots)), rows]) / APPLICANTS for name, rows in history.items()}
    return [Curve(*(cut[name][:, place] for name in ("repaid", "utility", "change"))) for place in range(len(lots))]


def crossing(change: Numbers) -> float:
    """Share accepted beyond which the mean change of scores is negative: the last point at which it crosses zero."""
    last = int(np.flatnonzero(change >= 0.0)[-1])
    return float(last + change[last] / (change[last] - change[last + 1])) / APPLICANTS


def policies(groups: Mapping[str, Curve]) -> dict[str, dict[str, float]]:
    """Heads accepted of each group under each policy, the bank gaining most within its rule.

    All curves are linear between heads, so that the best share, or true-positive rate, is one at which some curve bends.
    """

    def gain(heads: Mapping[str, Numbers]) -> Numbers:
        by_group = np.array([WEIGHTS[g] * np.interp(heads[g], HEADS, groups[g].utility) for g in GROUPS])
        both: Numbers = by_group.sum(axis=0)
        return both

    rates = np.unique(np.concatenate([groups[g].caught for g in GROUPS]))
    by_rate = {g: np.interp(rates, groups[g].caught, HEADS) for g in GROUPS}
    most = int(gain(by_rate).argmax())
    alike = float(gain(dict.fromkeys(GROUPS, HEADS)).argmax())
    return {
        "maximum utility": {g: float(groups[g].utility.argmax()) for g in GROUPS},
        "demographic parity": dict.fromkeys(GROUPS, alike),
        "equal opportunity": {g: float(by_rate[g][most]) for g in GROUPS},
    }


def cut(score: Numbers, accepted: Numbers, *, wrong_way: bool = False) -> float:
    """The lowest score accepted, moved towards the level above it by the share of its applicants that is refused.

    `wrong_way` moves it by the share that is accepted, as the authors' code does for the lines of harm alone.
    """
    level = float(score[accepted > 0.0].min())
    above_it = float(table()["fico"][table()["fico"] > level].min(initial=850.0))
    share = float(accepted[score == level].mean())
    return level + (share if wrong_way else 1.0 - share) * (above_it - level)


PRINTED: Mapping[tuple[float, str], tuple[tuple[float | None, ...], tuple[float | None, ...], float]] = {
    (-4.0, "maximum utility"): ((0.1677, 0.4496, 645.0, 8.40), (0.6634, 0.8335, 613.8, 38.67), 0.4574),
    (-4.0, "demographic parity"): ((0.5773, None, 480.2, -17.12), (0.5773, None, 649.3, 35.03), 0.3355),
    (-4.0, "equal opportunity"): ((0.3563, 0.7916, 557.2, 6.00), (0.6251, 0.7916, 630.9, 37.25), 0.4305),
    (-10.0, "maximum utility"): ((0.0772, None, 716.2, 4.40), (0.5576, None, 656.5, 34.0), 0.3347),
    (-10.0, "demographic parity"): ((0.3415, None, 562.5, 6.83), (0.3415, None, 731.0, 20.28), 0.1810),
    (-10.0, "equal opportunity"): ((0.2579, 0.6412, 601.3, 9.37), (0.4985, 0.6412, 678.0, 30.56), 0.2968),
}
"""By loss and policy: share accepted, true-positive rate, FICO cut and mean change of the black and of the white group, and
the bank's utility a head."""

AUTHORS = {-4.0: (645.0, 480.10, 557.29), -10.0: (716.18, 562.50, 601.25)}
"""FICO cuts of the black group that the authors' code prints, in the order of the policies."""

FACTS = {"white": (0.7587, 651.3), "black": (0.3366, 515.8), "hispanic": (0.5681, 582.9), "asian": (0.8068, 658.5)}
"""Mean repayment and mean FICO score."""

PARTS = (
    ("share", "share accepted", 0.002, ""),
    ("tpr", "true-positive rate", 0.002, ""),
    ("cut", "lowest FICO score accepted", 0.5, "points"),
    ("change", "mean change of scores", 0.15, "points"),
)
OURS = "measured independently on the published distributions; deterministic"


def tabled() -> list[Target]:
    """The targets of the table of policies."""
    found = []
    for (loss, policy), (*by_group, utility) in PRINTED.items():
        said = f"{policy}, loss {-loss:g} to 1"
        for group, values in zip(GROUPS, by_group, strict=True):
            found += [
                near(f"4.1 {loss:g} {policy} {group} {part}", f"{what}, {group}, {said}", value, tolerance, OURS, unit)
                for (part, what, tolerance, unit), value in zip(PARTS, values, strict=True)
                if value is not None
            ]
        found.append(near(f"4.1 {loss:g} {policy} utility", f"bank's utility a head, {said}", utility, 0.002, OURS))
    return found


class FairLending(Replication):
    """Lending to two groups under three policies, and what each does to their mean credit scores one round later.

    Applicants are synthetic: 10,000 a group, placed on the published percentages of real, historical distributions.
    """

    name: ClassVar[str] = "fair-lending"
    title: ClassVar[str] = "Delayed impact of fair machine learning"
    citation: ClassVar[str] = (
        "L. T. Liu, S. Dean, E. Rolf, M. Simchowitz, M. Hardt, “Delayed Impact of Fair Machine Learning”, ICML 2018, "
        "Proceedings of Machine Learning Research 80, 3150-3158. Data: Board of Governors of the Federal Reserve System, "
        "Report to the Congress on Credit Scoring, August 2007"
    )
    equations: ClassVar[str] = (
        "a policy accepts the best-scoring share beta_j of group j, splitting the marginal score\n"
        "utility a head U_j(beta) = mean over accepted of rho + u_- (1 - rho), u_- = -4 or -10\n"
        "change of scores: 75 rho - 150 (1 - rho) for who is accepted, the score held within 300 and 850\n"
        "each policy takes the most of .12067 U_black + .87933 U_white: maximum utility freely (rho >= u_- / (u_- - 1)),\n"
        "demographic parity with one beta, equal opportunity with one true-positive rate\n"
        "beta*: most change; beta0: the change is zero again; more than beta0 is active harm"
    )
    confidence: ClassVar[str] = "source: the authors' code and the published tables; the digits measured independently"
    targets: ClassVar = (
        *tabled(),
        *(
            near(f"4.1 authors {loss:g} {policy}", f"lowest score accepted, black, {policy}, loss {-loss:g} to 1", value, 0.5,
                 "printed by the authors' code", "points")
            for loss, values in AUTHORS.items()
            for policy, value in zip(POLICIES, values, strict=True)
        ),
        near("4.1 beta*", "share with the largest mean change, black", 0.2384, 0.002, OURS),
        near("4.1 peak", "that change", 9.484, 0.15, OURS, "points"),
        near("4.1 beta0", "share at which the change is zero again, black", 0.4312, 0.002, OURS),
        near("4.1 beta0 cut", "score of that share as the authors' code would draw it", 529.8, 0.5,
             f"{OURS}; moved up from the level below by the share accepted, as their code does for this line", "points"),
        shown("4.1 beta0 cut, rightly split", "lowest score accepted there, split like every other cut", None,
              "the authors' code moves all other cuts by the share refused", "points"),
        near("4.1 all", "mean change if everybody is accepted, black", -55.03, 0.15, OURS, "points"),
        near("4.1 beta0 unlimited", "beta0 without the limits 300 and 850", 0.4361, 0.002, OURS),
        near("4.1 all unlimited", "everybody accepted, without the limits", -74.28, 0.15, OURS, "points"),
        near("4.1 white beta*", "share with the largest mean change, white", 0.7378, 0.002, OURS),
        near("4.1 white peak", "that change", 39.83, 0.15, OURS, "points"),
        near("4.1 white all", "mean change if everybody is accepted, white", 20.9, 0.15, OURS, "points"),
        above("4.1 white least", "least change at any share, white", 0.0, "published: never negative", "points"),
        above("4.1 harm", "parity lends so far past beta0, loss 4 to 1", 0.0, "published: active harm"),
        above("4.1 no harm", "equal opportunity stays so far below beta0, loss 4 to 1", 0.0, "published: no active harm"),
        above("4.1 no harm at 10", "least change under any policy, loss 10 to 1, black", 0.0, "published: no active harm", "points"),
        *(
            above(f"4.1 better {policy}", f"change beyond that under maximum utility, black, {policy}, loss 10 to 1", 0.0,
                  "published: both criteria do better by the black group", "points")
            for policy in POLICIES[1:]
        ),
        shown("4.1 erratum", "score where active harm is drawn in the authors' notebook", 497.5,
              "authors' notebook, whose line pairs the black group's scores with the white group's repayment; ours: with "
              "that mistake made on purpose", "points"),
        shown("4.1 erratum share", "share accepted at that score", 0.5398, "the same, derived independently"),
        *(
            near(f"4.1 mean repayment {group}", f"mean repayment, {group}", repays, 0.0002, "from the published tables, four digits")
            for group, (repays, _) in FACTS.items()
        ),
        *(
            near(f"4.1 mean score {group}", f"mean FICO score, {group}", score, 0.2,
                 "from the published tables, one decimal, and how levels are mapped", "points")
            for group, (_, score) in FACTS.items()
        ),
    )  # fmt: skip
    differs: ClassVar[Mapping[str, str]] = {
        "4.1 erratum": "not a difference in the model: the notebook draws the line at 497.5 by the white group's "
        "repayment; by the black group's own it lies at 529.8. The published conclusions do not change.",
        "4.1 beta0 cut, rightly split": "the authors' code adds the accepted share of the marginal score where it draws "
        "harm, and the refused share everywhere else; split like the others the line lies two points lower, at 527.8.",
    }
    brief: ClassVar[bool] = False

    def simulate(self, seed: int) -> Outcome:
        """The curves round by round, then one round at the heads that each policy accepts; deterministic."""
        lots = [Lot(group, more=1.0, loss=loss) for loss in LOSSES for group in GROUPS]
        lots += [Lot("black", more=1.0, limited=False), Lot("black", more=1.0, repaying="white")]
        *by_group, unlimited, mistaken = curves(lots, seed)
        black, white = by_group[:2]
        chosen = {
            loss: policies(dict(zip(GROUPS, by_group[2 * place : 2 * place + 2], strict=True)))
            for place, loss in enumerate(LOSSES)
        }
        found = {**self.rounds(chosen, seed), **facts(seed)}
        found |= self.outcomes(black, white, unlimited, mistaken, seed)
        found |= statements(found)
        return Outcome({name: exactly(value) for name, value in found.items()}, (self.chart(black, white, found),))

    @staticmethod
    def rounds(chosen: Mapping[float, Mapping[str, Mapping[str, float]]], seed: int) -> dict[str, float]:
        """The table: one round of lending under each policy."""
        keys = [(loss, policy, group) for loss in LOSSES for policy in POLICIES for group in GROUPS]
        simulation = lending([Lot(group, chosen[loss][policy][group], loss=loss) for loss, policy, group in keys])
        snapshot = simulation.last(1, seed)
        score = simulation.population.society.citizens["score"][simulation.population.index]
        accepted = snapshot.agents("accepted")
        repaid, utility, change = (snapshot.total(name) / APPLICANTS for name in ("repaid", "utility", "change"))
        everybody = facts(seed)
        found: dict[str, float] = {}
        for place, (loss, policy, group) in enumerate(keys):
            name = f"4.1 {loss:g} {policy}"
            found[f"{name} {group} share"] = float(accepted[place].mean())
            found[f"{name} {group} tpr"] = float(repaid[place]) / everybody[f"4.1 mean repayment {group}"]
            found[f"{name} {group} cut"] = cut(score[place], accepted[place])
            found[f"{name} {group} change"] = float(change[place])
            found[f"{name} utility"] = found.get(f"{name} utility", 0.0) + WEIGHTS[group] * float(utility[place])
        return found

    @staticmethod
    def outcomes(black: Curve, white: Curve, unlimited: Curve, mistaken: Curve, seed: int) -> dict[str, float]:
        """What the curves show."""
        harm, erratum = crossing(black.change), crossing(mistaken.change)
        simulation = lending([Lot("black", harm * APPLICANTS), Lot("black", erratum * APPLICANTS)])
        score = simulation.population.society.citizens["score"][simulation.population.index]
        accepted = simulation.last(1, seed).agents("accepted")
        return {
            "4.1 beta*": float(black.change.argmax()) / APPLICANTS,
            "4.1 peak": float(black.change.max()),
            "4.1 beta0": harm,
            "4.1 beta0 cut": cut(score[0], accepted[0], wrong_way=True),
            "4.1 beta0 cut, rightly split": cut(score[0], accepted[0]),
            "4.1 all": float(black.change[-1]),
            "4.1 beta0 unlimited": crossing(unlimited.change),
            "4.1 all unlimited": float(unlimited.change[-1]),
            "4.1 white beta*": float(white.change.argmax()) / APPLICANTS,
            "4.1 white peak": float(white.change.max()),
            "4.1 white all": float(white.change[-1]),
            "4.1 white least": float(white.change[1:].min()),
            "4.1 erratum": cut(score[1], accepted[1], wrong_way=True),
            "4.1 erratum share": erratum,
        }

    @staticmethod
    def chart(black: Curve, white: Curve, found: Mapping[str, float]) -> Chart:
        """The outcome curves with the policies on them."""
        lines = [Line(f"{name} group", HEADS / APPLICANTS, curve.change) for name, curve in
                 (("black", black), ("white", white))]  # fmt: skip
        for loss in LOSSES:
            keys = [f"4.1 {loss:g} {policy} black" for policy in POLICIES]
            at = np.array([found[f"{key} share"] for key in keys]), np.array([found[f"{key} change"] for key in keys])
            lines.append(Line(f"black, three policies, loss {-loss:g}", *at, "points"))
        printed = [PRINTED[loss, policy][0] for loss in LOSSES for policy in POLICIES]
        x, y = (np.array([float(row[part] or 0.0) for row in printed]) for part in (0, 3))
        lines.append(Line("the same, measured independently", x, y, "points", published=True))
        return Chart(
            "Mean change of a group's scores by the share that is accepted",
            "share of the group accepted",
            "mean change of FICO scores",
            tuple(lines),
            "The black group gains most if about a quarter is accepted and loses beyond 43 per cent, which demographic "
            "parity at a loss of 4 to 1 oversteps; the white group gains at any share.",
        )


def facts(seed: int) -> dict[str, float]:
    """Mean repayment and score of the four groups, from a round that accepts everybody."""
    snapshot = lending([Lot(group, float(APPLICANTS)) for group in FACTS]).last(1, seed)
    repaid, points = snapshot.total("repaid") / APPLICANTS, snapshot.total("points") / APPLICANTS
    found = {f"4.1 mean repayment {group}": float(repays) for group, repays in zip(FACTS, repaid, strict=True)}
    return found | {f"4.1 mean score {group}": float(score) for group, score in zip(FACTS, points, strict=True)}


def statements(found: Mapping[str, float]) -> dict[str, float]:
    """What is published in words, as numbers that are positive where it holds; and the authors' cuts."""
    change = {policy: found[f"4.1 -10 {policy} black change"] for policy in POLICIES}
    said = {
        "4.1 harm": found["4.1 -4 demographic parity black share"] - found["4.1 beta0"],
        "4.1 no harm": found["4.1 beta0"] - found["4.1 -4 equal opportunity black share"],
        "4.1 no harm at 10": min(change.values()),
    }
    said |= {f"4.1 better {policy}": change[policy] - change["maximum utility"] for policy in POLICIES[1:]}
    cuts = {f"4.1 authors {loss:g} {p}": found[f"4.1 {loss:g} {p} black cut"] for loss in LOSSES for p in POLICIES}
    return {**said, **cuts}
