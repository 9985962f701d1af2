"""What a study keeps of the measures that plug-ins bring: title, unit, and the formula of a ratio.

A study is read where its plug-ins may not be. A ratio of sums is declared and not programmed, so that its declaration is all
that pooling the sums of a point's replicates takes. What another function of sums would give of pooled sums is not known
then, so that its figure at a point is the mean of replicates, which tables say.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from glasshouse.model.measure import Measure
from glasshouse.model.plugin import Plugin
from glasshouse.model.ratio_measure import ArmsRatioMeasure, RatioMeasure

KINDS: Mapping[str, type[RatioMeasure] | type[ArmsRatioMeasure]] = {"arm": RatioMeasure, "between": ArmsRatioMeasure}
"""Kinds of ratios: of the sums of an arm, and of those of both arms and of pairs."""

PARTS = ("numerator", "denominator", "factor", "complement")
"""What a ratio declares."""


def declarations(plugins: Iterable[Plugin]) -> dict[str, dict[str, Any]]:
    """What the measures of some plug-ins declare, as the definition of a study has it.

    Parameters
    ----------
    plugins : iterable of Plugin
        The plug-ins.

    Returns
    -------
    dict of str to dict
        By name of the measure: `title`, `unit` and `formula`, and for a ratio of sums `ratio`, one of `KINDS`, with `PARTS`.
    """
    return {one.name: _declaration(one) for plugin in plugins for one in plugin.measures}


def _declaration(measure: type[Measure]) -> dict[str, Any]:
    found: dict[str, Any] = {"title": measure.title, "unit": measure.unit, "formula": measure.formula}
    for kind, base in KINDS.items():
        if issubclass(measure, base) and not measure.is_averaged():
            computes = ("between" if kind == "between" else "value", "_figure")
            # A function of its own overrides what it declares.
            if all(_function(measure, name) is _function(base, name) for name in computes):
                found |= {"ratio": kind, **{part: getattr(measure, part) for part in PARTS}}
    return found


def _function(measure: type[Measure], name: str) -> object:
    return getattr(getattr(measure, name), "__func__", None)


def pooled(declared: Mapping[str, Mapping[str, Any]], name: str) -> type[Measure] | None:
    """The ratio that a plug-in declared under a name.

    Parameters
    ----------
    declared : mapping of str to mapping
        What `declarations` returned when the study was defined.
    name : str
        Name of the measure.

    Returns
    -------
    type of Measure or None
        A measure with the same figures; None where no ratio is declared.
    """
    about = declared.get(name, {})
    if "ratio" not in about:
        return None
    base = KINDS[about["ratio"]]
    return type("Declared", (base,), {"name": name, **{part: about[part] for part in PARTS}})
