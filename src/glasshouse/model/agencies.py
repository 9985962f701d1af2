"""The state's agencies and the kinds of conduct that they see: the numbers that mechanisms index their vectors with.

Four agencies stand for the many of the real systems; each controls one context of life. `facts.md` A1.8 names the
bodies: police; courts (the defaulter list of the Supreme People's Court); tax and welfare offices; market supervision.
"""

POLICE, COURT, WELFARE_OFFICE, MARKET = 0, 1, 2, 3
AGENCIES = 4
AGENCY_NAMES = ("police", "court", "welfare office", "market supervision")
CONTEXT_NAMES = ("travel and public places", "credit and high spending", "benefits", "licences and posts")

TRAFFIC, DEBT, BENEFIT, TRADE, ORDER = 0, 1, 2, 3, 4
BREACHES = 5
BREACH_NAMES = ("traffic breach", "debt default", "benefit or tax irregularity", "trade breach", "public-order breach")
OWNERS = (POLICE, COURT, WELFARE_OFFICE, MARKET, POLICE)
"""The agency that each kind of breach concerns."""
FIRST_KINDS, LAST_KINDS = (TRAFFIC, DEBT, BENEFIT, TRADE), (ORDER, DEBT, BENEFIT, TRADE)
"""The kinds of breach that concern each agency: at most two, the same one twice where it is alone."""

INHERITED = (1, 1, 0, 0)
"""1 for each context that a legal representative loses with the firm: travel and high spending."""
COERCIVE = (1, 1, 0, 0)
"""1 for each agency of coercion: police and courts."""

ALL_CONTEXTS = (1 << AGENCIES) - 1
"""A bit for each context."""

CLEAR, PENDING, RESTRICTED, LEAVING = 0, 1, 2, 3
"""States of a context's list for one citizen; the restriction is in force in the last two."""

LONGEST = 30_000
"""Weeks at which the length of a spell stops being counted, so that 16 bits hold it."""

MOST_POINTS = 1000
"""Points of a citizen's or a firm's file, and credit, are cut here."""
