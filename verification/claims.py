"""How often the interval of a claim's share holds the true share.

A study is simulated a thousand times for each row: points have an expected value, the claim holds where it is above zero, and
a run adds noise of its own and noise that all runs with its seed share. In the noisy rows 57 % of the variance of whether the
claim holds in one run is noise, as in the claim `heart` with 2,000 citizens. With --model, a small study of the model itself is
run besides (60 points with 12 replicates each), and studies are drawn from its runs. Writes the table into
docs/verification.md; ends with 1 if a coverage is outside its bounds.
Run: .venv/bin/python verification/claims.py [--studies 1000] [--model] (two minutes, with the model four).

Bounds are 92 to 97 %, and three standard errors of a simulated coverage beside. Where nearly every point agrees no interval
of a count can be so close (Brown, Cai and DasGupta 2001): for a share of 5 % the upper bound is 99 %.
"""

import argparse
import math
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from pages import replace_table
from scipy.special import ndtri

import glasshouse
from glasshouse.analysis.claim_share import noise_share, share_of, without_bias
from glasshouse.results.estimate import proportion

SHARES = (0.05, 0.25, 0.5)
QUIET, NOISY = (0.0, 0.0), (0.76, 0.18)
"""Standard deviations of the noise of a run's own and of that which runs of one seed share; that of points is 1."""
ROWS = (
    *((points, 2, False, QUIET) for points in (28, 128)),
    *((points, 2, False, NOISY) for points in (28, 64, 128, 512)),
    *((points, 4, False, NOISY) for points in (128, 1024)),
    *((points, replicates, True, NOISY) for points, replicates in ((28, 5), (128, 5), (128, 10), (512, 10))),
)

STUDY = """
scenario = "rows/s15-announced"
design = "random"
runs = 720
replicates = 12
paired = false
measures = ["chilling"]
[settings]
citizens = 1000
run.start = 8
run.weeks = 60
[factors]
"observation.coverage" = [0.05, 0.9]
"attitudes.half_life" = [4.0, 104.0]
"""


def holds(values: dict[str, np.ndarray]) -> np.ndarray:
    """The claim of the simulated studies: the figure is above zero."""
    return np.where(np.isnan(values["x"]), np.nan, (values["x"] > 0.0).astype(float))


def intervals(outputs: np.ndarray, *, shared: bool) -> tuple[tuple[float, float], tuple[float, float]]:
    """Our interval, and Wilson's for the points counted by their means, from figures (points, replicates)."""
    figures = {"x": outputs}
    ours = share_of(without_bias(holds, figures), holds(figures), shared=shared)
    wilson = proportion(int((outputs.mean(axis=1) > 0.0).sum()), len(outputs))
    return (ours.low, ours.high), (wilson.low, wilson.high)


def coverage(draw: Callable[[], np.ndarray], truth: float, studies: int, *, shared: bool) -> tuple[float, float]:
    """The shares of studies in which our interval and Wilson's hold the truth, of those that are given an interval."""
    both = np.array([intervals(draw(), shared=shared) for _ in range(studies)])
    both = both[np.isfinite(both[:, 0, 0])]
    inside = (both[:, :, 0] <= truth) & (truth <= both[:, :, 1])
    ours, wilson = inside.mean(axis=0)
    return float(ours), float(wilson)


def simulated(
    points: int, replicates: int, share: float, *, shared: bool, noise: tuple[float, float], random: np.random.Generator
) -> np.ndarray:
    """Figures (points, replicates) of a study in whose space the expected value is above zero in this share."""
    own, common = noise
    seeds = random.standard_normal((1 if shared else points, replicates))
    expected = ndtri(share) + random.standard_normal((points, 1))
    return expected + common * seeds + own * random.standard_normal((points, replicates))


def of_the_model(folder: Path) -> np.ndarray:
    """Figures (points, replicates) of a small study of the model, less the median over points."""
    file = folder / "claims.toml"
    file.write_text(STUDY, encoding="utf-8")
    outputs = glasshouse.studies.run(file, folder=folder, workers=2).outputs("chilling")
    outputs = outputs[np.isfinite(outputs).all(axis=1)]
    return outputs - float(np.median(outputs.mean(axis=1)))


def rows_of_the_model(studies: int, random: np.random.Generator) -> Iterator[tuple[str, bool]]:
    """Rows of the table for studies that are drawn from runs of the model, and whether each coverage is within its bounds.

    Points, and the runs of a point, are drawn with replacement, so that a point's expected value is the mean of its runs and
    the true share is known.
    """
    slack = 3 * math.sqrt(0.05 * 0.95 / studies)
    with tempfile.TemporaryDirectory() as folder:
        outputs = of_the_model(Path(folder))
    truth = float(holds({"x": outputs.mean(axis=1)}).mean())
    for points in (28, 128):

        def drawn(points: int = points) -> np.ndarray:
            chosen = random.integers(len(outputs), size=points)
            columns = random.integers(outputs.shape[1], size=(points, 2))
            return outputs[chosen[:, None], columns]

        ours, wilson = coverage(drawn, truth, studies, shared=False)
        loud = f"{noise_share(holds({'x': outputs})):.0%}"
        cells = f"share {truth:.0%}: {ours:.1%} | | | {wilson:.1%}"
        row = f"| {points} | 2 | each point's own, runs of the model | {loud} | {cells} |"
        yield row, 0.92 - slack <= ours <= 0.97 + slack


def main() -> int:
    """Simulates, prints and writes the table; 1 if a coverage is outside its bounds."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--studies", type=int, default=1000)
    parser.add_argument("--model", action="store_true")
    given = parser.parse_args()
    studies = given.studies
    random, failed = np.random.default_rng(13), 0
    head = " | ".join(f"true share {share:.0%}" for share in SHARES)
    lines = [
        f"| points | replicates | random seeds | noise | {head} | Wilson, 25% |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for points, replicates, shared, noise in ROWS:
        found = {
            share: coverage(
                lambda share=share: simulated(points, replicates, share, shared=shared, noise=noise, random=random),  # noqa: B023
                share, studies, shared=shared,
            )
            for share in SHARES
        }  # fmt: skip
        for share, (ours, _) in found.items():
            slack = 3 * math.sqrt(0.05 * 0.95 / studies)
            failed += not 0.92 - slack <= ours <= (0.99 if share == SHARES[0] else 0.97) + slack
        cells = " | ".join(f"{ours:.1%}" for ours, _ in found.values())
        seeds, loud = ("shared by all points" if shared else "each point's own"), ("57%" if noise == NOISY else "none")
        lines.append(f"| {points:,} | {replicates} | {seeds} | {loud} | {cells} | {found[0.25][1]:.1%} |")
        print(lines[-1], flush=True)
    for row, fits in rows_of_the_model(studies, random) if given.model else ():
        failed += not fits
        lines.append(row)
        print(row, flush=True)
    replace_table("claims", lines)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
