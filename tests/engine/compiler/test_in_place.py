"""Citizens' whole numbers and traits are read and changed in their records; fractions stay in variables until the week ends."""

from typing import ClassVar

from glasshouse.engine.backends.cpu import CompiledBackend
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.model.declarations import Column
from glasshouse.model.mechanism import Mechanism


class Resting(Mechanism):
    """Changes its columns for few citizens."""

    name: ClassVar[str] = "resting"
    columns: ClassVar = (Column("waits", "i2", "", ""), Column("level", "f4", "", ""))

    @staticmethod
    def citizen(me):
        if me.waits == 0 and me.income < 1.0:
            return
        me.waits = me.waits - 1
        me.level = me.level + 0.1


def loop(schedule: str) -> str:
    text = CompiledBackend(ModelLayout((Resting,), schedule=schedule), threads=1).text
    return text[text.index("def citizens(") : text.index("def districts(")]


def test_a_kernel_that_returns_early_reads_what_it_tests_alone() -> None:
    text = CompiledBackend(ModelLayout((Resting,)), threads=1).text
    assert "if np.int64(_state[_u]['waits']) == 0 and np.float64(_traits[_u]['income']) < 1.0:" in text
    assert "_state[_u]['waits'] = _fit(np.int64(_state[_u]['waits']) - 1, -32768, 32767)" in text
    assert "['waits']" not in loop("synchronous")
    assert "['income']" not in loop("synchronous")


def test_fractions_are_rounded_once_a_week() -> None:
    assert loop("synchronous").count("_state[_u]['level']") == 2


def test_citizens_who_act_in_turns_keep_their_columns_in_variables() -> None:
    assert loop("sequential").count("_state[_u]['waits']") == 2
