"""Which listings and restrictions are lawful."""

from typing import ClassVar

from glasshouse.model.agencies import AGENCIES, ALL_CONTEXTS, DATE_STARTS, DATE_STEPS, MOST_CONTEXTS_BITS, RESTRICTED
from glasshouse.model.declarations import Column, Sum
from glasshouse.model.mechanism import Mechanism


class Legality(Mechanism):
    """Judges each listing by the `law` when it takes effect, and each restriction while it lasts.

    A listing is lawful if sum over agencies k of w_kl * (points of k that count by law) >= threshold_l, where w_kl is the
    weight that the list gives, less what the purpose limitation of the law takes, and if the citizen was heard before
    where the law demands it. A restriction is unlawful if its listing was, or from the week on in which it has lasted
    longer than the law permits, or its effect outlasts its end by more than the law permits. Grounds that fall away or
    arise after the decision change nothing, as a court reviews a decision on the facts of its time. No citizen's life
    depends on any of it.
    """

    name: ClassVar[str] = "legality"
    columns: ClassVar = (
        Column(
            "unlawful",
            "u1",
            "contexts, packed",
            "a bit for each context that is restricted unlawfully",
            high=MOST_CONTEXTS_BITS,
        ),
    )
    sums: ClassVar = (
        Sum("listings_unlawful", "listings", "contexts newly restricted unlawfully"),
        Sum("listings_groundless", "listings", "of these, with too few points that count by law"),
        Sum("listings_unheard", "listings", "of these, without the hearing that the law demands"),
        Sum("listed_unlawfully", "citizen-weeks", "citizens restricted unlawfully in some context"),
        Sum("restrictions_unlawful", "context-weeks", "contexts restricted unlawfully"),
    )
    draws: ClassVar = ("demand",)

    @staticmethod
    def citizen(me, here, draw, add, week):
        if not me.busy and me.unlawful == 0:
            return
        unlawful = 0
        for k in range(AGENCIES):
            bit = 1 << k
            if me.state[k] < RESTRICTED:
                me.unlawful = me.unlawful & (ALL_CONTEXTS - bit)
            elif me.state[k] == RESTRICTED and me.since[k] == 0:
                grounds = 0.0
                for j in range(AGENCIES):
                    grounds += here.lawful_weight[j * AGENCIES + k] * me.lawful[j]
                groundless = grounds < here.lawful_threshold[k]
                when = week * DATE_STEPS[k] + DATE_STARTS[k]
                unheard = (me.hearing_given & bit) == 0 and draw("demand", when) < here.hearing_due[k]
                if groundless or unheard:
                    me.unlawful = me.unlawful | bit
                    add("listings_unlawful")
                    if groundless:
                        add("listings_groundless")
                    if unheard:
                        add("listings_unheard")
            elif me.since[k] >= (here.lawful_spell if me.state[k] == RESTRICTED else here.lawful_release):
                me.unlawful = me.unlawful | bit
            if (me.unlawful & bit) > 0:
                unlawful += 1
        if unlawful > 0:
            add("listed_unlawfully")
            add("restrictions_unlawful", unlawful)
