"""Claims: sentences about regimes that a study may find to hold, or not.

A claim is a sentence, an expression over paired measures (`expression`), the scenario that it is about, what is
uncertain there, and its source; each stands in a TOML file of its own. `claim_test` says what a study shows of one.
"""

import ast
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import product
from pathlib import Path
from typing import Any

from pydantic import Field

from glasshouse.analysis.expression import Expression, joined, names_of, parse_condition
from glasshouse.errors import ScenarioError
from glasshouse.model.declarations import Table, param
from glasshouse.model.measures import CATALOGUE
from glasshouse.model.optional import OPTIONAL
from glasshouse.model.plugin import Plugin
from glasshouse.scenario.files import parse as parsed
from glasshouse.scenario.files import read
from glasshouse.scenario.messages import Faults, nearest, printable, shown_word
from glasshouse.scenario.scenario import Scenario
from glasshouse.scenario.scenario import load as load_scenario
from glasshouse.scenario.toml_lines import Source, position
from glasshouse.study.definition import Study
from glasshouse.study.factor import Factor
from glasshouse.study.factors import factors_from
from glasshouse.study.make_study import build_study
from glasshouse.study.prior_factors import GROUPS, UNCERTAINTIES, Group, prior_factors
from glasshouse.study.study_file import StudyFile, validated


class ClaimFile(Table):
    """What a claim file says."""

    sentence: str = Field(description="What is claimed, for a stranger.", min_length=10, max_length=300)
    expression: str = param(..., "When it holds: control > 0.05 and governance < 0.01.", unit="", source="design")
    scenario: str = param(..., "A shipped scenario's name, or a path from this file.", unit="", source="design")
    source: str = Field(description="Who says so: a publication, a row of the model or of the facts.", min_length=2)
    about: str = param("", "More about it.", unit="", source="design")
    priors: tuple[str, ...] = param(
        (), "Tables or settings whose priors are varied; none named varies every prior.", unit="", source="design"
    )
    vary: tuple[Group, ...] = param(
        UNCERTAINTIES, "Groups whose priors are varied: uncertainties, levers.", unit="", source="design"
    )
    factors: dict[str, Any] = param({}, "What is varied besides, with ranges or lists.", unit="", source="design")
    definitions: dict[str, dict[str, str]] = param(
        {},
        "Two terms of the claim, each with a condition for every definition of it: the first two joined by `and` are the "
        "expression.",
        unit="",
        source="design",
    )


@dataclass(frozen=True)
class Claim:
    """A claim that was read and found in order.

    `factors` are settings with their ranges or lists as study files have them, over the priors that are varied; none
    where every prior is, and nothing else. `definitions` has the conditions that stand for two terms of the claim, by term
    and name of the definition, where a term has several. `shipped` says that it came with Glasshouse, `text` is that of
    its file.
    """

    name: str
    sentence: str
    expression: Expression
    scenario: Scenario
    factors: Mapping[str, Any]
    source: str
    about: str = ""
    shipped: bool = False
    text: str = field(default="", repr=False)
    definitions: Mapping[str, Mapping[str, Expression]] = field(default_factory=dict)

    def by_definition(self) -> dict[tuple[str, str], "Claim"]:
        """State the claim under each definition of its two terms.

        Returns
        -------
        dict of (str, str) to Claim
            A claim for each pair of names, of a definition of the first and of the second term. With an empty name for one
            term it is the condition of the other alone. Empty where the terms have one definition alone.
        """
        if not self.definitions:
            return {}
        first, second = ({**conditions, "": None} for conditions in self.definitions.values())
        return {
            (name, other): replace(self, expression=joined(*known), definitions={})
            for (name, one), (other, another) in product(first.items(), second.items())
            if (known := [condition for condition in (one, another) if condition is not None])
        }


def names() -> tuple[str, ...]:
    """List the claims that come with Glasshouse.

    Returns
    -------
    tuple of str
        Their names, sorted.
    """
    return tuple(sorted(file.name.removesuffix(".toml") for file in _library().iterdir()))


def _library() -> Traversable:
    return files("glasshouse") / "library" / "claims"


def place(name_or_path: str | Path) -> Path:
    """Find the file of a claim.

    Parameters
    ----------
    name_or_path : str or Path
        Name of a shipped claim, or path of a file.

    Returns
    -------
    Path
        The file. A path is returned as it is, whether or not the file exists.
    """
    text = str(name_or_path)
    return Path(str(_library() / f"{text}.toml")) if text in names() else Path(name_or_path)


def load(name_or_path: str | Path, plugins: Sequence[Plugin] = ()) -> Claim:
    """Load a claim.

    Parameters
    ----------
    name_or_path : str or Path
        Name of a shipped claim, or path of a TOML file.
    plugins : sequence of Plugin, optional
        Plug-ins that the scenario needs and whose measures the claim may name.

    Returns
    -------
    Claim
        The claim, with its scenario loaded.

    Raises
    ------
    ScenarioError
        With every fault of the file.
    """
    text = str(name_or_path)
    shipped = text in names()
    if not shipped and "." not in text and "/" not in text:
        raise ScenarioError(
            f"no claim is called {shown_word(text)}.{nearest(text, names())} `glasshouse claims` lists the shipped ones. "
            "Give one of their names, or the path of a .toml file."
        )
    file = place(name_or_path)
    label = text if shipped else printable(text, 200)
    source = Source(label, read(file, label, "claim"))
    table = validated(ClaimFile, parsed(source), source)
    faults = Faults()
    scenario = _scenario(table, file.parent, source, faults, plugins)
    measures = (*CATALOGUE, *(measure for plugin in (*OPTIONAL, *plugins) for measure in plugin.measures))
    expression = _expression(table, names_of(measures), source, faults)
    factors = _factors(table, scenario, source, faults) if scenario is not None else {}
    definitions = _definitions(table, names_of(measures), expression, source, faults)
    if faults.found or scenario is None or expression is None:
        raise ScenarioError(*faults.found)
    name = file.name.removesuffix(".toml")
    return Claim(
        name,
        table.sentence,
        expression,
        scenario,
        factors,
        table.source,
        table.about,
        shipped,
        source.text,
        definitions,
    )


def _scenario(
    table: ClaimFile, folder: Path, source: Source, faults: Faults, plugins: Sequence[Plugin]
) -> Scenario | None:
    named = folder / table.scenario if table.scenario.endswith(".toml") else table.scenario
    try:
        return load_scenario(named, plugins=plugins)
    except ScenarioError as error:
        for fault in error.faults:
            faults.add(position(source, (), "scenario"), f"scenario: {fault}")
    return None


def _expression(table: ClaimFile, known: Sequence[str], source: Source, faults: Faults) -> Expression | None:
    try:
        return parse_condition(table.expression, known)
    except ScenarioError as error:
        for fault in error.faults:
            faults.add(position(source, (), "expression"), fault)
    return None


def _definitions(
    table: ClaimFile, known: Sequence[str], expression: Expression | None, source: Source, faults: Faults
) -> dict[str, dict[str, Expression]]:
    """The conditions by term and name of the definition; faults unless the first ones are the claim's expression."""
    found: dict[str, dict[str, Expression]] = {}
    if not table.definitions:
        return found
    place = position(source, ("definitions", next(iter(table.definitions))))
    if len(table.definitions) != 2 or not all(table.definitions.values()):
        faults.add(place, "two terms are expected, each with a definition. Give both terms a table of their own.")
        return found
    for term, conditions in table.definitions.items():
        found[term] = {}
        for name, text in conditions.items():
            try:
                found[term][name] = parse_condition(text, known)
            except ScenarioError as error:
                for fault in error.faults:
                    faults.add(position(source, ("definitions", term), name), fault)
    if faults.found or expression is None:
        return found
    first = joined(*(next(iter(conditions.values())) for conditions in found.values()))
    if ast.dump(first.tree) != ast.dump(expression.tree):
        faults.add(
            place,
            f"the first definitions of the two terms give `{first.text}`, which is not the expression. Put those that the "
            "expression has first.",
        )
    return found


def _factors(table: ClaimFile, scenario: Scenario, source: Source, faults: Faults) -> dict[str, Any]:
    """The settings varied with their ranges; nothing where a study without factors would vary the same."""
    if not table.priors and not table.factors and table.vary == UNCERTAINTIES:
        return {}
    priors = prior_factors(scenario, groups=table.vary)
    known, every = _names(priors), _names(prior_factors(scenario, groups=GROUPS)) if table.priors else set()
    for name in table.priors:
        if name in every - known:
            other = next(group for group in GROUPS if group not in table.vary)
            faults.add(
                position(source, (), "priors"),
                f"{name} is of the {other}. Write vary = {json.dumps(GROUPS)} to vary priors of both groups.",
            )
        elif name not in known:
            faults.unknown(position(source, (), "priors"), "prior", name, sorted(known))
    given = factors_from(table.factors, scenario, source, faults)
    chosen = [f for f in priors if not table.priors or {f.key, f.key.partition(".")[0]} & set(table.priors)]
    varied = {factor.key: factor for factor in (*chosen, *given)}
    if not varied and not faults.found:
        faults.add(
            position(source, (), "vary"), f"nothing is varied: no setting of {list(table.vary)} has a prior range."
        )
    return {key: {"values": list(one.values)} if one.values else [one.low, one.high] for key, one in varied.items()}


def _names(factors: Sequence[Factor]) -> set[str]:
    """The settings of factors, and their tables."""
    return {part for factor in factors for part in (factor.key, factor.key.partition(".")[0])}


def made(claim: Claim, given: Mapping[str, Any]) -> Study:
    """Make the study that a claim needs, with every measure kept.

    Its points are drawn independently, and each has random seeds of its own, so that an interval over the points takes in
    all random variation. It is named by its scenario, or by the claim where the claim varies settings of its own, and by a
    part of its hash:
    other runs, replicates or citizens make another study. Raises as `build_study` does.

    Parameters
    ----------
    claim : Claim
        The claim.
    given : mapping of str to Any
        Values of a study file, which replace those that follow from the claim.

    Returns
    -------
    Study
        The study, not yet in a study database.
    """
    source = Source(f"study of {claim.name}")
    values = {
        "scenario": claim.scenario.name, "title": claim.scenario.title, "factors": dict(claim.factors),
        "design": "random", "paired": False, **given,
    }  # fmt: skip
    found = build_study(validated(StudyFile, values, source), claim.scenario, claim.name, source)
    stem = claim.name if claim.factors else claim.scenario.name.rpartition("/")[2]
    return replace(found, name=f"claims-{stem}-{found.digest[:6]}")
