"""Dated changes of a regime: what is in force from which week on, and whether the dates follow one another.

A change says only what differs from then on. What it leaves out keeps what was in force before: what an earlier change
says, and else what the regime began with.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from glasshouse.model.component import Component
from glasshouse.model.plugin import Catalogue
from glasshouse.scenario.merging import MergedSettings
from glasshouse.scenario.messages import Faults
from glasshouse.scenario.run_settings import ChangeDate, Run
from glasshouse.scenario.tables import CHANGE
from glasshouse.scenario.toml_lines import position
from glasshouse.scenario.validation import Validator

MOST = 250
"""Changes that a scenario can have: a district keeps the number of the one in force in a byte."""


@dataclass(frozen=True)
class Change:
    """A dated change of the regime.

    Attributes
    ----------
    week : int
        Week from which it is in force.
    tables : tuple of Component
        Tables of the regime from then on, in the order of a week.
    about : str
        What changes; makes no difference to what is run.
    """

    week: int
    tables: tuple[Component, ...]
    about: str = ""


def changes_of(
    validator: Validator, run: Run | None, regime: Sequence[Component | None], mechanisms: Catalogue
) -> tuple[Change, ...]:
    """Check the changes of a scenario: their dates and their tables.

    Parameters
    ----------
    validator : Validator
        Checks tables of the merged settings, and takes a message for everything that cannot be run.
    run : Run or None
        The checked table [run]; None if it has faults.
    regime : sequence of Component or None
        The checked tables of the regime; None where one has faults.
    mechanisms : sequence of type
        The mechanisms, in the order of a week.

    Returns
    -------
    tuple of Change
        The changes in order; some are missing if there are faults.
    """
    settings, faults = validator.settings, validator.faults
    if settings.changes > MOST:
        text = f"the scenario has {settings.changes} changes. Give {MOST} at most."
        faults.add(settings.where((CHANGE, str(settings.changes))), text)
        return ()
    own = {keys[:3] for keys in settings.explicit_overrides() if keys[0] == CHANGE}
    found: list[Change] = []
    dates: list[ChangeDate | None] = []
    tables = tuple(regime)
    for number in map(str, range(1, settings.changes + 1)):
        tables = tuple(
            validator.table(model, (CHANGE, number, model.name)) if (CHANGE, number, model.name) in own else table
            for model, table in zip(mechanisms, tables, strict=True)
        )
        date = validator.table(ChangeDate, (CHANGE, number))
        dates.append(date)
        if date is not None and all(table is not None for table in tables):
            found.append(Change(date.week, tuple(table for table in tables if table is not None), date.about))
    _check_dates(settings, faults, run, dates)
    return tuple(found)


def _check_dates(settings: MergedSettings, faults: Faults, run: Run | None, dates: Sequence[ChangeDate | None]) -> None:
    """Adds a fault for each change without a week or without settings, and for weeks that do not follow one another."""
    before = None
    for number, date in enumerate(dates, 1):
        table = (CHANGE, str(number))
        if (*table, "week") not in settings.given:
            text = f"change {number} has no week. Add week = the week from which it is in force."
            faults.add(position(settings.home, table), text)
        elif str(number) not in settings.written:
            text = f"change {number} changes nothing. Say under it what differs from then on, as in [{CHANGE}.lists]"
            faults.add(settings.where(table), f"{text}, or remove it.")
        if date is None:
            continue
        text = _wrong_week(date.week, number, before, run)
        if text:
            _, source = settings.given[*table, "week"]
            faults.add(position(source, table, "week"), text)
        before = (number, date.week)


def _wrong_week(week: int, number: int, before: tuple[int, int] | None, run: Run | None) -> str:
    """What is wrong with the week of a change, and what to do; empty if nothing."""
    if before is not None and week == before[1]:
        return f"week = {week} is the week of change {before[0]} too. Put both in one change, or give them weeks of their own."
    if before is not None and week < before[1]:
        return (
            f"week = {week} of change {number} is before week {before[1]} of change {before[0]}. Give the changes in the "
            "order of their weeks."
        )
    if run is not None and week <= run.start:
        return f"week = {week} is not after the regime begins, start = {run.start}. Change it in a week from {run.start + 1} on."
    if run is not None and 0 < run.until <= week:
        return f"week = {week} finds the regime ended, until = {run.until}. Change it before week {run.until}, or end it later."
    return ""
