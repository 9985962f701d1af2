"""Docstrings: every argument and return value of a public function or method is described, in the NumPy convention.

Commands of the command line are left out: their options carry their own help, and click prints the docstring.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]

OPTIONS = (
    "--quiet",
    "--style=numpy",
    "--skip-checking-short-docstrings=False",
    "--skip-checking-private-functions=True",
    "--skip-checking-raises=True",
    "--check-return-types=False",
    "--check-class-attributes=False",
    "--show-filenames-in-every-violation-message=True",
)

INCOMPLETE = {"DOC101", "DOC102", "DOC103", "DOC201"}
"""Arguments that are missing in the docstring, in excess, or misnamed, and return values that are not described.

What else pydoclint finds is about types, which the signature has.
"""


def test_every_public_docstring_is_complete() -> None:
    command = [sys.executable, "-c", "from pydoclint.main import main; main()", *OPTIONS, "src/glasshouse"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    violations = re.findall(r"^\s*(\S+?):\d+: (DOC\d+): \w+ `([^`]+)`", done.stdout + done.stderr, re.MULTILINE)
    assert violations or done.returncode == 0, done.stderr
    incomplete = {
        f"{path}: {name}"
        for path, code, name in violations
        if code in INCOMPLETE and not path.startswith("src/glasshouse/cli/")
    }
    assert not incomplete, "describe every argument and the return value of:\n" + "\n".join(sorted(incomplete))
