"""The state's agencies and the kinds of conduct that they see: the numbers that mechanisms index their vectors with.

Each agency controls one context of life. Four are always there, since parts of the model are about them: police; courts
(the defaulter list of the Supreme People's Court); tax and welfare offices; market supervision. `facts.md` A1.8 names
further bodies, and a scenario may declare up to four (`agency_table`). Five kinds of conduct are always there as well, and
a scenario may declare up to three (`conduct_kind_table`). The constants here are those of the four and the five;
`agency_sizes` puts those of a scenario in their place.
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
ALWAYS_KINDS = 5
"""Number of the kinds of breach that are always there."""
MOST_KINDS = 8
"""Most kinds of breach that a scenario may have, the five included."""
BREACHES = ALWAYS_KINDS
"""Number of the kinds of breach of a scenario that declares no further ones."""
BREACH_NAMES = ("traffic breach", "debt default", "benefit or tax irregularity", "trade breach", "public-order breach")
OWNERS = (POLICE, COURT, WELFARE_OFFICE, MARKET, POLICE)
"""The agency that each kind of breach concerns."""
ALIKE_TO = (TRAFFIC, DEBT, BENEFIT, TRADE, ORDER)
"""Which of the five each kind of breach is like."""
MONEY = (0, 1, 1, 0, 0)
"""1 for each kind of breach of which hardship makes more, since money is at stake."""
RECORDERS = (1, 1, 1, 1, 1)
"""Number of the agencies that each kind of breach concerns."""
RECORDED_KINDS = (1 << TRAFFIC | 1 << ORDER, 1 << DEBT, 1 << BENEFIT, 1 << TRADE)
"""The kinds of breach that concern each agency, a bit for each."""
KIND_COUNTS = (2, 1, 1, 1)
"""Number of these kinds, and 1 where it is none."""
KIND_PLACES = 2
"""The largest of these numbers."""
KIND_LISTS = (TRAFFIC, ORDER, DEBT, DEBT, BENEFIT, BENEFIT, TRADE, TRADE)
"""The kinds of breach that concern each agency, a row of `KIND_PLACES` for each: the last one is repeated, and -1 is none."""

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
class Kinds:
    """The kinds of breach of a scenario, in the order of every vector of kinds.

    Parameters
    ----------
    names : tuple of str
        Name of each kind, as in “commits a …”.
    owners : tuple of int
        The agency that each concerns; kinds that are always there may concern further agencies as well.
    alike : tuple of int
        Which of the kinds that are always there each is like.
    money : tuple of int
        1 for each of which hardship makes more, since money is at stake.
    """

    names: tuple[str, ...] = BREACH_NAMES
    owners: tuple[int, ...] = OWNERS
    alike: tuple[int, ...] = ALIKE_TO
    money: tuple[int, ...] = MONEY

    @property
    def number(self) -> int:
        """How many kinds there are."""
        return len(self.names)


THE_FIVE = Kinds()
"""The kinds of breach that are always there."""


@dataclass(frozen=True)
class Agencies:
    """The agencies of a scenario, in the order of every vector of agencies, and the kinds of breach that concern them.

    Parameters
    ----------
    names : tuple of str
        Name of each agency.
    contexts : tuple of str
        The context of life that each controls.
    bases : tuple of int
        What each sees people by, an index of `BASIS_NAMES`.
    records : tuple of tuple of int
        Which of the five kinds of breach concern each.
    kinds : Kinds
        All kinds of breach.
    """

    names: tuple[str, ...] = AGENCY_NAMES
    contexts: tuple[str, ...] = CONTEXT_NAMES
    bases: tuple[int, ...] = BASES
    records: tuple[tuple[int, ...], ...] = ((TRAFFIC, ORDER), (DEBT,), (BENEFIT,), (TRADE,))
    kinds: Kinds = THE_FIVE

    @property
    def number(self) -> int:
        """How many agencies there are."""
        return len(self.names)

    def recorded(self) -> tuple[tuple[int, ...], ...]:
        """The kinds of breach that concern each agency.

        Returns
        -------
        tuple of tuple of int
            Those of the five, then those that the scenario declares.
        """
        further = range(ALWAYS_KINDS, self.kinds.number)
        return tuple(
            (*some, *(kind for kind in further if self.kinds.owners[kind] == place))
            for place, some in enumerate(self.records)
        )

    def constants(self) -> dict[str, int | float | tuple[int, ...]]:
        """The constants of this module as they are for these agencies.

        Returns
        -------
        dict of str to int, float or tuple of int
            By name; those that do not depend on the agencies are left out.
        """
        others, recorded = (0,) * (self.number - ALWAYS), self.recorded()
        places = max(map(len, recorded))
        return {
            "AGENCIES": self.number,
            "ALL_CONTEXTS": (1 << self.number) - 1,
            "BREACHES": self.kinds.number,
            "OWNERS": self.kinds.owners,
            "ALIKE_TO": self.kinds.alike,
            "MONEY": self.kinds.money,
            "RECORDERS": tuple(sum(kind in kinds for kinds in recorded) for kind in range(self.kinds.number)),
            "RECORDED_KINDS": tuple(sum(1 << kind for kind in kinds) for kinds in recorded),
            "KIND_COUNTS": tuple(max(len(kinds), 1) for kinds in recorded),
            "KIND_PLACES": places,
            "KIND_LISTS": tuple(
                (kinds or (-1,))[min(place, len(kinds) - 1)] for kinds in recorded for place in range(places)
            ),
            "BASES": self.bases,
            "ALIKE": float(EVERYBODY in self.bases),
            "DATE_STEPS": (*DATE_STEPS, *(-ALWAYS for _ in others)),
            "DATE_STARTS": (*DATE_STARTS, *(-1 - place for place in range(len(others)))),
            "INHERITED": (*INHERITED, *others),
            "COERCIVE": (*COERCIVE, *others),
        }


THE_FOUR = Agencies()
"""The agencies that are always there, with the kinds of breach that are."""
