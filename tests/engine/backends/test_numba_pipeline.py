"""Which of Numba's passes are left out, in any version, and that functions are compiled once for all constants."""

from pathlib import Path
from types import SimpleNamespace

from numba.core.compiler import DefaultPassBuilder

from glasshouse.engine.backends.cpu import CompiledBackend
from glasshouse.engine.backends.numba_pipeline import PASSES
from glasshouse.engine.compiler.layout import ModelLayout
from tests.engine.compiler.test_rewrite import Trial
from tests.helpers.populations import adults, arm_state

LEFT_OUT = {
    "WithLifting",
    "InlineClosureLikes",
    "RewriteSemanticConstants",
    "DeadBranchPrune",
    "RewriteDynamicRaises",
    "MakeFunctionToJitFunction",
    "InlineInlinables",
    "FindLiterallyCalls",
    "LiteralUnroll",
    "LiteralPropagationSubPipelinePass",
    "InlineOverloads",
    "NopythonRewrites",
    "NoPythonSupportedFeatureValidation",
    "DumpParforDiagnostics",
}
"""Passes that find nothing in generated functions. A version of Numba with another pass has to be looked at."""


def test_passes_are_numba_s_own_in_their_order_without_those_that_find_nothing() -> None:
    flags = SimpleNamespace(
        auto_parallel=SimpleNamespace(enabled=False), no_rewrites=False, enable_ssa=True, force_pyobject=False
    )
    usual = DefaultPassBuilder.define_nopython_pipeline(SimpleNamespace(flags=flags, func_ir=None))
    names = [step.__name__ for step, _ in usual.passes]
    assert [name for name in names if name not in LEFT_OUT] == [step.__name__ for step in PASSES]


def test_a_draw_is_compiled_once_for_all_purposes(tmp_path: Path) -> None:
    class Drawing(Trial):
        """Draws for three purposes."""

        draws = ("first", "second", "third")

        @staticmethod
        def citizen(me, draw):  # type: ignore[no-untyped-def]
            me.level = draw("first") + draw("second") + draw("third", 3)

    layout = ModelLayout((Drawing,))
    with CompiledBackend(layout, threads=1, folder=tmp_path) as backend:
        backend.warm(arm_state(layout, adults(40)))
        assert len(backend.module.load()._draw.overloads) == 1
