"""The first three elements of ODD: purpose and patterns; entities, state variables and scales; process and schedule."""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import partial
from math import isinf

from glasshouse.model.agencies import BASIS_NAMES, THE_FIVE, Agencies
from glasshouse.model.component import KERNELS
from glasshouse.model.declarations import Column, Sum, Trait
from glasshouse.model.entities import ALIGN
from glasshouse.model.measures import CATALOGUE as MEASURES
from glasshouse.model.measures import PAIRINGS
from glasshouse.report.document import Grid, Part, Picture, Section, Text, joined
from glasshouse.report.odd.dependencies import (
    KINDS,
    PLURALS,
    TRAITS,
    How,
    Link,
    Step,
    Wiring,
    columns,
    heading,
    summary,
)
from glasshouse.report.week_diagram import caption, week
from glasshouse.results.totals import YEAR
from glasshouse.scenario.parameter_provenance import cited, span, tables_by_mechanism, values
from glasshouse.scenario.scenario import Scenario


def purpose(scenario: Scenario) -> Section:
    """Element 1: what the model is for, and the patterns that its declarations cite.

    Parameters
    ----------
    scenario : Scenario
        The scenario.

    Returns
    -------
    Section
        The section of the description.
    """
    parts: list[Part] = [
        Text(
            "Glasshouse runs a regime that observes, records, scores, lists and sanctions people as an agent-based model "
            "on a wholly synthetic population in two arms, regime and reference, with the same people "
            "and common random numbers. Its purpose is to show what follows from stated assumptions, for people and for the "
            "state. It holds no record of a real person and predicts the future of no country."
        ),
        Text(f"This scenario is “{scenario.title}”. {scenario.about}"),
    ]
    found = _patterns(scenario)
    if found:
        parts += [
            Text(
                "Patterns are the stylised facts of the project's fact sheet (`docs/facts.md`, rows F). The declarations "
                "cite these, and that is where the model has to meet them:"
            ),
            Grid(("Fact", "Cited by"), tuple((fact, ", ".join(places)) for fact, places in found.items())),
        ]
    return Section("purpose", "1. Purpose and patterns", tuple(parts))


def _patterns(scenario: Scenario) -> dict[str, list[str]]:
    """For each stylised fact that a declaration cites, the declarations that do."""
    texts = [(f"`{type(m).name}`", type(m).__doc__ or "") for m in scenario.mechanisms]
    for tables in tables_by_mechanism(scenario):
        for value in values(*tables, scenario):
            dated = " ".join(one.reason for one in value.changed)
            effects = f"{value.source} {value.regime_reason} {value.reference_reason} {dated}"
            texts.append((f"`{tables[0].name}.{value.name}`", effects))
    texts += [(f"measure `{measure.name}`", measure.source) for measure in MEASURES]
    found: dict[str, list[str]] = defaultdict(list)
    for place, effects in texts:
        for row in cited(effects):
            if re.fullmatch(r"F\d+", row):
                found[row].append(place)
    return dict(sorted(found.items(), key=lambda item: int(item[0][1:])))


def entities(scenario: Scenario, wiring: Wiring) -> Section:
    """Element 2: every kind of entity with its traits and changing columns, what is counted, and the scales.

    Parameters
    ----------
    scenario : Scenario
        The scenario.
    wiring : Wiring
        The steps of the model and what each reads.

    Returns
    -------
    Section
        The section of the description.
    """
    kinds = [kind for kind in KINDS if TRAITS.get(kind) or any(columns(m, kind) for m in wiring.mechanisms)]
    named = joined([PLURALS.get(kind, kind) for kind in kinds])
    return Section(
        "entities",
        "2. Entities, state variables and scales",
        (
            Text(
                f"The entities are {named}. Traits are fixed by the synthesis of the population; state variables change from "
                "week to week, each has one mechanism that owns it, and only its owner assigns it. Agencies are no "
                "entities of their own: they are the places of the vectors below. A trait that no mechanism reads serves the "
                "synthesis, the ties or the counting by groups."
            ),
        ),
        (
            *(_kind(kind, wiring) for kind in kinds),
            _shown(wiring),
            _agencies(scenario.declared.complete),
            _counted(wiring, scenario),
            _scales(scenario),
        ),
    )


def _kind(kind: str, wiring: Wiring) -> Section:
    parts: list[Part] = []
    traits = TRAITS.get(kind, ())
    if traits:
        head = ("Trait", "Unit", "Range", "Meaning", "Read by mechanisms")
        readers = {t.name: [s.name for s in wiring.steps if (kind, t.name) in wiring.traits_read(s)] for t in traits}
        parts.append(
            Grid(head, tuple((f"`{t.name}`", t.unit, _range(t), t.doc, _codes(readers[t.name])) for t in traits))
        )
    pairs = [(mechanism, column) for mechanism in wiring.mechanisms for column in columns(mechanism, kind)]
    if pairs:
        rows = tuple(
            (f"`{c.name}`{_length(c)}", f"`{m.name}`", c.unit, _range(c), f"{c.initial:g}", c.doc) for m, c in pairs
        )
        parts.append(Grid(("State variable", "Owner", "Unit", "Range", "At first", "Meaning"), rows, (4,)))
    else:
        parts.append(Text("No mechanism of this scenario keeps a state variable for them."))
    return Section(f"entities-{kind}", heading(kind), tuple(parts))


def _shown(wiring: Wiring) -> Section:
    """What citizens show one another and send one another."""
    signals = [(f"`{s.name}`", f"`{m.name}`", s.doc) for m in wiring.mechanisms for s in m.signals]
    inboxes = [(f"`{i.name}`", f"`{m.name}`", i.unit, i.doc) for m in wiring.mechanisms for i in m.inboxes]
    parts: list[Part] = [
        Text(
            "Ties join citizens and do not change: household members, colleagues, neighbours, relatives elsewhere and "
            "online contacts. Along them travel only signals, yes or no, which contacts see in the week after."
        ),
        Grid(("Signal", "Owner", "Meaning: the citizen …"), tuple(signals)),
    ]
    if inboxes:
        parts += [
            Text("What one citizen's steps send to another arrives a week later and adds up in an inbox:"),
            Grid(("Inbox", "Owner", "Unit", "Meaning"), tuple(inboxes)),
        ]
    return Section("signals", "What citizens show and send", tuple(parts))


def _agencies(declared: Agencies) -> Section:
    agencies = tuple(
        (agency, context, BASIS_NAMES[basis], ", ".join(declared.kinds.names[kind] for kind in kinds))
        for agency, context, basis, kinds in zip(
            declared.names, declared.contexts, declared.bases, declared.recorded(), strict=True
        )
    )
    head = ("Agency", "Context that it controls", "Sees people by", "Kinds of breach that concern it")
    parts: list[Part] = [
        Text("Vectors by agency, context or kind of breach have their elements in this order:"),
        Grid(head, agencies),
    ]
    if declared.kinds != THE_FIVE:
        kinds = tuple(
            (name, THE_FIVE.names[alike], "yes" if money else "no")
            for name, alike, money in zip(declared.kinds.names, declared.kinds.alike, declared.kinds.money, strict=True)
        )
        parts.append(Grid(("Kind of breach", "Like", "More of it in hardship"), kinds))
    return Section("agencies", "Agencies", tuple(parts))


def _counted(wiring: Wiring, scenario: Scenario) -> Section:
    """The sums: all that a run keeps."""
    rows = [
        (f"`{total.name}`", f"`{m.name}`", total.unit, _storage(total)) for m in wiring.mechanisms for total in m.sums
    ]
    rows += [
        (f"`{total.name}`", f"`{pairing.name}`, both arms", total.unit, _storage(total))
        for pairing in PAIRINGS
        for total in pairing.sums
    ]
    return Section(
        "sums",
        "What is counted",
        (
            Text(
                "A run keeps totals and no entity's life. Each is summed by week and group cell and by year and district; "
                f"the groups are {', '.join(scenario.society.groups)}. Amounts are kept in whole steps of the size in "
                "brackets, so that the order of adding changes nothing."
            ),
            Grid(("Sum", "Kept by", "Unit", "Meaning"), tuple(rows)),
        ),
    )


def _storage(total: Sum) -> str:
    step = f" (steps of 1/{total.scale:,})" if total.scale > 1 else ""
    return total.doc + step + ("; also by week and district" if total.weekly_by_district else "")


def _scales(scenario: Scenario) -> Section:
    run, society = scenario.run, scenario.society
    size = -(-society.district_size // ALIGN) * ALIGN
    rows = (
        ("Step of time", f"one week; a year is {YEAR} weeks"),
        ("Length of a run", f"{run.weeks:,} weeks"),
        ("Citizens", f"{society.citizens:,}"),
        ("Citizens of a district", f"{size:,}, the last one's aside"),
        ("Space", "districts, unordered; distance plays no part but in who is whose contact"),
        ("Welfare", "welfare-weeks (ww): one week of the median citizen's welfare"),
    )
    return Section("scales", "Scales", (Grid(("Scale", "In this scenario"), rows),))


def schedule(scenario: Scenario, wiring: Wiring) -> Section:
    """Element 3: the week, step by step, and when which arm is under which rules.

    Parameters
    ----------
    scenario : Scenario
        The scenario.
    wiring : Wiring
        The steps of the model and what each reads.

    Returns
    -------
    Section
        The section of the description.
    """
    order = ", then ".join(
        f"{PLURALS.get(kind, kind)} ({_places([step for step in wiring.steps if step.kind == kind])})"
        for kind in KERNELS
        if any(step.kind == kind for step in wiring.steps)
    )
    rows = tuple(_step(step, wiring) for step in wiring.steps)
    head = ("Step", "Who", "Mechanism", "Reads of this week", "Reads of last week", "Assigns", "Draws; adds; sends")
    return Section(
        "schedule",
        "3. Process overview and scheduling",
        (
            Text(
                f"A week takes {len(wiring.steps)} steps in a fixed order: {order}. Every citizen goes through all of a "
                "citizen's steps before the next citizen does, and nothing depends on who comes first: what others show, "
                "what entities of other kinds keep, and what a later step owns is read as last week left it."
            ),
            Picture("A week", partial(week, wiring), caption(wiring), in_words(wiring)),
            Grid(head, rows, (0,)),
            Text(_rules(scenario)),
        ),
    )


def in_words(wiring: Wiring) -> str:
    """Describe the order of a week and its readings in a paragraph: what a picture of it says.

    Parameters
    ----------
    wiring : Wiring
        The steps of the model and what each reads.

    Returns
    -------
    str
        The paragraph.
    """
    parts = []
    for kind in KERNELS:
        steps = [step for step in wiring.steps if step.kind == kind]
        if steps:
            names = ", ".join(f"{step.place} {step.name}" for step in steps)
            parts.append(f"{heading(kind)}: {names}")
    pairs = {how: len({(a.reader.place, a.owner.place) for a in wiring.links if a.how == how}) for how in WORDS}
    counts = ", ".join(f"{number} {WORDS[how]}" for how, number in pairs.items() if number)
    return f"The week in order. {'; '.join(parts)}; then the next week. Readings from step to step: {counts}."


WORDS: dict[How, str] = {
    "this week": "of this week's state",
    "last week": "of last week's state",
    "others": "of what contacts or household members showed last week",
    "total": "of this week's totals",
    "sent": "of what was sent last week",
    "ahead": "of what lies ahead in the reference arm",
}
"""How each kind of link is said."""


def _places(steps: list[Step]) -> str:
    first, last = steps[0].place, steps[-1].place
    return f"step {first}" if first == last else f"steps {first} to {last}"


def _step(step: Step, wiring: Wiring) -> tuple[str, ...]:
    links = [link for link in wiring.links if link.reader == step]
    now = [link for link in links if link.how in ("this week", "total")]
    before = [link for link in links if link.how not in ("this week", "total")]
    own = sorted({f"`{name}`" for record, name in step.effects.assigns})
    verbs = (("draws", step.effects.draws), ("adds", step.effects.adds), ("sends", step.effects.sends))
    return (
        str(step.place),
        step.kind,
        f"`{step.name}`: {summary(step.mechanism)}" if step == wiring.steps_of(step.mechanism)[0] else f"`{step.name}`",
        _fields(now),
        _fields(before),
        ", ".join(own),
        "; ".join(f"{verb} {', '.join(f'`{name}`' for name in names)}" for verb, names in verbs if names),
    )


def _codes(names: Iterable[str]) -> str:
    """Names as code, each once."""
    return ", ".join(dict.fromkeys(f"`{name}`" for name in names))


def _fields(links: list[Link]) -> str:
    """Fields with the records they are read from, each once."""
    return _codes(f"{link.record}.{link.field}" for link in links)


def _rules(scenario: Scenario) -> str:
    run = scenario.run
    began = (
        f"Both arms have the reference's values for the first {run.start:,} weeks; then the regime's values come "
        "into force in the regime arm"
        if run.start
        else "The regime's values are in force in the regime arm from the first week"
    )
    joining = (
        f", district by district in drawn order over {run.rollout:,} weeks; the centre's as soon as the first district "
        "has joined."
        if run.rollout
        else ", everywhere at once."
    )
    dates = [
        value for value in values(run, run) if value.unit == "weeks" and value.name not in ("weeks", "start", "rollout")
    ]
    others = [f" `{value.name}` is {value.regime}: {value.meaning}" for value in dates if value.regime != value.usual]
    changes = [
        f" From week {change.week:,} on the regime has other values{f': {change.about}' if change.about else ''}."
        for change in scenario.changes
    ]
    return began + joining + "".join((*changes, *others))


def _range(declared: Column | Trait) -> str:
    """The values that can occur; nothing for what is no quantity."""
    if declared.unit in ("yes or no", "index"):
        return ""
    if isinf(declared.low) and isinf(declared.high):
        return "any"
    return f"{declared.low:g} and more" if isinf(declared.high) else span((declared.low, declared.high))


def _length(column: Column) -> str:
    return f" ({column.length} elements)" if column.length > 1 else ""
