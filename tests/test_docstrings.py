"""Docstrings: every argument and return value of a public function or method is described, in the NumPy convention.

Commands of the command line are left out: their options carry their own help, and click prints the docstring.

`undocumented.txt` lists the functions that still lack a description. It may only shrink: a function that is documented
must leave it, and none may be added.
"""

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
LIST = Path(__file__).with_name("undocumented.txt")

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


@cache
def incomplete() -> frozenset[str]:
    """Functions with an incomplete docstring, as `path: name`."""
    command = [sys.executable, "-c", "from pydoclint.main import main; main()", *OPTIONS, "src/glasshouse"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    found = re.findall(r"^\s*(\S+?):\d+: (DOC\d+): \w+ `([^`]+)`", done.stdout + done.stderr, re.MULTILINE)
    assert found or done.returncode == 0, done.stderr
    return frozenset(
        f"{path}: {name}"
        for path, code, name in found
        if code in INCOMPLETE and not path.startswith("src/glasshouse/cli/")
    )


def test_no_docstring_is_incomplete_that_was_complete() -> None:
    new = incomplete() - set(LIST.read_text(encoding="utf-8").splitlines())
    assert not new, "describe every argument and the return value of:\n" + "\n".join(sorted(new))


def test_what_has_been_documented_leaves_the_list() -> None:
    done = set(LIST.read_text(encoding="utf-8").splitlines()) - incomplete()
    assert not done, "take out of tests/undocumented.txt:\n" + "\n".join(sorted(done))
