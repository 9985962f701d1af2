"""Opens the folder of a finished run: only the sums that were stored as checkpoints are read, and they are verified."""

import json
from pathlib import Path

from glasshouse.engine.checkpoint import Checkpoints
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.errors import RunningError, ScenarioError, StoringError
from glasshouse.model.measures import PAIRINGS
from glasshouse.model.pairing import paired_sums
from glasshouse.model.plugin import Origin
from glasshouse.results.output_folder import MARK
from glasshouse.results.provenance import Provenance
from glasshouse.results.result import Result
from glasshouse.results.totals import WeeklyTotals
from glasshouse.scenario.scenario import Scenario, load


def open_result(folder: Path) -> Result:
    """Open the result of a finished run.

    It is read from the sums that carry the digests of the run's scenario and code. The tables beside them are for other
    programs and are not read.

    Parameters
    ----------
    folder : Path
        The folder that `glasshouse run` wrote.

    Returns
    -------
    Result
        The result, without life courses.

    Raises
    ------
    StoringError
        If the folder holds no finished run that can be read.
    """
    mark, provenance = folder / MARK, folder / "provenance.json"
    if not mark.is_file() or not provenance.is_file():
        raise StoringError(f"{folder}: no finished run is here. Name the folder that `glasshouse run` wrote.")
    again = "Run the scenario again to have its result in this version."
    try:
        scenario = load(mark)
        record = json.loads(provenance.read_text(encoding="utf-8"))
        facts = Provenance(**{**record, "plugins": tuple(Origin(**origin) for origin in record.get("plugins", ()))})
        stored = _weekly_totals(folder, scenario)
    except (ScenarioError, RunningError):
        raise StoringError(f"{folder}: this was run with another version of Glasshouse. {again}") from None
    except (OSError, TypeError, ValueError):
        raise StoringError(f"{folder}: its provenance is damaged. {again}") from None
    layout = ModelLayout(tuple(type(mechanism) for mechanism in scenario.mechanisms))
    return Result(scenario, layout.sums, paired_sums(PAIRINGS), stored, facts)


def _weekly_totals(folder: Path, scenario: Scenario) -> tuple[WeeklyTotals, ...]:
    checkpoints = Checkpoints(folder, scenario)
    found = [checkpoints.finished(number) for number in range(scenario.run.replicates)]
    if any(totals is None for totals in found):
        raise StoringError(
            f"{folder}: the sums of a replicate are missing or damaged. The same run with --resume computes them again."
        )
    return tuple(totals for totals in found if totals is not None)
