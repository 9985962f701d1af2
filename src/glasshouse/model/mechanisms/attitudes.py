"""What people feel, fear and would say when asked."""

from collections.abc import Mapping
from typing import ClassVar

from glasshouse.model.codes import MILD
from glasshouse.model.declarations import WELFARE, Column, Sum, param, vector
from glasshouse.model.kernel_math import clip, settled, toward
from glasshouse.model.mechanism import Mechanism
from glasshouse.model.opposition import opposition


class Attitudes(Mechanism):
    """Grievance g, perceived risk r of speaking, and the gap between stated and private support.

    grievance: g* = clip(a_p s + a_h h + a_u [wrongly restricted] + a_k [household member restricted] - a_r reward, 0, 1)
               with s = weight_severity * w / (w + w0) after w weeks; g <- clip(g + alpha_g (g* - g) + beta vbar (1 - g)).
    risk:      r* = 1 - (1 - sal)(1 - w_n n)(1 - w_d q)(1 - w_d repression); n the share of contacts newly restricted for speech, q the
               district's speech sanctions per voicing; r moves toward r* faster up than down; being sanctioned for
               speech adds w_own (1 - r) at once; so, by less, do a visit and pressure on the family.
    salience:  starts at announced coverage * (b + (1 - b) e), b the belief in what is announced whatever one's own
               exposure e, then decays with a half-life toward the frequency of sanctions per
               voicing, times `dread`, that the citizen sees among contacts (or, where no contact spoke, the district's): a threat that is
               never carried out wears off (Kuran 1991 for the falsified preference; Penney 2016 and `facts.md` B3 for
               a chill that partly recovers).
    stated:    support stated openly = (1 - G) + rho r G: private support where r is low, shifted toward praise by fear;
               private opposition G = 1 - (1 - g)(1 - o) with the political discontent o.
    """

    name: ClassVar[str] = "attitudes"
    columns: ClassVar = (
        Column("grievance", "f4", "share", "grievance g", initial=0.1),
        Column("risk", "f4", "share", "perceived risk r that speaking brings a sanction", initial=0.05),
        Column("salience", "f4", "share", "how present the threat of the regime is", initial=0.0),
        Column("heard", "f4", "share", "announced coverage that the citizen has taken note of"),
    )
    district_columns: ClassVar = (
        Column("belief", "f4", "share", "share b of what is announced that is believed whatever one's own exposure"),
    )
    sums: ClassVar = (
        Sum("adults", "citizen-weeks", "adults counted"),
        Sum("grievance_sum", "share", "grievance added up over adults", WELFARE),
        Sum("risk_sum", "share", "perceived risk added up over adults", WELFARE),
        Sum("stated_sum", "share", "support that adults would state openly", WELFARE),
        Sum("opposition_sum", "share", "private opposition G added up over adults", WELFARE),
    )

    weight_problem: float = param(
        0.8,
        "Weight a_p of an open problem.",
        unit="grievance units",
        bounds=(0, 5),
        prior=(0.4, 1.2),
        role="uncertainty",
    )
    severity_weights: tuple[float, ...] = vector(
        (0.35, 0.65, 1.0),
        "Relative weight of a problem by severity class.",
        unit="share",
        bounds=(0, 1),
        prior=(0.2, 1.0),
        role="uncertainty",
    )
    patience: float = param(
        8.0,
        "Weeks w0 after which an open problem weighs half of what it will.",
        unit="weeks",
        bounds=(0.1, 520),
        prior=(4, 16),
        role="uncertainty",
    )
    weight_hardship: float = param(
        0.5,
        "Weight a_h of hardship.",
        unit="grievance units per ww",
        bounds=(0, 10),
        prior=(0.25, 1.0),
        role="uncertainty",
    )
    weight_wrong: float = param(
        0.3,
        "Weight a_u of being wrongly restricted.",
        unit="grievance units",
        bounds=(0, 5),
        prior=(0.15, 0.6),
        role="uncertainty",
    )
    weight_kin: float = param(
        0.1,
        "Weight a_k of a restricted household member.",
        unit="grievance units",
        bounds=(0, 5),
        prior=(0.05, 0.2),
        role="uncertainty",
    )
    weight_reward: float = param(
        0.2,
        "Weight a_r of a reward.",
        unit="grievance units per ww",
        bounds=(0, 10),
        prior=(0.1, 0.4),
        role="uncertainty",
    )
    adjustment: float = param(
        0.1,
        "Share alpha_g of the distance to g* covered in a week.",
        unit="share a week",
        bounds=(0, 1),
        prior=(0.05, 0.2),
        role="uncertainty",
    )
    contagion: float = param(
        0.05,
        "Contagion beta of visible voicing.",
        unit="per week",
        bounds=(0, 1),
        prior=(0.02, 0.1),
        role="uncertainty",
    )
    belief: float = param(
        0.0,
        "Share b of announced coverage that people believe in whatever their own exposure; the rest goes with exposure.",
        unit="share",
        bounds=(0, 1),
        prior=(0.0, 1.0),
        source="facts.md F19 (direction); size assumed",
        role="uncertainty",
    )
    half_life: float = param(
        26.0,
        "Half-life of the salience of an announced threat.",
        unit="weeks",
        bounds=(1, 1040),
        prior=(8, 104),
        role="uncertainty",
    )
    weight_contacts: float = param(
        0.6,
        "Weight w_n of contacts newly restricted for speech.",
        unit="share",
        bounds=(0, 1),
        prior=(0.3, 0.9),
        role="uncertainty",
    )
    weight_district: float = param(
        0.5,
        "Weight w_d of the district's speech sanctions per voicing.",
        unit="share",
        bounds=(0, 1),
        prior=(0.25, 0.9),
        role="uncertainty",
    )
    weight_own: float = param(
        0.5,
        "Step w_own after a speech sanction of one's own.",
        unit="share",
        bounds=(0, 1),
        prior=(0.25, 0.9),
        role="uncertainty",
    )
    weight_visit: float = param(
        0.2,
        "Step after a visit, or after pressure through the family.",
        unit="share",
        bounds=(0, 1),
        prior=(0.1, 0.4),
        role="uncertainty",
    )
    dread: float = param(
        30.0,
        "How many times its seen frequency a sanction for speech is felt to be.",
        unit="ratio",
        bounds=(0, 100),
        prior=(10, 60),
        source="Kuran and Sunstein 1999 (availability); size set so that about a third fears reprisal, facts.md B2.2, F11",
        role="uncertainty",
    )
    rise: float = param(
        0.3,
        "Share of the distance to r* covered in a week on the way up.",
        unit="share a week",
        bounds=(0, 1),
        prior=(0.15, 0.6),
        role="uncertainty",
    )
    fall: float = param(
        0.05, "The same on the way down.", unit="share a week", bounds=(0, 1), prior=(0.02, 0.1), role="uncertainty"
    )

    def constants(self) -> Mapping[str, float]:
        """Weekly share of salience that is lost, from its half-life.

        Returns
        -------
        Mapping[str, float]
            `forgetting`, the share lost in a week.
        """
        return {"forgetting": 1.0 - 0.5 ** (1.0 / self.half_life)}

    @staticmethod
    def citizen(me, here, contacts, household, p, add, week):
        number = max(contacts.number, 1)
        weight = 0.0
        if me.problem_start >= 0:
            severity = me.severity - MILD
            open_weeks = week - me.problem_start
            weight = p.severity_weights[severity] * (open_weeks / (open_weeks + p.patience))
        pull = p.weight_problem * weight + p.weight_hardship * me.hardship - p.weight_reward * me.reward
        if me.wronged > 0:
            pull += p.weight_wrong
        if household.restricted > 0:
            pull += p.weight_kin
        voiced = contacts.voicing / number
        grievance = toward(me.grievance, clip(pull, 0.0, 1.0), p.adjustment)
        me.grievance = settled(grievance + p.contagion * voiced * (1.0 - grievance))

        if here.announced != me.heard:
            believed = here.belief + (1.0 - here.belief) * me.exposure
            me.salience = settled(me.salience + (here.announced - me.heard) * believed)
            me.heard = here.announced
        seen = here.sanctions_per_voicing
        if contacts.voicing + contacts.silenced > 0:
            seen = contacts.silenced / (contacts.voicing + contacts.silenced)
        me.salience = settled(toward(me.salience, min(p.dread * seen, 1.0), p.forgetting))
        expected = 1.0 - (1.0 - me.salience) * (1.0 - p.weight_contacts * contacts.silenced / number) * (
            1.0 - p.weight_district * here.sanctions_per_voicing
        )
        expected = 1.0 - (1.0 - expected) * (1.0 - p.weight_district * here.repression)
        risk = toward(me.risk, expected, p.rise if expected > me.risk else p.fall)
        if me.silenced:
            risk += p.weight_own * (1.0 - risk)
        if me.visited or me.pressed:
            risk += p.weight_visit * (1.0 - risk)
        me.risk = settled(risk)
        if me.adult:
            add("adults")
            add("grievance_sum", me.grievance)
            add("risk_sum", me.risk)
            opposed = opposition(me.grievance, me.discontent)
            add("opposition_sum", opposed)
            add("stated_sum", 1.0 - opposed + me.risk_aversion * me.risk * opposed)

    @staticmethod
    def district(here, p):
        here.belief = p.belief
