"""A document as one HTML page that needs nothing but a browser: the model's description, and differences of two."""

from glasshouse.report.document import Document, Grid, Listing, Part, Section, Text, Verbatim, pieces
from glasshouse.report.html import escape, figure, table
from glasshouse.report.run.run_page import STYLE

OWN = """
main { max-width: 74rem; }
h3 { margin-top: 1.8rem; font-size: 1.08rem; }
p, li { max-width: 46rem; }
pre { white-space: pre-wrap; max-width: 62rem; }
td { min-width: 4.5rem; overflow-wrap: break-word; }
td:first-child { min-width: 0; }
td:first-child code { white-space: nowrap; }
td.n, th.n { padding-right: 1.2rem; }
figure h3 { margin-top: 0; }
figcaption { min-height: 0; max-width: 62rem; }
td code { overflow-wrap: normal; }
figure div { overflow-x: auto; }
svg.week { min-width: 46rem; display: block; }
nav ol { columns: 2; max-width: 46rem; padding-left: 0; list-style: none; }
"""
"""What differs from the report's look: a wider page of tables."""


def description(document: Document) -> str:
    """The whole page as text."""
    links = "".join(f'<li><a href="#{escape(s.name)}">{_inline(s.title)}</a></li>' for s in document.sections)
    contents = f'<nav aria-label="Contents"><ol>{links}</ol></nav>' if links else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(document.title)}</title><style>{STYLE}{OWN}</style></head><body><main>"
        f'<p class="kind">{escape(document.kind)}</p><h1>{_inline(document.title)}</h1>'
        f"{''.join(map(_part, document.lead))}{contents}"
        f"{''.join(_section(section, 2) for section in document.sections)}</main></body></html>\n"
    )


def _section(section: Section, depth: int) -> str:
    body = "".join(map(_part, section.parts))
    inner = "".join(_section(part, depth + 1) for part in section.sections)
    level = f"h{min(depth, 6)}"
    return f'<section id="{escape(section.name)}"><{level}>{_inline(section.title)}</{level}>{body}{inner}</section>'


def _part(part: Part) -> str:
    if isinstance(part, Text):
        return f"<p>{_inline(part.words)}</p>"
    if isinstance(part, Listing):
        return f"<ul>{''.join(f'<li>{_inline(item)}</li>' for item in part.items)}</ul>"
    if isinstance(part, Verbatim):
        return f'<pre tabindex="0">{escape(part.words)}</pre>'
    if isinstance(part, Grid):
        rows = [tuple(_inline(cell) for cell in row) for row in part.rows]
        return table(part.head, rows, numbers=part.numbers)
    return figure(part.title, part.draw(), part.words, part.caption)


def _inline(words: str) -> str:
    return "".join(f"<code>{escape(piece)}</code>" if code else escape(piece) for piece, code in pieces(words))
