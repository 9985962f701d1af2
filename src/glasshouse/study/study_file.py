"""What a study file may contain. It is TOML, and checked as a whole, like a scenario."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar

from glasshouse.model.declarations import Table, param
from glasshouse.scenario.files import parse, read
from glasshouse.scenario.messages import Faults
from glasshouse.scenario.toml_lines import Source
from glasshouse.scenario.validation import checked
from glasshouse.study.prior_factors import UNCERTAINTIES, Group

T = TypeVar("T", bound=Table)

Kind = Literal[
    "grid", "one-at-a-time", "random", "latin-hypercube", "sobol", "saltelli", "morris", "staged-rollout", "sample"
]


class StudyFile(Table):
    """The contents of a study file; `settings` and `factors` are tables of settings by their names."""

    title: str = param("", "What is asked, in a line.", unit="", source="design")
    about: str = param("", "More about it.", unit="", source="design")
    scenario: str = param(..., "A shipped scenario's name, or a path from this file.", unit="", source="design")
    design: Kind = param("latin-hypercube", "How points are chosen over what is varied.", unit="", source="design")
    runs: int = param(
        64, "Runs in all, replicates included, about.", unit="runs", bounds=(2, 10_000_000), source="design"
    )
    replicates: int = param(1, "Replicates at each point.", unit="runs", bounds=(1, 10_000), source="design")
    levels: int = param(
        4,
        "Levels of a range in a Morris design or a grid; by default 4, and in a grid as many as its runs allow.",
        unit="steps",
        bounds=(2, 1000),
        source="design",
    )
    seed: int = param(1, "Random seed of the design and of the runs.", unit="", bounds=(0, 2**63 - 1), source="design")
    paired: bool = param(
        True,
        "Whether all points have the same random seeds; by default not in a sample or a staged roll-out.",
        unit="",
        source="design",
    )
    measures: tuple[str, ...] = param((), "Measures to store; by default all of them.", unit="", source="design")
    only: tuple[str, ...] = param(
        (), "Of what is varied only these, such as a screening selected.", unit="", source="design"
    )
    vary: tuple[Group, ...] = param(
        UNCERTAINTIES,
        "Groups of what is varied where no factors are named: uncertainties, levers.",
        unit="",
        source="design",
    )
    sums: tuple[str, ...] = param(
        (), "Sums to store beside the measures; of a group, GROUP:SUM.", unit="", source="design"
    )
    windows: tuple[tuple[int, int], ...] = param(
        (), "Further windows of figures: [first week, week before which it ends].", unit="weeks", source="design"
    )
    settings: dict[str, Any] = param(
        {}, "Settings that replace those of the scenario, by name.", unit="", source="design"
    )
    factors: dict[str, Any] = param(
        {}, "What is varied; by default all uncertainties, and levers if `vary` says so.", unit="", source="design"
    )
    prior: str = param(
        "", "A file of joint draws that are varied instead; a path from this file.", unit="", source="design"
    )


def is_study_file(path: Path) -> bool:
    """Tell a study file from a scenario.

    Parameters
    ----------
    path : Path
        A TOML file.

    Returns
    -------
    bool
        Whether it names a scenario to study, rather than being one.

    Raises
    ------
    ScenarioError
        If it cannot be read or is not TOML.
    """
    label = str(path)
    return "scenario" in parse(Source(label, read(path, label, "study")))


def validated(model: type[T], given: Mapping[str, Any], source: Source) -> T:
    """Check the values of a file as a whole.

    Parameters
    ----------
    model : type of Table
        What the file may contain.
    given : mapping
        The values.
    source : Source
        The file, for the places of faults.

    Returns
    -------
    Table
        The checked values.

    Raises
    ------
    ScenarioError
        With every fault, each at its line.
    """
    faults = Faults()
    table = checked(model, given, source, faults)
    faults.stop()
    assert table is not None
    return table
