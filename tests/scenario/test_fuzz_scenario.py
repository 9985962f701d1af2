"""A thousand malformed scenarios: each is refused with its place, or is truly valid; nothing else can happen.

What is truly valid is decided here by a second reading of the file: TOML by the standard library, values against the
JSON Schema, and the rules that no schema can tell. The reader under test must agree with it in both directions.
"""

import random
import re
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pydantic import ValidationError

from glasshouse.cli.main import cli
from glasshouse.errors import ScenarioError
from glasshouse.model.declarations import PER_ARM, role_of
from glasshouse.model.mechanisms import CATALOGUE
from glasshouse.population.marginals_files import names
from glasshouse.scenario.json_schema import json_schema
from glasshouse.scenario.messages import MAX_MESSAGES
from glasshouse.scenario.scenario import Scenario, load, override
from glasshouse.scenario.toml_text import to_toml

CASES = 1000
SEED = 20_140_614

MINIMAL = 'title = "Fuzzed"\n[run]\nweeks = 52\nstart = 10\n[society]\ncitizens = 20_000\n'

WRONG = [
    '"text"',
    "true",
    "[1, 2]",
    "[]",
    "{a = 1}",
    "2014-06-14",
    "12:30:00",
    "nan",
    "-inf",
    "1e999",
    '"0.5"',
    "1.0",
    "-0.0",
]
NUMBERS = [
    "-1",
    "1.4",
    "0",
    "1",
    "1e9",
    "-1e-9",
    str(2**63),
    str(10**400),
    "0x" + "f" * 6000,
    "9" * 5000,
    "1e-320",
    "5200",
]
JUNK = [
    b"\x00",
    b"\xff",
    b"\xfe\xff",
    b"\x1b[2J",
    b"\x7f",
    b"\x80\x81",
    b"\xed\xa0\x80",
    b"\r",
    b"\xe2\x80\xae",
    b'"""',
    b"'''",
]
WORDS = ["соverage", "🏠", "e\u0301", "\u202ex", "ＷＥＥＫＳ", "ı", "x" * 300, "weeks ", "a.b", "", "reference", "run"]


@cache
def base(folder: Path) -> str:
    """A complete valid scenario with tables of its own for the reference arm and for two changes of the regime."""
    path = folder / "minimal.toml"
    path.write_text(MINIMAL)
    made = load(path)
    chosen = [m for m in made.mechanisms if m.name in ("observation", "function_creep")]
    own = {
        f"{under}.{m.name}.{key}": getattr(m, key)
        for under in ("reference", "change.1")
        for m in chosen
        for key in type(m).model_fields
        if role_of(type(m), key) in PER_ARM
    }
    dates = {"change.1.week": 20, "change.2.week": 30, "change.2.function_creep.rate": 0.0, "until": 40}
    return to_toml(override(made, {**own, **dates}))


# ---------------------------------------------------------------------------------------------------------- mutations

Lines = list[str]
Draws = random.Random


def _keys(lines: Lines) -> list[int]:
    return [k for k, line in enumerate(lines) if " = " in line]


def _headers(lines: Lines) -> list[int]:
    return [k for k, line in enumerate(lines) if line.startswith("[")]


def typo(lines: Lines, draws: Draws) -> None:
    k = draws.choice(_keys(lines))
    key, rest = lines[k].split(" = ", 1)
    at = draws.randrange(len(key))
    key = draws.choice([key[:at] + key[at + 1 :], key[:at] + "x" + key[at:], key.upper(), key + "_"])
    lines[k] = f"{key or 'k'} = {rest}"


def wrong_type(lines: Lines, draws: Draws) -> None:
    k = draws.choice(_keys(lines))
    lines[k] = f"{lines[k].split(' = ')[0]} = {draws.choice(WRONG)}"


def out_of_range(lines: Lines, draws: Draws) -> None:
    k = draws.choice(_keys(lines))
    lines[k] = f"{lines[k].split(' = ')[0]} = {draws.choice(NUMBERS)}"


def bad_list(lines: Lines, draws: Draws) -> None:
    k = draws.choice([k for k in _keys(lines) if "[" in lines[k]])
    key, values = lines[k].split("  #")[0].split(" = ")
    elements = values.strip("[]").split(", ")
    change = draws.randrange(4)
    if change == 0:
        elements.append("1.0")
    elif change == 1:
        elements.pop()
    else:
        elements[draws.randrange(len(elements))] = draws.choice(WRONG + NUMBERS)
    lines[k] = f"{key} = [{', '.join(elements)}]"


def unicode_key(lines: Lines, draws: Draws) -> None:
    k = draws.choice(_keys(lines))
    word = draws.choice(WORDS)
    lines[k] = f"{draws.choice([word, chr(34) + word + chr(34)])} = {lines[k].split(' = ')[1]}"


def unicode_text(lines: Lines, draws: Draws) -> None:
    lines[draws.choice([0, 1])] = draws.choice(["title", "about"]) + f' = "{draws.choice(WORDS)}"'


def bad_header(lines: Lines, draws: Draws) -> None:
    k = draws.choice(_headers(lines))
    name = lines[k].strip("[]")
    lines[k] = draws.choice(
        [
            f"[{name}x]",
            f"[[{name}]]",
            f"[{name}",
            f"{name}]",
            f"[x.{name}]",
            f"[{name}.x]",
            f"[reference.{name}]",
            f"[change.{name}]",
            f"[change.1.{name}]",
            "[[change]]",
            "[]",
        ]
    )


def swap_tables(lines: Lines, draws: Draws) -> None:
    one, two = draws.sample(_headers(lines), 2)
    lines[one], lines[two] = lines[two], lines[one]


def duplicate(lines: Lines, draws: Draws) -> None:
    k = draws.choice([*_keys(lines), *_headers(lines)])
    lines.insert(draws.choice([k + 1, draws.randrange(len(lines))]), lines[k])


def drop(lines: Lines, draws: Draws) -> None:
    k = draws.choice([*_keys(lines), *_headers(lines), *range(2, 9)])
    del lines[k : k + draws.choice([1, 1, 1, 3, 8])]


def shuffle(lines: Lines, draws: Draws) -> None:
    start = draws.randrange(len(lines) - 8)
    part = lines[start : start + 8]
    draws.shuffle(part)
    lines[start : start + 8] = part


def nest(lines: Lines, draws: Draws) -> None:
    depth = draws.choice([3, 30, 20_000])
    k = draws.choice(_keys(lines))
    opened, closed = draws.choice([("[", "]"), ("{a = ", "}")])
    lines[k] = f"{lines[k].split(' = ')[0]} = {opened * depth}1{closed * draws.choice([depth, depth - 1])}"


def stray(lines: Lines, draws: Draws) -> None:
    options = [
        "weeks = 3",
        "x = 1",
        "[new]",
        "[reference]",
        "[change]",
        "[[change]]",
        "[change.1]",
        "change = 1",
        "change = []",
        "[reference.run]",
        'extends = "nowhere"',
        "extends = 5",
        "= 3",
        "key",
        '"',
    ]
    options += [
        'extends = "case.toml"',
        "[run.x]",
        "run = 5",
        "a.b.c = 1",
        "[society.run]",
        "start.x = 3",
        "reference.x = 1",
    ]
    lines.insert(draws.choice([0, 0, draws.randrange(len(lines))]), draws.choice(options))


def contradict(lines: Lines, draws: Draws) -> None:
    for k, line in enumerate(lines):
        if line.startswith(
            draws.choice([("start", "week = "), ("rollout",), ("week = ",), ("weeks", "until"), ("start", "rollout")])
        ):
            lines[k] = f"{line.split(' = ')[0]} = {draws.choice([0, 1, 9, 10, 42, 43, 52, 53, 5200])}"


OF_LINES: list[Callable[[Lines, Draws], None]] = [
    typo, wrong_type, out_of_range, bad_list, unicode_key, unicode_text, bad_header, swap_tables, duplicate, drop,
    shuffle, nest, stray, contradict,
]  # fmt: skip


def truncate(data: bytes, draws: Draws) -> bytes:
    return data[: draws.randrange(len(data))]


def junk(data: bytes, draws: Draws) -> bytes:
    at = draws.randrange(len(data))
    return data[:at] + draws.choice(JUNK) * draws.choice([1, 1, 50]) + data[at:]


def flip(data: bytes, draws: Draws) -> bytes:
    at = draws.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << draws.randrange(8))]) + data[at + 1 :]


def mark(data: bytes, draws: Draws) -> bytes:
    return draws.choice([b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x00", b"#!\n"]) + data


def noise(data: bytes, draws: Draws) -> bytes:
    return draws.randbytes(draws.choice([0, 1, 40, 4000]))


def recode(data: bytes, draws: Draws) -> bytes:
    return draws.choice(
        [data.decode().encode("utf-16"), data.replace(b"\n", b"\r\n"), data.replace(b"\n", b"\r"), data * 2]
    )


def merge(data: bytes, draws: Draws) -> bytes:
    marks = b"<<<<<<< ours\n%b=======\n%b>>>>>>> theirs\n"
    at, size = draws.randrange(len(data)), draws.randrange(200)
    return data[:at] + draws.choice([marks % (data[at : at + size], data[:size]), data[at - size : at]]) + data[at:]


OF_BYTES: list[Callable[[bytes, Draws], bytes]] = [truncate, junk, flip, mark, noise, recode, merge]


def mutated(text: str, case: int) -> bytes:
    """The scenario with one to three changes, the same for the same number."""
    draws = Draws(SEED + case)
    lines = text.split("\n")
    of_bytes = case % 3 == 2
    for _ in range(draws.choice([1, 1, 2, 3]) - of_bytes):
        draws.choice(OF_LINES)(lines, draws)
    data = "\n".join(lines).encode()
    return draws.choice(OF_BYTES)(data, draws) if of_bytes else data


# ------------------------------------------------------------------------------------------------ the second reading


def second_reading(data: bytes) -> list[tuple[str, str]] | None:
    """(table, key) of everything wrong, an empty list for a valid file, None for what is empty or not TOML at all."""
    try:
        values = tomllib.loads(data.decode("utf-8-sig").replace("\r\n", "\n"))
    except (ValueError, RecursionError):
        return None
    if not data.decode("utf-8-sig").strip():
        return None
    schema = _for_the_four(json_schema())
    wrong = list(_object(values, schema, schema, ""))
    broken = _contradictions(values, schema, {key for table, key in wrong if table == "run"})
    wrong += [*(broken or []), *_dates(values, schema, values["run"] if broken == [] else {})]
    wrong += _forecasts(values)
    society = values.get("society", {})
    marginals = society.get("marginals", "china-2020s") if isinstance(society, dict) else ""
    if isinstance(marginals, str) and marginals not in names():
        wrong.append(("society", "marginals"))
    for key in ("title", "about"):
        text = values.get(key, "x")
        if isinstance(text, str) and not all(c.isprintable() or (c in "\n\t" and key == "about") for c in text):
            wrong.append(("", key))
    if "extends" in values:
        # No other file is there to extend; what it would have brought is not missing.
        return [("", "extends"), *wrong]
    if "title" not in values or values["title"] == "":
        wrong.append(("", "title"))
    for table, shape in schema["anyOf"][1]["properties"].items():
        given = values.get(table, {})
        wrong += [(table, key) for key in shape["required"] if isinstance(given, dict) and key not in given]
    return wrong


def _for_the_four(shape: Any) -> Any:
    """The schema of scenarios that declare nothing: lists have an element for each of the four, each pair or each of the five."""
    if isinstance(shape, list):
        return [_for_the_four(part) for part in shape]
    if not isinstance(shape, dict):
        return shape
    length = {"maxItems": shape["minItems"]} if shape.get("minItems") in (4, 5, 16) else {}
    return {key: _for_the_four(part) for key, part in shape.items()} | length


def _contradictions(values: dict[str, Any], schema: dict[str, Any], wrong: set[str]) -> list[tuple[str, str]] | None:
    """What no schema tells: dates of the run that do not follow one another."""
    given = values.get("run")
    if (
        not isinstance(given, dict)
        or wrong & set(schema["$defs"]["run"]["properties"])
        or not {"start", "weeks"} <= set(given)
    ):
        return None
    run = {"rollout": 0, "until": 0, **given}
    start, weeks, until = (run[key] for key in ("start", "weeks", "until"))
    broken = {
        "start": start > weeks,
        "rollout": start + run["rollout"] > weeks,
        "until": 0 < until <= start or until > weeks,
    }
    return [("run", key) for key, is_so in broken.items() if is_so][:1]


def _forecasts(values: dict[str, Any]) -> list[tuple[str, str]]:
    """Tables with which the reference arm would be forecast from itself, by the mechanisms' own word."""
    found = []
    for model in CATALOGUE:
        reference = values.get("reference", {})
        tables = [values.get(model.name, {}), reference.get(model.name, {}) if isinstance(reference, dict) else {}]
        own, apart = (
            {key: table[key] for key in model.model_fields if key in table} if isinstance(table, dict) else {}
            for table in tables
        )
        shared = {key: value for key, value in own.items() if role_of(model, key) != "lever"}
        given = {key: tuple(v) if isinstance(v, list) else v for key, v in {**shared, **apart}.items()}
        try:
            wrong = model.model_validate(given).needs_ahead()
        except ValidationError:
            continue
        found += [(f"reference.{model.name}" if apart else model.name, model.name)] if wrong else []
    return found


def _numbered(values: dict[str, Any]) -> dict[str, Any]:
    """The changes by their number, as far as they are numbered in order."""
    changes = values.get("change", {})
    found: dict[str, Any] = {}
    if isinstance(changes, list):
        changes = {str(number): change for number, change in enumerate(changes, 1)}
    for number, change in changes.items() if isinstance(changes, dict) else ():
        if re.fullmatch("[1-9][0-9]{0,2}", number) and int(number) <= len(found) + 1:
            found[number] = change
    return found


def _dates(values: dict[str, Any], schema: dict[str, Any], run: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Changes without a week or without tables, and weeks that do not follow one another."""
    before, shape = 0, schema["$defs"]["change"]["properties"]
    for number, change in _numbered(values).items():
        given = change if isinstance(change, dict) else {}
        own = {
            key: given[key]
            for key in ("week", "about")
            if key in given and not (isinstance(given[key], str) and not given[key].isprintable())
        }
        if "week" not in own or not given.keys() - {"week", "about"}:
            yield f"change.{number}", "week" if "week" not in own else number
        if "week" not in own or not all(_fits(value, shape[key]) for key, value in own.items()):
            continue
        week = own["week"]["value"] if isinstance(own["week"], dict) else own["week"]
        if week <= max(before, run.get("start", 0)) or 0 < run.get("until", 0) <= week:
            yield f"change.{number}", "week"
        before = week


def _changes(value: Any, root: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if not isinstance(value, list | dict):
        yield "", "change"
        return
    known = _numbered({"change": value})
    yield from (("change", number) for number in (value if isinstance(value, dict) else ()) if number not in known)
    for number, change in known.items():
        if isinstance(change, dict):
            yield from _object(change, root["$defs"]["change"], root, f"change.{number}")
        else:
            yield "change", number


def _object(values: dict[str, Any], shape: dict[str, Any], root: dict[str, Any], table: str) -> Any:
    for key, value in values.items():
        if not table and key == "change":
            yield from _changes(value, root)
            continue
        inner = shape["properties"].get(key)
        if inner is not None and "$ref" in inner:
            inner = root["$defs"][inner["$ref"].removeprefix("#/$defs/")]
        if inner is None:
            yield table, key
        elif inner.get("type") == "object":
            name = f"{table}.{key}" if table else key
            if isinstance(value, dict):
                yield from _object(value, inner, root, name)
            else:
                yield "", key
        elif not _fits(value, inner):
            yield table, key


def _fits(value: Any, shape: dict[str, Any]) -> bool:
    if "anyOf" in shape:
        single, both = shape["anyOf"]
        if isinstance(value, dict) and value and value.keys() <= both["properties"].keys():
            return all(_fits(part, both["properties"][key]) for key, part in value.items())
        return _fits(value, single)
    sort = shape.get("type")
    if "enum" in shape:
        return value in shape["enum"]
    if sort == "array":
        size = isinstance(value, list) and shape.get("minItems", 0) <= len(value) <= shape.get("maxItems", len(value))
        return size and all(_fits(element, shape["items"]) for element in value)
    types = {"integer": (int,), "number": (int, float), "boolean": (bool,), "string": (str,)}[sort or "string"]
    if not isinstance(value, types) or (isinstance(value, bool) and sort != "boolean"):
        return False
    if isinstance(value, str):
        return len(value) <= shape.get("maxLength", len(value)) and (value.isprintable() or "maxLength" in shape)
    # Written so that NaN, which compares false with everything, does not fit.
    above = "exclusiveMinimum" not in shape or value > shape["exclusiveMinimum"]
    return above and shape.get("minimum", -1e308) <= value <= shape.get("maximum", 1e308)


# ------------------------------------------------------------------------------------------------------------- tests


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


def attempt(path: Path) -> Scenario | ScenarioError:
    try:
        return load(path)
    except ScenarioError as error:
        return error


def test_the_base_is_valid_by_both_readings(folder: Path) -> None:
    text = base(folder)
    path = folder / "base.toml"
    path.write_text(text)
    assert isinstance(load(path), Scenario)
    assert second_reading(text.encode()) == []


@pytest.mark.parametrize("batch", range(10))
def test_a_thousand_mutations_are_refused_with_their_place_or_are_truly_valid(folder: Path, batch: int) -> None:
    path = folder / "case.toml"
    for case in range(batch, CASES, 10):
        data = mutated(base(folder), case)
        path.write_bytes(data)
        wrong, found = second_reading(data), attempt(path)
        if isinstance(found, Scenario):
            assert wrong == [], case
            continue
        assert wrong != [], (case, found.faults)
        assert len(found.faults) <= MAX_MESSAGES + 1
        told = found.faults[:MAX_MESSAGES]
        for fault in told:
            assert "case.toml" in fault, case
            assert fault.isprintable(), case
            assert len(fault) < len(str(folder)) + 600, case
        _check_lines(data, wrong or [], told)
        for table, key in (wrong or []) if told == found.faults else []:
            assert any(_names(fault, table, key) for fault in found.faults), (case, table, key, found.faults)


def _check_lines(data: bytes, wrong: list[tuple[str, str]], faults: tuple[str, ...]) -> None:
    """Where a fault names a line, something that is wrong stands there."""
    lines = data.decode("utf-8", "replace").split("\n")
    words = {
        word
        for table, key in wrong
        for word in (key.encode("unicode_escape").decode(), key, table.rpartition(".")[2], table.partition(".")[0])
    }
    for fault in faults:
        if wrong and (line := re.search(r"case\.toml(?:, \[[^:]*\])?, line (\d+): ", fault)):
            assert any(word in lines[int(line[1]) - 1] for word in words), (fault, lines[int(line[1]) - 1])


def _names(fault: str, table: str, key: str) -> bool:
    safe = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in key)[:50]
    return (
        f"[{table}]" in fault or table == "" or f"[{table.rpartition('.')[2]}] is missing" in fault
    ) and safe in fault


def test_the_mutations_reach_every_kind_of_outcome(folder: Path) -> None:
    readings = [second_reading(mutated(base(folder), case)) for case in range(CASES)]
    assert sum(reading is None for reading in readings) > 150
    assert sum(reading == [] for reading in readings) > 40
    assert sum(bool(reading) for reading in readings) > 300


def test_the_command_line_refuses_them_with_exit_code_2_and_no_traceback(folder: Path) -> None:
    """One case in five; the reader is tested on all of them above."""
    runner, path = CliRunner(), folder / "case.toml"
    for case in range(0, CASES, 5):
        data = mutated(base(folder), case)
        path.write_bytes(data)
        result = runner.invoke(cli, ["check", str(path)])
        assert result.exit_code == (0 if second_reading(data) == [] else 2), (case, result.output)
        assert result.exception is None or isinstance(result.exception, SystemExit), case
        assert "Traceback" not in result.output, case
        assert ("case.toml" in result.stderr) == (result.exit_code == 2), case


@pytest.mark.parametrize("case", range(0, 200, 10))
def test_settings_are_refused_as_well(folder: Path, case: int) -> None:
    draws = Draws(SEED + case)
    path = folder / "sound.toml"
    path.write_text(base(folder))
    texts = [
        f"{draws.choice(['weeks', 'run.weeks', 'society', 'x.y.z', '', 'a b'])}={draws.choice(WRONG + NUMBERS)}"
        for _ in range(5)
    ]
    texts += [draws.randbytes(20).decode("utf-8", "surrogateescape")]
    result = CliRunner().invoke(cli, ["check", str(path), *(part for text in texts for part in ("--set", text))])
    assert result.exit_code == 2
    assert "setting" in result.stderr
    assert "Traceback" not in result.output
