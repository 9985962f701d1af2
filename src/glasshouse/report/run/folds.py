"""What a run's report folds to one line each: the titles of its sections, and what each of them found."""

from dataclasses import dataclass

import numpy as np

from glasshouse.model.measure import Measure
from glasshouse.model.measures.governance import Cost
from glasshouse.model.measures.listing import ListedShare
from glasshouse.report.i18n import Words
from glasshouse.report.i18n import mark as _
from glasshouse.report.run.assumptions import Assumptions
from glasshouse.report.run.report_data import ReportData
from glasshouse.results.estimate import Estimate, significant


@dataclass(frozen=True)
class Fold:
    """A section of the report: its name in links, its title, and its finding in one line."""

    name: str
    title: str
    finding: str


def folds(data: ReportData, words: Words, assumptions: Assumptions, verdict: str, *, field: bool) -> list[Fold]:
    """The sections of a report, without those that have nothing to show.

    Parameters
    ----------
    data : ReportData
        The figures of the run.
    words : Words
        The language.
    assumptions : Assumptions
        Every parameter.
    verdict : str
        What the run says of control and governance.
    field : bool
        Whether there is a field study.

    Returns
    -------
    list of Fold
        In the order of the page.
    """
    ratios = _burden(data, words)
    lives = len(data.lives.selected) if data.lives else 0
    said = words.gettext
    found = [
        ("about", _("What was simulated"), _size(data, words)),
        ("sentence", _("In one sentence"), said(_("Control, governance, silence and wrongful restriction together"))),
        ("burden", _("Who bears it"), ratios),
        (
            "lives",
            _("Lives"),
            words.say(_("{count} synthetic people, each in both arms"), count=lives) if lives else "",
        ),
        ("time", _("Over time"), said(_("Every figure of both arms, year by year")) if data.series else ""),
        ("places", _("Districts"), _districts(data, ListedShare, words)),
        ("claim", _("Control and governance"), verdict),
        ("field", _("Field study"), said(_("What a study in the field would estimate")) if field else ""),
        ("cost", _("What it costs"), _cost(data, words)),
        (
            "measures",
            _("Every measure"),
            words.say(_("{count} measures with formula, unit, both arms and the change"), count=len(data.measures)),
        ),
        ("assumptions", _("Assumptions"), _assumed(assumptions, words)),
        (
            "provenance",
            _("How this was made"),
            said(_("Scenario, random seed, digests and versions: the same bytes on any machine")),
        ),
    ]
    return [Fold(name, said(title), text) for name, title, text in found if text]


def _size(data: ReportData, words: Words) -> str:
    run, people = data.scenario.run, words.figures(f"{data.scenario.society.citizens:,}")
    return words.say(
        _("{people} synthetic citizens in two arms over {weeks} weeks; replicates: {replicates}"),
        people=people,
        weeks=words.figures(f"{run.weeks:,}"),
        replicates=data.replicates,
    )


def _assumed(assumptions: Assumptions, words: Words) -> str:
    return words.say(
        _("{assumed} of {parameters} parameters are assumptions; each has its range and source"),
        assumed=assumptions.assumed,
        parameters=assumptions.parameters,
    )


def _districts(data: ReportData, measure: type[Measure], words: Words) -> str:
    """The range over districts of what the regime changes in a measure; nothing where it is undefined in all of them."""
    factor, unit = (100.0, _("percentage points")) if measure.unit == "share" else (1.0, measure.unit)
    changes = factor * data.district_changes[measure]
    known = changes[np.isfinite(changes)]
    if not len(known):
        return ""
    digits = significant(float(np.ptp(known)) or abs(float(known[0])))
    low, high = (f"{value:+.{digits}f}".replace("-", "−") for value in (known.min(), known.max()))
    return words.say(
        _("{title}: the regime changes it by {low} to {high} {unit}, from district to district"),
        title=words.gettext(measure.title),
        low=words.figures(low),
        high=words.figures(high),
        unit=words.gettext(unit),
    )


def _burden(data: ReportData, words: Words) -> str:
    """The group that certainly bears most over the rest; nothing where no group is declared."""
    ratios = [
        (burden.title, group, ratio)
        for burden, found in data.burdens
        for group, ratio in zip(data.scenario.society.groups, found, strict=True)
    ]
    if not ratios:
        return ""
    certain = [one for one in ratios if one[2].low > 1.0]
    if not certain:
        return words.gettext(_("No group certainly bears more than the rest"))
    title, group, ratio = max(certain, key=lambda one: one[2].mean)
    return words.say(
        _("{title}: a member of the group “{group}” bears {times} times what one of the rest does"),
        title=words.gettext(title),
        group=words.gettext(group),
        times=words.figures(ratio.text(1, "")),
    )


def _cost(data: ReportData, words: Words) -> str:
    found = data.of(Cost)

    def shown(level: Estimate | None) -> str:
        known = level is not None and np.isfinite(level.mean)
        return words.figures(level.text(1, "").partition(" (")[0]) if level is not None and known else "–"

    return words.say(
        _("Control and rewards cost {under} welfare-weeks an adult and year, against {without} without the regime"),
        under=shown(found.regime),
        without=shown(found.reference),
    )
