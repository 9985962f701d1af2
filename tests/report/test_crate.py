"""Metadata for archives: what the standards require is there, and all of it agrees with the project's own files."""

import hashlib
import json
import re
import tomllib
from pathlib import Path
from types import SimpleNamespace

from glasshouse.report.crate import CITATION, CODEMETA, CRATE, ZENODO, citation, codemeta, metadata_files

ROOT = Path(__file__).parents[2]


def test_the_projects_files_agree() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    found = codemeta()
    assert json.loads((ROOT / "codemeta.json").read_text(encoding="utf-8")) == found
    assert "date-released" not in text, "no version is released yet"
    assert re.search(rf"^version: {re.escape(found['version'])}$", text, re.MULTILINE)
    assert found["keywords"] == project["keywords"] == re.findall(r"^  - ([a-z -]+)$", text, re.MULTILINE)
    assert (found["description"], found["identifier"]) == (project["description"], project["name"])
    assert found["license"].endswith(project["license"])


FINDINGS = SimpleNamespace(
    name="tiny", record=None, definition={"title": "Of “quotes”: and\ncolons", "about": "", "seed": 3}
)
FILES = {"tiny.toml": b"a", "scenario.toml": b"b", "runs.csv": b"run", "report.html": b"<html>", "odd.md": b"# ODD"}


def test_a_research_object_has_what_the_standard_requires() -> None:
    files = metadata_files(FINDINGS, FILES, "glasshouse study run tiny.toml")  # type: ignore[arg-type]
    assert set(files) == {CRATE, CODEMETA, CITATION, ZENODO}
    deposit = json.loads(files[ZENODO])
    assert deposit["upload_type"] == "dataset"
    assert deposit["creators"] == [{"name": "The Glasshouse developers"}]
    crate = json.loads(files[CRATE])
    graph = {one["@id"]: one for one in crate["@graph"]}
    assert len(graph) == len(crate["@graph"])
    assert graph[CRATE]["@type"] == "CreativeWork"
    assert graph[CRATE]["about"] == {"@id": "./"}
    root = graph["./"]
    assert root["@type"] == "Dataset"
    assert all(root[key] for key in ("name", "description", "datePublished", "license"))
    assert {one["@id"] for one in root["hasPart"]} == {*FILES, CODEMETA, CITATION, ZENODO}
    for name, data in FILES.items():
        assert graph[name]["sha256"] == hashlib.sha256(data).hexdigest()
        assert graph[name]["contentSize"] == str(len(data))
    run = graph["#run"]
    assert [one["@id"] for one in run["result"]] == ["report.html", "runs.csv"]
    assert [one["@id"] for one in run["object"]] == ["scenario.toml", "tiny.toml", "#seed"]
    named = re.findall(r'"@id": "([^"]+)"', files[CRATE].decode())
    assert {one for one in named if not one.startswith("https://w3id.org/ro/")} <= set(graph)


def test_nothing_depends_on_the_clock() -> None:
    first, again = (metadata_files(FINDINGS, FILES, "again") for _ in range(2))  # type: ignore[arg-type]
    assert first == again


def test_a_citation_is_one_value_a_line() -> None:
    lines = citation(FINDINGS).splitlines()  # type: ignore[arg-type]
    assert [line.partition(": ")[0] for line in lines][:4] == ["cff-version", "message", "type", "title"]
    assert json.loads(lines[3].partition(": ")[2]) == "Replication package: Of “quotes”: and\ncolons"
