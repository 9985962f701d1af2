"""What a plug-in's author imports: one place, which brings no compiler along."""

import subprocess
import sys
from pathlib import Path

import pytest

from glasshouse import model

EXAMPLES = Path(__file__).parents[2] / "examples" / "plugins"


def test_every_name_offered_is_there() -> None:
    assert {name for name in model.__all__ if not hasattr(model, name)} == set()


def test_importing_the_model_loads_no_compiler() -> None:
    script = "import sys, glasshouse.model; print([n for n in sys.modules if n.startswith(('glasshouse.engine', 'llvmlite'))])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("file", sorted(EXAMPLES.glob("*.py")), ids=lambda path: path.name)
def test_an_example_imports_from_the_model_alone(file: Path) -> None:
    lines = [
        line for line in file.read_text(encoding="utf-8").splitlines() if "import" in line and "glasshouse" in line
    ]
    assert [line for line in lines if not line.startswith("from glasshouse.model import ")] == []
