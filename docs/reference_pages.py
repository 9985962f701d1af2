"""Pages of the documentation that are generated from the code: measures, mechanisms, scenario tables, the ODD description."""

import inspect
import sys
from pathlib import Path

import glasshouse as gh
from glasshouse.cli import json_shapes
from glasshouse.cli.json_shapes import SHAPES
from glasshouse.model.agency_table import AgencyTable
from glasshouse.model.component import Component
from glasshouse.model.conduct_kind_table import ConductKindTable
from glasshouse.model.declarations import Table
from glasshouse.model.measure import Measure
from glasshouse.model.measures import CATALOGUE as MEASURES
from glasshouse.model.mechanisms import CATALOGUE as MECHANISMS
from glasshouse.model.optional import OPTIONAL
from glasshouse.model.plugin import in_week
from glasshouse.population.synthesis import PopulationTable
from glasshouse.report.document import Document, Grid, Part, Section, Text, Verbatim, markdown
from glasshouse.scenario.parameter_provenance import values
from glasshouse.scenario.run_settings import Run

sys.path.insert(0, str(Path(__file__).parent))
from trace_page import trace

NOTE = "This page is generated from the declarations in the code."
KIND = "Reference"


def write(folder: Path) -> None:
    """Write every generated page; a page whose text has not changed keeps its time, so that it is not built again.

    Parameters
    ----------
    folder : Path
        Where they go, as Markdown.
    """
    folder.mkdir(exist_ok=True)
    documents = {
        "json-output": _json_output(),
        "measures": _measures(),
        "mechanisms": _mechanisms(),
        "scenario-tables": _scenario_tables(),
        "trace": trace(),
    }
    pages = {name: markdown(document) for name, document in documents.items()}
    pages["odd"] = gh.describe("social-governance")
    for name, whole in pages.items():
        text = whole[
            whole.index("# ") :
        ]  # from the title on, without the line above it that says what kind of document it is
        page = folder / f"{name}.md"
        if not page.exists() or page.read_text(encoding="utf-8") != text:
            page.write_text(text, encoding="utf-8")


def _measures() -> Document:
    parts = (
        Section("people", "What the regime does to people", (_rows(people=True),)),
        Section("state", "What the regime does to the state", (_rows(people=False),)),
    )
    lead = Text(
        f"{NOTE} A measure is a formula over the sums of an arm or of both; its effect is the difference between the arms. "
        "Measures of the state are shown and compared, and nothing searches for settings that raise them."
    )
    return Document(KIND, "Measures", (lead,), parts)


def _rows(*, people: bool) -> Grid:
    rows = tuple(
        (f"`{one.name}`", one.title, one.unit, one.formula, _interval(one), one.source)
        for one in (*MEASURES, *(measure for plugin in OPTIONAL for measure in plugin.measures))
        if one.people == people
    )
    return Grid(("Measure", "Title", "Unit", "Formula", "Interval", "Source"), rows)


def _interval(measure: type[Measure]) -> str:
    return f"none: {measure.no_interval}" if measure.no_interval else "95 %, jackknife"


def _mechanisms() -> Document:
    built_in = [one for one in in_week(MECHANISMS, OPTIONAL) if one.model_fields]
    lead = Text(
        f"{NOTE} Each mechanism is a table of a scenario file, in the order of a week. A lever is what a regime sets, an "
        "uncertainty how people and the world are, an assumption an uncertainty that may differ between the arms. A study "
        "varies a parameter over its prior."
    )
    return Document(KIND, "Mechanisms and parameters", (lead,), tuple(_mechanism(one) for one in built_in))


def _mechanism(mechanism: type[Component]) -> Section:
    summary, _, rest = inspect.cleandoc(mechanism.__doc__ or "").partition("\n")
    parts: list[Part] = [Text(summary)]
    if rest.strip():
        parts.append(Verbatim(rest.strip()))
    return Section(mechanism.name, f"`{mechanism.name}`", (*parts, _parameters(mechanism())))


def _parameters(table: Table) -> Grid:
    rows = tuple(
        (f"`{one.name}`", one.meaning, one.unit, one.usual, one.bounds, one.prior, one.role, one.source or "assumption")
        for one in values(table, table)
    )
    return Grid(("Parameter", "Meaning", "Unit", "Default", "Range", "Prior", "Role", "Source"), rows, (3,))


def _json_output() -> Document:
    lead = Text(
        f"{NOTE} With `--json` a command prints one object on standard output; progress and messages go to standard error. "
        "A number that does not exist, such as a limit of an interval from one replicate, is null. "
        "`glasshouse schema --of COMMAND` prints the same as JSON Schema."
    )
    sections = []
    for command, shape in SHAPES.items():
        parts = [
            part
            for one in json_shapes.below(shape)
            for part in (Text(f"`{one.__name__}`: {inspect.getdoc(one)}"), _fields(one))
        ]
        name = command.replace(" ", "-")
        sections.append(Section(name, f"`glasshouse {command} --json`", tuple(parts)))
    return Document(KIND, "JSON output", (lead,), tuple(sections))


def _fields(shape: type) -> Grid:
    rows = tuple((f"`{key}`", f"`{kind}`", text) for key, kind, text in json_shapes.fields(shape))
    return Grid(("Key", "Type", "Meaning"), rows)


def _scenario_tables() -> Document:
    lead = Text(
        f"{NOTE} A scenario file is TOML. It may extend another file (`extends`), has a `title` and a text (`about`), the "
        "four tables of this page, and a table for each mechanism."
    )
    sections = (
        Section("run", "`[run]`", (Text(inspect.cleandoc(Run.__doc__ or "")), _parameters(Run(weeks=520, start=104)))),
        Section(
            "society",
            "`[society]`",
            (Text(inspect.cleandoc(PopulationTable.__doc__ or "")), _parameters(PopulationTable())),
        ),
        Section(
            "agencies",
            "`[agencies]`",
            (Text(inspect.cleandoc(AgencyTable.__doc__ or "")), _parameters(AgencyTable())),
        ),
        Section(
            "conduct_kinds",
            "`[conduct_kinds]`",
            (Text(inspect.cleandoc(ConductKindTable.__doc__ or "")), _parameters(ConductKindTable())),
        ),
    )
    return Document(KIND, "Tables of a scenario", (lead,), sections)
