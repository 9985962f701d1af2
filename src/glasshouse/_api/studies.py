"""Studies: run a scenario at many points of its uncertain parameters, with replicates, and analyse what comes out.

This is the namespace `glasshouse.studies`. Its functions run and open studies, compare them, test claims against them,
calibrate, condition them on disclosed counts, and write what they found.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from glasshouse._api.options import FOLDER, check_lists
from glasshouse._api.study_analyses import calibrate, claims, compare, condition, discover, run_claims
from glasshouse._api.study_runs import freeze, open, resume, run, status, work  # noqa: A004 - `studies.open`

if TYPE_CHECKING:
    from glasshouse.analysis.calibration.conditioned import Conditioned
    from glasshouse.analysis.calibration.result import Calibration
    from glasshouse.report.chart import Chart
    from glasshouse.study.findings import Findings

__all__ = [
    "calibrate",
    "claims",
    "compare",
    "condition",
    "discover",
    "freeze",
    "open",
    "plot",
    "resume",
    "run",
    "run_claims",
    "status",
    "work",
    "write_package",
    "write_report",
]


def plot(findings: "Findings", measure: str, over: "Sequence[str]" = ()) -> "Chart":
    """Draw the effect of the regime on a harm over one setting, as a line with 95 % intervals, or over two, as a map.

    Parameters
    ----------
    findings : Findings
        What `run` or `open` returned.
    measure : str
        Name of a measure of harm. Over settings only harms are drawn: nothing here says which settings control people best.
    over : sequence of str
        One or two settings that the study varies; without any, the two that the measure depends on most, or the only one.

    Returns
    -------
    Chart
        As `glasshouse.plot` returns.

    Raises
    ------
    glasshouse.errors.AnalysisError
        If the measure is no harm or is not stored, if a setting is not varied, or if too little is defined.

    Examples
    --------
    >>> import glasshouse as gh
    >>> found = gh.studies.open("safeguards")  # doctest: +SKIP
    >>> gh.studies.plot(found, "welfare_lost", ["observation.coverage"]).save("coverage.svg")  # doctest: +SKIP
    """
    from glasshouse.report.study.study_charts import plot as drawn

    check_lists("plot", {"over": over})
    return drawn(findings, measure, over)


def write_report(
    found: "Findings | Calibration | Conditioned",
    path: "str | Path",
    *,
    claims: "Sequence[str | Path]" = (),
    folder: "str | Path" = FOLDER,
    plugins: "Sequence[str | Path]" = (),
    language: str = "en",
) -> Path:
    """Write what a study, a calibration or `condition` found as one HTML page that makes no network requests.

    Parameters
    ----------
    found : Findings, Calibration or Conditioned
        What `run`, `open`, `calibrate` or `condition` returned.
    path : str or Path
        The file to write.
    claims : sequence of str or Path
        Claims to test against a study; without any, every shipped claim whose measures the study kept.
    folder : str or Path
        Folder of a study's results, where its preregistration is.
    plugins : sequence of str or Path
        Python files with mechanisms and measures of your own that the claims name.
    language : str, default "en"
        `"en"` or `"de"`: the language of the page of what `condition` found. Other pages are English.

    Returns
    -------
    Path
        The file that was written.

    Raises
    ------
    glasshouse.errors.GlasshouseError
        If a claim has faults, if no run is done yet, or if the file cannot be written.

    Examples
    --------
    >>> import glasshouse as gh
    >>> gh.studies.write_report(gh.studies.open("social-governance"), "study.html")  # doctest: +SKIP
    """
    from glasshouse.analysis.calibration.conditioned import Conditioned
    from glasshouse.analysis.calibration.result import Calibration
    from glasshouse.engine.plugin_loader import find
    from glasshouse.report.calibration_page import write_calibration
    from glasshouse.report.condition_page import write_condition
    from glasshouse.report.study.claim_reasons import parts
    from glasshouse.report.study.study_page import write_study
    from glasshouse.study import preregistration

    check_lists("write_report", {"claims": claims, "plugins": plugins})
    if isinstance(found, Calibration):
        write_calibration(found, Path(path))
    elif isinstance(found, Conditioned):
        write_condition(found, Path(path), language)
    else:
        registered = preregistration.registered_claims(Path(folder), found.record)
        write_study(found, Path(path), parts(found, claims, find(plugins), registered))
    return Path(path)


def write_package(
    findings: "Findings",
    path: "str | Path",
    *,
    folder: "str | Path" = FOLDER,
    plugins: "Sequence[str | Path]" = (),
) -> Path:
    """Write the replication package of a study, one ZIP file with its report and all that is needed to run it again.

    Parameters
    ----------
    findings : Findings
        What `run` or `open` returned.
    path : str or Path
        The file to write.
    folder : str or Path
        Folder of the study's results, where its preregistration is.
    plugins : sequence of str or Path
        The plug-in files that the study was defined with.

    Returns
    -------
    Path
        The file that was written.

    Raises
    ------
    glasshouse.errors.StoringError
        If a plug-in file is missing or the file cannot be written.

    Examples
    --------
    >>> import glasshouse as gh
    >>> gh.studies.write_package(gh.studies.open("social-governance"), "replication.zip")  # doctest: +SKIP
    """
    from glasshouse.engine.plugin_loader import find
    from glasshouse.report.bundle import write
    from glasshouse.report.study.claim_reasons import parts
    from glasshouse.study import preregistration

    check_lists("write_package", {"plugins": plugins})
    registered = preregistration.registered_claims(Path(folder), findings.record)
    sections = parts(findings, (), find(plugins), registered)
    write(findings, Path(path), Path(folder), [Path(plugin) for plugin in plugins], sections)
    return Path(path)
