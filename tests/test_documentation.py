"""The documentation site: generated pages say everything that the code declares, and the written ones name every function."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

import glasshouse as gh
import glasshouse.testing
from glasshouse.cli.main import cli
from glasshouse.model.measures import CATALOGUE as MEASURES
from glasshouse.model.mechanisms import CATALOGUE as MECHANISMS

DOCS = Path(__file__).parents[1] / "docs"
COMMAND = re.compile(r"^scripts/glasshouse (.+?)(?:\s{2,}#.*|\s+&&.*)?$", re.MULTILINE)


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reference_pages", DOCS / "reference_pages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def pages(generator: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("reference")
    generator.write(folder)
    return {page.stem: page.read_text(encoding="utf-8") for page in folder.glob("*.md")}


def test_every_page_begins_with_its_title(pages: dict[str, str]) -> None:
    assert sorted(pages) == ["json-output", "measures", "mechanisms", "odd", "scenario-tables", "trace"]
    assert all(text.startswith("# ") for text in pages.values())


def test_every_measure_has_a_row(pages: dict[str, str]) -> None:
    assert not [one.name for one in MEASURES if f"| `{one.name}` |" not in pages["measures"]]


def test_every_parameter_has_a_row(pages: dict[str, str]) -> None:
    for mechanism in MECHANISMS:
        if mechanism.model_fields:
            _, _, section = pages["mechanisms"].partition(f"\n## `{mechanism.name}`\n")
            section = section.partition("\n## ")[0]
            assert not [name for name in mechanism.model_fields if f"| `{name}` |" not in section], mechanism.name


def test_the_trace_document_has_eight_elements_and_counts_what_there_is(pages: dict[str, str]) -> None:
    text = pages["trace"]
    assert re.findall(r"^## (\d)\.", text, re.MULTILINE) == list("12345678")
    replications = (DOCS / "replications.md").read_text(encoding="utf-8")
    assert replications.count("| none |") >= 1
    counts = [int(number) for number in re.findall(r"^\| [a-z ]+ \| (\d+) \|", text, re.MULTILINE)]
    assert len(counts) >= 5
    assert min(counts) >= 0
    assert "of 436 figures" in text
    assert re.search(r"^- .+: target .+, found .+$", text, re.MULTILINE)


def test_an_unchanged_page_keeps_its_time(generator: ModuleType, tmp_path: Path) -> None:
    """Sphinx builds a page again whose time has changed."""
    generator.write(tmp_path)
    before = {page.name: page.stat().st_mtime_ns for page in tmp_path.iterdir()}
    generator.write(tmp_path)
    assert before == {page.name: page.stat().st_mtime_ns for page in tmp_path.iterdir()}


def test_every_public_name_is_documented() -> None:
    text = (DOCS / "reference" / "python.md").read_text(encoding="utf-8")
    named = set(re.findall(r"auto(?:function|class):: (\w+)", text))
    modules = {"errors", "studies", "__version__"}
    constants = {"MEASURE_CHECKS", "MECHANISM_CHECKS"}
    wanted = {*gh.__all__, *gh.studies.__all__, *glasshouse.testing.__all__} - modules - constants
    assert wanted - named == set()
    assert "automodule:: glasshouse.errors" in text


def test_commands_in_the_pages_exist_with_their_options() -> None:
    """Read as click reads them, without running anything."""
    wrong = []
    for page in DOCS.glob("*.md"):
        for line in COMMAND.findall(page.read_text(encoding="utf-8")):
            command, words = cli, line.split()
            while hasattr(command, "commands") and words and words[0] in command.commands:
                command, words = command.commands[words[0]], words[1:]
            options = {name for one in command.params for name in one.opts}
            unknown = [word for word in words if word.startswith("--") and word.partition("=")[0] not in options]
            if command is cli or hasattr(command, "commands") or unknown:
                wrong.append((page.name, line))
    assert not wrong
