"""The page of promised and real savings."""

from collections.abc import Sequence
from pathlib import Path

from glasshouse.analysis.savings.prices import Prices, prior_of
from glasshouse.analysis.savings.report import NOTICE, Savings
from glasshouse.model.declarations import ASSUMED
from glasshouse.report import savings_words, templates
from glasshouse.report.charts import REFERENCE as BLUE
from glasshouse.report.charts import REGIME as RED
from glasshouse.report.charts import Rows, Spec, framed
from glasshouse.report.elements import Cell, Figure, Table
from glasshouse.report.i18n import Words, words
from glasshouse.report.i18n import mark as _
from glasshouse.report.instrument_parts import Drawing, chart, facts_table
from glasshouse.results.totals import REGIME
from glasshouse.scenario.toml_text import to_toml
from glasshouse.storage import write_atomic

BALANCES = (_("promised"), _("with the regime"), _("reference"))
"""What the chart shows."""


def write_savings(found: Savings, path: Path, language: str = "en") -> None:
    """Write the page as one self-contained HTML file, whole or not at all.

    Parameters
    ----------
    found : Savings
        The ledger.
    path : Path
        Where the file goes; folders are created as needed.
    language : str, default "en"
        The language of the page, a key of `LANGUAGES`.

    Raises
    ------
    StoringError
        If the file cannot be written.
    """
    write_atomic(path, savings_page(found, language), "the page of savings")


def savings_page(found: Savings, language: str = "en") -> str:
    """The ledger as a page.

    Parameters
    ----------
    found : Savings
        The ledger.
    language : str, default "en"
        The language of the page outside its documentation, a key of `LANGUAGES`.

    Returns
    -------
    str
        The whole page.
    """
    told = words(language)
    head = [told.gettext(text) for text in (_("For 1,000 recipients"), _("With the regime"), _("Reference"))]
    return templates.page(
        "savings.html",
        language,
        words=told,
        scenario=found.scenario,
        notice=told.gettext(NOTICE),
        sentence=savings_words.sentence(found, told),
        replicates=found.scenario.run.replicates,
        chart=_chart(found, told),
        lines=Table(head, savings_words.line_rows(found, told), numbers=(1, 2)),
        memos=Table(head, savings_words.memo_rows(found, told), numbers=(1, 2)),
        prices=_prices(found, told),
        facts=facts_table(found.facts_of_run),
        source=to_toml(found.scenario),
        script=templates.script("chart_tools.js"),
    )


def _prices(found: Savings, told: Words) -> Table:
    rows = []
    for name, field in Prices.model_fields.items():
        extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
        low, high = prior_of(name)
        unit, source = (str(extra.get(key, usual)) for key, usual in (("unit", ""), ("source", ASSUMED)))
        rows.append(
            (
                Cell(name, told.gettext(str(field.description)), "code"),
                told.figures(f"{getattr(found.prices, name):g}"),
                told.gettext(unit) if unit else "",
                told.figures(f"{low:g} to {high:g}"),
                told.gettext(source),
            )
        )
    heads = (_("Price"), _("Value"), _("Unit"), _("Plausible"), _("Source"))
    return Table([told.gettext(text) for text in heads], rows, numbers=(1, 3))


def _chart(found: Savings, told: Words) -> Figure:
    titles = [told.gettext(text) for text in BALANCES]
    rows = _balances(found, titles)
    one = Drawing(
        "balances",
        (told.gettext(_("The balance by month")), "The balance by month"),
        _spec(rows, titles, told),
        rows,
        (
            savings_words.sentence(found, told),
            told.gettext(
                _("What was promised, and what is left at the end of each month in both arms, for 1,000 recipients.")
            ),
        ),
    )
    return chart(one, found.scenario, found.facts_of_run, told)


def _balances(found: Savings, titles: Sequence[str]) -> Rows:
    times = 1000.0 / found.counts.recipients(REGIME)
    promise = found.promised / found.months
    rows = [{"month": month, "what": titles[0], "amount": promise * month * times} for month in range(found.months + 1)]
    for what, book in ((titles[1], found.regime), (titles[2], found.reference)):
        mean = book.cumulative.mean(axis=0) / 100.0 * times
        rows += [{"month": 0, "what": what, "amount": 0.0}]
        rows += [{"month": month + 1, "what": what, "amount": float(value)} for month, value in enumerate(mean)]
    return rows


def _spec(rows: Rows, titles: Sequence[str], told: Words) -> Spec:
    month, amount = told.gettext(_("month of the regime")), told.gettext(_("for 1,000 recipients"))
    x = {"field": "month", "type": "quantitative", "title": month, "axis": {"grid": False}}
    y = {"field": "amount", "type": "quantitative", "title": amount}
    color = {
        "field": "what", "type": "nominal", "title": None,
        "scale": {"domain": list(titles), "range": ["#6B6B66", RED, BLUE]},
    }  # fmt: skip
    layer = [
        {"mark": {"type": "rule", "color": "#555"}, "encoding": {"y": {"datum": 0}}},
        {"mark": {"type": "line", "strokeWidth": 2}, "encoding": {"x": x, "y": y, "color": color}},
    ]
    return framed({"data": {"values": rows}, "width": 600, "height": 260, "layer": layer})
