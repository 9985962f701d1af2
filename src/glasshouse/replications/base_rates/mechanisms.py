"""Checks, scores, repeated screening and comparisons of records as mechanisms."""

from typing import ClassVar

from glasshouse.model.declarations import Column, Sum
from glasshouse.model.mechanism import Mechanism

SCORED, VALUE, MISSED = 400_000, 0.7, 0.3
"""Persons in each group with a score, the predictive value of a flag in all groups, and the share of the guilty missed."""

AGREE, CHANCE = (0.95, 0.9, 0.85), (1 / 12, 1 / 31, 1 / 50)
"""Chance that month, day and name agree in two records of one person, and of two persons."""


class Check(Mechanism):
    """A check flags the guilty with chance `hit` and the innocent with chance `alarm`; other persons every week."""

    name: ClassVar[str] = "check"
    draws: ClassVar = ("guilty", "flag")
    sums: ClassVar = (
        Sum("flagged", "persons", "who is flagged"),
        Sum("rightly", "persons", "who is flagged and guilty"),
    )

    @staticmethod
    def citizen(me, here, draw, add):
        # Who is present this week.
        if not me.present:
            return
        guilty = draw("guilty") < here.rate
        if draw("flag") < (here.hit if guilty else here.alarm):
            add("flagged")
            if guilty:
                add("rightly")


class Score(Mechanism):
    """A score that is right for all groups alike: of the flagged a share `VALUE` is guilty, of the guilty `MISSED` are not.

    With a share p of guilty it flags p (1-FNR) / PPV, and of the others p FNR / (1 - that) are guilty.
    """

    name: ClassVar[str] = "score"
    draws: ClassVar = ("flag", "guilty")
    sums: ClassVar = (
        Sum("innocent", "persons", "who is innocent"),
        Sum("wrongly", "persons", "who is flagged and innocent"),
    )

    @staticmethod
    def citizen(me, here, draw, add):
        # First the flag, then what turns out.
        flags = here.rate * (1.0 - MISSED) / VALUE
        flagged = draw("flag") < flags
        if me.present and draw("guilty") >= (VALUE if flagged else here.rate * MISSED / (1.0 - flags)):
            add("innocent")
            if flagged:
                add("wrongly")


class Screening(Mechanism):
    """An innocent person is checked every week and flagged wrongly with chance `alarm` each time."""

    name: ClassVar[str] = "screening"
    draws: ClassVar = ("flag",)
    columns: ClassVar = (Column("flagged", "u1", "yes or no", "was ever flagged"),)
    sums: ClassVar = (Sum("ever", "persons", "who was ever flagged"),)

    @staticmethod
    def citizen(me, here, draw, add):
        # One check a week.
        if me.present and draw("flag") < here.alarm:
            me.flagged = True
        if me.flagged:
            add("ever")


class Comparison(Mechanism):
    """Two records, of one person with odds 1 to `file`, whose month, day and name agree or not (Fellegi and Sunter 1969)."""

    name: ClassVar[str] = "comparison"
    draws: ClassVar = ("same", "month", "day", "name")
    sums: ClassVar = (
        Sum("flagged", "pairs", "that agree in all three"),
        Sum("rightly", "pairs", "that do, of one person"),
    )

    @staticmethod
    def citizen(me, here, draw, add):
        # One pair of records.
        same = draw("same") * (here.file + 1.0) < 1.0
        if (
            me.present
            and draw("month") < (AGREE[0] if same else CHANCE[0])
            and draw("day") < (AGREE[1] if same else CHANCE[1])
            and draw("name") < (AGREE[2] if same else CHANCE[2])
        ):
            add("flagged")
            if same:
                add("rightly")
