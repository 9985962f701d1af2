"""The pages of a run and of a model: each needs nothing but a browser. The only place of the package that draws."""

from collections.abc import Callable, Mapping
from pathlib import Path

from glasshouse.analysis.ai_act.evidence import Evidence
from glasshouse.analysis.rights.report import RightsAssessment
from glasshouse.errors import StoringError
from glasshouse.report.ai_act import evidence_page
from glasshouse.report.document import Document, joined, markdown
from glasshouse.report.odd_page import description
from glasshouse.report.office import available, office
from glasshouse.report.rights import rights_document
from glasshouse.report.run import lives as life_pages
from glasshouse.report.run.run_page import page
from glasshouse.results.life_selection import Lives
from glasshouse.results.result import Result
from glasshouse.storage import write_atomic

WRITERS: Mapping[str, Callable[[Document], str | bytes]] = {".html": description, ".md": markdown, ".docx": office}
"""What writes a document, by the ending of the file's name."""


def write_report(result: Result, path: Path, language: str = "en") -> None:
    """Writes the report as one self-contained HTML file, whole or not at all; StoringError if that fails.

    Parameters
    ----------
    result : Result
        A finished run.
    path : Path
        Where the file goes; folders are created as needed.
    language : str, default "en"
        The language of the page, a key of `LANGUAGES`.
    """
    write_atomic(path, page(result, language), "the report")


def write_evidence(evidence: Evidence, path: Path) -> None:
    """Writes the evidence sheet as one self-contained HTML file, whole or not at all; StoringError if that fails.

    Parameters
    ----------
    evidence : Evidence
        The figures of every element.
    path : Path
        Where the file goes; folders are created as needed.
    """
    write_atomic(path, evidence_page(evidence), "the evidence sheet")


def write_rights(found: RightsAssessment, path: Path) -> None:
    """Writes an impact assessment as HTML, Markdown or DOCX, as the file's name ends; StoringError if that fails.

    Parameters
    ----------
    found : RightsAssessment
        The assessment.
    path : Path
        Where the file goes; folders are created as needed.
    """
    write_document(rights_document(found), path)


def save_rights(found: RightsAssessment, folder: Path) -> None:
    """Writes an impact assessment and its evidence sheet with their data; as DOCX too where that can be written.

    Parameters
    ----------
    found : RightsAssessment
        The assessment.
    folder : Path
        Where the files go.
    """
    found.save(folder)
    write_evidence(found.evidence, folder / "evidence.html")
    document = rights_document(found)
    if available():
        write_document(document, folder / "fria.docx")
    write_document(document, folder / "fria.html")  # last: a job is done when its page is there


def write_lives(lives: Lives, path: Path) -> None:
    """Writes a page of lives as one self-contained HTML file, whole or not at all; StoringError if that fails.

    Parameters
    ----------
    lives : Lives
        Lives of the first replicate of a run.
    path : Path
        Where the file goes; folders are created as needed.
    """
    write_atomic(path, life_pages.page(lives), "the page")


def write_document(document: Document, path: Path) -> None:
    """Writes a document as HTML, Markdown or DOCX, as the file's name ends, whole or not at all; StoringError if that fails.

    Parameters
    ----------
    document : Document
        What is written.
    path : Path
        Where the file goes; folders are created as needed.
    """
    writer = WRITERS.get(path.suffix.lower())
    if writer is None:
        endings = joined(list(WRITERS), "or")
        raise StoringError(f"{path}: a document is HTML, Markdown or DOCX. Name a file that ends in {endings}.")
    write_atomic(path, writer(document), "the document")
