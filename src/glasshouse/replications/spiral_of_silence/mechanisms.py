"""The spiral of silence (Ross et al. 2019) as a mechanism."""

from typing import ClassVar

from glasshouse.model.declarations import Column, Signal, Sum
from glasshouse.model.kernel_math import sigmoid
from glasshouse.model.mechanism import Mechanism

STILL = 0.001
"""Change of confidence below which a person counts as at rest."""


class SpiralOfSilence(Mechanism):
    """Speaks while confidence exceeds the willingness to self-censor; those who speak move their neighbours' confidence.

    delta = (same - other) / (same + other) over the neighbours who speak, 0 where nobody does; h <- max(h + delta, 0);
    c = 2 / (1 + exp(-h)) - 1; speaks while c > Phi (Ross et al. 2019, section 4.2, two misprints put right). Week 0
    is the start, every later week a tick. Bots always speak.
    """

    name: ClassVar[str] = "spiral_of_silence"
    columns: ClassVar = (
        Column("inner", "f8", "1", "inner confidence", high=1e6),
        Column("sure", "f8", "share", "confidence"),
    )
    signals: ClassVar = (Signal("says_plus", "speaks in favour"), Signal("says_minus", "speaks against"))
    sums: ClassVar = (
        Sum("plus", "persons", "who speaks in favour, bots left out"),
        Sum("minus", "persons", "who speaks against, bots left out"),
        Sum("moving", "persons", "whose confidence has moved"),
    )
    district_columns: ClassVar = (
        Column("rested", "?", "1", "whether nobody's confidence moves any more"),
        Column("ticks", "i8", "ticks", "ticks until then", high=1e6),
        Column("for_plus", "i8", "persons", "who spoke in favour at last", high=1e6),
        Column("for_minus", "i8", "persons", "who spoke against at last", high=1e6),
    )

    @staticmethod
    def citizen(me, here, contacts, add, week):
        # One tick of one person; who is of a copy at rest goes on as before.
        if here.rested or not me.present:
            return
        if me.bot:
            me.says_minus = True
            return
        inner = me.start
        if week > 0:
            heard = contacts.says_plus + contacts.says_minus
            inner = me.inner
            if heard > 0:
                delta = (contacts.says_plus - contacts.says_minus) / heard
                inner = max(inner + (delta if me.plus else -delta), 0.0)
        sure = 2.0 * sigmoid(inner) - 1.0
        if abs(sure - me.sure) >= STILL:
            add("moving")
        me.inner = inner
        me.sure = sure
        speaks = sure > me.shy
        me.says_plus = speaks and me.plus
        me.says_minus = speaks and not me.plus
        if speaks and me.plus:
            add("plus")
        elif speaks:
            add("minus")

    @staticmethod
    def district(here, total, week):
        # Counts until nobody moves; nothing can rest before the first tick.
        if here.rested:
            return
        here.ticks = week
        here.for_plus = total.plus
        here.for_minus = total.minus
        here.rested = week > 0 and total.moving == 0
