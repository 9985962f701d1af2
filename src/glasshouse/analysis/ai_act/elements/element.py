"""The contract of elements of Article 5(1)(c) of Regulation (EU) 2024/1689, and of the figures that bear on them.

An element is a question that the article and the Commission Guidelines of 29 July 2025, C(2025) 5052, put; a figure is
something that can be counted towards an answer, with the assumption it rests on. Nothing here answers the question: no
figure has a mark at which an element would be met. Paragraph numbers are those of the Guidelines.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from glasshouse.analysis.ai_act.record_kinds import OF_THE_FOUR, RecordKinds
from glasshouse.analysis.ai_act.relatedness import Rating, Relatedness
from glasshouse.analysis.ai_act.totals import EvidenceTotals
from glasshouse.analysis.ai_act.variants import REGIME
from glasshouse.model.declarations import Sum
from glasshouse.model.entities import CELLS
from glasshouse.model.measure import FloatArray, Sums, ratio
from glasshouse.model.scale import IDENTITY, POSITIVE, SHARE, Scale
from glasshouse.results.groups import cells_of


@dataclass(frozen=True)
class RunStatistics:
    """What formulas read.

    Attributes
    ----------
    totals : EvidenceTotals
        Sums of one replicate or of several.
    ratings : Relatedness
        Which data bear on which decision.
    declared : tuple of Sum
        Declarations of the mechanisms' own sums.
    groups : tuple of str
        The groups that the scenario declares.
    records : RecordKinds
        The kinds of records that the score is made of.
    """

    totals: EvidenceTotals
    ratings: Relatedness
    declared: tuple[Sum, ...]
    groups: tuple[str, ...]
    records: RecordKinds = OF_THE_FOUR

    def sums(self, arm: str = REGIME, cells: Sequence[int] = tuple(range(CELLS))) -> Sums:
        """The mechanisms' own sums of an arm.

        Parameters
        ----------
        arm : str
            One of `VARIANTS`.
        cells : sequence of int
            Group cells to add up; all by default.

        Returns
        -------
        Sums
            In their own units.
        """
        return Sums(self.totals.variants[arm].sums[list(cells)].sum(axis=0).astype(np.int64), self.declared)

    def group(self, name: str, *, inside: bool = True) -> list[int]:
        """The group cells of a group, or of everybody else.

        Parameters
        ----------
        name : str
            One of the declared groups.
        inside : bool
            False for everybody else.

        Returns
        -------
        list of int
            Group cells.
        """
        return cells_of(name if inside else f"not {name}", self.groups)

    def fallen(self, arm: str) -> float:
        """Share of the sanction that vanishes in a variant.

        Parameters
        ----------
        arm : str
            One of `VARIANTS`.

        Returns
        -------
        float
            A share of welfare-weeks.
        """
        return float(ratio(self.totals.variants[arm].sanction_vanished.sum(), self.totals.restrictions.sanction.sum()))

    def resting_on(self, *ratings: Rating) -> float:
        """Share of the sanction that rested, when it was imposed, on records with some ratings for its context.

        Parameters
        ----------
        *ratings : str
            Some of `RATINGS`.

        Returns
        -------
        float
            A share of welfare-weeks.
        """
        flow = self.totals.restrictions.flow
        return float(ratio(flow[self.ratings.rated(*ratings)[self.records.owner]].sum(), flow.sum()))


Formula = Callable[[RunStatistics], float | FloatArray]


@dataclass(frozen=True)
class Question:
    """A figure before it is computed.

    Attributes
    ----------
    name, title, unit : str
        Key, heading and unit.
    formula : callable
        Computes it from `RunStatistics`.
    counted : str
        How it is computed, for a reader.
    assumption : str
        What it rests on.
    paragraphs : str
        Paragraphs of the Guidelines that it bears on.
    """

    name: str
    title: str
    unit: str
    formula: Formula
    counted: str
    assumption: str
    paragraphs: str

    @property
    def scale(self) -> Scale:
        """The scale on which its interval is built; a part of a variance and a difference can be negative."""
        if "variance" in self.name or self.unit.startswith("ww "):
            return IDENTITY
        return SHARE if self.unit == "share" else POSITIVE


@dataclass(frozen=True)
class GroupQuestion:
    """A question that is put for each group that the scenario declares.

    Attributes
    ----------
    name, title : str
        Key and heading, with `{}` where the name of the group stands.
    formula : callable
        Gives the formula for a group.
    unit, counted, assumption, paragraphs : str
        See `Question`.
    """

    name: str
    title: str
    unit: str
    formula: Callable[[str], Formula]
    counted: str
    assumption: str
    paragraphs: str

    def of(self, group: str) -> Question:
        """The question for one group.

        Parameters
        ----------
        group : str
            One of the declared groups.

        Returns
        -------
        Question
            With the group in its name, title and formula.
        """
        name, title = self.name.format(group.replace(" ", "_")), self.title.format(group)
        return Question(name, title, self.unit, self.formula(group), self.counted, self.assumption, self.paragraphs)


@dataclass(frozen=True)
class Element:
    """One element of the article.

    Attributes
    ----------
    letter, title : str
        Key and heading.
    asks : str
        What the Guidelines ask, in our words.
    paragraphs : str
        Paragraphs of the Guidelines.
    questions : tuple of Question or GroupQuestion
        Questions to a run; empty where a model has nothing to say.
    """

    letter: str
    title: str
    asks: str
    paragraphs: str
    questions: tuple[Question | GroupQuestion, ...] = ()

    def asked(self, groups: Sequence[str]) -> Iterator[Question]:
        """The questions to a run.

        Parameters
        ----------
        groups : sequence of str
            The groups that the scenario declares.

        Yields
        ------
        Question
            Each question in order; one for each group where it is put for groups.
        """
        for question in self.questions:
            if isinstance(question, Question):
                yield question
            else:
                yield from (question.of(group) for group in groups)


PAIRED = "same people and same random seed in both arms; reactions to the change are included"
"""The assumption behind every comparison of two arms."""
