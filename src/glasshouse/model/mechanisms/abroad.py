"""People abroad, their families and their files at home, and a foreign public: how far the regime reaches beyond its borders."""

from typing import ClassVar

from glasshouse.model.codes import HOME_NONE, HOME_RIGHT, HOME_WRONG
from glasshouse.model.declarations import WELFARE, Column, Inbox, Sum, param
from glasshouse.model.kernel_math import settled, toward
from glasshouse.model.mechanism import Mechanism


class Abroad(Mechanism):
    """Pressure through the family, records that come home, and silence abroad.

    A citizen abroad who speaks up and is seen (`watch`) has a member of the household at home pressed with probability
    `pressure`; the pressed member bears a cost and grows more fearful, and so does the one abroad, to whom it is said. With probability `recorded` it also comes home as a record of the police about speech, true of a
    protest and false of a lawful complaint, with `record_points` points, which `points` files in the next week.
    The foreign public: a share `target` of what it would say is met with pressure (loss of access or of visits); its
    silence moves toward pressure_public * (1 - shield), and wears off. `shield` is the countermeasures of the foreign
    state (Moss 2018 and Tsourapas 2021 on transnational repression; S9 and S16 of the model).
    """

    name: ClassVar[str] = "abroad"
    off: ClassVar = {"pressure": 0.0, "recorded": 0.0, "pressure_public": 0.0}
    columns: ClassVar = (
        Column("pressed", "?", "yes or no", "was pressed this week, or learned that the family was"),
        Column("home_record", "u1", "code", "record of this week that comes home: 0 none, 1 true, 2 false", high=2),
    )
    district_columns: ClassVar = (Column("home_points", "u1", "points", "points of a record that comes home", high=40),)
    centre_columns: ClassVar = (
        Column("foreign_silence", "f8", "share", "share of what the foreign public would say that it does not say"),
    )
    inboxes: ClassVar = (Inbox("pressure", "messages", "pressure because of a member abroad"),)
    sums: ClassVar = (
        Sum("abroad_weeks", "citizen-weeks", "adults abroad"),
        Sum("abroad_voicings", "citizen-weeks", "of these, who spoke up"),
        Sum("abroad_risk", "share", "perceived risk added up over adults abroad", WELFARE),
        Sum("abroad_hardship", "ww", "welfare lost by adults abroad", WELFARE),
        Sum("families_pressed", "citizen-weeks", "citizens pressed because of a member abroad"),
        Sum("abroad_records", "records", "records about speech abroad that came home"),
        Sum("foreign_silence_sum", "share", "silence of the foreign public, added up over weeks", WELFARE),
        Sum("foreign_weeks", "weeks", "weeks counted"),
    )
    draws: ClassVar = ("seen", "recorded")

    watch: float = param(
        0.3,
        "Share of voice abroad that is noticed at home.",
        unit="share",
        bounds=(0, 1),
        prior=(0.15, 0.6),
        role="uncertainty",
    )
    pressure: float = param(
        0.0,
        "Chance that a member at home is pressed when it is.",
        unit="share",
        bounds=(0, 1),
        prior=(0.0, 0.3),
        role="lever",
    )
    recorded: float = param(
        0.0,
        "Chance that voice that is noticed abroad comes home as a record about speech.",
        unit="share",
        bounds=(0, 1),
        prior=(0.0, 0.5),
        role="lever",
    )
    record_points: float = param(
        12.0, "Points of a record that comes home.", unit="points", bounds=(0, 40), prior=(6, 24), role="lever"
    )
    pressure_public: float = param(
        0.0,
        "Share of foreign speech on the matter that is met with pressure.",
        unit="share",
        bounds=(0, 1),
        prior=(0, 0.2),
        role="lever",
    )
    shield: float = param(
        0.0,
        "Share of that pressure that countermeasures keep off.",
        unit="share",
        bounds=(0, 1),
        prior=(0.0, 0.5),
        role="assumption",
    )
    adjustment: float = param(
        0.02,
        "Share of the way that the foreign public goes in a week.",
        unit="share a week",
        bounds=(0, 1),
        prior=(0.01, 0.04),
        role="uncertainty",
    )

    @staticmethod
    def citizen(me, here, p, draw, add, send):
        me.pressed = me.pressure > 0
        if me.pressed and not me.abroad:
            add("families_pressed")
        me.home_record = HOME_NONE
        if me.abroad and me.adult:
            add("abroad_weeks")
            add("abroad_risk", me.risk)
            add("abroad_hardship", me.hardship)
            if me.complaint or me.protest:
                add("abroad_voicings")
                if p.recorded > 0.0 and draw("recorded") < p.watch * p.recorded * (1.0 - here.speech_spared):
                    me.home_record = HOME_RIGHT if me.protest else HOME_WRONG
                    add("abroad_records")
                if p.pressure > 0.0 and me.household_size > 1 and draw("seen") < p.watch * p.pressure:
                    first = me.index - me.household_place
                    send("pressure", first + 1 if me.household_place == 0 else first, 1)
                    me.pressed = True

    @staticmethod
    def district(here, p):
        here.home_points = int(p.record_points)

    @staticmethod
    def centre(nation, p, add):
        nation.foreign_silence = settled(
            toward(nation.foreign_silence, p.pressure_public * (1.0 - p.shield), p.adjustment)
        )
        add("foreign_silence_sum", nation.foreign_silence)
        add("foreign_weeks")
