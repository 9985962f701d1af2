"""The steps that Numba takes to compile generated functions: its own, without those that look for what is never generated.

Generated functions have no closures, no `with` blocks, no array expressions and nothing from Numba's overloads to be inlined
before it is typed. Looking for these takes an eighth of the time that compiling takes.
"""

from numba.core.compiler import CompilerBase
from numba.core.compiler_machinery import PassManager
from numba.core.typed_passes import (
    AnnotateTypes,
    IRLegalization,
    NativeLowering,
    NoPythonBackend,
    NopythonTypeInference,
    PreLowerStripPhis,
)
from numba.core.untyped_passes import FixupArgs, GenericRewrites, IRProcessing, ReconstructSSA, TranslateByteCode

PASSES = (
    TranslateByteCode,
    FixupArgs,
    IRProcessing,
    GenericRewrites,
    ReconstructSSA,
    NopythonTypeInference,
    PreLowerStripPhis,
    IRLegalization,
    AnnotateTypes,
    NativeLowering,
    NoPythonBackend,
)
"""In the order of Numba's own pipeline."""


class PlainFunctionCompiler(CompilerBase):  # type: ignore[misc]
    """Compiles a function of numbers and arrays that calls others of its kind."""

    def define_pipelines(self) -> list[PassManager]:
        """The passes, as Numba asks for them.

        Returns
        -------
        list of PassManager
        """
        manager = PassManager("plain functions")
        for step in PASSES:
            manager.add_pass(step, step.__name__)
        manager.finalize()
        return [manager]
