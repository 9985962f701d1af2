"""The name of the distribution: every requirement names ours, since the package's own name is another project's on the index."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from glasshouse.errors import DISTRIBUTION, install_command

ROOT = Path(__file__).parents[1]
FOREIGN = re.compile(
    r"""\bglasshouse(\[|\s*(==|>=|~=))       # a requirement
    | \binstall\s+(-\S+\s+)*["']?glasshouse\b(?!-lab)
    | metadata\.\w+\(["']glasshouse["']\) | \bversion\(["']glasshouse["']\)""",
    re.VERBOSE,
)
"""A requirement, an installation or a look-up under the package's name."""

WRONG = (
    "python -m pip install 'glasshouse[web]'",
    "pip install glasshouse",
    "pip install --upgrade glasshouse",
    "glasshouse==0.1.0",
    'version("glasshouse")',
    'metadata.distribution("glasshouse")',
)
RIGHT = (
    "python -m pip install 'glasshouse-lab[web]'",
    "glasshouse-lab==0.1.0",
    "import glasshouse",
    "glasshouse run town",
    "(glasshouse assess --relatedness NAME)",
)


def test_the_pattern_tells_wrong_names_from_right_ones() -> None:
    assert [text for text in WRONG if not FOREIGN.search(text)] == []
    assert [text for text in RIGHT if FOREIGN.search(text)] == []


def test_no_file_names_the_other_project() -> None:
    found = []
    for folder in ("src", "docs", "examples", "verification", "benchmarks", "scripts", "tests", "requirements", "."):
        paths = (ROOT / folder).iterdir() if folder == "." else (ROOT / folder).rglob("*")
        for path in paths:
            if not path.is_file() or path == Path(__file__) or {"__pycache__", "vega"} & set(path.parts):
                continue
            try:
                lines = path.read_text(encoding="utf-8").splitlines()
            except UnicodeDecodeError:
                continue  # a picture
            found += [
                f"{path.relative_to(ROOT)}:{n}: {x.strip()[:100]}" for n, x in enumerate(lines, 1) if FOREIGN.search(x)
            ]
    found = [line for line in found if 'assert "glasshouse==" not in required' not in line]
    assert not found, "\n".join(found)


def test_the_distribution_is_ours_and_every_hint_names_one_of_its_extras() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["name"] == DISTRIBUTION == "glasshouse-lab"
    assert install_command("web") == "python -m pip install 'glasshouse-lab[web]'"
    for path in (ROOT / "src").rglob("*.py"):
        for extra in re.findall(r"install_command\([\"'](\w+)[\"']\)", path.read_text(encoding="utf-8")):
            assert extra in project["optional-dependencies"], f"{path}: {extra}"


@pytest.mark.parametrize("name", ["starlette", "uvicorn", "babel"])
def test_the_web_interface_without_its_extra_says_what_to_install(name: str) -> None:
    script = f"import sys; sys.modules[{name!r}] = None; from glasshouse.cli.main import cli; cli(['web'])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert (
        done.stderr == f"The web interface needs {name}, which is not installed. Install it: {install_command('web')}\n"
    )
