"""The first screen of a run's report: harm in people, then control, then governance, each with the other arm beside it."""

from dataclasses import dataclass

import numpy as np

from glasshouse.model.measures.governance import GovernanceSoon, Unrest
from glasshouse.model.measures.listing import WronglyListedShare
from glasshouse.model.measures.speech import Chilling
from glasshouse.report.elements import Figure
from glasshouse.report.i18n import Words
from glasshouse.report.i18n import mark as _
from glasshouse.report.run.chart_tools import drawn
from glasshouse.report.run.report_data import ReportData
from glasshouse.results.estimate import Estimate

SQUARES = 160
"""Squares that stand for the people of one arm, at most."""

IN_A_SQUARE = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
"""How many people a square can stand for."""

HIGH = 10
"""Squares above one another."""

PITCH = 14
"""Pixels from a square to the next."""


@dataclass(frozen=True)
class Arm:
    """The restricted adults of one arm: their count, those of them who are restricted wrongly, and squares that stand for them.

    `squares` has for each square its column, its row, and whether it stands for people who are restricted wrongly.
    """

    name: str
    heading: str
    note: str
    squares: tuple[tuple[int, int, bool], ...]

    @property
    def width(self) -> int:
        """Pixels that the squares take from left to right."""
        return PITCH * (1 + max((column for column, _row, _wrong in self.squares), default=0))

    @property
    def height(self) -> int:
        """Pixels that the squares take from top to bottom."""
        return PITCH * (1 + max((row for _column, row, _wrong in self.squares), default=0))


@dataclass(frozen=True)
class FirstScreen:
    """What a reader sees first.

    Attributes
    ----------
    size : str
        How much was simulated.
    heading : str
        The harm in people, as a sentence.
    sentences : tuple of str
        Both arms, what the regime changes, and complaints silenced, as far as intervals allow.
    arms : tuple of Arm
        The restricted of both arms.
    key : str
        What a square is.
    figures : tuple of (str, Figure)
        What a chart is about (harm, control, governance), and the chart.
    brackets : tuple of str
        What the brackets mean, and what they do not cover.
    """

    size: str
    heading: str
    sentences: tuple[str, ...]
    arms: tuple[Arm, ...]
    key: str
    figures: tuple[tuple[str, Figure], ...]
    brackets: tuple[str, ...]


def view(data: ReportData, words: Words, assumed: int, parameters: int) -> FirstScreen:
    """The first screen of a report.

    Parameters
    ----------
    data : ReportData
        The figures of the run.
    words : Words
        The language.
    assumed : int
        Parameters of the model that are assumptions.
    parameters : int
        Parameters of the model.

    Returns
    -------
    FirstScreen
        Sentences, squares and three charts.
    """
    levels = data.restricted.reference, data.restricted.regime
    most = max((level.mean for level in levels if level is not None and np.isfinite(level.mean)), default=0.0)
    each = next((size for size in IN_A_SQUARE if most <= size * SQUARES), IN_A_SQUARE[-1])
    message = KEY_ONE if each == 1 else KEY
    return FirstScreen(
        size=_size(data, words),
        heading=_heading(data, words),
        sentences=tuple(_sentences(data, words)),
        arms=tuple(_arm(data, words, place, each) for place in (0, 1)) if most > 0.0 else (),
        key=words.say(message, people=words.figures(f"{each:,}")),
        figures=tuple(_figures(data, words)),
        brackets=_brackets(data, words, assumed, parameters),
    )


KEY = _(
    "Each square is {people} of 100,000 adults. Full squares are restricted wrongly: they are on a list, though by the regime's "
    "own rule true records about them would not put them there."
)
KEY_ONE = _(
    "Each square is one of 100,000 adults. Full squares are restricted wrongly: they are on a list, though by the regime's own "
    "rule true records about them would not put them there."
)


def _size(data: ReportData, words: Words) -> str:
    citizens = words.figures(f"{data.scenario.society.citizens:,}")
    if data.replicates == 1:
        return words.say(
            _("one population of {citizens} synthetic citizens, with and without the regime"), citizens=citizens
        )
    message = _("{replicates} populations of {citizens} synthetic citizens, each with and without the regime")
    return words.say(message, replicates=data.replicates, citizens=citizens)


def _people(number: float, words: Words) -> str:
    """A count of people: whole, and no zero for some."""
    if 0.0 < number < 1.0:
        return words.gettext(_("fewer than 1"))
    return words.figures(f"{number:,.0f}")


def _heading(data: ReportData, words: Words) -> str:
    restricted, wrongly = data.restricted.regime, data.wrongly.estimates.regime
    if restricted is None or wrongly is None or not restricted.mean > 0.0:
        return words.gettext(_("Under the regime nobody is restricted in this run"))
    if not wrongly.mean > 0.0:
        message = _(
            "Of every 100,000 adults, {people} are restricted under the regime, and nobody wrongly by its own rule"
        )
    else:
        message = _(
            "Of every 100,000 adults, {people} are restricted under the regime, and {wrong} of them wrongly by its own rule"
        )
    return words.say(message, people=_people(restricted.mean, words), wrong=_people(wrongly.mean, words))


def _share(found: Estimate, words: Words) -> str:
    """A share, with its interval where it has one."""
    text = found.text(100, " %")
    return words.figures(text if np.isfinite(found.low) else text.partition(" (")[0])


def _sentences(data: ReportData, words: Words) -> list[str]:
    shares = data.of(WronglyListedShare)
    found = []
    if shares.regime is not None and shares.reference is not None and np.isfinite(shares.regime.mean):
        under = _share(shares.regime, words)
        if np.isfinite(shares.reference.mean):
            message = _("{share} of restrictions are wrong, against {other} without the regime.")
            found.append(words.say(message, share=under, other=_share(shares.reference, words)))
        else:
            message = _("{share} of restrictions are wrong; without the regime nobody is restricted.")
            found.append(words.say(message, share=under))
    found += _more(data.wrongly.estimates.effect, data.replicates, words)
    silenced = data.of(Chilling).effect
    if silenced.low > 0.0:
        message = _("{share} of complaints about the same problem are silenced.")
        found.append(words.say(message, share=_share(silenced, words)))
    return found


def _more(effect: Estimate, replicates: int, words: Words) -> list[str]:
    """How many more people the regime restricts wrongly; nothing where one replicate or an undefined figure says nothing."""
    if effect.is_zero:
        return [words.gettext(_("In both arms as many people are restricted wrongly."))]
    if not np.isfinite(effect.low):
        return []
    if effect.low <= 0.0 <= effect.high:
        message = _(
            "Whether the regime wrongly restricts more people or fewer cannot be told from {replicates} replicates."
        )
        return [words.say(message, replicates=replicates)]
    size = effect if effect.mean > 0.0 else effect.scaled(-1.0)
    figure = words.figures(
        f"{size.mean:,.0f} ({size.low:,.0f} to {size.high:,.0f})" if size.low >= 10.0 else size.text(1, "")
    )
    if effect.mean > 0.0:
        message = _("At any time the regime wrongly restricts {people} more of every 100,000 adults.")
    else:
        message = _("At any time the regime wrongly restricts {people} fewer of every 100,000 adults.")
    return [words.say(message, people=figure)]


def _arm(data: ReportData, words: Words, place: int, each: int) -> Arm:
    """The squares of one arm: the reference is at place 0."""

    def level(found: object) -> float:
        mean = found.mean if isinstance(found, Estimate) else 0.0
        return mean if np.isfinite(mean) else 0.0

    people, wrong = (level((one.reference, one.regime)[place]) for one in (data.restricted, data.wrongly.estimates))
    heading = words.gettext((_("Without the regime"), _("With the regime"))[place])
    note = words.say(
        _("{people} restricted, {wrong} of them wrongly"), people=_people(people, words), wrong=_people(wrong, words)
    )
    count, full = (int(np.ceil(number / each)) for number in (people, wrong))
    squares = tuple((k // HIGH, k % HIGH, k < full) for k in range(count))
    return Arm(("without", "with")[place], heading, note, squares)


def _figures(data: ReportData, words: Words) -> list[tuple[str, Figure]]:
    by_measure = {one.series.measure: one for one in data.series}
    wanted = (
        (_("Harm to people"), data.wrongly),
        (_("Control"), by_measure[Unrest]),
        (_("Quality of governance"), by_measure[GovernanceSoon]),
    )
    return [
        (words.gettext(about), drawn(data, one, f"first{number}", words))
        for number, (about, one) in enumerate(wanted)
        if one.rows
    ]


def _brackets(data: ReportData, words: Words, assumed: int, parameters: int) -> tuple[str, ...]:
    if data.replicates == 1:
        first = words.gettext(data.certainty)
    else:
        first = words.say(
            _(
                "If many more such populations were drawn at random, their average would very likely lie in this range (95 % "
                "interval over {replicates} replicates)."
            ),
            replicates=data.replicates,
        )
    second = words.say(
        _("The brackets do not cover doubt about the model: {assumed} of its {parameters} parameters are assumptions."),
        assumed=assumed,
        parameters=parameters,
    )
    third = _(
        "An effect can be certain although the shades of both arms overlap: each population is compared with itself."
    )
    return first, second, *((words.gettext(third),) if data.replicates > 1 else ())
