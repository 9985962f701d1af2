"""Regimes side by side in words, for the page and the command line."""

from collections.abc import Sequence

from glasshouse.analysis.ranking.measures import HARMS, PURPOSES, WrongDecisions
from glasshouse.analysis.ranking.report import Ranking, SafeguardFigures
from glasshouse.analysis.ranking.safeguards import TOGETHER
from glasshouse.model.measure import Measure
from glasshouse.report.i18n import ENGLISH, Words
from glasshouse.report.i18n import mark as _
from glasshouse.report.instrument_parts import estimate_text
from glasshouse.results.estimate import Estimate

GAP = "   "
"""What stands between two columns of a terminal."""


def sorted_text(found: Ranking, told: Words = ENGLISH) -> str:
    """How regimes are sorted, and on which population.

    Parameters
    ----------
    found : Ranking
        The regimes.
    told : Words, default English
        The language.

    Returns
    -------
    str
        Two sentences.
    """
    order = told.say(
        _("Regimes are sorted by what each adds to its own reference arm of “{harm}” ({unit})."),
        harm=told.gettext(WrongDecisions.title),
        unit=told.gettext(WrongDecisions.unit),
    )
    one = found.question.scenarios[0]
    if not found.question.shared:
        apart = _("Each has its own population and length, so that differences between two of them are not paired.")
        return f"{order} {told.gettext(apart)}"
    people = told.say(
        _(
            "All have one population ({citizens} synthetic citizens), one length ({weeks} weeks, "
            "the regime from week {start} on) and common random numbers."
        ),
        citizens=told.figures(f"{one.society.citizens:,}"),
        weeks=one.run.weeks,
        start=one.run.start,
    )
    return f"{order} {people}"


def order_text(found: Ranking, told: Words = ENGLISH) -> str:
    """Which neighbours in the order are told apart.

    Parameters
    ----------
    found : Ranking
        The regimes.
    told : Words, default English
        The language.

    Returns
    -------
    str
        A sentence; empty where the regimes have different populations.
    """
    if not found.question.shared:
        return ""
    pairs = found.regimes[:-1]
    certain = [one for one in pairs if one.more_than_next.low > 0.0]
    return told.say(
        _("Of {all} neighbours in this order {some} are told apart at 95 %; the others may change places."),
        all=len(pairs),
        some=len(certain),
    )


def shown(value: Estimate, told: Words = ENGLISH) -> str:
    """A change for a reader.

    Parameters
    ----------
    value : Estimate
        The change.
    told : Words, default English
        The language.

    Returns
    -------
    str
        The figure with its interval, “no change” or “undefined”.
    """
    return estimate_text(value, told, change=True)


def purpose(name: str) -> type[Measure]:
    """The measure of a stated purpose.

    Parameters
    ----------
    name : str
        Its name.

    Returns
    -------
    type of Measure
        One of `PURPOSES`.
    """
    return next(one for one in PURPOSES if one.name == name)


def together(found: Ranking, regime: str) -> SafeguardFigures | None:
    """What all safeguards of a regime do together; where one alone changes something, what that does.

    Parameters
    ----------
    found : Ranking
        The regimes.
    regime : str
        Name of the regime.

    Returns
    -------
    SafeguardFigures or None
        None where no safeguard was tried or changes anything.
    """
    mine = [one for one in found.safeguards if one.regime == regime]
    return next((one for one in mine if one.safeguard == TOGETHER), mine[0] if len(mine) == 1 else None)


def lines(found: Ranking) -> list[str]:
    """The regimes in lines for a terminal, the most harmful first.

    Parameters
    ----------
    found : Ranking
        The regimes.

    Returns
    -------
    list of str
        A heading, a line for each regime, and which places are certain.
    """
    head = ("regime", *(one.name for one in HARMS), "undone by appeal", "stated purpose")
    rows = [
        (
            one.regime,
            shown(one.wrong_decisions),
            shown(one.treated_wrongly),
            one.redress.text(100, " %"),
            f"{one.purpose}: {shown(one.served)}",
        )
        for one in found.regimes
    ]
    return [*_aligned([head, *rows]), *filter(None, [order_text(found)])]


def safeguard_lines(found: Ranking) -> list[str]:
    """What safeguards avoid and cost, in lines for a terminal.

    Parameters
    ----------
    found : Ranking
        The regimes.

    Returns
    -------
    list of str
        A line for each regime and safeguard; empty where none was tried.
    """
    if not found.safeguards:
        return []
    head = ("regime", "safeguard", "wrong decisions avoided", "purpose lost")
    rows = [
        (one.regime, one.safeguard, shown(one.avoided), f"{one.purpose}: {shown(one.lost)}") for one in found.safeguards
    ]
    return ["", "What safeguards avoid, and what they cost the stated purpose", *_aligned([head, *rows]), ""]


def lacking_text(found: Ranking, told: Words = ENGLISH) -> list[str]:
    """What regimes need and the population lacks.

    Parameters
    ----------
    found : Ranking
        The regimes.
    told : Words, default English
        The language.

    Returns
    -------
    list of str
        A sentence for each regime that lacks something.
    """
    return [
        told.say(
            _("{regime} treats groups differently that this population does not have: {groups}."),
            regime=name,
            groups=", ".join(map(told.gettext, groups)),
        )
        for name, groups in found.lacking.items()
    ]


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [GAP.join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]
