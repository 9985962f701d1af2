"""Threshold models by hand."""

import numpy as np

from glasshouse.replications.threshold_models import rest


def test_people_join_once_their_threshold_is_reached() -> None:
    """By hand: thresholds 0, 1, 3 stop at two; 0, 1, 2 take all; nobody begins without a threshold of zero."""
    crowds = np.array([[0.0, 1.0, 3.0], [0.0, 1.0, 2.0], [1.0, 1.0, 1.0]])
    assert rest(crowds, 10).tolist() == [2.0, 3.0, 0.0]
