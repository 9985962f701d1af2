"""Intervals and tests of two rates against other programs and known answers."""

import numpy as np
import pytest
from scipy.stats import chi2_contingency

from glasshouse.analysis.audit.rates import TwoRates, critical, ratio_interval, score

CASES = [(10, 92, 8, 298), (4, 88, 5, 302), (0, 50, 3, 200), (7, 60, 0, 90), (30, 30, 60, 70), (120, 940, 130, 3060)]


def counted(*rows: tuple[int, int, int, int]) -> TwoRates:
    return TwoRates(*np.array(rows, np.int64).T)


def test_at_a_ratio_of_one_the_score_test_is_the_chi_square_test() -> None:
    for x, n, y, m in CASES:
        expected = chi2_contingency([[x, n - x], [y, m - y]], correction=False).statistic
        found = float(score(counted((x, n, y, m)))[0])
        assert found**2 == pytest.approx(expected)
        assert np.sign(found) == np.sign(x / n - y / m)


def test_the_interval_excludes_a_ratio_exactly_where_the_test_rejects_it() -> None:
    found = counted(*CASES)
    low, high = ratio_interval(found)
    for limits, sign in ((low, 1), (high, -1)):
        inner = np.isfinite(limits) & (limits > 0)
        assert score(found, np.where(inner, limits, 1.0))[inner] == pytest.approx(sign * critical(), abs=1e-5)
    assert low[2] == 0.0
    assert high[3] == np.inf
    assert (low < np.where(np.isnan(found.ratio), np.inf, found.ratio)).sum() == 5
    assert not ((low <= 1) & (1 <= high) & (np.abs(score(found)) > critical())).any()


def test_intervals_are_those_of_statsmodels() -> None:
    proportion = pytest.importorskip("statsmodels.stats.proportion")
    for x, n, y, m in CASES[:2] + CASES[5:]:
        limits = proportion.confint_proportions_2indep(x, n, y, m, compare="ratio", method="score", correction=False)
        assert [float(end[0]) for end in ratio_interval(counted((x, n, y, m)))] == pytest.approx(limits, rel=1e-3)


def test_an_audit_without_an_event_or_without_a_case_sets_no_limit() -> None:
    found = counted((0, 40, 0, 200), (0, 0, 5, 200))
    assert (score(found) == 0.0).all()
    low, high = ratio_interval(found)
    assert (low == 0.0).all()
    assert (high == np.inf).all()
    assert np.isnan(found.ratio).all()
