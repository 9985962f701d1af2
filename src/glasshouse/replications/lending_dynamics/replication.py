"""D'Amour and others 2020 on fairness over time: two groups whose scores move with the loans that a bank gives them."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from glasshouse.model.measure import FloatArray
from glasshouse.replications.lending_dynamics.charts import gap_chart, loans_chart
from glasshouse.replications.lending_dynamics.mechanisms import REPAYS
from glasshouse.replications.lending_dynamics.simulations import (
    BANKS,
    LONG,
    MARKS,
    SETTINGS,
    STEPS,
    banks,
    masses,
    profit,
    recall,
)
from glasshouse.replications.lending_dynamics.targets import DRAWN, GAPS, MEASURED, targets
from glasshouse.replications.replication import Outcome, Replication, exactly
from glasshouse.replications.sandbox import Snapshot
from glasshouse.results import estimate
from glasshouse.results.estimate import Estimate


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
    targets: ClassVar = targets()
    differs: ClassVar[Mapping[str, str]] = {
        f"4.3 {setting} profit 5000, repository": "the printed profit is that of 20,000 steps, not of the 5000 that the "
        "command beside it names."
        for setting in MEASURED
    }
    brief: ClassVar[bool] = False

    def simulate(self, seed: int) -> Outcome:
        # 100 banks in each setting, and those that go for the maximum reward for as long as anything can change.
        found: dict[str, Estimate] = {}
        steps, loans, gaps = [], [], []
        for snapshot in banks(SETTINGS, BANKS).weeks(STEPS, seed):
            step = snapshot.week + 1
            if step == 1:
                found |= _first_policy(snapshot)
            if step % 200 == 0 or step in MARKS:
                one, two = recall(snapshot)
                gap = np.abs(one - two)
                steps.append(step)
                gaps.append(gap.mean(axis=1))
                loans.append(np.stack([snapshot.agents(f"loans_{group}").mean(axis=1) for group in range(2)]))
                found |= _marked(snapshot, gap) if step in MARKS else {}
        found |= _ended(snapshot)
        late = banks(SETTINGS[:1], BANKS).last(LONG, seed)
        for number, group in enumerate(("first", "second"), 1):
            found[f"4.3 absorbed {number}"] = estimate.from_replicates((masses(late, group) @ REPAYS)[0])
        x = np.array(steps, float)
        return Outcome(found, (loans_chart(x, np.array(loans)), gap_chart(x, np.array(gaps))))


def _first_policy(snapshot: Snapshot) -> dict[str, Estimate]:
    """The first policy: in the static setting the masses are those of the start."""
    names = {1: "first", 2: "second"}
    return {
        f"4.3 first policy {group}.{score}": exactly(snapshot.agents(f"{names[group]}_accepted_{score}")[2, 0])
        for group in names
        for score in (3, 2)
    }


def _marked(snapshot: Snapshot, gap: FloatArray) -> dict[str, Estimate]:
    """What is held against targets on the way."""
    step = snapshot.week + 1
    found = {
        f"4.3 gap {setting.rpartition(', ')[2]} {step}": estimate.from_replicates(gap[SETTINGS.index(setting)])
        for setting in GAPS
    }
    if step == STEPS:
        found["4.3 slower"] = estimate.from_replicates(gap[1] - gap[2])
    for place, setting in enumerate(MEASURED):
        earned = estimate.from_replicates(profit(snapshot)[place])
        if step == 5000:
            found |= dict.fromkeys((f"4.3 {setting} profit 5000", f"4.3 {setting} profit 5000, repository"), earned)
        if step == STEPS:
            found |= dict.fromkeys((f"4.3 {setting} profit", f"4.3 {setting} profit, repository"), earned)
    return found


def _ended(snapshot: Snapshot) -> dict[str, Estimate]:
    """Loans, mean repayment and recall after the last step."""
    found: dict[str, Estimate] = {}
    for place, setting in enumerate(MEASURED):
        for number, group in enumerate(("first", "second"), 1):
            values = {
                "loans": snapshot.agents(f"loans_{number - 1}")[place].astype(float),
                "repayment": (masses(snapshot, group) @ REPAYS)[place],
                "recall": recall(snapshot)[number - 1, place],
            }
            for what, value in values.items():
                name = f"4.3 {setting} {what} {number}"
                found[name] = estimate.from_replicates(value)
                if what in DRAWN[setting]:
                    found[f"{name}, figure 4"] = found[name]
    return found
