"""A document as one HTML page that needs nothing but a browser: the model's description, and differences of two."""

from markupsafe import Markup

from glasshouse.report import templates
from glasshouse.report.document import Document, Grid, Listing, Part, Text, Verbatim, pieces
from glasshouse.report.elements import Figure, Table
from glasshouse.report.templates import macro


def description(document: Document) -> str:
    """A document as a page.

    Parameters
    ----------
    document : Document
        What is written; texts between back-ticks are set as code.

    Returns
    -------
    str
        The whole page.
    """
    return templates.page("document.html", document=document, pieces=pieces, shown=_part)


def _part(part: Part) -> Markup | Table | Figure:
    if isinstance(part, Text):
        return macro("paragraph")(_inline(part.words))
    if isinstance(part, Listing):
        return macro("items")(map(_inline, part.items))
    if isinstance(part, Verbatim):
        return macro("verbatim")(part.words)
    if isinstance(part, Grid):
        return Table(part.head, [tuple(map(_inline, row)) for row in part.rows], part.numbers)
    return Figure(part.title, part.draw(), part.words, part.caption)


def _inline(words: str) -> Markup:
    return macro("inline")(pieces(words))
