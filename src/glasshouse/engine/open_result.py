"""Opens a folder of results again: the ledgers that a run left there, checked, and no other file of data."""

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
    """The result of the run that was finished in the folder; StoringError if there is none that can be read.

    It is read from the ledgers that the run's scenario and code have signed, and not from the tables beside them: those
    are for other programs, and Glasshouse takes no table of rows from outside.
    """
    mark, provenance = folder / MARK, folder / "provenance.json"
    if not mark.is_file() or not provenance.is_file():
        raise StoringError(f"{folder}: no finished run is here. Name the folder that «glasshouse run» wrote.")
    again = "Run the scenario again to have its result in this version."
    try:
        scenario = load(mark)
        told = json.loads(provenance.read_text(encoding="utf-8"))
        facts = Provenance(**{**told, "plugins": tuple(Origin(**origin) for origin in told.get("plugins", ()))})
        ledgers = _ledgers(folder, scenario)
    except (ScenarioError, RunningError):
        raise StoringError(f"{folder}: this was run with another version of Glasshouse. {again}") from None
    except (OSError, TypeError, ValueError):
        raise StoringError(f"{folder}: its provenance is damaged. {again}") from None
    layout = ModelLayout(tuple(type(mechanism) for mechanism in scenario.mechanisms))
    return Result(scenario, layout.sums, paired_sums(PAIRINGS), ledgers, facts)


def _ledgers(folder: Path, scenario: Scenario) -> tuple[WeeklyTotals, ...]:
    kept = Checkpoints(folder, scenario)
    found = [kept.finished(number) for number in range(scenario.run.replicates)]
    if any(ledger is None for ledger in found):
        raise StoringError(
            f"{folder}: the ledger of a replicate is missing or damaged. The same run with --resume makes it again."
        )
    return tuple(ledger for ledger in found if ledger is not None)
