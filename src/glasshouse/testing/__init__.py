"""What every mechanism and every measure must pass, built in or a plug-in's.

    from glasshouse.testing import check_measure, check_mechanism

    def test_rumour():
        check_mechanism(Rumour)
        check_measure(RumourReach, mechanisms=(Rumour,))

Each check is a function of its own as well (`MECHANISM_CHECKS`, `MEASURE_CHECKS`), to be run one by one; a failure is an
AssertionError that says what is wrong. A mechanism is tried among all built-in ones, so that its pass is compiled once,
on a small synthetic population.
"""

from glasshouse.testing.measures import MEASURE_CHECKS, Question, check_measure
from glasshouse.testing.mechanisms import MECHANISM_CHECKS, check_mechanism
from glasshouse.testing.trial import Trial

__all__ = ["MEASURE_CHECKS", "MECHANISM_CHECKS", "Question", "Trial", "check_measure", "check_mechanism"]
