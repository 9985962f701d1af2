"""A plug-in with known answers: Ishigami's function and Sobol's G, as if a population's weeks had produced them.

Both are the standard test functions of sensitivity analysis. A study of them with Glasshouse, from the study
file to the indices, can compare what comes out with the exact indices (Saltelli et al. 2008, “Global Sensitivity
Analysis. The Primer”). Use it with --plugin examples/plugins/analytic.py.
"""

import math
from collections.abc import Mapping
from typing import ClassVar

from glasshouse.model import FloatArray, Measure, Mechanism, RatioMeasure, Sum, Sums, param, ratio

UP = 16.0
"""Added to Ishigami's function, which is at least -10.7 here, since a sum counts upwards; no index depends on it."""

WEIGHTS = (0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0)
"""How little each factor of Sobol's G matters."""


class Ishigami(Mechanism):
    """sin x1 + 7 sin² x2 + 0.1 x3⁴ sin x1 (Ishigami and Homma 1990), a week and citizen; x uniform over -pi to pi."""

    name: ClassVar[str] = "ishigami"
    off: ClassVar = {}
    sums: ClassVar = (Sum("ishigami_total", "function values", "Ishigami's function and 16", 1 << 20),)

    x1: float = param(
        0.0, "First argument.", unit="radians", bounds=(-4, 4), prior=(-math.pi, math.pi), role="uncertainty"
    )
    x2: float = param(
        0.0, "Second argument.", unit="radians", bounds=(-4, 4), prior=(-math.pi, math.pi), role="uncertainty"
    )
    x3: float = param(
        0.0, "Third argument.", unit="radians", bounds=(-4, 4), prior=(-math.pi, math.pi), role="uncertainty"
    )

    def constants(self) -> Mapping[str, float]:
        """The function, which kernels could not work out."""
        first = math.sin(self.x1)
        return {"value": UP + first + 7.0 * math.sin(self.x2) ** 2 + 0.1 * self.x3**4 * first}

    @staticmethod
    def citizen(me, p, add):
        if me.adult:
            add("ishigami_total", p.value)


class SobolG(Mechanism):
    """prod over k of (|4 x_k - 2| + a_k) / (1 + a_k), a = 0, 1, 4.5, 9, 99, ... (Saltelli and Sobol' 1995); x in 0 to 1."""

    name: ClassVar[str] = "sobol_g"
    off: ClassVar = {}
    sums: ClassVar = (Sum("sobol_g_total", "function values", "Sobol's G", 1 << 20),)

    x1: float = param(0.5, "First argument.", unit="1", bounds=(0, 1), prior=(0.0, 1.0), role="uncertainty")
    x2: float = param(0.5, "Second argument.", unit="1", bounds=(0, 1), prior=(0.0, 1.0), role="uncertainty")
    x3: float = param(0.5, "Third argument.", unit="1", bounds=(0, 1), prior=(0.0, 1.0), role="uncertainty")
    x4: float = param(0.5, "Fourth argument.", unit="1", bounds=(0, 1), prior=(0.0, 1.0), role="uncertainty")
    x5: float = param(0.5, "Fifth argument.", unit="1", bounds=(0, 1), prior=(0.0, 1.0), role="uncertainty")
    x6: float = param(0.5, "Sixth argument.", unit="1", bounds=(0, 1), prior=(0.0, 1.0), role="uncertainty")
    x7: float = param(0.5, "Seventh argument.", unit="1", bounds=(0, 1), prior=(0.0, 1.0), role="uncertainty")
    x8: float = param(0.5, "Eighth argument.", unit="1", bounds=(0, 1), prior=(0.0, 1.0), role="uncertainty")

    def constants(self) -> Mapping[str, float]:
        """The function, which kernels could not work out."""
        x = (self.x1, self.x2, self.x3, self.x4, self.x5, self.x6, self.x7, self.x8)
        return {"value": math.prod((abs(4.0 * one - 2.0) + a) / (1.0 + a) for one, a in zip(x, WEIGHTS, strict=True))}

    @staticmethod
    def citizen(me, p, add):
        if me.adult:
            add("sobol_g_total", p.value)


class IshigamiMean(Measure):
    """Ishigami's function, back at its own height."""

    name, title = "ishigami_mean", "Ishigami's function"
    formula = "ishigami_total / adult-weeks - 16"
    unit, better, source = "function value", "neither", "Ishigami and Homma 1990"

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        return ratio(sums.ishigami_total, sums.adults) - UP


class SobolGMean(RatioMeasure):
    """Sobol's G function."""

    name, title = "sobol_g_mean", "Sobol's G function"
    numerator, denominator = "sobol_g_total", "adults"
    unit, better, source = "function value", "neither", "Saltelli and Sobol' 1995"
