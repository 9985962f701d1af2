"""The law as a third yardstick: which records, decisions and restrictions a later court would call lawful."""

from typing import ClassVar

from glasshouse.model.agencies import AGENCIES, ALWAYS_KINDS, POLICE
from glasshouse.model.declarations import Column, param, vector
from glasshouse.model.mechanism import Mechanism

LAWFUL_HIGH = 255
"""Points that count by law are cut here; no threshold by law lies above."""


class Law(Mechanism):
    """What a later court would call lawful, beside the regime's own rule and what conduct deserves.

    A true record counts by law if the catalogue has its kind (with probability `catalogue_j`, or `speech` for a lawful
    complaint or protest). Its points expire as `points` says, and `legality` judges listings and
    restrictions by the rest. The same law is the yardstick of all arms and all weeks; it changes nobody's life
    (`facts.md` A3.10; Regulation (EU) 2016/679, Art. 5 and 22; Regulation (EU) 2024/1689, Art. 5(1)(c)).
    """

    name: ClassVar[str] = "law"
    columns: ClassVar = (
        Column(
            "admitted",
            "u1",
            "points",
            "points of this week's rightful records that count by law",
            high=255,
            per="agency",
            packed=True,
        ),
    )
    district_columns: ClassVar = (
        Column("hearing_due", "f4", "share", "share of listings before which the law demands a hearing", per="agency"),
        Column(
            "lawful_threshold",
            "f4",
            "points",
            "value from which the law permits a restriction",
            high=LAWFUL_HIGH,
            per="agency",
        ),
        Column("lawful_purpose", "f4", "share", "share of unrelated agencies' points that does not count by law"),
        Column("lawful_spell", "f4", "weeks", "longest restriction that the law permits", high=5200.0),
        Column(
            "lawful_release", "f4", "weeks", "longest time by law from a restriction's end to its effect's", high=5200.0
        ),
    )
    draws: ClassVar = ("catalogue",)

    catalogue: tuple[float, ...] = vector(
        (0.0,) + (1.0,) * (ALWAYS_KINDS - 1),
        "Share of the records of each kind that the law lets be made and punished: traffic, debt, benefit or tax, trade, order.",
        unit="share",
        bounds=(0, 1),
        prior=(0.0, 1.0),
        role="uncertainty",
        per="kind",
    )
    speech: float = param(
        0.0,
        "Share of the records about complaint and protest that the law lets be made and punished.",
        unit="share",
        bounds=(0, 1),
        prior=(0.0, 0.5),
        role="uncertainty",
    )
    hearing: tuple[float, ...] = vector(
        (1.0, 0.0, 1.0, 1.0),
        "Share of listings before which the law demands a hearing: travel, credit (a judgment came before), benefits, licences.",
        unit="share",
        bounds=(0, 1),
        prior=(0.0, 1.0),
        role="uncertainty",
        per="agency",
        further=1.0,
    )
    purpose: float = param(
        1.0,
        "Share of unrelated agencies' points that does not count by law.",
        unit="share",
        bounds=(0, 1),
        prior=(0.0, 1.0),
        role="uncertainty",
    )
    threshold: tuple[float, ...] = vector(
        (12, 6, 9, 9),
        "Value of points that count by law from which the law permits a restriction: travel, credit, benefits, licences.",
        unit="points",
        bounds=(0.5, LAWFUL_HIGH),
        prior=(4, 24),
        role="uncertainty",
        per="agency",
        further=9.0,
    )
    longest: float = param(
        156.0,
        "Longest restriction that the law permits.",
        unit="weeks",
        bounds=(0, 5200),
        prior=(52, 520),
        source="facts.md A5.3: serious entries are published for one to three years; taken for the limit",
        role="uncertainty",
    )
    release: float = param(
        2.0,
        "Longest time by law from the end of a restriction to the end of its effect.",
        unit="weeks",
        bounds=(0, 520),
        prior=(1, 12),
        source="facts.md A5.2: ten working days for an answer, passed on within three",
        role="uncertainty",
    )

    @staticmethod
    def citizen(me, p, draw):
        for k in range(AGENCIES):
            me.admitted[k] = 0
        if not any(me.filed):
            return
        u = draw("catalogue")
        for k in range(AGENCIES):
            if me.filed[k] > 0:
                share = p.speech
                # In a week with a protest on file, all that the police record counts as about speech.
                if not (k == POLICE and me.protest and me.speech_filed > 0):
                    share = p.catalogue[me.breach]
                if u < share:
                    me.admitted[k] = me.filed[k]

    @staticmethod
    def district(here, p):
        for k in range(AGENCIES):
            here.hearing_due[k] = p.hearing[k]
            here.lawful_threshold[k] = p.threshold[k]
        here.lawful_purpose = p.purpose
        here.lawful_spell = p.longest
        here.lawful_release = p.release
