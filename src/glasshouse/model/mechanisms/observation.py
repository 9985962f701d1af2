"""What agencies record about whom: truly, wrongly, and through wrong matches between registers."""

from collections.abc import Mapping
from typing import ClassVar

from glasshouse.model.agencies import (
    AGENCIES,
    ALIKE,
    ALIKE_TO,
    BENEFIT,
    KIND_COUNTS,
    KIND_LISTS,
    KIND_PLACES,
    ORDER,
    OWNERS,
    POLICE,
    RECORDED_KINDS,
    RECORDERS,
    TRAFFIC,
)
from glasshouse.model.codes import BY_MISTAKE, RIGHTFUL, WRONGFUL
from glasshouse.model.declarations import Column, Sum, param, vector
from glasshouse.model.group_factors import GroupIntensities, of_groups
from glasshouse.model.kernel_math import clip, toward
from glasshouse.model.mechanism import Mechanism
from glasshouse.model.visibility import MEAN_EXPOSURE, registered, seen_by, to_market, to_office

SMOOTHING = 0.04
"""Share of a week's news in the smoothed record rate and in the focus: half of it is older than 17 weeks."""

FOCUS_LOW, FOCUS_HIGH = 0.1, 5.0
"""Least and greatest focus on a district: no district is left unwatched, and none is watched without limit."""


def kind_of_error(u: float, level: float, rate: float, agency: int) -> int:
    """The kind of conduct that an error of an agency is about, if a draw makes one: all of its kinds equally often.

    Parameters
    ----------
    u : float
        Uniform draw that the agencies' errors share. Wrong matches take 1 - u, so that neither moves the other.
    level : float
        Where the stretch of this agency begins.
    rate : float
        Probability of its error, the length of the stretch.
    agency : int
        The agency.

    Returns
    -------
    int
        The kind, or -1 where the draw lies outside the stretch.
    """
    if u < level or u >= level + rate:
        return -1
    place = 0
    for k in range(KIND_PLACES):
        if u >= level + k * rate / KIND_COUNTS[agency]:
            place = k
    entry = agency * KIND_PLACES + place
    return KIND_LISTS[entry]


def concerned(u: float, kind: int) -> int:
    """The agency that a breach concerns, each with equal probability where there are several.

    Parameters
    ----------
    u : float
        Uniform draw.
    kind : int
        Kind of the breach.

    Returns
    -------
    int
        The agency.
    """
    place, agency = u * RECORDERS[kind], OWNERS[kind]
    for k in range(AGENCIES):
        if (RECORDED_KINDS[k] >> kind) & 1 > 0:
            if place >= 0.0 and place < 1.0:
                agency = k
            place -= 1.0
    return agency


def _points(name: str, doc: str) -> Column:
    """A column of the points of a week for each agency, nearly all of them zero."""
    return Column(name, "u1", "points", doc, high=255, per="agency", packed=True)


class Observation(Mechanism, GroupIntensities):
    """Scrutiny, and judgement under it.

    In a week agency k scrutinises an adult with probability sigma_k = min(1, c / lead_k), where c = coverage_d * e *
    intensity_group and coverage_d = (coverage + covert)(1 + alert_d + extra_d) * focus_d * volume_d. A breach of kind j
    of agency k, a cue, is recorded with probability min(1, c) * sensitivity_j. Without one, a record is made all the same with
    probability sigma_k * false_positive_rate_k * error_growth_d; both growths are automation's. Of a group's records the true share
    is free of how closely it is watched, and false records a head are proportional to it, until c is 1 (`scrutiny_capped`).

    An alert and reinvested money raise coverage, and the focus follows past records, focus_d -> 1 + feedback * (records
    a head in d / in the nation - 1) (Lum and Isaac 2016; Ensign et al. 2018). e is the exposure that may be used, a
    small part of it abroad; for the welfare office and market supervision it is mixed with what their registers show
    (`visibility.py`). Further agencies see by what they declare, and a breach of a kind that several record concerns one of
    them, each with equal probability. Before courts c is `court_reach`, since creditors bring claims there, whatever the coverage.

    What contacts report (`peer_reports`) is recorded as well. A mistake in a claim (`recipients`) is recorded and deserves
    no points. A lawful complaint is misread as an offence with probability mu where it is seen; a protest is recorded where
    it is seen and speech records are kept. Function creep and remembered repression raise the watch on speech. An outside
    audit lowers false and misread records.

    An adult in an agency's register (`registered`) is matched with somebody else's entry with probability
    mismatch_rate_k a week, times 1 - the outside audit, whatever they or others do, unless such a match stands already.
    The record that it makes stays until it is disproved (`points`). `filed` and `misfiled` are this week's points for
    each agency, rightful and wrongful by the regime's own rule, cut to 255; `mismatch` is the part of the wrongful
    points that a wrong match made.
    """

    name: ClassVar[str] = "observation"
    columns: ClassVar = (
        _points("filed", "points of this week's rightful records"),
        _points("misfiled", "points of this week's wrongful records"),
        _points("mismatch", "of the wrongful points, those of this week's wrong matches"),
        _points("due", "points that this week's own breach deserves, seen or not"),
        Column(
            "speech_filed",
            "u1",
            "code",
            "record of this week about speech: 1 + points rightful, 64 + points wrongful",
            high=104,
        ),
    )
    district_columns: ClassVar = (
        Column("announced", "f4", "share", "announced coverage in force"),
        Column("misreading", "f4", "share", "chance mu that a lawful complaint that is seen is misread"),
        Column("focus", "f4", "ratio", "intensity of observation of the district", high=FOCUS_HIGH, initial=1.0),
    )
    centre_columns: ClassVar = (
        Column("records_rate", "f8", "records", "records a head of the nation, smoothed over half a year", high=1e3),
    )
    sums: ClassVar = (
        Sum("records", "records", "records made, true and false"),
        Sum("records_false", "records", "spurious and misread records, false reports by contacts, and wrong matches"),
        Sum("mismatches", "records", "of these, wrong matches between registers"),
        Sum("records_traffic", "records", "of all records made, those about traffic, which credit files leave out"),
        Sum("scrutiny_capped", "citizen-weeks", "adults watched so closely that every breach would draw scrutiny"),
        Sum("speech_records", "records", "records about complaint or protest"),
        Sum("speech_records_lawful", "records", "of these, about a lawful complaint"),
    )
    draws: ClassVar = ("breach", "speech", "concerned")
    shared_draws: ClassVar = {"spurious": 3}

    coverage: float = param(
        0.1,
        "Announced coverage, the share of breaches that draw scrutiny at full exposure: the part that people are told of.",
        unit="share", bounds=(0, 1), prior=(0.05, 0.3), role="lever",
    )  # fmt: skip
    covert: float = param(0.05, "Covert coverage.", unit="share", bounds=(0, 1), prior=(0.02, 0.15), role="lever")
    court_reach: float = param(
        0.8,
        "Share of defaults that creditors bring before courts; without a default they do so `lead` times less often.",
        unit="share", bounds=(0, 1), prior=(0.4, 1.0), role="assumption",
    )  # fmt: skip
    points: tuple[float, ...] = vector(
        (1, 6, 3, 3, 4),
        "Points of a record of each kind: traffic, debt default, benefit or tax, trade, public order.",
        unit="points", bounds=(0, 40), prior=(1, 10), role="lever", per="kind",
    )  # fmt: skip
    speech_points: float = param(
        12.0, "Points of a record about speech.", unit="points", bounds=(0, 40), prior=(6, 24), role="lever"
    )
    speech_coverage: float = param(
        0.1, "Chance that protest or complaint is seen by those who record speech, at full exposure.",
        unit="share", bounds=(0, 1), prior=(0.05, 0.3), role="lever",
    )  # fmt: skip
    misread: float = param(
        0.05, "Chance mu that a lawful complaint that is seen is recorded as an offence.",
        unit="share", bounds=(0, 1), prior=(0.02, 0.1), role="assumption",
    )  # fmt: skip
    lead: tuple[float, ...] = vector(
        (30.0, 500.0, 30.0, 30.0),
        "How many times as often a breach draws an agency's scrutiny as no breach does.",
        unit="ratio", bounds=(1, 10_000), prior=(3.0, 1000.0), role="assumption", per="agency", further=30.0,
    )  # fmt: skip
    sensitivity: tuple[float, ...] = vector(
        (1.0, 1.0, 1.0, 1.0, 1.0),
        "Chance that a breach of each kind is recorded under scrutiny.",
        unit="share", bounds=(0, 1), prior=(0.6, 1.0), role="assumption", per="kind",
    )  # fmt: skip
    false_positive_rate: tuple[float, ...] = vector(
        (0.03, 0.025, 0.015, 0.015),
        "Chance that an agency's scrutiny without a breach ends in a record all the same: 1 - specificity.",
        unit="share", bounds=(0, 1), prior=(0.001, 0.05), role="assumption", per="agency", further=0.015,
    )  # fmt: skip
    mismatch_rate: tuple[float, ...] = vector(
        (0.00003, 0.00003, 0.00003, 0.00003),
        "Chance that somebody in the register of each agency is matched with somebody else's entry.",
        unit="per week", bounds=(0, 1), prior=(0.000003, 0.0003), role="assumption", per="agency", further=0.00003,
    )  # fmt: skip
    benefit_visibility: float = param(
        0.0,
        "How far the tax and welfare office sees people by the benefits that they draw, and not by their life online.",
        unit="share", bounds=(0, 1), prior=(0.0, 1.0), role="assumption",
    )  # fmt: skip
    benefit_ratio: float = param(
        6.0,
        "How many times as visible to this office somebody is who draws the full rate of a benefit as somebody who draws none.",
        unit="ratio", bounds=(1, 1000), prior=(1.0, 20.0), role="assumption",
    )  # fmt: skip
    work_visibility: float = param(
        0.0,
        "How far market supervision sees people by their work for a firm, and not by their life online.",
        unit="share", bounds=(0, 1), prior=(0.0, 1.0), role="assumption",
    )  # fmt: skip
    feedback: float = param(
        0.0,
        "How far the intensity in a district follows its past records.",
        unit="share",
        bounds=(0, 1),
        prior=(0.0, 1.0),
        source="Lum and Isaac 2016; Ensign et al. 2018 (mechanism); size assumed",
        role="lever",
    )
    reach_abroad: float = param(
        0.05, "Share of their exposure that the state can use abroad.",
        unit="share", bounds=(0, 1), prior=(0.02, 0.1), role="uncertainty",
    )  # fmt: skip
    creep_step: float = param(
        0.1, "Watch on speech added by each kind that creeps in.",
        unit="share", bounds=(0, 1), prior=(0.05, 0.2), role="uncertainty",
    )  # fmt: skip

    def constants(self) -> Mapping[str, float]:
        """The greatest chances of errors, so that kernels need not look closer at most draws.

        Returns
        -------
        Mapping[str, float]
            `most_false`, the sum of the false-positive rates: that of somebody whom every agency scrutinises.
            `most_matched`, the sum of the rates of wrong matches: that of somebody who is in every register.
            `other_groups`, whether a group other than minorities and migrants is watched more or less.
        """
        return {
            "most_false": sum(self.false_positive_rate),
            "most_matched": sum(self.mismatch_rate),
            **self.other_groups(),
        }

    @staticmethod
    def citizen(me, here, nation, p, draw, add):
        for k in range(AGENCIES):
            me.filed[k], me.misfiled[k], me.mismatch[k], me.due[k], me.speech_filed = 0, 0, 0, 0, 0
        if not me.adult:
            return
        online, reach, agency = min(me.exposure, here.usable), p.reach_abroad if me.abroad else 1.0, -1
        office = to_office(online, here.usable, me.benefit, nation.dependence, p.benefit_ratio, p.benefit_visibility)
        market = to_market(online, here.usable, me.workplace, p.work_visibility)
        group = of_groups(me.groups, p.other_groups, p.intensity_woman, p.intensity_lone_parent, p.intensity_under_25,
            p.intensity_50_and_over, p.intensity_poorest_fifth, p.intensity_below_median_income, p.intensity_minority, p.intensity_migrant,
            p.intensity_rural, p.intensity_college)  # fmt: skip
        intensity, office, market = online * reach * group, office * reach * group, market * reach * group
        watch = (p.coverage + p.covert) * (1.0 + here.alert + here.extra) * here.focus * here.volume
        police, office, market = watch * intensity, watch * office, watch * market
        alike = ALIKE * watch * min(MEAN_EXPOSURE, here.usable) * reach * group
        add("scrutiny_capped", 1 if max(police, office, market, alike) >= 1.0 else 0)
        if me.breach >= 0:
            agency = concerned(draw("concerned"), me.breach) if RECORDERS[me.breach] > 1 else OWNERS[me.breach]
            seen, points = seen_by(agency, p.court_reach, police, office, market, alike), int(p.points[me.breach])
            me.due[agency] = 0 if me.breach == BENEFIT and me.irregular == BY_MISTAKE else points
            if draw("breach") < min(seen, 1.0) * p.sensitivity[me.breach] or me.reported:
                me.filed[agency] += points
                add("records")
                add("records_traffic", 1 if ALIKE_TO[me.breach] == TRAFFIC else 0)
        if me.complaint or me.protest:
            watch = (p.speech_coverage + p.creep_step * here.crept) * (1.0 + here.repression)
            seen, points = min(watch * intensity, 1.0) * (1.0 - here.speech_spared), int(p.speech_points)
            if draw("speech") < (seen if me.protest else seen * here.misreading):
                me.speech_filed = (RIGHTFUL if me.protest else WRONGFUL) + points
                add("records")
                add("speech_records")
                me.filed[POLICE] += points if me.protest else 0
                me.misfiled[POLICE] += 0 if me.protest else points
                add("records_false", 0 if me.protest else 1)
                add("speech_records_lawful", 0 if me.protest else 1)
        if me.slandered:
            me.misfiled[POLICE] += int(p.points[ORDER])
            add("records")
            add("records_false")
        u, level, matches = draw("spurious"), 0.0, 0.0
        if u < p.most_false * here.error_growth or 1.0 - u < p.most_matched:
            for k in range(AGENCIES):
                scrutiny = min(seen_by(k, p.court_reach, police, office, market, alike) / p.lead[k], 1.0)
                rate = scrutiny * p.false_positive_rate[k] * (1.0 - here.audit) * here.error_growth
                kind = kind_of_error(u, level, rate, k)
                if kind >= 0 and agency != k:
                    me.misfiled[k] += int(p.points[kind])
                    add("records")
                    add("records_false")
                    add("records_traffic", 1 if ALIKE_TO[kind] == TRAFFIC else 0)
                match = p.mismatch_rate[k] * (1.0 - here.audit)
                kind = kind_of_error(1.0 - u, matches, match, k)
                if kind >= 0 and me.mismatched[k] == 0 and registered(k, me.workplace, me.benefit, me.debt):
                    me.mismatch[k] = int(p.points[kind])
                    me.misfiled[k] += me.mismatch[k]
                    add("records")
                    add("records_false")
                    add("mismatches")
                    add("records_traffic", 1 if ALIKE_TO[kind] == TRAFFIC else 0)
                level, matches = level + rate, matches + match

    @staticmethod
    def district(here, nation, total, p):
        here.announced = p.coverage
        here.misreading = p.misread * (1.0 - here.audit)
        relative = 1.0
        if nation.records_rate > 0.0:
            relative = total.records / here.size / nation.records_rate
        target = 1.0 + p.feedback * (relative - 1.0)
        here.focus = clip(toward(here.focus, target, SMOOTHING), FOCUS_LOW, FOCUS_HIGH)

    @staticmethod
    def centre(nation, total):
        if total.adults > 0:
            nation.records_rate = toward(nation.records_rate, total.records / total.adults, SMOOTHING)
