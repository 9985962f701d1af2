"""What reports are made of, as data: tables with their cells, figures, and sections.

Each knows the macro of `elements.html` that draws it, and a template that is given one draws it in its place.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from glasshouse.report.templates import macro


@dataclass(frozen=True)
class Cell:
    """A table's cell that is more than a text.

    Parameters
    ----------
    text : str
        What it says.
    note : str, optional
        A smaller line below it.
    style : {"plain", "code", "strong", "emphasis", "small"}, optional
        How the text is set.
    """

    text: str
    note: str = ""
    style: Literal["plain", "code", "strong", "emphasis", "small"] = "plain"

    def __html__(self) -> str:
        """Draw the content of the cell.

        Returns
        -------
        str
            HTML of the content.
        """
        return macro("cell")(self)


@dataclass(frozen=True)
class Table:
    """A table with a heading for each column.

    Parameters
    ----------
    head : sequence of str
        The headings.
    rows : sequence of rows
        A row is a sequence with one text, `Cell` or piece of markup for each heading; texts are escaped.
    numbers : sequence of int, optional
        Places of the columns that hold numbers; they are aligned to the right.
    """

    head: Sequence[str]
    rows: Sequence[Sequence[object]]
    numbers: Sequence[int] = ()

    def __html__(self) -> str:
        """Draw the table.

        Returns
        -------
        str
            HTML of the table.
        """
        return macro("table")(self)


@dataclass(frozen=True)
class ChartTools:
    """What a reader takes along from a chart: its picture as SVG or PNG, its figures as CSV, and a sentence to cite.

    Parameters
    ----------
    name : str
        Name of the files, without an ending.
    csv : str
        The figures that are drawn, as CSV.
    citation : str
        The sentence.
    label, copy, copied, cite : str
        The words of the buttons: what they are for, copying the sentence, that it was copied, and showing it.
    """

    name: str
    csv: str
    citation: str
    label: str
    copy: str
    copied: str
    cite: str


@dataclass(frozen=True)
class Figure:
    """A chart with its heading and, for readers who do not see it, what it shows in words.

    Parameters
    ----------
    title : str
        The heading.
    svg : markupsafe.Markup
        The chart, from `charts.svg`.
    alt : str
        The text alternative: what the chart shows.
    caption : str, optional
        How to read it.
    tools : ChartTools or None, optional
        What a reader takes along from it; the buttons need `chart_tools.js` in the page.
    """

    title: str
    svg: Markup
    alt: str
    caption: str = ""
    tools: ChartTools | None = None

    def __html__(self) -> str:
        """Draw the figure.

        Returns
        -------
        str
            HTML of the figure.
        """
        return macro("figure")(self)


@dataclass(frozen=True)
class Section:
    """A part of a page.

    Parameters
    ----------
    name : str
        What links call it.
    title : str
        The heading.
    html : markupsafe.Markup
        What stands under the heading.
    """

    name: str
    title: str
    html: Markup

    def __html__(self) -> str:
        """Draw the section.

        Returns
        -------
        str
            HTML of the section.
        """
        return macro("section")(self)


def paragraphs(*texts: str) -> Markup:
    """Texts as paragraphs.

    Parameters
    ----------
    *texts : str
        One a paragraph.

    Returns
    -------
    markupsafe.Markup
        The paragraphs as HTML.
    """
    return macro("paragraphs")(texts)


def fold(summary: str, *parts: object) -> Markup:
    """Parts that are hidden until a reader opens them.

    Parameters
    ----------
    summary : str
        What stands there instead.
    *parts : object
        Elements or markup; texts are escaped.

    Returns
    -------
    markupsafe.Markup
        The fold as HTML.
    """
    return macro("fold")(summary, parts)


def together(*parts: object) -> Markup:
    """Parts one after the other.

    Parameters
    ----------
    *parts : object
        Elements or markup; texts are escaped.

    Returns
    -------
    markupsafe.Markup
        The parts as HTML.
    """
    return Markup("").join(parts)  # type: ignore[arg-type]  # joined by `__html__`
