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

CLEAR, PENDING, RESTRICTED, LEAVING = 0, 1, 2, 3
"""States of a context's list for one citizen; the restriction bites in the last two."""

LONGEST = 30_000
"""Weeks at which the length of a spell stops being counted, so that 16 bits hold it."""


def listing(
    state: int,
    since: int,
    value: float,
    threshold: float,
    leave: float,
    delay_on: float,
    spell: float,
    delay_off: float,
) -> tuple[int, int]:
    """One week of one list's state machine: the new state and the weeks spent in it.

    clear -> pending when the value reaches the threshold; pending -> restricted after the delay, or back to clear when
    the value falls; restricted -> leaving when the spell is served and the value is below the leaving mark; leaving ->
    clear after its own, longer delay (`facts.md` A5.4, F21).
    """
    if state == CLEAR:
        if value >= threshold:
            return PENDING, 0
        return CLEAR, 0
    if state == PENDING:
        if value < threshold:
            return CLEAR, 0
        if since + 1 >= delay_on:
            return RESTRICTED, 0
        return PENDING, since + 1
    if state == RESTRICTED:
        if since + 1 >= spell and value < leave:
            return LEAVING, 0
        return RESTRICTED, min(since + 1, LONGEST)
    if since + 1 >= delay_off:
        return CLEAR, 0
    return LEAVING, since + 1
