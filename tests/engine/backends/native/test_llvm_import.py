"""Where LLVM cannot be imported, one message says what is in the way."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import glasshouse

SOURCE = Path(glasshouse.__file__).parents[1]


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ("llvmlite/__init__.py", "Python took “llvmlite” in {folder} for an installed package of that name. Rename it"),
        ("llvmlite.py", "Python took “llvmlite.py” in {folder} for an installed package of that name. Rename it"),
    ],
)
def test_a_folder_or_file_with_the_name_of_a_package_is_named(made: str, said: str, tmp_path: Path) -> None:
    (tmp_path / made).parent.mkdir(exist_ok=True)
    (tmp_path / made).write_text("", encoding="utf-8")
    command = [sys.executable, "-m", "glasshouse", "run", "town", "--citizens", "100", "--replicates", "1", "--quiet"]
    paths = os.pathsep.join([str(tmp_path), str(SOURCE)])
    ended = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True
    )
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert "llvmlite, which compiles the model, cannot be imported" in ended.stderr
    assert said.format(folder=tmp_path) in ended.stderr
