"""Which sums a measure reads depends on the sums that a run keeps."""

import pytest

from glasshouse.model.measures.listing import ContextSpread, ListedShare
from glasshouse.model.sums_read import sums_read


def test_a_measure_over_contexts_reads_as_many_sums_as_there_are() -> None:
    four, six = ({f"restricted_{k}" for k in range(number)} for number in (4, 6))
    assert {*sums_read(ContextSpread, (), four)[0]} == four
    assert {*sums_read(ContextSpread, (), six)[0]} == six


def test_a_sum_that_is_needed_and_not_kept_is_an_error() -> None:
    assert sums_read(ListedShare)[0]
    with pytest.raises(AttributeError, match="no mechanism keeps a sum called"):
        sums_read(ListedShare, (), ())
