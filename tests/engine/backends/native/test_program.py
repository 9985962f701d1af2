"""Generated text computes, once it is compiled, what Python computes from the same text."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from glasshouse.engine.backends.cpu import HEADER
from glasshouse.engine.backends.native.machine_code import compiled, loaded, opened, sealed, type_of
from glasshouse.engine.backends.native.program import Program
from glasshouse.errors import CompilationError, StoringError

FUNCTIONS = """
import numpy as np

TABLE = np.array([1.5, -2.5, 4.0], np.float64)
MARKS = np.array([True, False], bool)


@inline
def pair(a, b):
    return (a // b, a % b)


@inline
def nearest(x):
    if -100.0 <= x and x < 100.0:
        return int(x)
    return 100 if x > 0 else -100


@outer
def whole(_in, _out):
    for _k in range(_in.shape[0]):
        a = int(_in[_k, 0])
        b = int(_in[_k, 1])
        quotient, rest = pair(a, b if b != 0 else 1)
        _out[_k, 0] = quotient
        _out[_k, 1] = rest
        _out[_k, 2] = (a & 7) ^ (b | 8)
        _out[_k, 3] = (a << 3) + (a >> 2)
        _out[_k, 4] = min(a, b, 5) * max(a, -b) - abs(a)
        _out[_k, 5] = (a > b) + (a == b) * 2 + (not a) * 4 + (-3 <= a < 3 and b > 0) * 8
        _out[_k, 6] = a // 7 * 1000 + a % 7
        _out[_k, 7] = (a and b) + (a or b)


@outer
def fractions(_in, _out):
    for _k in range(_in.shape[0]):
        x = float(_in[_k, 0])
        y = float(_in[_k, 1])
        level = 0
        turns = 0
        while True:
            turns += 1
            if turns == 3:
                continue
            if turns > 6:
                break
            level = level + turns / 4
        _out[_k, 0] = level * x - y
        _out[_k, 1] = x / y if y != 0.0 else -x
        _out[_k, 2] = nearest(x * 10.0) + TABLE[nearest(y) % 3] + TABLE[-1]
        _out[_k, 3] = min(x, y) + max(x, 0) * abs(y)
        _out[_k, 4] = 2.0**-32 * x if MARKS[int(x > y)] else y
        _out[_k, 5] = np.float64(np.float32(x))
"""


def both(text: str, name: str, given: NDArray[Any], columns: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """What a function writes, compiled and in Python."""
    made, expected = (np.zeros((len(given), columns), given.dtype) for _ in range(2))
    loops = {name: (type_of(given), type_of(made))}
    getattr(loaded(compiled(Program(HEADER + text).lower(loops)), loops), name)(given, made)
    names: dict[str, Callable[..., None]] = {}
    exec(HEADER + text, names)
    names[name](given, expected)
    return made, expected


def test_whole_numbers() -> None:
    edges = np.array([-(2**20), -100, -8, -7, -1, 0, 1, 2, 7, 8, 100, 2**20])
    given = np.array([(a, b) for a in edges for b in edges])
    made, expected = both(FUNCTIONS, "whole", given, 8)
    assert made.tolist() == expected.tolist()


@pytest.mark.filterwarnings("ignore:overflow encountered in cast")
def test_fractions() -> None:
    edges = np.array([-1e300, -2.5, -0.0, 0.0, 1e-320, 0.1, 1.0, 3.75, 1e17])
    given = np.array([(a, b) for a in edges for b in edges])
    made, expected = both(FUNCTIONS, "fractions", given, 6)
    assert made.tobytes() == expected.tobytes()


def test_a_division_by_zero_does_not_end_the_process() -> None:
    text = (
        "@outer\ndef f(_in, _out):\n    _out[0, 0] = _in[0, 0] // _in[0, 1]\n    _out[0, 1] = _in[0, 0] % _in[0, 1]\n"
    )
    for pair, expected in (((5, 0), [0, 0]), ((-(2**63), -1), [-(2**63), 0])):
        given, made = np.array([pair]), np.zeros((1, 2), np.int64)
        loops = {"f": (type_of(given), type_of(made))}
        loaded(compiled(Program(text).lower(loops)), loops).f(given, made)
        assert made.tolist() == [expected]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("x = 1.5 & 1", "f: `1.5 & 1`: BitAnd needs whole numbers"),
        ("x = np.uint64(1) + (-1)", r"f: `np.uint64\(1\) \+ -1`: whole numbers with and without sign meet"),
        ("x = y", "f: `y` reads a local that has no value"),
    ],
)
def test_what_has_no_type_is_refused(line: str, said: str) -> None:
    with pytest.raises(CompilationError, match=said):
        Program(f"@outer\ndef f(_in):\n    {line}\n").lower({"f": ("int64",)})


def test_an_array_of_another_type_is_refused() -> None:
    loops = {"f": (type_of(np.zeros(2)),)}
    function = loaded(compiled(Program("@outer\ndef f(_in):\n    _in[0] = 1.0\n").lower(loops)), loops).f
    for wrong in (np.zeros(2, np.float32), np.zeros((2, 2)), np.zeros(4)[::2]):
        with pytest.raises(TypeError, match="an array of float"):
            function(wrong)


def test_machine_code_that_was_changed_is_not_loaded() -> None:
    content = sealed(b"some machine code")
    assert opened(content) == b"some machine code"
    for damaged in (b"", content[:-1], content[:40] + b"x" + content[41:]):
        with pytest.raises(StoringError, match="damaged"):
            opened(damaged)


SCATTERED = """
import mmap, random
import numpy as np
from glasshouse.engine.backends.native.machine_code import compiled, loaded, type_of
from glasshouse.engine.backends.native.program import Program

VALUES = np.arange(4000.0)
TEXT = f"TABLE = np.array({VALUES.tolist()}, np.float64)\\n@outer\\ndef f(_a):\\n    _a[0] = TABLE[int(_a[0])]\\n"
flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
random.seed(3)
gaps, far = [], []
for _ in range(60):
    gaps.append(mmap.mmap(-1, 4096 * random.randint(1, 20), flags=flags, prot=0))
    far.append(mmap.mmap(-1, 3 << 30, flags=flags, prot=0))
for gap in gaps:
    gap.close()
given = np.array([7.0])
loops = {"f": (type_of(given),)}
code = compiled(Program(TEXT).lower(loops))
kept = [loaded(code, loops) for _ in range(60)]
for one in kept:
    one.f(given)
assert given[0] == 7.0
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reserves address space as Linux does")
def test_code_and_tables_may_lie_far_apart() -> None:
    done = subprocess.run([sys.executable, "-c", SCATTERED], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-500:]
