"""The page of promised and real savings."""

from pathlib import Path

from glasshouse.analysis.savings.prices import Prices, prior_of
from glasshouse.analysis.savings.report import NOTICE, Savings
from glasshouse.model.declarations import ASSUMED
from glasshouse.report import charts, savings_words, templates
from glasshouse.report.charts import REFERENCE as BLUE
from glasshouse.report.charts import REGIME as RED
from glasshouse.report.charts import Spec, framed
from glasshouse.report.elements import Cell, Figure, Table
from glasshouse.results.totals import REGIME
from glasshouse.scenario.toml_text import to_toml
from glasshouse.storage import write_atomic

BALANCES = ("promised", "with the regime", "reference")
"""What the chart shows."""


def write_savings(found: Savings, path: Path) -> None:
    """Write the page as one self-contained HTML file, whole or not at all.

    Parameters
    ----------
    found : Savings
        The ledger.
    path : Path
        Where the file goes; folders are created as needed.

    Raises
    ------
    StoringError
        If the file cannot be written.
    """
    write_atomic(path, savings_page(found), "the page of savings")


def savings_page(found: Savings) -> str:
    """The ledger as a page.

    Parameters
    ----------
    found : Savings
        The ledger.

    Returns
    -------
    str
        The whole page.
    """
    head = ("For 1,000 recipients", "With the regime", "Reference")
    return templates.page(
        "savings.html",
        scenario=found.scenario,
        notice=NOTICE,
        sentence=savings_words.sentence(found),
        replicates=found.scenario.run.replicates,
        chart=Figure(
            "The balance by month",
            charts.svg(_balances(found), "balances"),
            savings_words.sentence(found),
            "What was promised, and what is left at the end of each month in both arms, for 1,000 recipients.",
        ),
        lines=Table(head, savings_words.line_rows(found), numbers=(1, 2)),
        memos=Table(head, savings_words.memo_rows(found), numbers=(1, 2)),
        prices=_prices(found),
        facts=Table(
            ("What", "Value"), [(key, Cell(str(value), style="code")) for key, value in found.facts_of_run.items()]
        ),
        source=to_toml(found.scenario),
    )


def _prices(found: Savings) -> Table:
    rows = []
    for name, field in Prices.model_fields.items():
        extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
        low, high = prior_of(name)
        source = str(extra.get("source", ASSUMED))
        rows.append(
            (Cell(name, str(field.description), "code"), f"{getattr(found.prices, name):g}", str(extra.get("unit", "")),
             f"{low:g} to {high:g}", source)
        )  # fmt: skip
    return Table(("Price", "Value", "Unit", "Plausible", "Source"), rows, numbers=(1, 3))


def _balances(found: Savings) -> Spec:
    times = 1000.0 / found.counts.recipients(REGIME)
    promise = found.promised / found.months
    rows = [
        {"month": month, "what": BALANCES[0], "amount": promise * month * times} for month in range(found.months + 1)
    ]
    for what, book in ((BALANCES[1], found.regime), (BALANCES[2], found.reference)):
        mean = book.cumulative.mean(axis=0) / 100.0 * times
        rows += [{"month": 0, "what": what, "amount": 0.0}]
        rows += [{"month": month + 1, "what": what, "amount": float(value)} for month, value in enumerate(mean)]
    x = {"field": "month", "type": "quantitative", "title": "month of the regime", "axis": {"grid": False}}
    y = {"field": "amount", "type": "quantitative", "title": "for 1,000 recipients"}
    color = {
        "field": "what", "type": "nominal", "title": None,
        "scale": {"domain": list(BALANCES), "range": ["#6B6B66", RED, BLUE]},
    }  # fmt: skip
    layer = [
        {"mark": {"type": "rule", "color": "#555"}, "encoding": {"y": {"datum": 0}}},
        {"mark": {"type": "line", "strokeWidth": 2}, "encoding": {"x": x, "y": y, "color": color}},
    ]
    return framed({"data": {"values": rows}, "width": 600, "height": 260, "layer": layer})
