"""Life courses of a finished run: the first replicate is run again from scenario and seed, and its sums are compared.

A finished run stores nothing about single citizens beyond the life courses in its report, so running again is the only
way to look at one. It is exact or refused.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from glasshouse.engine import run as engine
from glasshouse.engine.progress import Progress
from glasshouse.engine.recorder import LifeRecorder, select_lives
from glasshouse.errors import RunningError, StoringError
from glasshouse.results import provenance
from glasshouse.results.life_selection import EXEMPLARS, Lives
from glasshouse.results.output_folder import MARK
from glasshouse.results.result import Result
from glasshouse.scenario.scenario import Scenario, load


@dataclass(frozen=True)
class Origin:
    """What a run was made from, as far as running it again must agree.

    Attributes
    ----------
    where : str
        What messages call the run.
    scenario : Scenario
        What was run.
    code, totals : str
        Digests of the code and of the first replicate's sums.
    """

    where: str
    scenario: Scenario
    code: str
    totals: str


def lives(
    result: Result | Path,
    *,
    citizen: int | None = None,
    kind: str | None = None,
    threads: int | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Lives:
    """Life courses of citizens of the first replicate.

    Parameters
    ----------
    result : Result or Path
        A result, or the folder of one.
    citizen : int or None
        Position of a citizen in the population; None selects exemplary citizens.
    kind : str or None
        Name of one of `EXEMPLARS`; None gives one life for each.
    threads : int or None
        Processors to use; all by default.
    progress : callable or None
        Is given a `Progress` now and then, where the replicate is run again.

    Returns
    -------
    Lives
        The life courses in both arms.

    Raises
    ------
    StoringError
        If the folder holds no finished run.
    RunningError
        If there is no such citizen or kind, or if this code or these libraries do not reproduce the run.
    """
    known = [exemplar.name for exemplar in EXEMPLARS]
    if kind is not None and kind not in known:
        raise RunningError(f"{kind}: no such kind of life course. Choose one of {', '.join(known)}.")
    origin = _of_result(result) if isinstance(result, Result) else _of_folder(result)
    people = origin.scenario.society.citizens
    if citizen is not None and not 0 <= citizen < people:
        raise RunningError(f"citizen {citizen}: the population of {origin.where} has citizens 0 to {people - 1:,}.")
    recorded = result.lives if isinstance(result, Result) and citizen is None else None
    found = recorded or _replayed(origin, citizen, threads, progress)
    if kind is None:
        return found
    selected = tuple(life for life in found.selected if life.kind == kind)
    if not selected:
        raise RunningError(f"{kind}: none of the {found.sampled:,} citizens of the sample has such a life course.")
    return replace(found, selected=selected)


def _of_result(result: Result) -> Origin:
    facts = result.provenance
    return Origin("this result", result.scenario, facts.code_digest, facts.weekly_totals_digest)


def _of_folder(folder: Path) -> Origin:
    if not folder.is_dir():
        raise StoringError(f"{folder}: no such folder. Name the results folder of a run, results/… by default.")
    path = folder / "provenance.json"
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
        code, totals, digest = (str(facts[f"{what}_digest"]) for what in ("code", "weekly_totals", "scenario"))
    except FileNotFoundError:
        raise StoringError(f"{folder}: holds no finished run. Finish it with glasshouse run … --resume.") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoringError(
            f"{path}: is damaged or of another version of Glasshouse ({error}). Run it again."
        ) from error
    scenario = load(folder / MARK)
    if scenario.digest != digest:
        raise StoringError(f"{folder / MARK}: is not the scenario that this run was made from. Run it again.")
    return Origin(str(folder), scenario, code, totals)


def _replayed(
    origin: Origin, citizen: int | None, threads: int | None, progress: Callable[[Progress], None] | None
) -> Lives:
    """Run the first replicate again and record it."""
    code = provenance.code_digest()
    if origin.code != code:
        raise RunningError(
            f"{origin.where}: was run by other code of Glasshouse ({origin.code[:8]}…, here {code[:8]}…). A life course is "
            "recomputed by running again, which only the same code does exactly. Use that version, or run the scenario anew."
        )
    wanted = None if citizen is None else [citizen]
    recorder = LifeRecorder(origin.scenario.run.weeks, wanted)
    totals = engine.replay_first_replicate(origin.scenario, recorder, threads=threads, progress=progress)
    if totals.digest() != origin.totals:
        raise RunningError(
            f"{origin.where}: run again, its first replicate has other sums, so that its life courses cannot be recomputed. "
            "The versions of libraries differ from those in its provenance, or its files were changed."
        )
    if citizen is not None:
        return Lives(origin.scenario, (recorder.life(0),), 0)
    return select_lives(recorder, origin.scenario)
