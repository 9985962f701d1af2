"""A ledger in words, for the page and the command line."""

from glasshouse.analysis.savings.ledger import LINES, MEMOS
from glasshouse.analysis.savings.report import Savings
from glasshouse.report.i18n import ENGLISH, Words
from glasshouse.report.i18n import mark as _
from glasshouse.results.estimate import Estimate
from glasshouse.results.totals import REFERENCE, REGIME


def sentence(found: Savings, words: Words = ENGLISH) -> str:
    """State promise, net saving and the month in which the balance turns.

    Parameters
    ----------
    found : Savings
        The ledger.
    words : Words, default English
        The language.

    Returns
    -------
    str
        Two or three sentences, for each 1,000 recipients.
    """
    low, high = (words.figures(f"{_thousand(found, value):,.0f}") for value in found.plausible)
    told = words.say(
        _(
            "In {months} months {promised} were promised for 1,000 recipients, and {net} is the net saving at these prices "
            "({low} to {high} at 90 % of plausible prices)."
        ),
        months=found.months,
        promised=words.figures(f"{_thousand(found, found.promised):,.0f}"),
        net=amount(found, found.total("net"), words),
        low=low,
        high=high,
    )
    return f"{told} {turn_text(found, words)}"


def turn_text(found: Savings, words: Words = ENGLISH) -> str:
    """State the month from which the balance stays on one side.

    Parameters
    ----------
    found : Savings
        The ledger.
    words : Words, default English
        The language.

    Returns
    -------
    str
        A sentence.
    """
    if found.turn is None:
        return words.gettext(_("The balance ends at zero."))
    month, sign = found.turn
    saved = _("From month {month} on the balance stays above zero: from then on the system has saved money.")
    costs = _("From month {month} on the balance stays below zero: it costs more than it brings.")
    return words.say(saved if sign > 0 else costs, month=month)


def amount(found: Savings, one: Estimate, words: Words = ENGLISH) -> str:
    """An amount for 1,000 recipients.

    Parameters
    ----------
    found : Savings
        The ledger.
    one : Estimate
        Amount of the whole population.
    words : Words, default English
        The language.

    Returns
    -------
    str
        With its interval if there is one.
    """
    scaled = one.scaled(1000.0 / found.counts.recipients(REGIME))
    if scaled.low != scaled.low:
        return words.figures(f"{scaled.mean:,.0f}")
    # A minus sign that another number follows belongs to it in every language.
    limits = (words.figures(f"{end:,.0f}") for end in (scaled.mean, scaled.low, scaled.high))
    return words.say(_("{mean} ({low} to {high})"), **dict(zip(("mean", "low", "high"), limits, strict=True)))


def line_rows(found: Savings, words: Words = ENGLISH) -> list[tuple[str, str, str]]:
    """The lines of both arms and what is left.

    Parameters
    ----------
    found : Savings
        The ledger.
    words : Words, default English
        The language.

    Returns
    -------
    list of (str, str, str)
        Title, and the amounts for 1,000 recipients in the regime and in the reference arm.
    """
    return [_row(found, name, title, words) for name, title in (*LINES.items(), ("net", _("Net saving")))]


def memo_rows(found: Savings, words: Words = ENGLISH) -> list[tuple[str, str, str]]:
    """What is in no line.

    Parameters
    ----------
    found : Savings
        The ledger.
    words : Words, default English
        The language.

    Returns
    -------
    list of (str, str, str)
        As `line_rows` returns.
    """
    return [_row(found, name, title, words) for name, title in MEMOS.items()]


def _row(found: Savings, name: str, title: str, words: Words) -> tuple[str, str, str]:
    regime, reference = (amount(found, found.total(name, arm), words) for arm in (REGIME, REFERENCE))
    return words.gettext(title), regime, reference


def _thousand(found: Savings, value: float) -> float:
    return 1000.0 * value / found.counts.recipients(REGIME)
