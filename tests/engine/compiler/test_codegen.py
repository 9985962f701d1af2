"""The text of the pass: plain, self-contained, the same on every machine, and named by all that it holds."""

import ast
from typing import ClassVar

import pytest

from glasshouse.engine.backends.cpu import CompiledBackend
from glasshouse.engine.compiler.codegen import CodeGenerator
from glasshouse.engine.compiler.contacts import spread
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.model.declarations import Column
from glasshouse.model.measures import PAIRINGS
from glasshouse.model.mechanism import Mechanism
from glasshouse.model.mechanisms import CATALOGUE
from tests.engine.compiler.test_rewrite import STEPS

TEXT = CompiledBackend(ModelLayout(CATALOGUE), PAIRINGS, threads=1).text


def test_the_text_needs_numpy_alone() -> None:
    imported = [node for node in ast.walk(ast.parse(TEXT)) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert {node.names[0].name if isinstance(node, ast.Import) else node.module for node in imported} == {"numpy"}


def test_the_text_is_the_same_every_time() -> None:
    assert CompiledBackend(ModelLayout(CATALOGUE), PAIRINGS, threads=2).text == TEXT


def test_kernels_stand_in_the_order_of_a_week() -> None:
    loop = TEXT[TEXT.index("def citizens(") :]
    places = [loop.index(f"{m.name}__citizen(") for m in CATALOGUE if m.kernel("citizen")]
    assert places == sorted(places)


class Tabled(Mechanism):
    """Reads a table."""

    name: ClassVar[str] = "tabled"
    columns: ClassVar = (Column("level", "f4", "", ""),)

    @staticmethod
    def citizen(me):
        me.level = STEPS[1]


def test_a_table_s_values_are_part_of_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    before = CompiledBackend(ModelLayout((Tabled,)), threads=1).module.path
    changed = STEPS.copy()
    changed[2] += 1e-12
    monkeypatch.setitem(Tabled.citizen.__globals__, "STEPS", changed)
    assert CompiledBackend(ModelLayout((Tabled,)), threads=1).module.path != before


@pytest.mark.parametrize("bits", [1, 2, 4, 8])
def test_shown_bits_are_spread_over_lanes(bits: int) -> None:
    """Evaluates the generated expression: signal k of the packed value lands in bit 16 k of its lane word."""
    packs = (bits + 3) // 4
    for value in range(1 << bits):
        for pack in range(packs):
            found = eval(spread("np.uint64(value)", pack), {"value": value, "np": __import__("numpy")})
            expected = sum(((value >> (4 * pack + k)) & 1) << (16 * k) for k in range(min(4, bits - 4 * pack)))
            assert int(found) == expected


def test_a_pass_is_generated_from_layout_and_pairings() -> None:
    assert CodeGenerator(ModelLayout(CATALOGUE), PAIRINGS).layout.mechanisms == CATALOGUE
