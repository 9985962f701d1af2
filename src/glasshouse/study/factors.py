"""The factors of a study: what a study file says is varied, and what is left of it by name."""

from collections.abc import Mapping
from typing import Any

from glasshouse.errors import AnalysisError, ScenarioError
from glasshouse.scenario.messages import Faults, kind, shown, shown_word
from glasshouse.scenario.scenario import Scenario
from glasshouse.scenario.toml_lines import Source, position
from glasshouse.study.factor import Factor, factor_for
from glasshouse.study.staged_rollout import ROLLOUT
from glasshouse.study.study_file import StudyFile

UNSCREENED = 20
"""Settings that a Saltelli design takes without a screening."""


def factors_from(given: Mapping[str, Any], base: Scenario, source: Source, faults: Faults) -> tuple[Factor, ...]:
    """Make the factors that a study file names.

    Parameters
    ----------
    given : mapping
        The table `factors`: a range ``[low, high]`` or ``{values = [...]}`` by the name of each setting.
    base : Scenario
        The scenario whose settings are varied.
    source : Source
        The file, for the places of faults.
    faults : Faults
        Collects what is wrong, each at its line.

    Returns
    -------
    tuple of Factor
        The factors without a fault.
    """
    found = [_factor(base, key, value, source, faults) for key, value in flatten(given).items()]
    return tuple(factor for factor in found if factor is not None)


def _factor(base: Scenario, key: str, value: Any, source: Source, faults: Faults) -> Factor | None:
    """A factor from its line in the file: `[low, high]`, or `{ values = [...] }`."""
    place = position(source, ("factors",), key)
    listed = value.get("values") if isinstance(value, Mapping) and value.keys() == {"values"} else None
    ends = value if isinstance(value, list) and len(value) == 2 else None
    numbers = ends is not None and all(isinstance(end, int | float) and not isinstance(end, bool) for end in ends)
    if not isinstance(listed, list) and not numbers:
        faults.add(
            place,
            f"{shown_word(key)} = {shown(value)} is {kind(value)}. Give a range, [low, high], or {{ values = [a, b] }}.",
        )
        return None
    try:
        if isinstance(listed, list):
            return factor_for(base, key, values=[tuple(v) if isinstance(v, list) else v for v in listed])
        return factor_for(base, key, float(value[0]), float(value[1]))
    except (ScenarioError, AnalysisError) as error:
        for fault in getattr(error, "faults", (str(error),)):
            faults.add(place, fault)
    return None


def selected_factors(table: StudyFile, factors: tuple[Factor, ...], source: Source) -> tuple[Factor, ...]:
    """Select those of the factors that a study file keeps by name.

    Parameters
    ----------
    table : StudyFile
        The study file; its `only` names the factors to keep, and nothing keeps all.
    factors : tuple of Factor
        What could be varied.
    source : Source
        The file, for the places of faults.

    Returns
    -------
    tuple of Factor
        The factors that are kept, in their order.

    Raises
    ------
    ScenarioError
        For a name that is none of the factors.
    AnalysisError
        For a Saltelli design of too many factors without a selection.
    """
    faults = Faults()
    known = [factor.key for factor in factors]
    for key in table.only:
        if key not in known:
            faults.unknown(position(source, (), "only"), "varied setting", key, known)
    faults.stop()
    if table.design == "saltelli" and not table.only and len(factors) > UNSCREENED:
        raise AnalysisError(
            f"A Saltelli design of all {len(factors)} settings would spend most of its runs on settings that hardly matter. "
            f"Screen them first: run the same study with --design morris --name screening, then this one with "
            "--screening screening (or name the settings in a study file: only = [...])."
        )
    return tuple(factor for factor in factors if not table.only or factor.key in table.only)


def rollout_factor(table: StudyFile, base: Scenario) -> Factor:
    """Make the factor of a staged roll-out whose lengths are not named.

    Parameters
    ----------
    table : StudyFile
        The study file, with the number of `levels`.
    base : Scenario
        The scenario.

    Returns
    -------
    Factor
        Lengths of the roll-out in even steps, up to all weeks after the start of the regime.

    Raises
    ------
    AnalysisError
        If the regime starts too late for two lengths.
    """
    longest = base.run.weeks - base.run.start
    lengths = sorted({longest * step // table.levels for step in range(1, table.levels + 1)} - {0})
    if len(lengths) < 2:
        raise AnalysisError(
            f"The regime starts in week {base.run.start} of {base.run.weeks}, which leaves no room for roll-outs. Start it "
            "earlier (run.start) or run longer (run.weeks)."
        )
    return factor_for(base, ROLLOUT, values=lengths)


def flatten(table: Mapping[str, Any], under: str = "") -> dict[str, Any]:
    """Bring nested tables of settings to settings by their full names.

    Parameters
    ----------
    table : mapping
        Settings, or tables of them. A table with `values` is the list of a factor and is left as it is.
    under : str
        What the names of this table begin with.

    Returns
    -------
    dict
        Values by names such as ``observation.coverage``.
    """
    found: dict[str, Any] = {}
    for key, value in table.items():
        if isinstance(value, Mapping) and "values" not in value:
            found |= flatten(value, f"{under}{key}.")
        else:
            found[f"{under}{key}"] = value
    return found
