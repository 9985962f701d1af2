"""Every built-in mechanism and measure passes the kit, and the kit finds what it is there to find."""

from collections.abc import Callable
from typing import Any

import pytest
from test_threads import BUSY

from glasshouse.measure import Measure
from glasshouse.measures import CATALOGUE as MEASURES
from glasshouse.mechanism import Mechanism
from glasshouse.mechanisms import CATALOGUE
from glasshouse.testing import MEASURE_CHECKS, MECHANISM_CHECKS, Question, Trial


def name(thing: Any) -> str:
    return str(getattr(thing, "name", None) or thing.__name__)


@pytest.mark.parametrize("mechanism", CATALOGUE, ids=name)
@pytest.mark.parametrize("check", MECHANISM_CHECKS, ids=name)
def test_a_built_in_mechanism(check: Callable[[Trial], None], mechanism: type[Mechanism]) -> None:
    check(Trial(mechanism, tables=BUSY))


@pytest.mark.parametrize("measure", MEASURES, ids=name)
@pytest.mark.parametrize("check", MEASURE_CHECKS, ids=name)
def test_a_built_in_measure(check: Callable[[Question], None], measure: type[Measure]) -> None:
    check(Question(measure, tables=BUSY))
