"""Elements C-i to E: unrelated contexts, proportion, the way out, and who must show it."""

from glasshouse.analysis.ai_act.elements.element import PAIRED, Element, Question
from glasshouse.analysis.ai_act.variants import NEUTRAL, REGIME, RELATED_ONLY, WITHOUT_UNRELATED
from glasshouse.model.measure import FloatArray, ratio

RATED = "the ratings of the matrix below, which can be changed"
SMALL = "harm of an act is the scenario's value for its kind (conduct.harms), an assumption with a prior range"


def slope(moments: FloatArray) -> FloatArray:
    """Least-squares slope of sanction on harm done.

    Parameters
    ----------
    moments : ndarray of float, shape (5,)
        n and the sums of G, S, GG and GS over people, where G is the harm done and S the sanction.

    Returns
    -------
    ndarray of float
        Welfare-weeks of sanction for one of harm.
    """
    n, g, s, gg, gs = moments
    return ratio(n * gs - g * s, n * gg - g * g)


LIMBS: tuple[Element, ...] = (
    Element(
        "C-i",
        "Unrelated contexts",
        "Does the treatment happen in contexts without apparent connection to those in which the data arose, or amount to "
        "general surveillance?",
        "166",
        (
            Question(
                "leak",
                "Sanction that falls away when data rated unrelated are cut",
                "share",
                lambda r: r.fallen(WITHOUT_UNRELATED),
                "sanction ww of restrictions that are not in force where lists.sharing is 0 for unrelated pairs / sanction ww",
                f"{PAIRED}; {RATED}",
                "166",
            ),
            Question(
                "leak_arguable",
                "The same, with data rated arguable cut as well",
                "share",
                lambda r: r.fallen(RELATED_ONLY),
                "as above, with arguable pairs at 0 too",
                f"{PAIRED}; {RATED}",
                "166",
            ),
            Question(
                "resting_on_unrelated",
                "Sanction that rested on data rated unrelated when it was imposed",
                "share",
                lambda r: r.resting_on("unrelated"),
                "sanction ww shared out by the points that made up the score in the week of the listing",
                f"each point carries its share of the decision; {RATED}",
                "166",
            ),
            Question(
                "resting_on_arguable",
                "The same, on data rated unrelated or arguable",
                "share",
                lambda r: r.resting_on("unrelated", "arguable"),
                "as above",
                f"each point carries its share of the decision; {RATED}",
                "166",
            ),
            Question(
                "own_file_empty",
                "Sanction in contexts whose own agency holds nothing against the person",
                "share",
                lambda r: ratio(r.sums().sanction_unrelated_ww, r.sums().sanction_ww),
                "sanction ww in such contexts, week by week / sanction ww; points may have expired since the listing",
                "no rating needed; a restriction outlives its points by its spell and delay",
                "166",
            ),
        ),
    ),
    Element(
        "C-ii",
        "Unjustified or disproportionate",
        "How severe is the treatment, set against the gravity of the behaviour and the aim?",
        "167",
        (
            Question(
                "floor",
                "Floor: sanction on people who did no harmful act",
                "ww per adult and year",
                lambda r: ratio(r.totals.people.sanction[0], r.totals.people.years[0]),
                "sanction ww of adults without any breach, seen or unseen, under the regime / their years",
                "a breach is harmful conduct as the scenario defines it; protest and complaint are none",
                "167",
            ),
            Question(
                "slope",
                "Slope: more sanction for a welfare-week more of harm done",
                "ww per ww",
                lambda r: slope(r.totals.people.moments),
                "least squares over adults, totals under the regime",
                SMALL,
                "167",
            ),
            Question(
                "sanction_per_harm",
                "Sanction for a welfare-week of harm done, over everybody",
                "ww per ww",
                lambda r: ratio(r.totals.people.sanction.sum(), r.totals.people.harm.sum()),
                "sanction ww / harm of breaches, seen or unseen",
                SMALL,
                "167",
            ),
            Question(
                "innocent_share",
                "Share of all sanction that falls on people who did no harmful act",
                "share",
                lambda r: ratio(r.totals.people.sanction[0], r.totals.people.sanction.sum()),
                "sanction ww of adults without any breach under the regime / sanction ww",
                SMALL,
                "167",
            ),
            Question(
                "minor_share",
                "Share that falls on people with minor acts only",
                "share",
                lambda r: ratio(r.totals.people.sanction[1], r.totals.people.sanction.sum()),
                "sanction ww of adults whose every breach stayed at or below the minor line / sanction ww",
                f"the minor line can be set (--minor); {SMALL}",
                "167",
            ),
            Question(
                "minor_people",
                "Beside it: adults with minor acts only",
                "share",
                lambda r: ratio(r.totals.people.number[1], r.totals.people.number.sum()),
                "such adults / adults",
                f"the minor line can be set (--minor); {SMALL}",
                "167",
            ),
            Question(
                "undeserved_now",
                "Sanction on people without a qualifying act at that moment",
                "share",
                lambda r: ratio(r.sums().sanction_harmless_ww, r.sums().sanction_ww),
                "sanction ww of citizens who deserve no point and no list under full and faithful observation / sanction ww",
                "deserved points expire like others: an old act counts no longer",
                "167",
            ),
            Question(
                "unlawful_now",
                "Sanction by restrictions that are wrong by law",
                "share",
                lambda r: ratio(r.sums().sanction_unlawful_ww, r.sums().sanction_ww),
                "sanction ww of restrictions wrong by the law that the scenario states / sanction ww",
                "what the law demands is a setting (table law), the same for all variants",
                "167",
            ),
            Question(
                "outlasting",
                "Time restricted with no record newer than a year",
                "share",
                lambda r: ratio(r.totals.restrictions.stale_weeks, r.totals.people.listed_weeks),
                "person-weeks restricted whose newest record is older than 52 weeks / person-weeks restricted",
                "any record counts, wrong ones too",
                "167",
            ),
        ),
    ),
    Element(
        "D",
        "The way out",
        "Is it an evaluation for a specific purpose, on relevant data, with justified and proportionate effect, under law "
        "that names the data?",
        "147, 164, 175–177, 182",
        (
            Question(
                "related_sanction",
                "Sanction under related data only, against the regime as it is",
                "ratio",
                lambda r: ratio(r.sums(RELATED_ONLY).sanction_ww, r.sums(REGIME).sanction_ww),
                "all sanction ww where unrelated and arguable pairs are cut / in the regime",
                f"{PAIRED}; {RATED}",
                "175–177",
            ),
            Question(
                "related_aim",
                "Harm of breaches under related data only, against the regime as it is",
                "ratio",
                lambda r: ratio(r.sums(RELATED_ONLY).breach_harm, r.sums(REGIME).breach_harm),
                "harm of breaches where those pairs are cut / in the regime: near 1, the aim does not suffer",
                f"{PAIRED}; the aim is taken to be less harm of breaches",
                "175–177",
            ),
            Question(
                "neutral_aim",
                "Beside it: harm of breaches with no score, against the regime as it is",
                "ratio",
                lambda r: ratio(r.sums(NEUTRAL).breach_harm, r.sums(REGIME).breach_harm),
                "harm of breaches where no threshold can be reached / in the regime",
                f"{PAIRED}; people are deterred by announced coverage, which goes on, not by the lists themselves",
                "175–177",
            ),
        ),
    ),
    Element(
        "E",
        "Who must show it",
        "Can provider and deployer show how it works, its data and sources, and that its effect is justified?",
        "171–172",
    ),
)
