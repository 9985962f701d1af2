"""Charts of a run on a page: the finding as title, what is drawn below it, and what a reader takes along."""

import csv
import io

from glasshouse.report import charts
from glasshouse.report.chart import Chart
from glasshouse.report.elements import ChartTools, Figure
from glasshouse.report.i18n import ENGLISH, Words
from glasshouse.report.i18n import mark as _
from glasshouse.report.run.report_data import ReportData, YearlySeries
from glasshouse.report.run.result_charts import of_series


def drawn(data: ReportData, one: YearlySeries, name: str, words: Words = ENGLISH) -> Figure:
    """A time series as a figure of a page.

    Parameters
    ----------
    data : ReportData
        The figures of the run.
    one : YearlySeries
        The time series, which has a value in some year.
    name : str
        A name that no other chart of the page has.
    words : Words, default English
        The language.

    Returns
    -------
    Figure
        The chart with its finding as title.
    """
    chart = of_series(data, one, words)
    caption = words.gettext(one.series.explained)
    return Figure(chart.title, charts.svg(chart.spec, name), one.words, caption, tools_of(chart, words))


def tools_of(chart: Chart, words: Words = ENGLISH) -> ChartTools:
    """What a reader takes along from a chart.

    Parameters
    ----------
    chart : Chart
        The chart.
    words : Words, default English
        The language of the buttons.

    Returns
    -------
    ChartTools
        The figures as CSV, and a sentence to cite.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(chart.table.columns)
    writer.writerows(zip(*(column.tolist() for column in chart.table.columns.values()), strict=True))
    return ChartTools(
        name=chart.table.name,
        csv=text.getvalue(),
        citation=chart.citation,
        label=words.gettext(_("Save this chart")),
        copy=words.gettext(_("Copy the sentence to cite")),
        copied=words.gettext(_("Copied")),
        cite=words.gettext(_("Cite")),
    )
