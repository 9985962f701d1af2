"""Metadata of a replication package for archives such as Zenodo and CoMSES: RO-Crate, CodeMeta, CFF and Zenodo's own.

RO-Crate 1.2 (https://w3id.org/ro/crate/1.2) with the profile Process Run Crate, CodeMeta 3.0
(https://w3id.org/codemeta/3.0) and the Citation File Format 1.2.0. Nothing in them depends on the clock: the date is that of the
release of Glasshouse.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from glasshouse.errors import DISTRIBUTION
from glasshouse.results import provenance
from glasshouse.study.findings import Findings

RELEASED = "2026-11-30"
"""Day of this version, which metadata of packages have to name; the project itself is not released yet."""
LICENCE = "https://spdx.org/licenses/Apache-2.0"
AUTHORS = "The Glasshouse developers"
CRATE, CODEMETA, CITATION = "ro-crate-metadata.json", "codemeta.json", "CITATION.cff"
ZENODO = ".zenodo.json"
"""Names of the files."""
FORMATS = {
    ".html": "text/html", ".toml": "application/toml", ".json": "application/json", ".md": "text/markdown", ".csv": "text/csv",
    ".txt": "text/plain", ".parquet": "application/vnd.apache.parquet", ".py": "text/x-python", ".cff": "application/yaml",
}  # fmt: skip
RESULTS = ("report.html", "runs.csv", "runs.parquet", "seeds.csv")
"""Files that a study makes; the others are what it is made of, or say what it is."""


def metadata_files(findings: Findings, files: Mapping[str, bytes], command: str) -> dict[str, bytes]:
    """Make the metadata of a package.

    Parameters
    ----------
    findings : Findings
        What the study found.
    files : mapping of str to bytes
        The other files of the package.
    command : str
        Command that does the study again.

    Returns
    -------
    dict of str to bytes
        The four files by name.
    """
    own = {
        CODEMETA: json.dumps(codemeta(), indent=2) + "\n",
        CITATION: citation(findings),
        ZENODO: json.dumps(zenodo(findings), indent=2, ensure_ascii=False) + "\n",
    }
    found = {name: text.encode() for name, text in own.items()}
    crate = json.dumps(ro_crate(findings, {**files, **found}, command), indent=2) + "\n"
    return {**found, CRATE: crate.encode()}


def ro_crate(findings: Findings, files: Mapping[str, bytes], command: str) -> dict[str, Any]:
    """Describe a package as a research object.

    Parameters
    ----------
    findings : Findings
        What the study found.
    files : mapping of str to bytes
        The files of the package.
    command : str
        Command that does the study again.

    Returns
    -------
    dict
        The content of `ro-crate-metadata.json`.
    """
    title = str(findings.definition["title"])
    parts = [{"@id": name} for name in sorted(files)]
    root = {
        "@id": "./", "@type": "Dataset", "name": title, "datePublished": RELEASED, "license": {"@id": LICENCE},
        "description": str(findings.definition.get("about") or title), "hasPart": parts, "author": {"@id": "#authors"},
        "mentions": {"@id": "#run"}, "conformsTo": {"@id": "https://w3id.org/ro/wfrun/process/0.5"},
    }  # fmt: skip
    results = [{"@id": name} for name in RESULTS if name in files]
    run = {
        "@id": "#run", "@type": "CreateAction", "name": command, "instrument": {"@id": "#glasshouse"},
        "object": [*({"@id": name} for name in sorted(files) if name.endswith(".toml")), {"@id": "#seed"}], "result": results,
    }  # fmt: skip
    return {
        "@context": "https://w3id.org/ro/crate/1.2/context",
        "@graph": [
            {
                "@id": CRATE, "@type": "CreativeWork", "about": {"@id": "./"},
                "conformsTo": {"@id": "https://w3id.org/ro/crate/1.2"},
            },
            root,
            run,
            {"@id": "#seed", "@type": "PropertyValue", "name": "seed", "value": str(findings.definition["seed"])},
            {
                "@id": "#glasshouse", "@type": "SoftwareApplication", "name": DISTRIBUTION,
                "softwareVersion": provenance.version(), "license": {"@id": LICENCE},
            },
            {"@id": "#authors", "@type": "Organization", "name": AUTHORS},
            {"@id": LICENCE, "@type": "CreativeWork", "name": "Apache License 2.0", "identifier": "Apache-2.0"},
            *(_file(name, data) for name, data in sorted(files.items())),
        ],
    }  # fmt: skip


def codemeta() -> dict[str, Any]:
    """Describe Glasshouse as software.

    Returns
    -------
    dict
        The content of `codemeta.json`.
    """
    return {
        "@context": "https://w3id.org/codemeta/3.0",
        "@type": "SoftwareSourceCode",
        "name": "Glasshouse",
        "identifier": DISTRIBUTION,
        "description": "A laboratory for systems that track, score, list and sanction people, on a wholly synthetic population",
        "version": provenance.version(),
        "author": [{"@type": "Organization", "name": AUTHORS}],
        "license": LICENCE,
        "programmingLanguage": "Python",
        "runtimePlatform": "Python 3.11 or newer",
        "operatingSystem": ["Linux", "macOS"],
        "developmentStatus": "active",
        "keywords": [
            "agent-based model",
            "social scoring",
            "surveillance",
            "simulation",
            "computational social science",
        ],
    }


def zenodo(findings: Findings) -> dict[str, Any]:
    """Describe a package to Zenodo, which fills its form from it.

    Parameters
    ----------
    findings : Findings
        What the study found.

    Returns
    -------
    dict
        The content of `.zenodo.json`, with the fields of a deposit (https://developers.zenodo.org).
    """
    return {
        "upload_type": "dataset",
        "title": f"Replication package: {findings.definition['title']}",
        "description": str(findings.definition.get("about") or findings.definition["title"]),
        "creators": [{"name": AUTHORS}],
        "version": provenance.version(),
        "license": "Apache-2.0",
        "access_right": "open",
        "language": "eng",
        "keywords": codemeta()["keywords"],
    }


def citation(findings: Findings) -> str:
    """Say how a package is cited.

    Parameters
    ----------
    findings : Findings
        What the study found.

    Returns
    -------
    str
        The content of `CITATION.cff`.
    """
    digest = findings.record.digest if findings.record is not None else "unknown"
    lines = {
        "cff-version": "1.2.0",
        "message": "If you use this package, cite it, and Glasshouse with its version.",
        "type": "dataset",
        "title": f"Replication package: {findings.definition['title']}",
        "authors": [{"name": AUTHORS}],
        "version": provenance.version(),
        "date-released": RELEASED,
        "license": "Apache-2.0",
        "abstract": f"Runs of the study {findings.name} (definition {digest}), with all that is needed to run it again.",
    }
    # A JSON value is a YAML value.
    return "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in lines.items())


def _file(name: str, data: bytes) -> dict[str, Any]:
    ending = f".{name.rpartition('.')[2]}"
    return {
        "@id": name, "@type": "File", "name": name, "encodingFormat": FORMATS.get(ending, "application/octet-stream"),
        "contentSize": str(len(data)), "sha256": hashlib.sha256(data).hexdigest(),
    }  # fmt: skip
