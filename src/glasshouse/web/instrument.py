"""What the page knows of an instrument: what it asks of a reader, and the command that answers."""

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from glasshouse.engine.size import memory
from glasshouse.errors import ScenarioError
from glasshouse.report.i18n import mark as _
from glasshouse.scenario.files import library_names
from glasshouse.scenario.scenario import Scenario, load
from glasshouse.web.runs import Limits, Runs
from glasshouse.web.studies import Place

CITIZENS, REPLICATES = 6_000, 5
"""Size in which the page simulates a scenario unless its reader says otherwise: some minutes, and figures with intervals."""


@dataclass(frozen=True)
class FormField:
    """One thing that an instrument asks of its reader.

    Attributes
    ----------
    name : str
        Its name in the form.
    label, note : str
        What it is called, and a remark; messages to translate.
    kind : {"choice", "choices", "number", "words", "text"}
        One of some names, several of them, a number, words between blanks, or a longer text.
    usual : str
        What stands there first; several names or words are separated by blanks.
    choices : mapping of str to str
        Names that may be chosen, with what each is called, a message to translate.
    low, high : float
        Limits of a number.
    unit : str
        Its unit, a message to translate.
    optional : bool
        Whether it may be left empty.
    """

    name: str
    label: str
    kind: Literal["choice", "choices", "number", "words", "text"]
    usual: str = ""
    note: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    low: float = 0.0
    high: float = math.inf
    unit: str = ""
    optional: bool = False

    def fault(self, text: str) -> str:
        """Say what is wrong with an answer.

        Parameters
        ----------
        text : str
            What the reader wrote or chose.

        Returns
        -------
        str
            One sentence; empty where nothing is wrong.
        """
        if not text.strip():
            return "" if self.optional else f"{self.name}: nothing was given. Fill it in."
        chosen = [text] if self.kind == "choice" else text.split()
        wrong = [one for one in chosen if one not in self.choices] if self.kind in ("choice", "choices") else []
        if wrong:
            return f"{self.name}: “{wrong[0][:40]}” cannot be chosen. Choose one of {', '.join(self.choices)}."
        if self.kind == "number":
            try:
                value = float(text)
            except ValueError:
                return f"{self.name}: “{text[:40]}” is no number."
            if not self.low <= value <= self.high:
                return f"{self.name} = {value:g}: give a number from {self.low:g} to {self.high:g}."
        return ""


@dataclass(frozen=True)
class Command:
    """The command that answers a question.

    Attributes
    ----------
    argv : tuple of str
        Arguments of `glasshouse`, without the place of the page.
    needs : int
        Memory that it needs, in megabytes.
    """

    argv: tuple[str, ...]
    needs: int


@dataclass(frozen=True)
class Offer:
    """What instruments may work with: the runs and the studies of the page, and its limits."""

    runs: Runs
    place: Place

    @property
    def limits(self) -> Limits:
        """What a question may ask of the machine."""
        return self.runs.limits


class Instrument(ABC):
    """An instrument of the page.

    Attributes
    ----------
    name : str
        Its name in addresses, and that of its command.
    title, question, about : str
        What it is called, what is asked, and what is done; messages to translate.
    tutorial : str
        File of its tutorial.
    page : str
        The page that its command writes, within a folder.
    files : tuple of str
        Other files that may be fetched.
    empty : str
        What to do where there is nothing to work with; a message to translate.
    """

    name: str
    title: str
    question: str
    about: str
    tutorial: str
    page: str
    files: tuple[str, ...] = ()
    empty: str = ""

    @abstractmethod
    def fields(self, offer: Offer) -> tuple[FormField, ...]:
        """What it asks of its reader.

        Parameters
        ----------
        offer : Offer
            What it may work with.

        Returns
        -------
        tuple of FormField
            In order; empty where there is nothing to work with.
        """

    @abstractmethod
    def command(self, given: Mapping[str, str], offer: Offer, folder: Path) -> Command:
        """The command that answers.

        Parameters
        ----------
        given : mapping of str to str
            The answers of the reader, by name of the field, without fault.
        offer : Offer
            What it may work with.
        folder : Path
            Folder of the answer.

        Returns
        -------
        Command
            The command.

        Raises
        ------
        ScenarioError
            If it would ask too much of the machine.
        """

    def checked(self, given: Mapping[str, str], offer: Offer) -> None:
        """Refuse answers that have a fault.

        Parameters
        ----------
        given : mapping of str to str
            The answers, by name of the field.
        offer : Offer
            What it may work with.

        Raises
        ------
        ScenarioError
            With every fault.
        """
        faults = [text for one in self.fields(offer) if (text := one.fault(given.get(one.name, "")))]
        if faults:
            raise ScenarioError(*faults)


def simulated(usual: str, limits: Limits, needed: str = "") -> tuple[FormField, ...]:
    """What every instrument asks that simulates a scenario.

    Parameters
    ----------
    usual : str
        The scenario that stands there first.
    limits : Limits
        What may be asked of the machine.
    needed : str, optional
        A remark on scenarios; a message to translate.

    Returns
    -------
    tuple of FormField
        The scenario, citizens and replicates.
    """
    titles = {name: load(name).title for name in library_names()}
    return (
        FormField("scenario", _("Scenario"), "choice", usual, needed, titles),
        FormField("citizens", _("Citizens"), "number", f"{CITIZENS}", low=100, high=limits.citizens),
        FormField(
            "replicates",
            _("Replicates"),
            "number",
            f"{REPLICATES}",
            _("With one replicate no figure has an interval."),
            low=1,
            high=limits.replicates,
        ),
    )


def sized(given: Mapping[str, str], offer: Offer, arms: float) -> tuple[Scenario, list[str], int]:
    """The scenario that a reader chose, in the size that they chose.

    Parameters
    ----------
    given : mapping of str to str
        Their answers.
    offer : Offer
        What may be asked of the machine.
    arms : float
        How many arms are simulated.

    Returns
    -------
    tuple of (Scenario, list of str, int)
        The scenario, the arguments of the command that say so, and megabytes of memory.

    Raises
    ------
    ScenarioError
        If that is more than the page runs.
    """
    citizens, replicates = (int(float(given[name])) for name in ("citizens", "replicates"))
    scenario = load(given["scenario"], {"society.citizens": citizens, "run.replicates": replicates})
    offer.limits.check(scenario)
    steps = citizens * scenario.run.weeks * replicates * arms / 2
    if steps > offer.limits.citizen_weeks:
        raise ScenarioError(
            f"This simulates {steps:,.0f} citizen-weeks, more than the {offer.limits.citizen_weeks:,} that this page runs. Take "
            "fewer citizens, replicates or draws, or ask on the command line."
        )
    return scenario, [given["scenario"], f"--citizens={citizens}", f"--replicates={replicates}"], 2 * memory(scenario)


def several(option: str, text: str) -> Sequence[str]:
    """An option of a command, once for each of some words.

    Parameters
    ----------
    option : str
        Its name.
    text : str
        Words between blanks.

    Returns
    -------
    list of str
        Arguments.
    """
    return [f"--{option}={one}" for one in text.split()]
