"""The report of a run: one page that needs nothing but a browser. The only place of the package that draws."""

from pathlib import Path

from glasshouse.errors import StoringError
from glasshouse.evidence import Evidence
from glasshouse.report.evidence import evidence_page
from glasshouse.report.page import page
from glasshouse.result import Result


def write_report(result: Result, path: Path) -> None:
    """Writes the report as one self-contained HTML file, whole or not at all; StoringError if that fails."""
    _write(page(result), path)


def write_evidence(evidence: Evidence, path: Path) -> None:
    """Writes the evidence sheet as one self-contained HTML file, whole or not at all; StoringError if that fails."""
    _write(evidence_page(evidence), path)


def _write(text: str, path: Path) -> None:
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise StoringError(
            f"{path}: the report cannot be written ({error.strerror}). Free space there or choose another folder."
        ) from error
