"""The tables and texts that a scenario file can have, and what each setting of a table declares."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from glasshouse.errors import ScenarioError
from glasshouse.model.agency_table import AgencyTable
from glasshouse.model.conduct_kind_table import ConductKindTable
from glasshouse.model.declarations import Table
from glasshouse.model.mechanisms import CATALOGUE
from glasshouse.model.plugin import Catalogue
from glasshouse.population.synthesis import PopulationTable
from glasshouse.scenario.run_settings import ChangeDate, Run
from glasshouse.scenario.toml_lines import Keys

REFERENCE = "reference"
"""The table of tables that say what differs in the reference arm."""

CHANGE = "change"
"""The array of tables that say what differs in the regime from a week on, addressed by their number from 1."""

SHARED = ("run", "society", "agencies", "conduct_kinds")
"""Tables that both arms share, in all weeks."""

TEXTS = {"title": 200, "about": 20_000}
"""The settings that stand before all tables, with the characters they may have; `extends` is the third."""


def tables(catalogue: Catalogue = CATALOGUE) -> dict[str, type[Table]]:
    """List the tables that a scenario can have.

    Parameters
    ----------
    catalogue : Catalogue
        The mechanisms; each is a table.

    Returns
    -------
    dict of str to type
        The tables by name: those of `SHARED` first, then the mechanisms in order.

    Raises
    ------
    ScenarioError
        If two tables claim one name.
    """
    shared = (Run, PopulationTable, AgencyTable, ConductKindTable)
    found: dict[str, type[Table]] = dict(zip(SHARED, shared, strict=True))
    for model in catalogue:
        if model.name in {*found, *TEXTS, "extends", REFERENCE, CHANGE}:
            raise ScenarioError(f"mechanism {model.name}: another table has this name. Rename the mechanism.")
        found[model.name] = model
    return found


@lru_cache(maxsize=256)
def properties(model: type[Table]) -> Mapping[str, Mapping[str, Any]]:
    """Read the JSON Schema of each setting of a table.

    Parameters
    ----------
    model : Table type
        The table.

    Returns
    -------
    mapping of str to mapping
        The schemas, by key of the setting.
    """
    found: dict[str, Any] = model.model_json_schema().get("properties", {})
    return found


def in_full(name: str, tables: Mapping[str, type[Table]]) -> Keys:
    """Split the name of a setting, such as `table.key`, into its parts.

    Parameters
    ----------
    name : str
        Name of the setting. A table that both arms share may be left out, as in `weeks` or `citizens`.
    tables : mapping of str to type
        The tables that the scenario can have, by name.

    Returns
    -------
    Keys
        Table and key, with the table added where it was left out.
    """
    keys = tuple(name.split("."))
    owners = [table for table in SHARED if keys[0] in tables[table].model_fields]
    return (owners[0], *keys) if len(keys) == 1 and len(owners) == 1 and keys[0] not in TEXTS else keys


def model_at(table: Keys, tables: Mapping[str, type[Table]]) -> type[Table]:
    """What declares the settings of a table.

    Parameters
    ----------
    table : tuple of str
        Names of the table and of those around it, such as `("lists",)`, `("change", "1")` or `("change", "1", "lists")`.
    tables : mapping of str to type
        The tables that the scenario can have, by name.

    Returns
    -------
    Table type
        The declaration.
    """
    return ChangeDate if table[0] == CHANGE and len(table) == 2 else tables[table[-1]]


def without_arm(keys: Keys) -> Keys:
    """Leave out the arm or the change that a setting is given for.

    Parameters
    ----------
    keys : tuple of str
        Full name of a setting, such as `("reference", "lists", "leave")` or `("change", "1", "lists", "leave")`.

    Returns
    -------
    tuple of str
        The name without them, `("lists", "leave")`.
    """
    return keys[{REFERENCE: 1, CHANGE: 2}.get(keys[0], 0) :]
