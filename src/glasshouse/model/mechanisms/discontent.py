"""Political discontent: what people hold against the order as such, whatever their own troubles."""

from collections.abc import Mapping
from typing import ClassVar

from glasshouse.model.declarations import Column, param
from glasshouse.model.mechanism import Mechanism

QUESTIONS = 255
"""Questions of yes or no by whose answers the beta distribution of discontent is drawn."""


def answered(mean: float, concentration: float, none: float, u: float) -> float:
    """A share drawn from about a beta distribution: its mean given how many of `QUESTIONS` are answered with yes.

    The number of such answers has a beta-binomial distribution and is its quantile at u, worked out upwards from none. The share
    has the mean of the beta distribution, and its variance but for the factor n / (n + concentration), n being `QUESTIONS`.

    Parameters
    ----------
    mean : float
        Mean of the beta distribution, above 0 and below 1.
    concentration : float
        Sum of its two parameters.
    none : float
        Chance that no question is answered with yes.
    u : float
        Uniform draw on [0, 1).

    Returns
    -------
    float
        The share, above 0 and below 1.
    """
    a = mean * concentration
    b = concentration - a
    share = none
    yes = 0
    rest = u - share
    while rest >= 0.0 and yes < QUESTIONS:
        share *= (QUESTIONS - yes) * (a + yes) / ((yes + 1) * (b + QUESTIONS - yes - 1))
        yes += 1
        rest -= share
    return (a + yes) / (concentration + QUESTIONS)


class Discontent(Mechanism):
    """A share o of discontent with the political order, drawn for each adult once and for all.

    o ~ Beta(mean * concentration, (1 - mean) * concentration), independent of all traits and the same in every arm. Private
    opposition is G = 1 - (1 - g)(1 - o) (`attitudes`), which fear hides when people are asked: list experiments find 4 to 28
    points less support than direct questions do (`facts.md` B2, F10). Everyday voice stays on grievance g; discontent adds
    `pull` * o to the urge to protest. With mean 0 all opposition is everyday grievance.
    """

    name: ClassVar[str] = "discontent"
    off: ClassVar = {"mean": 0.0}
    columns: ClassVar = (Column("discontent", "f4", "share", "political discontent o, 0 until it is drawn"),)
    district_columns: ClassVar = (
        Column(
            "discontent_pull", "f4", "grievance units", "what full discontent adds to the urge to protest", high=10.0
        ),
    )
    draws: ClassVar = ("level",)

    mean: float = param(
        0.0,
        "Mean political discontent of adults.",
        unit="share",
        bounds=(0, 0.9),
        prior=(0.0, 0.6),
        source="facts.md B2.2, B2.5: 30 to 50 % withhold support in list experiments, which may overstate it",
        role="uncertainty",
    )
    concentration: float = param(
        4.0,
        "Sum of the two parameters of its beta distribution: large where people are alike.",
        unit="ratio",
        bounds=(0.5, 50),
        prior=(1.0, 20.0),
        role="uncertainty",
    )
    pull: float = param(
        0.0,
        "What full discontent adds to the urge to protest.",
        unit="grievance units",
        bounds=(0, 10),
        prior=(0.0, 0.4),
        role="uncertainty",
    )

    def constants(self) -> Mapping[str, float]:
        """The chance that somebody would answer none of so many questions with yes, where the draw begins.

        Returns
        -------
        Mapping[str, float]
            `none`, a product of `QUESTIONS` factors, below which no discontent is drawn.
        """
        a = self.mean * self.concentration
        chance = 1.0
        for k in range(QUESTIONS):
            chance *= 1.0 - a / (self.concentration + k)
        return {"none": chance}

    @staticmethod
    def citizen(me, p, draw):
        if p.mean > 0.0 and me.adult and me.discontent == 0.0:
            me.discontent = answered(p.mean, p.concentration, p.none, draw("level", 0))

    @staticmethod
    def district(here, p):
        here.discontent_pull = p.pull
