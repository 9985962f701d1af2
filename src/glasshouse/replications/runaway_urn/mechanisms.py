"""The urn from which patrols are drawn (Ensign et al. 2018), with random counts and in expectation."""

from typing import ClassVar

from glasshouse.model.declarations import Column
from glasshouse.model.kernel_math import binomial, poisson
from glasshouse.model.mechanism import Mechanism


class PatrolUrn(Mechanism):
    """An urn of the incidents on record in places A and B, n_A and n_B, from which one patrol a day is drawn.

    It goes to A with probability n_A / (n_A + n_B). A patrol in A adds the row (a, b) to the counts, one in B (c, d),
    each a Poisson number or the rate itself. Where the counts are corrected, what is found is recorded only with
    probability (share of the other place) / (larger share). Then each count loses Binomial(count, loss), and is never
    below 1.
    """

    name: ClassVar[str] = "patrol_urn"
    columns: ClassVar = (
        Column("in_a", "f8", "incidents", "on record in A", high=1e9),
        Column("in_b", "f8", "incidents", "on record in B", high=1e9),
    )
    draws: ClassVar = ("patrol", "recorded", "adds a", "adds b", "fades a", "fades b")

    @staticmethod
    def citizen(me, here, draw, week):
        # One day of one urn.
        if not me.present:
            return
        if week == 0:
            me.in_a, me.in_b = here.start_a, here.start_b
        share = me.in_a / (me.in_a + me.in_b)
        goes_to_a = draw("patrol") < share
        recorded = True
        if here.corrected:
            other = 1.0 - share if goes_to_a else share
            recorded = draw("recorded") < other / max(share, 1.0 - share)
        if recorded and here.random:
            if goes_to_a:
                me.in_a += poisson(here.a, here.none_a, draw("adds a"))
                me.in_b += poisson(here.b, here.none_b, draw("adds b"))
            else:
                me.in_a += poisson(here.c, here.none_c, draw("adds a"))
                me.in_b += poisson(here.d, here.none_d, draw("adds b"))
        elif recorded:
            me.in_a += here.a if goes_to_a else here.c
            me.in_b += here.b if goes_to_a else here.d
        if here.loss > 0.0:
            me.in_a = max(me.in_a - binomial(int(me.in_a), here.loss, draw("fades a")), 1)
            me.in_b = max(me.in_b - binomial(int(me.in_b), here.loss, draw("fades b")), 1)


class ExpectedUrn(Mechanism):
    """The same urn as it moves in expectation: n_A gains p a + (1 - p) c a day, n_B p b + (1 - p) d, both fade alike.

    Its share p comes to rest where f(p) = (c + d - a - b) p^2 + (a - 2c - d) p + c = 0.
    """

    name: ClassVar[str] = "expected_urn"
    columns: ClassVar = (
        Column("in_a", "f8", "incidents", "expected on record in A", high=1e9),
        Column("in_b", "f8", "incidents", "expected on record in B", high=1e9),
    )

    @staticmethod
    def citizen(me, here, week):
        # One day.
        if not me.present:
            return
        if week == 0:
            me.in_a, me.in_b = here.start_a, here.start_b
        share = me.in_a / (me.in_a + me.in_b)
        me.in_a = (1.0 - here.loss) * (me.in_a + share * here.a + (1.0 - share) * here.c)
        me.in_b = (1.0 - here.loss) * (me.in_b + share * here.b + (1.0 - share) * here.d)
