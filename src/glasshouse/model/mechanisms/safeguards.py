"""What protects people from the regime: every safeguard a switch with a strength."""

from typing import ClassVar

from glasshouse.model.declarations import Column, param
from glasshouse.model.mechanism import Mechanism


class Safeguards(Mechanism):
    """Safeguards as strengths from 0 (absent) to 1 (complete), made known to the other mechanisms by district.

    notice: the restricted learn of it and can appeal; review: a human looks at a listing before it takes effect; hearing:
    citizens are heard before it does, and an answer stops a wrongful listing; appeal: an appeal is admitted; kin: no
    sanction spills onto the household; speech: no record about speech is kept; audit: an outside audit lowers false and
    misread records and finds manipulation by officials; purpose: points of unrelated agencies do not count;
    minimisation: no more than this share of exposure is left unused; expiry: points are deleted early. A sunset is the run's setting `until`. The list follows the safeguards of the GDPR (Art. 5, 15, 22) and of
    the EU AI Act (Art. 14, 26, 86); effects are this model's assumptions.
    """

    name: ClassVar[str] = "safeguards"
    off: ClassVar = {
        "notice": 0.0,
        "review": 0.0,
        "hearing": 0.0,
        "appeal": 0.0,
        "kin": 0.0,
        "speech": 0.0,
        "audit": 0.0,
        "purpose": 0.0,
        "minimisation": 0.0,
        "expiry": 0.0,
    }
    district_columns: ClassVar = (
        Column("notice", "f4", "share", "share of the restricted who are told of it and of the reason"),
        Column("review", "f4", "share", "share of listings that a human reviews before they take effect"),
        Column("review_accuracy", "f4", "share", "share of reviews that are right", initial=1.0),
        Column("hearing", "f4", "share", "share of listings before which the citizen is heard"),
        Column("hearing_answer", "f4", "share", "share of the heard who answer", initial=1.0),
        Column("appeal_right", "f4", "share", "share of appeals that are admitted"),
        Column("kin_spared", "f4", "share", "share of household spill-over that is forbidden"),
        Column("speech_spared", "f4", "share", "share of records about speech that is not kept"),
        Column("audit", "f4", "share", "strength of the outside audit"),
        Column("purpose", "f4", "share", "share of unrelated agencies' points that does not count"),
        Column("usable", "f4", "share", "most exposure that may be used", initial=1.0),
        Column("erasure", "f4", "share a week", "extra chance that a point is deleted"),
    )

    notice: float = param(
        0.3,
        "Share of the restricted who are told of it and of the reason.",
        unit="share",
        bounds=(0, 1),
        prior=(0.1, 0.6),
        role="lever",
    )
    review: float = param(
        0.0,
        "Share of listings that a human reviews before they take effect.",
        unit="share",
        bounds=(0, 1),
        prior=(0.0, 0.3),
        role="lever",
    )
    review_accuracy: float = param(
        0.8,
        "Share of reviews that find what is the case.",
        unit="share",
        bounds=(0, 1),
        prior=(0.6, 0.95),
        role="uncertainty",
    )
    hearing: float = param(
        0.0,
        "Share of listings before which the citizen is heard.",
        unit="share",
        bounds=(0, 1),
        prior=(0.0, 0.3),
        role="lever",
    )
    hearing_answer: float = param(
        0.5,
        "Share of the heard who answer; an answer stops a wrongful listing.",
        unit="share",
        bounds=(0, 1),
        prior=(0.2, 0.8),
        role="uncertainty",
    )
    appeal: float = param(
        0.5, "Share of appeals that are admitted.", unit="share", bounds=(0, 1), prior=(0.25, 1.0), role="lever"
    )
    kin: float = param(
        0.0,
        "Share of household spill-over that is forbidden.",
        unit="share",
        bounds=(0, 1),
        prior=(0.0, 0.3),
        role="lever",
    )
    speech: float = param(
        0.0,
        "Share of records about speech that is not kept.",
        unit="share",
        bounds=(0, 1),
        prior=(0.0, 0.3),
        role="lever",
    )
    audit: float = param(
        0.0, "Strength of the outside audit.", unit="share", bounds=(0, 1), prior=(0.0, 0.3), role="lever"
    )
    purpose: float = param(
        0.0,
        "Share of unrelated agencies' points that does not count.",
        unit="share",
        bounds=(0, 1),
        prior=(0.0, 0.3),
        role="lever",
    )
    minimisation: float = param(
        0.0,
        "Share of exposure that must be left unused.",
        unit="share",
        bounds=(0, 1),
        prior=(0.0, 0.3),
        role="lever",
    )
    expiry: float = param(
        0.0,
        "Extra chance that a point is deleted.",
        unit="share a week",
        bounds=(0, 1),
        prior=(0.0, 0.02),
        role="lever",
    )

    @staticmethod
    def district(here, p):
        here.notice = p.notice
        here.review = p.review
        here.review_accuracy = p.review_accuracy
        here.hearing = p.hearing
        here.hearing_answer = p.hearing_answer
        here.appeal_right = p.appeal
        here.kin_spared = p.kin
        here.speech_spared = p.speech
        here.audit = p.audit
        here.purpose = p.purpose
        here.usable = 1.0 - p.minimisation
        here.erasure = p.expiry
