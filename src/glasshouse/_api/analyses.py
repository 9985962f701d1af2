"""Public functions that describe, audit and compare scenarios."""

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from glasshouse._api.options import (
    AuditOptions,
    RemedyOptions,
    RunOptions,
    check_options,
    named,
    prepared,
)

if TYPE_CHECKING:
    from glasshouse.analysis.attribution import Attribution
    from glasshouse.analysis.audit.report import AuditReport
    from glasshouse.analysis.comparison import Comparison
    from glasshouse.analysis.remedies.report import RemedyReport
    from glasshouse.scenario.scenario import Scenario, Settings


def describe(
    scenario: "str | Path | Scenario",
    against: "str | Path | Scenario | None" = None,
    *,
    out: "str | Path | None" = None,
) -> str:
    """Describe the model that a scenario runs, after the ODD protocol (Grimm et al. 2020).

    The text is generated from the declarations that the engine itself runs by.

    Parameters
    ----------
    scenario : str, Path or Scenario
        The scenario to describe.
    against : str, Path or Scenario, optional
        Describe only what differs from this scenario.
    out : str or Path, optional
        File to write the description to as well: HTML, Markdown or DOCX, by its suffix (`.html`, `.md`, `.docx`).

    Returns
    -------
    str
        The description in Markdown.

    Raises
    ------
    glasshouse.errors.ScenarioError
        If a scenario has faults.
    glasshouse.errors.StoringError
        If `out` cannot be written or has another suffix.

    Examples
    --------
    >>> import glasshouse as gh
    >>> print(gh.describe("social-governance")[:300])  # doctest: +SKIP
    """
    from glasshouse.report.document import markdown
    from glasshouse.report.odd.delta import delta
    from glasshouse.report.odd.description import odd

    found = prepared(scenario, None, {})
    other = None if against is None else prepared(against, None, {})
    document = odd(found) if other is None else delta(found, other)
    if out is not None:
        from glasshouse.report.write import write_document

        write_document(document, Path(out))
    return markdown(document)


def audit(
    scenario: "str | Path | Scenario",
    settings: "Settings | None" = None,
    *,
    out: "str | Path | None" = None,
    **options: Unpack[AuditOptions],
) -> "AuditReport":
    """Let simulated auditors look at a regime, and score what they find against the truth, which only a simulation knows.

    Parameters
    ----------
    scenario : str, Path or Scenario
        The scenario whose regime is audited in the last year of its run.
    settings : mapping or sequence of str, optional
        Values that replace those of the scenario, as in `load`.
    out : str or Path, optional
        Folder for the report, `audit.html`, and its data. Without it nothing is written.
    **options : AuditOptions
        As in `run`, and what is asked. Unless `citizens` is given here or in `settings`, the population has at most
        12,000.

    Returns
    -------
    AuditReport
        Power, false alarms, bias, coverage and cost of each method, and the least request that settles the question
        whether a group is wrongly listed more often; `write_report` writes its page.

    Raises
    ------
    glasshouse.errors.GlasshouseError
        Its subclasses name the phase, as in `run`.

    Examples
    --------
    >>> import glasshouse as gh
    >>> found = gh.audit("social-governance", groups=["migrant"])  # doctest: +SKIP
    >>> found.table("scores").to_pandas()[["method", "power", "false_alarm"]]  # doctest: +SKIP
    """
    from glasshouse._api.progress import progress_callback
    from glasshouse.analysis import default_size
    from glasshouse.analysis.audit import report
    from glasshouse.report.audit import write_audit
    from glasshouse.results.output_folder import claim
    from glasshouse.storage import locked

    check_options("audit", options, AuditOptions, {"settings": settings})
    sized = default_size.sized(prepared(scenario, settings, options), named(settings, options))
    plan = report.plan_of(sized, options)
    if out is not None:
        claim(Path(out), sized)
    with nullcontext() if out is None else locked(Path(out)), progress_callback(options.get("progress")) as callback:
        found = report.audit(sized, plan, threads=options.get("threads"), progress=callback)
        if out is not None:
            found.save(Path(out))
            write_audit(found, Path(out) / "audit.html", options.get("language", "en"))
    return found


def remedy(
    scenario: "str | Path | Scenario",
    settings: "Settings | None" = None,
    *,
    out: "str | Path | None" = None,
    **options: Unpack[RemedyOptions],
) -> "RemedyReport":
    """Say what remedies avert from which month of a regime on, for whom, and what a month of delay costs.

    The regime is simulated without a remedy and once more with each remedy in each month, on the same population and random
    numbers. What is averted is the difference of two runs.

    Parameters
    ----------
    scenario : str, Path or Scenario
        The scenario of the regime.
    settings : mapping or sequence of str, optional
        Values that replace those of the scenario, as in `load`.
    out : str or Path, optional
        Folder for the report, `remedy.html`, and its data. Without it nothing is written.
    **options : RemedyOptions
        As in `run`, and what is asked. Unless `citizens` is given here or in `settings`, the population has at most
        12,000.

    Returns
    -------
    RemedyReport
        What each remedy averts, by month and group, with intervals from pairs of runs, and the sets of safeguards that were
        tried; `write_report` writes its page.

    Raises
    ------
    glasshouse.errors.GlasshouseError
        Its subclasses name the phase, as in `run`.

    Examples
    --------
    >>> import glasshouse as gh
    >>> found = gh.remedy("social-governance", remedies=["stop", "hearing"], at=[6, 12])  # doctest: +SKIP
    >>> found.table("averted").to_pandas()[["remedy", "month", "averted"]]  # doctest: +SKIP
    """
    from glasshouse._api.progress import progress_callback
    from glasshouse.analysis import default_size
    from glasshouse.analysis.remedies import plan, report
    from glasshouse.report.remedy import write_remedy
    from glasshouse.results.output_folder import claim
    from glasshouse.storage import locked

    check_options("remedy", options, RemedyOptions, {"settings": settings})
    sized = default_size.sized(prepared(scenario, settings, options), named(settings, options))
    asked = plan.plan_of(sized, options)
    if out is not None:
        claim(Path(out), sized)
    with nullcontext() if out is None else locked(Path(out)), progress_callback(options.get("progress")) as callback:
        found = report.remedies(sized, asked, threads=options.get("threads"), progress=callback)
        if out is not None:
            found.save(Path(out))
            write_remedy(found, Path(out) / "remedy.html", options.get("language", "en"))
    return found


def compare(
    first: "str | Path | Scenario",
    second: "str | Path | Scenario",
    settings: "Settings | None" = None,
    **options: Unpack[RunOptions],
) -> "Comparison":
    """Run two scenarios with common random numbers and compare what their regimes change.

    Parameters
    ----------
    first : str, Path or Scenario
        The first scenario.
    second : str, Path or Scenario
        The second scenario. Its tables [run] and [society] must be those of the first, so that common random numbers
        are possible.
    settings : mapping or sequence of str, optional
        Values that replace those of both scenarios, as in `load`.
    **options : RunOptions
        As in `run`.

    Returns
    -------
    Comparison
        The difference of every measure with its confidence interval, and the variance reduction.

    Raises
    ------
    glasshouse.errors.ScenarioError
        If a scenario has faults, or the two cannot share random numbers.

    Examples
    --------
    >>> import glasshouse as gh
    >>> gh.compare("social-governance", "elsewhere/benefit-screening", replicates=4).rows  # doctest: +SKIP
    """
    from glasshouse._api.progress import progress_callback
    from glasshouse.analysis import comparison

    check_options("compare", options, RunOptions, {"settings": settings})
    one, other = (prepared(scenario, settings, options) for scenario in (first, second))
    with progress_callback(options.get("progress")) as callback:
        return comparison.of_scenarios(one, other, threads=options.get("threads"), progress=callback)


def decide(
    first: "str | Path | Scenario",
    second: "str | Path | Scenario",
    settings: "Settings | None" = None,
    **options: Unpack[RunOptions],
) -> "Attribution":
    """Find which mechanisms decide between two regimes, by swapping one mechanism's settings at a time.

    Parameters
    ----------
    first : str, Path or Scenario
        The first scenario.
    second : str, Path or Scenario
        The second scenario. It may differ from the first in the regime alone.
    settings : mapping or sequence of str, optional
        Values that replace those of both scenarios, as in `load`.
    **options : RunOptions
        As in `run`.

    Returns
    -------
    Attribution
        What each mechanism contributes to the difference; `write_report` writes its page.

    Raises
    ------
    glasshouse.errors.ScenarioError
        If a scenario has faults, or the two differ in more than their regimes, or not at all.

    Examples
    --------
    >>> import glasshouse as gh
    >>> gh.decide("rows/s05-coercion", "mine.toml", citizens=6_000).sentence  # doctest: +SKIP
    """
    from glasshouse._api.progress import progress_callback
    from glasshouse.analysis import attribution

    check_options("decide", options, RunOptions, {"settings": settings})
    one, other = (prepared(scenario, settings, options) for scenario in (first, second))
    with progress_callback(options.get("progress")) as callback:
        return attribution.decide(one, other, threads=options.get("threads"), progress=callback)
