"""How often the interval of a claim's share holds the true share.

A study is simulated a thousand times for each row: points have an expected value, the claim holds where it is above zero, and
a run adds noise of its own and noise that all runs with its seed share. 57 % of the variance of whether the claim holds in one
run is noise, as in the claim `heart` with 2,000 citizens. Without noise a study is a binomial count, whose coverage is
computed exactly. With --model, a small study of the model itself is run besides (60 points with 12 replicates each), and
studies are drawn from its runs. Writes both tables into docs/verification.md; ends with 1 if a coverage is outside its bounds.
Run: .venv/bin/python verification/claims.py [--studies 1000] [--model] (three minutes, with the model five).

Bounds are 92 to 97 %, and three standard errors of a simulated coverage beside. A count moves in steps, so that no interval of
few points without noise lies within them at every share (Brown, Cai and DasGupta 2001): such an interval must hold the truth in
at least 92 % at every share, and the second table says at how many shares none could do so in at most 97 %.
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
from scipy.stats import binom

import glasshouse
from glasshouse.analysis.claim_share import noise_share, share_of, without_bias
from glasshouse.results.estimate import proportion

SHARES = (0.05, 0.25, 0.5)
SMALL = (0.01, 0.10)
"""Shares over which a coverage is averaged besides, each as likely as any other."""
LEAST, MOST = 0.92, 0.97
QUIET, NOISY = (0.0, 0.0), (0.76, 0.18)
"""Standard deviations of the noise of a run's own and of that which runs of one seed share; that of points is 1."""
ROWS = (
    *((points, 5, False) for points in (20, 40, 64, 128)),
    *((points, 2, False) for points in (28, 64, 128, 512)),
    *((points, 4, False) for points in (128, 1024)),
    *((points, replicates, True) for points, replicates in ((28, 5), (128, 5), (128, 10), (512, 10))),
)
"""Points, replicates, and whether all points share their random seeds."""
EXACT = (20, 28, 40, 64, 128)
"""Points of studies without noise."""

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


def coverage(draw: Callable[[float], np.ndarray], truths: np.ndarray, *, shared: bool) -> tuple[float, float]:
    """The shares of studies in which our interval and Wilson's hold the truth, of those that are given an interval."""
    both = np.array([intervals(draw(truth), shared=shared) for truth in truths])
    given = np.isfinite(both[:, 0, 0])
    inside = (both[:, :, 0] <= truths[:, None]) & (truths[:, None] <= both[:, :, 1])
    ours, wilson = inside[given].mean(axis=0)
    return float(ours), float(wilson)


def simulated(
    points: int, replicates: int, share: float, *, shared: bool, noise: tuple[float, float], random: np.random.Generator
) -> np.ndarray:
    """Figures (points, replicates) of a study in whose space the expected value is above zero in this share."""
    own, common = noise
    seeds = random.standard_normal((1 if shared else points, replicates))
    expected = ndtri(share) + random.standard_normal((points, 1))
    return expected + common * seeds + own * random.standard_normal((points, replicates))


def rows_simulated(studies: int, random: np.random.Generator) -> Iterator[tuple[str, bool]]:
    """Rows of the table for simulated studies with noise, and whether each coverage is within its bounds."""
    truths = [np.full(studies, share) for share in SHARES] + [random.uniform(*SMALL, studies)]
    for points, replicates, shared in ROWS:

        def drawn(share: float, row: tuple[int, int, bool] = (points, replicates, shared)) -> np.ndarray:
            return simulated(row[0], row[1], share, shared=row[2], noise=NOISY, random=random)

        found = [coverage(drawn, one, shared=shared) for one in truths]
        cells = " | ".join(f"{ours:.1%}" for ours, _ in found)
        seeds = "shared by all points" if shared else "each point's own"
        row = f"| {points:,} | {replicates} | {seeds} | 57% | {cells} | {found[1][1]:.1%} |"
        yield row, all(within(ours, studies) for ours, _ in found)


def within(covered: float, studies: int) -> bool:
    """Whether a simulated coverage is within its bounds."""
    slack = 3 * math.sqrt(0.05 * 0.95 / studies)
    return LEAST - slack <= covered <= MOST + slack


def of_counts(points: int) -> tuple[np.ndarray, np.ndarray]:
    """Limits of the intervals of each count of points at which a claim without noise holds, 0 to all."""
    held = (np.arange(points) < np.arange(points + 1)[:, None]).astype(float)
    found = [share_of(one, np.repeat(one[:, None], 5, axis=1), shared=False) for one in held]
    return np.array([one.low for one in found]), np.array([one.high for one in found])


def exact(limits: tuple[np.ndarray, np.ndarray], shares: np.ndarray) -> np.ndarray:
    """The coverage at each true share of the intervals (low, high) that are given to each count."""
    low, high = limits
    counts = np.arange(len(low))
    held = (low <= shares[:, None]) & (shares[:, None] <= high)
    return (binom.pmf(counts, len(low) - 1, shares[:, None]) * held).sum(axis=1)


def out_of_reach(points: int, shares: np.ndarray) -> float:
    """The part of some true shares at which no range of counts has a probability within the bounds."""
    found = 0
    for share in shares:
        below = np.append(0.0, binom.cdf(np.arange(points + 1), points, share))
        ranges = below[None, :] - below[:, None]
        found += not ((ranges >= LEAST) & (ranges <= MOST)).any()
    return found / len(shares)


def rows_exact() -> Iterator[tuple[str, bool]]:
    """Rows of the table for studies without noise, and whether each is as good as counts allow."""
    small, every = np.linspace(*SMALL, 181), np.linspace(0.01, 0.5, 981)
    for points in EXACT:
        limits = of_counts(points)
        single = exact(limits, np.array(SHARES))
        last = int(np.flatnonzero(limits[0] <= SHARES[0])[-1])
        chance = float(binom.pmf(last, points, SHARES[0]))
        mean, least, reach = (
            float(exact(limits, small).mean()),
            float(exact(limits, every).min()),
            out_of_reach(points, small),
        )
        cells = " | ".join(f"{one:.1%}" for one in (*single, mean, least))
        row = f"| {points} | {cells} | {last}, in {chance:.1%} of studies | {reach:.0%} |"
        yield row, least >= LEAST and (mean <= MOST or reach > 0.2)


def of_the_model(folder: Path) -> np.ndarray:
    """Figures (points, replicates) of a small study of the model."""
    file = folder / "claims.toml"
    file.write_text(STUDY, encoding="utf-8")
    outputs = glasshouse.studies.run(file, folder=folder, workers=2).outputs("chilling")
    return outputs[np.isfinite(outputs).all(axis=1)]


def rows_of_the_model(studies: int, random: np.random.Generator) -> Iterator[tuple[str, bool]]:
    """Rows of the table for studies that are drawn from runs of the model, and whether each coverage is within its bounds.

    Points, and the runs of a point, are drawn with replacement, so that a point's expected value is the mean of its runs and
    the true share is known.
    """
    with tempfile.TemporaryDirectory() as folder:
        figures = of_the_model(Path(folder))
    loud = f"{noise_share(holds({'x': figures - np.median(figures.mean(axis=1))})):.0%}"
    for points, replicates, aim in (
        (28, 2, 0.5),
        (128, 2, 0.5),
        (20, 5, 0.5),
        (64, 5, 0.5),
        (20, 5, 0.1),
        (64, 5, 0.1),
    ):
        outputs = figures - np.quantile(figures.mean(axis=1), 1.0 - aim)
        truth = float(holds({"x": outputs.mean(axis=1)}).mean())

        def drawn(_: float, size: tuple[int, int] = (points, replicates), outputs: np.ndarray = outputs) -> np.ndarray:
            chosen = random.integers(len(outputs), size=size[0])
            return outputs[chosen[:, None], random.integers(outputs.shape[1], size=size)]

        ours, wilson = coverage(drawn, np.full(studies, truth), shared=False)
        cells = f"share {truth:.0%}: {ours:.1%} | | | | {wilson:.1%}"
        row = f"| {points} | {replicates} | each point's own, runs of the model | {loud} | {cells} |"
        yield row, within(ours, studies)


def main() -> int:
    """Simulates, prints and writes both tables; 1 if a coverage is outside its bounds."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--studies", type=int, default=1000)
    parser.add_argument("--model", action="store_true")
    given = parser.parse_args()
    random, failed = np.random.default_rng(13), 0
    names = " | ".join(f"true share {share:.0%}" for share in SHARES)
    means = f"mean over shares {SMALL[0]:.0%} to {SMALL[1]:.0%}"
    heads = {
        "claims": f"| points | replicates | random seeds | noise | {names} | {means} | Wilson, 25% |",
        "claims-exact": f"| points | {names} | {means} | least, 1% to 50% | outermost count at 5% | out of reach |",
    }
    rows = {
        "claims": [rows_simulated(given.studies, random)],
        "claims-exact": [rows_exact()],
    }
    if given.model:
        rows["claims"].append(rows_of_the_model(given.studies, np.random.default_rng(14)))
    for table, parts in rows.items():
        lines = [heads[table], "|---" * (heads[table].count("|") - 1) + "|"]
        for row, fits in (found for part in parts for found in part):
            failed += not fits
            lines.append(row)
            print(row, "" if fits else "OUTSIDE", flush=True)
        replace_table(table, lines)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
