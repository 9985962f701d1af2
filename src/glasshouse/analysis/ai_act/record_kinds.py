"""The kinds of records that a score is made of, and how to recognise them in a week's points."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from glasshouse.model.agencies import POLICE, THE_FOUR, Agencies

NO_BREACH = -1
"""What stands for the kind of breach of a record that is about none."""


@dataclass(frozen=True)
class Kind:
    """One class of input of the score.

    Attributes
    ----------
    name : str
        What was recorded.
    agency : int
        In whose file it stands.
    rightful : bool
        Whether it happened as recorded.
    breach : int
        The kind of breach, or `NO_BREACH`.
    """

    name: str
    agency: int
    rightful: bool
    breach: int = NO_BREACH


@dataclass(frozen=True)
class RecordKinds:
    """All kinds of records of some agencies, those of one file beside one another.

    Attributes
    ----------
    agencies : Agencies
        The agencies, with the kinds of breach that they record.
    kinds : tuple of Kind
        The kinds of records.
    protest, misread : int
        Places of the kinds about speech.
    """

    agencies: Agencies
    kinds: tuple[Kind, ...]
    protest: int
    misread: int

    @classmethod
    def of(cls, agencies: Agencies) -> "RecordKinds":
        """The kinds of records of some agencies.

        Parameters
        ----------
        agencies : Agencies
            The agencies.

        Returns
        -------
        RecordKinds
            For each file the breaches, then, of the police, what is about speech, and last what is nobody's act.
        """
        kinds: list[Kind] = []
        speech = 0
        for place, breaches in enumerate(agencies.recorded()):
            kinds += [Kind(agencies.kinds.names[breach], place, True, breach) for breach in breaches]
            if place == POLICE:
                speech = len(kinds)
                kinds += [
                    Kind("protest", POLICE, True),
                    Kind("complaint misread as an offence", POLICE, False),
                ]
            kinds.append(Kind(f"somebody else's or nobody's act ({agencies.names[place]})", place, False))
        return cls(agencies, tuple(kinds), speech, speech + 1)

    @cached_property
    def owner(self) -> NDArray[np.int64]:
        """The agency in whose file each kind stands.

        Returns
        -------
        ndarray of int, shape (kinds,)
            Numbers of agencies.
        """
        return np.array([kind.agency for kind in self.kinds])

    @cached_property
    def wrong(self) -> tuple[int, ...]:
        """The kind of each agency's wrongful records, those about speech apart.

        Returns
        -------
        tuple of int
            A place among the kinds for each agency.
        """
        return tuple(place for place, kind in enumerate(self.kinds) if not kind.rightful and place != self.misread)

    @cached_property
    def rightful(self) -> tuple[tuple[int, ...], ...]:
        """The kinds of each agency's rightful records, those about speech apart.

        Returns
        -------
        tuple of tuple of int
            Places among the kinds, for each agency.
        """
        return tuple(
            tuple(number for number, kind in enumerate(self.kinds) if kind.agency == place and kind.breach != NO_BREACH)
            for place in range(self.agencies.number)
        )

    def like(self, breach: int) -> list[int]:
        """The kinds of rightful records about breaches that are like one of the five.

        Parameters
        ----------
        breach : int
            One of the five.

        Returns
        -------
        list of int
            Their places.
        """
        alike = self.agencies.kinds.alike
        return [
            place for place, kind in enumerate(self.kinds) if kind.breach != NO_BREACH and alike[kind.breach] == breach
        ]

    def points(
        self,
        citizens: NDArray[np.void],
        rightful: NDArray[np.int64],
        wrongful: NDArray[np.int64],
        speech_points: NDArray[np.int64],
        breach_points: NDArray[np.int64],
    ) -> NDArray[np.int64]:
        """Split a week's new points of some citizens by the kind of record.

        The model keeps points by agency, rightful and wrongful. That determines the kind except in police files, which
        hold breaches, protests and misread complaints; there the number of points and the citizen's acts tell them apart.

        Parameters
        ----------
        citizens : structured ndarray, shape (n,)
            State records of the citizens in that week.
        rightful : ndarray of int64, shape (n, agencies)
            New points in each agency's file for what happened as recorded.
        wrongful : ndarray of int64, shape (n, agencies)
            New points in each agency's file for what did not.
        speech_points : ndarray of int64, shape (n,)
            Points that a record of speech brings each citizen.
        breach_points : ndarray of int64, shape (n, breaches)
            Points that a record of each breach brings.

        Returns
        -------
        ndarray of int64, shape (n, kinds)
            The points by kind.
        """
        each = np.arange(len(citizens))
        spoke, has_breach = citizens["speech_filed"] > 0, citizens["breach"] >= 0
        breach = np.maximum(citizens["breach"], 0)
        # All rightful police points are accounted for by the breach alone.
        breach_alone = has_breach & (breach_points[each, breach] == rightful[:, POLICE])
        # Where a breach is worth as much as a protest, the wrongful points tell which of them was recorded.
        protest = (
            spoke & (rightful[:, POLICE] >= speech_points) & ~(breach_alone & (wrongful[:, POLICE] >= speech_points))
        )
        found = np.zeros((len(citizens), len(self.kinds)), np.int64)
        found[:, self.protest] = np.where(protest, speech_points, 0)
        found[:, self.misread] = np.where(spoke & ~protest, np.minimum(speech_points, wrongful[:, POLICE]), 0)
        # What is rightful and no protest is the week's breach, in the file of an agency that it concerns.
        rest = rightful.copy()
        rest[:, POLICE] -= found[:, self.protest]
        for number, kind in enumerate(self.kinds):
            if kind.breach != NO_BREACH:
                found[:, number] = np.where(has_breach & (breach == kind.breach), rest[:, kind.agency], 0)
        # What is wrongful and no misread complaint is somebody else's or nobody's act.
        for agency, number in enumerate(self.wrong):
            found[:, number] = wrongful[:, agency] - (found[:, self.misread] if agency == POLICE else 0)
        return found


OF_THE_FOUR = RecordKinds.of(THE_FOUR)
"""The kinds of records of the agencies that are always there."""
