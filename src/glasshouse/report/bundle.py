"""The evidence pack: one file with all that a study says, all that it rests on, and the command that does it again.

A pack is a ZIP file whose bytes depend on its contents alone: entries are sorted and carry no time. `MANIFEST.sha256` can
be checked with `sha256sum -c` and needs no Glasshouse.
"""

import hashlib
import io
import json
import re
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import tomlkit

from glasshouse.engine.plugin_loader import find, installed
from glasshouse.errors import DISTRIBUTION, StoringError
from glasshouse.population.marginals_files import text_of
from glasshouse.report.crate import metadata_files
from glasshouse.report.document import markdown
from glasshouse.report.elements import Section
from glasshouse.report.model_card import model_card
from glasshouse.report.odd.description import odd
from glasshouse.report.study.study_page import page
from glasshouse.results import provenance
from glasshouse.results.table import Table
from glasshouse.scenario.scenario import Scenario, loads
from glasshouse.scenario.toml_text import toml_item
from glasshouse.storage import write_atomic
from glasshouse.study import preregistration
from glasshouse.study.findings import Findings

MARGINALS = "population.marginals.toml"
"""The file with the aggregates that populations are drawn from; no study's file has such a name."""

STAMP = (1980, 1, 1, 0, 0, 0)
"""The time of every entry: the earliest that a ZIP file can hold."""

README = """Replication package of the Glasshouse study “{title}”

report.html           the study's page; open it in a browser, no network is needed
{scenario:<22}the scenario, complete but for what the study varies
{marginals:<22}the published aggregates that its populations are drawn from
{name}.toml{pad}the study: what is varied, by which design, with which seed
definition.json       the definition as the study database had it; b2sum -l 128 gives its digest,
                      {digest}
{frozen}runs.parquet, runs.csv every run that was done: settings of its point and every figure
seeds.csv             every run: its seed, state, digest of its figures, and why it failed if it did
odd.md                the model after the ODD protocol
model-card.md         what the model is for, what it is not for, and how far it was checked
requirements.txt      the versions of Glasshouse and all that it stood on when this was packed
ro-crate-metadata.json the package as a research object, for archives (RO-Crate)
codemeta.json         Glasshouse as software (CodeMeta)
CITATION.cff          how to cite the package
.zenodo.json          what Zenodo's form asks of the package
{plugins}MANIFEST.sha256       a hash of every file; check them with: sha256sum -c MANIFEST.sha256

To do it again, with the versions in requirements.txt (Glasshouse is the distribution {distribution}), in this folder:

{command}

The code that ran had the digest {code}. With the same code the figures in
again/{name}.csv are those of runs.csv, byte for byte.
"""


def write(
    findings: Findings, path: Path, folder: Path, plugins: Sequence[Path] = (), ready: Sequence[Section] = ()
) -> None:
    """Write the pack of a study, whole or not at all.

    Parameters
    ----------
    findings : Findings
        What the study found.
    path : pathlib.Path
        The ZIP file to write.
    folder : pathlib.Path
        Folder in which freezing put the frozen file.
    plugins : sequence of pathlib.Path, optional
        Plug-in files that took part in the study.
    ready : sequence of Section, optional
        Parts of the report that were made elsewhere.

    Raises
    ------
    StoringError
        If plug-ins are missing, or something cannot be read or written.
    AnalysisError
        If no run is done yet.
    """
    files = contents(findings, folder, plugins, ready)
    write_atomic(path, zipped(files), "the replication package")


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Pack files into a ZIP file, sorted and without times.

    Parameters
    ----------
    files : mapping of str to bytes
        Contents of the files by name.

    Returns
    -------
    bytes
        The ZIP file.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, STAMP)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
            archive.writestr(entry, files[name])
    return buffer.getvalue()


def contents(
    findings: Findings, folder: Path, plugins: Sequence[Path] = (), ready: Sequence[Section] = ()
) -> dict[str, bytes]:
    """Make every file of the pack.

    Parameters
    ----------
    findings : Findings
        What the study found.
    folder : pathlib.Path
        Folder in which freezing put the frozen file.
    plugins : sequence of pathlib.Path, optional
        Plug-in files that took part in the study.
    ready : sequence of Section, optional
        Parts of the report that were made elsewhere.

    Returns
    -------
    dict of str to bytes
        Contents of each file by name, with the manifest among them.
    """
    brought, frozen = _plugins(findings, plugins), _frozen(findings, folder)
    scenario = loads(findings.definition["scenario"], "scenario", find(plugins))
    texts = {
        "report.html": page(findings, ready),
        _scenario_name(findings): findings.definition["scenario"],
        MARGINALS: text_of(scenario.society.marginals),
        f"{findings.name}.toml": study_file(findings, scenario),
        "definition.json": findings.record.definition
        if findings.record is not None
        else json.dumps(findings.definition),
        "odd.md": markdown(odd(scenario)),
        "model-card.md": markdown(model_card(scenario)),
        "requirements.txt": requirements(findings),
    }
    texts["README.txt"] = _readme(findings, sorted(brought), frozen=bool(frozen))
    files = {name: text.encode() for name, text in texts.items()} | brought | frozen | _tables(findings)
    files |= metadata_files(findings, files, command(findings, sorted(brought)))
    manifest = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items()))
    return {**files, "MANIFEST.sha256": manifest.encode()}


def study_file(findings: Findings, scenario: Scenario) -> str:
    """A study file beside that of the scenario, which makes the same points with the same random seeds.

    Parameters
    ----------
    findings : Findings
        The study as it was run.
    scenario : Scenario
        Its scenario.

    Returns
    -------
    str
        TOML that `study_from` reads.
    """
    definition = findings.definition
    design = definition["design"]
    settings = {
        "title": definition["title"],
        "about": definition["about"],
        "scenario": _scenario_name(findings),
        "design": design["kind"],
        "runs": len(findings.parameters) * definition["replicates"],
        **{key: definition[key] for key in ("replicates", "seed", "paired", "measures")},
    }
    if design["levels"]:
        settings["levels"] = design["levels"]
    document = tomlkit.document()
    for key, value in settings.items():
        document.append(key, toml_item(value))
    citizens = tomlkit.key(["society", "citizens"])
    document.append("settings", tomlkit.table().append(citizens, toml_item(scenario.society.citizens)))
    factors = tomlkit.table()
    for factor in design["factors"]:
        factors.append(factor["key"], toml_item(_levels(factor)))
    document.append("factors", factors)
    return tomlkit.dumps(document)


def _scenario_name(findings: Findings) -> str:
    """The file name of the scenario, which differs from that of the study on any file system."""
    return "base-scenario.toml" if findings.name.lower() == "scenario" else "scenario.toml"


def _levels(factor: Mapping[str, Any]) -> object:
    """What a study file says of a factor: the values that it takes, or its two ends."""
    return {"values": factor["values"]} if factor["values"] else [float(factor["low"]), float(factor["high"])]


def command(findings: Findings, plugins: Sequence[str]) -> str:
    """Command that repeats the study and puts its figures beside those of the pack.

    Parameters
    ----------
    findings : Findings
        What the study found.
    plugins : sequence of str
        Names of the plug-in files in the pack.

    Returns
    -------
    str
        Two shell commands, joined by `&&`.
    """
    joined = "".join(f" --plugin {name}" for name in plugins)
    return (
        f"glasshouse study run {findings.name}.toml --folder again{joined} && "
        f"glasshouse study export {findings.name} again/{findings.name}.csv --folder again"
    )


def requirements(findings: Findings) -> str:
    """List installed versions: Glasshouse, the packages whose plug-ins took part, and all that these need.

    Parameters
    ----------
    findings : Findings
        What the study found.

    Returns
    -------
    str
        One line `name==version` for each package, sorted by name; that of Glasshouse ends in the digest of the code.
    """
    found: dict[str, str] = {}
    joined = set(findings.definition["plugins"])
    waiting = [DISTRIBUTION, *(one.origin.name for one in installed() if one.origin.digest in joined)]
    while waiting:
        name = waiting.pop()
        key = re.sub(r"[-_.]+", "-", name).lower()
        if key in found:
            continue
        try:
            one = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        found[key] = one.version
        needs = [text for text in one.requires or () if "extra ==" not in text]
        waiting += [match.group() for text in needs if (match := re.match(r"[\w.-]+", text))]
    ours = f"  # code digest {_code(findings)}"
    return "".join(f"{name}=={found[name]}{ours if name == DISTRIBUTION else ''}\n" for name in sorted(found))


def _code(findings: Findings) -> str:
    """Digest of the code that ran."""
    return findings.record.code if findings.record is not None else provenance.code_digest()


def _plugins(findings: Findings, plugins: Sequence[Path]) -> dict[str, bytes]:
    """The files of the plug-ins that took part; StoringError if one is missing."""
    wanted = set(findings.definition["plugins"]) - {one.origin.digest for one in installed()}
    found: dict[str, bytes] = {}
    for path in plugins:
        digest = find([path])[-1].origin.digest
        if digest in wanted:
            wanted.discard(digest)
            # Files of one name, letter case aside, are kept apart by a folder.
            same = sum(name.rpartition("/")[2].lower() == path.name.lower() for name in found)
            found[f"plugin{same + 1}/{path.name}" if same else path.name] = path.read_bytes()
    if wanted:
        raise StoringError(
            f"The study {findings.name} ran with {len(wanted)} plug-ins more. Name their files with --plugin."
        )
    return found


def _frozen(findings: Findings, folder: Path) -> dict[str, bytes]:
    """The frozen file, if the study is frozen and the file is where it was laid; StoringError if it is another's."""
    mark, path = (
        preregistration.registration_of(findings.record),
        preregistration.registration_path(folder, findings.name),
    )
    if mark is None:
        return {}
    if not path.is_file():
        raise StoringError(
            f"The study {findings.name} is frozen, and {path} is missing. Put it there from its deposit."
        )
    if preregistration.read_registration(path)[0].digest != mark.digest:
        raise StoringError(f"{path} is not what the study {findings.name} was frozen as, {mark.digest}.")
    return {path.name: path.read_bytes()}


def _tables(findings: Findings) -> dict[str, bytes]:
    """Every run's figures, and every run's seed and state."""
    entries = findings.entries
    seeds: dict[str, Any] = {"run": np.array([run.number for run in entries])}
    seeds |= {name: np.array([getattr(run, name) for run in entries]) for name in ("point", "replicate")}
    # A seed has up to 63 bits, and most programs that read a number from CSV keep 53: it is written as text.
    seeds["seed"] = np.array([str(run.seed) for run in entries], dtype=str)
    seeds["state"] = np.array([run.state for run in entries], dtype=str)
    seeds |= {name: np.array([getattr(run, name) or "" for run in entries]) for name in ("digest", "error")}
    tables = {"runs.parquet": findings.runs, "runs.csv": findings.runs, "seeds.csv": Table("seeds", seeds)}
    with tempfile.TemporaryDirectory() as where:
        for name, table in tables.items():
            table.save(Path(where) / name)
        return {name: (Path(where) / name).read_bytes() for name in tables}


def _readme(findings: Findings, plugins: Sequence[str], *, frozen: bool) -> str:
    name, record = findings.name, findings.record
    frozen_line = (
        f"{name}.frozen.toml".ljust(22) + "what was fixed before the first run, under its hash\n" if frozen else ""
    )
    brought = "".join(f"{one:<22}code of the user's own that took part; it is run: read it first\n" for one in plugins)
    return README.format(
        distribution=DISTRIBUTION,
        title=findings.definition["title"], name=name, scenario=_scenario_name(findings),
        marginals=MARGINALS, pad=" " * max(22 - len(name) - 5, 1), frozen=frozen_line, plugins=brought,
        digest=record.digest if record else "unknown", code=_code(findings),
        command=command(findings, plugins),
    )  # fmt: skip
