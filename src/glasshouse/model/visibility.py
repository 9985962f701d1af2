"""How visible people are to each agency: by their life online, or by what its own registers hold.

Visibility is a share of what somebody does. That of the police is exposure, a trait; before courts it makes no difference,
since creditors bring claims there. The welfare office sees people also by the benefits that they draw, and market
supervision by their work for a firm. Both register views are scaled so that their mean over adults is that of exposure:
who is seen shifts, and how much is seen stays. An agency that a scenario declares sees by one of these four bases, or
everybody alike.
"""

from glasshouse.model.agencies import BASES, BENEFITS, DEBTS, EVERYBODY, WORK
from glasshouse.model.codes import NOT_CLAIMED
from glasshouse.model.entities import NOBODY

MEAN_EXPOSURE = 0.545
"""Mean exposure of the adults of a population drawn from the shipped marginals."""

EMPLOYED = 0.525
"""Share of these adults who have a workplace."""


def registered(agency: int, workplace: int, benefit: int, debt: float) -> bool:
    """Whether an adult is in the register of an agency.

    Everybody is in the register of residents, debtors in that of courts, those who work or draw benefits in that of the
    tax and welfare office, and those who work for a firm, their own included, in that of market supervision. A further
    agency has the register of the one of these four that sees people by the same, or that of residents.

    Parameters
    ----------
    agency : int
        The agency.
    workplace : int
        Index of the firm where the adult works, or `NOBODY`.
    benefit : int
        The column `benefit` of the adult.
    debt : float
        What they owe in default.

    Returns
    -------
    bool
        Whether the register holds them.
    """
    basis = BASES[agency]
    if basis == DEBTS:
        return debt > 0.0
    if basis == BENEFITS:
        return workplace != NOBODY or dependence(benefit) > 0.0
    if basis == WORK:
        return workplace != NOBODY
    return True


def dependence(benefit: int) -> float:
    """How far somebody depends on a benefit.

    Parameters
    ----------
    benefit : int
        The column `benefit`: percent of the full rate that is drawn, or `NOT_CLAIMED`.

    Returns
    -------
    float
        Share of the full rate that they draw.
    """
    return 0.0 if benefit == NOT_CLAIMED else benefit / 100.0


def by_benefit(depends: float, mean: float, ratio: float) -> float:
    """Visibility in the registers of the tax and welfare office.

    Everybody is in tax registers; who draws the full rate is `ratio` times as visible. The mean over adults is
    `MEAN_EXPOSURE`, whatever the ratio.

    Parameters
    ----------
    depends : float
        Share of the full rate that the adult draws.
    mean : float
        Mean of this share over adults.
    ratio : float
        Visibility at the full rate over that without a benefit, 1 or more.

    Returns
    -------
    float
        Visibility, above 1 where few draw a benefit and the ratio is high.
    """
    return MEAN_EXPOSURE * (1.0 + (ratio - 1.0) * depends) / (1.0 + (ratio - 1.0) * mean)


def to_office(online: float, usable: float, benefit: int, mean: float, ratio: float, strength: float) -> float:
    """Visibility to the tax and welfare office: life online and its registers, mixed.

    Parameters
    ----------
    online : float
        Visibility by life online, as far as it may be used.
    usable : float
        Share of what registers show that may be used.
    benefit : int
        The column `benefit` of the adult.
    mean : float
        Mean over adults of the share of the full rate that they draw.
    ratio : float
        Visibility at the full rate over that without a benefit, 1 or more.
    strength : float
        How far the office goes by its registers, 0 to 1.

    Returns
    -------
    float
        (1 - strength) * online + strength * usable * `by_benefit`; exactly `online` at strength 0.
    """
    if strength <= 0.0:
        return online
    return (1.0 - strength) * online + strength * usable * by_benefit(dependence(benefit), mean, ratio)


def to_market(online: float, usable: float, workplace: int, strength: float) -> float:
    """Visibility to market supervision, which has those in its registers who work for a firm, their own included.

    Parameters
    ----------
    online : float
        Visibility by life online, as far as it may be used.
    usable : float
        Share of what registers show that may be used.
    workplace : int
        Index of the firm where the adult works, or `NOBODY`.
    strength : float
        How far market supervision goes by its registers, 0 to 1.

    Returns
    -------
    float
        (1 - strength) * online, and for those who work strength * usable * MEAN_EXPOSURE / EMPLOYED besides.
    """
    if strength <= 0.0:
        return online
    registers = usable * MEAN_EXPOSURE / EMPLOYED if workplace != NOBODY else 0.0
    return (1.0 - strength) * online + strength * registers


def seen_by(agency: int, court: float, police: float, office: float, market: float, alike: float) -> float:
    """Of five values, that of an agency, by what it sees people by.

    Parameters
    ----------
    agency : int
        The agency.
    court : float
        Value of courts, which see debts.
    police : float
        Value of the police, which see life online.
    office : float
        Value of the tax and welfare office, which sees benefits.
    market : float
        Value of market supervision, which sees work for firms.
    alike : float
        Value of an agency that sees everybody alike.

    Returns
    -------
    float
        The value of the agency named.
    """
    basis = BASES[agency]
    if basis == DEBTS:
        return court
    if basis == BENEFITS:
        return office
    if basis == WORK:
        return market
    return alike if basis == EVERYBODY else police
