"""A document as a file that office programs edit (DOCX), whose bytes depend on the document alone.

Pictures are replaced by the words that say the same.
"""

import importlib.util
import io
import zipfile
from typing import TYPE_CHECKING

from glasshouse.errors import StoringError, install_command
from glasshouse.report.document import Document, Grid, Listing, Part, Section, Verbatim, pieces

if TYPE_CHECKING:
    from docx.document import Document as Docx
    from docx.text.paragraph import Paragraph

NEEDED = f"An office document needs python-docx, which is not installed. Install it: {install_command('office')}"
"""What a user reads who lacks it."""

MOMENT = (2000, 1, 1, 0, 0, 0)
"""The time that every part of a file bears, so that equal documents are equal files."""


def available() -> bool:
    """Whether office documents can be written.

    Returns
    -------
    bool
        Whether python-docx is installed.
    """
    try:
        return importlib.util.find_spec("docx") is not None
    except ValueError:
        return False


def office(document: Document) -> bytes:
    """A document as the bytes of a DOCX file.

    Parameters
    ----------
    document : Document
        What is written.

    Returns
    -------
    bytes
        The file.

    Raises
    ------
    StoringError
        If python-docx is not installed.
    """
    if not available():
        raise StoringError(NEEDED)
    import docx

    made = docx.Document()
    made.core_properties.title = document.title
    made.core_properties.author = "Glasshouse"
    _inline(made.add_paragraph(style="Subtitle"), document.kind)
    _inline(made.add_heading(level=0), document.title)
    for part in document.lead:
        _part(made, part)
    for section in document.sections:
        _section(made, section, 1)
    stream = io.BytesIO()
    made.save(stream)
    return _without_clock(stream.getvalue())


def _section(made: "Docx", section: Section, depth: int) -> None:
    _inline(made.add_heading(level=min(depth, 9)), section.title)
    for part in section.parts:
        _part(made, part)
    for inner in section.sections:
        _section(made, inner, depth + 1)


def _part(made: "Docx", part: Part) -> None:
    if isinstance(part, Listing):
        for item in part.items:
            _inline(made.add_paragraph(style="List Bullet"), item)
    elif isinstance(part, Grid):
        _grid(made, part)
    elif isinstance(part, Verbatim):
        for line in part.words.splitlines():
            run = made.add_paragraph(style="No Spacing").add_run(line)
            run.font.name = "Courier New"
            run.font.size = _points(8)
    else:
        _inline(made.add_paragraph(), part.words)


def _grid(made: "Docx", grid: Grid) -> None:
    table = made.add_table(rows=1 + len(grid.rows), cols=len(grid.head), style="Table Grid")
    for row, texts in zip(table.rows, (grid.head, *grid.rows), strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            _inline(cell.paragraphs[0], text)
            for run in cell.paragraphs[0].runs:
                run.font.size, run.font.bold = _points(9), True if texts is grid.head else None
    made.add_paragraph()


def _inline(paragraph: "Paragraph", words: str) -> None:
    """Add a text to a paragraph, what stands between back-ticks as code."""
    for piece, code in pieces(words):
        run = paragraph.add_run(piece)
        if code:
            run.font.name = "Courier New"


def _points(size: float) -> int:
    from docx.shared import Pt

    return Pt(size)


def _without_clock(content: bytes) -> bytes:
    """The same archive with one moment for every part."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, MOMENT), old.read(name), zipfile.ZIP_DEFLATED)
    return stream.getvalue()
