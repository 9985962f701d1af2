"""An installation without any extra: what the README shows works, and what needs an extra says which."""

import subprocess
import sys

import pytest

EXTRAS = "pandas polars pyarrow xarray SALib optuna ema_workbench ray sbi pyfixest psycopg".split()

SCRIPT = """
import sys
sys.modules.update(dict.fromkeys(sys.argv[1].split()))  # None: as if they were not there
import glasshouse

factors = {"observation.coverage": [0.1, 0.9], "observation.misread": [0.0, 0.5], "lists.integration": [0.0, 1.0]}
file = "scenario = 'town'\\nruns = 48\\n[settings]\\ncitizens = 300\\nrun.weeks = 40\\nrun.start = 4\\n[factors]\\n"
open("small.toml", "w").write(file + "".join(f'"{key}" = {ends}\\n' for key, ends in factors.items()))
found = glasshouse.studies.run("small.toml", folder=".")
print(glasshouse.studies.write_report(found, "page.html"))
print(glasshouse.studies.write_package(found, "pack.zip", folder="."))
print(len(glasshouse.studies.claims(found)), "claims")
middle = float(sorted(found.means("welfare_lost"))[24])
from glasshouse.analysis.screening import analyse
print(analyse(found, "welfare_lost").method)
for needs in (
    lambda: glasshouse.studies.discover(found, f"welfare_lost > {middle!r}"),
    lambda: glasshouse.studies.run("small.toml", folder=".", name="x", design="morris", runs=8),
    lambda: glasshouse.studies.run("small.toml", folder=".", name="y", cluster="local"),
    lambda: found.to_pandas(),
    lambda: found.to_polars(),
    lambda: found.to_xarray(),
):
    try:
        needs()
    except glasshouse.errors.GlasshouseError as error:
        print("told:", error)
"""


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("bare")
    command = [sys.executable, "-c", SCRIPT, " ".join(EXTRAS)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "No box was sought: Scenario discovery needs ema_workbench" in (folder / "page.html").read_text(
        encoding="utf-8"
    )
    return done.stdout.splitlines()


def test_a_study_is_run_drawn_packed_and_analysed_without_an_extra(said: list[str]) -> None:
    assert said[:2] == ["page.html", "pack.zip"]
    assert int(said[2].split()[0]) > 20
    assert said[3] == "delta"


def test_what_needs_an_extra_says_what_to_type(said: list[str]) -> None:
    told = [line for line in said if line.startswith("told: ")]
    assert len(told) == 6
    for line, name in zip(told, ("explore", "analysis", "cluster", "pandas", "polars", "xarray"), strict=True):
        assert "python -m pip install" in line
        assert name in line
