"""A statistic only counts: the engine refuses one that acts on others, and a model in which something reads it."""

from typing import ClassVar

import pytest

from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.errors import CompilationError
from glasshouse.model import Column, Inbox, Mechanism, Signal, Statistic, Sum
from glasshouse.model.mechanisms import CATALOGUE


class Counting(Statistic):
    """Counts the weeks of every citizen."""

    name: ClassVar[str] = "counting"
    columns: ClassVar = (Column("weeks_seen", "i4", "weeks", "weeks counted", high=1e6),)
    sums: ClassVar = (Sum("weeks_counted", "citizen-weeks", "weeks counted"),)

    @staticmethod
    def citizen(me, add):
        me.weeks_seen = me.weeks_seen + 1
        add("weeks_counted")


class ReadingColumn(Mechanism):
    """Rests on the column of a statistic."""

    name: ClassVar[str] = "reading_column"
    columns: ClassVar = (Column("tired", "f4", "share", "tiredness"),)

    @staticmethod
    def citizen(me):
        me.tired = 1.0 if me.weeks_seen > 5 else 0.0


class ReadingSum(Mechanism):
    """Rests on the sum of a statistic."""

    name: ClassVar[str] = "reading_sum"
    district_columns: ClassVar = (Column("crowded", "f4", "share", "crowding"),)

    @staticmethod
    def district(here, total):
        here.crowded = 1.0 if total.weeks_counted > 5 else 0.0


class Signalling(Statistic):
    """Shows something."""

    name: ClassVar[str] = "signalling"
    signals: ClassVar = (Signal("counted", "was counted"),)

    @staticmethod
    def citizen(me):
        me.counted = True


class Receiving(Mechanism):
    """Has an inbox."""

    name: ClassVar[str] = "receiving"
    inboxes: ClassVar = (Inbox("letters", "letters", "letters received"),)
    columns: ClassVar = (Column("read_letters", "i4", "letters", "letters read", high=1e6),)

    @staticmethod
    def citizen(me):
        me.read_letters = me.letters


class Sending(Statistic):
    """Sends something."""

    name: ClassVar[str] = "sending"

    @staticmethod
    def citizen(me, send):
        send("letters", me.index, 1)


def test_a_statistic_may_read_what_it_keeps() -> None:
    assert ModelLayout((Counting,)).state.names == ("weeks_seen",)


@pytest.mark.parametrize(
    ("components", "fault"),
    [
        ((Counting, ReadingColumn), "reading_column.citizen reads weeks_seen of the statistic counting"),
        ((Counting, ReadingSum), "reading_sum.district reads weeks_counted of the statistic counting"),
        ((Signalling,), "statistic signalling declares signals or inboxes"),
        ((Receiving, Sending), "statistic sending sends to letters"),
    ],
)
def test_a_statistic_that_is_more_than_one_is_refused(components: tuple[type, ...], fault: str) -> None:
    with pytest.raises(CompilationError, match=fault):
        ModelLayout(components)


def test_what_lies_in_the_folder_of_statistics_is_a_statistic() -> None:
    for component in CATALOGUE:
        folder = component.__module__.split(".")[2]
        assert issubclass(component, Statistic if folder == "statistics" else Mechanism), component.name
