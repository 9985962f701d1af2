"""The shapes of what `--json` prints, one for each command, from which the reference page and the schemas are made.

Numbers that do not exist, such as the limits of an interval from one replicate, are null.
"""

from typing import Annotated, Any, get_args, get_origin, get_type_hints

from typing_extensions import TypedDict, is_typeddict


class Interval(TypedDict):
    """A figure with its interval."""

    mean: Annotated[float | None, "the figure"]
    low: Annotated[float | None, "lower limit of the 95 % interval"]
    high: Annotated[float | None, "upper limit"]
    replicates: Annotated[int, "how many values it rests on"]
    reason: Annotated[str, "why it has no interval; empty otherwise"]


class Titled(TypedDict):
    """A name with a line about it."""

    name: Annotated[str, "name, as commands take it"]
    title: Annotated[str, "a line about it"]


class MechanismEntry(Titled):
    """A mechanism."""

    plugin: Annotated[str, "plug-in that brings it; empty for a built-in one"]


class MeasureEntry(MechanismEntry):
    """A measure."""

    unit: Annotated[str, "unit of its values"]
    formula: Annotated[str, "how it is computed from sums"]
    better: Annotated[str, "`less`, `more` or `neither`"]


class ListOutput(TypedDict):
    """Everything that ships or is plugged in."""

    scenarios: Annotated[list[Titled], "shipped scenarios"]
    mechanisms: Annotated[list[MechanismEntry], "mechanisms, in the order of a week"]
    measures: Annotated[list[MeasureEntry], "measures"]
    marginals: Annotated[list[Titled], "shipped marginals"]
    relatedness: Annotated[list[Titled], "shipped matrices of relatedness"]


class Change(TypedDict):
    """A value from a week on."""

    week: Annotated[int, "week from which it is in force"]
    value: Annotated[Any, "the value"]


class Lever(TypedDict):
    """A lever whose values differ between the arms."""

    name: Annotated[str, "`table.key`"]
    reference: Annotated[Any, "value in the reference arm"]
    regime: Annotated[Any, "value under the regime, before any change"]
    changes: Annotated[list[Change], "dated values under the regime"]


class CheckOutput(TypedDict):
    """A valid scenario. One with faults ends with exit code 2 and messages on standard error."""

    name: Annotated[str, "name of the scenario"]
    title: Annotated[str, "its title"]
    digest: Annotated[str, "digest of all settings"]
    citizens: Annotated[int, "citizens of the population"]
    weeks: Annotated[int, "weeks of the run"]
    start: Annotated[int, "week in which the regime begins"]
    until: Annotated[int, "week by which it ends; 0 for never"]
    changes: Annotated[list[int], "weeks in which the regime changes"]
    replicates: Annotated[int, "replicates"]
    seed: Annotated[int, "random seed"]
    levers: Annotated[list[Lever], "levers that differ between the arms"]
    notes: Annotated[list[str], "settings without any effect, in sentences"]


class FailedRun(TypedDict):
    """A run that failed or whose worker no longer reports."""

    run: Annotated[int, "number of the run"]
    why: Annotated[str, "the error, or the label of the worker"]


class StudyEntry(TypedDict):
    """How far a study is."""

    name: Annotated[str, "name of the study"]
    total: Annotated[int, "number of runs"]
    done: Annotated[int, "runs that are done"]
    running: Annotated[int, "runs that workers have"]
    waiting: Annotated[int, "runs that are left"]
    failed: Annotated[int, "runs that failed"]
    frozen: Annotated[str | None, "digest of the preregistration; null if there is none"]
    changed: Annotated[list[str], "what is not as it was created, in sentences"]
    failures: Annotated[list[FailedRun], "runs that failed, with the error"]
    stalled: Annotated[list[FailedRun], "runs whose worker no longer reports"]
    lost: Annotated[int, "done runs whose results are missing or damaged"]


class StatusOutput(TypedDict):
    """How far studies are."""

    studies: Annotated[list[StudyEntry], "the study named, or all of the database"]


class Described(TypedDict):
    """A scenario that was run."""

    name: Annotated[str, "name of the scenario"]
    title: Annotated[str, "its title"]
    digest: Annotated[str, "digest of all settings"]


class Carried(TypedDict):
    """What one table carries of a difference."""

    table: Annotated[str, "table of settings; `together` for what tables carry only together"]
    settings: Annotated[list[str], "its settings that differ"]
    part: Annotated[Interval, "what it carries"]


class Difference(TypedDict):
    """A measure in which two scenarios are compared."""

    measure: Annotated[str, "name of the measure"]
    unit: Annotated[str, "its unit"]
    first: Annotated[Interval, "effect of the first regime"]
    second: Annotated[Interval, "effect of the second regime"]
    difference: Annotated[Interval, "second less first"]
    carried: Annotated[list[Carried], "what each table carries of it"]


class DecideOutput(TypedDict):
    """Which mechanisms decide between two scenarios."""

    first: Annotated[Described, "the first scenario"]
    second: Annotated[Described, "the second scenario"]
    sentence: Annotated[str, "the answer in words"]
    measures: Annotated[list[Difference], "what they are compared in"]
    page: Annotated[str, "path of the page"]


class ClaimAnswer(TypedDict):
    """What a study says of a claim."""

    study: Annotated[str, "name of the study"]
    scenario: Annotated[str, "scenario of the study"]
    answer: Annotated[str, "`yes`, `mostly`, `it depends`, `mostly not`, `no` or `undecided`"]
    share: Annotated[Interval, "share of the plausible space in which it holds"]
    holds: Annotated[int, "points at which it holds"]
    fails: Annotated[int, "points at which it does not"]
    undefined: Annotated[int, "points at which a measure is undefined"]
    sentences: Annotated[list[str], "the result in words"]
    reasons: Annotated[list[str] | None, "what decides it and where it fails; null where that was not asked"]


class ClaimEntry(TypedDict):
    """A claim."""

    name: Annotated[str, "name of the claim"]
    sentence: Annotated[str, "what is claimed"]
    scenario: Annotated[str, "scenario that it was written for"]
    expression: Annotated[str, "when it holds"]
    result: Annotated[ClaimAnswer | None, "null where claims are only listed"]


class ClaimsOutput(TypedDict):
    """Claims, with results where they are tested."""

    claims: Annotated[list[ClaimEntry], "the claims"]


class EvidenceFigure(Interval):
    """The answer to one question about one element."""

    element: Annotated[str, "letter of the element"]
    name: Annotated[str, "name of the question"]
    title: Annotated[str, "the question"]
    unit: Annotated[str, "unit of the figure"]
    total: Annotated[int, "replicates of the run"]
    counted: Annotated[str, "what is counted"]
    assumption: Annotated[str, "under which assumption the figure holds"]
    paragraphs: Annotated[str, "paragraphs of the Guidelines"]


class AssessOutput(TypedDict):
    """An evidence sheet, which gives no verdict."""

    scenario: Annotated[Described, "the scenario, at the size that was run"]
    notice: Annotated[str, "what the sheet is and is not"]
    figures: Annotated[list[EvidenceFigure], "answers to all questions"]
    sheet: Annotated[str, "path of the page; evidence.json beside it holds everything"]


class RankedRegime(TypedDict):
    """One regime; figures are what it changes against its own reference arm."""

    regime: Annotated[str, "name of the scenario"]
    title: Annotated[str, "its title"]
    wrong_decisions: Annotated[Interval, "wrong decisions a year per 100,000 adults"]
    treated_wrongly: Annotated[Interval, "adults restricted or investigated without cause at any time, per 100,000"]
    more_than_next: Annotated[Interval, "wrong decisions beyond those of the next regime; null where not paired"]
    redress: Annotated[Interval, "share of the wrong decisions added that appeals undo; null where none is added"]
    spending: Annotated[Interval, "spending on control, ww per adult and year"]
    cases: Annotated[Interval, "cases handled a year per 100,000 adults"]
    purpose: Annotated[str, "measure of its stated purpose"]
    served: Annotated[Interval, "what it adds to that"]
    lacking: Annotated[list[str], "groups that it treats differently and the population lacks"]


class RankedBurden(TypedDict):
    """What a regime adds of a harm in a group and in the rest."""

    regime: Annotated[str, "name of the scenario"]
    harm: Annotated[str, "measure of the harm"]
    unit: Annotated[str, "its unit"]
    group: Annotated[str, "the group"]
    members: Annotated[Interval, "what it adds a head of the group"]
    rest: Annotated[Interval, "what it adds a head of the rest"]
    difference: Annotated[Interval, "members less rest"]


class RankedSafeguard(TypedDict):
    """What a safeguard avoids and costs in a regime."""

    regime: Annotated[str, "name of the scenario"]
    safeguard: Annotated[str, "the safeguard, or `all together`"]
    avoided: Annotated[Interval, "wrong decisions avoided"]
    avoided_people: Annotated[Interval, "people spared at any time"]
    purpose: Annotated[str, "measure of the stated purpose"]
    lost: Annotated[Interval, "what is lost of it"]


class RankOutput(TypedDict):
    """Regimes side by side, the most harmful first."""

    notice: Annotated[str, "what the order is and is not"]
    shared: Annotated[bool, "whether all have one population and common random numbers"]
    regimes: Annotated[list[RankedRegime], "the regimes"]
    burdens: Annotated[list[RankedBurden], "burden by group"]
    safeguards: Annotated[list[RankedSafeguard], "safeguards; empty if none was tried"]
    page: Annotated[str, "path of the page"]


SHAPES: dict[str, Any] = {
    "list": ListOutput,
    "check": CheckOutput,
    "study status": StatusOutput,
    "decide": DecideOutput,
    "claims": ClaimsOutput,
    "assess": AssessOutput,
    "rank": RankOutput,
}
"""What each command prints."""


def fields(shape: type) -> list[tuple[str, str, str]]:
    """The keys of a shape.

    Parameters
    ----------
    shape : type
        One of the shapes.

    Returns
    -------
    list of tuple of str
        Key, type in words of Python, and meaning of each.
    """
    found = []
    for key, hint in get_type_hints(shape, include_extras=True).items():
        kind, meaning = get_args(hint)
        found.append((key, _words(kind), meaning))
    return found


def _words(kind: Any) -> str:
    """A type as the reference page has it."""
    if get_origin(kind) is None:
        return "any value" if kind is Any else "null" if kind is type(None) else str(kind.__name__)
    parts = [_words(one) for one in get_args(kind)]
    return f"list of {parts[0]}" if get_origin(kind) is list else " or ".join(parts)


def below(shape: type) -> list[type]:
    """A shape and every shape that it holds, each once.

    Parameters
    ----------
    shape : type
        One of the shapes.

    Returns
    -------
    list of type
        The shape first.
    """
    found, waiting = [], [shape]
    while waiting:
        one = waiting.pop(0)
        if is_typeddict(one) and one not in found:
            found.append(one)
            waiting += list(get_type_hints(one).values())
        waiting += get_args(one)
    return found
