"""Indices of Ishigami's function and Sobol's G through a whole study, against their exact values.

Every point is a run of the laboratory (examples/plugins/analytic.py): a study file's worth of runs goes through
study database, workers and shards to the indices. Held to three standard errors of each index, from its own bootstrap: of the
22 indices one would stray by chance in 17 verifications. Run: .venv/bin/python verification/known_answers.py [--size 1024]
(about ten minutes on two cores).
"""

import argparse
import math
import sys
import tempfile
from pathlib import Path

import numpy as np

import glasshouse
from glasshouse.analysis.screening import analyse

PLUGIN = Path(__file__).parent.parent / "examples" / "plugins" / "analytic.py"
WEIGHTS = np.array([0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0])


def of_ishigami() -> dict[str, list[float]]:
    """First and total indices: V = a²/8 + bπ⁴/5 + b²π⁸/18 + 1/2 with a = 7, b = 0.1."""
    first, second, both = 0.5 * (1 + 0.1 * math.pi**4 / 5) ** 2, 49 / 8, 0.01 * math.pi**8 * (1 / 18 - 1 / 50)
    whole = first + second + both
    return {
        "first": [first / whole, second / whole, 0.0],
        "total": [(first + both) / whole, second / whole, both / whole],
    }


def of_sobol_g() -> dict[str, list[float]]:
    """First and total indices: V_k = 1 / (3 (1 + a_k)²), V = prod (1 + V_k) - 1."""
    alone = 1 / (3 * (1 + WEIGHTS) ** 2)
    whole = np.prod(1 + alone) - 1
    return {"first": list(alone / whole), "total": list(alone * np.prod(1 + alone) / (1 + alone) / whole)}


CASES = (
    ("ishigami", {f"ishigami.x{n}": [-math.pi, math.pi] for n in (1, 2, 3)}, of_ishigami()),
    ("sobol_g", {f"sobol_g.x{n}": [0.0, 1.0] for n in range(1, 9)}, of_sobol_g()),
)


def studied(name: str, factors: dict[str, list[float]], size: int, folder: Path) -> "glasshouse.Findings":
    """The study of one function with two workers."""
    file = folder / f"{name}.toml"
    lines = "\n".join(f'"{key}" = [{low!r}, {high!r}]' for key, (low, high) in factors.items())
    file.write_text(
        f'scenario = "social-governance"\ndesign = "saltelli"\nruns = {size * (len(factors) + 2)}\nseed = 11\n'
        f'measures = ["{name}_mean"]\n[settings]\ncitizens = 100\nrun.weeks = 1\nrun.start = 0\nrun.rollout = 0\n'
        f"[factors]\n{lines}\n",
        encoding="utf-8",
    )
    return glasshouse.studies.run(file, folder=folder, workers=2, plugins=[PLUGIN])


def main() -> int:
    """Runs both studies and returns 1 if an index is off by more than three standard errors."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=1024, help="rows of Saltelli's matrices, a power of two")
    size = parser.parse_args().size
    strays = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, factors, exact in CASES:
            found = analyse(studied(name, factors, size, Path(folder)), f"{name}_mean.regime")
            print(f"{name}: {found.points:,} runs\n  {'index':8}{'factor':15}{'exact':>9}{'found':>9}{'st. error':>11}")
            for index_name, values in exact.items():
                for index, value in zip(found.of(index_name), values, strict=True):
                    error = (index.estimate.high - index.estimate.low) / 3.92
                    off = bool(abs(index.estimate.mean - value) > 3 * error + 1e-6)
                    strays += off
                    told = f"{value:9.4f}{index.estimate.mean:9.4f}{error:11.4f}{'   differs' if off else ''}"
                    print(f"  {index_name:8}{index.factor.key:15}{told}")
    print(
        "All are within three standard errors."
        if not strays
        else f"{strays} are further off than three standard errors."
    )
    return min(strays, 1)


if __name__ == "__main__":
    sys.exit(main())
