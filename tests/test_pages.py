"""Pages for readers: links lead somewhere, and every file and function that they name is there."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "glasshouse"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
OWN_FILES = (
    "README.md",
    "CONTRIBUTING.md",
    "docs/boundary.md",
    "docs/design.md",
    "docs/model.md",
    "docs/verification.md",
)
"""Pages whose paths in back-ticks are of this repository."""

LINK = re.compile(r"(?<!`)\[[^\]]*\]\(([^)\s]+)\)")
PATH = re.compile(r"`([\w.-]+(?:/[\w.-]+)*(?:/|\.(?:py|toml|md|json)))`")
DEFINED = re.compile(r"`([\w/]+\.py)`\s\(((?:`\w+`(?:,\s)?)+)\)")
MADE_BY_A_RUN = {"provenance.json", "scenario.toml", "report.html", "mine.toml", "my.toml"}


def label(path: Path) -> str:
    return str(path.relative_to(ROOT))


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def place(name: str) -> Path | None:
    """The file or folder that a page names, below the repository, its pages or the package."""
    return next((path for path in (ROOT / name, ROOT / "docs" / name, SOURCE / name) if path.exists()), None)


@pytest.mark.parametrize("page", PAGES, ids=label)
def test_links_lead_to_a_page_and_a_heading_of_it(page: Path) -> None:
    wrong = []
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        found = page.parent / name if name else page
        if not found.exists() or (anchor and anchor not in anchors(found)):
            wrong.append(target)
    assert not wrong


@pytest.mark.parametrize("name", OWN_FILES)
def test_files_that_a_page_names_are_there(name: str) -> None:
    named = set(PATH.findall((ROOT / name).read_text(encoding="utf-8"))) - MADE_BY_A_RUN
    assert not [path for path in sorted(named) if place(path) is None]


@pytest.mark.parametrize("name", OWN_FILES)
def test_functions_that_a_page_names_are_in_the_file(name: str) -> None:
    """Read from “`study/worker.py` (`work`)”."""
    for file, functions in DEFINED.findall((ROOT / name).read_text(encoding="utf-8")):
        path = place(file)
        assert path is not None, file
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        defined = {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}
        named = set(re.findall(r"\w+", functions))
        assert named <= defined, file


def test_the_design_page_says_where_things_happen() -> None:
    """The files that a newcomer looks for first, each at its question."""
    text = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", text, re.MULTILINE))
    wanted = {
        "the command `glasshouse run`": "cli/run.py",
        "a scenario's TOML read": "scenario/files.py",
        "a setting's range declared and checked": "scenario/validation.py",
        "a plug-in loaded": "engine/plugin_loader.py",
        "a population built": "population/synthesis.py",
        "a week stepped and settled": "engine/backends/cpu.py",
        "a random number drawn": "engine/compiler/codegen.py",
        "a record made, turned into points, then into a listing": "model/mechanisms/points.py",
        "a measure declared": "model/measures/",
        "an effect given its interval": "results/intervals.py",
        "a report drawn, its text escaped": "report/templates.py",
        "a run of a study claimed by a worker": "study/store/queue.py",
    }
    assert not {question: file for question, file in wanted.items() if f"`{file}`" not in rows.get(question, "")}


def test_claims_about_the_rows_name_the_page_that_lists_them() -> None:
    for claim in (SOURCE / "library" / "claims").glob("*.toml"):
        for page in re.findall(r"of the rows of the system \(([^)]+)\)", claim.read_text(encoding="utf-8")):
            assert "the-rows-s0-to-s16" in anchors(ROOT / page), claim.name
