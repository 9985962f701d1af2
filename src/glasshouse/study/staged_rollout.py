"""Staged roll-out as a study design: which measures it can evaluate, and what each run contributes."""

from collections.abc import Sequence

from glasshouse.errors import AnalysisError
from glasshouse.model.measures import CATALOGUE
from glasshouse.results import did
from glasshouse.results.did import ESTIMATORS
from glasshouse.results.result import Result

COLUMNS = {"mean": "", "low": ".low", "high": ".high", "control": ".control"}
"""Columns of the estimates of a run, and the ends of the names under which a study keeps them."""
KIND = "staged-rollout"
ROLLOUT = "run.rollout"


def evaluable() -> tuple[str, ...]:
    """List the measures that have a value in each district, as an evaluation needs.

    Returns
    -------
    tuple of str
        Their names.
    """
    return tuple(measure.name for measure in CATALOGUE if measure.by_group and not measure.is_between())


def figures(result: Result, wanted: Sequence[str]) -> dict[str, float]:
    """Estimate the effect in one run as an evaluation in the field would, by each estimator.

    Parameters
    ----------
    result : Result
        A result of one replicate.
    wanted : sequence of str
        Names of the measures.

    Returns
    -------
    dict
        Estimates with their confidence intervals as `measure.did2s`, `measure.did2s.low`, `measure.did2s.high`, likewise
        for `twfe`; the estimates on the reference arm as `measure.did2s.control`; and the true effect as
        `measure.joined`; NaN where no evaluation is possible.

    Raises
    ------
    AnalysisError
        If pyfixest is not installed.
    """
    did.fixest()
    names = [f"{estimator}{end}" for estimator in ESTIMATORS for end in COLUMNS.values()]
    found: dict[str, float] = {}
    for measure in wanted:
        found |= {f"{measure}.{name}": float("nan") for name in (*names, "joined")}
        try:
            effects = result.did(measure).effects
        except AnalysisError:
            continue
        for row, estimator in enumerate(effects["estimator"]):
            for column, end in COLUMNS.items():
                found[f"{measure}.{estimator}{end}"] = float(effects[column][row])
        found[f"{measure}.joined"] = float(effects["truth"][0])
    return found
