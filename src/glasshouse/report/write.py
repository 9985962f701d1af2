"""The pages of a run and of a model: each needs nothing but a browser. The only place of the package that draws."""

from pathlib import Path

from glasshouse.analysis.ai_act.evidence import Evidence
from glasshouse.errors import StoringError
from glasshouse.report.ai_act import evidence_page
from glasshouse.report.document import Document, markdown
from glasshouse.report.odd_page import description
from glasshouse.report.run import lives as life_pages
from glasshouse.report.run.run_page import page
from glasshouse.results.life_selection import Lives
from glasshouse.results.result import Result
from glasshouse.storage import write_atomic

WRITERS = {".html": description, ".md": markdown}
"""What writes a document, by the ending of the file's name."""


def write_report(result: Result, path: Path) -> None:
    """Writes the report as one self-contained HTML file, whole or not at all; StoringError if that fails.

    Parameters
    ----------
    result : Result
        A finished run.
    path : Path
        Where the file goes; folders are created as needed.
    """
    write_atomic(path, page(result), "the report")


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
    """Writes a document as HTML or Markdown, as the file's name ends, whole or not at all; StoringError if that fails.

    Parameters
    ----------
    document : Document
        What is written.
    path : Path
        Where the file goes; folders are created as needed.
    """
    writer = WRITERS.get(path.suffix.lower())
    if writer is None:
        endings = " or ".join(WRITERS)
        raise StoringError(f"{path}: a description is HTML or Markdown. Name a file that ends in {endings}.")
    write_atomic(path, writer(document), "the description")
