"""The file that each agency keeps on a citizen: rightful, wrongful, lawful and deserved points, and how they expire."""

from collections.abc import Mapping
from typing import ClassVar

from glasshouse.model.agencies import AGENCIES, COURT, DATE_STARTS, DATE_STEPS, MOST_POINTS, POLICE
from glasshouse.model.codes import (
    ALL_STRUCK,
    HOME_NONE,
    HOME_RIGHT,
    HOME_WRONG,
    NO_RECORD,
    NOT_CLEARED,
    RIGHTFUL,
    WRONGFUL,
)
from glasshouse.model.declarations import Column, Sum, param
from glasshouse.model.kernel_math import thinned
from glasshouse.model.mechanism import Mechanism

MOST_SPEECH = 255
"""Records about speech, and points about it, are cut here."""


class Points(Mechanism):
    """Points per agency with expiry by keyed weekly binomial thinning.

    Each point is lost with probability 1 - 2^(-1 / half-life) a week. Rightful court points end with the debt they stand
    for instead. `deserved` are the points under full and faithful observation of harmful conduct, `lawful` the rightful
    ones that count by law (`law`). One draw serves all points of an agency, so that the shadow lists differ from the actual one by what was
    recorded and never by chance: more points at the same draw leave no fewer. The safeguard of early deletion adds to the
    weekly loss. Points of a wrong match between registers are wrongful points that do not expire and are not deleted
    early, since the next comparison of the registers brings them back: `mismatched` says how many of the wrongful points
    these are. A listing dismissed by a reviewer or an appeal upheld strikes the wrongful points, wrong
    matches with them, an appeal granted against a rightful restriction all of them.

    Points about speech are a part of the police's points, `right_speech` and `wrong_speech`, thinned by the same draw, so that
    lists can leave them out.
    """

    name: ClassVar[str] = "points"
    columns: ClassVar = (
        Column("right", "i2", "points", "rightful points held by each agency", high=MOST_POINTS, per="agency"),
        Column("wrong", "i2", "points", "wrongful points held by each agency", high=MOST_POINTS, per="agency"),
        Column(
            "mismatched",
            "u1",
            "points",
            "of the wrongful points, those of wrong matches that nobody has disproved",
            high=255,
            per="agency",
            packed=True,
        ),
        Column("deserved", "i2", "points", "points deserved by harmful conduct", high=MOST_POINTS, per="agency"),
        Column(
            "lawful",
            "u1",
            "points",
            "of the rightful points, those that count by law",
            high=255,
            per="agency",
            packed=True,
        ),
        Column("credit", "i2", "points", "points earned by good deeds", high=MOST_POINTS),
        Column("speech", "u1", "records", "records about speech on file", high=MOST_SPEECH),
        Column("right_speech", "u1", "points", "of the police's rightful points, those about speech", high=MOST_SPEECH),
        Column("wrong_speech", "u1", "points", "of the police's wrongful points, those about speech", high=MOST_SPEECH),
        Column("on_file", "?", "yes or no", "any point is on file or deserved"),
        Column("kept", "?", "yes or no", "any point, credit or speech record is on file or deserved"),
    )
    sums: ClassVar = (
        Sum("points_held", "points", "points on file, rightful and wrongful"),
        Sum("points_wrong", "points", "wrongful points on file"),
        Sum("points_deserved", "points", "points deserved"),
    )
    draws: ClassVar = ("expires", "credit", "speech")

    half_life: float = param(
        78.0, "Half-life of a point on file.", unit="weeks", bounds=(1, 5200), prior=(39, 156), role="lever"
    )
    credit_half_life: float = param(
        52.0,
        "Half-life of a credit point.",
        unit="weeks",
        bounds=(1, 5200),
        prior=(26, 104),
        role="lever",
    )

    def constants(self) -> Mapping[str, float]:
        """Weekly chances that a point expires.

        Returns
        -------
        Mapping[str, float]
            `loss` for points and `credit_loss` for credit, each a probability in a week, from the half-lives.
        """
        return {"loss": 1.0 - 0.5 ** (1.0 / self.half_life), "credit_loss": 1.0 - 0.5 ** (1.0 / self.credit_half_life)}

    @staticmethod
    def citizen(me, here, p, draw, add, week):
        spoke = me.speech_filed > NO_RECORD or me.home_record > HOME_NONE
        if not me.kept and not (any(me.filed) or any(me.misfiled) or any(me.due) or spoke or me.good_deed):
            return
        if me.credit > 0:
            me.credit = thinned(me.credit, p.credit_loss, draw("credit"))
        if me.good_deed:
            me.credit = min(me.credit + 1, MOST_POINTS)
        loss = p.loss + here.erasure * (1.0 - p.loss)
        if me.speech > 0:
            me.speech = thinned(me.speech, loss, draw("speech"))
        news = (1 if me.speech_filed > NO_RECORD else 0) + (1 if me.home_record > HOME_NONE else 0)
        me.speech = min(me.speech + news, MOST_SPEECH)
        strike_wrong = me.cleared > NOT_CLEARED or me.dismissed
        total_points, wrong, due = 0, 0, 0
        for k in range(AGENCIES):
            when = week * DATE_STEPS[k] + DATE_STARTS[k]
            if me.right[k] + me.wrong[k] + me.deserved[k] > 0:
                u = draw("expires", when)
                if strike_wrong:
                    me.mismatched[k] = 0
                    me.wrong[k] = 0
                me.wrong[k] = me.mismatched[k] + thinned(me.wrong[k] - me.mismatched[k], loss, u)
                if k != COURT:
                    me.right[k] = 0 if me.cleared == ALL_STRUCK else thinned(me.right[k], loss, u)
                    me.lawful[k] = 0 if me.cleared == ALL_STRUCK else thinned(me.lawful[k], loss, u)
                    me.deserved[k] = thinned(me.deserved[k], loss, u)
                elif me.debt <= 0.0:
                    me.right[k] = 0
                    me.lawful[k] = 0
                    me.deserved[k] = 0
                if k == POLICE and me.right_speech + me.wrong_speech > 0:
                    me.right_speech = 0 if me.cleared == ALL_STRUCK else thinned(me.right_speech, loss, u)
                    me.wrong_speech = 0 if strike_wrong else thinned(me.wrong_speech, loss, u)
            if k == POLICE and me.home_record == HOME_RIGHT:
                me.right[k] = me.right[k] + here.home_points
                me.right_speech = min(me.right_speech + here.home_points, MOST_SPEECH)
            elif k == POLICE and me.home_record == HOME_WRONG:
                me.wrong[k] = me.wrong[k] + here.home_points
                me.wrong_speech = min(me.wrong_speech + here.home_points, MOST_SPEECH)
            me.right[k] = min(me.right[k] + me.filed[k], MOST_POINTS)
            me.wrong[k] = min(me.wrong[k] + me.misfiled[k], MOST_POINTS)
            me.mismatched[k] = me.mismatched[k] + me.mismatch[k]
            me.lawful[k] = min(me.lawful[k] + me.admitted[k], 255)
            me.deserved[k] = min(me.deserved[k] + me.due[k], MOST_POINTS)
            total_points += me.right[k] + me.wrong[k]
            wrong += me.wrong[k]
            due += me.deserved[k]
        if me.speech_filed >= WRONGFUL:
            me.wrong_speech = min(me.wrong_speech + me.speech_filed - WRONGFUL, MOST_SPEECH)
        elif me.speech_filed >= RIGHTFUL:
            me.right_speech = min(me.right_speech + me.speech_filed - RIGHTFUL, MOST_SPEECH)
        me.on_file = total_points + due > 0
        me.kept = me.on_file or me.credit + me.speech > 0
        if total_points > 0:
            add("points_held", total_points)
            add("points_wrong", wrong)
        if due > 0:
            add("points_deserved", due)
