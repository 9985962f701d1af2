"""What a contributor meets besides code: the quick tests, the workflow of a public CI, hooks, container, and how to report."""

import re
import subprocess
import tomllib
from pathlib import Path

from tests.conftest import LONG, QUICK

ROOT = Path(__file__).parents[1]


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_quick_tests_are_there_and_none_of_the_long_ones() -> None:
    assert not [name for name in QUICK if not (ROOT / name).is_file()]
    assert not set(QUICK) & set(LONG)
    assert "-m quick" in text("scripts/test")


def test_the_script_takes_quick_and_passes_the_rest_on(tmp_path: Path) -> None:
    """With a set-up and a pytest that only say how they were called."""
    for name, lines in {
        "scripts/setup": "exit 0",
        ".venv/bin/python": 'if [ "$1" = -c ]; then echo 3; else echo "$@"; fi',
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{lines}\n")
        path.chmod(0o755)
    (tmp_path / "scripts" / "test").write_text(text("scripts/test"))
    said = {
        words: subprocess.run(
            ["sh", tmp_path / "scripts" / "test", *words.split()], capture_output=True, text=True
        ).stdout
        for words in ("quick -x", "-x", "")
    }
    assert said["quick -x"].endswith(" -m quick -x\n")
    assert said["-x"].endswith(" --no-loadscope-reorder -x\n")
    assert said[""].endswith(" --no-loadscope-reorder\n")


def test_every_python_that_is_declared_is_tested_by_the_public_ci() -> None:
    project = tomllib.loads(text("pyproject.toml"))["project"]
    declared = re.findall(r"Python :: (3\.\d+)", "\n".join(project["classifiers"]))
    workflow = text(".github/workflows/ci.yml")
    assert project["requires-python"] == f">={declared[0]}"
    assert set(declared) <= set(re.findall(r'"(3\.\d+)"', workflow))
    for system in ("ubuntu-latest", "macos-latest", "windows-latest"):
        assert system in workflow
    assert "run: .ci/run" in workflow


def test_hooks_and_container_take_the_versions_of_the_lock_files() -> None:
    hooks = text(".pre-commit-config.yaml")
    assert "repo: local" in hooks
    assert "http" not in hooks
    for entry in re.findall(r"entry: (\S+)", hooks):
        assert entry.startswith(".venv/bin/")
    container = text("Containerfile")
    assert "--require-hashes -r requirements/run.lock" in container
    assert "USER glasshouse" in container
    for name in re.findall(r"^COPY (.+) \S+$", container, re.MULTILINE):
        assert all((ROOT / one).exists() for one in name.split()), name


def test_how_to_report_is_said_and_linked() -> None:
    assert "glasshouse --version" in text("SECURITY.md")
    contributing = text("CONTRIBUTING.md")
    for name in ("SECURITY.md", "CODE_OF_CONDUCT.md"):
        assert name in contributing, name
    for page in (*(ROOT / ".github").rglob("*.md"), ROOT / "SECURITY.md"):
        for link in re.findall(r"\]\((\S+?)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"
