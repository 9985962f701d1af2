"""Life courses made by hand."""

import numpy as np

from glasshouse.results.life_course import KIN, UNDER, Life, Person, Trajectory
from glasshouse.results.totals import ARMS

LAYOUT = [
    ("problem_start", "i2"), ("severity", "u1"), ("complaint", "?"), ("protest", "?"), ("filed", "i4"), ("misfiled", "i4"),
    ("speech_filed", "u1"), ("debt", "f4"), ("hardship", "f4"), ("risk", "f4"), ("state_0", "u1"), ("rule_state_0", "u1"),
    ("undeserved", "u1"), ("unlawful", "u1"),
    (KIN, "u1"), (UNDER, "?"),
]  # fmt: skip


def life(*, female: bool = True, weeks: int = 20, citizen: int = 3) -> Life:
    """A life in which nothing happens, to be filled in."""
    person = Person(
        age=8, female=female, urban=True, migrant=True, minority=False, party=False, abroad=False, adult=True, education=2,
        income=0.8, exposure=0.21, household=3, workplace=12, own_account=False, foreign=False,
    )  # fmt: skip
    courses = []
    for _ in range(2):
        quiet = np.zeros(weeks, LAYOUT)
        quiet["problem_start"] = -1
        courses.append(Trajectory(quiet))
    courses[1].weeks[UNDER][5:] = True
    return Life(citizen, person, dict(zip(ARMS, courses, strict=True)))
