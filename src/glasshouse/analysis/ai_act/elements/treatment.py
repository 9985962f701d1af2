"""Elements C0 and C1: whether the score leads to the treatment, and how people are treated."""

from collections.abc import Callable, Sequence

from glasshouse.analysis.ai_act.elements.element import PAIRED, Element, Formula, GroupQuestion, Question, RunStatistics
from glasshouse.analysis.ai_act.totals import YEAR
from glasshouse.analysis.ai_act.variants import NEUTRAL, REGIME, SEPARATE
from glasshouse.model.entities import CELLS
from glasshouse.model.measure import FloatArray, ratio

FOUND_ONCE = "nothing but the score restricts; a review (safeguards.review), if there is one, can only dismiss"


def _gap(cells: Callable[[RunStatistics], Sequence[int]]) -> Formula:
    def gap(r: RunStatistics) -> FloatArray:
        regime, neutral = (r.sums(arm, cells(r)) for arm in (REGIME, NEUTRAL))
        return YEAR * ratio(regime.hardship_sum - neutral.hardship_sum, regime.adults)

    return gap


TREATMENT: tuple[Element, ...] = (
    Element(
        "C0",
        "The causal link",
        "Does the score lead, or can it lead, to the treatment, and does it weigh enough in the decision?",
        "160–162",
        (
            Question(
                "decisive",
                "Restrictions that fall away when the score is neutral",
                "share",
                lambda r: ratio(r.totals.variants[NEUTRAL].vanished.sum(), r.totals.restrictions.weeks.sum()),
                "context-weeks restricted in the regime and free where no threshold can be reached / context-weeks restricted",
                f"{PAIRED}; {FOUND_ONCE}",
                "160–161",
            ),
            Question(
                "imported",
                "Restrictions that fall away when no list sees another agency's points",
                "share",
                lambda r: ratio(r.totals.variants[SEPARATE].vanished.sum(), r.totals.restrictions.weeks.sum()),
                "the same with lists.integration = 0",
                PAIRED,
                "162",
            ),
            Question(
                "imported_new",
                "Restrictions that appear then",
                "share",
                lambda r: ratio(r.totals.variants[SEPARATE].appeared.sum(), r.totals.restrictions.weeks.sum()),
                "context-weeks free in the regime and restricted there / context-weeks restricted in the regime",
                PAIRED,
                "162",
            ),
            Question(
                "wrong_decisive",
                "Restrictions that stand only on wrong records",
                "share",
                lambda r: ratio(r.sums().restrictions_wrong, r.sums().restrictions),
                "context-weeks restricted that the same lists, without wrongful points, leave free / context-weeks restricted",
                "shadow lists on the same machine, one week at a time: no reaction to the change",
                "160",
            ),
        ),
    ),
    Element(
        "C1",
        "Unfavourable or detrimental treatment",
        "Are people treated worse than others, or harmed? Rewards count too, for they set others back.",
        "165, 169",
        (
            Question(
                "ever_restricted",
                "Adults restricted at some time under the regime",
                "share",
                lambda r: ratio(r.totals.people.listed, r.totals.people.number.sum()),
                "adults restricted in some context in some week / adults",
                "all weeks of the run count, from the week in which the regime reached the district",
                "165",
            ),
            Question(
                "months",
                "Time restricted, of those ever restricted",
                "months",
                lambda r: 12 / YEAR * ratio(r.totals.people.listed_weeks, r.totals.people.listed),
                "weeks restricted in some context / people ever restricted",
                "next to none of it in the paired arm without a score (see C0)",
                "165",
            ),
            Question(
                "gap",
                "Welfare lost to the score",
                "ww per adult and year",
                _gap(lambda _: range(CELLS)),
                "hardship, children included, less that of the same people where no threshold is in reach and no reward is paid",
                PAIRED,
                "165",
            ),
            GroupQuestion(
                "gap_{}",
                "Welfare lost to the score: {}",
                "ww per adult and year",
                lambda group: _gap(lambda r: r.group(group)),
                "as above, for this group alone",
                PAIRED,
                "165",
            ),
            Question(
                "gap_restricted",
                "Welfare lost to the score: those ever restricted",
                "ww per person and year",
                lambda r: ratio(r.totals.people.listed_loss, r.totals.people.listed_years),
                "the same, for adults ever restricted under the regime",
                PAIRED,
                "165",
            ),
            Question(
                "worse_off",
                "Adults who lose more than one welfare-week in all",
                "share",
                lambda r: ratio(r.totals.people.worse_off, r.totals.people.number.sum()),
                "adults whose hardship added up over the run is higher by more than 1 ww than in the arm without a score",
                PAIRED,
                "165",
            ),
            Question(
                "debt",
                "More debt in default",
                "ww per adult",
                lambda r: ratio(r.totals.debt, r.totals.adult_weeks),
                "debt in default in the regime less that of the same people without a score",
                PAIRED,
                "165",
            ),
            Question(
                "rewarded",
                "Adults who receive the reward, at any moment",
                "share",
                lambda r: ratio(r.sums().rewarded, r.sums().adults),
                "adult-weeks with the reward / adult-weeks; all others go without",
                "rewards go by credit points (sanctions.reward_threshold)",
                "169",
            ),
        ),
    ),
)
