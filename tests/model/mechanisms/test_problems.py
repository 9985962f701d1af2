"""What data prevent. Counts are checked at 4.5 standard errors of a Poisson count with fixed seeds: 7 in a million fail."""

import numpy as np

from glasshouse.model.mechanisms.problems import Problems
from tests.model.mechanisms.test_mechanisms import SILENT, Lived, close


def test_platforms_prevent_their_share_of_arrivals() -> None:
    settings = {"arrival": 0.01, "inspection": 0.0, "private_end": 0.05, "platform": 0.5, "kappa": 0.0}
    lived = Lived(Problems(**settings, prevention=0.5), SILENT)
    free = 52 * 8192 - lived["problems_open"] - lived["problems_ended"]
    assert close(lived["problems_arrived"], 0.75 * 0.01 * free)


def test_without_platforms_nothing_is_prevented() -> None:
    one, other = Lived(Problems(prevention=1.0), people=2048), Lived(Problems(), people=2048)
    assert np.array_equal(one.weekly, other.weekly)
