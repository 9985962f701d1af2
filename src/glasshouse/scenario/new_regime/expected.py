"""What a screening does in a year by the answers, in closed form.

The scenario is solved from the same figures, so that a run of it shows them within Monte Carlo error.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import log
from statistics import NormalDist

from glasshouse.errors import ScenarioError
from glasshouse.model.mechanisms.investigation import Investigation
from glasshouse.model.mechanisms.recipients import Recipients
from glasshouse.population.marginals import ADULT_FROM
from glasshouse.population.marginals_files import solved
from glasshouse.scenario.new_regime.answers import Answer

WEEKS = 52
"""Weeks of a year."""

USUAL_SHARE = 0.05
"""Share of claims that are irregular, where no answer says so and the flags allow it."""

MOST_CAUGHT = 0.5
"""Share of irregular claims that the score flags in a year, where more irregular claims are assumed to allow for the flags."""

GIVE_UP = 0.002
"""Chance per week that somebody gives a benefit up, as in the shipped screening scenarios."""

NO_TEST = 1000.0
"""Line, in medians, that no income reaches."""

HALVINGS = 60
"""Times that a range is halved to solve for a number in it."""


@dataclass(frozen=True)
class Expected:
    """Expected figures of a year, and what the scenario sets so that they come about.

    Parameters
    ----------
    recipients : float
        People who draw the benefit at any time.
    line : float
        Income over the median below which people are entitled.
    eligible : float
        Share of the adults below the line who are entitled.
    irregular : float
        Share of claims that are irregular at any time.
    odds : float
        The odds of a claim of average volatility of income that give this share.
    flagged, by_lot : float
        People flagged by the score and drawn by lot.
    right : float
        Share of the flags that are right.
    caught : float
        Share of the irregular claims of recipients that the score flags.
    quality : float
        Area under the ROC curve that gives this precision at this capacity.
    weeks : int
        Weeks of a case.
    withheld : float
        Share of the benefit that is withheld meanwhile.
    """

    recipients: float
    line: float
    eligible: float
    irregular: float
    odds: float
    flagged: float
    by_lot: float
    right: float
    caught: float
    quality: float
    weeks: int
    withheld: float

    @property
    def wrong(self) -> float:
        """People flagged in a year whose claim is not irregular."""
        return (1.0 - self.right) * self.flagged

    @property
    def capacity(self) -> float:
        """Cases, by score and by lot, for 1,000 recipients and year."""
        return 1000.0 * (self.flagged + self.by_lot) / self.recipients

    @property
    def open_for_nothing(self) -> float:
        """People with an open case at any time whose claim is not irregular, those drawn by lot included."""
        return (self.wrong + (1.0 - self.irregular) * self.by_lot) * self.weeks / WEEKS

    @property
    def lost_weeks(self) -> float:
        """Full weeks of benefit withheld in a year from people whose claim is not irregular."""
        return self.open_for_nothing * WEEKS * self.withheld

    def found(self) -> tuple[float, float]:
        """Findings of a year, and those of them that are wrong, if every flag opens a case.

        Returns
        -------
        tuple of float
            n p a + n (1 - p) (1 - c) of n flags of which the share p is right, with the sensitivity a and specificity c that
            `investigation` assumes; and likewise of those drawn by lot.
        """
        usual = Investigation()
        right = self.right * self.flagged + self.irregular * self.by_lot
        wrong = self.wrong + (1.0 - self.irregular) * self.by_lot
        false = (1.0 - usual.specificity) * wrong
        return usual.sensitivity * right + false, false


def expected(answers: Mapping[str, Answer]) -> Expected:
    """Solve the expected figures of a year.

    With R recipients, n flags of which the share p is right, and the share s of claims irregular, the score flags the share
    t = n p / (R s) of the irregular claims and f = n (1 - p) / (R (1 - s)) of the others. Its separation is
    d = z(1 - f) - z(1 - t), z the quantile of the normal distribution, and the area under its ROC curve is the distribution's
    value at d / sqrt(2) (binormal; Hanley and McNeil 1982). Each recipient is scored once a year.

    Where no answer gives s, it is 5 %, or as much as is needed so that no more than half of all irregular claims are flagged.

    Parameters
    ----------
    answers : mapping of str to Answer
        All answers, by key.

    Returns
    -------
    Expected
        The figures.

    Raises
    ------
    ScenarioError
        If the answers contradict each other.
    """
    value = {key: answer.value for key, answer in answers.items()}
    residents, given = value["residents"], value["recipients"]
    recipients = given * residents if isinstance(given, float) else float(given)
    line, eligible = _entitled(value["country"], recipients / residents, value["means_test"] == "yes")
    flagged, lot, right = float(value["flagged"]), float(value["by_lot"]), value["right"]
    if flagged + lot > recipients:
        raise ScenarioError(
            f"flagged and by_lot: {flagged + lot:,.0f} people in a year, of {recipients:,.0f} who draw the benefit. Everybody "
            "is scored once a year: give fewer flags, or more recipients."
        )
    flags_of = flagged / recipients
    share = value["irregular"]
    if share is None:
        share = max(USUAL_SHARE, right * flags_of / MOST_CAUGHT)
    caught, false = right * flags_of / max(share, 1e-12), (1.0 - right) * flags_of / max(1.0 - share, 1e-12)
    if not (0.0 <= caught < 1.0 and 0.0 <= false < 1.0) or not 0.0 < share < 1.0:
        raise ScenarioError(
            f"right, flagged and irregular: {right * flagged:,.0f} right and {(1.0 - right) * flagged:,.0f} wrong flags in a "
            f"year need as many irregular and regular claims, and with {share:.3g} of {recipients:,.0f} claims irregular there "
            f"are {share * recipients:,.0f} and {(1.0 - share) * recipients:,.0f}. Change one of these answers."
        )
    normal, tiny = NormalDist(), 1e-9
    d = normal.inv_cdf(1.0 - max(false, tiny)) - normal.inv_cdf(1.0 - max(caught, tiny))
    return Expected(
        recipients, line, eligible, share, odds_of(share), flagged, lot, right, caught, normal.cdf(d / 2.0**0.5),
        value["weeks"], value["withheld"],
    )  # fmt: skip


def take_up() -> float:
    """The share of the entitled who draw the benefit: resume / (resume + give_up).

    Returns
    -------
    float
        The share.
    """
    back = Recipients().resume
    return back / (back + GIVE_UP)


def odds_of(share: float) -> float:
    """The odds o of an average claim so that a share of all claims is irregular.

    With the volatility of income, the odds are uniform on o (1 - b) to o (1 + b), b = `recipients.by_volatility`, so that the
    share is the mean of x / (1 + x) over them, 1 - log((1 + o (1 + b)) / (1 + o (1 - b))) / (2 o b).

    Parameters
    ----------
    share : float
        Share of claims, between 0 and 1.

    Returns
    -------
    float
        The odds, by bisection.
    """
    b = Recipients().by_volatility

    def irregular(odds: float) -> float:
        return 1.0 - log((1.0 + odds * (1.0 + b)) / (1.0 + odds * (1.0 - b))) / (2.0 * odds * b)

    return _solve(irregular, share, 1e-9, 1e6)


def _entitled(country: str, share: float, means_test: bool) -> tuple[float, float]:
    """The line and the share of adults below it who are entitled, so that this share of all people draws the benefit.

    Adults and their share below the line come from the marginals: incomes are lognormal in town and in the country.
    """
    marginals, known = solved(country)
    ages = marginals.age.shares()
    adults = float(ages[ADULT_FROM:].sum() / ages.sum())
    towns, normal = (1.0 - marginals.urban, marginals.urban), NormalDist()

    def below(line: float) -> float:
        parts = zip(towns, known.income, known.income_spread, strict=True)
        return sum(w * normal.cdf((log(line / mean) + spread * spread / 2.0) / spread) for w, mean, spread in parts)

    of_adults = share / (adults * take_up())
    if of_adults >= 1.0:
        raise ScenarioError(
            f"recipients: {share:.3g} of all residents is more than can draw a benefit. Adults are {adults:.3g} of all, and "
            f"about {take_up():.2g} of those who are entitled draw it. Give fewer recipients."
        )
    if not means_test:
        return NO_TEST, of_adults
    line = Recipients().line
    if of_adults <= below(line):
        return line, of_adults / below(line)
    return _solve(below, of_adults, line, NO_TEST), 1.0


def _solve(rising: Callable[[float], float], wanted: float, low: float, high: float) -> float:
    """Where a rising function takes a value, by bisection."""
    for _ in range(HALVINGS):
        middle = (low * high) ** 0.5
        low, high = (middle, high) if rising(middle) < wanted else (low, middle)
    return high
