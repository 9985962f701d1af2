"""What befalls districts: seasons, waves of problems, and focal events that give people an occasion to gather."""

from typing import ClassVar

from glasshouse.model.declarations import Column, Sum, param
from glasshouse.model.kernel_math import WEEKS, exponential, root
from glasshouse.model.mechanism import Mechanism

MOST_SHOCK, MOST_WAVE = 8.0, 20.0
"""Ends of a focal shock, in grievance units, and of a wave, in usual arrivals."""

WAVE_SHAPE = 2.0
"""Shape of the gamma distribution of a wave's size: so many exponential deviates are added."""

QUARTER = 13
"""Weeks in which the triangle of the season falls from its peak to its mean."""


class Shocks(Mechanism):
    """The pace of problem arrivals, lambda_d(t) = lambda_d * season(t) * (1 + wave_d(t)), and focal shocks z_d(t).

    season: a triangle of the year with mean 1 and a peak in `peak_week` (`facts.md` B4, F14: around the Lunar New Year).
    wave:   strikes a district with probability `wave_rate` a week, adds a gamma-distributed size (shape 2) and decays by
            the factor 1 - wave_fading a week; `dated_week` and `dated_size` set one that strikes everywhere at once.
    focal:  with probability `rate` a week a shock of Pareto size with tail exponent 2, scale / sqrt(1 - u); it decays by
            1 - fading and enters the decision to protest. Heavy tails of protest triggers: Biggs 2005, “Strikes as
            forest fires”, American Journal of Sociology 110(6).
    """

    name: ClassVar[str] = "shocks"
    off: ClassVar = {"rate": 0.0, "wave_rate": 0.0, "season": 0.0, "dated_size": 0.0}
    district_columns: ClassVar = (
        Column("shock", "f4", "grievance units", "focal shock z of the district", high=MOST_SHOCK),
        Column("wave", "f4", "ratio", "problem arrivals added by a wave, relative to usual ones", high=MOST_WAVE),
        Column(
            "pace", "f4", "ratio", "problem arrivals relative to usual ones", high=2.0 * (1.0 + MOST_WAVE), initial=1.0
        ),
    )
    sums: ClassVar = (
        Sum("shocks_struck", "district-weeks", "focal shocks that began"),
        Sum("waves_struck", "district-weeks", "waves of problems that began"),
    )
    draws: ClassVar = ("strikes", "size", "wave", "wave_size", "wave_more")

    rate: float = param(
        0.01,
        "Chance of a focal shock in a district and week.",
        unit="per week",
        bounds=(0, 1),
        prior=(0.005, 0.02),
        role="uncertainty",
    )
    scale: float = param(
        0.15,
        "Smallest size of a focal shock.",
        unit="grievance units",
        bounds=(0, 5),
        prior=(0.07, 0.3),
        role="uncertainty",
    )
    fading: float = param(
        0.5,
        "Share of a focal shock that is gone a week later.",
        unit="share a week",
        bounds=(0, 1),
        prior=(0.3, 0.8),
        role="uncertainty",
    )
    season: float = param(
        0.1,
        "Problem arrivals in the peak week over the mean, less one.",
        unit="ratio",
        bounds=(0, 1),
        prior=(0.0, 0.3),
        source="facts.md B4, F14 (direction); size assumed",
        role="uncertainty",
    )
    peak_week: float = param(
        4.0,
        "Week of the year in which most problems arrive.",
        unit="weeks",
        bounds=(0, 51),
        prior=(2, 6),
        role="uncertainty",
    )
    wave_rate: float = param(
        0.002,
        "Chance of a wave of problems in a district and week.",
        unit="per week",
        bounds=(0, 1),
        prior=(0.0, 0.004),
        role="uncertainty",
    )
    wave_size: float = param(
        0.5,
        "Mean size of a wave, relative to usual arrivals.",
        unit="ratio",
        bounds=(0, 10),
        prior=(0.25, 1.0),
        role="uncertainty",
    )
    wave_fading: float = param(
        0.1,
        "Share of a wave that is gone a week later.",
        unit="share a week",
        bounds=(0, 1),
        prior=(0.05, 0.2),
        role="uncertainty",
    )
    dated_week: float = param(
        -1.0,
        "Week of a wave that strikes everywhere; -1 is never.",
        unit="week",
        bounds=(-1, 5200),
        source="setting",
        role="design",
    )
    dated_size: float = param(
        0.0,
        "Its size, relative to usual arrivals.",
        unit="ratio",
        bounds=(0, 10),
        source="setting",
        role="design",
    )

    @staticmethod
    def district(here, p, draw, add, week):
        shock = here.shock * (1.0 - p.fading)
        if draw("strikes") < p.rate:
            shock += p.scale / root(1.0 - draw("size"))
            add("shocks_struck")
        here.shock = min(shock, MOST_SHOCK)
        wave = here.wave * (1.0 - p.wave_fading)
        if draw("wave") < p.wave_rate:
            wave += p.wave_size / WAVE_SHAPE * (exponential(draw("wave_size")) + exponential(draw("wave_more")))
            add("waves_struck")
        if week + 1 == p.dated_week:
            wave += p.dated_size
        here.wave = min(wave, MOST_WAVE)
        # What is worked out at the end of a week holds for the next one.
        apart = abs((week + 1) % WEEKS - p.peak_week)
        here.pace = (1.0 + p.season * (1.0 - min(apart, WEEKS - apart) / QUARTER)) * (1.0 + here.wave)
