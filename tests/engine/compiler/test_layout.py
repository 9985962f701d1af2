"""Fitting mechanisms together: every clash is told, and all clashes at once."""

from typing import ClassVar

import numpy as np
import pytest

from glasshouse.engine.compiler.layout import ModelLayout, digest
from glasshouse.engine.compiler.records import record
from glasshouse.errors import CompilationError
from glasshouse.model.component import rounded
from glasshouse.model.declarations import Column, Inbox, Signal, Sum, vector
from glasshouse.model.mechanism import Mechanism
from glasshouse.model.mechanisms import CATALOGUE
from glasshouse.rng import stream


class One(Mechanism):
    """Owns `level`."""

    name: ClassVar[str] = "one"
    columns: ClassVar = (Column("level", "f4", "", "", initial=0.5),)
    shared_draws: ClassVar = {"first": 0}
    weights: tuple[float, ...] = vector((1.0, 2.0), "Weights.", unit="", bounds=(0, 9))
    rate: float = 3.0

    def constants(self):
        return {"third": 1.0 / 3.0}


def also(**declared: object) -> type[Mechanism]:
    return type("Also", (Mechanism,), {"__doc__": "Another.", "name": "also", "__module__": __name__, **declared})


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ({"columns": (Column("level", "f4", "", ""),)}, "level is declared by also, but it belongs to one"),
        ({"columns": (Column("income", "f4", "", ""),)}, "belongs to the traits"),
        ({"columns": (Column("index", "i4", "", ""),)}, "belongs to every citizen, as their own number"),
        ({"signals": (Signal("level", ""),)}, "belongs to one"),
        ({"inboxes": (Inbox("level", "", ""),)}, "belongs to one"),
        ({"sums": (Sum("twice", "", ""), Sum("twice", "", ""))}, "sum twice is declared by also"),
        ({"columns": (Column("_hidden", "f4", "", ""),)}, "cannot name a field"),
        ({"columns": (Column("number", "f4", "", ""),)}, "cannot name a field"),
        ({"columns": (Column("exact", "f2", "", ""),)}, "is of type 'f2'"),
        ({"name": "one"}, "called 'one'"),
        ({"name": "not plain"}, "called 'not plain'"),
        ({"shared_draws": {"second": 0}}, "belongs to one"),
        ({"shared_draws": {"second": 4}}, "words 0 to 3"),
        ({"draws": ("luck", "luck")}, "more than once"),
        ({"signals": tuple(Signal(f"s{k}", "") for k in range(9))}, "9 signals"),
    ],
)
def test_a_clash_is_reported(declared: dict[str, object], said: str) -> None:
    with pytest.raises(CompilationError, match=said):
        ModelLayout((One, also(**declared)))


def test_two_streams_of_one_number_are_refused() -> None:
    one, other = "mbce9e07b", "m84613a90"
    assert stream(f"{one}.citizen") == stream(f"{other}.citizen")
    clashing = [also(name=name, citizen=staticmethod(idle)) for name in (one, other)]
    with pytest.raises(CompilationError, match=f"{other}.citizen of {other} and {one}.citizen of {one} have the same"):
        ModelLayout((One, *clashing))
    ModelLayout((One, clashing[0]))


def idle(me):
    return


def test_a_trait_cannot_take_the_place_of_the_citizen_s_own_number() -> None:
    with pytest.raises(CompilationError, match="a trait is called index"):
        ModelLayout((One,), np.dtype([("index", "u4")]))


def test_all_clashes_are_reported_at_once() -> None:
    with pytest.raises(CompilationError) as caught:
        ModelLayout((One, also(columns=(Column("level", "f4", "", ""), Column("x", "f2", "", "")), draws=("a", "a"))))
    assert len(str(caught.value).splitlines()) == 3


def test_parameters_have_a_place_each_and_constants_are_rounded() -> None:
    layout = ModelLayout((One,))
    packed = layout.pack([One(rate=7.0)])
    places = {name: packed[slot] for (_, name), slot in layout.slots.items()}
    assert places == {"weights_0": 1.0, "weights_1": 2.0, "rate": 7.0, "third": rounded(1 / 3)}
    assert rounded(1 / 3) != 1 / 3
    assert rounded(1 / 3) == pytest.approx(1 / 3, rel=2**-40)


def test_records_begin_at_their_initial_values() -> None:
    layout = ModelLayout((One,))
    assert (layout.initial("citizen", 3)["level"] == 0.5).all()
    assert len(layout.initial("centre", 1)) == 1


def test_records_have_their_widest_fields_first_and_no_gaps() -> None:
    made = record([Column("a", "u1", "", ""), Column("b", "f8", "", ""), Column("c", "i2", "", "", length=2)])
    assert made.names == ("b", "c_0", "c_1", "a")
    assert [made.fields[name][1] for name in made.names] == [0, 8, 10, 12]
    assert record([]).itemsize == 1


@pytest.mark.parametrize(("signals", "bits"), [(0, 1), (1, 1), (2, 2), (3, 4), (5, 8), (8, 8)])
def test_signals_are_packed_as_tightly_as_they_go(signals: int, bits: int) -> None:
    assert ModelLayout((also(signals=tuple(Signal(f"s{k}", "") for k in range(signals))),)).bits == bits


def test_the_catalogue_fits_and_every_parameter_is_explained() -> None:
    layout = ModelLayout(CATALOGUE)
    assert len({column.name for column in layout.sums}) == len(layout.sums)
    for mechanism in CATALOGUE:
        for name, field in mechanism.model_fields.items():
            assert field.description, f"{mechanism.name}.{name}"
            extra = field.json_schema_extra
            assert isinstance(extra, dict)
            assert "unit" in extra, f"{mechanism.name}.{name}"
            assert extra["source"] != "assumption" or "prior" in extra, f"{mechanism.name}.{name} needs a prior"


def test_priors_hold_the_defaults() -> None:
    for mechanism in CATALOGUE:
        for name, field in mechanism.model_fields.items():
            extra = field.json_schema_extra
            if isinstance(extra, dict) and "prior" in extra:
                low, high = extra["prior"]
                held = np.atleast_1d(field.default)
                assert (held >= 0).all()
                assert low <= held.max(), f"{mechanism.name}.{name}"
                assert held.min() <= high, f"{mechanism.name}.{name}"


def test_a_digest_changes_with_any_character() -> None:
    assert digest("a b") != digest("a  b")
    assert len(digest("")) == 20
