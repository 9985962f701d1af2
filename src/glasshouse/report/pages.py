"""Chooses what writes the page of what was found."""

from pathlib import Path

from glasshouse.analysis.ai_act.evidence import Evidence
from glasshouse.analysis.attribution import Attribution
from glasshouse.analysis.audit.report import AuditReport
from glasshouse.analysis.ranking.report import Ranking
from glasshouse.analysis.remedies.report import RemedyReport
from glasshouse.analysis.rights.report import RightsAssessment
from glasshouse.analysis.savings.report import Savings
from glasshouse.report import write
from glasshouse.report.attribution import write_decision
from glasshouse.report.audit import write_audit
from glasshouse.report.ranking import write_ranking
from glasshouse.report.remedy import write_remedy
from glasshouse.report.savings import write_savings
from glasshouse.results.life_selection import Lives
from glasshouse.results.result import Result


def write_page(found: object, path: Path, language: str = "en") -> None:
    """Write what was found as one HTML page that makes no network requests.

    Parameters
    ----------
    found : Result, Evidence, RightsAssessment, Lives, Attribution, AuditReport, RemedyReport, Ranking or Savings
        What was found.
    path : Path
        The file to write.
    language : str, default "en"
        The language of the pages of a run, of audits, of remedies, of regimes side by side and of savings, a key of
        `LANGUAGES`. Other pages are English.

    Raises
    ------
    TypeError
        If nothing writes a page of it.
    glasshouse.errors.StoringError
        If the file cannot be written.
    """
    if isinstance(found, Result):
        write.write_report(found, path, language)
    elif isinstance(found, Evidence):
        write.write_evidence(found, path)
    elif isinstance(found, RightsAssessment):
        write.write_rights(found, path)
    elif isinstance(found, Lives):
        write.write_lives(found, path)
    elif isinstance(found, Attribution):
        write_decision(found, path)
    elif isinstance(found, AuditReport):
        write_audit(found, path, language)
    elif isinstance(found, RemedyReport):
        write_remedy(found, path, language)
    elif isinstance(found, Ranking):
        write_ranking(found, path, language)
    elif isinstance(found, Savings):
        write_savings(found, path, language)
    else:
        raise TypeError(
            f"There is no report of a {type(found).__name__}. Studies have glasshouse.studies.write_report."
        )
