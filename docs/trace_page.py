"""The TRACE document: how the model was planned, built, tested and used, from the code and from the pages with results.

TRACE (TRAnsparent and Comprehensive model Evaluation; Grimm et al. 2014, Ecological Modelling 280, 129-139) has eight elements.
Every number here is counted from declarations, or read from a page that a program wrote.
"""

import re
from pathlib import Path

import glasshouse as gh
from glasshouse.model.measures import CATALOGUE as MEASURES
from glasshouse.replications.catalogue import CATALOGUE as REPLICATIONS
from glasshouse.report.document import Document, Grid, Listing, Section, Text
from glasshouse.scenario.parameter_provenance import values
from glasshouse.scenario.scenario import Scenario

ROOT = Path(__file__).parents[1]
SCENARIO = "social-governance"


def trace() -> Document:
    """Write the document.

    Returns
    -------
    Document
        The eight elements.
    """
    scenario = gh.load(SCENARIO)
    lead = Text(
        "This document follows TRACE (Grimm et al. 2014, Ecological Modelling 280, 129-139, "
        f"doi:10.1016/j.ecolmodel.2014.01.018), for the scenario `{SCENARIO}`. It is generated whenever this "
        "site is built, from the declarations in the code and from pages that programs wrote. What a "
        "modeller has to judge is said in words and marked as a judgement."
    )
    sections = (
        _problem(),
        _description(),
        _data(scenario),
        _concepts(scenario),
        _implementation(),
        _output(),
        _analysis(),
        _corroboration(),
    )
    return Document("Reference", "TRACE: how the model was evaluated", (lead,), sections)


def patterns() -> list[tuple[str, list[int]]]:
    """Read the counts of facts by use from docs/patterns.md.

    Returns
    -------
    list of (str, list of int)
        What facts were used for; how many are near, partly near, missed and not expressible.
    """
    text = (ROOT / "docs" / "patterns.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([a-z ]+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", text, re.MULTILINE)
    return [(row[0], [int(value) for value in row[1:]]) for row in rows]


def missed() -> list[str]:
    """Read which figures docs/patterns.md calls missed.

    Returns
    -------
    list of str
        Each figure with its target and what was found.
    """
    text = (ROOT / "docs" / "patterns.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| [^|]*\| [^|]*\| ([^|]+) \| ([^|]+) \| ([^|]+) \| missed[^|]*\|$", text, re.MULTILINE)
    return [f"{figure}: target {target}, found {found}" for figure, target, found in rows]


def replicated() -> tuple[int, int]:
    """Read how many published figures come out from docs/replications.md.

    Returns
    -------
    tuple of (int, int)
        Figures that come out, and all.
    """
    text = (ROOT / "docs" / "replications.md").read_text(encoding="utf-8")
    pairs = re.findall(r"\| (\d+) of (\d+) \|", text)
    return sum(int(one) for one, _ in pairs), sum(int(all_) for _, all_ in pairs)


def _problem() -> Section:
    return Section(
        "problem",
        "1. Problem formulation",
        (
            Text(
                "What does a system that observes, scores, lists and sanctions people change, for people and for the "
                "state, compared with the same society without it? For social scientists, regulators, rights groups, "
                "journalists and teachers."
            ),
            Text(
                "A judgement: the model does not say what is lawful or owed, is about no real person, and predicts "
                "no event. What it must not be used for is on the page on the boundary."
            ),
        ),
    )


def _description() -> Section:
    return Section(
        "description",
        "2. Model description",
        (
            Text(
                "The description after the ODD protocol is generated from the same declarations: `glasshouse "
                f"describe {SCENARIO}`, and the page “Full description (ODD)” of this site."
            ),
        ),
    )


def _data(scenario: Scenario) -> Section:
    entries = [one for mechanism in scenario.mechanisms for one in values(mechanism, type(mechanism)())]
    kinds: dict[str, int] = {}
    for one in entries:
        kind = "assumption" if (one.source or "assumption").startswith("assumption") else "with a source or a reason"
        kinds[kind] = kinds.get(kind, 0) + 1
    facts = len(re.findall(r"^\| [A-Z]\d+", (ROOT / "docs" / "facts.md").read_text(encoding="utf-8"), re.MULTILINE))
    return Section(
        "data",
        "3. Data evaluation",
        (
            Grid(
                ("Values of parameters", "How many"),
                tuple((kind, f"{count:,}") for kind, count in sorted(kinds.items())),
                (1,),
            ),
            Text(
                f"The page on published facts has {facts} rows, each with source and quality. Populations come from "
                "published marginals; every cell is of fifty people or more."
            ),
        ),
    )


def _concepts(scenario: Scenario) -> Section:
    return Section(
        "concepts",
        "4. Conceptual model evaluation",
        (
            Text(
                f"{len(scenario.mechanisms)} mechanisms take part. The docstring of each says what it assumes and "
                "from where, and which settings switch it off, so that a study can be done without it. Alternatives "
                "that were considered are on the page on design."
            ),
            Text(
                "A judgement: rival explanations of the same pattern (silence from fear, from shunning or because "
                "complaints are futile) are all in the model as settings, and a calibration says which of them the "
                "figures tell apart."
            ),
        ),
    )


def _implementation() -> Section:
    tests = len(list((ROOT / "tests").rglob("test_*.py")))
    come_out, figures = replicated()
    return Section(
        "implementation",
        "5. Implementation verification",
        (
            Listing(
                (
                    f"{tests} files of tests; an uncompiled interpreter gives the same bytes as the compiled pass.",
                    (
                        f"{len(REPLICATIONS)} published models run by the same engine: {come_out} of {figures} figures lie "
                        "within tolerances that were fixed in advance."
                    ),
                    (
                        "Results depend on no number of threads, no interruption and no backend; digests of runs are "
                        "recorded in `verification/digests.json`."
                    ),
                )
            ),
        ),
    )


def _output() -> Section:
    rows = tuple((name, *(f"{count}" for count in counts)) for name, counts in patterns() if name != "validation")
    return Section(
        "output",
        "6. Model output verification",
        (
            Text(
                "Stylised facts that were used to choose values or mechanisms, and how the model compares with them. "
                "Values were chosen by hand within their priors, and not by a search; the number of trials was not "
                "counted."
            ),
            Grid(("Used for", "Near", "Partly near", "Missed", "Not expressible"), rows, (1, 2, 3, 4)),
            Text("Missed, each figure:"),
            Listing(tuple(missed()) or ("none",)),
        ),
    )


def _analysis() -> Section:
    return Section(
        "analysis",
        "7. Model analysis",
        (
            Text(
                f"{len(MEASURES)} measures are computed in each run. Studies vary every parameter over its prior and "
                "give Sobol, Morris, delta and PAWN indices, boxes for harms, and for claims the share of settings "
                "in which they hold. A calibration reports which parameters the figures pin down, singly and "
                "together, and how often its intervals held known truths. How often the methods find something where "
                "there is nothing is on the page on verification."
            ),
        ),
    )


def _corroboration() -> Section:
    rows = tuple((name, *(f"{count}" for count in counts)) for name, counts in patterns() if name == "validation")
    return Section(
        "corroboration",
        "8. Model output corroboration",
        (
            Text(
                "Facts that were not used, for parameters or for mechanisms, and the figures that calibrations hold "
                "out (the tutorial on calibration). Eight dated remedies of real systems are on the page on "
                "remedies, sizes that were missed included."
            ),
            Grid(("Used for", "Near", "Partly near", "Missed", "Not expressible"), rows, (1, 2, 3, 4)),
        ),
    )
