"""The harms that are counted, each with the rights that it touches, how long it lasts, and what an office can count."""

from collections.abc import Sequence
from dataclasses import dataclass

from glasshouse.analysis.harm_rates import UndeservedlyRestricted, WrongRestrictions
from glasshouse.analysis.rights import measures
from glasshouse.model.measure import Measure
from glasshouse.model.measures.aftermath import HarmNotRefunded, RecognitionWait, RefundWait, VictimsRecognised
from glasshouse.model.measures.listing import TrapHazard, TrapHazardMany, TrapLong, WeeksWronglyListed, WrongSpellTail
from glasshouse.model.measures.redress import AppealWait, AppealWin, RedressRight, RedressUse
from glasshouse.model.measures.score import ExitRate
from glasshouse.model.measures.speech import ChillingByFear
from glasshouse.model.measures.welfare import Collateral, UnrelatedShare

MARK = 100.0
"""Mark of harms counted for 100,000 adults, unless another is given: one adult in a thousand."""


@dataclass(frozen=True)
class Harm:
    """One harm.

    Attributes
    ----------
    measure : type of Measure
        What is counted; its name and title are the harm's.
    articles : tuple of str
        Articles of the Charter that it touches, the first of them foremost.
    monitoring : str
        What the office itself can count to see it in practice, without knowing the truth.
    assumption : str
        What the figure rests on.
    duration : tuple of type of Measure
        How long it lasts; empty where the model does not follow it.
    reversibility : tuple of type of Measure
        How much of it is undone; empty where the model does not follow it.
    mark : float or None
        The mark for the likelihood, in the unit of the measure; None for one counted for 100,000 adults, which has
        the mark of the assessment.
    """

    measure: type[Measure]
    articles: tuple[str, ...]
    monitoring: str
    assumption: str
    duration: tuple[type[Measure], ...] = ()
    reversibility: tuple[type[Measure], ...] = ()
    mark: float | None = None


_WRONG_SPELLS = (measures.WrongSpellMedian, WrongSpellTail, WeeksWronglyListed)

HARMS = (
    Harm(
        WrongRestrictions,
        ("8", "41"),
        "share of decisions, drawn by lot and examined, that rest on an error",
        "A person who is restricted wrongly again counts again.",
        _WRONG_SPELLS,
        (measures.EndedSoon, RedressRight),
    ),
    Harm(
        UndeservedlyRestricted,
        ("48",),
        "findings made in default, without an answer of the person",
        "What conduct deserves is the scenario's rule under full and faithful observation.",
    ),
    Harm(
        measures.Unheard,
        ("41", "47"),
        "decisions made before a reply came in; weeks to the first answer",
        "Which hearing is due is a setting of the scenario (law).",
    ),
    Harm(
        measures.Unreviewed,
        ("1", "41"),
        "decisions with a recorded human reason; minutes spent on a case",
        "Each context of a person is a decision of its own.",
    ),
    Harm(
        measures.VisitsWithoutCause,
        ("7", "8"),
        "visits without a finding over visits, by lot and by score",
        "A visit has a cause if the person would protest without the regime.",
    ),
    Harm(
        measures.FalseRecords,
        ("8",),
        "share of files, drawn by lot, with an error; rectifications asked for and made",
        "Wrong matches between registers are among them.",
        (),
        (ExitRate,),
    ),
    Harm(
        UnrelatedShare,
        ("8(2)",),
        "decisions that cite another body's file",
        "A context is unrelated if its own agency holds no point on the person. Not counted in people.",
        mark=0.1,
    ),
    Harm(
        measures.Silenced,
        ("11",),
        "complaints per open problem that is found otherwise, before and after the start",
        "The same people with the same problems are compared in both arms.",
        (),
        (ChillingByFear,),
    ),
    Harm(
        measures.ProtestKeptBack,
        ("12",),
        "permits asked for and attendance, never as a target",
        "Fear is what people believe they risk; each week in which a person would have protested counts.",
    ),
    Harm(
        Collateral,
        ("7", "24"),
        "households with children among those affected",
        "Share of all that restrictions take which household members and employees bear; children are not told apart.",
        mark=0.1,
    ),
    Harm(
        measures.ThroughFirmAlone,
        ("15", "16"),
        "refusals of licences that give the list as ground",
        "Counted are representatives of restricted firms.",
    ),
    Harm(
        measures.Victims,
        ("17",),
        "amounts refunded over amounts collected",
        "Each person counts once, when a wrongful restriction first takes welfare.",
        (RecognitionWait, RefundWait),
        (VictimsRecognised, HarmNotRefunded),
    ),
    Harm(
        measures.NotDrawn,
        ("34",),
        "claims that end without a decision; payments restored after a stop",
        "Take-up of those entitled, whatever the reason.",
    ),
    Harm(
        measures.TripsRefusedYearly,
        ("45",),
        "refusals of tickets",
        "A person who is refused twice counts twice.",
    ),
    Harm(
        measures.NotUndone,
        ("47",),
        "appeals over adverse decisions, their success, and the age of the oldest open case",
        "Wrong by the regime's own rule; a restriction may end in another way later.",
        (AppealWait, *_WRONG_SPELLS),
        (RedressUse, RedressRight, AppealWin),
    ),
    Harm(
        measures.LongRestrictions,
        ("49(3)",),
        "restrictions that outlast their ground",
        "Counted when they end, so that those in force at the end of the run are left out.",
        (TrapLong,),
        (TrapHazard,),
    ),
    Harm(
        measures.SeveralContexts,
        ("50", "49(3)"),
        "restrictions that follow one act",
        "Contexts are those in which the agencies restrict, whatever the act.",
        (),
        (TrapHazardMany,),
    ),
)
"""The harms, in the order of the assessment."""


def harms(groups: Sequence[str]) -> tuple[Harm, ...]:
    """The harms of a scenario.

    Parameters
    ----------
    groups : sequence of str
        The groups that it declares.

    Returns
    -------
    tuple of Harm
        Those of `HARMS`, and for each group that it is wrongly restricted more often than the rest.
    """
    return HARMS + tuple(
        Harm(
            measures.unequal(group),
            ("21", "20"),
            "errors in a sample drawn by lot, by group (an audit by simulation says how large it has to be)",
            "1 is equal. Read it beside the wrongful restrictions by group: a ratio of small figures says little.",
            mark=2.0,
        )
        for group in groups
    )
