"""D'Amour and others 2020 on fairness over time: two groups whose scores move with the loans that a bank gives them."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from glasshouse.model.declarations import Column
from glasshouse.model.kernel_math import clip
from glasshouse.model.mechanism import Mechanism
from glasshouse.replications.replication import Chart, Line, Outcome, Replication, Target, above, exactly, near, shown
from glasshouse.replications.sandbox import Simulation, Snapshot, build_population
from glasshouse.results import estimate
from glasshouse.results.estimate import Estimate

Numbers = NDArray[np.float64]

SCORES = 7
REPAYS = np.array([0.1, 0.2, 0.45, 0.6, 0.65, 0.7, 0.7])
"""Probability of repayment by score."""

FIRST = (0.0, 0.1, 0.1, 0.2, 0.3, 0.3, 0.0)
SECOND = (0.1, 0.1, 0.2, 0.3, 0.3, 0.0, 0.0)
"""Share of each group by score at the start."""

BREAK_EVEN = 3
"""The lowest score at which a loan is more likely to be repaid than not."""

SHIFT = 0.01
"""Share of a group that moves by one score with each loan."""


class CreditWorld(Mechanism):
    """One applicant a week: group, score and repayment are drawn, and a loan moves scores.

    The groups come equally often; the score is drawn from the group's present masses. With a loan, `shift` of the
    group's mass, or what is left at the applicant's score, moves one score up if it is repaid and one down if not,
    within 0 and 6, and the bank gains or loses 1. The very first applicant is accepted.
    """

    name: ClassVar[str] = "credit_world"
    columns: ClassVar = (
        Column("first", "f8", "share", "mass of group 1 by score", length=SCORES),
        Column("second", "f8", "share", "mass of group 2 by score", length=SCORES),
        Column("lent", "?", "yes or no", "gave a loan this week"),
        Column("loans", "i4", "loans", "given to each group", high=1e9, length=2),
        Column("good", "i4", "applicants", "who would repay, of each group", high=1e9, length=2),
        Column("repaid", "i4", "loans", "that were repaid by each group", high=1e9, length=2),
    )
    draws: ClassVar = ("group", "score", "repays", "policy")

    @staticmethod
    def citizen(me, here, draw, week):
        """The week of one bank."""
        if not me.present:
            return
        if week == 0:
            for k in range(SCORES):
                me.first[k], me.second[k] = FIRST[k], SECOND[k]
        in_first = draw("group") < 0.5
        score = 0
        rest = draw("score")
        for k in range(SCORES - 1):
            mass = me.first[k] if in_first else me.second[k]
            if score == k and rest >= mass:
                rest -= mass
                score = k + 1
        chance = 0.0
        held = 0.0
        for k in range(SCORES):
            if score == k:
                chance = me.first_accepted[k] if in_first else me.second_accepted[k]
                held = me.first[k] if in_first else me.second[k]
        repays = draw("repays") < REPAYS[score]
        me.lent = week == 0 or draw("policy") < chance
        for group in range(2):
            if in_first == (group == 0):
                me.good[group] += int(repays)
                me.loans[group] += int(me.lent)
                me.repaid[group] += int(me.lent and repays)
        if not me.lent:
            return
        moves_to = min(score + 1, SCORES - 1) if repays else max(score - 1, 0)
        moving = min(here.shift, held)
        for k in range(SCORES):
            change = (moving if k == moves_to else 0.0) - (moving if k == score else 0.0)
            me.first[k] += change if in_first else 0.0
            me.second[k] += 0.0 if in_first else change


def filled(rate: float, above_it: float, with_it: float) -> float:
    """Share of a score's applicants who are accepted at this true-positive rate.

    `above_it` and `with_it` are the rates if only the scores above are accepted, and if this score is too.
    """
    if with_it <= above_it:
        return 1.0 if rate > above_it else 0.0
    return clip((rate - above_it) / (with_it - above_it), 0.0, 1.0)


class BankPolicy(Mechanism):
    """Whom the bank accepts next, by score and group.

    Maximum reward: everyone who is more likely than not to repay. Equal opportunity: a randomised cut in each group, with one
    true-positive rate for both, the one that gains most on the present masses. Gain is linear in the rate between those
    rates at which a cut in either group lies between two scores, so that only these are compared.
    """

    name: ClassVar[str] = "bank_policy"
    columns: ClassVar = (
        Column("first_accepted", "f8", "probability", "that an applicant of group 1 is accepted", length=SCORES),
        Column("second_accepted", "f8", "probability", "that an applicant of group 2 is accepted", length=SCORES),
        Column("first_rate", "f8", "share", "true-positive rate from each score on, group 1", length=SCORES + 1),
        Column("second_rate", "f8", "share", "true-positive rate from each score on, group 2", length=SCORES + 1),
        Column("rate", "f8", "share", "the true-positive rate chosen"),
    )

    @staticmethod
    def citizen(me, here, week):
        """The bank's choice, after an applicant; it stays what it is while masses do."""
        if not me.present or (week > 0 and not (here.equal and me.lent)):
            return
        if not here.equal:
            for k in range(SCORES):
                me.first_accepted[k] = me.second_accepted[k] = 1.0 if k >= BREAK_EVEN else 0.0
            return
        good_first = 0.0
        good_second = 0.0
        for k in range(SCORES):
            good_first += me.first[k] * REPAYS[k]
            good_second += me.second[k] * REPAYS[k]
        for k in range(SCORES - 1, -1, -1):
            me.first_rate[k] = me.first_rate[k + 1] + me.first[k] * REPAYS[k] / good_first
            me.second_rate[k] = me.second_rate[k + 1] + me.second[k] * REPAYS[k] / good_second
        most = -2.0
        knot = 0
        while knot < 2 * SCORES:
            rate = 0.0
            for k in range(SCORES):
                rate = me.first_rate[k] if knot == k else rate
                rate = me.second_rate[k] if knot == k + SCORES else rate
            gain = 0.0
            for k in range(SCORES):
                first = me.first[k] * filled(rate, me.first_rate[k + 1], me.first_rate[k])
                second = me.second[k] * filled(rate, me.second_rate[k + 1], me.second_rate[k])
                gain += (2.0 * REPAYS[k] - 1.0) * (first + second)
            if gain > most:
                most = gain
                me.rate = rate
            knot += 1
        for k in range(SCORES):
            me.first_accepted[k] = filled(me.rate, me.first_rate[k + 1], me.first_rate[k])
            me.second_accepted[k] = filled(me.rate, me.second_rate[k + 1], me.second_rate[k])


WORLDS = ("max reward", "equal opportunity", "equal opportunity, static")
BANKS = 100
STEPS = 20_000
LONG = 100_000
"""Steps after which hardly anything is left above the cut of a bank that goes for the maximum reward."""

MARKS = (100, 1000, 5000, 10_000, 20_000)


def banks(worlds: tuple[str, ...], number: int) -> Simulation:
    """So many banks in each of the worlds named."""
    places = {
        "equal": np.array(["equal" in world for world in worlds]),
        "shift": np.array([0.0 if "static" in world else SHIFT for world in worlds]),
    }
    bank = np.ones((len(worlds), number), np.uint8)
    return Simulation(build_population({"bank": bank}, places=places), (CreditWorld(), BankPolicy()))


def masses(snapshot: Snapshot, group: str) -> Numbers:
    """Masses of a group (copies, banks, scores), `group` being first or second."""
    return np.stack([snapshot.agents(f"{group}_{k}") for k in range(SCORES)], axis=-1)


def recall(snapshot: Snapshot) -> Numbers:
    """Share of those accepted so far among those who would have repaid (groups, copies, banks)."""
    rates = [snapshot.agents(f"repaid_{group}") / np.maximum(snapshot.agents(f"good_{group}"), 1) for group in range(2)]
    return np.stack(rates)


def profit(snapshot: Snapshot) -> Numbers:
    """Profit a step so far (copies, banks)."""
    found: Numbers = sum(2.0 * snapshot.agents(f"repaid_{g}") - snapshot.agents(f"loans_{g}") for g in range(2))
    return found / (snapshot.week + 1.0)


MEASURED = {
    "max reward": {"loans": (3607.0, 2233.0), "repayment": (0.466, 0.414), "recall": (0.487, 0.346)},
    "equal opportunity": {"loans": (4004.0, 3184.0), "repayment": (0.410, 0.325), "recall": (0.564, 0.564)},
}
"""Means over 100 independent runs, for groups 1 and 2."""

DRAWN = {
    "max reward": {"loans": (3750.0, 2100.0), "repayment": (0.48, 0.43)},
    "equal opportunity": {"loans": (4100.0, 3200.0), "repayment": (0.405, 0.31)},
}
"""Read off the paper's figure 4."""

PROFITS = {"max reward": (0.1109, 0.110022, 0.1732), "equal opportunity": (0.1327, 0.132426, 0.1899)}
"""Profit a step: measured independently; printed in the repository; measured independently after 5000 steps."""

GAPS = {
    "equal opportunity": (0.0621, 0.0260, 0.0141, 0.0114, 0.0089),
    "equal opportunity, static": (0.0628, 0.0226, 0.0099, 0.0071, 0.0050),
}
"""Mean distance between the true-positive rates of the two groups so far, at the marks."""

WORDS = {"loans": "loans to group", "repayment": "mean repayment probability of group", "recall": "recall of group"}
WIDTHS = {
    "max reward": {"loans": (180.0, 350.0), "repayment": (0.006, 0.03), "recall": (0.02, 0.0)},
    "equal opportunity": {"loans": (180.0, 350.0), "repayment": (0.016, 0.06), "recall": (0.02, 0.0)},
}
"""Half-widths of bands: against the means measured independently, against the paper's figure."""

OURS = "measured independently, 100 runs"


def after(world: str) -> list[Target]:
    """The targets after 20,000 steps."""
    found = []
    for what, pair in MEASURED[world].items():
        narrow, wide = WIDTHS[world][what]
        for group, value in enumerate(pair, 1):
            name, said = f"4.3 {world} {what} {group}", f"{WORDS[what]} {group}, {world}"
            found.append(
                near(name, said, value, narrow, f"{OURS}; four standard errors of the difference, for recall .02")
            )
            if what in DRAWN[world]:
                why = "read off the paper's figure: about two standard deviations of single runs, and the reading"
                found.append(near(f"{name}, figure 4", said, DRAWN[world][what][group - 1], wide, why))
    measured, printed, early = PROFITS[world]
    return [
        *found,
        near(f"4.3 {world} profit", f"profit a step, {world}", measured, 0.004, f"{OURS}; 2.5 standard errors of the difference"),
        near(f"4.3 {world} profit, repository", f"profit a step, {world}", printed, 0.008, "printed in the repository's quick start: one run"),
        near(f"4.3 {world} profit 5000", f"profit a step after 5000 steps, {world}", early, 0.006, f"{OURS}; 2.5 standard errors"),
        shown(f"4.3 {world} profit 5000, repository", f"the same, {world}", printed,
              "the quick start's command says 5000 steps, but prints what belongs to 20,000"),
    ]  # fmt: skip


class LendingDynamics(Replication):
    """A bank lends to one applicant after the other, and the groups' scores follow the loans, for 20,000 steps."""

    name: ClassVar[str] = "lending-dynamics"
    title: ClassVar[str] = "Fairness is not static: lending and credit scores over time"
    citation: ClassVar[str] = (
        "A. D'Amour, H. Srinivasan, J. Atwood, P. Baljekar, D. Sculley, Y. Halpern, “Fairness is not static: deeper "
        "understanding of long term fairness via simulation studies”, FAT* 2020, 525-534; google/ml-fairness-gym"
    )
    equations: ClassVar[str] = (
        "repayment by score 0..6: .1 .2 .45 .6 .65 .7 .7; group 1 starts at (0 .1 .1 .2 .3 .3 0), group 2\n"
        "at (.1 .1 .2 .3 .3 0 0); one applicant a step: group, score by the group's masses, repayment\n"
        "a loan moves min(.01, what is there) of the group's mass one score up if repaid, down if not; the bank gains 1 or -1\n"
        "maximum reward: score >= 3\n"
        "equal opportunity, at every step: the pair of randomised cuts that gains most on the present masses among those\n"
        "with equal true-positive rates"
    )
    confidence: ClassVar[str] = "source: paper and authors' code; the digits measured by an independent program"
    targets: ClassVar = (
        *(target for world in MEASURED for target in after(world)),
        near("4.3 first policy 1.3", "accepted at score 3 by the first equal-opportunity policy, group 1", 1.0, 0.0, "exact"),
        near("4.3 first policy 1.2", "at score 2, group 1", 0.0, 0.0, "exact"),
        near("4.3 first policy 2.3", "at score 3, group 2", 1.0, 0.0, "exact"),
        near("4.3 first policy 2.2", "at score 2, group 2", 0.7274, 5e-5, "derived, four digits"),
        *(
            near(f"4.3 gap {world.rpartition(', ')[2]} {mark}",
                 f"distance between true-positive rates so far, after {mark:,} steps, {world}", value, round(0.37 * value, 4),
                 f"{OURS}; 3.5 standard errors of the difference of two such means")
            for world, values in GAPS.items()
            for mark, value in zip(MARKS, values, strict=True)
        ),
        above("4.3 slower", "by how much the distance after 20,000 steps is larger where scores move", 0.0,
              "published: the gap closes more slowly"),
        near("4.3 absorbed 1", f"mean repayment of group 1 after {LONG:,} steps of maximum reward", 0.425, 0.001,
             "derived: all mass that was at score 3 or more ends at 2"),
        near("4.3 absorbed 2", f"mean repayment of group 2 after {LONG:,} steps of maximum reward", 0.390, 0.001, "derived likewise"),
    )  # fmt: skip
    differs: ClassVar[Mapping[str, str]] = {
        f"4.3 {world} profit 5000, repository": "the printed profit is that of 20,000 steps, not of the 5000 that the "
        "command beside it names."
        for world in MEASURED
    }
    brief: ClassVar[bool] = False

    def simulate(self, seed: int) -> Outcome:
        """100 banks in each world, and those that go for the maximum reward for as long as anything can change."""
        found: dict[str, Estimate] = {}
        steps, loans, gaps = [], [], []
        for snapshot in banks(WORLDS, BANKS).weeks(STEPS, seed):
            step = snapshot.week + 1
            if step == 1:
                found |= self.policy(snapshot)
            if step % 200 == 0 or step in MARKS:
                one, two = recall(snapshot)
                gap = np.abs(one - two)
                steps.append(step)
                gaps.append(gap.mean(axis=1))
                loans.append(np.stack([snapshot.agents(f"loans_{group}").mean(axis=1) for group in range(2)]))
                found |= self.marked(snapshot, gap) if step in MARKS else {}
        found |= self.ended(snapshot)
        late = banks(WORLDS[:1], BANKS).last(LONG, seed)
        for number, group in enumerate(("first", "second"), 1):
            found[f"4.3 absorbed {number}"] = estimate.from_replicates((masses(late, group) @ REPAYS)[0])
        x = np.array(steps, float)
        return Outcome(found, (self.lent(x, np.array(loans)), self.closing(x, np.array(gaps))))

    @staticmethod
    def policy(snapshot: Snapshot) -> dict[str, Estimate]:
        """The first policy: in the static world the masses are those of the start."""
        names = {1: "first", 2: "second"}
        return {
            f"4.3 first policy {group}.{score}": exactly(snapshot.agents(f"{names[group]}_accepted_{score}")[2, 0])
            for group in names
            for score in (3, 2)
        }

    @staticmethod
    def marked(snapshot: Snapshot, gap: Numbers) -> dict[str, Estimate]:
        """What is held against targets on the way."""
        step = snapshot.week + 1
        found = {
            f"4.3 gap {world.rpartition(', ')[2]} {step}": estimate.from_replicates(gap[WORLDS.index(world)])
            for world in GAPS
        }
        if step == STEPS:
            found["4.3 slower"] = estimate.from_replicates(gap[1] - gap[2])
        for place, world in enumerate(MEASURED):
            earned = estimate.from_replicates(profit(snapshot)[place])
            if step == 5000:
                found |= dict.fromkeys((f"4.3 {world} profit 5000", f"4.3 {world} profit 5000, repository"), earned)
            if step == STEPS:
                found |= dict.fromkeys((f"4.3 {world} profit", f"4.3 {world} profit, repository"), earned)
        return found

    @staticmethod
    def ended(snapshot: Snapshot) -> dict[str, Estimate]:
        """Loans, mean repayment and recall after the last step."""
        found: dict[str, Estimate] = {}
        for place, world in enumerate(MEASURED):
            for number, group in enumerate(("first", "second"), 1):
                values = {
                    "loans": snapshot.agents(f"loans_{number - 1}")[place].astype(float),
                    "repayment": (masses(snapshot, group) @ REPAYS)[place],
                    "recall": recall(snapshot)[number - 1, place],
                }
                for what, value in values.items():
                    name = f"4.3 {world} {what} {number}"
                    found[name] = estimate.from_replicates(value)
                    if what in DRAWN[world]:
                        found[f"{name}, figure 4"] = found[name]
        return found

    @staticmethod
    def lent(x: Numbers, loans: Numbers) -> Chart:
        """The loans so far by policy and group, with what figure 4 of the paper ends with."""
        lines = [
            Line(f"{world}, group {group + 1}", x, loans[:, group, place])
            for place, world in enumerate(MEASURED)
            for group in range(2)
        ]
        ends = np.array([value for world in DRAWN.values() for value in world["loans"]])
        lines.append(Line("figure 4 of the paper", np.full(len(ends), float(STEPS)), ends, "points", published=True))
        return Chart(
            "Loans given so far, mean over 100 banks",
            "steps",
            "loans",
            tuple(lines),
            "Equal opportunity gives both groups more loans, and the second group most of the difference.",
        )

    @staticmethod
    def closing(x: Numbers, gaps: Numbers) -> Chart:
        """The distance between true-positive rates where scores move and where they do not."""
        names = {1: "scores move", 2: "scores stay"}
        lines = [Line(name, x, gaps[:, place]) for place, name in names.items()]
        marks = np.array(MARKS, float)
        lines += [
            Line(f"{name}, measured independently", marks, np.array(GAPS[WORLDS[place]]), "points", published=True)
            for place, name in names.items()
        ]
        return Chart(
            "Distance between the groups' true-positive rates so far, equal opportunity",
            "steps",
            "mean distance over 100 banks",
            tuple(lines),
            "The rates of the two groups come together more slowly where loans move scores.",
            log_x=True,
            log_y=True,
        )
