"""What a field study would estimate from the roll-out, beside the true effect."""

from dataclasses import dataclass

from glasshouse.errors import AnalysisError
from glasshouse.model.measure import Measure
from glasshouse.model.measures.governance import Complaints, GovernanceSoon, Unrest
from glasshouse.model.measures.listing import ListedShare
from glasshouse.report import charts
from glasshouse.report.elements import Cell, Figure, Table
from glasshouse.results.did import ESTIMATORS, Study, installed
from glasshouse.results.result import Result

STUDIED: tuple[type[Measure], ...] = (Complaints, Unrest, ListedShare, GovernanceSoon)
"""Measures that are estimated for the report; the first is drawn."""


def staggered(result: Result) -> bool:
    """Whether districts join one after the other, so that a field study has something to compare.

    Parameters
    ----------
    result : Result
        A finished run.

    Returns
    -------
    bool
        Whether it is so.
    """
    run = result.scenario.run
    return run.rollout > 0 and run.start < run.weeks


@dataclass(frozen=True)
class FieldStudy:
    """What a field study would estimate: the true effect and every estimator's as a table, and the event study of a measure."""

    table: Table
    figure: Figure


def view(result: Result) -> FieldStudy | None:
    """Difference-in-differences and event study of the regime's arm, beside the true effect.

    Parameters
    ----------
    result : Result
        A finished run.

    Returns
    -------
    FieldStudy or None
        None where districts do not join one after the other, the roll-out allows no study, or pyfixest is not installed.
    """
    if not staggered(result) or not installed():
        return None
    try:
        studies = [(measure, result.did(measure.name)) for measure in STUDIED]
    except AnalysisError:
        return None
    rows = [_row(measure, study) for measure, study in studies]
    head = (
        "Effect of adoption",
        "True effect",
        *(f"Estimate: {name}" for name in ESTIMATORS.values()),
        "True effect, not adopted",
    )
    return FieldStudy(Table(head, rows, numbers=(1, 2, 3, 4)), _figure(*studies[0]))


def _figure(measure: type[Measure], study: Study) -> Figure:
    return Figure(
        f"{measure.title} by time since a district adopted the regime",
        charts.svg(charts.event_study(_points(study), measure.unit), "did"),
        in_words(measure, study),
        "Solid with dots: what a field study estimates (two stages), with districts that have not adopted as controls"
        f"{_interval(study)}. Dashed: the true effect. The ends gather all earlier and later periods.",
    )


def in_words(measure: type[Measure], study: Study) -> str:
    """Describe the chart of an event study for its text alternative.

    Parameters
    ----------
    measure : type of Measure
        The measure.
    study : Study
        The event study.

    Returns
    -------
    str
        The estimate and the true effect in the first and the last period, in weeks from adoption.
    """
    parts = [
        f"{abs(weeks)} weeks {'before' if weeks < 0 else 'after'} adoption the field study estimates {found}, the "
        f"true effect is {truth:.3g}"
        for weeks, found, truth in study.by_event()
    ]
    return f"{measure.title}, {measure.unit}: {parts[0]}; {parts[-1]}."


def _interval(study: Study) -> str:
    over = "over replicates" if study.replicates > 1 else "clustered by district"
    return f", with 95 % intervals {over}"


def _row(measure: type[Measure], study: Study) -> tuple[str | Cell, ...]:
    share = measure.unit == "share"
    scale = 100.0 if share else 1.0
    found = (
        Cell(
            study.found(name).text(scale, ""),
            f"contains the true effect in {study.covered(name)} of {study.replicates}; "
            f"on the reference arm {study.control(name).text(scale, '')}",
        )
        for name in ESTIMATORS
    )
    title = Cell(measure.title, "percentage points" if share else measure.unit)
    return title, study.truth.text(scale, ""), *found, study.spillover.text(scale, "")


def _points(study: Study) -> charts.Rows:
    return [
        {"years": weeks / 52, "mean": found.mean, "low": found.low, "high": found.high, "truth": truth}
        for weeks, found, truth in study.by_event()
    ]
