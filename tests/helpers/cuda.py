"""The generated text under another header: compiled for a graphics card, one card thread to a block of citizens.

It is a check of the generated text, not a way to run a model: no command reaches it. That blocks share nothing but what
they read is what any parallel machine needs, and the simulator shows whether it holds.

A block owns its records, its words of shown signals, its row of sums and its stretch of the post, so the card needs no
atomic operation and leaves the bytes that threads leave. Give `ArmState.fresh` small blocks (64 citizens), or the card has
too few threads to fill. Sums, post, firms, districts and the centre are small and are stepped on the host. The population's traits
and ties stay on the card; the state of the citizens travels to the card and back each week.

This has been run on Numba's CUDA simulator only, never on a card. The simulator runs the same text in the interpreter,
so it proves the division into blocks and the launch, not the card's compiler. One thing is known to differ there: a
card's compiler joins a product and a sum into one rounding unless told not to; `_unfused` tells it.
"""

import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasshouse.engine.backends.cpu import NO_TURNS, CompiledBackend
from glasshouse.engine.backends.generated_module import write
from glasshouse.engine.compiler.codegen import CITIZENS
from glasshouse.engine.compiler.layout import ModelLayout, digest
from glasshouse.engine.state import ArmState
from glasshouse.errors import CompilationError

HEADER = '''"""Compiled by Glasshouse; a new file is written when any mechanism changes, so editing this one changes nothing."""
from numba import cuda

inline = cuda.jit(device=True)
outer = cuda.jit(device=True)
'''

FOOTER = f"""

@cuda.jit
def launch(_count, {CITIZENS}):
    _thread = cuda.grid(1)
    if _thread < _count:
        citizens(_thread, _thread + 1, {CITIZENS})
"""

WIDTH = 64
"""Card threads that are launched together."""


class Cuda:
    """Steps arms on a graphics card; the card must be there when the first step is taken."""

    def __init__(self, layout: ModelLayout, *, folder: Path | None = None) -> None:
        if layout.schedule != "synchronous":
            raise CompilationError(
                "The sequential schedule takes one citizen at a time. Run it on threads, not on a card."
            )
        self.layout = layout
        self.host = CompiledBackend(layout, threads=1, folder=folder)
        self.module: ModuleType | None = None
        self.resident: dict[int, tuple[NDArray[Any], Any]] = {}

    @property
    def text(self) -> str:
        """Source of the compiled file."""
        return HEADER + self.host.generator.text + FOOTER

    def load(self) -> ModuleType:
        """The generated module, written and imported if that has not happened yet."""
        if self.module is None:
            name = f"card_{digest(self.text)}"
            path = self.host.module.folder / name / f"{name}.py"
            write(path, self.text)
            spec = importlib.util.spec_from_file_location(name, path)
            assert spec is not None
            assert spec.loader is not None
            self.module = importlib.util.module_from_spec(spec)
            sys.modules[name] = self.module
            spec.loader.exec_module(self.module)
        return self.module

    def step(self, arm: ArmState, seed: int, week: int) -> None:
        """One week of one arm, as `CompiledBackend.step` does it."""
        arguments = (*self.host.arguments(arm, seed, week), NO_TURNS)
        # By identity, so that what is given twice (a citizen's own records as those ahead) is one thing on the card as well.
        moved = {id(argument): self.moved(arm, argument) for argument in arguments}
        blocks = len(arm.blocks)
        if blocks:
            with _unfused():
                self.load().launch[(blocks + WIDTH - 1) // WIDTH, WIDTH](blocks, *(moved[id(a)] for a in arguments))
        changed = (
            arm.citizens, arm.showing, arm.rows, arm.post_target, arm.post_amount, arm.post_count,
        )  # fmt: skip
        for array in changed:
            moved[id(array)].copy_to_host(array)
        self.host.settle(arm, seed, week)

    def moved(self, arm: ArmState, argument: Any) -> Any:
        """The argument on the card; what belongs to the population is moved once and stays there."""
        from numba import cuda

        if not isinstance(argument, np.ndarray):
            return argument
        population = arm.population
        fixed = (population.citizens, population.firms, population.districts, population.tie_start, population.ties)
        if not any(argument is array for array in fixed):
            return cuda.to_device(argument)
        kept = self.resident.get(id(argument))
        if kept is None or kept[0] is not argument:
            kept = self.resident[id(argument)] = argument, cuda.to_device(argument)
        return kept[1]


@contextmanager
def _unfused() -> Iterator[None]:
    """Compiles without joining products and sums: Numba has no switch for what its card compiler does by default."""
    from numba import config

    if config.ENABLE_CUDASIM:
        yield
        return
    from numba.cuda.cudadrv import nvvm

    before, nvvm.compile_ir = nvvm.compile_ir, partial(nvvm.compile_ir, fma=False)
    try:
        yield
    finally:
        nvvm.compile_ir = before
