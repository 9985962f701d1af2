"""The delta ODD: what differs between two scenarios, element by element, and nothing else."""

from collections.abc import Callable, Mapping
from itertools import zip_longest
from typing import TypeVar

from glasshouse.model.component import Component
from glasshouse.model.declarations import Table
from glasshouse.population.figures import Figure
from glasshouse.population.marginals import Marginal, Marginals, Shape
from glasshouse.population.marginals_files import label, load
from glasshouse.report.document import Document, Grid, Listing, Part, Section, Text
from glasshouse.report.odd.dependencies import Wiring, summary
from glasshouse.report.odd.details import figures_of, meaning, shapes_of
from glasshouse.scenario.parameter_provenance import Value, reason, tables_by_mechanism, values
from glasshouse.scenario.run_settings import ChangeDate
from glasshouse.scenario.scenario import Scenario
from glasshouse.scenario.tables import CHANGE, REFERENCE, TEXTS, properties, tables
from glasshouse.scenario.toml_text import toml_value

T = TypeVar("T")

SCALES = ("weeks", "citizens", "district_size")
"""Settings of [run] and [society] that belong to the scales."""

ELEMENTS = ("Purpose and patterns", "Entities, state variables and scales", "Process overview and scheduling",
            "Design concepts", "Initialization", "Input data", "Submodels")  # fmt: skip


def delta(scenario: Scenario, against: Scenario) -> Document:
    """What `scenario` does otherwise than `against`; a document without sections if nothing differs.

    Parameters
    ----------
    scenario : Scenario
        The scenario.
    against : Scenario
        The scenario that it is compared with.

    Returns
    -------
    Document
        The document.
    """
    parts_of: dict[int, list[Part]] = {
        1: _texts(scenario, against),
        2: _settings(scenario, against, lambda value: value.name in SCALES) + _mechanisms(scenario, against),
        3: _settings(scenario, against, _is_date) + _dates(scenario, against) + _order(scenario, against),
        5: _settings(scenario, against, _of_the_start),
        6: _marginals(scenario.society.marginals, against.society.marginals),
        7: _parameters(scenario, against) + _rest(scenario, against),
    }
    sections = tuple(
        Section(f"element-{number}", f"{number}. {ELEMENTS[number - 1]}", tuple(parts))
        for number, parts in parts_of.items()
        if parts
    )
    return Document(
        "Delta ODD: the difference between two scenarios of Glasshouse",
        f"“{scenario.title}” against “{against.title}”",
        (Text(_lead(scenario, against, [number for number, parts in parts_of.items() if parts])),),
        sections,
    )


def _is_date(value: Value) -> bool:
    """Whether it says when which rules are in force."""
    return value.unit == "weeks" and value.name not in SCALES


def _of_the_start(value: Value) -> bool:
    """Whether it belongs to the population or the random seed that a run begins with."""
    return not _is_date(value) and value.name not in {*SCALES, "marginals"}


def _lead(scenario: Scenario, against: Scenario, differing: list[int]) -> str:
    names = f"`{scenario.name}` (values {scenario.digest[:12]}) and `{against.name}` (values {against.digest[:12]})"
    if not differing:
        return f"Nothing differs between {names}: title, words and every value in force are the same in both arms."
    same = [f"{n} ({title})" for n, title in enumerate(ELEMENTS, 1) if n not in differing]
    return (
        f"The scenarios are {names}. This document says only what differs, by the elements of the ODD protocol (Grimm et "
        "al. 2020, doi:10.18564/jasss.4259); what follows from a value is not said again. "
        + (f"The same in both: {', '.join(same)}." if same else "")
    )


def _texts(scenario: Scenario, against: Scenario) -> list[Part]:
    pairs = (("Title", against.title, scenario.title), ("About", against.about, scenario.about))
    rows = tuple(pair for pair in pairs if pair[1].strip() != pair[2].strip())
    return [Grid(("What", *_heads(scenario, against)), rows)] if rows else []


def _heads(scenario: Scenario, against: Scenario) -> tuple[str, str]:
    """What the columns of the two scenarios are called: their names, or “this” and “the other” where these are one."""
    same = scenario.name == against.name
    return ("the other", "this scenario") if same else (against.name, scenario.name)


def _settings(scenario: Scenario, against: Scenario, wanted: Callable[[Value], bool]) -> list[Part]:
    """Settings of [run], [society], [agencies] and [conduct_kinds] that differ."""
    rows = []
    shared: tuple[tuple[str, Table, Table], ...] = (
        ("run", scenario.run, against.run),
        ("society", scenario.society, against.society),
        ("agencies", scenario.declared.agencies, against.declared.agencies),
        ("conduct_kinds", scenario.declared.conduct_kinds, against.declared.conduct_kinds),
    )
    for table, this, other in shared:
        for mine, its in zip(values(this, this, (), scenario), values(other, other), strict=True):
            if mine.regime != its.regime and wanted(mine):
                label = f"`{table}.{mine.name}`"
                rows.append((label, mine.meaning, mine.unit, its.regime, mine.regime, mine.regime_reason))
    head = ("Setting", "Meaning", "Unit", *_heads(scenario, against), "Reason")
    return [Grid(head, tuple(rows), (3, 4))] if rows else []


def _dates(scenario: Scenario, against: Scenario) -> list[Part]:
    """Weeks in which the regimes change, where they differ."""
    mine, its = ([change.week for change in found.changes] for found in (scenario, against))
    if mine == its:
        return []
    declared = properties(ChangeDate)["week"]
    abouts = [change.about for change in scenario.changes]
    rows = tuple(
        (
            f"`{CHANGE}.{number}.week`",
            declared["description"],
            declared["unit"],
            *(_text(week) for week in weeks),
            about or "",
        )
        for number, (*weeks, about) in enumerate(zip_longest(its, mine, abouts), 1)
        if weeks[0] != weeks[1]
    )
    return [Grid(("Setting", "Meaning", "Unit", *_heads(scenario, against), "Reason"), rows, (3, 4))]


def _text(week: int | None) -> str:
    return "none" if week is None else str(week)


def _types(scenario: Scenario) -> dict[str, type[Component]]:
    return {mechanism.name: type(mechanism) for mechanism in scenario.mechanisms}


def _mechanisms(scenario: Scenario, against: Scenario) -> list[Part]:
    """Mechanisms that only one of the two has, or that are not the same class in both."""
    mine, its = _types(scenario), _types(against)
    items = [f"Only here: `{name}`, {summary(mine[name])}." for name in mine if name not in its]
    items += [f"Not here: `{name}`, {summary(its[name])}." for name in its if name not in mine]
    items += [f"Another mechanism of the same name: `{n}`." for n in mine if n in its and mine[n] is not its[n]]
    return [Listing(tuple(items))] if items else []


def _order(scenario: Scenario, against: Scenario) -> list[Part]:
    """The order of a week, where it differs among the mechanisms of both."""
    mine, its = _types(scenario), _types(against)
    orders = [[name for name in names if name in mine and name in its] for names in (its, mine)]
    if orders[0] == orders[1]:
        return []
    pictures = [", ".join(f"`{step.name}`" for step in Wiring(tuple(found.values())).steps) for found in (its, mine)]
    return [Grid(_heads(scenario, against), (tuple(pictures),))]


def _marginals(mine: str, its: str) -> list[Part]:
    """Tables and figures of the marginals that differ."""
    if mine == its:
        return []
    facts, others = load(mine), load(its)
    rows = _changed(_tables(others), _tables(facts), _shares)
    rows += _changed(figures_of(others), figures_of(facts), _value)
    rows += _changed(shapes_of(others), shapes_of(facts), _shares)
    rows += _changed(others.meanings.given(), facts.meanings.given(), str)
    here, there = label(mine), label(its)
    words = f"The population is drawn from `{here}` (“{facts.title}”) instead of `{there}` (“{others.title}”)."
    return [Text(words), *([Grid(("Marginal", there, here), tuple(rows))] if rows else [])]


def _changed(
    before: Mapping[str, T], after: Mapping[str, T], described: Callable[[T], str]
) -> list[tuple[str, str, str]]:
    """A row for each entry that differs; what one of the files leaves out is “none”."""

    def text_of(entry: T | None) -> str:
        return "none" if entry is None else described(entry)

    names = [name for name in dict.fromkeys((*before, *after)) if before.get(name) != after.get(name)]
    return [(f"`{name}`", text_of(before.get(name)), text_of(after.get(name))) for name in names]


def _tables(facts: Marginals) -> dict[str, Marginal]:
    return {name: table for name, table in dict(facts).items() if isinstance(table, Marginal)}


def _shares(table: Marginal | Shape) -> str:
    return f"{'; '.join(f'{cell} {share:g}' for cell, share in table.cells.items())}. {table.source}"


def _value(figure: Figure) -> str:
    return f"{figure.value:,g}. {figure.source}"


def _parameters(scenario: Scenario, against: Scenario) -> list[Part]:
    """Parameters that differ, a row for each arm, or one for both where both arms change alike."""
    others = {table[0].name: table for table in tables_by_mechanism(against)}
    rows: list[tuple[str, ...]] = []
    for table in tables_by_mechanism(scenario):
        name = table[0].name
        if name in others and type(others[name][0]) is type(table[0]):
            mine, its = values(*table, scenario), values(*others[name], against)
            for this, other in zip(mine, its, strict=True):
                rows += _differences(name, this, other)
    head = ("Parameter", "Meaning", "Unit", "Arm", *_heads(scenario, against), "Rests on", "Reason")
    return [Grid(head, tuple(rows), (4, 5))] if rows else []


def _differences(table: str, this: Value, other: Value) -> list[tuple[str, ...]]:
    start = (f"`{table}.{this.name}`", this.meaning, this.unit)
    regime = (other.regime, this.regime)
    reference = (other.reference, this.reference)
    weeks = sorted({one.week for value in (this, other) for one in value.changed})
    dated = {week: (other.in_week(week)[0], this.in_week(week)[0]) for week in weeks}
    if regime[0] != regime[1] and {regime, reference, *dated.values()} == {regime}:
        return [(*start, "both", *regime, this.regime_basis, this.regime_reason)]
    follows = this.regime_reason if this.reference == this.regime else ""
    pairs = [
        ("reference", reference, this.reference_basis, this.reference_reason or follows),
        ("regime", regime, this.regime_basis, this.regime_reason),
    ]
    last = regime
    for week, pair in dated.items():
        if pair != last:
            pairs.append((f"from week {week:,}", pair, *this.in_week(week)[1:]))
        last = pair
    return [(*start, arm, *pair, rests, why) for arm, pair, rests, why in pairs if pair[0] != pair[1]]


def _rest(scenario: Scenario, against: Scenario) -> list[Part]:
    """Settings beside the tables above that differ, as they are written."""
    mine, its = scenario.settings(), against.settings()
    known = {
        *TEXTS,
        REFERENCE,
        CHANGE,
        *tables(tuple(_types(scenario).values())),
        *tables(tuple(_types(against).values())),
    }
    rows = tuple(
        (
            f"`{'.'.join(keys)}`",
            *(meaning(scenario if keys in mine else against, keys)),
            *(toml_value(found[keys]) if keys in found else "not set" for found in (its, mine)),
            reason(scenario, keys, mine.get(keys)),
        )
        for keys in dict.fromkeys((*its, *mine))
        if keys[0] not in known and its.get(keys) != mine.get(keys)
    )
    return [Grid(("Setting", "Meaning", "Unit", *_heads(scenario, against), "Reason"), rows, (3, 4))] if rows else []
