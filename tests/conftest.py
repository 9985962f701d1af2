"""What all tests share: a cache of compiled passes that outlives a run, so that only the first compiles."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent.parent / ".pytest_cache" / "compiled"
os.environ.setdefault("GLASSHOUSE_CACHE", str(FOLDER))

# What takes longest, about in this order: where workers share the tests, the long files start first, so that none is left
# for the end when the other workers have nothing to do. The second and third compile small passes of their own while the
# first compiles that of the whole model, for which others wait.
LONG = (
    "tests/verification/test_hypotheses.py",
    "tests/replications/test_catalogue.py",
    "tests/report/odd/test_odd.py",
    "tests/web/test_web_browser.py",
    "tests/engine/test_plugin_loader.py",
    "tests/testing/test_testing.py",
    "tests/study/executors/test_executor.py",
    "tests/study/executors/test_ray.py",
    "tests/engine/test_checkpoint.py",
    "tests/engine/test_run.py",
    "tests/engine/test_invariants.py",
    "tests/analysis/test_known_answers.py",
    "tests/web/test_studies.py",
    "tests/report/test_bundle.py",
    "tests/engine/test_ahead.py",
    "tests/verification/test_killing.py",
)


QUICK = (
    "tests/_api/test_displays.py",
    "tests/_api/test_options.py",
    "tests/analysis/test_expression.py",
    "tests/analysis/test_judgement.py",
    "tests/cli/test_duration.py",
    "tests/model/test_declarations.py",
    "tests/model/test_kernel_math.py",
    "tests/model/test_normal_distribution.py",
    "tests/model/test_ratio_measure.py",
    "tests/population/test_deviates.py",
    "tests/population/test_distributions.py",
    "tests/population/test_groups.py",
    "tests/population/test_marginals.py",
    "tests/report/test_document.py",
    "tests/report/test_templates.py",
    "tests/results/test_estimate.py",
    "tests/results/test_key_figures.py",
    "tests/scenario/test_inert.py",
    "tests/scenario/test_parameter_provenance.py",
    "tests/scenario/test_run_settings.py",
    "tests/scenario/test_scenario.py",
    "tests/scenario/test_toml_text.py",
    "tests/study/test_findings.py",
    "tests/study/test_prior_factors.py",
    "tests/test_architecture.py",
    "tests/test_distribution_name.py",
    "tests/test_docstrings.py",
    "tests/test_language.py",
    "tests/test_project_files.py",
    "tests/test_rng.py",
    "tests/test_storage.py",
    "tests/report/test_i18n.py",
)
"""Files whose tests need no compiled pass; `scripts/test quick` runs them in less than two minutes."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Marks the quick tests, and puts the files that take longest first where workers share the tests file by file."""
    for item in items:
        if item.path.relative_to(FOLDER.parent.parent).as_posix() in QUICK:
            item.add_marker(pytest.mark.quick)
    if hasattr(config, "workerinput"):
        place = {name: number for number, name in enumerate(LONG)}
        items.sort(key=lambda item: place.get(item.nodeid.partition("::")[0], len(LONG)))


@pytest.fixture(scope="session")
def server() -> Iterator[Any]:
    """A PostgreSQL server, or a reason why there is none."""
    pytest.importorskip(
        "psycopg", reason="PostgreSQL is not tested without psycopg: pip install 'glasshouse-lab[postgres]'"
    )
    from tests.helpers.postgres import programs, running

    if (folder := programs()) is None:
        pytest.skip("PostgreSQL is not tested: its programs initdb and pg_ctl are not installed here")
    with running(folder) as started:
        yield started


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = shutil.which("mount")
    if (
        not mount
        or subprocess.run([mount, "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk], capture_output=True).returncode
    ):
        pytest.skip("A disk that fills up is not tested: only root may mount one")
    try:
        yield disk
    finally:
        subprocess.run(["umount", disk], check=True)
