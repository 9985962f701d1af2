"""What a simulated auditor gets to see: counts drawn at random from the shares of a population, many audits at once."""

from dataclasses import dataclass

import numpy as np

from glasshouse.analysis.audit.rates import IntArray, TwoRates
from glasshouse.analysis.audit.world import World, heads
from glasshouse.model.measure import FloatArray


@dataclass(frozen=True)
class Practice:
    """How audits are made. Every value is a choice or an assumption, none is measured.

    Attributes
    ----------
    cases : int
        Cases that an auditor examines, or people whom an interviewer writes to.
    adults : int
        Adults of the audited population, of which offices have counts. It has the shares of the simulated one.
    sensitivity : float
        Share of wrongful listings that an examination of the case finds to be wrong.
    specificity : float
        Share of rightful listings that it finds to be right.
    answering : tuple of float
        Share of the rightly and of the wrongly listed who answer an interviewer.
    objecting : tuple of float
        Share of those among them who say that they are listed wrongly.
    """

    cases: int = 2_000
    adults: int = 1_000_000
    sensitivity: float = 1.0
    specificity: float = 1.0
    answering: tuple[float, float] = (0.3, 0.4)
    objecting: tuple[float, float] = (0.3, 0.9)


@dataclass(frozen=True)
class Desk:
    """Draws of what auditors see, who ask about one group. The truth is in `world`, which no method reads.

    Attributes
    ----------
    world : World
        The audited population.
    group : str
        The group that is compared with the rest.
    practice : Practice
        How audits are made.
    rng : np.random.Generator
        Draws the numbers.
    audits : int
        Audits that are drawn at once.
    """

    world: World
    group: str
    practice: Practice
    rng: np.random.Generator
    audits: int

    def office_counts(self, part: FloatArray, whole: FloatArray | None = None) -> TwoRates:
        """Counts that an office has of all its people in a year.

        Parameters
        ----------
        part : ndarray of float, shape (cells,)
            What is counted, as shares of adults.
        whole : ndarray of float, shape (cells,), optional
            Among whom; adults if left out.

        Returns
        -------
        TwoRates
            Both counts of the group and the rest; numbers differ between audits as between two years of one system.
        """
        members, counts = self.world.members(self.group), []
        for inside in (True, False):
            people = round(self.practice.adults * float(self.world.adults[members == inside].sum()))
            cases = np.full(self.audits, people)
            if whole is not None:
                cases = self.rng.binomial(cases, heads(whole, self.world.adults, members, inside))
            rate = heads(part, self.world.adults if whole is None else whole, members, inside)
            counts += [self.rng.binomial(cases, np.nan_to_num(rate)), cases]
        return TwoRates(*counts)

    def flags(self) -> TwoRates:
        """Count the listed, as an office does.

        Returns
        -------
        TwoRates
            Listed adults among all adults, of the group and the rest.
        """
        return self.office_counts(self.world.wrong + self.world.right)

    def lot(self) -> tuple[IntArray, IntArray]:
        """Cases drawn by lot from all adults and examined.

        Returns
        -------
        tuple of ndarray of int64, each of shape (audits, cells)
            Cases that an examination finds wrongly listed, and all cases.
        """
        world, practice = self.world, self.practice
        cases = self.rng.multinomial(practice.cases, world.adults / world.adults.sum(), size=self.audits)
        wrong = practice.sensitivity * world.wrong + (1 - practice.specificity) * world.right
        rate = np.divide(wrong, world.adults, out=np.zeros_like(wrong), where=world.adults > 0)
        return self.rng.binomial(cases, np.minimum(rate, 1.0)), cases

    def files(self, seen: tuple[float, float], read: tuple[float, float] = (1.0, 1.0)) -> TwoRates:
        """Files drawn by lot from those of the listed.

        Parameters
        ----------
        seen : tuple of float
            Of files of the rightly and the wrongly listed that can be read, the share that shows a wrong.
        read : tuple of float
            The share of either that can be read at all; the others are lost to the audit.

        Returns
        -------
        TwoRates
            Files that show a wrong, among those read.
        """
        world = self.world
        members = world.members(self.group)
        kinds = np.stack([world.right, world.wrong])
        readable, wrong = (np.einsum("k,kc->c", weights, kinds) for weights in (read, np.multiply(read, seen)))
        listed = kinds.sum(axis=0)
        all_listed = float(listed.sum())
        share = float(listed[members].sum()) / all_listed if all_listed > 0 else 0.0
        drawn = self.rng.binomial(self.practice.cases, share, size=self.audits)
        counts = []
        for inside, number in ((True, drawn), (False, self.practice.cases - drawn)):
            answered = self.rng.binomial(number, np.nan_to_num(heads(readable, listed, members, inside)))
            counts += [self.rng.binomial(answered, np.nan_to_num(heads(wrong, readable, members, inside))), answered]
        return TwoRates(*counts)

    def together(self, events: IntArray, cases: IntArray, group: str) -> TwoRates:
        """Cases by cell, added up over a group and the rest.

        Parameters
        ----------
        events : ndarray of int64, shape (audits, cells)
            Cases with a finding.
        cases : ndarray of int64, shape (audits, cells)
            All cases.
        group : str
            A declared group.

        Returns
        -------
        TwoRates
            Of the group and the rest.
        """
        members = self.world.members(group)
        return TwoRates(*(part[:, who].sum(axis=1) for who in (members, ~members) for part in (events, cases)))
