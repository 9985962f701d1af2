"""Who has changed a behaviour because of the regime: out of fear, for a reward, or into silence."""

from typing import ClassVar

from glasshouse.model.declarations import Column, Sum
from glasshouse.model.statistic import Statistic


class BehaviourChange(Statistic):
    """Counts each citizen once for each kind of behaviour that he has ever changed; it changes nothing.

    Kinds: a breach left undone because detection is believed in; a deed done for the reward; a complaint not made that
    would have been made without fear. The luck of the week is held fixed, so each is a change and not a coincidence.
    Broad but shallow change, by reward more than by penalty: Kostka and Antoine 2020; `facts.md` B1.8, F12.
    """

    name: ClassVar[str] = "behaviour_change"
    columns: ClassVar = (
        Column(
            "shifted", "u1", "kinds, packed", "a bit for each kind changed so far: penalty, reward, silence", high=7
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
        if kind == 0 and me.complaint_margin > -20.0 and not me.complaint:
            if me.complaint_margin + me.complaint_fear * me.risk > 0.0:
                kind = 4
        if kind == 0 or (me.shifted & kind) > 0:
            return
        if me.shifted == 0:
            add("shifted_any")
        if kind == 1:
            add("shifted_penalty")
        elif kind == 2:
            add("shifted_reward")
        else:
            add("shifted_silence")
        me.shifted = me.shifted | kind
