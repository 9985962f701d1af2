"""What can be modelled: contracts, entities, mechanisms, statistics and measures.

A plug-in imports from here and from `glasshouse.testing`, and from nothing below either.

Examples
--------
>>> from glasshouse.model.component import Component
from glasshouse.model import Column, Component, RatioMeasure, Statistic, Sum, kernel_math, param
"""

from glasshouse.model import kernel_math, normal_distribution
from glasshouse.model.declarations import WELFARE, Column, Inbox, Signal, Sum, param, vector
from glasshouse.model.measure import FloatArray, Measure, Sums, ratio
from glasshouse.model.mechanism import Mechanism
from glasshouse.model.moments import Quantity, moments
from glasshouse.model.ratio_measure import ArmsRatioMeasure, CorrelationMeasure, RatioMeasure
from glasshouse.model.statistic import Statistic

__all__ = [
    "WELFARE",
    "ArmsRatioMeasure",
    "Column",
    "CorrelationMeasure",
    "FloatArray",
    "Inbox",
    "Measure",
    "Mechanism",
    "Quantity",
    "RatioMeasure",
    "Signal",
    "Statistic",
    "Sum",
    "Sums",
    "kernel_math",
    "moments",
    "normal_distribution",
    "param",
    "ratio",
    "vector",
]
