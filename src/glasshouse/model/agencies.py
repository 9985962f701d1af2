"""The state's agencies and the kinds of conduct that they see: the numbers that mechanisms index their vectors with.

Each agency controls one context of life. Four are always there, since parts of the model are about them: police; courts
(the defaulter list of the Supreme People's Court); tax and welfare offices; market supervision. `facts.md` A1.8 names
further bodies, and a scenario may declare up to four (`agency_table`). The constants here are those of the four;
`agency_sizes` puts those of a scenario's agencies in their place.
"""

from dataclasses import dataclass

POLICE, COURT, WELFARE_OFFICE, MARKET = 0, 1, 2, 3
ALWAYS = 4
"""Number of the agencies that are always there."""
MOST_AGENCIES = 8
"""Most agencies that a scenario may have, the four included."""
AGENCIES = ALWAYS
"""Number of the agencies of a scenario that declares no further ones."""
AGENCY_NAMES = ("police", "court", "welfare office", "market supervision")
CONTEXT_NAMES = ("travel and public places", "credit and high spending", "benefits", "licences and posts")

TRAFFIC, DEBT, BENEFIT, TRADE, ORDER = 0, 1, 2, 3, 4
BREACHES = 5
BREACH_NAMES = ("traffic breach", "debt default", "benefit or tax irregularity", "trade breach", "public-order breach")
OWNERS = (POLICE, COURT, WELFARE_OFFICE, MARKET, POLICE)
"""The agency that each kind of breach concerns."""
FIRST_KINDS, LAST_KINDS = (TRAFFIC, DEBT, BENEFIT, TRADE), (ORDER, DEBT, BENEFIT, TRADE)
"""The kinds of breach that concern each agency: at most two, the same one twice where it is alone, -1 for none."""
RECORDERS = (1, 1, 1, 1, 1)
"""Number of the agencies that each kind of breach concerns."""

LIFE_ONLINE, DEBTS, BENEFITS, WORK, EVERYBODY = 0, 1, 2, 3, 4
BASIS_NAMES = ("life online", "debts", "benefits", "work", "everybody")
"""What an agency can see people by (`visibility`)."""
BASES = (LIFE_ONLINE, DEBTS, BENEFITS, WORK)
"""What each agency sees people by."""
ALIKE = 0.0
"""1 if some agency sees everybody alike."""

DATE_STEPS, DATE_STARTS = (ALWAYS,) * ALWAYS, (0, 1, 2, 3)
"""Step a week and start of the dates of what is drawn for each agency or its context, so that no two share an entry of the
stream. The four have the same dates whatever else a scenario declares; those of further agencies count down from -1."""

INHERITED = (1, 1, 0, 0)
"""1 for each context that a legal representative loses with the firm: travel and high spending."""
COERCIVE = (1, 1, 0, 0)
"""1 for each agency of coercion: police and courts."""

ALL_CONTEXTS = (1 << AGENCIES) - 1
"""A bit for each context."""

CLEAR, PENDING, RESTRICTED, LEAVING = 0, 1, 2, 3
"""States of a context's list for one citizen; the restriction is in force in the last two."""

MOST_CONTEXTS_BITS = (1 << MOST_AGENCIES) - 1
"""A bit for each context of as many agencies as a scenario may have."""

LONGEST = 30_000
"""Weeks at which the length of a spell stops being counted, so that 16 bits hold it."""

MOST_POINTS = 1000
"""Points of a citizen's or a firm's file, and credit, are cut here."""


@dataclass(frozen=True)
class Agencies:
    """The agencies of a scenario, in the order of every vector of agencies.

    Parameters
    ----------
    names : tuple of str
        Name of each agency.
    contexts : tuple of str
        The context of life that each controls.
    bases : tuple of int
        What each sees people by, an index of `BASIS_NAMES`.
    kinds : tuple of tuple of int
        The first and the last kind of breach that concern each: the same twice where it is one, -1 for none.
    """

    names: tuple[str, ...] = AGENCY_NAMES
    contexts: tuple[str, ...] = CONTEXT_NAMES
    bases: tuple[int, ...] = BASES
    kinds: tuple[tuple[int, int], ...] = tuple(zip(FIRST_KINDS, LAST_KINDS, strict=True))

    @property
    def number(self) -> int:
        """How many agencies there are."""
        return len(self.names)

    def concerned_by(self, kind: int) -> tuple[int, ...]:
        """The agencies that a kind of breach concerns.

        Parameters
        ----------
        kind : int
            One of the kinds, from `TRAFFIC` to `ORDER`.

        Returns
        -------
        tuple of int
            Their places.
        """
        return tuple(place for place, kinds in enumerate(self.kinds) if kind in kinds)

    def constants(self) -> dict[str, int | float | tuple[int, ...]]:
        """The constants of this module as they are for these agencies.

        Returns
        -------
        dict of str to int, float or tuple of int
            By name; those that do not depend on the agencies are left out.
        """
        others = (0,) * (self.number - ALWAYS)
        return {
            "AGENCIES": self.number,
            "ALL_CONTEXTS": (1 << self.number) - 1,
            "FIRST_KINDS": tuple(first for first, _ in self.kinds),
            "LAST_KINDS": tuple(last for _, last in self.kinds),
            "RECORDERS": tuple(len(self.concerned_by(kind)) for kind in range(BREACHES)),
            "BASES": self.bases,
            "ALIKE": float(EVERYBODY in self.bases),
            "DATE_STEPS": (*DATE_STEPS, *(-ALWAYS for _ in others)),
            "DATE_STARTS": (*DATE_STARTS, *(-1 - place for place in range(len(others)))),
            "INHERITED": (*INHERITED, *others),
            "COERCIVE": (*COERCIVE, *others),
        }


THE_FOUR = Agencies()
"""The agencies that are always there."""
