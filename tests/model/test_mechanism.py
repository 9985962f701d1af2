"""The contract of mechanisms: what a mechanism's draws are keyed by."""

from typing import ClassVar

import pytest

from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.errors import CompilationError
from glasshouse.model.mechanism import Mechanism


class Renamed(Mechanism):
    """A mechanism that was once called `first_name`."""

    name: ClassVar[str] = "renamed"
    stream_key: ClassVar[str] = "first_name"


class Namesake(Mechanism):
    """A mechanism whose name is another's stream key."""

    name: ClassVar[str] = "first_name"


def test_draws_are_keyed_by_the_name_unless_another_key_is_declared() -> None:
    assert Namesake.stream_name("citizen") == "first_name.citizen"
    assert Renamed.stream_name("citizen") == "first_name.citizen"
    assert ModelLayout((Renamed,)).symbol_table(Renamed, "citizen").stream_name == "first_name.citizen"


def test_two_mechanisms_cannot_draw_from_one_stream() -> None:
    with pytest.raises(CompilationError, match="first_name draws from the stream first_name, which belongs to renamed"):
        ModelLayout((Renamed, Namesake))
