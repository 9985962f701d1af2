"""The kinds of records that a score is made of, and how to recognise them in a week's points."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glasshouse.model.agencies import BREACHES, COURT, MARKET, OWNERS, POLICE, WELFARE_OFFICE


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
    """

    name: str
    agency: int
    rightful: bool


KINDS = (
    Kind("traffic breach", POLICE, True),
    Kind("public-order breach", POLICE, True),
    Kind("protest", POLICE, True),
    Kind("complaint misread as an offence", POLICE, False),
    Kind("somebody else's or nobody's act (police)", POLICE, False),
    Kind("debt default", COURT, True),
    Kind("somebody else's or nobody's act (court)", COURT, False),
    Kind("benefit or tax irregularity", WELFARE_OFFICE, True),
    Kind("somebody else's or nobody's act (welfare office)", WELFARE_OFFICE, False),
    Kind("trade breach", MARKET, True),
    Kind("somebody else's or nobody's act (market supervision)", MARKET, False),
)
PROTEST, MISREAD, DEBT_KIND = 2, 3, 5
OTHER_POLICE = 4
POLICE_BREACHES = [0, 1]
"""Kinds of the police's rightful points whose points the model does not keep apart."""
BREACH_KIND = np.array([0, 5, 7, 9, 1])
"""The kind of a rightful record of each breach."""
RIGHTFUL_KIND = {WELFARE_OFFICE: 7, MARKET: 9}
"""The one kind of rightful records of the agencies whose points do not depend on a debt."""
WRONG_KIND = (4, 6, 8, 10)
"""The kind of each agency's other wrongful records."""
OWNER = np.array([kind.agency for kind in KINDS])
"""The agency in whose file each kind stands."""


def points_by_kind(
    citizens: NDArray[np.void],
    rightful: NDArray[np.int64],
    wrongful: NDArray[np.int64],
    speech_points: NDArray[np.int64],
    breach_points: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Split a week's new points of some citizens by the kind of record.

    The model keeps points by agency, rightful and wrongful. That determines the kind except in police files, which hold
    breaches, protests and misread complaints; there the number of points and the citizen's acts tell them apart.

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
    breach = np.clip(citizens["breach"], 0, BREACHES - 1)
    # All rightful police points are accounted for by the breach alone.
    breach_alone = has_breach & (breach_points[each, breach] == rightful[:, POLICE])
    # Where a breach is worth as much as a protest, the wrongful points tell which of them was recorded.
    protest = spoke & (rightful[:, POLICE] >= speech_points) & ~(breach_alone & (wrongful[:, POLICE] >= speech_points))
    found = np.zeros((len(citizens), len(KINDS)), np.int64)
    found[:, PROTEST] = np.where(protest, speech_points, 0)
    found[:, MISREAD] = np.where(spoke & ~protest, np.minimum(speech_points, wrongful[:, POLICE]), 0)
    # What is rightful and no protest is the week's breach, in the file of the agency that pursues it.
    rest = rightful.copy()
    rest[:, POLICE] -= found[:, PROTEST]
    found[each, BREACH_KIND[breach]] += np.where(has_breach, rest[each, np.array(OWNERS)[breach]], 0)
    # What is wrongful and no misread complaint is somebody else's or nobody's act.
    for agency, kind in enumerate(WRONG_KIND):
        found[:, kind] = wrongful[:, agency] - (found[:, MISREAD] if agency == POLICE else 0)
    return found
