"""The same pass on Numba's CUDA simulator, in a process of its own since the simulator is chosen at import."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.errors import CompilationError
from tests.helpers.cuda import Cuda
from tests.helpers.populations import adults

SCRIPT = """
import sys
sys.path[:0] = sys.argv[2:]
from pathlib import Path
from numba import config
assert config.ENABLE_CUDASIM
from tests.helpers.populations import adults, bytes_of
from tests.engine.test_ahead import Foreseeing
from tests.engine.compiler.test_place_loops import Employing, employed
from tests.engine.backends.test_cpu import BUSY
from tests.helpers.cuda import Cuda
from glasshouse.engine.backends.interpreter import ReferenceBackend
from glasshouse.model.mechanisms import CATALOGUE
from glasshouse.engine.compiler.layout import ModelLayout
import numpy as np
from glasshouse.engine.state import ArmState
def compare(layout, population, busy, later):
    given = {type(table): table for table in busy}
    rows = [[given.get(m, m()) if k else m() for m in layout.mechanisms] for k in range(3)]
    tables = np.stack([layout.pack(row) for row in rows])
    one, other = (ArmState.fresh(layout, population, tables, block=64) for _ in range(2))
    for state in (one, other):
        state.active_table[:2] = 1
        state.ahead = layout.initial("citizen", len(population.citizens)) if later else None
    card, twin = Cuda(layout, folder=Path(sys.argv[1])), ReferenceBackend(layout)
    for week in range(2):
        card.step(one, 7, week)
        twin.step(other, 7, week)
        assert bytes_of(one) == bytes_of(other), week
compare(ModelLayout(CATALOGUE), adults(130, district=64), BUSY, False)
for later in (False, True):
    compare(ModelLayout((Employing, Foreseeing)), employed(), (Foreseeing(looks=True),), later)
print("equal")
"""


def test_the_pass_on_a_graphics_card_leaves_the_bytes_of_the_interpreter(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, tmp_path, Path(__file__).parents[3]],
        env={**os.environ, "NUMBA_ENABLE_CUDASIM": "1", "NUMBA_DISABLE_JIT": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.strip().endswith("equal")


def test_taking_turns_is_refused_on_a_card() -> None:
    from tests.engine.backends.test_cpu import Counting

    with pytest.raises(CompilationError, match="Run it on threads"):
        Cuda(ModelLayout((Counting,), schedule="sequential"))
    assert len(adults(64).citizens) == 64
