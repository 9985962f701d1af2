"""Who has changed a behaviour because of the regime: out of fear, for a reward, or into silence."""

from typing import ClassVar

from glasshouse.model.codes import BY_PENALTY, BY_REWARD, BY_SILENCE, NO_CHANGE, NO_OCCASION
from glasshouse.model.declarations import Column, Sum
from glasshouse.model.statistic import Statistic


class BehaviourChange(Statistic):
    """Counts each citizen once for each kind of behaviour that they have ever changed.

    Kinds: a breach left undone because detection is believed in; a deed done for the reward; a complaint not made that
    would have been made without fear. The random numbers of the week are held fixed, so each is a change and not a coincidence.
    Broad but shallow change, by reward more than by penalty: Kostka and Antoine 2020; `facts.md` B1.8, F12.
    """

    name: ClassVar[str] = "behaviour_change"
    columns: ClassVar = (
        Column(
            "shifted",
            "u1",
            "kinds, packed",
            "a bit for each kind changed so far: penalty, reward, silence",
            high=BY_PENALTY | BY_REWARD | BY_SILENCE,
        ),
    )
    sums: ClassVar = (
        Sum("shifted_any", "citizens", "adults who for the first time changed any behaviour"),
        Sum("shifted_penalty", "citizens", "adults who for the first time left a breach undone"),
        Sum("shifted_reward", "citizens", "adults who for the first time did a deed for the reward"),
        Sum("shifted_silence", "citizens", "adults who for the first time kept a complaint back out of fear"),
    )

    @staticmethod
    def citizen(me, add):
        kind = me.shift
        if kind == NO_CHANGE and me.complaint_margin > NO_OCCASION and not me.complaint:
            if me.complaint_margin + me.complaint_fear * me.risk > 0.0:
                kind = BY_SILENCE
        if kind == NO_CHANGE or (me.shifted & kind) > 0:
            return
        if me.shifted == NO_CHANGE:
            add("shifted_any")
        if kind == BY_PENALTY:
            add("shifted_penalty")
        elif kind == BY_REWARD:
            add("shifted_reward")
        else:
            add("shifted_silence")
        me.shifted = me.shifted | kind
