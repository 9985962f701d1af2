"""Do regimes that are fitted to some published figures predict the others?

    python verification/regimes.py fit [NAME …] [--draws 90] [--kept 40]
    python verification/regimes.py compare

`fit` reads `regime_figures/fitted` alone: it draws the settings that a scenario leaves in doubt from their priors, runs a small
population at each, keeps draws by rejection and regression (`analysis/calibration/abc.py`), runs the model again at these, and
freezes what it predicts in `regime_figures/frozen`, with hashes of scenario, priors, fitted figures and predictions. `compare`
reads `regime_figures/held-out` after it has checked these hashes, and writes docs/regimes.md. Takes about four minutes on a core.
"""

import argparse
import hashlib
import json
import math
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from regime_models import REGIMES, Figures, Regime, Settings, in_logarithms

import glasshouse
from glasshouse.analysis.calibration.abc import conditioned
from glasshouse.rng import derive
from glasshouse.storage import write_atomic
from glasshouse.study.design_points import latin_hypercube

FOLDER = Path(__file__).parent / "regime_figures"
SEED, ACCEPTED = 15, 0.5
"""Random seed, and the share of the draws from the priors that the regression rests on."""


def figures_of(folder: str, name: str) -> dict[str, dict[str, Any]]:
    """The published figures of a regime.

    Parameters
    ----------
    folder : str
        `fitted` or `held-out`.
    name : str
        The regime.

    Returns
    -------
    dict of str to dict
        For each figure what it is, its value, and its error or unit.
    """
    return tomllib.loads((FOLDER / folder / f"{name}.toml").read_text(encoding="utf-8"))


def digest(content: Any) -> str:
    """A hash of a text, or of JSON.

    Parameters
    ----------
    content : Any
        The text, or what can be written as JSON.

    Returns
    -------
    str
        16 hexadecimal digits of its SHA-256.
    """
    text = content if isinstance(content, str) else json.dumps(content, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def basis(regime: Regime) -> dict[str, str]:
    """Hashes of what a fit rests on.

    Parameters
    ----------
    regime : Regime
        The regime.

    Returns
    -------
    dict of str to str
        Hashes of what the scenario's file sets, of the priors that are drawn from and of the fitted figures.
    """
    file = Path(glasshouse.__file__).parent / "library" / "scenarios" / "elsewhere" / f"{regime.name}.toml"
    return {
        "scenario": digest(tomllib.loads(file.read_text(encoding="utf-8"))),
        "priors": digest([(one.key, one.low, one.high) for one in regime.factors()]),
        "fitted figures": digest((FOLDER / "fitted" / f"{regime.name}.toml").read_text(encoding="utf-8")),
    }


def settings_at(regime: Regime, point: Sequence[float]) -> dict[str, float]:
    """The settings at a point of the priors.

    Parameters
    ----------
    regime : Regime
        The regime.
    point : sequence of float
        A value for each of its factors, on their scales.

    Returns
    -------
    dict of str to float
        Settings over the scenario.
    """
    priors = regime.priors()
    found = {}
    for factor, value in zip(regime.factors(), point, strict=True):
        low, high = priors[factor.key]
        found[factor.key] = min(max(math.exp(value), low), high) if in_logarithms((low, high)) else float(value)
    return {**found, **{key: found[other] for key, other in regime.tied.items()}}


def simulated(
    regime: Regime, points: NDArray[np.float64], figures: Callable[[Settings], Figures], stage: str
) -> list[Figures]:
    """The model's figures at some points.

    Parameters
    ----------
    regime : Regime
        The regime.
    points : ndarray of float, shape (points, factors)
        Points of its priors.
    figures : callable
        The figures at some settings.
    stage : str
        Name of the stage, from which random seeds are derived.

    Returns
    -------
    list of dict of str to float
        The figures at each point.
    """
    found = []
    for place, point in enumerate(points):
        seed = derive(SEED, regime.name, stage, place) >> 1
        found.append(figures({**settings_at(regime, point), "run.seed": seed}))
        if (place + 1) % 40 == 0:
            print(f"{regime.name}, {stage}: {place + 1} of {len(points)}", flush=True)
    return found


def fit(regime: Regime, draws: int, kept: int) -> dict[str, Any]:
    """Fit a regime to its fitted figures, and predict everything.

    Parameters
    ----------
    regime : Regime
        The regime.
    draws : int
        Draws from the priors.
    kept : int
        Draws from the posterior, at each of which the model is run again.

    Returns
    -------
    dict of str to Any
        Hashes of its basis, the draws that were kept, and what each predicts.
    """
    targets, factors = figures_of("fitted", regime.name), regime.factors()
    points = latin_hypercube(factors, draws, derive(SEED, regime.name, "priors") >> 1)
    runs = simulated(regime, points, regime.figures, "priors")
    rng = np.random.default_rng(derive(SEED, regime.name, "errors") >> 1)
    errors = np.array([target["error"] for target in targets.values()])
    figures = np.array([[run[name] for name in targets] for run in runs])
    noisy = figures + errors * rng.standard_normal(figures.shape)
    published = np.array([target["value"] for target in targets.values()])
    posterior = conditioned(factors, points, noisy, published, ACCEPTED)
    chosen = posterior.resampled(kept, SEED)
    predicted = simulated(regime, chosen, regime.predicted, "posterior")
    return {
        "basis": basis(regime),
        "draws": draws,
        "effective": round(posterior.effective, 1),
        "kept": [{key: _short(value) for key, value in settings_at(regime, point).items()} for point in chosen],
        "predicted": [{name: _short(value) for name, value in one.items()} for one in predicted],
    }


def _short(value: float) -> float:
    return float(f"{value:.6g}")


def freeze(name: str, frozen: Mapping[str, Any]) -> None:
    """Write what was fitted and predicted, with its hash.

    Parameters
    ----------
    name : str
        The regime.
    frozen : mapping of str to Any
        What `fit` returned.
    """
    content = {**frozen, "hash": digest(dict(frozen))}
    write_atomic(FOLDER / "frozen" / f"{name}.json", json.dumps(content, indent=1) + "\n", "the frozen fit")


def frozen_fit(regime: Regime) -> dict[str, Any]:
    """What was frozen, checked.

    Parameters
    ----------
    regime : Regime
        The regime.

    Returns
    -------
    dict of str to Any
        What `fit` returned, and its `hash`.

    Raises
    ------
    SystemExit
        If the frozen fit was changed, or if scenario, priors or fitted figures are others than those it rests on.
    """
    found: dict[str, Any] = json.loads((FOLDER / "frozen" / f"{regime.name}.json").read_text(encoding="utf-8"))
    if digest({key: value for key, value in found.items() if key != "hash"}) != found["hash"]:
        raise SystemExit(f"The frozen fit of {regime.name} was changed after it was frozen. Fit again.")
    changed = [what for what, one in basis(regime).items() if found["basis"][what] != one]
    if changed:
        raise SystemExit(f"{regime.name}: {', '.join(changed)} changed after the fit was frozen. Fit again.")
    return found


def main() -> None:
    """Fits and freezes, or compares and writes the page."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("command", choices=("fit", "compare"))
    parser.add_argument("names", nargs="*")
    parser.add_argument("--draws", type=int, default=90)
    parser.add_argument("--kept", type=int, default=40)
    given = parser.parse_args()
    if given.command == "fit":
        for regime in REGIMES:
            if not given.names or regime.name in given.names:
                freeze(regime.name, fit(regime, given.draws, given.kept))
        return
    from regime_page import write

    write([(regime, frozen_fit(regime)) for regime in REGIMES])


if __name__ == "__main__":
    main()
