"""Hardt et al. 2016 and Milli et al. 2019: people who move to a published cut where that pays, and what it costs whom."""

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from glasshouse.model.declarations import Sum
from glasshouse.model.mechanism import Mechanism
from glasshouse.replications.replication import Chart, Line, Outcome, Replication, above, exactly, near, shown
from glasshouse.replications.sandbox import Simulation, Snapshot, build_population
from glasshouse.results import estimate
from glasshouse.results.estimate import Estimate

FINE = 1 << 30
"""Scale of sums of shares and money."""

PEOPLE = 20_000
"""People in each copy, at the middle quantiles of their scores."""

TRUE_CUT, GAIN = 0.5, 2.0
"""Score from which a person deserves, and what acceptance is worth, in Hardt et al.'s setting."""

ALPHA = 4.0
"""Cost of a score of 1 in Milli et al.'s setting, where acceptance is worth 1."""

CUTS = np.arange(50, 101) / 100.0
"""Published cuts, from the best one where nobody responds (1/2) on."""

ACCURACIES = {0.5: 0.6875, 0.6: 0.7275, 0.75: 0.7500, 0.9: 0.7275}
BURDENS = {0.5: 0.1667, 0.6: 0.2880, 0.75: 0.5625, 0.9: 0.9720}
FEATURE_GAPS = {0.5: 0.2083, 0.6: 0.3168, 0.7: 0.4345, 0.8: 0.5461, 0.9: 0.6318}
COST_GAPS = {0.5: 0.1667, 0.6: 0.2880, 0.7: 0.4573, 0.8: 0.6827, 0.9: 0.9720}
"""Closed forms by cut, for ALPHA."""


class Applicant(Mechanism):
    """Moves up to the published cut t if that costs no more than acceptance is worth: alpha (t - x)+ <= g.

    `deserving` is the chance that the person is one whom the institution means to accept.
    """

    name: ClassVar[str] = "applicant"
    sums: ClassVar = (
        Sum("persons", "persons", "everybody"),
        Sum("deserving", "persons", "those who deserve, in the mean", FINE),
        Sum("wrong", "persons", "accepted without deserving or the other way round, in the mean", FINE),
        Sum("spent", "money", "spent on moving", FINE),
        Sum("spent_deserving", "money", "spent on moving by those who deserve, in the mean", FINE),
        Sum("burden", "money", "least cost to be accepted, of those who deserve, in the mean", FINE),
    )

    @staticmethod
    def citizen(me, here, add):
        # Compares the cost with the gain.
        if not me.present:
            return
        cost = here.alpha * max(here.cut - me.score, 0.0)
        add("persons")
        add("deserving", me.deserving)
        add("burden", cost * me.deserving)
        if cost <= here.gain:
            add("wrong", 1.0 - me.deserving)
            add("spent", cost)
            add("spent_deserving", cost * me.deserving)
        else:
            add("wrong", me.deserving)


def applicants(
    score: NDArray[np.float64],
    deserving: NDArray[np.float64],
    cut: NDArray[np.float64],
    alpha: NDArray[np.float64],
    gain: float,
) -> Snapshot:
    """Simulate what people make of a cut and a cost that each copy has for itself.

    Parameters
    ----------
    score : ndarray of float, shape (copies, people)
        Scores x.
    deserving : ndarray of float, shape (copies, people)
        Chance that the institution means to accept the person.
    cut : ndarray of float, shape (copies,)
        Published cut t.
    alpha : ndarray of float, shape (copies,)
        Cost of a score of 1.
    gain : float
        What acceptance is worth, g.

    Returns
    -------
    Snapshot
        The state after the applicants have moved.
    """
    places = {"cut": cut, "alpha": alpha, "gain": np.full(len(cut), gain)}
    return Simulation(build_population({"score": score, "deserving": deserving}, places=places), (Applicant(),)).last(
        1, 0
    )


def per(snapshot: Snapshot, amount: str, whole: str) -> NDArray[np.float64]:
    """Divide one sum by another.

    Parameters
    ----------
    snapshot : Snapshot
        State after the applicants have moved.
    amount : str
        Name of the sum above the line.
    whole : str
        Name of the sum below it.

    Returns
    -------
    ndarray of float, shape (copies,)
        Ratios.
    """
    ratio: NDArray[np.float64] = snapshot.total(amount) / snapshot.total(whole)
    return ratio


def _named(target: str, cuts: dict[float, float], values: NDArray[np.float64]) -> dict[str, Estimate]:
    """The values at these cuts, under the names of their targets."""
    return {f"{target} {cut:g}": exactly(np.interp(cut, CUTS, values)) for cut in cuts}


class StrategicClassification(Replication):
    """A published cut to which people move: shifted up it errs no more, and those who deserve pay for it."""

    name: ClassVar[str] = "strategic-classification"
    title: ClassVar[str] = "Strategic classification and its social cost"
    citation: ClassVar[str] = (
        "M. Hardt, N. Megiddo, C. Papadimitriou, M. Wootters, “Strategic Classification”, ITCS 2016, 111-122; S. Milli, "
        "J. Miller, A. D. Dragan, M. Hardt, “The Social Cost of Strategic Classification”, FAT* 2019, 230-239"
    )
    equations: ClassVar[str] = (
        "a person of score x moves to the cut t if alpha (t - x)+ <= g, so that the accepted are x >= t - g / alpha\n"
        "Hardt et al.: x uniform, deserving if x >= 1/2, g = 2; naive cut 1/2, shifted cut 1/2 + g / alpha\n"
        "Milli et al.: x uniform, P(deserving) = x, g = 1, alpha = 4; burden = mean alpha (t - x)+ of those who deserve\n"
        "gaps: burden of a group with density 2 (1 - x), or with twice the cost, over that of the others"
    )
    confidence: ClassVar[str] = "closed forms: derived; theorems: secondary; the study of FICO scores: not reproduced"
    targets: ClassVar = (
        *(near(f"T6.a naive {a}", f"error of the naive cut, alpha {a}", 2 / a, 1e-4, "derived: 2/alpha; 20,000 people")
          for a in (8, 20)),
        *(near(f"T6.a shifted {a}", f"error of the shifted cut, alpha {a}", 0.0, 1e-4, "published: none; 20,000 people")
          for a in (8, 20)),
        *(near(f"T6.b naive {a}", f"mean money spent on moving, naive cut, alpha {a}", 2 / a, 1e-4, "derived: 2/alpha")
          for a in (8, 20)),
        *(near(f"T6.b shifted {a}", f"mean money spent on moving, shifted cut, alpha {a}", 2 / a, 1e-4,
               "derived: 2/alpha") for a in (8, 20)),
        near("T6.b payers naive", "share of it that those who deserve pay, naive cut", 0.0, 1e-4, "derived"),
        near("T6.b payers shifted", "share of it that those who deserve pay, shifted cut", 1.0, 1e-4, "derived"),
        *(near(f"T6.c {t:g}", f"accuracy, cut {t:g}", v, 1e-3, "derived: 1/2 + e - e², e = t - 1/alpha")
          for t, v in ACCURACIES.items()),
        near("T6.c best", "cut of the highest accuracy", 0.75, 0.01, "derived: 1/2 + 1/alpha; cuts in steps of 0.01"),
        *(near(f"T6.d {t:g}", f"social burden, cut {t:g}", v, 1e-3, "derived: alpha t³ / 3") for t, v in BURDENS.items()),
        *(near(f"T6.e {t:g}", f"gap in burden to those with lower scores, cut {t:g}", v, 2e-3,
               "derived: alpha t³ (2/3 - t/2)") for t, v in FEATURE_GAPS.items()),
        *(near(f"T6.f {t:g}", f"gap in burden to those with twice the cost, cut {t:g}", v, 2e-3, "derived: alpha t³ / 3")
          for t, v in COST_GAPS.items()),
        above("T6 accuracy rises", "least rise of accuracy from cut to cut, 0.50 to 0.75", 0.0, "theorem: never falls"),
        above("T6 burden rises", "least rise of burden from cut to cut", 1e-9, "theorem: rises along with accuracy"),
        above("T6 feature gap", "least rise of the gap in features from cut to cut", 0.0, "theorem: never falls"),
        above("T6 cost gap", "least rise of the gap in costs from cut to cut", 0.0, "theorem: never falls"),
        shown("T6 FICO 2", "FICO scores: gap at cost ratio 2 over the gap at 1", 2.5, "secondary", "times"),
        shown("T6 FICO 3", "FICO scores: gap at cost ratio 3 over the gap at 1", 4.0, "secondary", "times"),
    )  # fmt: skip
    differs: ClassVar = dict.fromkeys(
        ("T6 FICO 2", "T6 FICO 3"),
        "Not simulated: no account says what moving up the score costs. With a linear cost the multiplier depends on the "
        "cut, and comes near the published one at a low cut only.",
    )

    def simulate(self, seed: int) -> Outcome:
        # Both settings; they are deterministic.
        missing = estimate.from_replicates(np.array([]))
        found, chart = self._burdens()
        return Outcome(self._shift() | found | {"T6 FICO 2": missing, "T6 FICO 3": missing}, (chart,))

    @staticmethod
    def _shift() -> dict[str, Estimate]:
        """Hardt et al.: the naive and the shifted cut, side by side."""
        alpha = np.array([8.0, 20.0, 8.0, 20.0])
        cut = TRUE_CUT + np.array([0.0, 0.0, 1.0, 1.0]) * GAIN / alpha
        score = np.tile((np.arange(PEOPLE) + 0.5) / PEOPLE, (4, 1))
        snapshot = applicants(score, (score >= TRUE_CUT).astype(float), cut, alpha, GAIN)
        wrong, spent = per(snapshot, "wrong", "persons"), per(snapshot, "spent", "persons")
        payers = per(snapshot, "spent_deserving", "spent")
        found = {"T6.b payers naive": exactly(payers[0]), "T6.b payers shifted": exactly(payers[2])}
        for place, name in enumerate(("naive 8", "naive 20", "shifted 8", "shifted 20")):
            found |= {f"T6.a {name}": exactly(wrong[place]), f"T6.b {name}": exactly(spent[place])}
        return found

    @staticmethod
    def _burdens() -> tuple[dict[str, Estimate], Chart]:
        """Milli et al.: everybody, a group with lower scores, and one with twice the cost, at every cut."""
        even = (np.arange(PEOPLE) + 0.5) / PEOPLE
        groups = np.stack([even, 1.0 - np.sqrt(1.0 - even), even])
        score = np.repeat(groups, len(CUTS), axis=0)
        alpha = ALPHA * np.repeat([1.0, 1.0, 2.0], len(CUTS))
        snapshot = applicants(score, score, np.tile(CUTS, 3), alpha, 1.0)
        accuracy = 1.0 - per(snapshot, "wrong", "persons")[: len(CUTS)]
        burden, lower, dearer = per(snapshot, "burden", "deserving").reshape(3, -1)
        rising = CUTS <= 0.75
        found = {
            **_named("T6.c", ACCURACIES, accuracy),
            "T6.c best": exactly(CUTS[np.argmax(accuracy)]),
            **_named("T6.d", BURDENS, burden),
            **_named("T6.e", FEATURE_GAPS, lower - burden),
            **_named("T6.f", COST_GAPS, dearer - burden),
            "T6 accuracy rises": exactly(np.diff(accuracy[rising]).min()),
            "T6 burden rises": exactly(np.diff(burden[rising]).min()),
            "T6 feature gap": exactly(np.diff(lower - burden).min()),
            "T6 cost gap": exactly(np.diff(dearer - burden).min()),
        }
        lines = (
            Line("accuracy", CUTS, accuracy),
            Line("social burden", CUTS, burden),
            Line("gap, lower scores", CUTS, lower - burden),
            Line("gap, twice the cost", CUTS, dearer - burden),
            Line("closed form of the burden", CUTS, ALPHA * CUTS**3 / 3.0, published=True),
        )
        caption = "Up to a cut of 0.75 accuracy rises, and with it the burden on those who deserve and the gaps between groups."
        return found, Chart("Accuracy and burden by the published cut", "cut", "share; cost", lines, caption)
