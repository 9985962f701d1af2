"""The last three elements of ODD: initialization, input data and submodels."""

from collections.abc import Iterator

from glasshouse.model.component import Component
from glasshouse.population.figures import Figure
from glasshouse.population.marginals import Marginal, Marginals, Shape
from glasshouse.population.marginals_files import label, load
from glasshouse.report.document import Grid, Part, Section, Text, Verbatim
from glasshouse.report.odd.dependencies import Wiring, summary
from glasshouse.scenario.parameter_provenance import MechanismTables, Value, reason, tables_by_mechanism, values
from glasshouse.scenario.scenario import Scenario
from glasshouse.scenario.tables import CHANGE, REFERENCE, TEXTS, properties, tables
from glasshouse.scenario.toml_lines import Keys
from glasshouse.scenario.toml_text import toml_value


def initialization(scenario: Scenario) -> Section:
    """Element 5: the population and its settings, and the first week.

    Parameters
    ----------
    scenario : Scenario
        The scenario.

    Returns
    -------
    Section
        The section of the description.
    """
    return Section(
        "initialization",
        "5. Initialization",
        (
            Text(
                "Each replicate draws a population of its own from published marginals, and both arms begin with it. Every "
                "state variable begins at the value that its declaration gives (element 2), every inbox and signal empty. "
                f"Weeks before the regime ({scenario.run.start:,} here) let the state settle under the reference's values."
            ),
            _one_arm(values(scenario.society, scenario.society, (), scenario)),
            Text("The run itself:"),
            _one_arm(values(scenario.run, scenario.run, (), scenario)),
        ),
    )


def _one_arm(found: Iterator[Value]) -> Grid:
    """Parameters that both arms share."""
    rows = tuple((f"`{v.name}`", v.meaning, v.unit, v.regime, v.bounds, v.prior, v.basis, _source(v)) for v in found)
    return Grid(("Setting", "Meaning", "Unit", "Value", "Range", "Prior", "Rests on", "Source"), rows, (3,))


def input_data(scenario: Scenario) -> Section:
    """Element 6: the published marginals, each table and figure with its source.

    Parameters
    ----------
    scenario : Scenario
        The scenario.

    Returns
    -------
    Section
        The section of the description.
    """
    facts = load(scenario.society.marginals)
    tables = [(name, getattr(facts, name)) for name in Marginals.model_fields]
    cells = tuple(_marginal(name, table) for name, table in tables if isinstance(table, Marginal))
    figures = tuple(_figure(name, figure) for name, figure in figures_of(facts).items())
    shapes = tuple(
        (f"`{name}`", _cells(shape), shape.source, shape.confidence) for name, shape in shapes_of(facts).items()
    )
    groups = facts.meanings.given()
    said = " ".join(f"Of the group `{name}` is who is {text}." for name, text in groups.items())
    return Section(
        "input",
        "6. Input data",
        (
            Text(
                "No series drives a run: after the population is drawn, nothing comes from outside. The population is drawn from "
                f"the marginals “{facts.title}” (`{label(scenario.society.marginals)}`), aggregates of at most three dimensions "
                "whose every cell stands for 50 people or more. Confidence says how a figure reached the file: seen in what "
                "the publisher issued, quoted by others, derived from such figures, recalled and not confirmed, or assumed."
            ),
            Text(said or "Nobody is a migrant, of a minority, or rural."),
            Grid(("Table", "Dimensions", "People", "Shares", "Source", "Confidence"), cells, (2,)),
            Grid(("Figure", "Value", "Source", "Confidence"), figures, (1,)),
            Text("Of a shape over age only the proportions count: its level follows from the tables."),
            Grid(("Shape", "Chance at each age", "Source", "Confidence"), shapes),
        ),
    )


def _marginal(name: str, table: Marginal) -> tuple[str, ...]:
    return (
        f"`{name}`",
        " × ".join(table.dimensions),
        f"{table.people:,}",
        _cells(table),
        table.source,
        _confidence(table),
    )


def _confidence(table: Marginal) -> str:
    """How the figures of a table reached its file, and which if it is not the same for all."""
    if isinstance(table.confidence, str):
        return table.confidence
    words = dict.fromkeys(table.confidence.values())
    cells = {word: [cell for cell, own in table.confidence.items() if own == word] for word in words}
    return "; ".join(f"{word}: {', '.join(found)}" for word, found in cells.items())


def _cells(table: Marginal | Shape) -> str:
    return "; ".join(f"{cell} {share:g}" for cell, share in table.cells.items())


def figures_of(facts: Marginals) -> dict[str, Figure]:
    """The single figures of a file of marginals, those that say how its tables are coupled included.

    Parameters
    ----------
    facts : Marginals
        The marginals.

    Returns
    -------
    dict of str to Figure
        The figures by name, without those that the file leaves out.
    """
    every = {**dict(facts.figures), **dict(facts.shapes.figures)}
    return {name: figure for name, figure in every.items() if isinstance(figure, Figure)}


def shapes_of(facts: Marginals) -> dict[str, Shape]:
    """The shapes over age of a file of marginals.

    Parameters
    ----------
    facts : Marginals
        The marginals.

    Returns
    -------
    dict of str to Shape
        The shapes by name.
    """
    return {name: shape for name, shape in dict(facts.shapes).items() if isinstance(shape, Shape)}


def _figure(name: str, figure: Figure) -> tuple[str, ...]:
    return (f"`{name}`", f"{figure.value:,g}", figure.source, figure.confidence)


def submodels(scenario: Scenario, wiring: Wiring) -> Section:
    """Element 7: every mechanism with its equations and its parameters in both arms.

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
    every = [value for tables in tables_by_mechanism(scenario) for value in values(*tables, scenario)]
    kinds = ("published", "calibrated", "assumed", "chosen")
    counts = ", ".join(f"{sum(value.basis == kind for value in every)} {kind}" for kind in kinds)
    mixed = sum(value.basis not in kinds for value in every)
    sections = tuple(_submodel(tables, scenario, wiring) for tables in tables_by_mechanism(scenario))
    rest = _rest(scenario)
    return Section(
        "submodels",
        "7. Submodels",
        (
            Text(
                f"The mechanisms have {len(every)} parameters: {counts}"
                + (f", {mixed} resting on different things in different arms" if mixed else "")
                + ". A value is published if a publication gives its size; calibrated if it was set so that the model meets a "
                "published figure; assumed if no publication gives its size or part of it; chosen if the scenario sets it "
                "without a reason. Prior is the range over which a study varies it. Sources such as A5.4 are rows of the "
                "fact sheet (`docs/facts.md`); words in “ ” are the scenario file's own reasons for a value it sets."
            ),
        ),
        (*sections, rest) if rest is not None else sections,
    )


def _submodel(tables: MechanismTables, scenario: Scenario, wiring: Wiring) -> Section:
    regime, reference, changed = tables
    mechanism = type(regime)
    steps = wiring.steps_of(mechanism)
    runs = "; ".join(step.words for step in steps) or "it has no kernel and only keeps what others read"
    parts: list[Part] = [
        Text(f"Table `[{mechanism.name}]` of a scenario. Runs as {runs}."),
        Verbatim(_docstring(mechanism)),
    ]
    names = ("Reference", "Regime", *(f"From week {dated.week:,}" for dated in changed))
    columns = tuple(range(3, 3 + len(names)))
    rows = tuple(
        (f"`{v.name}`", v.meaning, v.unit, v.reference, v.regime, *(one.value for one in v.changed), v.bounds, v.prior,
         v.basis, _source(v))
        for v in values(*tables, scenario)
    )  # fmt: skip
    if rows:
        parts.append(
            Grid(("Parameter", "Meaning", "Unit", *names, "Range", "Prior", "Rests on", "Source"), rows, columns)
        )
    worked = [table.constants() for table in (reference, regime, *(dated.table for dated in changed))]
    if worked[0]:
        constants = tuple((f"`{name}`", *(f"{found[name]:.6g}" for found in worked)) for name in worked[0])
        parts.append(Text(f"Worked out from them. {_sentence(mechanism)}"))
        parts.append(Grid(("Constant", *names), constants, tuple(range(1, len(names) + 1))))
    return Section(f"submodel-{mechanism.name}", f"`{mechanism.name}`: {summary(mechanism)}", tuple(parts))


def _docstring(mechanism: type[Component]) -> str:
    """The mechanism's own words after the sentence that its heading says already, without indentation."""
    import inspect

    text = inspect.cleandoc(mechanism.__doc__ or "")
    return text.partition("\n\n")[2].strip() or text


def _sentence(mechanism: type[Component]) -> str:
    return " ".join((mechanism.constants.__doc__ or "").split("\n\n")[0].split())


def _source(value: Value) -> str:
    """The declared source, and what the scenario's files say behind the values they set."""
    reasons = [value.source or "no publication"]
    if value.regime_reason:
        reasons.append(f"“{value.regime_reason}”")
    if value.reference_reason:
        reasons.append(f"reference: “{value.reference_reason}”")
    before = ("", *(one.reason for one in value.changed))
    for one, last in zip(value.changed, before, strict=False):
        if one.reason and one.reason != last:
            reasons.append(f"from week {one.week:,}: “{one.reason}”")
    return "; ".join(reasons)


def _rest(scenario: Scenario) -> Section | None:
    """What the scenario sets beyond texts, shared tables and the mechanisms' tables."""
    known = {*tables(_catalogue(scenario)), *TEXTS, REFERENCE, CHANGE}
    rows = tuple(
        (f"`{'.'.join(keys)}`", *meaning(scenario, keys), toml_value(value), reason(scenario, keys, value))
        for keys, value in scenario.settings().items()
        if keys[0] not in known
    )
    if not rows:
        return None
    grid = Grid(("Setting", "Meaning", "Unit", "Value", "Reason"), rows, (3,))
    return Section("submodels-rest", "Further settings", (grid,))


def meaning(scenario: Scenario, keys: Keys) -> tuple[str, str]:
    """Look up what a setting means, in the table that its last two keys name.

    Parameters
    ----------
    scenario : Scenario
        The scenario whose mechanisms declare the setting.
    keys : tuple of str
        Keys of the setting, from the outermost table inwards.

    Returns
    -------
    tuple of str
        The description and the unit; both are empty where no such setting is declared.
    """
    model = tables(_catalogue(scenario)).get(keys[-2] if len(keys) > 1 else "")
    found = properties(model).get(keys[-1], {}) if model is not None else {}
    return str(found.get("description", "")), str(found.get("unit", ""))


def _catalogue(scenario: Scenario) -> tuple[type[Component], ...]:
    return tuple(type(mechanism) for mechanism in scenario.mechanisms)
