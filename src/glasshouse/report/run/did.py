"""What a study in the field would find from the roll-out, beside what is true."""

from glasshouse.errors import INSTALL, AnalysisError
from glasshouse.model.measure import Measure
from glasshouse.model.measures.governance import Complaints, GovernanceSoon, Unrest
from glasshouse.model.measures.listing import ListedShare
from glasshouse.report import charts
from glasshouse.report.html import escape, figure, table
from glasshouse.results.did import ESTIMATORS, Study, installed
from glasshouse.results.result import Result

STUDIED: tuple[type[Measure], ...] = (Complaints, Unrest, ListedShare, GovernanceSoon)
"""Measures that are studied for the report; the first is drawn."""


def staggered(result: Result) -> bool:
    """Whether districts join one after the other, so that a study in the field has something to compare."""
    run = result.scenario.run
    return run.rollout > 0 and run.start < run.weeks


def section(result: Result) -> str:
    """Difference-in-differences and event study of the regime world, beside the truth, or why there is none."""
    if not installed():
        return (
            "<p>Districts joined the regime one after the other, so that a study in the field could compare those inside "
            "with those still outside. To see what it would find beside what is true, install pyfixest and write the "
            f"report again: <code>{escape(INSTALL)}</code></p>"
        )
    try:
        studies = [(measure, result.did(measure.name)) for measure in STUDIED]
    except AnalysisError as error:
        return f"<p>{escape(str(error))}</p>"
    rows = [_row(measure, study) for measure, study in studies]
    head = ("Effect of joining", "Truth", *(f"Field: {name}" for name in ESTIMATORS.values()), "Truth, still outside")
    measure, first = studies[0]
    return (
        "<p>A study in the field sees one world: districts that have joined, and districts that have not. It is made "
        "here by difference-in-differences on the regime world alone, until nobody is left to compare with. The truth "
        "is the difference between the worlds in the same districts. Where the regime also changes districts that are "
        "still outside, through contacts, announcements or a common budget, the field takes that for no effect, and "
        "misses it. Effects that grow with time mislead two-way fixed effects, because districts that joined early serve "
        "them as a comparison for those that join later. Below an estimate stands in how many replicates the study's own "
        f"95 % interval holds the truth.</p>{table(head, rows, numbers=(1, 2, 3, 4))}"
        + figure(
            f"{measure.title} by time since a district joined",
            charts.svg(charts.event_study(_points(first), measure.unit), "did"),
            in_words(measure, first),
            "Solid with dots: what the field finds (two stages), against what districts still outside lead one to expect"
            f"{_interval(first)}. Dashed: the truth. The ends gather all earlier and later periods.",
        )
    )


def in_words(measure: type[Measure], study: Study) -> str:
    """The chart's alternative text."""
    told = [
        f"{abs(weeks)} weeks {'before' if weeks < 0 else 'after'} joining the field finds {found}, the truth is {truth:.3g}"
        for weeks, found, truth in study.by_event()
    ]
    return f"{measure.title}, {measure.unit}: {told[0]}; {told[-1]}."


def _interval(study: Study) -> str:
    over = "over replicates" if study.replicates > 1 else "clustered by district"
    return f", with 95 % intervals {over}"


def _row(measure: type[Measure], study: Study) -> tuple[str, ...]:
    share = measure.unit == "share"
    scale = 100.0 if share else 1.0
    found = (
        f"{escape(study.found(name).text(scale, ''))}<br>"
        f"<small>holds the truth in {study.covered(name)} of {study.replicates}</small>"
        for name in ESTIMATORS
    )
    outside = escape(study.spillover.text(scale, ""))
    unit = "percentage points" if share else escape(measure.unit)
    title = f"{escape(measure.title)}<br><small>{unit}</small>"
    return title, escape(study.truth.text(scale, "")), *found, outside


def _points(study: Study) -> charts.Rows:
    return [
        {"years": weeks / 52, "mean": found.mean, "low": found.low, "high": found.high, "truth": truth}
        for weeks, found, truth in study.by_event()
    ]
