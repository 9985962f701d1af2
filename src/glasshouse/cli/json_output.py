"""What `--json` prints: one object on standard output, of the shape that `json_shapes` declares.

Progress and messages go to standard error, and exit codes are the same with and without `--json`.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from glasshouse.cli.json_shapes import (
    AssessOutput,
    CheckOutput,
    ClaimAnswer,
    ClaimEntry,
    DecideOutput,
    Described,
    Interval,
    ListOutput,
    RankedBurden,
    RankedRegime,
    RankedSafeguard,
    RankOutput,
    StudyEntry,
)

if TYPE_CHECKING:
    from glasshouse.analysis.ai_act.evidence import Evidence
    from glasshouse.analysis.attribution import Attribution
    from glasshouse.analysis.claim_result import ClaimResult
    from glasshouse.analysis.claims import Claim
    from glasshouse.analysis.ranking.report import Ranking
    from glasshouse.model.plugin import Plugin
    from glasshouse.results.estimate import Estimate
    from glasshouse.scenario.scenario import Scenario
    from glasshouse.study.study_status import StudyStatus

json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object; its shape is on the reference page “JSON output”."
)


def print_json(facts: Mapping[str, Any]) -> None:
    """Print an object.

    Parameters
    ----------
    facts : mapping of str to object
        Of one of the shapes.
    """
    click.echo(json.dumps(_plain(facts), indent=2, ensure_ascii=False, allow_nan=False))


def _plain(value: Any) -> Any:
    """A value without NaN, which JSON does not have."""
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def interval(found: "Estimate") -> Interval:
    """A figure with its interval.

    Parameters
    ----------
    found : Estimate
        The figure.

    Returns
    -------
    Interval
        NaN stands for what does not exist, until it is printed.
    """
    return {
        "mean": found.mean,
        "low": found.low,
        "high": found.high,
        "replicates": found.replicates,
        "reason": found.reason,
    }


def list_facts(plugins: "Sequence[Plugin]") -> ListOutput:
    """Everything that ships or is plugged in.

    Parameters
    ----------
    plugins : sequence of Plugin
        The plug-ins.

    Returns
    -------
    ListOutput
        What `glasshouse list --json` prints.
    """
    import glasshouse as gh
    from glasshouse.analysis.ai_act import relatedness
    from glasshouse.model.measures import CATALOGUE as MEASURES
    from glasshouse.model.mechanisms import CATALOGUE as MECHANISMS
    from glasshouse.model.plugin import in_week
    from glasshouse.population import marginals_files as marginals

    origins = {kind: one.label for one in plugins if not one.shipped for kind in (*one.mechanisms, *one.measures)}
    measures = (*MEASURES, *(measure for one in plugins for measure in one.measures))
    return {
        "scenarios": [{"name": name, "title": gh.load(name).title} for name in gh.scenarios()],
        "mechanisms": [
            {
                "name": one.name,
                "title": (one.__doc__ or "").strip().split("\n")[0],
                "plugin": origins.get(one, ""),
            }
            for one in in_week(MECHANISMS, plugins)
        ],
        "measures": [
            {
                "name": one.name,
                "title": one.title,
                "unit": one.unit,
                "formula": one.formula,
                "better": one.better,
                "plugin": origins.get(one, ""),
            }
            for one in measures
        ],
        "marginals": [{"name": name, "title": marginals.load(name).title} for name in marginals.names()],
        "relatedness": [{"name": name, "title": relatedness.load(name).title} for name in relatedness.names()],
    }


def check_facts(scenario: "Scenario") -> CheckOutput:
    """A valid scenario.

    Parameters
    ----------
    scenario : Scenario
        The scenario.

    Returns
    -------
    CheckOutput
        What `glasshouse check --json` prints.
    """
    import tomllib

    from glasshouse.scenario.inert import inert
    from glasshouse.scenario.parameter_provenance import levers

    def value(text: str) -> Any:
        return tomllib.loads(f"value = {text}")["value"]

    run = scenario.run
    return {
        **_described(scenario),
        "citizens": scenario.society.citizens,
        "weeks": run.weeks,
        "start": run.start,
        "until": run.until,
        "changes": [change.week for change in scenario.changes],
        "replicates": run.replicates,
        "seed": run.seed,
        "levers": [
            {
                "name": name,
                "reference": value(one.reference),
                "regime": value(one.regime),
                "changes": [{"week": change.week, "value": value(change.value)} for change in one.changed],
            }
            for name, one in levers(scenario)
            if {one.reference} != {one.regime, *(change.value for change in one.changed)}
        ],
        "notes": list(inert(scenario)),
    }


def status_facts(name: str, status: "StudyStatus") -> StudyEntry:
    """How far a study is.

    Parameters
    ----------
    name : str
        Name of the study.
    status : StudyStatus
        Its status.

    Returns
    -------
    StudyEntry
        An entry of what `glasshouse study status --json` prints.
    """
    return {
        "name": name,
        "total": status.total,
        "done": status.done,
        "running": status.running,
        "waiting": status.waiting,
        "failed": status.failed,
        "frozen": status.frozen,
        "changed": list(status.changed),
        "failures": [{"run": run.number, "why": run.error or ""} for run in status.failures],
        "stalled": [{"run": run.number, "why": run.worker or ""} for run in status.stalled],
        "lost": status.lost,
    }


def decide_facts(found: "Attribution", page: Path) -> DecideOutput:
    """Which mechanisms decide between two scenarios.

    Parameters
    ----------
    found : Attribution
        What was found.
    page : Path
        The page about it.

    Returns
    -------
    DecideOutput
        What `glasshouse decide --json` prints.
    """
    from glasshouse.analysis.attribution import JUDGED

    return {
        "first": _described(found.first),
        "second": _described(found.second),
        "sentence": found.sentence,
        "measures": [
            {
                "measure": measure.name,
                "unit": measure.unit,
                "first": interval(found.effects[place][0]),
                "second": interval(found.effects[place][1]),
                "difference": interval(found.differences[place]),
                "carried": [
                    {"table": one.table, "settings": list(one.settings), "part": interval(one.parts[place])}
                    for one in found.carried
                ],
            }
            for place, measure in enumerate(JUDGED)
        ],
        "page": str(page),
    }


def claim_facts(claim: "Claim", result: "ClaimResult | None" = None, *, reasons: bool = False) -> ClaimEntry:
    """A claim, with what a study says of it where it was tested.

    Parameters
    ----------
    claim : Claim
        The claim.
    result : ClaimResult, optional
        What a study says of it.
    reasons : bool
        Find out what decides it, which takes seconds.

    Returns
    -------
    ClaimEntry
        An entry of what `glasshouse claims --json` prints.
    """
    answer: ClaimAnswer | None = None
    if result is not None:
        answer = {
            "study": result.study,
            "scenario": result.scenario,
            "answer": result.answer,
            "share": interval(result.share),
            "holds": result.holds,
            "fails": result.fails,
            "undefined": result.undefined,
            "sentences": list(result.sentences()),
            "reasons": list(result.reasons()) if reasons else None,
        }
    return {
        "name": claim.name,
        "sentence": claim.sentence,
        "scenario": claim.scenario.name,
        "expression": claim.expression.text,
        "result": answer,
    }


def assess_facts(found: "Evidence", sheet: Path) -> AssessOutput:
    """An evidence sheet.

    Parameters
    ----------
    found : Evidence
        The evidence.
    sheet : Path
        The page.

    Returns
    -------
    AssessOutput
        What `glasshouse assess --json` prints.
    """
    facts = found.facts()
    return {
        "scenario": _described(found.scenario),
        "notice": facts["notice"],
        "figures": facts["figures"],
        "sheet": str(sheet),
    }


def rank_facts(found: "Ranking", page: Path) -> RankOutput:
    """Regimes side by side.

    Parameters
    ----------
    found : Ranking
        The regimes.
    page : Path
        The page about them.

    Returns
    -------
    RankOutput
        What `glasshouse rank --json` prints.
    """
    from glasshouse.analysis.ranking.report import NOTICE

    lacking = found.lacking
    regimes = [{**_intervals(one), "lacking": list(lacking.get(one.regime, ()))} for one in found.regimes]
    return {
        "notice": NOTICE,
        "shared": found.question.shared,
        "regimes": cast("list[RankedRegime]", regimes),
        "burdens": cast("list[RankedBurden]", [_intervals(one) for one in found.burdens]),
        "safeguards": cast("list[RankedSafeguard]", [_intervals(one) for one in found.safeguards]),
        "page": str(page),
    }


def _intervals(entry: Any) -> dict[str, Any]:
    """The fields of an entry, its estimates as figures with intervals."""
    from glasshouse.results.estimate import Estimate

    values = {one.name: getattr(entry, one.name) for one in fields(entry)}
    return {name: interval(value) if isinstance(value, Estimate) else value for name, value in values.items()}


def _described(scenario: "Scenario") -> Described:
    return {"name": scenario.name, "title": scenario.title, "digest": scenario.digest}
