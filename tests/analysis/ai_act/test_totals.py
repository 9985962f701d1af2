"""Sums of evidence: of one replicate and of several."""

from glasshouse.analysis.ai_act.totals import EvidenceTotals, added
from glasshouse.analysis.ai_act.variants import NEUTRAL, REGIME, VARIANTS


def test_totals_of_replicates_add_up() -> None:
    one, two = (EvidenceTotals.empty(VARIANTS, 3) for _ in range(2))
    one.restrictions.flow[1, 2], two.restrictions.flow[1, 2] = 1.0, 2.0
    one.variants[REGIME].vanished[3], two.variants[REGIME].vanished[3] = 4.0, 5.0
    both = added([one, two])
    assert both.restrictions.flow[1, 2] == 3.0
    assert both.variants[REGIME].vanished[3] == 9.0
    assert both.variants[NEUTRAL].vanished.sum() == 0.0
    assert added([one]).restrictions.flow.sum() == 1.0
