"""What befalls a district: focal events that give people an occasion to gather."""

from typing import ClassVar

from glasshouse.mechanism import Mechanism
from glasshouse.schema import Column, Sum, param


class Shocks(Mechanism):
    """Focal shocks z_d(t): mostly zero, heavy-tailed when they come, gone within weeks.

    With probability `rate` a week a district is struck by a shock of Pareto size with tail exponent 2, that is
    scale / sqrt(1 - u); it decays by the factor `1 - fading` a week and enters the decision to protest. Heavy tails of protest triggers: Biggs 2005, «Strikes as
    forest fires», American Journal of Sociology 110(6).
    """

    name: ClassVar[str] = "shocks"
    off: ClassVar = {"rate": 0.0}
    district_columns: ClassVar = (Column("shock", "f4", "grievance units", "focal shock z of the district", high=8.0),)
    sums: ClassVar = (Sum("shocks_struck", "district-weeks", "focal shocks that began"),)
    draws: ClassVar = ("strikes", "size")

    rate: float = param(
        0.01, "Chance of a focal shock in a district and week.", unit="per week", bounds=(0, 1), prior=(0.005, 0.02)
    )
    scale: float = param(
        0.15, "Smallest size of a focal shock.", unit="grievance units", bounds=(0, 5), prior=(0.07, 0.3)
    )
    fading: float = param(
        0.5, "Share of a shock that is gone a week later.", unit="share a week", bounds=(0, 1), prior=(0.3, 0.8)
    )

    @staticmethod
    def district(here, p, draw, add):  # type: ignore[no-untyped-def]
        shock = here.shock * (1.0 - p.fading)
        if draw("strikes") < p.rate:
            u = draw("size")
            # The square root of 1 - u by Newton's iteration: kernels have no powers.
            root = 0.5 + 0.5 * (1.0 - u)
            for k in range(6):
                root = 0.5 * (root + (1.0 - u) / root)
            shock += p.scale / root
            add("shocks_struck")
        here.shock = min(shock, 8.0)
