"""A neural posterior on runs that are finished (sbi's NPE): for figures that answer to parameters in crooked ways.

A density estimator learns how parameters are distributed given figures (Papamakarios and Murray 2016; Greenberg, Nonnenmacher
and Macke 2019) from the same runs, with the same error upon their figures and the same logit scale as in `regression`.
It wants more runs than a regression does, and its posteriors tend to be too narrow: hold it against `recover`.
"""

import importlib
import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from glasshouse.analysis.calibration.abc import Posterior, Sample, bound, free, observed, within
from glasshouse.errors import AnalysisError, install_command
from glasshouse.model.measure import FloatArray
from glasshouse.rng import derive

EPOCHS = 500
"""Passes over the runs at most; training stops before when it no longer helps on runs that it did not see."""


def posterior(sample: Sample, seed: int, draws: int = 1000) -> Posterior:
    """Draw from the neural posterior at the published figures.

    The draws have equal weight; the same seed gives the same draws.

    Parameters
    ----------
    sample : Sample
        The finished runs: their factors, points and figures, with the targets.
    seed : int
        Random seed of the training and of the draws.
    draws : int, default 1000
        Number of draws.

    Returns
    -------
    Posterior
        The draws on the factors' scales, each with the weight 1 / draws.

    Raises
    ------
    AnalysisError
        If sbi is not installed, if a factor takes listed values, or if a published figure lies where no run has one.
    """
    npe, torch = _sbi()
    listed = [factor.key for factor in sample.factors if factor.values]
    if listed:
        raise AnalysisError(f"A neural posterior is over ranges; {', '.join(listed)} takes listed values. Use abc.")
    figures = observed(sample, seed)
    published, reach = within(sample, figures)
    theta = free(sample.factors, sample.points)
    with _one_thread(torch, seed):
        found = _drawn(npe, torch, theta, figures, published, draws)
    points = bound(sample.factors, found)
    every = np.arange(len(sample), dtype=np.int64)
    return Posterior(sample.factors, points, np.full(draws, 1.0 / draws), every, reach)


class _SilencedTraining:
    """Discards the log of a training, which sbi would otherwise write into the working directory."""

    log_dir = None

    def log_metric(self, name: str, value: float, step: int | None = None) -> None:
        """Discard a metric.

        Parameters
        ----------
        name : str
            Name of the metric.
        value : float
            Its value.
        step : int, optional
            Step of the training.
        """

    def log_metrics(self, metrics: dict[str, float], step: int | None = None) -> None:
        """Discard several metrics.

        Parameters
        ----------
        metrics : dict of str to float
            Values by the names of the metrics.
        step : int, optional
            Step of the training.
        """

    def log_params(self, params: dict[str, Any]) -> None:
        """Discard the parameters of a training.

        Parameters
        ----------
        params : dict of str to Any
            Values by the names of the parameters.
        """

    def add_figure(self, name: str, figure: Any, step: int | None = None) -> None:
        """Discard a figure.

        Parameters
        ----------
        name : str
            Name of the figure.
        figure : Any
            The figure.
        step : int, optional
            Step of the training.
        """

    def flush(self) -> None:
        """There is nothing to flush."""


def _drawn(
    npe: Any, torch: Any, theta: FloatArray, figures: FloatArray, published: FloatArray, draws: int
) -> FloatArray:
    """Trains on the runs and draws at the published figures (draws, factors)."""

    def tensor(numbers: FloatArray) -> Any:
        return torch.as_tensor(numbers, dtype=torch.float32)

    # Parameters are unbounded on the logit scale: no draw can leak out of a prior, so none is named.
    trainer = npe(prior=None, density_estimator="maf", show_progress_bars=False, tracker=_SilencedTraining())
    estimator = trainer.append_simulations(tensor(theta), tensor(figures)).train(max_num_epochs=EPOCHS)
    with torch.no_grad():
        found = estimator.sample((draws,), condition=tensor(published[None, :]))
    return np.asarray(found.reshape(draws, theta.shape[1]).numpy(), dtype=np.float64)


def _sbi() -> tuple[Any, Any]:
    if importlib.util.find_spec("sbi") is None:
        raise AnalysisError(
            "Neural posteriors need sbi, which is not installed. Install it (over a gigabyte, with PyTorch): "
            f"{install_command('bayes')}"
        )
    return importlib.import_module("sbi.inference").NPE, importlib.import_module("torch")


@contextmanager
def _one_thread(torch: Any, seed: int) -> Iterator[None]:
    """One thread, which is faster for networks so small, and a generator that starts from the seed."""
    threads, state = torch.get_num_threads(), torch.get_rng_state()
    torch.set_num_threads(1)
    torch.manual_seed(derive(seed, "neural") % 2**63)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
        torch.set_rng_state(state)
