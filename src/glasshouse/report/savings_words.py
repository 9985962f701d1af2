"""A ledger in words, for the page and the command line."""

from glasshouse.analysis.savings.ledger import LINES, MEMOS
from glasshouse.analysis.savings.report import Savings
from glasshouse.results.estimate import Estimate
from glasshouse.results.totals import REFERENCE, REGIME


def sentence(found: Savings) -> str:
    """State promise, net saving and the month in which the balance turns.

    Parameters
    ----------
    found : Savings
        The ledger.

    Returns
    -------
    str
        Two or three sentences, for each 1,000 recipients.
    """
    low, high = (_thousand(found, value) for value in found.plausible)
    return (
        f"In {found.months} months {_thousand(found, found.promised):,.0f} were promised for 1,000 recipients, and "
        f"{amount(found, found.total('net'))} is the net saving at these prices ({low:,.0f} to {high:,.0f} at 90 % of plausible "
        f"prices). {turn_text(found)}"
    )


def turn_text(found: Savings) -> str:
    """State the month from which the balance stays on one side.

    Parameters
    ----------
    found : Savings
        The ledger.

    Returns
    -------
    str
        A sentence.
    """
    if found.turn is None:
        return "The balance ends at zero."
    month, sign = found.turn
    side = (
        "above zero: from then on the system has saved money"
        if sign > 0
        else "below zero: it costs more than it brings"
    )
    return f"From month {month} on the balance stays {side}."


def amount(found: Savings, one: Estimate) -> str:
    """An amount for 1,000 recipients.

    Parameters
    ----------
    found : Savings
        The ledger.
    one : Estimate
        Amount of the whole population.

    Returns
    -------
    str
        With its interval if there is one.
    """
    scaled = one.scaled(1000.0 / found.counts.recipients(REGIME))
    if scaled.low != scaled.low:
        return f"{scaled.mean:,.0f}"
    return f"{scaled.mean:,.0f} ({scaled.low:,.0f} to {scaled.high:,.0f})"


def line_rows(found: Savings) -> list[tuple[str, str, str]]:
    """The lines of both arms and what is left.

    Parameters
    ----------
    found : Savings
        The ledger.

    Returns
    -------
    list of (str, str, str)
        Title, and the amounts for 1,000 recipients in the regime and in the reference arm.
    """
    return [_row(found, name, title) for name, title in (*LINES.items(), ("net", "Net saving"))]


def memo_rows(found: Savings) -> list[tuple[str, str, str]]:
    """What is in no line.

    Parameters
    ----------
    found : Savings
        The ledger.

    Returns
    -------
    list of (str, str, str)
        As `line_rows` returns.
    """
    return [_row(found, name, title) for name, title in MEMOS.items()]


def _row(found: Savings, name: str, title: str) -> tuple[str, str, str]:
    return title, amount(found, found.total(name, REGIME)), amount(found, found.total(name, REFERENCE))


def _thousand(found: Savings, value: float) -> float:
    return 1000.0 * value / found.counts.recipients(REGIME)
