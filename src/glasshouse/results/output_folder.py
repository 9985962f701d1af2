"""The folder of a run's results: where it is by default, and which scenario it belongs to.

A folder holds the complete scenario in force (`scenario.toml`), so that a result never mixes two scenarios and anyone can
run it again from the folder alone.
"""

from pathlib import Path

from glasshouse.errors import ScenarioError, StoringError
from glasshouse.population.marginals_files import is_text, label
from glasshouse.scenario.messages import shown
from glasshouse.scenario.scenario import Scenario, load
from glasshouse.scenario.toml_text import to_toml
from glasshouse.storage import is_part, locked, write_atomic

MARK = "scenario.toml"
"""The file in a results folder that holds the scenario in force."""


def default_folder(scenario: Scenario) -> Path:
    """Where results go by default.

    Parameters
    ----------
    scenario : Scenario
        What is run.

    Returns
    -------
    Path
        `results/<name>-seed<seed>-<digest>` in the working directory. The digest, of eight digits, is of every value that
        the figures depend on, so that two runs have the same folder only if they are the same.
    """
    return Path("results") / f"{scenario.name}-seed{scenario.run.seed}-{scenario.digest[:8]}"


def claim(folder: Path, scenario: Scenario, *, resume: bool = False) -> None:
    """Prepare a folder for the results of a scenario.

    A folder is free if it is new or empty, if it holds what a run leaves that was killed before it stored its scenario, or
    if it holds an equal scenario.

    Parameters
    ----------
    folder : Path
        Where the results are to be.
    scenario : Scenario
        What is run.
    resume : bool
        Whether a run is to be continued, so that the folder must exist already.

    Raises
    ------
    StoringError
        If the folder cannot be used, or if a run is at work in it; it says why.
    """
    try:
        if folder.exists() and not folder.is_dir():
            raise StoringError(f"{folder}: this is a file. Name a folder with --out.")
        if resume and not folder.exists():
            raise StoringError(
                f"{folder}: no run to resume is here. Leave out --resume, or name the folder with --out."
            )
        with locked(folder):
            _claim(folder, scenario)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a folder name"
        raise StoringError(f"{folder}: the folder cannot be used ({reason}). Name another with --out.") from error


def _claim(folder: Path, scenario: Scenario) -> None:
    mark = folder / MARK
    if mark.is_file():
        _compare(folder, mark, scenario)
        return
    if any(not is_part(path) for path in folder.iterdir()):
        raise StoringError(f"{folder}: holds files that are no results of Glasshouse. Name another with --out.")
    write_atomic(mark, to_toml(scenario), "the scenario")


def _named(value: object) -> str:
    """A value for a message; a file of marginals by its title and digest."""
    return shown(label(value) if isinstance(value, str) and is_text(value) else value)


def _compare(folder: Path, mark: Path, scenario: Scenario) -> None:
    """StoringError if the folder's mark is not an equal scenario, with what differs first."""
    advice = "Name another folder with --out, or remove this one."
    try:
        there = load(mark, catalogue=tuple(type(mechanism) for mechanism in scenario.mechanisms))
    except ScenarioError:
        raise StoringError(f"{folder}: its {MARK} is damaged or of another version of Glasshouse. {advice}") from None
    if there.digest == scenario.digest:
        return
    theirs, ours = there.settings(), scenario.settings()
    differing = [
        f"{'.'.join(keys)} is {_named(theirs.get(keys, 'not set'))} there and {_named(ours.get(keys, 'not set'))} here"
        for keys in {**theirs, **ours}
        if theirs.get(keys) != ours.get(keys) and len(keys) > 1
    ]
    more = f" and {len(differing) - 3} more" if len(differing) > 3 else ""
    raise StoringError(f"{folder}: holds results of another scenario ({'; '.join(differing[:3])}{more}). {advice}")
