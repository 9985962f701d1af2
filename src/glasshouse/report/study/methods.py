"""How a study was done: a paragraph ready for a paper, and where everything in it comes from."""

import tomllib
from typing import Any

from markupsafe import Markup

from glasshouse.analysis.safeguard_effects import PROTECTS
from glasshouse.analysis.sensitivity_indices import Method
from glasshouse.model.mechanisms import CATALOGUE
from glasshouse.report.elements import Cell, Table, fold, together
from glasshouse.report.templates import render
from glasshouse.results import provenance
from glasshouse.scenario.tables import properties, without_arm
from glasshouse.study import preregistration
from glasshouse.study.design import Kind
from glasshouse.study.findings import Findings

DESIGNS = {
    "grid": "a full grid",
    "one-at-a-time": "one setting at a time",
    "random": "points drawn at random, each by itself",
    "latin-hypercube": "a Latin hypercube (McKay et al. 1979)",
    "sobol": "a scrambled Sobol sequence (Owen 1998)",
    "saltelli": "Saltelli's design for variance-based indices (Saltelli et al. 2010)",
    "morris": "Morris's trajectories (Morris 1991)",
}
DELTA = 20_000
"""Points times factors up to which delta is computed beside PAWN, which is many times as fast."""
FEW = 25
"""Settings that are listed without a fold."""
INDICES: dict[Method, str] = {
    "sobol": "first-order and total Sobol indices (Saltelli et al. 2010)",
    "morris": "elementary effects (Morris 1991)",
    "delta": "Borgonovo's delta (Plischke et al. 2013)",
    "pawn": "PAWN (Pianosi and Wagener 2018)",
}
SOURCES = (
    ("McKay", "McKay, M. D., et al. (1979). Technometrics 21(2), 239-245. doi:10.1080/00401706.1979.10489755"),
    ("Owen", "Owen, A. B. (1998). Journal of Complexity 14(4), 466-489. doi:10.1006/jcom.1998.0487"),
    ("Saltelli", "Saltelli, A., et al. (2010). Computer Physics Communications 181(2), 259-270. doi:10.1016/j.cpc.2009.09.018"),
    ("Morris", "Morris, M. D. (1991). Technometrics 33(2), 161-174. doi:10.1080/00401706.1991.10484804"),
    ("Plischke", "Plischke, E., et al. (2013). Eur. J. Operational Research 226(3), 536-550. doi:10.1016/j.ejor.2012.11.047"),
    ("Pianosi", "Pianosi, F., Wagener, T. (2018). Env. Modelling & Software 108, 197-207. doi:10.1016/j.envsoft.2018.07.019"),
    ("White", "White, H. (1980). Econometrica 48(4), 817-838. doi:10.2307/1912934"),
    ("Grimm", "Grimm, V., et al. (2020). J. Artificial Societies and Social Simulation 23(2), 7. doi:10.18564/jasss.4259"),
    ("Law", "Law, A. M. (2015). Simulation Modeling and Analysis, 5th edition, section 11.2. McGraw-Hill."),
)  # fmt: skip


def section(findings: Findings) -> Markup:
    """The methods paragraph and its sources.

    Parameters
    ----------
    findings : Findings
        What the study found.

    Returns
    -------
    markupsafe.Markup
        The section's content.
    """
    words = paragraph(findings)
    return render("study/methods.html", paragraph=words, cited=[source for key, source in SOURCES if key in words])


def paragraph(findings: Findings) -> str:
    """State the methods in a paragraph: scenario, population, design, replicates, seeds, intervals, code and packages.

    Parameters
    ----------
    findings : Findings
        What the study found.

    Returns
    -------
    str
        The paragraph, ready for a paper.
    """
    definition, counts = findings.definition, findings.counts
    scenario = tomllib.loads(definition["scenario"])
    society, run, design = scenario["society"], scenario["run"], definition["design"]
    factors, replicates = design["factors"], int(definition["replicates"])
    given = sum(one["source"] == "given" for one in factors)
    ranges = "over the model's prior ranges" if not given else "over ranges that we chose" if given == len(factors) else (
        f"{len(factors) - given} over the model's prior ranges and {given} over ranges that we chose"
    )  # fmt: skip
    seeds = (
        "All points used the same random seeds (common random numbers; Law 2015), so that they differ by their settings alone."
        if definition["paired"]
        else "Every point had random seeds of its own."
    )
    others = ", each time with another population and another random seed" if replicates > 1 else ""
    failed = f"; {counts.failed:,} failed and are listed with their errors" if counts.failed else ""
    libraries = ", ".join(f"{name} {number}" for name, number in provenance.libraries().items())
    return (
        f"We studied the scenario “{scenario['title']}” with Glasshouse {provenance.version()} (code {_code(findings)}), an "
        "agent-based model of scoring and sanctions on synthetic populations, described after the ODD protocol (Grimm et al. "
        f"2020). Populations of {society['citizens']:,} synthetic citizens, drawn from published aggregates, were simulated for "
        f"{run['weeks']:,} weeks in two arms with the same population and random numbers: under the regime, and without it. An "
        f"effect is the difference between the two. We varied {len(factors)} settings {ranges} by {DESIGNS[design['kind']]}, "
        f"{len(findings.parameters):,} points in all, and ran each point {times(replicates)}{others}. {seeds} Of "
        f"{counts.total:,} runs, {counts.done:,} were done{failed}. {_analysis(findings)} The study's seed "
        f"is {definition['seed']}; the seed of each run is derived from it and listed. The definition has the digest "
        f"{_digest(findings)} and "
        f"{_frozen(findings)}. We used {libraries}."
    )


def analyses(kind: Kind, size: int) -> tuple[Method, ...]:
    """List the sensitivity analyses that a design allows.

    Parameters
    ----------
    kind : str
        The kind of design.
    size : int
        Number of points times number of factors.

    Returns
    -------
    tuple of str
        Names of the methods; none for a one-at-a-time design. Delta is left out of large designs.
    """
    if kind in ("saltelli", "morris"):
        return ("sobol",) if kind == "saltelli" else ("morris",)
    if kind == "one-at-a-time":
        return ()
    return ("delta", "pawn") if size <= DELTA else ("pawn",)


def _analysis(findings: Findings) -> str:
    """Which indices and comparisons the study's page shows."""
    design, replicates = findings.definition["design"], int(findings.definition["replicates"])
    keys = [one["key"] for one in design["factors"]]
    indices = " and ".join(INDICES[one] for one in analyses(design["kind"], len(findings.parameters) * len(keys)))
    sentences = ["All intervals are 95 %."]
    if indices:
        bars = "with bootstrap intervals" if design["kind"] in ("saltelli", "morris") else (
            "held against 39 columns that no run knew; their bars are the bootstrap's spread"
        )  # fmt: skip
        sentences.append(f"Sensitivity is measured by {indices}, {bars}.")
    if PROTECTS.keys() & set(keys):
        sentences.append(
            "Safeguards are compared by differences between their ends, paired by random seed."
            if design["kind"] == "one-at-a-time"
            else "Safeguards are compared by least squares over the points with robust intervals (White 1980)."
        )
    if replicates > 1:
        sentences.append(
            "The variance between replicates of a point separates Monte Carlo error from the effect of settings."
        )
    return " ".join(sentences)


def times(replicates: int) -> str:
    """Say how often, for example “once”, “twice”, “5 times”.

    Parameters
    ----------
    replicates : int
        How many replicates each point has.

    Returns
    -------
    str
        The words.
    """
    return {1: "once", 2: "twice"}.get(replicates, f"{replicates} times")


def _code(findings: Findings) -> str:
    return findings.record.code[:12] if findings.record is not None else "unknown"


def _digest(findings: Findings) -> str:
    return findings.record.digest if findings.record is not None else "unknown"


def _frozen(findings: Findings) -> str:
    mark = preregistration.registration_of(findings.record)
    return (
        f"was preregistered before the first run, on {mark.date}, as {mark.digest}" if mark else "was not preregistered"
    )


def varied(definition: dict[str, Any]) -> Markup:
    """What was varied: each setting with its meaning, range, unit and where the range is from.

    Parameters
    ----------
    definition : dict
        The definition of the study as it is stored.

    Returns
    -------
    markupsafe.Markup
        A table, folded if it is long.
    """
    rows = [
        (
            Cell(one["key"], style="code"),
            _meaning(one["key"]),
            _range(one),
            one["unit"],
            "prior" if one["source"] == "prior" else "given by the study",
        )
        for one in definition["design"]["factors"]
    ]
    found = Table(("Setting", "Meaning", "Range or values", "Unit", "Range from"), rows)
    return together(found) if len(rows) <= FEW else fold(f"All {len(rows)} settings", found)


def _range(one: dict[str, Any]) -> str:
    if one["values"]:
        return ", ".join(str(value) for value in one["values"])
    return f"{one['low']:.4g} to {one['high']:.4g}"


def _meaning(key: str) -> str:
    """What the setting is, in the words of its declaration; nothing for a plug-in's."""
    name, _, rest = ".".join(without_arm(tuple(key.split(".")))).partition(".")
    model = next((one for one in CATALOGUE if one.name == name), None)
    return str(properties(model).get(rest, {}).get("description", "")) if model else ""


def sources(findings: Findings) -> Markup:
    """Digests, versions and dates, with the scenario as every run had it but for what is varied.

    Parameters
    ----------
    findings : Findings
        What the study found.

    Returns
    -------
    markupsafe.Markup
        The section's content.
    """
    definition, record = findings.definition, findings.record
    facts: list[tuple[str, str]] = [("name", findings.name)]
    if record is not None:
        facts += [
            ("definition", record.digest),
            ("code", record.code),
            ("entered", preregistration.utc_time(record.created)),
        ]
    mark = preregistration.registration_of(record)
    facts += [
        ("preregistered", f"before the first run on {mark.date} as {mark.digest}" if mark else "no"),
        ("points", definition["points"]),
        ("seed", str(definition["seed"])),
        ("same random seeds at every point", "yes" if definition["paired"] else "no"),
        ("plug-ins", ", ".join(definition["plugins"]) or "none"),
        ("Glasshouse, when this page was made", provenance.version()),
        (
            "libraries, when this page was made",
            ", ".join(f"{name} {text}" for name, text in provenance.libraries().items()),
        ),
    ]
    rows = [(name, Cell(value, style="code")) for name, value in facts]
    return render("study/provenance.html", facts=Table(("What", "Value"), rows), scenario=definition["scenario"])
