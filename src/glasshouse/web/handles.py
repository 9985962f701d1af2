"""The ten settings of a regime that the workbench shows first, as sliders in everyday words."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from glasshouse.report.i18n import mark as _
from glasshouse.scenario.parameter_provenance import levers
from glasshouse.scenario.scenario import Scenario
from glasshouse.web.form import Field, form

FIRST = {
    "observation.coverage": _("Daily life that is watched"),
    "observation.speech_coverage": _("Protest and complaint that are watched"),
    "lists.integration": _("How much agencies count one another's records"),
    "forecast.visits": _("Visits that a forecast sends, a week and 1,000 citizens"),
    "budget.automation": _("Control work done by machines"),
    "safeguards.review": _("Listings that a person checks first"),
    "safeguards.notice": _("Listed people who are told, and why"),
    "safeguards.speech": _("Records about speech that are not kept"),
    "safeguards.expiry": _("Records deleted early, each week"),
    "redress.reviewers": _("Appeals that can be decided, a week and 1,000 citizens"),
}
"""Settings in everyday words; those that a regime does not set itself come last."""

MOST = 10
"""Sliders of a regime."""

FEW = 4
"""Settings in which a regime differs from the reference, up to which all of them have a slider."""

STEPS = 100
"""Steps of a slider, at least."""

WIDE = 0.1
"""A share whose prior reaches this far has a slider from none to all."""


@dataclass(frozen=True)
class Handle:
    """A setting as a slider: its full name, words, unit, the ends of slider and prior, and the slider's step."""

    key: str
    label: str
    unit: str
    low: float
    high: float
    step: float
    prior: tuple[float, float]


def handles(scenario: Scenario) -> tuple[Handle, ...]:
    """The sliders of a regime: first what it sets differently from the reference, then those that every regime has.

    Parameters
    ----------
    scenario : Scenario
        The regime.

    Returns
    -------
    tuple of Handle
        `MOST` of them.
    """
    fields = {field.key: field for _about, table in form().values() for field in table}
    values = dict(levers(scenario))
    sliders = {key: fields[key] for key in values if key in fields and _slides(fields[key])}
    differs = [key for key in sliders if values[key].regime != values[key].reference]
    chosen = [key for key in FIRST if key in differs]
    chosen += [key for key in differs if key not in FIRST and len(differs) <= FEW]
    chosen += [key for key in FIRST if key in sliders and key not in chosen]
    return tuple(
        _handle(sliders[key], float(values[key].regime), scenario.priors.get(tuple(key.split("."))))
        for key in chosen[:MOST]
    )


def label(key: str) -> str:
    """What a setting is called in everyday words.

    Parameters
    ----------
    key : str
        Full name of the setting.

    Returns
    -------
    str
        A message to translate: the meaning, a sentence, of a setting without everyday words, and its name where it has neither.
    """
    meanings = {field.key: field.meaning for _about, table in form().values() for field in table}
    return FIRST.get(key) or meanings.get(key) or key


def _slides(field: Field) -> bool:
    return field.lever and not field.vector and all(field.prior) and all(field.range)


def _handle(field: Field, value: float, given: Sequence[float] | None) -> Handle:
    """A slider; `given` is the prior of the scenario, which takes the place of the declared one."""
    low, most = (float(end.replace(",", "")) for end in field.range)
    prior = tuple(given or (float(end.replace(",", "")) for end in field.prior))
    high = most if field.unit == "share" and prior[1] >= WIDE else min(most, 2.0 * max(prior[1], value))
    step = 10.0 ** math.floor(math.log10((high - low) / STEPS))
    return Handle(field.key, label(field.key), field.unit, low, high, step, (prior[0], prior[1]))
